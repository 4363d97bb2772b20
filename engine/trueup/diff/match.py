"""Which live row is which declared row, in one menu. Never a guess: what is not certain is new."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trueup.diff.content import Content, Keys, Shape, content_digest, identity_digest
from trueup.diff.owned import OwnedRow
from trueup.errors import Problem
from trueup.row import Digester, Row


@dataclass
class Matching:
    """The outcome for one menu.

    `live` gives each declared row (by its index) its live row; `ours` gives live rows (by `.id`) their record;
    `perhaps` gives rows that no record claims the protected one with their `.id`, which may be right.
    """

    live: dict[int, Row] = field(default_factory=dict)
    ours: dict[str, OwnedRow] = field(default_factory=dict)
    perhaps: dict[str, OwnedRow] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _Search:
    """One menu's rows while they are being matched."""

    shape: Shape
    declared: Sequence[Row]
    rows: Sequence[Row]
    found: Matching
    ignored: frozenset[str] = frozenset()
    taken: set[str] = field(default_factory=set)

    def pair(self, index: int, row: Row) -> None:
        self.found.live[index] = row
        self.taken.add(row.id)

    def missing(self) -> Iterator[tuple[int, Row]]:
        return ((i, row) for i, row in enumerate(self.declared) if i not in self.found.live)

    def free(self) -> Iterator[Row]:
        """Rows that may be a declared one: of ignored ones only those that are ours."""
        return (
            row
            for row in self.rows
            if row.id not in self.taken and (row.id not in self.ignored or row.id in self.found.ours)
        )


def match(
    shape: Shape,
    declared: Sequence[Row],
    live: Sequence[Row],
    owned: Sequence[OwnedRow],
    *,
    same_boot: bool,
    keys: Keys,
    ignored: frozenset[str] = frozenset(),
) -> Matching:
    """Match one menu's declared rows to its live ones, and find which live rows are ours.

    `owned` are this menu's records, () where no record holds; `same_boot` says that recorded `.id`s still hold.
    `ignored` are rows that a declared one is only by its key or its record, never because it looks like it.
    """
    rows = [row for row in live if row.fixed != "dynamic"]
    found = Matching()
    if shape.menu.kind == "singleton":
        if declared and rows:
            found.live[0] = rows[0]
        if owned and rows:
            found.ours[rows[0].id] = owned[0]
        return found
    found.ours = _ours(shape, rows, owned, same_boot=same_boot, keys=keys)
    found.perhaps = _perhaps(rows, owned, found.ours)
    search = _Search(shape, declared, rows, found, ignored)
    _by_key(search)
    _by_old_key(search)
    _by_content(search, keys.digest)
    if same_boot:
        _by_record(search, owned, keys)
    _by_comment(search)
    return found


def _ours(
    shape: Shape, rows: Sequence[Row], owned: Sequence[OwnedRow], *, same_boot: bool, keys: Keys
) -> dict[str, OwnedRow]:
    """Live rows that a record claims: by key; where there is none, by `.id` since the boot, else by content.

    While the `.id` holds, content alone claims nothing, as a stranger may hold the same; but what a run set out to
    remove may have been brought back.
    """
    if shape.menu.key:
        return dict(_ours_by_key(shape, rows, owned, same_boot=same_boot, keys=keys))
    ours: dict[str, OwnedRow] = {}
    by_content = []
    live = {row.id for row in rows}
    for record in owned:
        if same_boot and record.id in live:
            ours[record.id] = record
        elif record.going or not (same_boot and record.id):
            by_content.append(record)
    digests = _live_digests(shape, [row for row in rows if row.id not in ours], by_content, keys)
    for record in by_content:
        holders = digests.get(record.content)
        if holders:
            ours[holders.pop(0)] = record
    return ours


def _perhaps(rows: Sequence[Row], owned: Sequence[OwnedRow], ours: Mapping[str, OwnedRow]) -> dict[str, OwnedRow]:
    """Rows that may be protected ones which somebody has edited or renamed until no record claims them."""
    claimed = {id(record) for record in ours.values()}
    lost = {record.id: record for record in owned if record.protect and record.id and id(record) not in claimed}
    return {row.id: lost[row.id] for row in rows if row.id in lost and row.id not in ours}


def _ours_by_key(
    shape: Shape, rows: Sequence[Row], owned: Sequence[OwnedRow], *, same_boot: bool, keys: Keys
) -> Iterator[tuple[str, OwnedRow]]:
    """Of several rows with one key, which not every menu refuses, only the one with the recorded `.id`."""
    holders: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        holders[identity_digest(shape.menu, shape.key(row), keys.digest)].append(row)
    for record in owned:
        same = holders.get(record.identity, []) if record.identity else []
        for row in same:
            if len(same) == 1 or (same_boot and row.id == record.id):
                yield row.id, record


def _live_digests(shape: Shape, rows: Sequence[Row], owned: Sequence[OwnedRow], keys: Keys) -> dict[str, list[str]]:
    """Content digest → ids of the live rows that have it, for every set of names that a record compares."""
    digests: dict[str, dict[str, None]] = defaultdict(dict)
    for names, ignored in {(r.names - shape.secrets - set(shape.defaults), r.ignore) for r in owned}:
        for row in rows:
            digest = content_digest(shape.menu, shape.content(row, names, ignored), keys.digest)
            digests[digest][row.id] = None
    return {digest: list(ids) for digest, ids in digests.items()}


