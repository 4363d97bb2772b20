"""The file that keeps a router's own command tree, `catalogue/ROUTER.json`, checked key by key."""

from __future__ import annotations

from collections.abc import Mapping
from sys import intern
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from trueup_schemas.catalogue.captured import Captured, CapturedMenu
from trueup_schemas.declared import Declared

Path = Annotated[str, StringConstraints(pattern=r"^(/[A-Za-z0-9][A-Za-z0-9._-]*)+$", max_length=200)]
Names = Annotated[
    str,
    StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9._/-]*( [A-Za-z0-9][A-Za-z0-9._/-]*)*)?$", max_length=50_000),
]
Word = Annotated[str, StringConstraints(max_length=200)]
Told = Annotated[str, StringConstraints(max_length=4_000)]


class MenuEntry(Declared):
    """One menu: `properties` are names with a space between; `syntax` is what the router says of new ones."""

    kind: Literal["list", "fixed", "singleton"]
    ordered: bool = False
    properties: Names
    syntax: dict[Word, Told] = Field(default_factory=dict)


class CapturedFile(Declared):
    """The whole file."""

    format_version: Literal[1]
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}\.[0-9]{1,4}[0-9a-z.]*$", max_length=40)]
    board: Word = ""
    architecture: Word = ""
    packages: tuple[Word, ...] = ()
    not_told: tuple[Path, ...] = ()
    menus: Annotated[dict[Path, MenuEntry], Field(max_length=10_000)]

    def tree(self, shared: Shared | None = None) -> Captured:
        """What the file says; what it says of menus like others that are `shared` is kept once."""
        menus = (shared or Shared()).menus(self.menus)
        return Captured(self.version, self.board, self.architecture, self.packages, menus, self.not_told)


class Shared:
    """Menus of many files, equal ones kept once."""

    def __init__(self) -> None:
        self._menus: dict[str, CapturedMenu] = {}
        self._trees: dict[tuple[tuple[str, int], ...], Mapping[str, CapturedMenu]] = {}

    def menus(self, entries: Mapping[str, MenuEntry]) -> Mapping[str, CapturedMenu]:
        """The menus of one file; the very same mapping for files that say the same."""
        found = {path: self._menu(each) for path, each in sorted(entries.items())}
        return self._trees.setdefault(tuple((path, id(menu)) for path, menu in found.items()), found)

    def _menu(self, entry: MenuEntry) -> CapturedMenu:
        said = repr((entry.kind, entry.ordered, entry.properties, entry.syntax))
        if said not in self._menus:
            names = tuple(map(intern, entry.properties.split()))
            self._menus[said] = CapturedMenu(entry.kind, names, entry.ordered, entry.syntax)
        return self._menus[said]
