"""A router's state, live or declared, as a script that RouterOS imports: what differs from defaults, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from trueup.adopt.choose import Declared, choose
from trueup.adopt.export_order import in_order
from trueup.adopt.export_text import Statement, script, subject
from trueup.adopt.export_text import value as written
from trueup.adopt.meant import HARDWARE
from trueup.adopt.shipped import shipped_rows
from trueup.adopt.vault import Vault
from trueup.compile import Compiled
from trueup.errors import Problem, TrueupError
from trueup.row import Live, Row, Secret, Tables, Value
from trueup_schemas.catalogue import Catalogue, Menu
from trueup_schemas.secret import PublicKeyOf, SecretRef

BY_NAME = frozenset(("/ip/service", "/ip/firewall/service-port", "/ip/hotspot/service-port", "/queue/interface"))
"""Menus whose rows RouterOS calls by name in an export, instead of looking for them."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

PublicKey = Callable[[PublicKeyOf], str]


class About(NamedTuple):
    """The row that a `set` is about, as the script says it, and the properties that this tells already."""

    text: str
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Exported:
    """A script; `left` tells what is not in it, `hidden` names the secrets that were left out."""

    text: str
    rows: int
    left: tuple[Problem, ...] = ()
    hidden: tuple[str, ...] = ()


def export_live(live: Live, known: Catalogue, router: str, *, sensitive: bool) -> Exported:
    """The state of a router that was read; without `sensitive`, secrets are left out as RouterOS leaves them out."""
    vault = Vault(router, lambda _: None)
    chosen = choose(live.tables, known, vault, router, raw=True)
    facts = live.facts
    head = [f"{facts.read_at:%Y-%m-%d %H:%M:%S} by RouterOS {facts.version.split()[0]}", f"router = {router}", ""]
    head += [f"model = {facts.model}"] if facts.model else []
    head += [f"serial number = {facts.serial}"] if facts.serial else []
    reveal = vault.values.get if sensitive else lambda _: None
    rows = {path: [_pairs(each.values, reveal) for each in rows] for path, rows in chosen.rows.items()}
    meant = {path: [_live_subject(known, path, live.tables, each) for each in chosen.rows[path]] for path in rows}
    hidden = (*vault.hidden, *(() if sensitive else vault.values))
    statements = list(_statements(rows, meant, known))
    return Exported(script(iter(head), iter(statements)), len(statements), chosen.left, hidden)


def export_desired(
    compiled: Compiled,
    known: Catalogue,
    about: Mapping[str, str],
    public_key: PublicKey,
    resolve: Callable[[SecretRef], Secret] | None,
) -> Exported:
    """What is declared of a router; `about` are its model and serial number, `resolve` is None to leave secrets out."""
    commit = f" in commit {compiled.desired.commit[:12]}" if compiled.desired.commit else ""
    head = [f"as declared{commit}, to be read by RouterOS {compiled.version}", f"router = {compiled.router}", ""]
    head += [f"{name} = {text}" for name, text in about.items()]
    writer = _Desired(compiled.desired.tables, known, public_key, resolve)
    rows = {path: [writer.row(path, row) for row in table] for path, table in writer.tables.items()}
    meant = {
        path: [_subject(known.menu(path), row, shipped=_is_shipped(known, path, row)) for row in table]
        for path, table in writer.tables.items()
    }
    statements = list(_statements(rows, meant, known))
    return Exported(script(iter(head), iter(statements)), len(statements), tuple(writer.left), tuple(writer.hidden))


def _statements(
    rows: Mapping[str, Sequence[Mapping[str, str | None]]],
    meant: Mapping[str, Sequence[About | None]],
    known: Catalogue,
) -> Iterator[Statement]:
    """Rows in order; `meant` says what a `set` is about, None for a row to add."""
    for path, number in in_order(rows, known):
        menu, about = known.menu(path), meant[path][number]
        values = _spelled(menu, dict(rows[path][number]), known.version)
        if about is None:
            yield Statement(path, "add", "", values)
            continue
        rest = {name: value for name, value in values.items() if name not in about.told}
        if rest:
            yield Statement(path, "set", about.text, rest)


