"""A small router in memory for the pure core's tests: a few menus of every kind, and RouterOS's rules for them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from trueup.compile.ignore import Exempt
from trueup.diff import Keys, Owned, difference
from trueup.diff.record import attempted, settled, written
from trueup.order import order
from trueup.plan import Add, Created, Existing, Move, PersonalValue, Plan, PlanValue, Remove, SecretValue, Set, Target
from trueup.row import Desired, Facts, Live, Row, Secret, Table
from trueup_schemas.catalogue import Menu, Property, Reference
from trueup_schemas.secret import SecretRef

COMMENT = Property("comment", "text", default="", unset="!")


def menu(path: str, *properties: Property, **about: object) -> Menu:
    return Menu(path, properties={p.name: p for p in (*properties, COMMENT)}, **{"kind": "list", **about})


INTERFACE = Reference("/interface")
MENUS = {
    m.path: m
    for m in (
        menu(
            "/pool",
            Property("name", "text"),
            Property("ranges", "text"),
            Property("next", "text", default="", unset="!", refers=(Reference("/pool"),)),
            key=("name",),
            enforced=True,
        ),
        menu(
            "/profile",
            Property("name", "text"),
            Property("pool", "text", default="", unset="!", refers=(Reference("/pool"),)),
            Property("rate", "text"),
            key=("name",),
            enforced=True,
        ),
        menu(
            "/filter",
            Property("chain", "text"),
            Property("action", "text", default="accept"),
            Property("src", "text", default="", unset="!"),
            Property("out", "text", default="", unset="!", refers=(INTERFACE,)),
            Property("odd", "text"),
            ordered=True,
            strata=("chain",),
        ),
        menu("/list", Property("list", "text"), Property("address", "text")),
        menu("/identity", Property("name", "text", default="MikroTik"), Property("note", "text"), kind="singleton"),
        menu(
            "/ether",
            Property("default-name", "text", read_only=True),
            Property("name", "text"),
            Property("mtu", "text", default="1500"),
            kind="fixed",
            key=("default-name",),
            namespace="/interface",
        ),
        menu(
            "/vlan",
            Property("name", "text"),
            Property("interface", "text", refers=(INTERFACE,)),
            key=("name",),
            enforced=True,
            namespace="/interface",
        ),
        menu(
            "/user",
            Property("name", "text", personal=True),
            Property("password", "text", secret=True, write_only=True),
            key=("name",),
            enforced=True,
        ),
        menu("/arp", Property("address", "text"), Property("mac", "text"), key=("address",)),
        menu("/interface", Property("name", "text"), key=("name",)),
        menu("/server", Property("address", "text"), Property("secret", "text", secret=True), ordered=True),
    )
}


class Known:
    """A catalogue of these menus."""

    own, told = False, "a box"

    def menu(self, path: str) -> Menu:
        return MENUS[path]

    def __contains__(self, path: str) -> bool:
        return path in MENUS

    def members(self, namespace: str) -> tuple[str, ...]:
        return tuple(path for path, each in MENUS.items() if each.namespace == namespace)


def digest(text: str) -> str:
    return hmac.new(b"key", text.encode(), hashlib.sha256).hexdigest()[:32]


SECRETS = {SecretRef("a"): "alpha", SecretRef("b"): "bravo"}
KEYS = Keys(lambda ref: Secret(SECRETS[ref]), str, digest)
NOTHING: Exempt = {}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class Refusal(AssertionError):
    """What a router would refuse."""


class Box:
    """The router: rows by menu, ids that are never used twice, unique keys, references that follow renames."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, str]]] = {path: [] for path in MENUS}
        self.tables["/identity"] = [{".id": "", "name": "MikroTik"}]
        self.hidden: dict[str, str] = {}
        self.counter = 0
        self.now = EPOCH
        self.booted = EPOCH
        self.masks = False
        self.removed: list[tuple[str, dict[str, str]]] = []
        self.writes = 0

    def add(self, path: str, values: Mapping[str, str], before: str | None = None) -> str:
        self.counter += 1
        row = {".id": f"*{self.counter:X}", **values}
        self.check_unique(path, row)
        table = self.tables[path]
        at = len(table) if before is None else self.index(path, before)
        table.insert(at, row)
        return row[".id"]

    def index(self, path: str, id: str) -> int:
        for at, row in enumerate(self.tables[path]):
            if row[".id"] == id:
                return at
        raise Refusal(f"no such item {id} in {path}")

    def check_unique(self, path: str, row: Mapping[str, str]) -> None:
        about = MENUS[path]
        paths = Known().members(about.namespace) if about.namespace else (path,)
        if "name" not in about.properties or path in ("/identity", "/interface"):
            return
        for other in (other for place in paths for other in self.tables[place]):
            if other[".id"] != row[".id"] and other["name"] == row["name"]:
                raise Refusal(f"already have {row['name']} in {path}")

    def set(self, path: str, id: str, values: Mapping[str, str | None]) -> None:
        row = self.tables[path][self.index(path, id)]
        changed = {name: value for name, value in {**row, **values}.items() if value is not None}
        self.check_unique(path, changed)
        old, new = row.get("name"), changed.get("name")
        row.clear()
        row.update(changed)
        if old and new and old != new:
            self.follow(path, old, new)

    def follow(self, path: str, old: str, new: str) -> None:
        for place, about in MENUS.items():
            for p in about.properties.values():
                if any(r.menu in (path, MENUS[path].namespace) for r in p.refers):
                    for row in self.tables[place]:
                        if row.get(p.name) == old:
                            row[p.name] = new

    def live(self) -> Live:
        self.now += timedelta(seconds=10)
        uptime = int((self.now - self.booted).total_seconds())
        facts = Facts("7.24", "CHR", "", "SN1", uptime, self.now)
        tables = {path: Table(path, tuple(self.row(path, row) for row in rows)) for path, rows in self.tables.items()}
        return Live(facts, tables)

    def row(self, path: str, row: Mapping[str, str]) -> Row:
        properties = MENUS[path].properties
        values: dict[str, str | Secret] = {}
        for name, value in row.items():
            if name in properties and not properties[name].write_only:
                secret = "*****" if self.masks else value
                values[name] = Secret(secret) if properties[name].secret else value
        fixed = "dynamic" if row.get("dynamic") else ""
        return Row(values, id=row[".id"], fixed=fixed)

    def apply(self, plan: Plan) -> dict[int, str]:
        """Carry out a plan as the router would, one change after the other; the ids of added rows by change."""
        ids: dict[int, str] = {}

        def target(of: Target | None) -> str:
            return "" if of is None else ids[of.n] if isinstance(of, Created) else of.id

        for number, change in enumerate(plan.changes):
            self.writes += 1
            if isinstance(change, Add):
                values = {n: plain(v) for n, v in change.values.items() if v is not None}
                before = None if change.before is None else target(change.before)
                ids[number] = self.add(change.menu, values, before)
            elif isinstance(change, Set):
                self.set(change.menu, target(change.target), {n: plain(v) for n, v in change.values.items()})
            elif isinstance(change, Remove):
                at = self.index(change.menu, change.target.id)
                self.removed.append((change.menu, self.tables[change.menu].pop(at)))
            else:
                self.move(change, target)
        return ids

    def move(self, change: Move, target: object) -> None:
        table = self.tables[change.menu]
        ids = [t.id for t in change.targets if isinstance(t, Existing)]
        block = [table[self.index(change.menu, id)] for id in ids]
        table[:] = [row for row in table if row not in block]
        at = len(table) if change.before is None else self.index(change.menu, target(change.before))
        table[at:at] = block


