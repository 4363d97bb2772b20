"""One router on its way from one declaration to the next, by a plan with every kind of change; and the truth of it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fleet_room import Named, Room, is_write, room, spec

from trueup.audit import Run
from trueup.fleet.nets import Asked
from trueup.fleet.run import FleetRun
from trueup.lab.router import Router
from trueup.lab.server import VirtualRouter
from trueup.lab.state import dump
from trueup.lab.table import Row, Table
from trueup.load.network import load_network
from trueup.plan import Add, Change, Move, Outcome, Plan, Remove, Report, SecretValue, Set
from trueup.secrets import open_stores

FILTER = "/ip/firewall/filter"
SECRETS = {"old": "canary-old-secret-1", "new": "canary-new-secret-2"}

FOREIGN: Mapping[str, Any] = {
    "/ip/pool": [{"name": "theirs", "ranges": "192.168.9.2-192.168.9.9"}],
    FILTER: [
        {"chain": "input", "action": "accept", "comment": "theirs, first"},
        {"chain": "input", "action": "accept", "comment": "theirs, last"},
    ],
    "/user": [{"name": "theirs", "password": "x", "group": "read"}],
}


def rule(comment: str, **more: str) -> dict[str, str]:
    return {"chain": "input", "action": "accept", **more, "comment": comment}


BEFORE: Mapping[str, Any] = {
    "/system/identity": {"name": "before"},
    "/ip/pool": [
        {"name": "kept", "ranges": "10.0.1.2-10.0.1.9"},
        {"name": "changed", "ranges": "10.0.2.2-10.0.2.9"},
        {"name": "gone", "ranges": "10.0.3.2-10.0.3.9"},
    ],
    FILTER: [
        {**rule("one"), "place": {"after": {"comment": "theirs, first"}}},
        rule("two", protocol="tcp", **{"dst-port": "22"}),
        rule("three"),
        rule("four"),
        rule("five"),
    ],
    "/interface/ethernet": [
        {"default-name": "ether2", "name": "left"},
        {"default-name": "ether3", "name": "right"},
    ],
    "/user": [{"name": "trueup", "password": Named("api"), "group": "full"},
              {"name": "ours", "password": Named("old"), "group": "read"}],
    "/radius": [{"address": "10.0.0.5", "service": ["login"], "secret": Named("old"), "comment": "billing"}],
    "/ip/dns/static": [{"name": "a.example", "address": "10.0.0.1"}],
    "/ip/firewall/mangle": [{"chain": "prerouting", "action": "accept", "comment": "going"}],
}  # fmt: skip

AFTER: Mapping[str, Any] = {
    "/system/identity": {"name": "after"},
    "/ip/pool": [
        {"name": "kept", "ranges": "10.0.1.2-10.0.1.9"},
        {"name": "changed", "ranges": "10.0.2.2-10.0.2.99"},
        {"name": "fresh", "ranges": "10.0.4.2-10.0.4.9"},
    ],
    "/ppp/profile": [{"name": "subscribers", "remote-address": "fresh"}],
    FILTER: [
        {**rule("one"), "place": {"after": {"comment": "theirs, first"}}},
        rule("five"),
        rule("two", protocol="tcp"),
        rule("twins"),
        rule("twins"),
        rule("four", **{"log-prefix": "x"}),
    ],
    "/interface/ethernet": [
        {"default-name": "ether2", "name": "right"},
        {"default-name": "ether3", "name": "left"},
    ],
    "/user": [{"name": "trueup", "password": Named("api"), "group": "full"},
              {"name": "ours", "password": Named("new"), "group": "read"}],
    "/radius": [{"address": "10.0.0.5", "service": ["login"], "secret": Named("new"), "comment": "billing"}],
    "/ip/dns/static": [{"name": "a.example", "address": "10.0.0.1"}, {"name": "b.example", "address": "10.0.0.2"}],
    "/ip/firewall/mangle": [{"chain": "forward", "action": "accept", "comment": "twin"} for _ in range(2)],
}  # fmt: skip


@dataclass
class Memory:
    """An audit that keeps ownership as the text that it would write, and nothing else."""

    owned: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)

    def read_owned(self, router: str) -> Any:
        return json.loads(self.owned[router]) if router in self.owned else None

    def read_kept(self, router: str, name: str) -> Any:
        return self.kept.get(name)

    def write_kept(self, router: str, name: str, document: Any) -> None:
        self.kept[name] = document

    def write_owned(self, router: str, document: Any) -> None:
        self.owned[router] = json.dumps(document)

    def start(self, run: Run) -> None: ...

    def finish(self, run: Run, reports: list[Report], redact: Callable[[str], str] = str) -> None: ...

    def release(self) -> None: ...


NETLESS = Asked(none=True)


@dataclass
class Journey:
    """The router `edge`, as it is after BEFORE was applied, to be brought to AFTER as often as one likes."""

    made: Room
    network: Any
    start: dict[str, Any]
    owned: Memory
    asked: Asked = NETLESS
    """Without a net, so that what is reported is what a fault left."""
    coming: Callable[[], None] = lambda: None

    @property
    def served(self) -> VirtualRouter:
        return self.made.lab["edge"]

    def begin(self) -> Memory:
        """Put the router back to where BEFORE left it; the audit's record of then."""
        tables = {
            path: Table(path, [Row(id, dict(values), dict(marks)) for id, values, marks in rows])
            for path, rows in self.start["tables"].items()
        }
        self.served.router = Router.kept(self.served.spec, tables, dict(self.start["counters"]))
        self.served.router.booted -= 86400.0
        self.served.log.clear()
        self.served.faults.clear()
        return Memory(dict(self.owned.owned), self.owned.kept)

    def run(self, audit: Memory, *, write: bool = True, stop_at: int = 0) -> tuple[Plan, Report | None]:
        """Plan, and apply where `write`, to be stopped once so many changes are made; the plan and its report."""
        return asyncio.run(asyncio.wait_for(self._run(audit, write, stop_at), 30))

    async def _run(self, audit: Memory, write: bool, stop_at: int) -> tuple[Plan, Report | None]:
        """Faults that were ordered as `coming` strike once the plan is made."""
        stores = open_stores(self.network.settings, self.network.root)
        async with FleetRun(self.network, self.network.routers, stores, audit, lambda *_: None) as run:
            run.asked = self.asked
            await run.plan()
            assert not run.failures
            if stop_at:
                run.watch = lambda router, doing, done, count: run.stop.ask("enough") if done == stop_at else None
            [plan] = run.plans
            self.coming()
            reports = await run.apply() if write else []
            return plan, reports[0] if reports else None

    def writes(self) -> list[str]:
        """The commands that were sent to change something, in their order."""
        return [words[0] for words in self.served.log if is_write(words[0])]

    def rows(self, menu: str) -> list[dict[str, str]]:
        """What the router holds, write-only values too; in its order."""
        return [{".id": row.id, **row.values} for row in self.served.router.menu(menu).table.rows]

    def holdings(self) -> dict[str, Any]:
        """All that the declarations are about, without `.id`s, which differ from one way to the next, and without empty
        texts, which are as good as none."""
        found = {}
        for menu in AFTER:
            rows = [{name: value for name, value in row.items() if name != ".id" and value} for row in self.rows(menu)]
            found[menu] = rows if menu == FILTER else sorted(rows, key=repr)
        return found

    def foreign(self) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        """The rows that aren't ours, `.id`s and all, with their menus; in their order."""
        theirs = {FILTER: "comment", "/ip/pool": "name", "/user": "name"}
        return [
            (menu, tuple(sorted(row.items())))
            for menu, name in theirs.items()
            for row in self.rows(menu)
            if row[name].startswith("theirs")
        ]


