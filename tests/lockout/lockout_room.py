"""Lock-out scenarios as data: a virtual router that its own rows guard, a declaration, and how that has to end.

Each file of scenarios/ is a list. `about` says what happens; `router` is what the router holds besides BASE, in the
lab's spelling (a menu given there replaces BASE's); `manager` and `connect` differ from MANAGER and from what the room
says; `before` is declared and applied first; `declared` is what the scenario is about. `end` is one of

- kept: it is applied as it is;
- made safe by order: likewise, though another order would have cut the manager off;
- refused: nothing is written; `because` holds fragments of the reason, and `stays` says why a net would not undo it;
- rolled back: refused, applied with `--allow-lockout`, and undone by the safety net.

Whatever the end, the manager can connect then; and after each single command of what is applied, a new connection and
the standing one would get through, as the virtual router's own packets tell, which know nothing of the analysis.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from fleet_room import PASSWORD, Named, Room, Said, room, spec

from trueup.lab import Manager, Router, VirtualRouter
from trueup.lab.packets.service import admits
from trueup.lab.packets.way import judge
from trueup.lab.presenting import certificate

NAME = "mast-1"
ACCEPT = re.compile(r"^Needs (--accept) ([0-9a-f]+)", re.MULTILINE)
BOUND = 600.0
"""Seconds of the router's time within which the manager gets in again: nine minutes for TCP, and a moment."""

MANAGER = {"source": "10.9.9.9", "destination": "10.20.0.1", "gateway": "10.20.0.254"}
BASE: Mapping[str, Any] = {
    "/ip/address": [{"address": "10.20.0.1/24", "interface": "ether1"}],
    "/ip/route": [{"gateway": "10.20.0.254"}],
}


class Scenarios(yaml.SafeLoader):
    """Reads `!secret NAME` as a name."""


Scenarios.add_constructor("!secret", lambda loader, node: Named(loader.construct_scalar(node)))


def scenarios() -> dict[str, dict[str, Any]]:
    """All scenarios by what they are about."""
    files = sorted(Path(__file__).parent.glob("scenarios/*.yaml"))
    # The loader makes plain data and secrets' names.
    return {case["about"]: case for file in files for case in yaml.load(file.read_text(), Scenarios)}


@dataclass
class Watch:
    """What would have become of the manager after each write: ("", "") where it gets in."""

    router: Router
    steps: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.router.listeners.append(self._look)

    def _look(self, path: str) -> None:
        self.steps.append((path, shut(self.router)))

    @property
    def cuts(self) -> list[tuple[str, str]]:
        return [(path, why) for path, why in self.steps if why]


def shut(router: Router) -> str:
    """Why the manager would not get in or stay in now, as the virtual router sees it; "" where it does."""
    fates = [judge(router, "api-ssl", state) for state in ("new", "established")]
    return next((fate.why for fate in fates if not fate.passes), "") or unwelcome(router)


def unwelcome(router: Router) -> str:
    """Why a login with what the room connects with would fail."""
    user = router.user("trueup")
    if user is None:
        return "there is no such user, or it is disabled"
    if user.values.get("password", "") != PASSWORD:
        return "the password is another"
    manager = router.spec.manager
    if manager is not None and not admits(user.values.get("address", ""), manager.source):
        return "the user may not come from there"
    if "api" not in router.policies("trueup"):
        return "the group lacks the policy api"
    shown = certificate(router, "api-ssl")
    return f"nobody trusts what api-ssl shows: {shown}" if shown and (shown == "none" or shown[0] == "*") else ""


@dataclass
class Stage:
    """One scenario, set up."""

    made: Room
    case: Mapping[str, Any]
    served: VirtualRouter

    def declare(self, rows: Mapping[str, Any]) -> None:
        manager = MANAGER | self.case.get("manager", {})
        connect = {name: manager[name] for name in ("source", "destination")} | self.case.get("connect", {})
        self.made.declare(NAME, rows, connect=connect)
        self.made.commit()

    def apply(self, *words: str) -> tuple[Said, Watch]:
        """Apply it, and agree to the plan by its hash where that is all that is asked for."""
        watch = Watch(self.served.router)
        said = self.made.trueup("apply", *words)
        hashes = [word for found in ACCEPT.findall(said.out) for word in found]
        if hashes and "--allow-lockout" not in said.err:
            said = self.made.trueup("apply", *words, *hashes)
        return said, watch


@contextmanager
def stage(folder: Path, case: Mapping[str, Any]) -> Iterator[Stage]:
    """The virtual router of a scenario with what was applied to it before."""
    manager = Manager(**(MANAGER | case.get("manager", {})))
    made_as = spec(NAME, manager=manager, seed={**BASE, **case.get("router", {})}, **case.get("spec", {}))
    with room(folder, made_as) as made:
        for name in ("OTHER", "SSTP"):
            made.patch.setenv(f"TRUEUP_SECRET_{name}", "another-canary-password")
        made.patch.setenv("TRUEUP_SECRET_WG", "6OtLTUvHZyvaXWKvQ3jGMxvhPyaVnbqDpZNUgYQBP1Y=")
        set = Stage(made, case, made.lab[NAME])
        if "before" in case:
            set.declare(case["before"])
            done, _ = set.apply()
            assert done.code == 0, done.all
        set.declare(case["declared"])
        yield set
