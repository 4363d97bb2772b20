"""The catalogue as routers' own command trees refine it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from trueup_schemas.catalogue.captured import Captured, CapturedMenu
from trueup_schemas.catalogue.catalogue import Catalogue, UnknownMenu, catalogue, spans
from trueup_schemas.catalogue.sensitive import sounds_personal, sounds_secret
from trueup_schemas.catalogue.syntax import listed_words, typed
from trueup_schemas.catalogue.types import Kind, Menu, Property
from trueup_schemas.catalogue.version import NEWEST, UnknownVersion

INTERFACES = "/interface"


@lru_cache(maxsize=1024)
def refined(version: str, tree: Captured, own: str) -> Catalogue:
    """The catalogue of a version with what a tree tells; `own` names the router that is meant, "" where it is another.

    A router's own tree adds what is new and takes away what the router lacks. Trees of other routers only add: whether
    this one has their packages and hardware is not known. Raises UnknownVersion.
    """
    return RefinedCatalogue(version, tree, own)


def novel(tree: Captured) -> Captured:
    """What no version of the shipped catalogue has; the rest of the tree left out."""
    menus: dict[str, CapturedMenu] = {}
    for path, menu in tree.menus.items():
        names = tuple(name for name in menu.properties if spans(path, name) is None and not _read_only(path, name))
        if names or spans(path) is None:
            menus[path] = replace(menu, properties=names)
    return replace(tree, menus=menus)


def _read_only(path: str, name: str) -> bool:
    known = _elsewhere(path)
    return known is not None and name in known.properties


class RefinedCatalogue(Catalogue):
    """What the shipped catalogue knows always counts; of the rest, what the router's words make plain."""

    def __init__(self, version: str, tree: Captured, own: str) -> None:
        super().__init__(version)
        self._tree, self.own = tree, bool(own)
        self._shipped = catalogue(version)
        self._refined: dict[str, Menu] = {}
        if own:
            self.told = f"the own command tree of {own}, captured from RouterOS {tree.version}"
        paths = {path for path in self._shipped.paths if self._stays(path)} | {*tree.menus}
        self._index = {path: self._index.get(path) or _new_entry(path, tree) for path in sorted(paths)}

    def menu(self, path: str) -> Menu:
        """The menu as the router has it; raises UnknownMenu."""
        found = self._tree.menus.get(path)
        if found is None or path not in self._index:
            return super().menu(path)
        if path not in self._refined:
            self._refined[path] = self._refine(path, found)
        return self._refined[path]

    def _stays(self, path: str) -> bool:
        """Whether a shipped menu is there: told of, not asked about, or one that no tree of writable menus shows."""
        if not self.own or path in self._tree.menus or not self._tree.tells(path):
            return True
        return not self._shipped.menu(path).writable

    def _refine(self, path: str, found: CapturedMenu) -> Menu:
        known = _known(path, self._shipped)
        if known is None:
            return _new_menu(path, found)
        if not known.writable:
            return known
        there = {name: _property(path, name, found, known) for name in found.properties}
        kept = {name: each for name, each in known.properties.items() if each.read_only or not self.own}
        properties = MappingProxyType({**there, **kept})
        key = known.key if {*known.key} <= {*properties} else ()
        return Menu(
            path=path,
            kind=_kind(known.kind, found.kind),
            properties=properties,
            key=key,
            enforced=known.enforced and bool(key),
            unique=tuple(names for names in known.unique if {*names} <= {*properties}),
            namespace=known.namespace,
            ordered=known.ordered,
            strata=tuple(name for name in known.strata if name in properties),
            filled=known.filled,
        )


def _known(path: str, at: Catalogue) -> Menu | None:
    """What the shipped catalogue says of a menu, of this version or else of one that has it."""
    if path in at:
        return at.menu(path)
    return _elsewhere(path)


def _elsewhere(path: str, name: str = "") -> Menu | None:
    """A menu in a version that has it, or that has one property of it."""
    found = spans(path, name)
    if found is None:
        return None
    try:
        other = catalogue(found.get("since") or found.get("until") or NEWEST)
        known = other.menu(path)
    except (UnknownVersion, UnknownMenu):
        return None
    return known if other.derived else _without_defaults(known)


def _without_defaults(menu: Menu) -> Menu:
    """What was written by hand of RouterOS 6, as far as it may be believed of 7."""
    return replace(menu, properties={name: replace(each, default=None) for name, each in menu.properties.items()})


def _property(path: str, name: str, found: CapturedMenu, known: Menu) -> Property:
    """What is known of a property: in this version, in another one, or by the router's words alone."""
    if name in known.properties:
        return _with_words(known.properties[name], listed_words(found.syntax.get(name, "")))
    other = _elsewhere(path, name)
    if other is not None and name in other.properties:
        return other.properties[name]
    return _new_property(name, found.syntax.get(name, ""))


def _with_words(known: Property, words: list[str]) -> Property:
    """An enum that may hold more than was known."""
    more = {*words} - {*known.values}
    return replace(known, values=tuple(sorted({*known.values, *more}))) if known.type == "enum" and more else known


def _new_property(name: str, text: str) -> Property:
    """A property that nobody knew: its default is not known, and what sounds secret is."""
    facts = typed(name, text)
    return Property(
        name=name,
        type=facts.get("type", "text"),
        many=facts.get("many", ""),
        values=tuple(facts.get("values", ())),
        minimum=facts.get("minimum"),
        maximum=facts.get("maximum"),
        secret=sounds_secret(name, facts),
        personal=sounds_personal(name, facts),
    )


def _new_menu(path: str, found: CapturedMenu) -> Menu:
    """A menu that nobody knew: rows with a name are found by it, the router need not insist on it.

    Rows that can only be set are told apart by their names in nearly every menu, mostly by ones that cannot be set.
    """
    properties = {name: _new_property(name, found.syntax.get(name, "")) for name in found.properties}
    if found.kind == "fixed":
        properties.setdefault("name", Property("name", "text", read_only=True))
    return Menu(
        path=path,
        kind=found.kind,
        properties=MappingProxyType(properties),
        key=("name",) if found.kind != "singleton" and "name" in properties else (),
        namespace=_namespace(path, found),
        ordered=found.ordered,
    )


def _new_entry(path: str, tree: Captured) -> dict[str, str]:
    known = _elsewhere(path)
    namespace = known.namespace if known else _namespace(path, tree.menus[path])
    return {"namespace": namespace} if namespace else {}


def _namespace(path: str, found: CapturedMenu) -> str:
    """New kinds of interfaces share the names of all interfaces."""
    above, _, _ = path.rpartition("/")
    return INTERFACES if above == INTERFACES and found.kind == "list" and "name" in found.properties else ""


def _kind(known: Kind, found: Kind) -> Kind:
    """The shipped kind, unless the router has `add` where that has none, or the other way round."""
    return found if (known == "list") != (found == "list") else known
