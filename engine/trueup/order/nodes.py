"""Changes on their way to a plan: what each takes, frees, uses and lets go of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from trueup.diff.difference import MenuDifference
from trueup.diff.references import names_in
from trueup.plan import Add, Change, Remove, Set
from trueup.plan.change import Values
from trueup.row import Row, Value

Name = tuple[str, str, str]
"""Menu or namespace, property, value."""


@dataclass(eq=False)
class Node:
    """One change with what it depends on.

    `before` and `names` are rows of an ordered menu by their names in the table: a live row's `.id`, or `+N` for the
    declared row N. `takes` and `frees` are values that the router keeps unique; `provides` and `gone` are values that
    other rows may refer to, `uses` and `lets_go` hard references, `likes` soft ones. `after` are nodes that must be
    done in an earlier stage, `soft` ones that should, `following` those that must merely not be in a later stage.
    """

    change: Change
    menu: MenuDifference
    names: tuple[str, ...] = ()
    before: str | None = None
    takes: frozenset[tuple[str, ...]] = frozenset()
    frees: frozenset[tuple[str, ...]] = frozenset()
    provides: frozenset[Name] = frozenset()
    uses: frozenset[Name] = frozenset()
    likes: frozenset[Name] = frozenset()
    lets_go: frozenset[Name] = frozenset()
    gone: frozenset[Name] = frozenset()
    after: set[Node] = field(default_factory=set)
    soft: set[Node] = field(default_factory=set)
    following: set[Node] = field(default_factory=set)

    @property
    def removes(self) -> bool:
        return isinstance(self.change, Remove)

    def predecessors(self) -> Iterator[Node]:
        yield from self.after
        yield from self.soft
        yield from self.following


def nodes_of(menu: MenuDifference) -> list[Node]:
    """The nodes of one menu's adds, sets, returns and removes; moves come from the ordering."""
    nodes = []
    for index, add in menu.adds.items():
        row = menu.declared[index]
        nodes.append(_node(add, menu, Row({}), row.values, (f"+{index}",)))
    for index, change in menu.sets.items():
        live, declared = menu.matching.live[index], menu.declared[index]
        values = {name: declared.values.get(name) for name in change.values}
        nodes.append(_node(change, menu, live, values, (live.id,)))
    rows = {row.id: row for row in menu.live}
    for id, change in menu.returns.items():
        nodes.append(_node(change, menu, rows[id], dict.fromkeys(change.values), (id,)))
    for id, remove in menu.removes.items():
        nodes.append(_node(remove, menu, rows[id], {}, (id,)))
    return nodes


def _node(
    change: Add | Set | Remove, menu: MenuDifference, live: Row, values: Mapping[str, Value], names: tuple[str, ...]
) -> Node:
    removing = isinstance(change, Remove)
    after = Row({**live.values, **values})
    old = frozenset(unique_values(menu, live)) if live.values else frozenset()
    new = frozenset() if removing else frozenset(unique_values(menu, after))
    changed = live.values if removing else {name: live.values.get(name) for name in values}
    return Node(
        change,
        menu,
        names,
        takes=new - old,
        frees=old - new,
        provides=frozenset(_provided(menu, values)),
        uses=frozenset(_used(menu, values, hard=True)),
        likes=frozenset(_used(menu, values, hard=False)),
        lets_go=frozenset(_used(menu, changed, hard=True)),
        gone=frozenset(_provided(menu, live.values)) if removing else frozenset(),
    )


def unique_values(menu: MenuDifference, row: Row) -> Iterator[tuple[str, ...]]:
    """What the router keeps unique of a row: its enforced key, its name among a namespace, further tuples."""
    shape = menu.shape
    if shape.menu.enforced and (key := shape.key(row)):
        yield (menu.path, *shape.menu.key, *key)
    if shape.menu.namespace and row.text("name"):
        yield (shape.menu.namespace, "name", row.text("name"))
    for names in shape.menu.unique:
        values = tuple(shape.value(row, name) for name in names)
        # Disabled rows share such values: two leases may, as long as one of them is off (CHR 7.23.7).
        if all(values) and row.text("disabled") != "yes":
            yield (menu.path, *names, *values)


def _provided(menu: MenuDifference, values: Mapping[str, Value]) -> Iterator[Name]:
    for place in filter(None, (menu.path, menu.shape.menu.namespace)):
        for name, value in values.items():
            if isinstance(value, str) and value:
                yield place, name, value


def _used(menu: MenuDifference, values: Mapping[str, Value], *, hard: bool) -> Iterator[Name]:
    properties = menu.shape.menu.properties
    for name, value in values.items():
        if name not in properties:
            continue
        for reference in properties[name].refers:
            if reference.hard == hard:
                for referred in names_in(properties[name], value):
                    yield reference.menu, reference.property, referred


def change_twice(node: Node, change: Set, first: Set, then: Values) -> Node:
    """Split a change in two: the returned node does `first` and frees what the change frees.

    `node` follows it, and writes `then` beside the change's own values.
    """
    freeing = Node(first, node.menu, node.names, frees=node.frees)
    node.change = replace(change, values={**change.values, **then}, old={**change.old, **first.values})
    node.frees = frozenset()
    return freeing
