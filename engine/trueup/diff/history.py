"""Who made a router differ: a plan's changes joined with the router's own history of its last actions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trueup.diff.command import INTERFACE, Command, command_in
from trueup.plan import Add, Change, Existing, Move, PersonalValue, Plan, PlanValue, Remove, Set

UNKNOWN = "unknown"

TOLD = re.compile(r"(?P<thing>.*?)(?: \S+)? (?P<verb>added|removed|changed|moved)\Z")
"""What the history calls an action: `filter rule added`, `route 0.0.0.0/0 added` (MikroTik documentation)."""
ID = re.compile(r"\*[0-9A-F]+\Z")
TIME = re.compile(r"[\w:/ .+-]{1,40}\Z", re.ASCII)
"""A time as any version writes it: `2026-11-28 13:05:09`, before 7.10 `nov/28/2026 13:05:09`."""
WHO = 64
"""Characters of a user's name that are told."""
SPOKEN = {"yes": "true", "no": "false"}

_UNDOES = {Add: ("remove",), Remove: ("add",), Move: ("move", "add")}
"""What somebody did so that a change is needed; a row that differs was changed in one way or another."""
_CHANGES = ("set", "enable", "disable", "comment", "unset", "add")
_SAID = {"added": ("add",), "removed": ("remove",), "moved": ("move",), "changed": _CHANGES[:-1]}


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a drift, by the router, and when, in the router's own words; "unknown" where it tells no more."""

    by: str = UNKNOWN
    when: str = ""

    @property
    def known(self) -> bool:
        return self.by != UNKNOWN


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of the history. `redo` and `undo` are commands; they may hold secrets, and are shown nowhere."""

    by: str
    when: str
    said: str = field(repr=False, default="")
    redo: str = field(repr=False, default="")
    undo: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class Authors:
    """Authors by menu, of every menu that a plan changes, and by the number of a change where the history tells."""

    menus: Mapping[str, Author]
    changes: Mapping[int, Author]

    def of(self, menu: str) -> Author:
        """Whoever changed a menu last."""
        return self.menus.get(menu, Author())


def authors_of(plan: Plan, history: Sequence[Action], ours: str) -> Authors:
    """Whose actions a plan undoes; `history` has the newest first, `ours` is the user that trueup is there itself.

    Where the history names the row, or the properties of it, that counts for more than an action that merely fits.
    """
    menus = dict.fromkeys(change.menu for change in plan.changes)
    read = {menu: [_Done.of(action, menu) for action in history] for menu in menus}
    found: dict[int, tuple[int, Author]] = {}
    for number, change in enumerate(plan.changes):
        best = _best(change, read[change.menu], ours)
        if best is not None:
            found[number] = (best, Author(_named(history[best].by), _moment(history[best].when)))
    newest: dict[str, tuple[int, Author]] = {}
    for number, told in found.items():
        menu = plan.changes[number].menu
        newest[menu] = min(newest.get(menu, told), told, key=lambda one: one[0])
    authors = {menu: newest[menu][1] if menu in newest else Author() for menu in menus}
    return Authors(authors, {number: author for number, (_, author) in found.items()})


@dataclass(frozen=True, slots=True)
class _Done:
    """An action, and its commands as far as they are about one menu; `silent` where it is told without any."""

    action: Action
    redo: Command | None
    undo: Command | None
    silent: bool

    @classmethod
    def of(cls, action: Action, menu: str) -> _Done:
        silent = not action.redo.strip() and not action.undo.strip()
        return cls(action, command_in(action.redo, menu), command_in(action.undo, menu), silent)

    @property
    def commands(self) -> tuple[Command, ...]:
        return tuple(command for command in (self.redo, self.undo) if command is not None)


def _best(change: Change, history: Sequence[_Done], ours: str) -> int | None:
    """The number of the action that fits a change best, of several the newest; none from before we wrote the row."""
    best, at = 0, None
    for number, done in enumerate(history):
        if done.action.by == ours:
            if _wrote(change, done):
                break
        elif done.action.by and (weight := _weight(change, done)) > best:
            best, at = weight, number
    return at


def _wrote(change: Change, done: _Done) -> bool:
    """Whether an action of ours made a change's row what it should be."""
    if done.redo is None or not _same_row(change, done.commands):
        return False
    return not isinstance(change, Set) or done.redo.verb == "add" or not done.redo.names.isdisjoint(change.values)


def _weight(change: Change, done: _Done) -> int:
    """How well an action fits: 0 not at all, 1 its menu and kind, 2 the row too, 3 and what was changed of it."""
    if done.silent:
        return int(_sounds_like(change, done.action.said))
    redo, verbs = done.redo, _CHANGES if isinstance(change, Set) else _UNDOES[type(change)]
    if redo is None or redo.verb not in verbs:
        return 0
    same = _same_row(change, done.commands)
    if same is None:
        return int(not isinstance(change, Move) or redo.verb == "move")
    if not same:
        return 0
    return 3 if isinstance(change, Set) and not redo.names.isdisjoint(change.values) else 2


def _same_row(change: Change, commands: Sequence[Command]) -> bool | None:
    """Whether an action is about a change's row; None where it does not say which."""
    ids = {target.id for target in _targets(change) if isinstance(target, Existing)}
    items = [item for command in commands for item in command.items]
    row = dict(_row(change))
    if any(ID.match(item) for item in items) and ids:
        return not ids.isdisjoint(items)
    if named := [item for item in items if not ID.match(item)]:
        return not set(named).isdisjoint(row.values())
    for command in commands:
        shared = [name for name in row if name in command.values] if command.verb == "add" else []
        if shared:
            return all(_plain(row[name]) == _plain(command.values[name]) for name in shared)
    return True if isinstance(change, Set) and change.target is None else None


def _targets(change: Change) -> Iterable[object]:
    return change.targets if isinstance(change, Move) else (getattr(change, "target", None),)


def _row(change: Change) -> Iterator[tuple[str, str]]:
    """What names a change's row, in the clear: nothing of it is kept."""
    for row in change.rows if isinstance(change, Move) else (change.row,):
        for name, value in row.items():
            if (text := _text(value)) is not None:
                yield name, text


def _text(value: PlanValue) -> str | None:
    if isinstance(value, PersonalValue):
        return value.text
    return value if isinstance(value, str) else None


def _plain(text: str) -> str:
    return SPOKEN.get(text, text)


def _sounds_like(change: Change, said: str) -> bool:
    """Whether an action that is told without its commands is about a change's menu, and of its kind."""
    found = TOLD.match(said)
    if found is None:
        return False
    verbs = _CHANGES if isinstance(change, Set) else _UNDOES[type(change)]
    things = set(_things(change.menu))
    fits = found["thing"] in things or said.rpartition(" ")[0] in things
    return fits and not set(_SAID[found["verb"]]).isdisjoint(verbs)


def _things(menu: str) -> Iterator[str]:
    """What the history may call a menu's rows."""
    last = menu.rpartition("/")[2].replace("-", " ")
    yield from (last, f"{last} rule", last.removesuffix("s"), last.removesuffix("es"))
    if menu.startswith(INTERFACE):
        yield "device"
    if menu.startswith("/queue/"):
        yield "queue"


def _named(by: str) -> str:
    """A user's name as it may be shown."""
    return "".join(letter if letter.isprintable() else "?" for letter in by[:WHO])


def _moment(when: str) -> str:
    return when if TIME.match(when) else ""
