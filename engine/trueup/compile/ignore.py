"""What the layers' `reconcile` says of menus, checked against the catalogue: modes, `listen`, and what to ignore."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from trueup.canonical import canonical
from trueup.compile.rules import MenuRules, Rules
from trueup.errors import BadValue, Problem, Source
from trueup.load.node import MappingNode, Node, SequenceNode
from trueup.load.router import Router
from trueup.load.validate import suggest
from trueup.row import Exemption, Row, Tables
from trueup_schemas.catalogue import Menu, Property, UnknownMenu, elsewhere
from trueup_schemas.operate import Ignore

Exempt = Mapping[str, tuple[Exemption, ...]]
"""Exemptions by menu."""


def exemptions(router: Router, rules: Rules, problems: list[Problem]) -> Exempt:
    """What a router's `reconcile.ignore` leaves alone, by menu; what is wrong in `reconcile` goes to `problems`.

    Rules about what only other versions have are left out: a fleet's routers differ.
    """
    said = router.document.get("reconcile")
    if not isinstance(said, MappingNode):
        return {}
    reader = _Reader(rules, problems)
    reader.check_menus(said)
    nodes = said.get("ignore")
    found: dict[str, tuple[Exemption, ...]] = {}
    items = nodes.items if isinstance(nodes, SequenceNode) else ()
    for node, rule in zip(items, router.reconcile.ignore, strict=False):
        if isinstance(node, MappingNode) and (read := reader.read(node, rule)):
            found[rule.menu] = (*found.get(rule.menu, ()), read)
    return found


def spared(tables: Tables, exempt: Exempt, rules: Rules, problems: list[Problem]) -> Tables:
    """The tables with what rules leave alone marked in their rows; a declared row that a rule takes away is a problem.

    A property that is never written is taken out of its row.
    """
    found = dict(tables)
    for path in exempt.keys() & tables.keys():
        menu = rules.menu(path).menu
        rows = tuple(_spared(row, exempt[path], menu, problems) for row in tables[path])
        found[path] = replace(tables[path], rows=rows)
    return found


def _spared(row: Row, exempt: tuple[Exemption, ...], menu: Menu, problems: list[Problem]) -> Row:
    values, ignore = dict(row.values), row.ignore
    for rule in exempt:
        if not rule.holds(lambda name: _text(menu, row, name)):
            continue
        if not rule.properties:
            where = rule.source.short if rule.source else "reconcile"
            remedy = f"leave the row out, or let the rule at {where} match fewer rows"
            problems.append(Problem(f"{menu.path}: the row is declared, and a rule ignores it", row.source, remedy))
            return row
        ignore |= rule.properties
        values = values if rule.keep else {name: v for name, v in values.items() if name not in rule.properties}
    same = ignore == row.ignore and len(values) == len(row.values)
    return row if same else replace(row, values=values, ignore=ignore)


def _text(menu: Menu, row: Row, name: str) -> str:
    """A row's property as text, its default where the row has none."""
    value = row.values.get(name)
    return value if isinstance(value, str) else menu.properties[name].default or ""


def ignores(exempt: Exempt, menu: Menu, row: Row) -> bool:
    """Whether a rule leaves a live row alone as a whole."""
    rules = (rule for rule in exempt.get(menu.path, ()) if not rule.properties)
    return any(rule.holds(lambda name: _text(menu, row, name)) for rule in rules)


