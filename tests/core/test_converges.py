"""Whatever is declared, live and owned: one apply converges, and nothing that is not ours is touched."""

from __future__ import annotations

from collections.abc import Mapping

from box import MENUS, Box, plan_for, run
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.diff.owned import owned_from_document, owned_to_document
from trueup.plan import Move
from trueup.plan.document import plan_from_document, plan_to_document
from trueup.row import Place, Row, Scope, Table, Value
from trueup_schemas.secret import SecretRef

NAMES = st.sampled_from(["a", "b", "c", "d"])
CHAINS = st.sampled_from(["input", "forward"])


def maybe(draw: st.DrawFn, name: str, values: st.SearchStrategy[str]) -> dict[str, Value]:
    return {name: draw(values)} if draw(st.booleans()) else {}


@st.composite
def filters(draw: st.DrawFn) -> Row:
    values: dict[str, Value] = {"chain": draw(CHAINS)}
    values |= maybe(draw, "action", st.sampled_from(["accept", "drop"]))
    values |= maybe(draw, "src", NAMES)
    values |= maybe(draw, "odd", NAMES)
    values |= maybe(draw, "comment", NAMES)
    return Row(values)


@st.composite
def declared(draw: st.DrawFn) -> dict[str, Table]:
    """Tables of every kind; the first filter row of a chain says where it goes."""
    pools = [
        Row({"name": name, "ranges": draw(NAMES), **maybe(draw, "comment", NAMES)})
        for name in draw(st.lists(NAMES, unique=True))
    ]
    names = [row.text("name") for row in pools]
    profiles = [
        Row(
            {
                "name": name,
                **(maybe(draw, "pool", st.sampled_from(names)) if names else {}),
                **maybe(draw, "rate", NAMES),
            }
        )
        for name in draw(st.lists(NAMES, unique=True))
    ]
    rows, seen = [], set()
    for row in draw(st.lists(filters(), max_size=7)):
        chain = row.text("chain")
        if chain not in seen:
            row = Row(row.values, place=Place(draw(st.sampled_from(["first", "last"]))))
        seen.add(chain)
        rows.append(row)
    scope = Scope({"chain": "input"}, remove=draw(st.booleans()))
    lists = [
        Row({"list": name, "address": address})
        for name, address in draw(st.lists(st.tuples(NAMES, NAMES), unique=True, max_size=4))
    ]
    users = [Row({"name": name, "password": draw(st.sampled_from([SecretRef("a"), SecretRef("b")]))}) for name in names]
    servers = [
        Row(
            {"address": name, "secret": SecretRef(draw(st.sampled_from("ab")))}, place=Place("first") if not i else None
        )
        for i, name in enumerate(draw(st.lists(NAMES, unique=True, max_size=3)))
    ]
    tables = {
        "/pool": Table("/pool", tuple(pools)),
        "/profile": Table("/profile", tuple(profiles)),
        "/filter": Table("/filter", tuple(rows), (scope,)),
        "/list": Table("/list", tuple(lists)),
        "/user": Table("/user", tuple(users)),
        "/server": Table("/server", tuple(servers)),
        "/identity": Table("/identity", (Row(maybe(draw, "name", NAMES) | maybe(draw, "note", NAMES)),)),
    }
    chosen = {path for path in tables if draw(st.integers(0, 5))}
    if "/pool" not in chosen:
        chosen.discard("/profile")
    return {path: each for path, each in tables.items() if path in chosen}


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """A router with rows that nobody declared, dynamic ones among them."""
    box = Box()
    box.masks = draw(st.booleans())
    for row in draw(st.lists(filters(), max_size=4)):
        flag = {"dynamic": "true"} if draw(st.integers(0, 3)) == 0 else {}
        box.add("/filter", {n: str(v) for n, v in row.values.items()} | flag)
    for name in draw(st.lists(st.sampled_from(["a", "x", "y"]), unique=True)):
        box.add("/pool", {"name": name, "ranges": draw(NAMES)})
    for name in draw(st.lists(NAMES, unique=True, max_size=2)):
        box.add("/list", {"list": name, "address": draw(NAMES)})
    return box


