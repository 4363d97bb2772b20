"""Which change must come before which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from trueup.diff.difference import MenuDifference
from trueup.errors import Problem
from trueup.order.nodes import Name, Node, unique_values
from trueup.plan import Add, Set
from trueup.row import Live


def connect(nodes: Sequence[Node]) -> None:
    """Set every node's predecessors.

    A row is there before another refers to it, is let go of before it is removed, and a value that the router keeps
    unique is free before it is taken.
    """
    providers: dict[Name, list[Node]] = defaultdict(list)
    removers: dict[Name, list[Node]] = defaultdict(list)
    freers: dict[tuple[str, ...], list[Node]] = defaultdict(list)
    for node in nodes:
        for name in node.provides:
            providers[name].append(node)
        for unique in node.frees:
            freers[unique].append(node)
        for name in node.gone:
            removers[name].append(node)
    for node in nodes:
        for name in node.uses:
            node.after.update(p for p in providers.get(name, ()) if p is not node)
        for name in node.likes:
            node.soft.update(p for p in providers.get(name, ()) if p is not node)
        for unique in node.takes:
            node.after.update(f for f in freers.get(unique, ()) if f is not node)
        for name in node.lets_go:
            for remover in removers.get(name, ()):
                if remover is not node:
                    remover.soft.add(node)


def conflicts(nodes: Sequence[Node], menus: Sequence[MenuDifference], live: Live) -> Iterable[Problem]:
    """Names, and other values that the router keeps unique, that a declared row needs though another one keeps them."""
    if not nodes:
        return
    freed = {unique for node in nodes for unique in node.frees}
    namespaces = {menu.shape.menu.namespace for menu in menus} - {""}
    names = _names(menus, live, namespaces)
    others = {
        unique: row.id
        for menu in menus
        for row in menu.live
        if row.fixed != "dynamic"  # whether the router makes it give way is not known
        for unique in unique_values(menu, row)
        if unique[0] not in namespaces
    }
    for node in nodes:
        if not isinstance(node.change, Add | Set):
            continue
        taken = node.takes - freed
        if name := min(taken & names.keys(), default=None):
            message = f"the name {name[-1]} is already taken by an undeclared row of {names[name]}"
            yield Problem(message, node.change.source, "declare that row, rename it, or choose another name")
        elif other := min(taken & others.keys(), default=None):
            properties = " and ".join(other[1 : 1 + len(other) // 2])
            message = f"{node.menu.path}: row {others[other]}, which stays, has the same {properties} already"
            yield Problem(message, node.change.source, "remove or change that row, or declare another value")


def _names(menus: Sequence[MenuDifference], live: Live, namespaces: set[str]) -> dict[tuple[str, ...], str]:
    """The names that are there, each with a menu that has it."""
    held = {
        unique: menu.path
        for menu in menus
        for row in menu.live
        for unique in unique_values(menu, row)
        if unique[0] in namespaces
    }
    for namespace in namespaces:
        for row in live.tables[namespace].rows if namespace in live.tables else ():
            held.setdefault((namespace, "name", row.text("name")), namespace)
    return held
