"""Which intents can be recognised, in the order in which they are looked for: each takes what the others left."""

from __future__ import annotations

from dataclasses import dataclass

from trueup_templates import addresses, bridges, dhcp, hotspots, pppoe, queues, radius, system, tunnels, vlans
from trueup_templates.guess import Recogniser


@dataclass(frozen=True, slots=True)
class Recognisable:
    """One intent's recogniser; `beside` are intents that its template looks at, `words` name one of it and several.

    Of an intent that is one mapping, both are its name.
    """

    recognise: Recogniser
    words: tuple[str, str]
    beside: tuple[str, ...] = ()


RECOGNISERS = {
    "radius": Recognisable(radius.recognise, ("RADIUS client", "RADIUS clients")),
    "hotspots": Recognisable(hotspots.recognise, ("hotspot", "hotspots"), beside=("radius",)),
    "tunnels": Recognisable(tunnels.recognise, ("tunnel", "tunnels")),
    "pppoe": Recognisable(pppoe.recognise, ("PPPoE server", "PPPoE servers")),
    "dhcp": Recognisable(dhcp.recognise, ("DHCP server", "DHCP servers")),
    "bridges": Recognisable(bridges.recognise, ("bridge", "bridges")),
    "vlans": Recognisable(vlans.recognise, ("VLAN", "VLANs")),
    "addresses": Recognisable(addresses.recognise, ("address", "addresses")),
    "queues": Recognisable(queues.recognise, ("queue", "queues")),
    "system": Recognisable(system.recognise, ("the system", "the system")),
}
