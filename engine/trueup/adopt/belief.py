"""Which adopted rows compiled rows stand for, and what still has to be said of them: pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from trueup.adopt.choose import Declared
from trueup.compile.merge import key_of
from trueup.row import Row, Value
from trueup_schemas.catalogue import Catalogue, Menu
from trueup_schemas.secret import SecretRef

OVERRIDES = 4
"""The most properties in which a row may differ from what an intent makes of it: they are written in `rows`."""

Same = Callable[[Value, Value], bool]
"""Whether an adopted value and a compiled one are the same."""
Print = frozenset[tuple[str, str]]
"""What rows that are the same have in common for certain."""

V = TypeVar("V", bound=Value)


@dataclass(frozen=True, slots=True)
class Match:
    """A compiled row's adopted one, by number (None: a menu's one row that nothing had to be said of).

    `rest` is to be declared besides; None where nothing is.
    """

    menu: str
    index: int | None
    rest: Declared | None = None


@dataclass(frozen=True, slots=True)
class _Index:
    """Where a menu's rows are: by key, or, where there is none, all that are alike in order."""

    keyed: Mapping[tuple[str, ...], int]
    alike: Mapping[Print, Sequence[int]]


@dataclass
class Adoptable:
    """A router's rows, and which of them intents have taken. `same` compares secrets by what they hold."""

    rows: Mapping[str, Sequence[Declared]]
    catalogue: Catalogue
    same: Same
    taken: dict[tuple[str, int], Declared | None] = field(default_factory=dict)
    more: dict[str, Declared] = field(default_factory=dict)
    _indexes: dict[str, _Index] = field(default_factory=dict)

    def free(self, path: str) -> Iterator[int]:
        """The numbers of a menu's rows that no intent has taken."""
        return (index for index in range(len(self.rows.get(path, ()))) if (path, index) not in self.taken)

    def take(self, match: Match) -> None:
        if match.index is not None:
            self.taken[match.menu, match.index] = match.rest
        elif match.rest is not None:
            self.more[match.menu] = match.rest

    def left(self) -> dict[str, tuple[Declared, ...]]:
        """What still has to be declared as rows; what is said besides an intent stands in its row's place."""
        found: dict[str, tuple[Declared, ...]] = {}
        for path, rows in self.rows.items():
            kept = (self.taken.get((path, index), row) for index, row in enumerate(rows))
            if some := tuple(row for row in kept if row is not None):
                found[path] = some
        return found | {path: (row,) for path, row in self.more.items()}

    def matches(self, compiled: Iterable[tuple[str, Row]]) -> list[Match | None]:
        """For each compiled row its adopted one, None where there is none; no row counts twice."""
        used: set[tuple[str, int | None]] = set(self.taken)
        found: list[Match | None] = []
        for path, row in compiled:
            match = next((each for each in self._fitting(self.catalogue.menu(path), row, used)), None)
            if match is not None:
                used.add((path, match.index))
            found.append(match)
        return found

    def _fitting(self, menu: Menu, row: Row, used: set[tuple[str, int | None]]) -> Iterator[Match]:
        index, made = self._index(menu), spoken(menu, row.values)
        if menu.kind == "singleton" or menu.key:
            key = _key(menu, row.values)
            number = index.keyed.get(key) if key is not None else None
            if (menu.path, number) not in used and (number is not None or menu.kind == "singleton"):
                adopted = self.rows[menu.path][number] if number is not None else Declared({})
                yield from self._overridden(menu, number, adopted, row, made)
            return
        for number in index.alike.get(_print(made), ()):
            adopted = self.rows[menu.path][number]
            if (menu.path, number) not in used and set(adopted.ignore) == row.ignore:
                own = spoken(menu, adopted.values)
                if all(self.same(own[name], made[name]) for name in own):
                    yield Match(menu.path, number)

    def _overridden(
        self, menu: Menu, number: int | None, adopted: Declared, row: Row, made: Mapping[str, Value]
    ) -> Iterator[Match]:
        """The match with what has to be said besides; none where that is too much, or cannot be said."""
        own = spoken(menu, adopted.values)
        names = [name for name in (*own, *(name for name in made if name not in own)) if name not in menu.key]
        values: dict[str, str | SecretRef] = {}
        for name in names:
            if name in adopted.ignore or (name in own and name in made and self.same(own[name], made[name])):
                continue
            text = own.get(name, menu.properties[name].default)
            if text is None:
                return
            values[name] = text
        ignore = tuple(name for name in adopted.ignore if name not in row.ignore)
        if len(values) + len(ignore) > OVERRIDES or not row.ignore <= set(adopted.ignore):
            return
        key = {name: adopted.values[name] for name in menu.key if name in adopted.values}
        yield Match(menu.path, number, Declared({**key, **values}, ignore) if values or ignore else None)

    def _index(self, menu: Menu) -> _Index:
        if menu.path not in self._indexes:
            keyed: dict[tuple[str, ...], int] = {}
            alike: dict[Print, list[int]] = defaultdict(list)
            for number, row in enumerate(self.rows.get(menu.path, ())):
                key = _key(menu, row.values)
                if key is None:
                    alike[_print(spoken(menu, row.values))].append(number)
                else:
                    keyed[key] = number
            self._indexes[menu.path] = _Index(keyed, alike)
        return self._indexes[menu.path]


def spoken(menu: Menu, values: Mapping[str, V]) -> dict[str, V]:
    """A row's properties without those that say what leaving them out says too."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and value != (menu.properties[name].default or "")
    }


def _key(menu: Menu, values: Mapping[str, Value]) -> tuple[str, ...] | None:
    """The row's key; a menu's one row has the empty one."""
    return () if menu.kind == "singleton" else key_of(menu, values)


def _print(values: Mapping[str, Value]) -> Print:
    return frozenset((name, value if isinstance(value, str) else "") for name, value in values.items())
