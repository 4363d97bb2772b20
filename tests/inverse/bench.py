"""A virtual router in memory, a plan for it, parts of the plan carried out, and the script that undoes it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from trueup.canonical import canonical, from_wire
from trueup.device.read import query, table
from trueup.device.write import sentences
from trueup.diff import Keys, Owned, difference
from trueup.diff.reads import menus_to_read
from trueup.diff.record import attempted, settled, written
from trueup.inverse import Undo, undo
from trueup.lab import Router, Spec
from trueup.lab.router import attributes
from trueup.lab.state import dump
from trueup.lab.table import Row as StoredRow
from trueup.lab.table import Table as Stored
from trueup.order import order
from trueup.plan import Add, Created, Existing, Plan, Target
from trueup.row import Desired, Facts, Live, Place, Row, Secret, Table, Value
from trueup_schemas.catalogue import Catalogue, catalogue
from trueup_schemas.secret import SecretRef

NAME = "trueup-undo-3f9a12cd"
DAY = 86400.0
OWN = ("/system/script", "/system/scheduler")


class Refused(AssertionError):
    """The router refused a command of a plan."""


def digest(text: str) -> str:
    return hmac.new(b"key", text.encode("utf-8", "surrogateescape"), hashlib.sha256).hexdigest()[:32]


@dataclass
class Bench:
    """One router, what trueup remembers of it, and the secrets that rows name."""

    version: str = "7.24"
    seed: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    board: str = "hap-ac2"

    def __post_init__(self) -> None:
        self.now = 1_800_000_000.0
        spec = Spec("bench", version=self.version, board=self.board, seed=self.seed, tls_port=None, serial="SN1")
        self.router = Router(spec, clock=lambda: self.now)
        self.router.booted -= DAY
        self.owned: Owned | None = None

    @property
    def known(self) -> Catalogue:
        return catalogue(self.version)

    @property
    def keys(self) -> Keys:
        return Keys(self.resolve, str, digest)

    def resolve(self, ref: SecretRef) -> Secret:
        return Secret(self.secrets[ref.name])

    def say(self, *words: str) -> list[list[str]]:
        """The reply to a command, which must not be refused."""
        reply = self.router.execute(words)
        if reply[0][0] == "!trap":
            raise Refused(f"{words}: {reply[0]}")
        return reply

    def live(self, paths: Iterable[str]) -> Live:
        """The menus as trueup reads them."""
        tables: dict[str, Table] = {}
        for path in paths:
            menu = self.known.menu(path)
            rows = [attributes(sentence) for sentence in self.say(*query(menu)) if sentence[0] == "!re"]
            tables[path] = table(menu, rows)
        uptime = int(self.now - self.router.booted)
        return Live(Facts(self.version, "b", "m", "SN1", uptime, datetime(2026, 1, 1, tzinfo=UTC)), tables)

    def tables(self, declared: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Table]:
        """Declarations as `name: value`; a `place` and a `was` apart."""
        return {path: Table(path, tuple(self.row(path, row) for row in rows)) for path, rows in declared.items()}

    def row(self, path: str, row: Mapping[str, Any]) -> Row:
        properties = self.known.menu(path).properties
        values = {
            name: value if isinstance(value, SecretRef) or value is None else canonical(properties[name], value)
            for name, value in row.items()
            if name not in ("place", "was")
        }
        return Row(values, place=row.get("place"), was=row.get("was", {}))

    def plan(self, declared: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[Plan, Live]:
        """The plan, and the router as it was read for it."""
        desired = Desired("bench", self.tables(declared), "c1")
        live = self.live(menu.path for menu in menus_to_read(desired, self.owned, self.known))
        self.found = difference(desired, live, self.owned, self.known, self.keys)
        return order(self.found, desired, live, self.known, self.keys), live

    def undo(self, plan: Plan, live: Live) -> Undo:
        return undo(plan, live, self.known, NAME)

    def carry_out(self, plan: Plan, numbers: Iterable[int] | None = None) -> dict[int, str]:
        """Carry out these changes of a plan, all by default, in their order; the ids of new rows."""
        ids: dict[int, str] = {}

        def id(target: Target) -> str:
            return ids[target.n] if isinstance(target, Created) else target.id

        chosen = range(len(plan.changes)) if numbers is None else sorted(numbers)
        for number in chosen:
            change = plan.changes[number]
            for words in sentences(change, self.known.menu(change.menu), id, self.resolve):
                reply = self.say(*map(plain, words))
                if isinstance(change, Add):
                    ids[number] = attributes(reply[-1])["ret"]
        return ids

    def apply(self, declared: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """One whole run: what is declared becomes ours."""
        plan, live = self.plan(declared)
        found = self.found
        record = attempted(found, self.owned, live.facts, "c1", self.keys)
        ids = self.carry_out(plan)
        done = [
            (c, c.target.id if isinstance(getattr(c, "target", None), Existing) else ids.get(n, ""))
            for n, c in enumerate(plan.changes)
        ]
        record = written(record, found, done, self.keys)
        self.owned = record
        left, after = self.plan(declared)
        assert left.empty, left
        self.owned = settled(self.found, record, after.facts, "c1", self.keys)

    def holdings(self, paths: Iterable[str] = ()) -> dict[str, list[tuple[str, dict[str, str]]]]:
        """Rows with their ids, in their order, write-only values too; what is at its default or empty is left out."""
        return {path: [(row.id, self.told(path, row.values)) for row in self.router.menu(path).table] for path in paths}

    def told(self, path: str, values: Mapping[str, str]) -> dict[str, str]:
        properties = {property.name: property for property in self.known.menu(path).writable}
        found = {n: shown(from_wire(properties[n], v)) for n, v in values.items() if n in properties and v}
        return {name: text for name, text in found.items() if text != properties[name].default}

    def kept(self) -> str:
        """All that the router holds, as a text."""
        return json.dumps(dump(self.router))

    def restore(self, kept: str) -> None:
        """Put the router back to what it held, a minute later than it was read."""
        state = json.loads(kept)
        tables = {
            path: Stored(path, [StoredRow(id, values, marks) for id, values, marks in rows])
            for path, rows in state["tables"].items()
        }
        self.router = Router.kept(self.router.spec, tables, state["counters"])
        self.router.booted = self.router.clock() - DAY - 60

    def arm(self, script: str, name: str = NAME, **about: str) -> None:
        """Put the script where the scheduler finds it."""
        policy = "=policy=ftp,reboot,read,write,policy,test,password,sniff,sensitive,romon"
        self.say("/system/script/add", f"=name={name}", f"=source={script}", policy)
        words = {"interval": "10m", "start-date": "2027-01-15", "start-time": "08:30:00", **about}
        rest = (f"={word}={value}" for word, value in words.items())
        self.say("/system/scheduler/add", f"=name={name}", f"=on-event={name}", policy, *rest)

    def fire(self, script: str) -> list[str]:
        """Run the script as the scheduler would; what the log says of it."""
        self.arm(script)
        before = len(self.router.rows("/log"))
        self.say("/system/script/run", f"=number={NAME}")
        assert not [row for path in OWN for row in self.router.rows(path) if row["name"] == NAME]
        return [row["message"] for row in self.router.rows("/log")[before:]]

    def pass_by(self, seconds: float) -> None:
        """Let time pass on the router."""
        self.router.advance(seconds)

    def id_of(self, path: str, name: str) -> str:
        return next(row[".id"] for row in self.router.rows(path) if row["name"] == name)

    def restart(self, *renumbered: str) -> None:
        """Restart; the rows of these menus have other ids afterwards."""
        self.router.restart()
        for path in renumbered:
            rows = self.router.menu(path).table.rows
            ids = [row.id for row in rows]
            for row, id in zip(rows, reversed(ids), strict=True):
                row.id = id


def shown(value: Value) -> str:
    return value.reveal() if isinstance(value, Secret) else str(value)


def plain(word: str) -> str:
    return word.reveal() if hasattr(word, "reveal") else str(word)


def bare(known: Catalogue, holdings: Mapping[str, Sequence[tuple[str, Mapping[str, str]]]]) -> dict[str, Any]:
    """Holdings without ids; the order of tables where it has no effect does not count."""
    rows = {path: [dict(sorted(values.items())) for _, values in pairs] for path, pairs in holdings.items()}
    return {path: each if known.menu(path).ordered else sorted(each, key=repr) for path, each in rows.items()}


def first() -> Place:
    return Place("first")
