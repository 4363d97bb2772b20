"""A router's own command tree, asked of it with `/console/inspect`, eight requests in flight at most."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from trueup.device.faults import Lost, Refused, TimedOut
from trueup.device.session import DEADLINE, Session
from trueup.errors import Problem, RouterError
from trueup_schemas.catalogue import NEWEST, Catalogue, spans
from trueup_schemas.catalogue.captured import ARGUMENTS, Captured, CapturedMenu
from trueup_schemas.catalogue.syntax import YES_NO
from trueup_schemas.catalogue.types import Kind
from trueup_schemas.catalogue.version import release

HANGING = frozenset({"where", "do", "else", "rule", "command", "on-error"})
"""Words in whose paths `syntax` and `completion` hung routers up to 7.21.3; children may be asked."""

AT_ONCE = 64
"""Menus that are begun at a time, so that there is always a next request; the session keeps eight in flight."""

MENUS, DEPTH = 5_000, 12
"""The most menus, and the deepest, that a router is believed to have: 7.24 has 554, five deep."""

LONGEST = 2_000
"""The most characters of a syntax text that are kept: the longest in the trees of 7.24 has 231."""

CONFIGURES = frozenset({"add", "set"})

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,80}")
_SIGNS = frozenset({"!", "!,", ",", ":", ""})

Watch = Callable[[int, int], None]
"""Told how many of how many menus were asked about, as far as they are known."""
Steps = tuple[str, ...]


class Node(NamedTuple):
    """One child: `kind` is dir or path (a menu), cmd or arg."""

    name: str
    kind: str


@dataclass(slots=True)
class Tree:
    """What a router told: its menus that have `add` or `set`; of `untold` ones no answer came; `left` says why."""

    menus: dict[str, CapturedMenu] = field(default_factory=dict)
    untold: list[str] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)
    requests: int = 0


async def inspect(
    session: Session, known: Catalogue, watch: Watch, deadline: float = DEADLINE, before: Captured | None = None
) -> Tree:
    """Ask for every menu with its arguments, and for the router's words about those that no version is known to have.

    Words that the same router told `before` are not asked for again. A request without an answer within `deadline`
    seconds is left out, and told. Raises RouterError where the router answers no such request at all, or is lost.
    """
    walk = _Walk(session, known, deadline, before.menus if before else {})
    pending: list[Steps] = [()]
    done = 0
    while pending:
        batch, pending = pending[:AT_ONCE], pending[AT_ONCE:]
        below = await _all([walk.menu(steps) for steps in batch])
        pending += (steps for found in below for steps in found)
        done += len(batch)
        if done + len(pending) > MENUS:
            raise RouterError(Problem(f"the router tells of more than {MENUS} menus", session.where))
        watch(done, done + len(pending))
    await walk.offered()
    return walk.tree


class _Walk:
    """One walk over a router's tree."""

    def __init__(self, session: Session, known: Catalogue, deadline: float, before: Mapping[str, CapturedMenu]) -> None:
        self.session, self.known, self.deadline, self.before = session, known, deadline, before
        self.tree = Tree()
        self.doubtful: list[tuple[Steps, dict[str, str]]] = []

    async def menu(self, steps: Steps) -> list[Steps]:
        """Take one menu in; returns the menus below it."""
        children = await self._children(steps)
        if children is None:
            if not steps:
                raise RouterError(Problem("the router does not tell its menus", self.session.where, _TOO_SLOW))
            self.tree.untold.append(_path(steps))
            return []
        commands = {each.name for each in children if each.kind == "cmd"}
        if steps and CONFIGURES & commands:
            await self._configurable(steps, commands)
        below = [(*steps, each.name) for each in children if each.kind in ("dir", "path")]
        return below if len(steps) < DEPTH else []

    async def _configurable(self, steps: Steps, commands: set[str]) -> None:
        """Take in what a menu's `add` and `set` take."""
        path, named = _path(steps), sorted(CONFIGURES & commands)
        found = await _all([self._children((*steps, command)) for command in named])
        arguments: dict[str, str] = {}
        numbered = False
        for command, nodes in zip(named, found, strict=True):
            if nodes is None:
                self.tree.untold.append(path)
                return
            names = {each.name for each in nodes if each.kind == "arg"}
            numbered = numbered or "numbers" in names
            arguments |= dict.fromkeys(sorted(names - ARGUMENTS), command)
        kind: Kind = "list" if "add" in commands else "fixed" if numbered else "singleton"
        told: dict[str, str] = {}
        await _all([self._words((*steps, arguments[name], name), told) for name in self._wanted(path, arguments)])
        self.tree.menus[path] = CapturedMenu(kind, tuple(sorted(arguments)), "move" in commands, told)

    def _wanted(self, path: str, names: Iterable[str]) -> list[str]:
        """The arguments whose types nobody knows, and lists of words in versions that nobody knows."""
        menu = self.known.menu(path).properties if path in self.known else {}
        new = [name for name in names if name not in menu and spans(path, name) is None]
        if release(self.known.version) <= release(NEWEST):
            return new
        return new + [name for name in names if name in menu and menu[name].type == "enum" and menu[name].many]

    async def _words(self, steps: Steps, told: dict[str, str]) -> None:
        """Put the router's words about an argument into `told`, or the argument among the doubtful ones."""
        path, name = _path(steps[:-2]), steps[-1]
        if not HANGING.isdisjoint(steps) or name == "disabled":
            return
        if path in self.before and name in self.before[path].syntax:
            told[name] = self.before[path].syntax[name]
            return
        said = await self._ask("syntax", steps)
        texts = [each.get("text", "") for each in said or ()]
        if len(texts) == 1 and texts[0]:
            told |= {name: texts[0]} if len(texts[0]) <= LONGEST and texts[0].isprintable() else {}
        elif said is not None:
            self.doubtful.append((steps, told))

    async def offered(self) -> None:
        """Note which doubtful arguments are a yes or no; last, as completion was seen to silence connections."""
        try:
            await _all([self._offered(steps, told) for steps, told in self.doubtful])
        except Lost as error:
            self._leave(f"which new properties are yes or no was not told: {error.problems[0].message}", "try again")

    async def _offered(self, steps: Steps, told: dict[str, str]) -> None:
        offered = await self._ask("completion", steps, "=.proplist=completion") or []
        words = {each.get("completion", "") for each in offered} - _SIGNS
        # One of the two may be missing: completion over the API leaves words out now and then.
        if words and words <= {"yes", "no"}:
            told[steps[-1]] = YES_NO

    async def _children(self, steps: Steps) -> list[Node] | None:
        """A node's children, without the node itself, which some versions list too; None: not told."""
        said = await self._ask("child", steps)
        if said is None:
            return None
        nodes = [Node(each.get("name", ""), each.get("node-type", "")) for each in said if each.get("type") == "child"]
        for each in nodes:
            if not _NAME.fullmatch(each.name):
                self._leave(f"{_path(steps)} has what is no name: {each.name[:40]!r}", "")
        return [each for each in nodes if _NAME.fullmatch(each.name)]

    async def _ask(self, request: str, steps: Steps, *more: str) -> list[dict[str, str]] | None:
        """What the router says, None where it says nothing in time or refuses; raises RouterError at the first one."""
        self.tree.requests += 1
        words = ["/console/inspect", f"=request={request}", f"=path={','.join(steps)}", *more]
        try:
            return (await self.session.talk(words, self.deadline)).rows
        except TimedOut as error:
            self._leave(f"{_path(steps)} was not told ({request}): {error.problems[0].message}", _TOO_SLOW)
        except Refused as error:
            if not steps:
                raise _unable(self.session, error) from None
            self._leave(f"{_path(steps)} was not told ({request}): {error.problems[0].message}", "")
        return None

    def _leave(self, message: str, remedy: str) -> None:
        self.tree.left.append(Problem(message, self.session.where, remedy, "warning"))


_TOO_SLOW = "try again with a longer --timeout; the shipped catalogue counts for what was not told"


def _unable(session: Session, error: Refused) -> RouterError:
    if error.absent:
        message = "it has no /console/inspect, which came with RouterOS 7"
        return RouterError(Problem(message, session.where, "the shipped catalogue counts for it"))
    message = f"it does not tell its command tree: {error.problems[0].message}"
    return RouterError(Problem(message, session.where, "give the user's group the policies `read` and `api`"))


async def _all(work: list[Coroutine[Any, Any, Any]]) -> list[Any]:
    """Every result in order; all have ended before one raises."""
    ended = await asyncio.gather(*work, return_exceptions=True)
    for each in ended:
        if isinstance(each, BaseException):
            raise each
    return ended


def _path(steps: Steps) -> str:
    return "/" + "/".join(steps)
