"""A router's managed configuration as a document: the menus that trueup reads, without what is not to be kept.

Not in it: what the router made itself (dynamic rows), what it only reports (counters, times), secrets and personal
data, for which keyed digests stand. The same configuration always gives the same document but for when it was taken,
when the router started, and rows' ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from trueup.diff.content import Keys
from trueup.diff.owned import boot_time, key_digest
from trueup.errors import AuditError, Problem
from trueup.fleet.snapshot_row import (
    HIDDEN,
    ID,
    PERSONAL,
    SECRET,
    Stand,
    digest_of,
    parsed,
    row_line,
    told_of,
    without_id,
)
from trueup.row import Desired, Facts, Fixed, Live, Row, Secret, Table, Value
from trueup_schemas.catalogue import Catalogue, Menu

FORMAT_VERSION = "1.0"
SNAPSHOT = "snapshot"
"""The document about a router with its configuration as it was last read."""

FACTS = ("version", "board", "model", "serial")

MOST_ROWS = 5000
"""Rows of a menu that are written down; of a longer one only how many there are, and a digest."""

MOST_TEXT = 4_000_000
"""Characters of all rows; beyond, the longest menus are told like those with too many rows."""

Texts = Mapping[tuple[str, str], str]
"""What a digest stands for, by its kind and itself."""

MASK = Secret("********")


def snapshot_mark(live: Live) -> int:
    """A number that is another one where a snapshot would be, in this process; cheap, for every look at a router."""
    parts: list[int] = [hash(tuple(getattr(live.facts, name) for name in FACTS))]
    for path in sorted(live.tables):
        parts.append(hash(path))
        for row in live.tables[path]:
            if row.fixed != "dynamic":
                told = [(n, v.reveal() if isinstance(v, Secret) else v) for n, v in row.values.items()]
                parts.append(hash((row.fixed, *told)))
    return hash(tuple(parts))


def snapshot_to_document(live: Live, catalogue: Catalogue, keys: Keys) -> dict[str, Any]:
    """What was read of a router as JSON data, one text for each row."""
    facts = live.facts
    menus: dict[str, list[str]] = {}
    for path in sorted(live.tables):
        if path in catalogue:
            menus[path] = _lines(catalogue.menu(path), live.tables[path], keys)
    cut = {path: len(lines) for path, lines in menus.items() if len(lines) > MOST_ROWS}
    left = {path: sum(map(len, lines)) for path, lines in menus.items() if path not in cut}
    while sum(left.values()) > MOST_TEXT:
        path = max(left, key=lambda each: left[each])
        cut[path] = len(menus[path])
        del left[path]
    document: dict[str, Any] = {
        "format-version": FORMAT_VERSION,
        "taken": facts.read_at.astimezone(UTC).isoformat(timespec="seconds"),
        "booted": boot_time(facts).astimezone(UTC).isoformat(timespec="seconds"),
        "key": key_digest(keys.digest)[:16],
        **{name: getattr(facts, name) for name in FACTS},
        "menus": {path: lines for path, lines in menus.items() if path not in cut},
    }
    if cut:
        digests = {path: keys.digest("\n".join(map(without_id, menus[path])))[:16] for path in sorted(cut)}
        document["too-long"] = {path: {"rows": cut[path], "digest": digest} for path, digest in digests.items()}
    return document


def changed(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> bool:
    """Whether a snapshot tells something else than the one before."""
    return old is None or _lasting(old) != _lasting(new)


def snapshot_to_live(document: Mapping[str, Any], catalogue: Catalogue, texts: Texts | None = None) -> Live:
    """What a snapshot tells of a router, as if it had been read then; AuditError where it is none.

    Menus that were too long, or that are not in the catalogue, are missing. Secrets are masked, so that they compare
    as unchanged by the record of what was ours. `texts`, from `texts_of`, give values back that stand as digests; one
    that is not among them is its digest in parentheses, which no declared value equals. Dynamic rows are missing.
    """
    try:
        version = str(document.get("format-version", ""))
        if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
            raise ValueError(f"format-version {version or '(none)'}")
        taken = datetime.fromisoformat(document["taken"]).astimezone(UTC)
        version, board, model, serial = (str(document[name]) for name in FACTS)
        uptime = int((taken - datetime.fromisoformat(document["booted"])).total_seconds())
        facts = Facts(version, board, model, serial, uptime, taken)
        tables = {
            path: _table(catalogue.menu(path), lines, texts or {})
            for path, lines in document["menus"].items()
            if path in catalogue
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        text = f"this is no snapshot that this trueup reads: {error}"
        raise AuditError(Problem(text, remedy="the next look at the router makes one")) from None
    return Live(facts, tables)


def texts_of(desired: Iterable[Desired], catalogue: Catalogue, keys: Keys) -> dict[tuple[str, str], str]:
    """What the digests of declared values stand for, so that a snapshot can be compared with a declaration."""
    found: dict[tuple[str, str], str] = {}
    for each in desired:
        for path, table in each.tables.items():
            if path not in catalogue:
                continue
            menu = catalogue.menu(path)
            for row in table:
                _remember(menu, row, keys, found)
    return found


def _remember(menu: Menu, row: Row, keys: Keys, found: dict[tuple[str, str], str]) -> None:
    for name, value in row.values.items():
        property = menu.properties.get(name)
        if property is None or not isinstance(value, str):
            continue
        told = told_of(menu, property, value, keys)
        if isinstance(told, Stand) and told.kind in (PERSONAL, HIDDEN):
            found[told.kind, digest_of(told.kind, property, value, keys)] = value


def _lines(menu: Menu, table: Table, keys: Keys) -> list[str]:
    lines = [row_line(menu, row, keys) for row in table if row.fixed != "dynamic"]
    return lines if menu.ordered else sorted(lines)


def _lasting(document: Mapping[str, Any]) -> dict[str, Any]:
    """What counts of a document."""
    menus = {path: [without_id(line) for line in lines] for path, lines in document.get("menus", {}).items()}
    return {**document, "taken": "", "booted": "", "menus": menus}


def _table(menu: Menu, lines: Iterable[str], texts: Texts) -> Table:
    return Table(menu.path, tuple(_row(menu, line, texts) for line in lines))


def _row(menu: Menu, line: str, texts: Texts) -> Row:
    flag, told = parsed(line)
    id = told.pop(ID, "")
    values: dict[str, Value] = {}
    for name, value in told.items():
        if name not in menu.properties:
            continue
        if isinstance(value, Stand):
            values[name] = MASK if value.kind == SECRET else texts.get((value.kind, value.digest), str(value))
        else:
            values[name] = value
    for property in menu.writable:  # as the router would have told them
        if property.default and not property.secret and not property.write_only:
            values.setdefault(property.name, property.default)
    fixed: Fixed = "builtin" if flag == "builtin" else "default" if flag == "default" else ""
    return Row(values, id=str(id), fixed=fixed)
