"""JSON lines become rows: one object a line, each value with its line and column."""

from __future__ import annotations

import json
from typing import Any

from trueup.errors import Problem, Source
from trueup.load.build import SECRET
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode, TableNode
from trueup.load.table_text import decode_table
from trueup_schemas.secret import SecretRef

SECRET_KEY = "!secret"  # noqa: S105 -- the key, not a secret
_SHORT = 18
"""A longer number is kept as the text that was written."""
_NAMED = 'write {"name": "value", ...}'


class _Wrong(Exception):
    """What is wrong at a position of the line."""

    def __init__(self, message: str, position: int, remedy: str = "") -> None:
        self.problem = message, position, remedy


class _Pairs(list[tuple[str, Any]]):
    """An object as it was written."""


class _Constant(str):
    """NaN and the infinities, which are no JSON."""


def _integer(text: str) -> int | str:
    return int(text) if len(text) <= _SHORT and text != "-0" else text


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Pairs,
    parse_int=_integer,
    parse_float=str,
    parse_constant=_Constant,
)


def read_json(data: bytes, file: str, problems: list[Problem]) -> TableNode:
    """The file's rows; what is wrong with it goes to `problems`, which never repeat a value."""
    rows: list[Node] = []
    for number, line in enumerate(decode_table(data, file, problems).split("\n"), 1):
        if not line.strip():
            continue
        try:
            rows.append(_Line(file, number, line.rstrip()).read())
        except _Wrong as wrong:
            message, position, remedy = wrong.problem
            problems.append(Problem(message, Source(file, number, position + 1), remedy))
    return TableNode(tuple(rows), Source(file), {})


class _Line:
    """One line, read from left to right; raises _Wrong at the first thing that is wrong."""

    def __init__(self, file: str, number: int, text: str) -> None:
        self.file, self.number, self.text = file, number, text
        self.position = 0

    def read(self) -> MappingNode:
        self._space()
        start = self._source(self.position)
        self._take("{", "expected an object", _NAMED)
        entries: dict[str, Node] = {}
        keys: dict[str, Source] = {}
        while not (not entries and self._at("}")):
            name, where = self._key(entries)
            entries[name], keys[name] = self._value(name), where
            if not self._at(","):
                break
            self._take(",", "")
        self._take("}", "expected a comma or the closing brace", "one object stands on one line")
        if self.position < len(self.text):
            raise _Wrong("text behind the object", self.position, "write one object a line")
        return MappingNode(entries, keys, start)

    def _key(self, known: dict[str, Node]) -> tuple[str, Source]:
        at = self.position
        if not self._at('"'):
            raise _Wrong("expected a property's name in quotes", at, _NAMED)
        name = str(self._decode())
        if name in known:
            raise _Wrong(f"'{name}' stands twice in this row", at, "keep one of them")
        self._space()
        self._take(":", "expected a colon behind the property's name", _NAMED)
        return name, self._source(at)

    def _value(self, name: str) -> Node:
        at = self.position
        value = self._decode()
        self._space()
        source = self._source(at)
        if isinstance(value, _Pairs):
            return _secret(name, value, source, at)
        if isinstance(value, list):
            return SequenceNode(tuple(_scalar(name, item, source, at) for item in value), source)
        return _scalar(name, value, source, at)

    def _decode(self) -> Any:
        try:
            value, self.position = _DECODER.raw_decode(self.text, self.position)
        except json.JSONDecodeError as error:
            raise _Wrong(f"not valid JSON: {error.msg}", error.pos, "one object stands on one line") from None
        except RecursionError:
            raise _Wrong("nested too deep", self.position, "a row holds values and lists of values") from None
        return value

    def _space(self) -> None:
        while self.text[self.position : self.position + 1] in (" ", "\t"):
            self.position += 1

    def _at(self, character: str) -> bool:
        return self.text.startswith(character, self.position)

    def _take(self, character: str, message: str, remedy: str = "") -> None:
        if not self._at(character):
            raise _Wrong(message, self.position, remedy)
        self.position += 1
        self._space()

    def _source(self, position: int) -> Source:
        return Source(self.file, self.number, position + 1)


def _secret(name: str, value: _Pairs, source: Source, at: int) -> ScalarNode:
    if len(value) != 1 or value[0][0] != SECRET_KEY:
        raise _Wrong(f"{name}: expected a value, got an object", at, f'a secret is {{"{SECRET_KEY}": "NAME"}}')
    named = value[0][1]
    if not isinstance(named, str) or not SECRET.match(named):
        raise _Wrong(f"{name}: this is no secret's name", at, "write a name such as hotspot/guest-1")
    return ScalarNode(SecretRef(named), source, named)


def _scalar(name: str, value: Any, source: Source, at: int) -> ScalarNode:
    if isinstance(value, list):
        raise _Wrong(f"{name}: expected a value, got {'an object' if isinstance(value, _Pairs) else 'a list'}", at)
    if isinstance(value, _Constant):
        raise _Wrong(f"{name}: not valid JSON: NaN and Infinity are no values", at)
    if value is None or isinstance(value, bool):
        return ScalarNode(value, source, "" if value is None else str(value).lower())
    text = str(value)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise _Wrong(f"{name}: half of a surrogate pair", at, "write the character itself")
    return ScalarNode(value, source, text)
