"""What changes of a menu disturb on a router, as far as anybody knows; what nobody knows is "unknown".

The data is hand-written, in disruption/*.yaml. For each menu:

- `names` are the properties that tell what is disturbed, the first that is there; `prefix` stands before it;
- `add`, `remove` and `set` give an effect and why it is believed; in `set`, "*" is every property that no entry names,
  and `channel.*` every one that begins so;
- `remove` is also what disabling a row does, and `add` what enabling it does; fixed rows have both for that;
- `rides` says whose sessions hang on it, `via` by which property its interface is found.

What is not there is unknown; a comment disturbs nothing anywhere. quiet.yaml lists menus that disturb nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import yaml

Effect = Literal["none", "unknown", "session", "interface", "reboot"]
"""What a change disturbs: sessions of subscribers or tunnels drop, a link blinks, the router reboots."""

EFFECTS: tuple[Effect, ...] = ("none", "unknown", "session", "interface", "reboot")
"""From nothing to everything."""

_FOLDER = Path(__file__).parent / "disruption"
_Loader: type = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Disturbance:
    """An effect, and why it is believed; "" where nothing is known."""

    effect: Effect
    why: str = ""


UNKNOWN = Disturbance("unknown")
COMMENT = Disturbance("none", "a comment is for people")


@dataclass(frozen=True, slots=True)
class MenuDisturbance:
    """What the changes of one menu disturb."""

    names: tuple[str, ...] = ()
    prefix: str = ""
    rides: str = ""
    via: str = ""
    add: Disturbance = UNKNOWN
    remove: Disturbance = UNKNOWN
    move: Disturbance = UNKNOWN
    properties: Mapping[str, Disturbance] = field(default_factory=dict)

    def of(self, name: str) -> Disturbance:
        """What changing a property disturbs."""
        if name == "comment":
            return COMMENT
        group = f"{name.partition('.')[0]}.{EVERY}"
        return self.properties.get(name) or self.properties.get(group) or self.properties.get(EVERY, UNKNOWN)


NOTHING_KNOWN = MenuDisturbance()


def disturbance(path: str) -> MenuDisturbance:
    """What is known of a menu's changes."""
    return disturbances().get(path, NOTHING_KNOWN)


@cache
def disturbances() -> Mapping[str, MenuDisturbance]:
    """All menus of which something is known."""
    found: dict[str, MenuDisturbance] = {}
    for file in sorted(_FOLDER.glob("*.yaml")):
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (both are safe ones)
        found |= _quiet(data) if isinstance(data, list) else {path: _menu(entry) for path, entry in data.items()}
    return MappingProxyType(found)


def _quiet(data: list[dict[str, Any]]) -> dict[str, MenuDisturbance]:
    found: dict[str, MenuDisturbance] = {}
    for part in data:
        none = Disturbance("none", part["why"])
        menu = MenuDisturbance(add=none, remove=none, move=none, properties={EVERY: none})
        found |= dict.fromkeys(part["menus"], menu)
    return found


def _menu(entry: Mapping[str, Any]) -> MenuDisturbance:
    properties = {
        name: Disturbance(effect, why) for effect, names, why in entry.get("set", ()) for name in names.split()
    }
    return MenuDisturbance(
        names=tuple(entry.get("names", "").split()),
        prefix=entry.get("prefix", ""),
        rides=entry.get("rides", ""),
        via=entry.get("via", ""),
        add=Disturbance(*entry.get("add", ("unknown",))),
        remove=Disturbance(*entry.get("remove", ("unknown",))),
        properties=properties,
    )
