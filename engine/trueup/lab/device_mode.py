"""`/system/device-mode`: features that only someone at the router can allow (MikroTik documentation, Device mode)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from trueup.lab.fact import FACTS, LOADER, holds
from trueup.lab.table import Row
from trueup.lab.timeline import Timeline
from trueup.lab.trap import Trap, failure, no_match, unknown_parameter

DEVICE_MODE = "/system/device-mode"
SINCE = (7,)
BASIC_SINCE = (7, 17)
"""`advanced` was called `enterprise` before, and `home` was the only other mode."""

OLD, NEW = ("enterprise", "home"), ("advanced", "basic", "home", "rose")
ALLOWED_VERSIONS = "7.13+,6.49.8+"
"""As printed on 7.18.2, 7.19.4 and 7.20.5."""

ATTEMPTS = 3
PATIENCE = 300.0
"""Updates that nobody confirmed before no more are taken; seconds in which one may be confirmed."""

ABOUT = "inactivated, not allowed by device-mode"
NOT_ALLOWED = "not allowed by device-mode"
OPEN = frozenset({"print", "getall", "get", "find"})


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: the modes that forbid it, and what is refused or does nothing then."""

    name: str
    off: frozenset[str]
    refuses: tuple[str, ...]
    inactivates: tuple[str, ...]
    spares: frozenset[str] = frozenset()


@cache
def features(version: tuple[int, ...]) -> Mapping[str, Feature]:
    """Every feature of a version, in the order in which the router tells them."""
    read = yaml.load((FACTS / "device-modes.yaml").read_text("utf-8"), Loader=LOADER)  # noqa: S506 -- a loader of texts alone
    return {
        each["feature"]: Feature(
            each["feature"],
            frozenset(each["off"].split()),
            tuple(each.get("refuses", "").split()),
            tuple(each.get("inactivates", "").split()),
            frozenset(each.get("spares", "").split()),
        )
        for each in read
        if holds(version, each.get("since", ""), "")
    }


class DeviceMode:
    """One router's: what is allowed, and the update that waits for someone at the router.

    Whoever uses it holds the machine's lock. What was set is in the menu's one row, so that it survives a start.
    """

    def __init__(self, version: tuple[int, ...], timeline: Timeline, row: Callable[[], Row]) -> None:
        self._version = version
        self._timeline = timeline
        self._row = row
        self._waiting: dict[str, str] | None = None
        self._there = version >= SINCE

    def begin(self, told: Mapping[str, str]) -> None:
        """What the router comes with: a mode, and features that differ from it.

        Where no mode is told, somebody has allowed all that writes rows, so that every menu can be rehearsed.
        """
        if self._there:
            usual = () if "mode" in told else ("container", "partitions", "routerboard", "traffic-gen")
            allowed = {name: "yes" for name in usual if name in features(self._version)}
            self._row().values = {"mode": modes(self._version)[0], **allowed, **told}

    def allows(self, feature: str) -> bool:
        """Whether a feature is allowed; a version that does not know it allows it."""
        known = features(self._version).get(feature)
        if not self._there or known is None:
            return True
        values = self._row().values
        if feature in values:
            return values[feature] in ("yes", "true")
        return values.get("mode", modes(self._version)[0]) not in known.off

    def refuse(self, path: str, command: str, given: Collection[str]) -> None:
        """Refuse a command of a menu that is forbidden, with its arguments; reading never is."""
        for feature in features(self._version).values() if command not in OPEN else ():
            spared = bool(given) and feature.spares.issuperset(given)
            if below(path, command, feature.refuses) and not spared and not self.allows(feature.name):
                raise failure(NOT_ALLOWED)

    def inactive(self, path: str) -> bool:
        """Whether what is written in a menu does nothing."""
        return any(
            path in feature.inactivates and not self.allows(feature.name)
            for feature in features(self._version).values()
        )

    def shown(self) -> dict[str, str]:
        """What print tells."""
        values = self._row().values
        told = {"mode": values.get("mode", modes(self._version)[0])}
        if self._version < BASIC_SINCE:
            return told
        told |= {"allowed-versions": ALLOWED_VERSIONS, "flagged": values.get("flagged", "false")}
        told["flagging-enabled"] = values.get("flagging-enabled", "true")
        allowed = {name: "true" if self.allows(name) else "false" for name in features(self._version)}
        return {**told, **allowed, "attempt-count": values.get("attempt-count", "0")}

    def update(self, asked: Mapping[str, str], seconds: float) -> str:
        """Ask for a change, which waits for someone at the router; what the router says. Raises Trap."""
        attempts = int(self._row().values.get("attempt-count", "0"))
        if attempts >= ATTEMPTS:
            return "too many unsuccessful attempts, turn off power or reboot by pressing reset or mode button"
        if self._waiting is not None:
            self._waiting = None
            raise failure("another update is in progress, both are canceled")
        self._row().values["attempt-count"] = str(attempts + 1)
        waiting = self._waiting = dict(asked)
        self._timeline.after(seconds, lambda: self._give_up(waiting))
        return "please activate by turning power off or pressing reset or mode button"

    def forget(self) -> None:
        """The router starts: nothing waits any more."""
        self._waiting = None

    def _give_up(self, waiting: dict[str, str]) -> None:
        if self._waiting is waiting:
            self._waiting = None

    def confirm(self) -> bool:
        """Someone presses the button, or takes the power away; whether an update waited for it."""
        self._row().values.pop("attempt-count", None)
        asked, self._waiting = self._waiting, None
        if asked is None:
            return False
        kept = {} if "mode" in asked else self._row().values
        self._row().values = {**kept, **asked}
        return True


def modes(version: tuple[int, ...]) -> tuple[str, ...]:
    """The modes that a version has, the one that allows most first."""
    return NEW if version >= BASIC_SINCE else OLD


def checked(version: tuple[int, ...], arguments: Mapping[str, str]) -> dict[str, str]:
    """What an update asks for; raises Trap for what no update takes."""
    for name, text in arguments.items():
        if name == "mode" and text not in modes(version):
            raise no_match("mode")
        if name in ("flagged", "flagging-enabled") or name in features(version):
            if text not in ("yes", "no", "true", "false"):
                raise no_match(name)
        elif name != "mode":
            raise unknown_parameter(name)
    if not arguments:
        raise Trap("missing value(s) of argument(s) mode")
    return dict(arguments)


def below(path: str, command: str, menus: tuple[str, ...]) -> bool:
    """Whether a command is one of the menus, or in one of them, or below."""
    full = f"{path}/{command}"
    return any(full == menu or full.startswith(f"{menu}/") for menu in menus)
