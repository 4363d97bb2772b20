"""What may be declared besides rows: the intents, each a key of a layer, and a template of the same name."""

from __future__ import annotations

from trueup_schemas.declared import Declared
from trueup_schemas.intents.dhcp import DhcpServer
from trueup_schemas.intents.hotspots import Hotspot
from trueup_schemas.intents.links import Address, Bridge, Vlan
from trueup_schemas.intents.radius import RadiusServer
from trueup_schemas.intents.subscribers import PppoeServer, Queue
from trueup_schemas.intents.system import System
from trueup_schemas.intents.tunnels import Tunnel

__all__ = ["SPANNING", "Intents", "intent_names"]


class Intents(Declared):
    """All intents that a router may have."""

    system: System | None = None
    bridges: tuple[Bridge, ...] = ()
    vlans: tuple[Vlan, ...] = ()
    addresses: tuple[Address, ...] = ()
    dhcp: tuple[DhcpServer, ...] = ()
    radius: tuple[RadiusServer, ...] = ()
    hotspots: tuple[Hotspot, ...] = ()
    pppoe: tuple[PppoeServer, ...] = ()
    queues: tuple[Queue, ...] = ()
    tunnels: tuple[Tunnel, ...] = ()


SPANNING = frozenset({"tunnels"})
"""The intents whose templates may have rows for other routers."""


def intent_names() -> tuple[str, ...]:
    """The keys of a layer that are intents, in the order in which their rows come."""
    return tuple(Intents.model_fields)
