"""PyYAML's events become nodes: YAML 1.2 words, unique keys, one tag, bounded aliases and depth."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any, Protocol

from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from trueup.errors import DeclarationError, Problem, Source
from trueup.load.alike import Entries, Places, Shape
from trueup.load.node import MappingNode, Node, Scalar, ScalarNode, SequenceNode
from trueup_schemas.secret import SecretRef

EXPANDED = 100_000
"""The most values that a file's aliases may stand for, counted as if they were written out."""
DEPTH = 64
"""The most levels that lists and mappings may be nested."""

SECRET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/@-]*\Z")
"""What a secret's name looks like."""

_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z")
_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}
_DIGITS = frozenset("-0123456789")
_UNTAGGED = (None, "!")


def resolve(text: str) -> Scalar:
    """What a plain (unquoted) YAML value means: one of the few words of YAML 1.2, a decimal integer, else text."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if text[0] in _DIGITS and _INTEGER.match(text) else text


class Parser(Protocol):
    """What PyYAML's parsers have in common."""

    def get_event(self) -> Event: ...


@dataclass(frozen=True, slots=True)
class _Anchored:
    """What an anchor names, None while it is not yet built, and how many values that is."""

    node: Node | None
    source: Source
    size: int = 0


class Builder:
    """Builds one file's nodes, gathering `problems`; a value with a problem becomes an empty one."""

    def __init__(self, parser: Parser, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._next = parser.get_event
        self._count = 0
        self._expanded = 0
        self._anchors: dict[str, _Anchored] = {}
        self._words: dict[str, tuple[Scalar, str]] = {}
        self._texts: dict[str, str] = {}
        self._secrets: dict[str, SecretRef] = {}
        self._lines: dict[int, int] = {}
        self._shapes: dict[tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]], Shape] = {}

    def build(self) -> Node | None:
        """The only document's nodes, None where it holds nothing; raises YAMLError or DeclarationError."""
        self._next()
        if isinstance(self._next(), StreamEndEvent):
            return None
        first = self._next()
        nothing = type(first) is ScalarEvent and first.implicit[0] and not first.value
        node = self._node(first, 0)
        self._next()
        more = self._next()
        if not isinstance(more, StreamEndEvent):
            remedy = "keep one document a file; remove the `---`"
            raise self._unreadable("the file holds more than one document", more, remedy)
        return None if nothing else node

    def _node(self, event: Event, depth: int) -> Node:
        self._count += 1
        if type(event) is ScalarEvent:
            scalar = self._scalar(event)
            if event.anchor is not None:
                self._anchor(event.anchor, scalar.source)
                self._anchors[event.anchor] = _Anchored(scalar, scalar.source, 1)
            return scalar
        if not isinstance(event, CollectionStartEvent):
            return self._alias(event)
        source = self._source(event)
        if depth >= DEPTH:
            raise self._unreadable(f"not valid YAML: nested more than {DEPTH} levels deep", event)
        if event.anchor is not None:
            self._anchor(event.anchor, source)
        if event.tag not in _UNTAGGED:
            self._refuse_tag(event.tag, source)
        before = self._count
        built = (self._mapping if isinstance(event, MappingStartEvent) else self._sequence)(source, depth + 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(built, source, self._count - before)
        return built

    def _anchor(self, name: str, source: Source) -> None:
        """Name what is about to be built."""
        if name in self._anchors:
            message = f"the anchor &{name} stands twice, first on line {self._anchors[name].source.line}"
            self._problem(message, source, "give each anchor a name of its own")
        self._anchors[name] = _Anchored(None, source)

    def _alias(self, event: Event) -> Node:
        name = event.anchor if isinstance(event, AliasEvent) else None
        found = self._anchors.get(name or "")
        if found is None:
            remedy = "put the anchor (&name) before the alias (*name), in the same file"
            raise self._unreadable(f"not valid YAML: found undefined alias '{name}'", event, remedy)
        if found.node is None:
            message, remedy = "an anchor holds itself", "an alias (*name) may not stand inside its own anchor"
            self._problem(message, found.source, remedy)
            return ScalarNode(None, found.source, "")
        if not isinstance(found.node, ScalarNode):
            self._count += found.size
            if self._expanded <= EXPANDED < self._expanded + found.size:
                message = f"aliases of this anchor stand for more than {EXPANDED:,} values".replace(",", " ")
                self._problem(message, found.source, "write the values out, or use a group")
            self._expanded += found.size
        return found.node

    def _source(self, event: Event) -> Source:
        mark: Any = event.start_mark
        line = mark.line + 1
        return Source(self.file, self._lines.setdefault(line, line), mark.column + 1)

    def _unreadable(self, message: str, event: Event, remedy: str = "") -> DeclarationError:
        return DeclarationError(Problem(message, self._source(event), remedy))

    def _problem(self, message: str, where: Source, remedy: str) -> None:
        self.problems.append(Problem(message, where, remedy))

    def _refuse_tag(self, tag: str, source: Source) -> None:
        tag = tag.replace("tag:yaml.org,2002:", "!!")
        remedy = "the only tag is `!secret NAME`"
        self._problem(f"unknown tag {tag}", source, f"{remedy}; quotes make text" if tag == "!!str" else remedy)

    def _scalar(self, event: ScalarEvent) -> ScalarNode:
        source = self._source(event)
        text, tag = event.value, event.tag
        # The same few words come again and again: each is kept once.
        if tag is None or tag == "!":
            if not event.implicit[0]:
                text = self._texts.setdefault(text, text)
                return ScalarNode(text, source, text)
            value, text = self._words.get(text) or self._words.setdefault(text, (resolve(text), text))
            return ScalarNode(value, source, text)
        if tag == "!secret":
            if not SECRET.match(text):
                self._problem("a secret's name is missing or odd", source, "write `!secret NAME`, like radius/billing")
            secret = self._secrets.get(text) or self._secrets.setdefault(text, SecretRef(text))
            return ScalarNode(secret, source, secret.name)
        self._refuse_tag(tag, source)
        return ScalarNode(text, source, text)

    def _sequence(self, source: Source, depth: int) -> SequenceNode:
        items: list[Node] = []
        while type(event := self._next()) is not SequenceEndEvent:
            items.append(self._node(event, depth))
        return SequenceNode(tuple(items), source)

    def _mapping(self, source: Source, depth: int) -> MappingNode:
        entries: dict[str, Node] = {}
        lines: list[int] = []
        columns: list[int] = []
        while type(key := self._next()) is not MappingEndEvent:
            where = self._source(key)
            name = self._key(key, where, depth)
            built = self._node(self._next(), depth)
            if name is None:
                continue
            if name in entries:
                first = source.line + lines[list(entries).index(name)]
                self._problem(f"'{name}' is declared twice, first on line {first}", where, "keep one of them")
                continue
            entries[name] = built
            lines.append(where.line - source.line)
            columns.append(where.column)
        written = tuple(entries), tuple(lines), tuple(columns)
        shape = self._shapes.get(written) or self._shapes.setdefault(written, Shape(*written))
        return MappingNode(Entries(shape, tuple(entries.values())), Places(shape, source), source)

    def _key(self, key: Event, where: Source, depth: int) -> str | None:
        if type(key) is not ScalarEvent or key.anchor is not None:
            return self._odd_key(self._node(key, depth), where)
        self._count += 1
        if key.tag not in _UNTAGGED:
            self._refuse_tag(key.tag, where)
        elif key.implicit[0] and key.value in ("", "~"):
            self._problem("a key is empty", where, "write `key: value`")
        elif key.implicit[0] and key.value == "<<":
            self._problem("merge keys (<<) are not supported", where, "put what is shared into a group or the site")
        else:
            return sys.intern(key.value)
        return None

    def _odd_key(self, key: Node, where: Source) -> str | None:
        """The key that an anchor names or an alias stands for."""
        if isinstance(key, ScalarNode) and key.value is not None and not isinstance(key.value, SecretRef):
            return sys.intern(key.text)
        self._problem("a key must be text, not a list or a mapping", where, "write `key: value`")
        return None
