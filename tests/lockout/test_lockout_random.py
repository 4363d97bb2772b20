"""Whatever is called kept lets the manager in after every command: random routers and plans, judged twice.

The virtual router's packets know nothing of the analysis; where the two differ, one of them is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trueup.device import sentences
from trueup.device.read import query, table
from trueup.diff import Keys, difference
from trueup.diff.reads import menus_to_read
from trueup.errors import PlanError
from trueup.lab import Manager as Seen
from trueup.lab import Router, Spec
from trueup.lab.packets.way import judge
from trueup.order import order_with_needs
from trueup.plan import Add, Change, Created, Move, Plan
from trueup.risk import Manager, analyse, make_before_break, mattering
from trueup.row import Desired, Facts, Live, Row, Scope, Secret, Table, Tables
from trueup_schemas.catalogue import catalogue
from trueup_schemas.catalogue.types import Menu

KNOWN = catalogue("7.24")
KEYS = Keys(lambda ref: Secret(ref.name), lambda ref: "", lambda text: str(hash(text)))
FACTS = Facts("7.24", "CHR", "CHR", "serial", 60, datetime(2026, 1, 1, tzinfo=UTC))
MANAGER = Manager("10.9.9.9", "10.20.0.1", 8729, "trueup")
Rows = dict[str, list[dict[str, str]]]

SOURCES = ["10.9.0.0/16", "10.9.9.9", "!10.9.0.0/16", "10.8.0.0/16", "10.9.9.1-10.9.9.20"]
LISTS = ["managers", "blocked", "!managers", "!blocked"]
INTERFACES = ["ether1", "ether2", "lan", "mgmt"]


def draw_some(**options: list[str]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({}, optional={k.replace("_", "-"): st.sampled_from(v) for k, v in options.items()})


MATCHERS = draw_some(
    src_address=SOURCES,
    src_address_list=LISTS,
    dst_address=["10.20.0.1", "!10.20.0.1", "10.20.0.0/24"],
    dst_address_type=["local", "!local"],
    in_interface=[*INTERFACES, "!ether1", "!lan"],
    in_interface_list=["LAN", "!LAN"],
    connection_state=["new", "established,related", "invalid", "!established"],
    disabled=["yes"],
)
PORTS = st.sampled_from([{}, {"protocol": "tcp"}, {"protocol": "tcp", "dst-port": "8729"}, {"protocol": "udp"}])
ACTIONS = st.sampled_from(["accept", "drop", "reject", "return", "log", "jump"])

LED = st.fixed_dictionaries(
    {
        "chain": st.just("dstnat"),
        "protocol": st.just("tcp"),
        "dst-port": st.sampled_from(["443", "8729", "8000-9000"]),
        "action": st.sampled_from(["accept", "dst-nat", "redirect"]),
    },
    optional={"src-address": st.sampled_from(SOURCES), "to-ports": st.sampled_from(["8729", "80"])},
)

SENT = st.fixed_dictionaries(
    {"chain": st.just("output"), "action": st.sampled_from(["accept", "drop"])},
    optional={
        "dst-address": st.sampled_from(SOURCES),
        "src-address": st.sampled_from(["10.20.0.1", "!10.20.0.1"]),
        "out-interface": st.sampled_from([*INTERFACES, "!ether1", "!lan"]),
        "connection-state": st.sampled_from(["new", "established,related"]),
    },
)


@st.composite
def rules(draw: st.DrawFn, chains: list[str], most: int) -> list[dict[str, str]]:
    found = []
    for number in range(draw(st.integers(0, most))):
        rule = {"chain": draw(st.sampled_from(chains)), "action": draw(ACTIONS), **draw(PORTS), **draw(MATCHERS)}
        if rule["action"] == "jump":
            rule["jump-target"] = "ours"
        if rule["chain"] == "prerouting" and rule["action"] == "reject":
            rule["action"] = "drop"
        if rule["chain"] == "prerouting" or rule["chain"] == "ours":
            rule.pop("connection-state", None)
        if rule["chain"] == "ours" and rule["action"] == "jump":
            rule = {**rule, "action": "return"}
            rule.pop("jump-target")
        found.append({**rule, "comment": f"rule {number} {draw(st.sampled_from('ab'))}"})
    return found


@st.composite
def ground(draw: st.DrawFn, tagged: bool) -> Rows:
    """Ports, a bridge, a VLAN, the address on one of them, and the way back; mostly such as let the manager in."""
    bridged, filtering = draw(st.booleans()), draw(st.sampled_from(["yes", "no"]))
    ports = [p for p in ("ether1", "ether2") if draw(st.booleans())] if bridged else []
    below = "lan" if "ether1" in ports else "ether1"
    pvid = draw(st.sampled_from(["1", "10"]))
    port = {"bridge": "lan", "frame-types": draw(st.sampled_from(["admit-all", "admit-only-vlan-tagged"]))}
    port |= {"pvid": pvid, "frame-types": "admit-all"} if not tagged else {}
    table = [{"bridge": "lan", "vlan-ids": "10", "tagged": "ether1,lan"}] if tagged else []
    if draw(st.integers(0, 3)) == 0:
        below, pvid = draw(st.sampled_from(["lan", "ether1"])), draw(st.sampled_from(["1", "10"]))
        table = table if draw(st.booleans()) else []
    off = {"disabled": "yes"} if draw(st.integers(0, 9)) == 0 else {}
    routes = [{"dst-address": "0.0.0.0/0", "gateway": draw(st.sampled_from(["10.20.0.254"] * 4 + ["10.30.0.254"]))}]
    if draw(st.booleans()):
        routes.append({"dst-address": "10.9.0.0/16", "gateway": "10.20.0.254"})
    place = "mgmt" if tagged else below
    number = draw(st.sampled_from(["10"] * 5 + ["11"]))
    return {
        "/interface/bridge": [{"name": "lan", "vlan-filtering": filtering, "pvid": pvid}],
        "/interface/bridge/port": [{**port, "interface": name, **off} for name in ports],
        "/interface/bridge/vlan": table,
        "/interface/vlan": [{"name": "mgmt", "vlan-id": number, "interface": below}],
        "/ip/address": [
            {"address": draw(st.sampled_from(["10.20.0.1/24"] * 4 + ["10.20.0.2/24"])), "interface": place},
            {"address": "10.30.0.1/24", "interface": "ether2"},
        ],
        "/ip/route": routes,
    }


SERVED = st.sampled_from(
    [
        *[{}] * 6,
        {"name": "api-ssl", "address": "10.9.0.0/16"},
        {"name": "api-ssl", "address": "10.8.0.0/16"},
        {"name": "api-ssl", "port": "80"},
        {"name": "api-ssl", "disabled": "yes"},
        {"name": "api", "disabled": "yes"},
    ]
)
PORT = st.sampled_from(
    [
        *[{}] * 6,
        {"default-name": "ether1", "name": "uplink"},
        {"default-name": "ether1", "disabled": "yes"},
        {"default-name": "ether2", "disabled": "yes"},
    ]
)

OPEN = {"chain": "input", "action": "accept", "src-address": "10.9.0.0/16", "comment": "managers"}


@st.composite
def routers(draw: st.DrawFn, tagged: bool) -> Rows:
    first = [OPEN] if draw(st.booleans()) else []
    members = draw(st.lists(st.sampled_from(INTERFACES), unique=True, max_size=2))
    entries = st.lists(st.tuples(st.sampled_from(["managers", "blocked"]), st.sampled_from(["10.9.9.9", "10.8.8.8"])))
    return {
        **draw(ground(tagged)),
        "/interface/list": [{"name": "LAN"}],
        "/interface/list/member": [{"list": "LAN", "interface": name} for name in members],
        "/ip/firewall/address-list": [{"list": n, "address": a} for n, a in sorted(set(draw(entries)))],
        "/ip/firewall/filter": [*first, *draw(rules(["input", "input", "ours"], 4)), *draw(st.lists(SENT, max_size=2))],
        "/ip/firewall/raw": draw(rules(["prerouting"], 1)),
        "/ip/firewall/nat": draw(st.lists(LED, max_size=2)),
    }


@st.composite
def changed(draw: st.DrawFn, before: Rows, tagged: bool) -> Rows:
    """Some menus as another router has them, the others as they are."""
    other = draw(routers(tagged))
    menus = draw(st.lists(st.sampled_from(sorted(before)), min_size=1, max_size=3, unique=True))
    fixed = {menu: [row] for menu, row in (("/ip/service", draw(SERVED)), ("/interface/ethernet", draw(PORT))) if row}
    return {**{menu: other[menu] for menu in menus}, **fixed}


def read(router: Router, menus: Iterable[Menu]) -> Tables:
    tables = {}
    for menu in menus:
        said = [words[1:] for words in router.execute(query(menu)) if words[0] == "!re"]
        tables[menu.path] = table(menu, [dict(word[1:].split("=", 1) for word in words) for words in said])
    return tables


def planned(router: Router, declared: Rows) -> tuple[Plan, str]:
    """The plan for what is declared, in its order, and what is said of it."""
    desired = Desired(
        "r1",
        {
            path: Table(path, tuple(map(Row, rows)), (Scope({}, KNOWN.menu(path).kind != "fixed"),))
            for path, rows in declared.items()
        },
    )
    menus = {menu.path: menu for menu in menus_to_read(desired, None, KNOWN)}
    live = Live(FACTS, read(router, menus.values()))
    extra = [KNOWN.menu(path) for path in mattering(MANAGER) if path in KNOWN and path not in menus]
    tables = {**read(router, extra), **live.tables}
    plan, needs = order_with_needs(difference(desired, live, None, KNOWN, KEYS), desired, live, KNOWN, KEYS)
    plan = make_before_break(plan, tables, MANAGER, KNOWN, needs)
    return plan, analyse(plan, tables, MANAGER, KNOWN).verdict


def shut(router: Router) -> list[str]:
    return [fate.why for state in ("new", "established") if not (fate := judge(router, "api-ssl", state)).passes]


MANY = int(os.environ.get("LOCKOUT_STORIES", "60"))
"""Stories that are told; more of them where somebody looks for what is wrong."""


@st.composite
def stories(draw: st.DrawFn) -> tuple[bool, Rows, Rows]:
    """Whether the manager's frames have a tag, what the router holds, and what is declared."""
    tagged = draw(st.booleans())
    before = draw(routers(tagged))
    return tagged, before, draw(changed(before, tagged))


