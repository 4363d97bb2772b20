"""PyYAML's nodes become ours: YAML 1.2 words, unique keys, one tag, bounded aliases."""

from __future__ import annotations

import re
import sys

import yaml

from trueup.errors import Problem, Source
from trueup.load.node import MappingNode, Node, Scalar, ScalarNode, SequenceNode
from trueup_schemas.secret import SecretRef

EXPANDED = 100_000
"""The most values that a file's aliases may stand for, counted as if they were written out."""

_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z")
_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}
_SECRET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/@-]*\Z")
_PLAIN = ""


def resolve(text: str) -> Scalar:
    """What a plain (unquoted) YAML value means: one of the few words of YAML 1.2, a decimal integer, else text."""
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.match(text) else text


class Builder:
    """Builds one file's nodes, gathering `problems`; a value with a problem becomes an empty one."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._count = 0
        self._expanded = 0
        self._built: dict[int, tuple[Node, int] | None] = {}
        self._words: dict[str, tuple[Scalar, str]] = {}

    def build(self, node: yaml.Node) -> Node:
        self._count += 1
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if id(node) in self._built:
            return self._alias(node)
        before = self._count
        self._built[id(node)] = None
        source = self._source(node)
        if node.tag:
            self._refuse_tag(node, source)
        built: Node
        if isinstance(node, yaml.MappingNode):
            built = self._mapping(node, source)
        else:
            built = SequenceNode(tuple([self.build(item) for item in node.value]), source)
        self._built[id(node)] = built, self._count - before
        return built

    def _alias(self, node: yaml.Node) -> Node:
        found = self._built[id(node)]
        source = self._source(node)
        if found is None:
            self._problem("an anchor holds itself", source, "an alias (*name) may not stand inside its own anchor")
            return ScalarNode(None, source, "")
        self._count += found[1]
        if self._expanded <= EXPANDED < self._expanded + found[1]:
            message = f"aliases of this anchor stand for more than {EXPANDED:,} values".replace(",", " ")
            self._problem(message, source, "write the values out, or use a group")
        self._expanded += found[1]
        return found[0]

    def _source(self, node: yaml.Node) -> Source:
        mark = node.start_mark
        return Source(self.file, mark.line + 1, mark.column + 1)

    def _problem(self, message: str, where: Source, remedy: str) -> None:
        self.problems.append(Problem(message, where, remedy))

    def _refuse_tag(self, node: yaml.Node, source: Source) -> None:
        tag = node.tag.replace("tag:yaml.org,2002:", "!!")
        remedy = "the only tag is `!secret NAME`"
        self._problem(f"unknown tag {tag}", source, f"{remedy}; quotes make text" if tag == "!!str" else remedy)

    def _scalar(self, node: yaml.ScalarNode) -> ScalarNode:
        mark = node.start_mark
        source = Source(self.file, mark.line + 1, mark.column + 1)
        text, tag = node.value, node.tag
        if tag == _PLAIN:
            # The same few words come again and again: each is kept once.
            value, text = self._words.get(text) or self._words.setdefault(text, (resolve(text), text))
            return ScalarNode(value, source, text)
        if tag == "!secret":
            if not _SECRET.match(text):
                self._problem("a secret's name is missing or odd", source, "write `!secret NAME`, like radius/billing")
            return ScalarNode(SecretRef(text), source, text)
        if tag != "quoted":
            self._refuse_tag(node, source)
        return ScalarNode(text, source, text)

    def _mapping(self, node: yaml.MappingNode, source: Source) -> MappingNode:
        entries: dict[str, Node] = {}
        keys: dict[str, Source] = {}
        for key, value in node.value:
            where = self._source(key)
            name = self._key(key, where)
            built = self.build(value)
            if name is None:
                continue
            if name in entries:
                first = keys[name]
                self._problem(f"'{name}' is declared twice, first on line {first.line}", where, "keep one of them")
                continue
            entries[name], keys[name] = built, where
        return MappingNode(entries, keys, source)

    def _key(self, key: yaml.Node, where: Source) -> str | None:
        self._count += 1
        if not isinstance(key, yaml.ScalarNode):
            self._problem("a key must be text, not a list or a mapping", where, "write `key: value`")
        elif key.tag not in (_PLAIN, "quoted"):
            self._refuse_tag(key, where)
        elif key.tag == _PLAIN and key.value in ("", "~"):
            self._problem("a key is empty", where, "write `key: value`")
        elif key.tag == _PLAIN and key.value == "<<":
            self._problem("merge keys (<<) are not supported", where, "put what is shared into a group or the site")
        else:
            return sys.intern(key.value)
        return None
