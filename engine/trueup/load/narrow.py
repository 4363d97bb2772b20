"""Which routers a change of files may touch, told from the files' bytes alone: never too few, seldom too many.

Nothing is parsed, so that it costs little and what somebody else wrote is only searched for words.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from trueup.load.files import MAIN, TEMPLATES, role_of, site_folders
from trueup.load.held import Held
from trueup.load.router import OUTLINE

_NAME = re.compile(rb"^router[ \t]*:[ \t]+([A-Za-z0-9][A-Za-z0-9._-]{0,62})[ \t]*(?:#[^\n]*)?\r?$", re.MULTILINE)
_BLOCK = re.compile(rb"^([A-Za-z][A-Za-z0-9_-]*[ \t]*:)(?=[ \t\r\n])", re.MULTILINE)
_ANCHOR = re.compile(rb"[\s\[{,:-]&[A-Za-z0-9]")
_KEPT = frozenset(key.encode() for key in OUTLINE)
_ESCAPED = re.compile(rb"\\[xuU\r\n]")
"""With these YAML can write a word in another way."""


MANY = 500
"""Changed files beyond which every router is looked at: to tell them apart would take longer than compiling them."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Files of routers that a change may touch, and further routers' files that must be read whole to tell."""

    routers: frozenset[str]
    beside: frozenset[str] = frozenset()


def reach(base: Held, head: Held, spanning: Collection[str], shared: Mapping[str, Collection[str]]) -> Reach:
    """What the change from `base` to `head` may touch.

    `spanning` are keys whose rows go to other routers too, `shared` built-in templates with those that include them.
    """
    return _Change(base, head, spanning, shared).reach()


def stubs_of(held: Held, whole: Collection[str]) -> dict[str, bytes]:
    """Of all other routers' files no more than an outline; a file that does not plainly tell it stays whole."""
    sites = site_folders(held.paths)
    found: dict[str, bytes] = {}
    for path, data in held.files.items():
        if path not in whole and role_of(path, sites) == "router" and (outline := _outline(data)) is not None:
            found[path] = outline
    return found


def _outline(data: bytes) -> bytes | None:
    """The blocks of a few top keys; None where the file is written in a way that they cannot be told from others."""
    if not _name_in(data):
        return None
    blocks = _BLOCK.split(data)
    kept = b"".join(key + rest for key, rest in zip(blocks[1::2], blocks[2::2], strict=True) if _top(key) in _KEPT)
    return None if _ANCHOR.search(data) and b"*" in kept else kept


def _top(key: bytes) -> bytes:
    return key.rstrip(b" \t:")


def _name_in(data: bytes) -> bytes | None:
    found = _NAME.findall(data)
    return bytes(found[0]) if len(found) == 1 else None