@contextmanager
def journey(folder: Path, ends: Mapping[str, str] | None = None, **about: Any) -> Iterator[Journey]:
    """A journey, with BEFORE applied by a run of its own and AFTER declared; `about` are words of the router's spec.

    `ends` are the addresses between which the router sees the manager, where that is to be known.
    """
    seed = dict(FOREIGN)
    with room(folder, spec("edge", seed=seed, **about)) as made:
        for name, value in SECRETS.items():
            made.patch.setenv(f"TRUEUP_SECRET_{name.upper()}", value)
        edge = made.lab["edge"]
        connect = {"port": edge.port, "tls": "off", **(ends or {})}
        if edge.ssh_port:
            connect["timeout"] = "500ms"
            connect["ssh"] = {"port": edge.ssh_port, "host-key": edge.host_key}
        made.declare("edge", BEFORE, connect=connect)
        made.commit()
        first = Journey(made, load_network(made.network, None), {}, Memory())
        _, report = first.run(first.owned)
        assert report is not None
        assert report.converged, report
        made.declare("edge", AFTER, connect=connect)
        made.commit("Declare what comes after")
        yield Journey(made, load_network(made.network, None), dump(first.served.router), first.owned)


class Truth:
    """What the virtual router says of each change, from its tables before and after."""

    def __init__(self, before: Mapping[str, list[dict[str, str]]], travel: Journey) -> None:
        self.before, self.travel = before, travel

    def done(self, plan: Plan) -> list[bool]:
        added = Counter({key: self.added(key) for key in map(adding, plan.changes) if key})
        return [self.one(change, added, plan.changes[number:]) for number, change in enumerate(plan.changes)]

    def one(self, change: Change, added: Counter[Any], rest: Sequence[Change]) -> bool:
        rows = {row[".id"]: row for row in self.travel.rows(change.menu)}
        if isinstance(change, Add):
            key = adding(change)
            added[key] -= 1
            return added[key] >= 0
        if isinstance(change, Remove):
            gone = next(row for row in self.before[change.menu] if row[".id"] == change.target.id)
            return not any(plain(row) == plain(gone) for row in rows.values())
        if isinstance(change, Move):
            return self.place(self.travel.rows(change.menu), change) != self.place(self.before[change.menu], change)
        row = rows[change.target.id] if change.target is not None else next(iter(rows.values()))
        return all(row.get(name, "") in reached(change, name, rest) for name in change.values)

    def added(self, key: tuple[str, frozenset[tuple[str, str]]]) -> int:
        menu, values = key
        there = {row[".id"] for row in self.before[menu]}
        return sum(values <= row.items() for row in self.travel.rows(menu) if row[".id"] not in there)

    def place(self, rows: list[dict[str, str]], change: Move) -> bool:
        """Whether the moved rows stand before the row that they go before."""
        ids = [row[".id"] for row in rows]
        return all(ids.index(t.id) < ids.index(change.before.id) for t in change.targets)


