"""The command trees that a network keeps of its routers, and the catalogues that they refine."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from pydantic import ValidationError

from trueup.load.compose import compose_mapping
from trueup.load.validate import check
from trueup_schemas.captured import CapturedFile, Shared
from trueup_schemas.catalogue import NEWEST, Catalogue, catalogue
from trueup_schemas.catalogue.captured import Captured, together
from trueup_schemas.catalogue.refined import novel, refined
from trueup_schemas.catalogue.version import Release, release

FOLDER = "catalogue"


class Captures:
    """Trees by the router that they were captured from; without any, every catalogue is the shipped one."""

    def __init__(self, trees: Mapping[str, Captured]) -> None:
        self.trees = trees
        self._together: dict[tuple[Release, Captured | None], Captured | None] = {}
        self._owners: dict[Captured, list[str]] = {}
        for name, tree in sorted(trees.items()):
            self._owners.setdefault(tree, []).append(name)

    def catalogue(self, router: str, version: str | None) -> Catalogue:
        """What is known of a router that runs a version; None: the version of its own tree, else the newest.

        Its own tree of that release says what there is and what there is not. Without one, trees of other routers of
        that release add what the shipped catalogue lacks, as does its own of another release with what no version is
        known to have. Raises UnknownVersion.
        """
        if not self.trees:
            return catalogue(version or NEWEST)
        own = self.trees.get(router)
        if version is None:
            version = own.version if own else NEWEST
        if own is not None and release(own.version) == release(version):
            return refined(version, own, self._named(own))
        others = self._others(release(version), own)
        return refined(version, others, "") if others is not None else catalogue(version)

    def stale(self, router: str, version: str) -> Captured | None:
        """The router's own tree, where it is of another release than the version."""
        own = self.trees.get(router)
        return own if own is not None and release(own.version) != release(version) else None

    def _named(self, tree: Captured) -> str:
        """Whose tree it is: routers with the same one share a catalogue."""
        first, *others = self._owners[tree]
        return f"{first} and {len(others)} more" if others else first

    def _others(self, at: Release, stale: Captured | None) -> Captured | None:
        if (at, stale) not in self._together:
            trees = [tree for tree in self._owners if release(tree.version) == at]
            trees += [left for left in (novel(stale),) if left.menus] if stale else []
            self._together[at, stale] = together(trees)
        return self._together[at, stale]


class CaptureReader:
    """Reads trees; what files have in common is kept once, and files with the same bytes are read once."""

    def __init__(self) -> None:
        self._read: dict[bytes, Captured] = {}
        self._shared = Shared()

    def read(self, data: bytes, file: str) -> Captured:
        """The tree that a file holds; raises DeclarationError, each problem with its line."""
        digest = sha256(data).digest()
        if digest not in self._read:
            self._read[digest] = _parse(data, file).tree(self._shared)
        return self._read[digest]


def _parse(data: bytes, file: str) -> CapturedFile:
    try:
        return CapturedFile.model_validate_json(data)
    except ValidationError:
        # Said again by the reader of YAML, which JSON is a part of, because it knows the lines.
        return check(compose_mapping(data, file), CapturedFile)