def edit(box: Box, data: st.DataObject) -> None:
    """Somebody changes, removes and adds rows by hand, and perhaps restarts the router."""
    for _ in range(data.draw(st.integers(0, 3))):
        path = data.draw(st.sampled_from(["/filter", "/pool", "/list", "/server"]))
        rows = [row for row in box.tables[path] if not row.get("dynamic")]
        if not rows:
            continue
        row = data.draw(st.sampled_from(rows))
        what = data.draw(st.sampled_from(["change", "remove", "shift"]))
        if what == "remove" and not refers(box, path, row):
            box.tables[path].remove(row)
        elif what == "shift" and MENUS[path].ordered:
            box.tables[path].remove(row)
            box.tables[path].append(row)
        elif what == "change":
            name = {"/filter": "src", "/pool": "ranges", "/list": "address", "/server": "address"}[path]
            row[name] = data.draw(NAMES)
    if data.draw(st.booleans()):
        box.booted = box.now


def refers(box: Box, path: str, row: Mapping[str, str]) -> bool:
    return path == "/pool" and any(profile.get("pool") == row["name"] for profile in box.tables["/profile"])


def foreign(box: Box, ours: set[str], tables: Mapping[str, Table]) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Rows that were never ours and are in no scope that is pruned, in their order."""
    pruned = [scope for scope in tables.get("/filter", Table("/filter")).scopes if scope.remove]
    return [
        (path, tuple(row.items()))
        for path, rows in box.tables.items()
        for row in rows
        if row[".id"] not in ours and not (path == "/filter" and any(scope.holds(Row(row)) for scope in pruned))
    ]


@settings(max_examples=150)
@given(boxes(), declared(), declared(), st.data())
def test_one_apply_converges_and_touches_only_what_is_ours(
    box: Box, first: dict[str, Table], second: dict[str, Table], data: st.DataObject
) -> None:
    before = {row[".id"] for rows in box.tables.values() for row in rows}
    plan, left, owned = run(box, first, None)
    assert left.empty, left
    assert plan_for(box, first, owned).empty
    edit(box, data)
    owned = owned_from_document(owned_to_document(owned))
    matched = {record.id for record in owned.rows}
    there = {row[".id"] for rows in box.tables.values() for row in rows}
    untouchable = foreign(box, matched | (there - before) | adopted(box, second), second)
    plan, left, owned = run(box, second, owned)
    assert left.empty, left
    assert plan_for(box, second, owned).empty
    after = foreign(box, set(), {})
    assert [row for row in after if row in untouchable] == untouchable
    assert plan_from_document(plan_to_document(plan)).changes == tuple(map(anonymous, plan.changes))


def adopted(box: Box, tables: Mapping[str, Table]) -> set[str]:
    """Rows that a declaration matches, by key or content or comment: they are foreign no more."""
    live = box.live()
    plan = plan_for(box, tables, None)
    touched = {
        t.id
        for change in plan.changes
        for t in (change.targets if isinstance(change, Move) else (getattr(change, "target", None),))
        if t is not None and hasattr(t, "id")
    }
    return touched | {row.id for t in live.tables.values() for row in t if t.menu == "/identity"}


def anonymous(change: object) -> object:
    """The change as a document holds it: personal data by digest alone."""
    from dataclasses import replace

    from trueup.plan import PersonalValue

    def without(values: Mapping[str, object]) -> dict[str, object]:
        return {n: replace(v, text=None) if isinstance(v, PersonalValue) else v for n, v in values.items()}

    parts = {part: without(getattr(change, part)) for part in ("values", "old", "row") if hasattr(change, part)}
    if isinstance(change, Move):
        parts["rows"] = tuple(without(row) for row in change.rows)
    return replace(change, **parts)