@settings(max_examples=MANY)
@given(stories(), st.randoms(use_true_random=False))
def test_kept_is_kept_after_every_command(story: tuple[bool, Rows, Rows], random: Random) -> None:
    tagged, before, declared = story
    manager = Seen(MANAGER.source, MANAGER.destination, vlan=10 * tagged, gateway="10.20.0.254")
    router = Router(Spec("r1", ports=["ether1", "ether2"], manager=manager, seed=before))
    assume(not shut(router))
    try:
        plan, verdict = planned(router, declared)
    except PlanError:
        assume(False)
        return
    closed = [cut for words in carried_out(plan, router, random) for cut in [(words, *shut(router))] if cut[1:]]
    if verdict == "kept":
        assert closed == []
    assert planned(router, declared)[0].empty


def carried_out(plan: Plan, router: Router, random: Random) -> Iterator[list[str]]:
    """Each command of a plan, once the router has done it; those of a stage in any order that its lanes allow."""
    ids: dict[int, str] = {}
    numbers = iter(range(len(plan.changes)))
    for stage in plan.stages:
        lanes: dict[object, list[tuple[int, Change]]] = {}
        for change in stage:
            number = next(numbers)
            placed = isinstance(change, Add | Move) and KNOWN.menu(change.menu).ordered
            lanes.setdefault(change.menu if placed else number, []).append((number, change))
        waiting = list(lanes.values())
        while waiting:
            lane = random.choice(waiting)
            number, change = lane.pop(0)
            waiting = [each for each in waiting if each]
            yield from done(number, change, router, ids)


def done(number: int, change: Change, router: Router, ids: dict[int, str]) -> Iterator[list[str]]:
    menu = KNOWN.menu(change.menu)
    for words in sentences(change, menu, lambda t: ids[t.n] if isinstance(t, Created) else t.id, KEYS.resolve):
        reply = router.execute(words)
        assert reply[0][0] == "!done", (words, reply)
        ids[number] = reply[0][-1].removeprefix("=ret=")
        yield words
