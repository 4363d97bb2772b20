"""Intents and the operator's own templates become rows, for the router that declares them and for its peers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from trueup.compile.draw import Templates
from trueup.compile.view import Absent, Fields, plain_view
from trueup.errors import DeclarationError, Problem, Source
from trueup.load.layer import Layer
from trueup.load.network import Network
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode, kind
from trueup.load.router import Router
from trueup.load.validate import check, keys_of, suggest
from trueup_schemas.intents import SPANNING, Intents, intent_names
from trueup_schemas.network import GroupHead, LayerHead, RouterHead, SiteHead
from trueup_templates import SUFFIX, templates

OWN = "templates"
"""The key of a layer that draws the operator's own templates."""
PEERS = "peers"
"""The key in a template's result that holds rows of other routers."""

_HEADS = {key for head in (LayerHead, GroupHead, SiteHead, RouterHead) for key in keys_of(head)}


@dataclass(frozen=True, slots=True)
class Half:
    """Rows of another router, as one that declares them sees it."""

    declared_by: str
    router: str
    what: str
    rows: Node
    source: Source


@dataclass(slots=True)
class Drawn:
    """What one router's intents and templates come to: its own rows, and the other routers' halves."""

    rows: list[Node] = field(default_factory=list)
    halves: list[Half] = field(default_factory=list)


class Intentions:
    """Draws the templates of a network's routers."""

    def __init__(self, network: Network) -> None:
        self.network = network

    @cached_property
    def templates(self) -> Templates:
        """The built-in templates, those of the operator's that have their names in their place, and the others."""
        texts = dict(templates())
        names = {name: f"trueup_templates/{name}{SUFFIX}" for name in texts}
        for own in self.network.templates.values():
            texts[own.name], names[own.name] = own.text, own.file
        return Templates(texts, names)

    @cached_property
    def _names(self) -> dict[str, None]:
        """The names of the network's routers, in order."""
        return dict.fromkeys(router.name for router in self.network.routers)

    def draw(self, router: Router, problems: list[Problem]) -> Drawn:
        """Everything that a router declares by intents and templates; what is wrong goes to `problems`."""
        problems.extend(_unknown_keys(router.layers))
        drawn = Drawn()
        context = self._draw(router, [name for name in intent_names() if name not in SPANNING], drawn, problems)
        for item in _items(router.document.get(OWN), problems) if context else ():
            self._draw_own(item, context, router, drawn, problems)
        for half in drawn.halves:
            remedy = f"only {', '.join(sorted(SPANNING))} may have rows for other routers"
            problems.append(Problem(f"the template has rows for {half.router}", half.source, remedy))
        spanning = self.spanning(router, problems)
        return Drawn([*drawn.rows, *spanning.rows], spanning.halves)

    def spanning(self, router: Router, problems: list[Problem]) -> Drawn:
        """What a router declares that other routers have a half of; its problems are theirs too."""
        drawn = Drawn()
        if any(name in router.document for name in SPANNING):
            self._draw(router, sorted(SPANNING), drawn, problems)
        return drawn

    def _draw(self, router: Router, names: list[str], drawn: Drawn, problems: list[Problem]) -> dict[str, Any]:
        """Draw the intents of these names into `drawn`; gives what their templates saw."""
        document = router.document.only(*names)
        try:
            intents = check(document, Intents)
        except DeclarationError as error:
            problems += error.problems
            return {}
        context = _context(router, document, intents)
        for name in names:
            if name in document:
                self._add(name, context, document.keys[name], router, drawn, problems)
        return context

    def _draw_own(
        self, item: Node, context: Mapping[str, Any], router: Router, drawn: Drawn, problems: list[Problem]
    ) -> None:
        name = item.get("template") if isinstance(item, MappingNode) else None
        if not isinstance(item, MappingNode) or not isinstance(name, ScalarNode):
            problems.append(Problem("expected a template with its variables", item.source, "write {template: NAME}"))
        elif str(name.value) not in self.network.templates:
            remedy = suggest(str(name.value), list(self.network.templates))
            problems.append(Problem(f"there is no template '{name.value}' in templates/", name.source, remedy))
        else:
            given = {key.replace("-", "_"): plain_view(node) for key, node in item.without("template").entries.items()}
            self._add(str(name.value), {**context, **given}, item.source, router, drawn, problems)

    def _add(
        self,
        template: str,
        context: Mapping[str, Any],
        origin: Source,
        router: Router,
        drawn: Drawn,
        problems: list[Problem],
    ) -> None:
        try:
            made = self.templates.draw(template, context, origin)
        except DeclarationError as error:
            problems += error.problems
            return
        if isinstance(made, MappingNode):
            drawn.rows.append(made.without(PEERS))
            drawn.halves += self._halves(made.get(PEERS), router, problems)
        elif made is not None:
            message = f"the template makes {kind(made)}, not menus with rows"
            problems.append(Problem(message, made.source, "write `/menu/path:` and its rows"))

    def _halves(self, peers: Node | None, router: Router, problems: list[Problem]) -> Iterator[Half]:
        for peer in _items(peers, problems):
            far, what, rows = (_at(peer, key) for key in ("router", "what", "rows"))
            if not isinstance(far, ScalarNode) or not isinstance(what, ScalarNode) or rows is None:
                problems.append(Problem("a peer needs router, what and rows", peer.source))
            elif far.value == router.name:
                problems.append(Problem("a router cannot be its own peer", far.source, "name the other router"))
            elif far.value not in self._names:
                others = [name for name in self._names if name != router.name]
                remedy = suggest(str(far.value), others) or "an end that isn't yours is `external`"
                problems.append(Problem(f"there is no router '{far.value}'", far.source, remedy))
            else:
                yield Half(router.name, str(far.value), str(what.value), rows, far.source)


def _context(router: Router, document: MappingNode, intents: Intents) -> dict[str, Any]:
    """What templates see: the router, its variables, and its intents by name."""
    seen = Fields(document, intents)
    names = {name: seen.field(name) for name in intent_names()}
    variables = router.document.get("vars")
    return {
        **names,
        "router": {"name": router.name, "site": router.site, "version": router.version or ""},
        "vars": plain_view(variables) if variables is not None else Absent("no vars are given"),
    }


def _at(node: Node, key: str) -> Node | None:
    return node.get(key) if isinstance(node, MappingNode) else None


def _items(node: Node | None, problems: list[Problem]) -> tuple[Node, ...]:
    if isinstance(node, SequenceNode):
        return node.items
    if node is None or (isinstance(node, ScalarNode) and node.value is None):
        return ()
    problems.append(Problem(f"expected a list, got {kind(node)}", node.source, "write `- ...` lines"))
    return ()


def _unknown_keys(layers: tuple[Layer, ...]) -> Iterator[Problem]:
    """Keys of layers that are neither heads nor intents."""
    known = [*sorted(_HEADS), *intent_names(), OWN]
    for layer in layers:
        for key, where in layer.node.keys.items():
            if key not in known:
                yield Problem(f"unknown key '{key}'", where, suggest(key, known))
