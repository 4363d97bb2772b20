"""Menus as the catalogue has them: the one thing that the lab shares with the rest of the product."""

from __future__ import annotations

from trueup_schemas.catalogue import Catalogue, catalogue
from trueup_schemas.catalogue.types import Menu


class Shapes:
    """The menus of one version."""

    def __init__(self, version: str) -> None:
        self._catalogue: Catalogue = catalogue(version)

    @property
    def paths(self) -> tuple[str, ...]:
        return self._catalogue.paths

    def __contains__(self, path: object) -> bool:
        return path in self._catalogue

    def __getitem__(self, path: str) -> Menu:
        return self._catalogue.menu(path)
