"""What was ours: keyed digests of every row we declared on one router. Values always come from the router."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from trueup.errors import PlanError
from trueup.row import Digester, Facts, Scope

FORMAT_VERSION = "1.1"
SAME_BOOT = timedelta(seconds=90)
"""How far two computed boot times may lie apart and still be one: uptime counts whole seconds, clocks drift."""


@dataclass(frozen=True, slots=True)
class OwnedRow:
    """One row that is or was declared.

    `identity` is the digest of its key, "" where the menu has none; `content` of its declared properties and the
    known defaults of omitted ones, without secrets; `names` are its declared properties and `ignore` those left alone;
    `secrets` the digests of secret values by property. `id` is empty while the row was only attempted. `going`: a run
    has set out to remove it, and may have been undone, which brings it back under another `.id`.
    """

    menu: str
    identity: str
    content: str
    names: frozenset[str]
    secrets: Mapping[str, str] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()
    id: str = ""
    protect: bool = False
    going: bool = False


@dataclass(frozen=True, slots=True)
class Owned:
    """The record of one router: for which box, which boot and which digest key it holds.

    `pruned` are digests of the scopes with `unmanaged: remove` that a run has gone through; the next is no first one.
    """

    serial: str
    key: str
    commit: str
    time: datetime
    booted: datetime
    rows: tuple[OwnedRow, ...] = ()
    pruned: frozenset[str] = frozenset()

    @property
    def menus(self) -> frozenset[str]:
        return frozenset(row.menu for row in self.rows)


def key_digest(digest: Digester) -> str:
    """A digest that tells one digest key from another."""
    return digest("trueup digest key")


def scope_digest(menu: str, scope: Scope, digest: Digester) -> str:
    """What a scope is known by in the record: it may name somebody."""
    return digest(" ".join((menu, *(f"{name}={value}" for name, value in sorted(scope.match.items())))))


def boot_time(facts: Facts) -> datetime:
    """When the router started, by the manager's clock."""
    return facts.read_at - timedelta(seconds=facts.uptime)


def same_boot(owned: Owned, facts: Facts) -> bool:
    """Whether the router has run without a restart since the record was written, so that `.id`s still hold."""
    return abs(boot_time(facts) - owned.booted) <= SAME_BOOT


def why_void(owned: Owned | None, facts: Facts, digest: Digester) -> str:
    """Why nothing counts as ours; "" where the record holds."""
    if owned is None:
        return "no record of earlier runs"
    if owned.serial != facts.serial:
        return "the record was made for a router with another serial number"
    if owned.key != key_digest(digest):
        return "the record was made with another digest key"
    return ""


def owned_to_document(owned: Owned) -> dict[str, Any]:
    """The record as JSON data."""
    document = {
        "format-version": FORMAT_VERSION,
        "serial": owned.serial,
        "key": owned.key,
        "commit": owned.commit,
        "time": owned.time.isoformat(timespec="seconds"),
        "booted": owned.booted.isoformat(timespec="seconds"),
        "rows": [_row_to_document(row) for row in owned.rows],
    }
    if owned.pruned:
        document["pruned"] = sorted(owned.pruned)
    return document


def _row_to_document(row: OwnedRow) -> dict[str, Any]:
    document: dict[str, Any] = {"menu": row.menu, "id": row.id, "content": row.content, "names": sorted(row.names)}
    if row.identity:
        document["identity"] = row.identity
    if row.secrets:
        document["secrets"] = dict(sorted(row.secrets.items()))
    if row.ignore:
        document["ignore"] = sorted(row.ignore)
    if row.protect:
        document["protect"] = True
    if row.going:
        document["going"] = True
    return document


def owned_from_document(document: Mapping[str, Any]) -> Owned:
    """The record from JSON data; PlanError where it is not one that this version reads."""
    version = str(document.get("format-version", ""))
    if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
        raise PlanError(f"owned.json has format-version {version or '(none)'}; this trueup reads {FORMAT_VERSION}")
    try:
        return Owned(
            serial=document["serial"],
            key=document["key"],
            commit=document["commit"],
            time=_utc(document["time"]),
            booted=_utc(document["booted"]),
            rows=tuple(_row_from_document(row) for row in document["rows"]),
            pruned=frozenset(document.get("pruned", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise PlanError(f"owned.json is damaged ({error!r}); restore it from the audit repository's history") from error


def _row_from_document(row: Mapping[str, Any]) -> OwnedRow:
    return OwnedRow(
        menu=row["menu"],
        identity=row.get("identity", ""),
        content=row["content"],
        names=frozenset(row["names"]),
        secrets=dict(row.get("secrets", {})),
        ignore=frozenset(row.get("ignore", ())),
        id=row["id"],
        protect=bool(row.get("protect", False)),
        going=bool(row.get("going", False)),
    )


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
