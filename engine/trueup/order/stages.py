"""Changes in stages: adds before removes, except where a value must be free first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from trueup.errors import PlanError, Problem, Source
from trueup.order.nodes import Node, change_twice
from trueup.plan import Add, Change, Set
from trueup.plan.change import Values


def stages(nodes: list[Node]) -> list[list[Node]]:
    """Put nodes into stages; a cycle of swapped names is broken over a temporary one."""
    order = _sorted(nodes)
    needed = _ancestors([node for node in order if not node.removes])
    level: dict[Node, int] = {}
    for node in order:
        if not node.removes or node in needed:
            level[node] = _earliest(node, level)
    last = max(level.values(), default=-1) + 1
    for node in order:
        if node not in level:
            level[node] = max(last, _earliest(node, level))
    found: list[list[Node]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for node in nodes:
        found[level[node]].append(node)
    return [stage for stage in found if stage]


def _earliest(node: Node, level: dict[Node, int]) -> int:
    earlier = [level[p] + 1 for p in (*node.after, *node.soft) if p in level]
    return max(*earlier, *(level[p] for p in node.following), 0, 0)


def _ancestors(nodes: Sequence[Node]) -> set[Node]:
    """The nodes and all that must precede them."""
    seen = set(nodes)
    stack = list(nodes)
    while stack:
        for node in stack.pop().predecessors():
            if node not in seen:
                seen.add(node)
                stack.append(node)
    return seen


def _sorted(nodes: list[Node]) -> list[Node]:
    """The nodes in an order that keeps every dependency; cycles are broken, or are an error."""
    for _ in range(2 * len(nodes) + 2):
        order, stuck = _kahn(nodes)
        if not stuck:
            return order
        if not _drop_soft(stuck) and not _break_swap(nodes, stuck):
            break
    remedy = "give one of these rows another value first, apply that, and declare this then"
    raise PlanError(
        [Problem(f"{n.menu.path}: changes of this menu wait for each other", _source(n.change), remedy) for n in stuck]
    )


def _kahn(nodes: Sequence[Node]) -> tuple[list[Node], list[Node]]:
    waiting = {node: sum(1 for _ in node.predecessors()) for node in nodes}
    followers: dict[Node, list[Node]] = {node: [] for node in nodes}
    for node in nodes:
        for predecessor in node.predecessors():
            followers[predecessor].append(node)
    ready = [node for node in nodes if not waiting[node]]
    for node in ready:
        for follower in followers[node]:
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    return ready, [node for node in nodes if waiting[node]]


def _drop_soft(stuck: Sequence[Node]) -> bool:
    among = set(stuck)
    dropped = False
    for node in stuck:
        dropped = dropped or bool(node.soft & among)
        node.soft -= among
    return dropped


def _break_swap(nodes: list[Node], stuck: Sequence[Node]) -> bool:
    """Break a cycle at one change that others wait for: over a temporary name, or with its row disabled meanwhile."""
    for node in stuck:
        change = node.change
        waiting = [other for other in stuck if node in other.after and other.takes & node.frees]
        if not isinstance(change, Set) or not waiting:
            continue
        split = _over_a_name(node, change) or _over_disabled(node, change)
        if split is None:
            continue
        first = change_twice(node, change, *split)
        for other in waiting:
            other.after.discard(node)
            other.after.add(first)
        node.after.add(first)
        nodes.insert(nodes.index(node), first)
        return True
    return False


def _over_a_name(node: Node, change: Set) -> tuple[Set, Values] | None:
    """A rename by way of a name that no row of the menu has: the old one with a mark."""
    if "name" not in change.values:
        return None
    taken = {row.text("name") for row in (*node.menu.live, *node.menu.declared)}
    old = change.old.get("name")
    name = f"{old if isinstance(old, str) else 'row'}-trueup"
    while name in taken:
        name += "-"
    return replace(change, values={"name": name}, reason="a temporary name, since two rows swap theirs"), {}


def _over_disabled(node: Node, change: Set) -> tuple[Set, Values] | None:
    """A change by way of a disabled row, which holds no unique values."""
    if "disabled" not in node.menu.shape.menu.properties:
        return None
    live = next(row for row in node.menu.live if row.id == node.names[0])
    now = node.menu.shape.value(live, "disabled") or "no"
    reason = "disabled meanwhile, since two rows swap what must be unique"
    first = replace(change, values={"disabled": "yes"}, old={"disabled": now}, reason=reason)
    return first, {"disabled": change.values.get("disabled") or now}


def _source(change: Change) -> Source | None:
    return change.source if isinstance(change, Add | Set) else None
