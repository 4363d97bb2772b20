"""Which intents can be recognised, in the order in which they are looked for: each takes what the others left."""

from __future__ import annotations

from dataclasses import dataclass

from trueup_templates import hotspots, radius, tunnels
from trueup_templates.guess import Recogniser


@dataclass(frozen=True, slots=True)
class Recognisable:
    """One intent's recogniser; `beside` are intents that its template looks at, `words` name one of it and several."""

    recognise: Recogniser
    words: tuple[str, str]
    beside: tuple[str, ...] = ()


RECOGNISERS = {
    "radius": Recognisable(radius.recognise, ("RADIUS client", "RADIUS clients")),
    "hotspots": Recognisable(hotspots.recognise, ("hotspot", "hotspots"), beside=("radius",)),
    "tunnels": Recognisable(tunnels.recognise, ("tunnel", "tunnels")),
}
