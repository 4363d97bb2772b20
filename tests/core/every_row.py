"""Rows for every menu of a version, such that each property is carried by one of them at least."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from every_value import sample

from trueup.lab.behaviour import Behaviour
from trueup.row import Place, Row, Table, Value
from trueup_schemas.catalogue import Catalogue, Menu, Property
from trueup_schemas.secret import SecretRef

Values = dict[str, str]


@dataclass
class Rows:
    """Declared rows of every menu; `secrets` are the values behind their names.

    Row 0 of a menu refers to as little as may be and is what others refer to. `behaviours` tells what the lab refuses,
    `live` the rows that a router has by itself, `fixed` values that a property must have and `left` what no row can
    carry, by `menu property`. Another `turn` gives the same rows other values.
    """

    catalogue: Catalogue
    behaviours: Mapping[str, Behaviour]
    live: Mapping[str, Sequence[Mapping[str, str]]]
    fixed: Mapping[str, Callable[[int], str]]
    left: frozenset[str]
    turn: int = 0
    secrets: dict[SecretRef, str] = field(default_factory=dict)

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        tables = {}
        for path in self.catalogue.paths:
            menu = self.catalogue.menu(path)
            rows = tuple(self._row(menu, values, at) for at, values in enumerate(self.values(menu)))
            if rows:
                tables[path] = Table(path, rows)
        return tables

    def _row(self, menu: Menu, values: Values, at: int) -> Row:
        place = Place("first") if menu.ordered and menu.addable and at == 0 else None
        return Row({name: self._hidden(menu, name, text) for name, text in values.items()}, place=place)

    def _hidden(self, menu: Menu, name: str, text: str) -> Value:
        property = menu.properties[name]
        if not (property.secret or property.write_only):
            return text
        ref = SecretRef(f"{menu.path}/{name}/{text}")
        self.secrets[ref] = text
        return ref

    def values(self, menu: Menu) -> list[Values]:
        """The rows of one menu."""
        names = [p.name for p in menu.writable if f"{menu.path} {p.name}" not in self.left]
        if not names:
            return []
        if menu.kind == "singleton":
            return [self.filled(menu, {}, names, 0)]
        if menu.kind == "fixed" and not menu.key:
            return []  # nothing tells such rows apart, so that none can be declared
        if menu.kind == "fixed":
            return [self.filled(menu, key, names, at) for at, key in enumerate(self._keys(menu)[:2])]
        return self._added(menu, names)

    def _keys(self, menu: Menu) -> list[Values]:
        """The keys of rows that are there by themselves; where those are interfaces, of such as keep their names."""
        keys = [{name: row[name] for name in menu.key if name in row} for row in self.live.get(menu.path, ())]
        own = any(property.name == "name" for property in menu.writable)
        same = [key for key in keys if not own and {*key.values()} & {*self._ports}]
        return same or keys

    def _added(self, menu: Menu, names: Sequence[str]) -> list[Values]:
        """As many rows as it takes for every property to stand in one."""
        plain = [name for name in names if not self._refers(menu.properties[name])]
        rows = [self.filled(menu, self.base(menu, 0), [*self.identity(menu), *plain], 0)]
        waiting = [name for name in names if name not in rows[0]]
        while waiting or len(rows) < 2:
            wanted = [*waiting[:1], *self.identity(menu), *(waiting or names)]
            row = self.filled(menu, self.base(menu, len(rows)), wanted, len(rows))
            left = [name for name in waiting if name not in row]
            if len(left) == len(waiting) and waiting:
                raise AssertionError(f"{menu.path}: no row can carry {', '.join(waiting)}")
            waiting = left
            rows.append(row)
        return rows

    def base(self, menu: Menu, at: int) -> Values:
        """What a row cannot be without."""
        needed = self.behaviours[menu.path].needs
        wanted = [p.name for p in menu.writable if p.required or p.name in needed]
        return {name: self.value(menu, name, at) for name in wanted}

    def identity(self, menu: Menu) -> list[str]:
        """What tells rows of the menu apart, and what the lab demands one of, as far as it can be written."""
        wanted = [*menu.key, *(name for each in menu.unique for name in each)]
        wanted += [name for rule in self.behaviours[menu.path].needs_any for name in rule.says]
        return [name for name in dict.fromkeys(wanted) if name in menu.properties]

    def filled(self, menu: Menu, base: Values, names: Sequence[str], at: int) -> Values:
        """The row with as many of the properties as go together."""
        row = dict(base)
        for name in names:
            writable = not menu.properties[name].read_only and f"{menu.path} {name}" not in self.left
            if name not in row and writable:
                tried = row | {name: self.value(menu, name, at)}
                if not self._collides(menu, tried):
                    row = tried
        return row

    def value(self, menu: Menu, name: str, at: int) -> str:
        """The value of a property in the row with this number."""
        property = menu.properties[name]
        if given := self.fixed.get(f"{menu.path} {name}"):
            return given(at)
        if name == "name" and (menu.addable or menu.namespace or "name" in menu.key):
            return self.name(menu, at)
        same = name in self.identity(menu) or property.required
        return self._referent(property, at) or sample(property, at if same else at + self.turn)

    def name(self, menu: Menu, at: int) -> str:
        if menu.kind != "list":
            own = self.live[menu.path][at].get("name", "") if self.live.get(menu.path) else ""
            return f"{own}x"
        return f"{menu.path.strip('/').replace('/', '-')}-{at}"

    def _refers(self, property: Property) -> bool:
        return any(each.hard for each in property.refers)

    def _referent(self, property: Property, at: int) -> str:
        """A row that the property may name: the first of the menu that it refers to, or an interface for each row."""
        for each in property.refers if self._refers(property) else ():
            for path in (each.menu, *self.catalogue.members(each.menu)):
                ports = path in ("/interface", "/interface/ethernet")
                name = self._ports[at] if ports else self._first(path, each.property)
                if name:
                    return f"{name}/{name}" if "/" in property.type else name
        return ""

    @cached_property
    def _ports(self) -> list[str]:
        """Interfaces that keep their names."""
        return [row["name"] for row in self.live["/interface/ethernet"]][2:]

    def _first(self, path: str, name: str) -> str:
        if path not in self.catalogue or name not in self.catalogue.menu(path).properties:
            return ""
        menu = self.catalogue.menu(path)
        if menu.addable and not menu.properties[name].read_only:
            return self.value(menu, name, 0)
        return next((row[name] for row in self.live.get(path, ()) if name in row), "")

    def _collides(self, menu: Menu, row: Values) -> bool:
        """Whether the lab refuses such a row for what its properties are together."""
        behaviour = self.behaviours[menu.path]
        if row.get("disabled") == "yes" and behaviour.drops & row.keys():
            return True
        excluded = any(all(row.get(name) for name in rule.says) for rule in behaviour.excludes)
        shared = any(len({row.get(name, name) for name in rule.says}) < len(rule.says) for rule in behaviour.disjoint)
        forbidden = [(name, words) for rule in behaviour.forbids if isinstance(rule.says, Mapping)
                     for name, words in rule.says.items()]  # fmt: skip
        return excluded or shared or any(row.get(name) in words.split() for name, words in forbidden)


def carried(rows: Rows) -> Iterator[str]:
    """Every `menu property` that some row carries."""
    for path, table in rows.tables.items():
        for row in table:
            yield from (f"{path} {name}" for name in row.values)
