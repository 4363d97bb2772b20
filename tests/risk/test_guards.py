"""Which plans need their hash named, and which do not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from trueup.diff.menu import OURS, UNMANAGED
from trueup.diff.owned import Owned, OwnedRow, owned_from_document, owned_to_document, scope_digest
from trueup.errors import Source
from trueup.plan import Existing, Plan, Remove, Set
from trueup.risk import Limits, guards
from trueup.row import Desired, Facts, Live, Row, Scope, Table

USERS, LISTS = "/ip/hotspot/user", "/ip/firewall/address-list"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FACTS = Facts("7.24", "CHR", "CHR", "serial", 60, NOW)
HERE = Source("harbour/edge-1.yaml", 7)


def digest(text: str) -> str:
    return f"digest of {len(text)} {text}"


def removing(reason: str = OURS, **menus: int) -> Plan:
    paths = {"users": USERS, "lists": LISTS}
    removes = [Remove(paths[m], Existing(f"*{n}", ""), {}, reason) for m, count in menus.items() for n in range(count)]
    return Plan("edge-1", "", "7.24", "serial", "", (tuple(removes),))


def live(users: int = 0, lists: int = 0, dynamic: int = 0) -> Live:
    rows = [Row({}, id=f"*{n}") for n in range(users)] + [Row({}, id=f"*D{n}", fixed="dynamic") for n in range(dynamic)]
    tables = {USERS: Table(USERS, tuple(rows)), LISTS: Table(LISTS, tuple(Row({}, id=f"*{n}") for n in range(lists)))}
    return Live(FACTS, tables)


def ours(count: int, pruned: frozenset[str] = frozenset()) -> Owned:
    row = OwnedRow(USERS, "", "", frozenset())
    return Owned("serial", "", "", NOW, NOW, (row,) * count, pruned)


def desired(*scopes: Scope, rows: int = 1) -> Desired:
    return Desired("edge-1", {USERS: Table(USERS, (Row({}),) * rows, scopes)})


def kinds(*given: object) -> list[tuple[str, str]]:
    plan, live, owned, *rest = given
    return [(g.kind, g.menu) for g in guards(plan, rest[0] if rest else desired(), live, owned, Limits(), digest)]


@pytest.mark.parametrize(
    ("plan", "there", "record", "found"),
    [
        (removing(users=50), live(users=1000), ours(1000), []),
        (removing(users=51), live(users=1000), ours(1000), [("removes", USERS)]),
        (removing(users=30, lists=30), live(users=500, lists=500), ours(1000), [("removes", "")]),
        (removing(users=4), live(users=4), ours(100), []),
        (removing(users=5), live(users=17), ours(100), []),
        (removing(users=5), live(users=16), ours(100), [("removes", USERS)]),
        (removing(users=5), live(users=10, dynamic=90), ours(100), [("removes", USERS)]),
        (removing(users=3, lists=3), live(users=50, lists=50), ours(10), [("removes", "")]),
        (removing(users=3, lists=3), live(users=50, lists=50), ours(100), []),
    ],
)
def test_mass_removals_are_told_once(plan: Plan, there: Live, record: Owned, found: list[tuple[str, str]]) -> None:
    assert kinds(plan, there, record) == found


def test_the_limits_are_those_of_the_network() -> None:
    plan, there = removing(users=6), live(users=10)
    assert guards(plan, desired(), there, ours(10), Limits(rows=50, share=0.7), digest) == ()
    (guard,) = guards(removing(users=1), desired(), there, ours(10), Limits(rows=0, share=1), digest)
    assert guard.text == "removes 1 of 10 rows"


def test_nothing_declared_any_more_is_asked_about_on_a_small_router_too() -> None:
    assert kinds(removing(users=1), live(users=9), ours(1), desired(rows=0)) == [("empties", "")]
    assert kinds(removing(users=1), live(users=9), None, desired(rows=0)) == []
    assert kinds(Plan("edge-1", "", "", "", ""), live(), ours(1), desired(rows=0)) == []


def test_a_scope_is_asked_about_once() -> None:
    scope, other = Scope({"server": "lobby"}, remove=True, source=HERE), Scope({"server": "pool"}, remove=True)
    plan, there = removing(UNMANAGED, users=1), live(users=9)
    (guard,) = guards(plan, desired(scope), there, ours(9), Limits(), digest)
    assert (guard.kind, guard.menu, guard.source) == ("prunes", USERS, HERE)
    known = ours(9, frozenset({scope_digest(USERS, scope, digest)}))
    assert kinds(plan, there, known, desired(scope)) == []
    assert kinds(plan, there, known, desired(scope, other)) == [("prunes", USERS)]
    assert kinds(plan, there, None, desired(scope)) == [("prunes", USERS)]
    assert kinds(removing(OURS, users=1), there, None, desired(scope)) == []


def test_the_record_remembers_scopes_by_digest_and_older_ones_are_read() -> None:
    record = ours(1, frozenset({"b", "a"}))
    document = owned_to_document(record)
    assert document["pruned"] == ["a", "b"]
    assert owned_from_document(document) == record
    older = {key: value for key, value in document.items() if key != "pruned"} | {"format-version": "1.0"}
    assert owned_from_document(older).pruned == frozenset()


def test_what_the_net_cannot_take_back_is_told_by_menu() -> None:
    change = Set("/radius", Existing("*1", ""), {}, {}, {})
    other = Set("/ppp/secret", Existing("*1", ""), {}, {}, {})
    plan = Plan("edge-1", "", "", "", "", ((change, change), (other,)))
    found = guards(plan, desired(), live(), ours(9), Limits(), digest, uncovered={2, 0, 1})
    assert [(g.menu, g.text) for g in found] == [
        ("/radius", "changes 1, 2 of 3 cannot be undone by the net"),
        ("/ppp/secret", "change 3 of 3 cannot be undone by the net"),
    ]
    assert guards(plan, desired(), live(), ours(9), Limits(), digest) == ()