def plain(row: Mapping[str, str]) -> dict[str, str]:
    """What a row holds; one that was removed and came back has another id."""
    return {name: value for name, value in row.items() if name != ".id"}


def reached(change: Set, name: str, rest: Sequence[Change]) -> set[str]:
    """What a value is once the change is made, and what later changes of the same row make of it."""
    same = [c for c in rest if isinstance(c, Set) and (c.menu, c.target) == (change.menu, change.target)]
    values = [each.values[name] for each in same if name in each.values]
    return {SECRETS[v.ref.name] if isinstance(v, SecretValue) else v or "" for v in values}


def adding(change: Change) -> Any:
    """What tells an added row: its menu and its plain values."""
    if not isinstance(change, Add):
        return None
    plain = {name: value for name, value in change.values.items() if not isinstance(value, SecretValue | type(None))}
    return change.menu, frozenset(plain.items())


def misreported(plan: Plan, report: Report, truth: list[bool]) -> list[object]:
    """Changes of which something else was told than is so; of adds that are alike, how many were done must be right."""
    alike: dict[object, list[int]] = {}
    for number, change in enumerate(plan.changes):
        alike.setdefault(adding(change) or number, []).append(number)
    wrong: list[object] = []
    for numbers in alike.values():
        told = Counter(report.results[number].outcome for number in numbers)
        done = sum(truth[number] for number in numbers)
        if not told[Outcome.DONE] <= done <= told[Outcome.DONE] + told[Outcome.UNKNOWN]:
            wrong.append((plan.changes[numbers[0]], dict(told), done))
    return wrong
