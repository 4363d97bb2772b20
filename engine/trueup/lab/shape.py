"""Menus as the catalogue has them: the one thing that the lab shares with the rest of the product."""

from __future__ import annotations

from trueup_schemas.catalogue import Catalogue, catalogue
from trueup_schemas.catalogue.types import Menu

TOLD_ONLY = {path: Menu(path, "fixed", {}) for path in ("/log", "/system/package", "/user/active")}
"""Menus that no network declares rows of; the catalogue may know them one day."""


class Shapes:
    """The menus of one version, less those of packages that are not there."""

    def __init__(self, version: str, missing: tuple[str, ...] = ()) -> None:
        self.version = version
        self._catalogue: Catalogue = catalogue(version)
        self._missing = tuple((path, f"{path}/") for path in missing)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(path for path in sorted({*self._catalogue.paths, *TOLD_ONLY}) if path in self)

    def __contains__(self, path: object) -> bool:
        return (path in TOLD_ONLY or path in self._catalogue) and not self._hidden(str(path))

    def __getitem__(self, path: str) -> Menu:
        return TOLD_ONLY.get(path) or self._catalogue.menu(path)

    def _hidden(self, path: str) -> bool:
        return any(path == top or path.startswith(below) for top, below in self._missing)
