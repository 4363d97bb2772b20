"""The catalogue of one RouterOS version; menus are read from their files when asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from trueup_schemas.catalogue.menu import read_menu
from trueup_schemas.catalogue.types import Menu
from trueup_schemas.catalogue.version import Release, exists, known_release

_HERE = Path(__file__).parent
_ROOTS = MappingProxyType({7: _HERE / "data", 6: _HERE / "data-6"})
"""Where each major version's menus are, the newest first."""
_DERIVED = frozenset({7})
"""The major versions whose menus come from what routers reported; the others' were written by hand."""
_LAST = MappingProxyType({6: "6.49"})
"""The last version of a major that has a successor."""


class UnknownMenu(KeyError):
    """A menu that the catalogue does not hold for this version; `near` are paths that look like it."""

    def __init__(self, path: str, version: str, near: tuple[str, ...] = ()) -> None:
        self.path, self.version, self.near = path, version, near
        super().__init__(path)

    def __str__(self) -> str:
        hint = f"; did you mean {self.near[0]}?" if self.near else ""
        return f"the catalogue holds no menu {self.path} for RouterOS {self.version}{hint}"


class Catalogue:
    """All menus of one RouterOS version. Get one with `catalogue(version)`.

    `derived` is False where the menus were written by hand, not made from what routers reported: then what is not in
    them may exist all the same. `own` is True where a router told them itself; `told` names whose menus they are.
    """

    def __init__(self, version: str) -> None:
        self.version, self.told = version, f"RouterOS {version}"
        self._release = known_release(version)
        self._index = _index_at(self._release)
        self.own = False
        self.derived = self._release[0] in _DERIVED

    @property
    def paths(self) -> tuple[str, ...]:
        """The menus that this version has, sorted."""
        return tuple(self._index)

    @property
    def hardware(self) -> frozenset[str]:
        """The menus that only some boards have, which were written by hand."""
        return frozenset(path for path, entry in self._index.items() if "hardware" in entry)

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
        return self._members.get(namespace, ())

    @cached_property
    def _members(self) -> Mapping[str, tuple[str, ...]]:
        members: dict[str, tuple[str, ...]] = {}
        for path, entry in self._index.items():
            if namespace := entry.get("namespace"):
                members[namespace] = (*members.get(namespace, ()), path)
        return members


@cache
def catalogue(version: str) -> Catalogue:
    """The catalogue for a version as operators and routers write it (`7.24`, `7.24.1 (stable)`); cached.

    Raises UnknownVersion.
    """
    return Catalogue(version)


def spans(path: str, name: str = "") -> dict[str, str] | None:
    """Since and until when a menu or one of its properties exists, as far as known; None where no version has it.

    What only an earlier major has ends with it.
    """
    for major in _ROOTS:
        entry: Mapping[str, Any] | None = _index(major).get(path)
        if entry is not None and name:
            entry = _source(path, major)["properties"].get(name)
        if entry is not None:
            ended = {"until": _LAST[major]} if major in _LAST else {}
            return ended | {word: entry[word] for word in ("since", "until") if word in entry}
    return None


@cache
def _index(major: int) -> Mapping[str, dict[str, str]]:
    """What a major version has; nothing where there is no data of it."""
    file = _ROOTS[major] / "index.json"
    index: dict[str, dict[str, str]] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return MappingProxyType(index)


@cache
def _index_at(at: Release) -> Mapping[str, dict[str, str]]:
    return {path: entry for path, entry in _index(at[0]).items() if exists(entry.get("since"), entry.get("until"), at)}


@cache
def _source(path: str, major: int) -> dict[str, Any]:
    source: dict[str, Any] = json.loads((_ROOTS[major] / f"{path.lstrip('/')}.json").read_text("utf-8"))
    return source


@cache
def _menu_at(path: str, at: Release) -> Menu:
    return read_menu(path, _source(path, at[0]), at)
