"""A virtual router that holds a row of every kind, and one whole run of the engine against it over the API."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from every_row import Rows

from trueup.apply import Stop, Writer
from trueup.canonical import canonical
from trueup.device import Line, Target, Tls, connect, read
from trueup.diff import Keys, Owned, Shape, difference
from trueup.diff.reads import menus_to_read
from trueup.diff.record import attempted, settled, written
from trueup.lab import Router, Spec, serve
from trueup.lab.fact import menu_facts
from trueup.lab.kinship import behaviour_of
from trueup.order import order
from trueup.plan import Add, Existing, PersonalValue, Plan, SecretValue
from trueup.row import Desired, Live, Secret, Table
from trueup_schemas.catalogue import Catalogue, catalogue
from trueup_schemas.secret import SecretRef

BOARD, PORTS = "hap-ac2", ("ether6", "ether7", "ether8", "ether9", "ether10", "wifi1", "wifi2", "wifi3", "lte1")


def spec(version: str) -> Spec:
    """A router with ports of every kind, and one row in fixed menus that a board without such hardware leaves empty."""
    plain = Spec("every", version=version, board=BOARD, ports=PORTS, tls_port=None, serial="SN1")
    router, known = Router(plain), catalogue(version)
    seed = {
        path: [dict.fromkeys(known.menu(path).key, "seeded")]
        for path in known.paths
        if known.menu(path).kind == "fixed" and known.menu(path).key and not router.rows(path)
    }
    return Spec("every", version=version, board=BOARD, ports=PORTS, tls_port=None, serial="SN1", seed=seed)


def rows_for(version: str, left: frozenset[str], fixed: Mapping[str, Callable[[int], str]], turn: int = 0) -> Rows:
    """Declared rows for such a router."""
    router, known = Router(spec(version)), catalogue(version)
    behaviours = {path: behaviour_of(router.shapes, path, menu_facts(path)) for path in known.paths}
    live = {path: router.rows(path) for path in (*known.paths, "/interface")}
    return Rows(known, behaviours, live, fixed, left, turn)


@dataclass
class Manager:
    """What trueup knows of the router between two runs, and the secrets that rows name."""

    version: str
    secrets: dict[SecretRef, str] = field(default_factory=dict)
    owned: Owned | None = None

    @property
    def known(self) -> Catalogue:
        return catalogue(self.version)

    @property
    def keys(self) -> Keys:
        return Keys(lambda ref: Secret(self.secrets[ref]), str, digest)

    async def run(self, line: Line, tables: Mapping[str, Table]) -> list[str]:
        """Plan, apply without a net, read back, plan again; everything that is not as it should be, in words."""
        desired = Desired("every", tables, "c1")
        before = await read(line.session, menus_to_read(desired, self.owned, self.known))
        found = difference(desired, before, self.owned, self.known, self.keys)
        plan = order(found, desired, before, self.known, self.keys)
        record = attempted(found, self.owned, before.facts, "c1", self.keys)
        writer = Writer(line, plan, self.known, self.keys.resolve, Stop(), lambda: None)
        for part in parts(plan):
            await writer.write(part)
        attempts = writer.attempts
        refused = [f"{c.menu}: {a.error}" for c, a in zip(plan.changes, attempts, strict=True) if a.error]
        if refused:
            return refused
        done = [(change, own_id(change, attempt.id)) for change, attempt in zip(plan.changes, attempts, strict=True)]
        record = written(record, found, done, self.keys)
        after = await read(line.session, menus_to_read(desired, record, self.known))
        again = difference(desired, after, record, self.known, self.keys)
        left = order(again, desired, after, self.known, self.keys)
        self.owned = settled(again, record, after.facts, "c1", self.keys)
        wrong = [f"{change.menu}: planned again: {told(change)}" for change in left.changes]
        return wrong + list(self.misread(plan, [attempt.id for attempt in attempts], after))

    def misread(self, plan: Plan, ids: Sequence[str], after: Live) -> Iterator[str]:
        """Values that were added and do not read back as the same canonical text."""
        for change, id in zip(plan.changes, ids, strict=True):
            if not isinstance(change, Add):
                continue
            shape = Shape(self.known.menu(change.menu))
            row = next((row for row in after.tables[change.menu] if row.id == id), None)
            if row is None:
                yield f"{change.menu}: the row that was added is not there"
                continue
            for name, value in change.values.items():
                property = shape.menu.properties[name]
                text = value.text if isinstance(value, PersonalValue) else value
                if isinstance(value, SecretValue) or text is None or property.write_only:
                    continue
                there = shape.value(row, name)
                if there != text or canonical(property, there) != text:
                    yield f"{change.menu} {name}: wrote {text!r}, reads back {there!r}"


def parts(plan: Plan) -> Iterator[range]:
    """The numbers of each stage's changes."""
    first = 0
    for stage in plan.stages:
        yield range(first, first + len(stage))
        first += len(stage)


def own_id(change: object, added: str) -> str:
    target = getattr(change, "target", None)
    return target.id if isinstance(target, Existing) else added


def told(change: object) -> str:
    values = getattr(change, "values", {})
    return f"{type(change).__name__} {', '.join(f'{n}={v!r}' for n, v in values.items() if isinstance(v, str))}"


def digest(text: str) -> str:
    return hmac.new(b"key", text.encode(), hashlib.sha256).hexdigest()[:32]


def runs(version: str, *rounds: Rows, gone: bool = False, tables: Sequence[Mapping[str, Table]] = ()) -> list[str]:
    """One run for each round of rows, then for each of the tables, on one router; stops where something is wrong."""
    manager = Manager(version)
    wanted = [each.tables for each in rounds] + list(tables) + ([{}] if gone else [])
    for each in rounds:
        manager.secrets |= each.secrets

    async def all_of_them(port: int) -> list[str]:
        target = Target("every", ("127.0.0.1",), "admin", Secret(""), port, Tls(mode="off"))
        line = Line(lambda: connect(target), "every")
        await line.open()
        try:
            for number, each in enumerate(wanted):
                if wrong := await manager.run(line, each):
                    return [f"run {number}: {text}" for text in wrong]
        finally:
            await line.close()
        return []

    with served(version) as port:
        return asyncio.run(all_of_them(port))


@contextmanager
def served(version: str) -> Iterator[int]:
    with serve([spec(version)]) as lab:
        yield lab["every"].port