def plain(value: PlanValue) -> str:
    if isinstance(value, SecretValue):
        assert value.ref is not None
        return SECRETS[value.ref]
    if isinstance(value, PersonalValue):
        assert value.text is not None
        return value.text
    return value


def plan_for(box: Box, tables: Mapping[str, Table], owned: Owned | None, exempt: Exempt = NOTHING) -> Plan:
    live = box.live()
    desired = Desired("r1", tables, "c1", exempt)
    found = difference(desired, live, owned, Known(), KEYS)
    return order(found, desired, live, Known(), KEYS)


def run(
    box: Box, tables: Mapping[str, Table], owned: Owned | None, exempt: Exempt = NOTHING
) -> tuple[Plan, Plan, Owned]:
    """One apply: the plan, what was left, and the record afterwards."""
    desired, live = Desired("r1", tables, "c1", exempt), box.live()
    found = difference(desired, live, owned, Known(), KEYS)
    plan = order(found, desired, live, Known(), KEYS)
    record = attempted(found, owned, live.facts, "c1", KEYS)
    ids = box.apply(plan)
    done = [
        (change, change.target.id if isinstance(getattr(change, "target", None), Existing) else ids.get(number, ""))
        for number, change in enumerate(plan.changes)
    ]
    record = written(record, found, done, KEYS)
    after = box.live()
    again = difference(desired, after, record, Known(), KEYS)
    left = order(again, desired, after, Known(), KEYS)
    return plan, left, settled(again, record, after.facts, "c1", KEYS)


def table(path: str, rows: Sequence[Row], **about: object) -> Table:
    return replace(Table(path, tuple(rows)), **about)