class _Change:
    """Two commits' files, and what tells them apart."""

    def __init__(
        self, base: Held, head: Held, spanning: Collection[str], shared: Mapping[str, Collection[str]]
    ) -> None:
        self.sides = (base, head)
        self.sites = tuple(site_folders(side.paths) for side in self.sides)
        self.words = [word.encode() for word in spanning]
        self.shared = shared

    def reach(self) -> Reach:
        found: set[str] = set()
        if len(self.changed) > MANY:
            return Reach(self.everyone)
        for path in self.changed:
            found.update(self._touched_by(path))
        if found >= self.everyone:
            return Reach(self.everyone)
        beside = {file for file in self.everyone - found if self._spans(file)}
        return Reach(frozenset(found), frozenset(beside))

    @cached_property
    def changed(self) -> list[str]:
        base, head = self.sides
        paths = base.files.keys() | head.files.keys() | base.refused.keys() | head.refused.keys()
        return sorted(path for path in paths if _state(base, path) != _state(head, path))

    @cached_property
    def everyone(self) -> frozenset[str]:
        """The files of all routers of both sides."""
        return frozenset(
            path
            for side, sites in zip(self.sides, self.sites, strict=True)
            for path in side.paths
            if role_of(path, sites) == "router"
        )

    def _touched_by(self, path: str) -> Iterable[str]:
        roles = {role_of(path, sites) for side, sites in zip(self.sides, self.sites, strict=True) if path in side.paths}
        found: set[str] = set()
        if roles & {"main", "capture"}:
            return self.everyone
        if "template" in roles:
            found |= set(self._drawing(path))
        if "table" in roles:
            found |= set(self._naming([PurePosixPath(path).name]))
        if "group" in roles:
            found |= {file for file in self.everyone if self._says(self._own(file), [PurePosixPath(path).stem])}
        if "site" in roles:
            found |= {file for file in self.everyone if posixpath.dirname(file) == posixpath.dirname(path)}
        if "router" in roles:
            found |= {path, *self._beyond(path)}
        return found

    def _beyond(self, path: str) -> Iterable[str]:
        """Routers that may have the other half of something that a router's file says, or that name this router."""
        found: set[str] = set()
        if self._spans(path):
            texts = self._layers(path)
            if self._own_spanning or any(_ESCAPED.search(text) for text in texts):
                return self.everyone
            names = {file: name for file in self.everyone for name in self._names(file)}
            if self.everyone - names.keys():
                return self.everyone
            found |= {file for file in names if any(name in text for name in self._names(file) for text in texts)}
        base, head = ({_name_in(side.files[path])} if path in side.files else {b""} for side in self.sides)
        if None in base | head:
            return self.everyone
        if base != head:
            names_of = [name.decode() for name in base | head if name]
            found |= {file for file in self.everyone if self._spans(file) and self._says(self._layers(file), names_of)}
        return found

    def _drawing(self, path: str) -> Iterable[str]:
        """Routers that may draw a template, or one that includes it."""
        names = {_template_name(path)}
        names |= {_template_name(own) for own, text in self._templates() if b"include" in text}
        names.update(*(self.shared.get(name, ()) for name in tuple(names)))
        spelled = {name for each in names for name in (each, each.replace("_", "-"))}
        return self.everyone if spelled & {word.decode() for word in self.words} else self._naming(sorted(spelled))

    def _naming(self, words: list[str]) -> Iterator[str]:
        """Routers that say one of the words, or may, in their own file or a layer."""
        return (file for file in self.everyone if self._says(self._layers(file), words))

    @cached_property
    def _own_spanning(self) -> bool:
        """Whether a template of the operator's own decides who has the other halves."""
        return any(_template_name(path).encode() in self.words for path, _ in self._templates())

    def _templates(self) -> Iterator[tuple[str, bytes]]:
        for side in self.sides:
            yield from ((path, text) for path, text in side.files.items() if path.startswith(f"{TEMPLATES}/"))

    def _spans(self, file: str) -> bool:
        return self._says(self._layers(file), [word.decode() for word in self.words])

    def _says(self, texts: Iterable[bytes], words: list[str]) -> bool:
        coded = [word.encode() for word in words]
        return any(_ESCAPED.search(text) or any(word in text for word in coded) for text in texts)

    def _own(self, file: str) -> list[bytes]:
        return [side.files[file] for side in self.sides if file in side.files]

    def _names(self, file: str) -> set[bytes]:
        return {name for text in self._own(file) if (name := _name_in(text))}

    def _layers(self, file: str) -> list[bytes]:
        """The texts of a router's own file and of every layer that may be its, of both sides."""
        folder, own = posixpath.dirname(file), self._own(file)
        texts = [*own]
        for side in self.sides:
            texts += (
                side.files[path] for path in (MAIN, f"{folder}/site.yaml", f"{folder}/site.yml") if path in side.files
            )
            texts += (text for stem, text in self._groups(side) if any(stem in each for each in own))
        return texts

    def _groups(self, side: Held) -> list[tuple[bytes, bytes]]:
        found = self._group_texts.get(id(side))
        if found is None:
            sites = site_folders(side.paths)
            paths = [path for path in side.files if role_of(path, sites) == "group"]
            found = [(PurePosixPath(path).stem.encode(), side.files[path]) for path in paths]
            self._group_texts[id(side)] = found
        return found

    @cached_property
    def _group_texts(self) -> dict[int, list[tuple[bytes, bytes]]]:
        return {}


def _state(side: Held, path: str) -> object:
    return side.files.get(path), side.refused.get(path)


def _template_name(path: str) -> str:
    within = PurePosixPath(path).relative_to(TEMPLATES)
    return str(within.parent / within.name.split(".")[0])
