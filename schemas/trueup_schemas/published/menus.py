"""Every menu that the catalogue knows, its versions taken together: what a network's files may say of any router."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from trueup_schemas.catalogue import NEWEST, Menu, Property, catalogue
from trueup_schemas.catalogue.version import OLDEST, WRITTEN, release


@dataclass(slots=True)
class Sighting:
    """In which of the known versions something is, oldest first."""

    versions: list[str] = field(default_factory=list)

    def told(self) -> str:
        """`since 7.15`, `until 7.12` or both; "" where all versions of RouterOS 7 have it."""
        seven = [version for version in self.versions if version != WRITTEN]
        if not self.versions:
            return "from a captured command tree"
        if not seven:
            return "RouterOS 6 only"
        words = [f"since {seven[0]}"] if seven[0] != OLDEST else []
        words += [f"until {seven[-1]}"] if seven[-1] != NEWEST else []
        return ", ".join(words)


@dataclass(slots=True)
class Known:
    """One menu in all versions that have it; of each property every different form that it has had."""

    path: str
    seen: Sighting = field(default_factory=Sighting)
    menus: list[Menu] = field(default_factory=list)
    properties: dict[str, tuple[Sighting, list[Property]]] = field(default_factory=dict)

    def add(self, menu: Menu, version: str = "") -> None:
        """What one version says; "" for a captured tree."""
        self.menus.append(menu)
        self.seen.versions += [version] if version else []
        for name, each in menu.properties.items():
            if each.read_only and name not in menu.key:
                continue
            sighting, forms = self.properties.setdefault(name, (Sighting(), []))
            sighting.versions += [version] if version else []
            if each not in forms:
                forms.append(each)

    @property
    def single(self) -> bool:
        return all(menu.kind == "singleton" for menu in self.menus)

    @property
    def ordered(self) -> bool:
        return any(menu.ordered for menu in self.menus)

    @property
    def keyed(self) -> bool:
        return any(menu.key for menu in self.menus)

    def needed(self) -> list[str]:
        """The properties that every row has to have: of keys, those without a default in any version."""
        keys = [{name for name in menu.key if menu.properties[name].default is None} for menu in self.menus]
        return sorted(set.intersection(*keys)) if not self.single else []


def known_menus(more: Iterable[Menu] = ()) -> dict[str, Known]:
    """All menus by path, sorted; `more` are what captured trees know besides."""
    found: dict[str, Known] = {}
    for version in _versions():
        known = catalogue(version)
        for path in known.paths:
            found.setdefault(path, Known(path)).add(known.menu(path), version)
    for menu in more:
        found.setdefault(menu.path, Known(menu.path)).add(menu)
    return {path: menu for path, menu in sorted(found.items()) if menu.properties}


def _versions() -> Iterator[str]:
    """The versions that are known, oldest first."""
    yield WRITTEN
    major, first = release(OLDEST)
    for minor in range(first, release(NEWEST)[1] + 1):
        yield f"{major}.{minor}"
