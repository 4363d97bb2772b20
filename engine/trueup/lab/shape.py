"""Menus as the catalogue has them: the one thing that the lab shares with the rest of the product."""

from __future__ import annotations

from trueup_schemas.catalogue import Catalogue, catalogue
from trueup_schemas.catalogue.types import Menu

TOLD_ONLY = {path: Menu(path, "fixed", {}) for path in ("/log", "/user/active")}
"""Menus that no network declares rows of; the catalogue may know them one day."""


class Shapes:
    """The menus of one version."""

    def __init__(self, version: str) -> None:
        self._catalogue: Catalogue = catalogue(version)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(sorted({*self._catalogue.paths, *TOLD_ONLY}))

    def __contains__(self, path: object) -> bool:
        return path in TOLD_ONLY or path in self._catalogue

    def __getitem__(self, path: str) -> Menu:
        return TOLD_ONLY.get(path) or self._catalogue.menu(path)
