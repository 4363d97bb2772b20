"""What the layers say of one menu becomes one list of rows, in order, with its scopes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from trueup.compile.entry import Entry, Group, Item, Slot
from trueup.compile.rules import MenuRules
from trueup.errors import Problem, Source
from trueup.load.validate import suggest
from trueup.row import Value
from trueup_schemas.catalogue import Menu

Key = tuple[str, ...]
Match = frozenset[tuple[str, str]]


def key_of(menu: Menu, values: Mapping[str, Value]) -> Key | None:
    """The row's key, with defaults where it says nothing; None where the menu has none or the row lacks it."""
    parts: list[str] = []
    for name in menu.key:
        value = values.get(name)
        default = menu.properties[name].default if name in menu.properties else None
        text = value if isinstance(value, str) else default
        if text is None:
            return None
        parts.append(text)
    return tuple(parts) or None


@dataclass(slots=True, eq=False)
class Line:
    """One row or slot in the merged order, and the scope that it was declared in."""

    item: Entry | Slot
    scope: Match | None = None


@dataclass(slots=True)
class MenuMerger:
    """Adds one menu's items from far to near; `problems` gathers what does not fit together."""

    rules: MenuRules
    problems: list[Problem]
    lines: list[Line] = field(default_factory=list)
    groups: dict[Match, Group] = field(default_factory=dict)
    keyed: dict[Key, Line] = field(default_factory=dict)
    slots: dict[str, Line] = field(default_factory=dict)
    _next: tuple[Line | Match | None, int] = (None, 0)

    @property
    def menu(self) -> Menu:
        return self.rules.menu

    def add(self, items: Iterable[Item]) -> None:
        for item in items:
            if isinstance(item, Group):
                self._add_group(item)
            else:
                self._add_line(Line(item))

    def rows(self) -> Iterator[Entry]:
        """The merged rows, in order."""
        return (line.item for line in self.lines if isinstance(line.item, Entry))

    def _add_group(self, group: Group) -> None:
        match = frozenset(group.match.items())
        farther = self.groups.get(match)
        if farther is None:
            self._check_overlap(group)
            self.groups[match] = replace(group, items=())
        else:
            if farther.rank == group.rank:
                self._clash("two scopes of the same rows", group.source, farther.source, "make them one scope")
            remove = group.remove if group.remove is not None else farther.remove
            self.groups[match] = replace(farther, remove=remove, rank=group.rank)
        for item in group.items:
            slotted = replace(item, slot=item.slot or group.slot) if isinstance(item, Entry) else item
            self._add_line(Line(slotted, match))

    def _check_overlap(self, group: Group) -> None:
        for other in self.groups.values():
            if all(group.match[name] == value for name, value in other.match.items() if name in group.match):
                remedy = "make them one scope, or two that no row can be in both of"
                self._clash("this scope overlaps another", group.source, other.source, remedy)

    def _add_line(self, line: Line) -> None:
        if isinstance(line.item, Slot):
            self._add_slot(line, line.item)
            return
        key = self._key(line.item)
        same = self.keyed.get(key) if key is not None else None
        if same is not None and isinstance(same.item, Entry):
            same.item = self._merged(line.item, same.item)
            return
        if key is not None:
            self.keyed[key] = line
        self._insert(line, line.item)

    def _key(self, entry: Entry) -> Key | None:
        """The row's key; a singleton's one row has the empty one."""
        if self.menu.kind == "singleton":
            return ()
        cells, menu = entry.cells, self.rules.menu
        return key_of(menu, {name: cells[name].value for name in menu.key if name in cells})

    def _add_slot(self, line: Line, slot: Slot) -> None:
        same = self.slots.get(slot.name)
        if same is not None:
            self._clash(f"two slots are named '{slot.name}'", slot.source, same.item.source, "rename one")
            return
        self.slots[slot.name] = line
        self._insert(line, None)

    def _merged(self, near: Entry, far: Entry) -> Entry:
        if self.menu.kind != "singleton":
            if near.rank == far.rank and not _agree(near, far):
                names = ", ".join(self.menu.key)
                self._clash(f"two rows with the same {names}", near.source, far.source, "keep one, or rename it")
            return near.over(far)
        for name, cell in near.cells.items():
            other = far.cells.get(name)
            if other is not None and other.rank == cell.rank and other.value != cell.value:
                self._clash(f"{name} is declared twice", cell.source, other.source, "keep one of them")
        return near.over(far)

    def _insert(self, line: Line, entry: Entry | None) -> None:
        """Put a new line into its slot, else behind its scope's last row, else at the end."""
        slot = self.slots.get(entry.slot) if entry is not None and entry.slot else None
        if slot is not None:
            self._insert_at(slot, line)
            return
        if entry is not None and entry.slot:
            remedy = suggest(entry.slot, list(self.slots)) or "add `- slot: NAME` to the rows of a farther layer"
            self._problem(f"no farther layer has a slot '{entry.slot}'", entry.source, remedy)
        if line.scope is None:
            self.lines.append(line)
        else:
            self._insert_at(line.scope, line)

    def _insert_at(self, where: Line | Match, line: Line) -> None:
        """Put a line before a slot, or behind a scope's last row; many in turn at one place are not searched for."""
        last, index = self._next
        if last is None or last != where:
            index = self.lines.index(where) if isinstance(where, Line) else self._behind(where)
        self.lines.insert(index, line)
        self._next = where, index + 1

    def _behind(self, scope: Match) -> int:
        for index in range(len(self.lines), 0, -1):
            if self.lines[index - 1].scope == scope:
                return index
        return len(self.lines)

    def _clash(self, message: str, where: Source, other: Source, remedy: str) -> None:
        self._problem(f"{message}; the other is at {other.short}", where, remedy)

    def _problem(self, message: str, where: Source, remedy: str) -> None:
        self.problems.append(Problem(f"{self.menu.path}: {message}", where, remedy))


def _agree(near: Entry, far: Entry) -> bool:
    """Whether two tunnels want the same row of their common other half."""
    values = {name: cell.value for name, cell in near.cells.items()}
    return (near.shared or far.shared) and values == {name: cell.value for name, cell in far.cells.items()}