@dataclass(slots=True)
class _Reader:
    """Reads rules, gathering `problems`; one that has a problem, or means another version's menu, is left out."""

    rules: Rules
    problems: list[Problem]

    def check_menus(self, said: MappingNode) -> None:
        """Tell of unknown menus under `menus` and `listen`, and of those that tell nothing by themselves."""
        menus, listen = said.get("menus"), said.get("listen")
        if isinstance(menus, MappingNode):
            for path in menus:
                self._menu(path, menus.keys[path])
        for node in listen.items if isinstance(listen, SequenceNode) else ():
            found = self._menu(str(node.plain()), node.source)
            if found is not None and found.menu.kind == "singleton":
                message = f"reconcile: {found.menu.path} is one row, and routers tell no changes of such"
                remedy = "leave it out of `listen`; it is looked at each interval"
                self.problems.append(Problem(message, node.source, remedy))

    def read(self, node: MappingNode, rule: Ignore) -> Exemption | None:
        found = self._menu(rule.menu, node["menu"].source)
        if found is None:
            return None
        known = len(self.problems)
        match = self._match(found, node.get("where"), rule.where)
        names = self._properties(found, node.get("properties"), rule)
        if match is None or names is None or len(self.problems) > known:
            return None
        return Exemption(match, names, rule.policy == "keep", node.source)

    def _menu(self, path: str, where: Source) -> MenuRules | None:
        try:
            return self.rules.menu(path)
        except UnknownMenu as error:
            if not elsewhere(self.rules.catalogue, path):
                near = f"did you mean {error.near[0]}?" if error.near else "write the menu's path, such as /ip/address"
                message = f"reconcile: unknown menu {path} in {self.rules.catalogue.told}"
                self.problems.append(Problem(message, where, near))
            return None

    def _match(self, found: MenuRules, node: Node | None, where: Mapping[str, str]) -> dict[str, str] | None:
        """The patterns by property; None where no row of this version can match."""
        match: dict[str, str] = {}
        for name, text in where.items():
            place = node.keys[name] if isinstance(node, MappingNode) else Source("")
            if name not in found.declarable:
                self._unknown(found, name, place)
                continue
            property = found.declarable[name][0]
            if property.secret or property.write_only:
                self._wrong(found, f"where: {name} is a secret, which no rule may be about", place, "leave it out")
            match[name] = self._pattern(found, property, text, place)
        return match if len(match) == len(where) else None

    def _pattern(self, found: MenuRules, property: Property, text: str, place: Source) -> str:
        """The pattern; a text without `*` and `?` is a value, in any of its spellings."""
        if not text or "*" in text or "?" in text:
            return text
        try:
            return canonical(property, text)
        except BadValue as error:
            problem = error.problems[0]
            self._wrong(found, f"where: {property.name}: {problem.message}", place, problem.remedy)
            return text

    def _properties(self, found: MenuRules, node: Node | None, rule: Ignore) -> frozenset[str] | None:
        """The properties to leave alone; None where this version has none of them."""
        places = node.items if isinstance(node, SequenceNode) else ()
        names = {
            name for name, item in zip(rule.properties, places, strict=False) if self._leaves(found, name, item, rule)
        }
        return frozenset(names) if names or not rule.properties else None

    def _leaves(self, found: MenuRules, name: str, item: Node, rule: Ignore) -> bool:
        menu = found.menu
        if name not in menu.properties:
            self._unknown(found, name, item.source)
            return False
        if name in menu.key or menu.properties[name].read_only:
            why = "tells its rows apart" if name in menu.key else "is read-only, and never written"
            self._wrong(found, f"properties: {name} {why}", item.source, "leave it out")
        elif rule.policy == "leave" and menu.addable and menu.properties[name].required:
            remedy = "write `policy: keep`, which says it when a row is added"
            self._wrong(found, f"properties: a new row needs its {name}", item.source, remedy)
        return True

    def _unknown(self, found: MenuRules, name: str, place: Source) -> None:
        """Tell of a property that no version has."""
        if not elsewhere(self.rules.catalogue, found.menu.path, name):
            remedy = suggest(name, [each.name for each in found.menu.writable])
            self._wrong(found, f"unknown property '{name}'", place, remedy)

    def _wrong(self, found: MenuRules, message: str, place: Source, remedy: str) -> None:
        self.problems.append(Problem(f"reconcile: {found.menu.path}: {message}", place, remedy))