def _pairs(values: Mapping[str, str | SecretRef], reveal: Callable[[str], Secret | None]) -> dict[str, str | None]:
    """Texts as they are, secrets as far as they are told."""
    found: dict[str, str | None] = {}
    for name, value in values.items():
        secret = reveal(value.name) if isinstance(value, SecretRef) else None
        if not isinstance(value, SecretRef):
            found[name] = value
        elif secret is not None:
            found[name] = secret.reveal()
    return dict(sorted(found.items()))


def _spelled(menu: Menu, values: dict[str, str | None], version: str) -> dict[str, str | None]:
    """Values as the version reads them: RouterOS 6 writes `jan/31/2020` for 2020-01-31."""
    if not version.startswith("6."):
        return values
    dates = {name for name, value in values.items() if value and menu.properties[name].type == "date"}
    return {name: _older_date(value) if name in dates and value else value for name, value in values.items()}


def _older_date(text: str) -> str:
    year, _, rest = text.partition("-")
    month, _, day = rest.partition("-")
    return f"{_MONTHS[int(month) - 1]}/{day}/{year}" if month.isdigit() and 0 < int(month) < 13 else text


def _live_subject(known: Catalogue, path: str, tables: Tables, declared: Declared) -> About | None:
    """What a live row's `set` is about; rows without a key are meant by their number."""
    menu, row = known.menu(path), declared.row or Row({})
    if row.fixed and HARDWARE in row.values:
        return _found({HARDWARE: row.text(HARDWARE)})
    if menu.kind != "singleton" and row.fixed and not menu.key:
        own = [each for each in tables[menu.path] if each.fixed != "dynamic"]
        return About(str(own.index(row)))
    return _subject(menu, row, shipped=bool(row.fixed) or _is_shipped(known, path, row))


def _subject(menu: Menu, row: Row, *, shipped: bool) -> About | None:
    """What a `set` of this row is about, "" for a menu with one row; None for a row to add."""
    if menu.kind == "singleton":
        return About("")
    if menu.addable and not shipped:
        return None
    key = {name: text for name in menu.key if (text := row.text(name))}
    if menu.path in BY_NAME and len(key) == 1:
        return About(written(next(iter(key.values()))), frozenset(key))
    return _found(key)


def _found(by: Mapping[str, str]) -> About:
    return About(subject(by), frozenset(by))


def _is_shipped(known: Catalogue, path: str, row: Row) -> bool:
    """Whether every router has a row with this key."""
    key = known.menu(path).key
    shipped = shipped_rows(path, known.version) if key else ()
    return any(all(row.text(name) == each.get(name, "") for name in key) for each in shipped)


def _telling(menu: Menu, name: str) -> bool:
    """Whether RouterOS writes a property though it has its default: what a rule does."""
    return name == "action" and bool(menu.strata)


class _Desired:
    """Turns declared rows into texts; gathers what cannot be told."""

    def __init__(
        self,
        tables: Tables,
        known: Catalogue,
        public_key: PublicKey,
        resolve: Callable[[SecretRef], Secret] | None,
    ) -> None:
        self.tables = {path: table for path, table in tables.items() if path in known and table.rows}
        self.known, self.public_key, self.resolve = known, public_key, resolve
        self.left: list[Problem] = []
        self.hidden: dict[str, None] = {}

    def row(self, path: str, row: Row) -> dict[str, str | None]:
        """The row's texts by property, what equals its default left out."""
        menu = self.known.menu(path)
        whole = menu.addable and not _is_shipped(self.known, path, row)
        found: dict[str, str | None] = {}
        for name, value in sorted(row.values.items()):
            property = menu.properties[name]
            if isinstance(value, SecretRef) and self.resolve is None:
                self.hidden.setdefault(value.name)
            elif value is None:
                found |= {name: None} if property.default != "" or not whole else {}
            elif whole and value == property.default and name not in menu.key and not _telling(menu, name):
                continue
            else:
                self._tell(found, row, name, value)
        return found

    def _tell(self, found: dict[str, str | None], row: Row, name: str, value: Value) -> None:
        try:
            if isinstance(value, PublicKeyOf):
                found[name] = self.public_key(value)
            elif isinstance(value, SecretRef) and self.resolve is not None:
                found[name] = self.resolve(value).reveal()
            elif isinstance(value, str):
                found[name] = value
        except TrueupError as error:
            message = f"{name} is left out: {error.problems[0].message}"
            self.left.append(Problem(message, row.where(name), error.problems[0].remedy, "warning"))
