"""Which rows and properties of a router's state are worth declaring, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_interface

from trueup.adopt.shipped import BOARD, EVERY, LEFT_OUT, Shipped, shipped_rows
from trueup.adopt.vault import HIDDEN, Vault
from trueup.canonical import canonical, from_wire
from trueup.compile.merge import key_of
from trueup.diff.references import names_in
from trueup.errors import BadValue, Problem, Source
from trueup.row import Row, Secret, Table, Tables, Value
from trueup_schemas.catalogue import Catalogue, Menu, Property
from trueup_schemas.secret import SecretRef

MEANT: Mapping[str, frozenset[str]] = {
    "/interface/wireguard": frozenset(("listen-port",)),
    "/system/scheduler": frozenset(("start-date", "start-time")),
}
"""Properties that a router makes up where nobody says them, but that others rely on: what they are is declared."""

_DANGLING = re.compile(r"\*[0-9A-F]+\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Declared:
    """One row to write: canonical texts and secrets' names in order, and properties to leave alone.

    `row` is the row of the state that it was made of.
    """

    values: Mapping[str, str | SecretRef]
    ignore: tuple[str, ...] = ()
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows to declare by menu; `tables` is the state with stand-ins for hidden secrets, to compare with."""

    rows: Mapping[str, tuple[Declared, ...]]
    tables: Tables
    left: tuple[Problem, ...]


def choose(
    tables: Tables, catalogue: Catalogue, vault: Vault, router: str, *, hides: bool = False, raw: bool = False
) -> Chosen:
    """What to declare of a state. `hides` says that it came without its secrets, so that absent ones mean nothing.

    `raw` says that what is written can hold any bytes, not only UTF-8.
    """
    namespaces = {catalogue.menu(path).namespace for path in catalogue.paths}
    rows: dict[str, tuple[Declared, ...]] = {}
    compared: dict[str, Table] = {}
    left: list[Problem] = []
    for path, table in tables.items():
        chooser = _MenuChooser(catalogue.menu(path), shipped_rows(path, catalogue.version), vault, router, hides, raw)
        if path in LEFT_OUT and table.rows:
            chooser.leave(table.rows[0], f"{counted(len(table.rows))} left out: {LEFT_OUT[path]}")
        elif path not in namespaces and path not in LEFT_OUT:
            table = replace(table, rows=tuple(chooser.run(table.rows)))
        if chooser.chosen:
            rows[path] = tuple(chooser.chosen)
        compared[path] = table
        left += chooser.left
    return Chosen(rows, compared, tuple(left))


class _MenuChooser:
    """Goes through one menu's rows."""

    def __init__(
        self, menu: Menu, shipped: tuple[Shipped, ...], vault: Vault, router: str, hides: bool, raw: bool
    ) -> None:
        self.menu, self.vault, self.router, self.hides, self.raw = menu, vault, router, hides, raw
        self.chosen: list[Declared] = []
        self.left: list[Problem] = []
        self.keys: set[tuple[str, ...]] = set()
        self.shipped = [
            {name: from_wire(menu.properties[name], text) for name, text in row.items() if name in menu.properties}
            for row in shipped
        ]
        self.unreadable = [p.name for p in menu.writable if p.required and p.write_only]

    def run(self, rows: tuple[Row, ...]) -> Iterator[Row]:
        """Chooses what to declare, and yields the rows to compare it with."""
        own = [row for row in rows if row.fixed not in ("dynamic", "builtin")]
        if self.unreadable and own:
            self.leave(own[0], f"{counted(len(own))} left out: no router tells the {self.unreadable[0]}")
        for row in rows:
            yield self._row(row) if row.fixed not in ("dynamic", "builtin") and not self.unreadable else row

    def _row(self, row: Row) -> Row:
        made = _RowChooser(self, row).run()
        if made is None:
            return row
        declared, compared = made
        key = key_of(self.menu, declared.values)
        if self.menu.key and key is None:
            self.leave(row, f"the row has no {' '.join(self.menu.key)}, so that it is left out")
        elif key is not None and key in self.keys:
            self.leave(row, f"another row has the same {' and '.join(self.menu.key)}; this one is left out")
        else:
            self.keys |= {key} if key is not None else set()
            self.chosen.append(declared)
            return compared
        return row

    def leave(self, row: Row, message: str, name: str = "") -> None:
        where: Source | str | None = row.where(name)
        if where is None:
            said = next((row.text(n) for n in (*self.menu.key, "name", "comment") if row.text(n)), row.id)
            where = f"{self.router} {self.menu.path} {said}".rstrip()
            message = f"{name}: {message}" if name else message
        else:
            message = f"{self.menu.path}{f' {name}' if name else ''}: {message}"
        self.left.append(Problem(message, where, severity="warning"))


