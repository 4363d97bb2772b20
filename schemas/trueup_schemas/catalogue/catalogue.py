"""The catalogue of one RouterOS version; menus are read from their files when asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trueup_schemas.catalogue.menu import read_menu
from trueup_schemas.catalogue.types import Menu
from trueup_schemas.catalogue.version import Release, exists, known_release

_DATA = Path(__file__).parent / "data"


class UnknownMenu(KeyError):
    """A menu that the catalogue does not hold for this version; `near` are paths that look like it."""

    def __init__(self, path: str, version: str, near: tuple[str, ...] = ()) -> None:
        self.path, self.version, self.near = path, version, near
        super().__init__(path)

    def __str__(self) -> str:
        hint = f"; did you mean {self.near[0]}?" if self.near else ""
        return f"the catalogue holds no menu {self.path} for RouterOS {self.version}{hint}"


class Catalogue:
    """All menus of one RouterOS version. Get one with `catalogue(version)`."""

    def __init__(self, version: str) -> None:
        self.version = version
        self._release = known_release(version)
        self._index = _index_at(self._release)

    @property
    def paths(self) -> tuple[str, ...]:
        """The menus that this version has, sorted."""
        return tuple(self._index)

    def __contains__(self, path: object) -> bool:
        return path in self._index

    def menu(self, path: str) -> Menu:
        """The menu, cut to this version. Raises UnknownMenu."""
        if path not in self._index:
            near = get_close_matches(path, self._index, 3)
            raise UnknownMenu(path, self.version, tuple(near))
        return _menu_at(path, self._release)

    def members(self, namespace: str) -> tuple[str, ...]:
        """The menus whose keys share a namespace, such as `/interface`."""
        return tuple(path for path, entry in self._index.items() if entry.get("namespace") == namespace)


@cache
def catalogue(version: str) -> Catalogue:
    """The catalogue for a version as operators and routers write it (`7.24`, `7.24.1 (stable)`); cached.

    Raises UnknownVersion.
    """
    return Catalogue(version)


def spans(path: str, name: str = "") -> dict[str, str] | None:
    """Since and until when a menu or one of its properties exists, as far as known; None where no version has it."""
    entry: Mapping[str, Any] | None = _index().get(path)
    if entry is not None and name:
        entry = _source(path)["properties"].get(name)
    return None if entry is None else {word: entry[word] for word in ("since", "until") if word in entry}


@cache
def _index() -> Mapping[str, dict[str, str]]:
    index: dict[str, dict[str, str]] = json.loads((_DATA / "index.json").read_text("utf-8"))
    return MappingProxyType(index)


@cache
def _index_at(at: Release) -> Mapping[str, dict[str, str]]:
    return {path: entry for path, entry in _index().items() if exists(entry.get("since"), entry.get("until"), at)}


@cache
def _source(path: str) -> dict[str, Any]:
    source: dict[str, Any] = json.loads((_DATA / f"{path.lstrip('/')}.json").read_text("utf-8"))
    return source


@cache
def _menu_at(path: str, at: Release) -> Menu:
    return read_menu(path, _source(path), at)
