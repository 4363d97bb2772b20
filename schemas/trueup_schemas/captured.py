"""The file that keeps a router's own command tree, `catalogue/ROUTER.json`, checked key by key."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from trueup_schemas.catalogue.captured import Captured, CapturedMenu
from trueup_schemas.network import Declared

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

    def tree(self) -> Captured:
        """What the file says."""
        menus = {
            path: CapturedMenu(each.kind, tuple(each.properties.split()), each.ordered, each.syntax)
            for path, each in self.menus.items()
        }
        return Captured(self.version, self.board, self.architecture, self.packages, menus, self.not_told)