@dataclass
class _RowChooser:
    """Goes through one row's properties."""

    of: _MenuChooser
    row: Row
    values: dict[str, str | SecretRef] = field(default_factory=dict)
    ignore: dict[str, None] = field(default_factory=dict)
    stand_ins: dict[str, Value] = field(default_factory=dict)

    def run(self) -> tuple[Declared, Row] | None:
        """What to declare of the row, and what to compare it with; None where there is nothing to say of it."""
        menu, row = self.of.menu, self.row
        whole = menu.addable and not row.fixed
        every = None if whole or row.source is not None else EVERY.get(menu.path)  # an export tells what was set
        shipped = next((each for each in self.of.shipped if self._is(each)), every)
        for property in self._in_order():
            self._property(property, whole, shipped or {})
        self.ignore |= dict.fromkeys(name for name in sorted(row.ignore) if name in row.values)
        lacking = [name for name in (*self.ignore, *sorted(row.ignore)) if self._telling(name)]
        if menu.addable:
            lacking += [p.name for p in menu.writable if p.required and p.name not in self.values]
        if lacking:
            self.of.leave(row, f"the row is left out, because nothing can be written for its {lacking[0]}")
            return None
        if not row.values:
            return None
        if (not whole or shipped is not None) and not self.ignore and not self._beyond(shipped or {}):
            return None
        for name in self.ignore:
            self.values.pop(name, None)
        compared = replace(row, values={**row.values, **self.stand_ins}) if self.stand_ins else row
        return Declared(self.values, tuple(self.ignore), row), compared

    def _telling(self, name: str) -> bool:
        """Whether a row means something else without this property: a firewall rule without one matches more."""
        property = self.of.menu.properties.get(name)
        if property is None or name == "comment" or property.secret:
            return property is None and not self.of.menu.key
        return name in self.of.menu.key or property.required or not self.of.menu.key

    def _is(self, shipped: Mapping[str, Value]) -> bool:
        """Whether the row is this one that every router has: by key, or, where there is none, by all that it says."""
        names = self.of.menu.key or tuple(shipped)
        return all(self.row.values.get(name) == shipped.get(name) for name in names if name in shipped)

    def _beyond(self, shipped: Mapping[str, Value]) -> bool:
        """Whether what would be written says more than the row that every router has."""
        key = self.of.menu.key
        return any(name not in key and value != shipped.get(name) for name, value in self.values.items())

    def _in_order(self) -> Iterator[Property]:
        """The key and the name first, then RouterOS's own order."""
        properties = self.of.menu.properties
        first = dict.fromkeys((*self.of.menu.key, *(("name",) if "name" in properties else ())))
        yield from (properties[name] for name in first)
        yield from (property for property in self.of.menu.writable if property.name not in first)

    def _hardware(self, property: Property) -> bool:
        made = property.generated and not property.secret and property.name not in MEANT.get(self.of.menu.path, ())
        return made or property.name in BOARD.get(self.of.menu.path, ())

    def _property(self, property: Property, whole: bool, shipped: Mapping[str, Value]) -> None:
        name, value = property.name, self.row.values.get(property.name)
        if property.secret:
            self._secret(property, value, whole)
        elif isinstance(value, str) and self._counts(
            property, value, shipped if self.of.menu.key and not whole else {}
        ):
            if reason := unwritable(property, value, self.of.raw):
                if name not in self.row.ignore:
                    self.of.leave(self.row, reason, name)
                self.ignore[name] = None
            else:
                self.values[name] = value

    def _counts(self, property: Property, value: str, shipped: Mapping[str, Value]) -> bool:
        """Whether a value has to be written, since nothing else tells it."""
        name, menu = property.name, self.of.menu
        if name in menu.key:
            return bool(value) and (value != property.default or len(menu.key) == 1)
        if self.row.source is None and self._hardware(property):
            return False
        if menu.path == "/interface/ethernet" and name == "name" and value == self.row.text("default-name"):
            return False
        if property.required and menu.addable:
            return True
        if name == "action" and menu.strata:
            return True
        if name == "network" and menu.path == "/ip/address":
            return value != _network(self.row.text("address"))
        if value == "":
            return property.default not in (None, "") and not _refused(property, "")
        return value != shipped.get(name, property.default)

    def _secret(self, property: Property, value: Value, whole: bool) -> None:
        secret = value if isinstance(value, Secret) and value.reveal() else None
        hidden = secret is not None and secret.masked
        if secret is not None and not hidden and not self.of.raw and _SURROGATE.search(secret.reveal()):
            self.of.leave(self.row, "it holds bytes that are no UTF-8; it is left alone", property.name)
            self.ignore[property.name] = None
        elif secret is not None and not hidden:
            self.values[property.name] = self.of.vault.put(self.of.menu, self.row, property.name, secret)
        elif hidden or (property.required and whole and self.of.hides):
            self.values[property.name] = self.of.vault.put(self.of.menu, self.row, property.name, None)
            self.stand_ins[property.name] = Secret(HIDDEN)
        elif whole and self.of.hides and property.default is not None:
            self.ignore[property.name] = None


def counted(rows: int) -> str:
    """How many rows there are, with the verb."""
    return "1 row is" if rows == 1 else f"{rows} rows are"


def _network(address: str) -> str:
    """The network that RouterOS works out of an address, as it shows it."""
    try:
        return str(ip_interface(address).network.network_address)
    except ValueError:
        return ""


def unwritable(property: Property, value: str, raw: bool) -> str:
    """Why a value cannot be written down and mean the same, "" where it can; the value itself is not repeated."""
    if not raw and _SURROGATE.search(value):
        return "it holds bytes that are no UTF-8, which YAML cannot hold; it is left alone"
    if _refused(property, value):
        return "its value is none that trueup knows for it; it is left alone"
    if any(reference.hard for reference in property.refers) and any(map(_DANGLING.match, names_in(property, value))):
        return f"{value} refers to something that was removed; it is left alone"
    return ""


def _refused(property: Property, value: str) -> bool:
    try:
        return canonical(property, value) != value
    except BadValue:
        return True