def _by_key(search: _Search) -> None:
    if not search.shape.menu.key:
        return
    live = defaultdict(list)
    for row in search.rows:
        live[search.shape.key(row)].append(row)
    for index, row in search.missing():
        key = search.shape.key(row)
        holders = live.get(key, []) if key else []
        if len(holders) > 1:
            holders = [holder for holder in holders if holder.id in search.found.ours]
        if len(holders) == 1 and holders[0].id not in search.taken:
            search.pair(index, holders[0])


def _by_old_key(search: _Search) -> None:
    """`was: OLD` counts only while no live row has the new key."""
    shape, declared_keys = search.shape, {search.shape.key(row) for row in search.declared}
    for index, row in enumerate(search.declared):
        if not row.was:
            continue
        old_key = tuple(str(row.was.get(name, shape.value(row, name))) for name in shape.menu.key)
        holders = [r for r in search.rows if _was(shape, row, r, old_key)]
        old = " ".join(str(value) for value in row.was.values())
        if shape.menu.key and old_key in declared_keys:
            search.found.problems.append(Problem(f"`was: {old}` names a row that is declared too", row.source))
        elif index in search.found.live:
            if any(holder.id in search.found.ours and holder.id not in search.taken for holder in holders):
                message = f"both this row and `was: {old}` are on the router, and {old} is ours"
                search.found.problems.append(Problem(message, row.source, "remove one of them by hand, or drop `was`"))
        elif len(holders) == 1 and holders[0].id not in search.taken:
            search.pair(index, holders[0])


def _was(shape: Shape, declared: Row, live: Row, old_key: tuple[str, ...]) -> bool:
    if shape.menu.key:
        return shape.key(live) == old_key
    return all(shape.value(live, name) == value for name, value in declared.was.items())


def _by_content(search: _Search, digest: Digester) -> None:
    """Exactly the same content, rows that say more first: the recorded row if it holds it, else ours, else any.

    Duplicates are paired off in their order.
    """
    shape = search.shape
    groups: dict[tuple[frozenset[str], frozenset[str]], list[tuple[int, Row]]] = defaultdict(list)
    for index, row in search.missing():
        groups[shape.compared(row), row.ignore].append((index, row))
    recorded = _recorded(search)
    for (names, ignored), members in sorted(groups.items(), key=lambda group: -len(group[0][0])):
        contents = {row.id: shape.content(row, names, ignored) for row in search.free()}
        live: dict[Content, deque[Row]] = defaultdict(deque)
        for row in sorted(search.free(), key=lambda row: row.id not in search.found.ours):
            live[contents[row.id]].append(row)
        wanted = [(index, shape.content(row, names, ignored)) for index, row in members]
        for index, content in wanted if recorded else ():
            same = recorded.get(content_digest(shape.menu, content, digest), deque())
            _pair_first(search, index, same, contents, content)
        for index, content in wanted:
            if index not in search.found.live:
                _pair_first(search, index, live[content], contents, content)


def _recorded(search: _Search) -> dict[str, deque[Row]]:
    """Live rows by the content that they were recorded with, in their order."""
    recorded: dict[str, deque[Row]] = defaultdict(deque)
    for row in search.rows:
        record = search.found.ours.get(row.id)
        if record is not None:
            recorded[record.content].append(row)
    return recorded


def _pair_first(
    search: _Search, index: int, rows: deque[Row], contents: Mapping[str, Content], content: Content
) -> None:
    """Pair a declared row with the first of these that is free and has this content; those before it are used up."""
    while rows:
        row = rows.popleft()
        if row.id not in search.taken and contents.get(row.id) == content:
            search.pair(index, row)
            return


def _by_record(search: _Search, owned: Sequence[OwnedRow], keys: Keys) -> None:
    """A row edited by hand: its declaration is as recorded, and the recorded `.id` still holds."""
    if search.shape.menu.key:
        return
    free = {row.id: row for row in search.free()}
    records: dict[str, list[OwnedRow]] = defaultdict(list)
    for record in owned:
        if record.id in free and search.found.ours.get(record.id) is record:
            records[record.content].append(record)
    ignores = dict.fromkeys(record.ignore for same in records.values() for record in same)
    for index, row in list(search.missing()):
        digests = (search.shape.declared_digest(row, keys.digest, ignore) for ignore in ignores)
        candidates = next(filter(None, map(records.get, digests)), None)
        if candidates:
            search.pair(index, free[candidates.pop(0).id])


def _by_comment(search: _Search) -> None:
    """By comment, where it is unique among all rows on both sides."""
    if search.shape.menu.key:
        return
    declared = Counter(row.text("comment") for row in search.declared)
    live = Counter(row.text("comment") for row in search.rows)
    free = {row.text("comment"): row for row in search.free() if not row.fixed}
    for index, row in list(search.missing()):
        comment = row.text("comment")
        if comment and declared[comment] == live[comment] == 1 and comment in free:
            search.pair(index, free[comment])
