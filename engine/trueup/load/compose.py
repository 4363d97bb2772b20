"""Bytes of one YAML file become nodes, with every problem of the file that the parser lets us see."""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import yaml

from trueup.errors import DeclarationError, Problem, Source
from trueup.load.build import Builder
from trueup.load.node import MappingNode, Node

if TYPE_CHECKING or not yaml.__with_libyaml__:
    # PyYAML without its C part: the same nodes, several times slower.
    from trueup.load.slow import Parser
else:
    from yaml.cyaml import CParser as Parser

LIMIT = 16 * 2**20
"""The most bytes a file may have."""

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_REMEDIES = (
    ("cannot start any token", "indent with spaces, not tabs, and quote a value that begins with % @ ` or a tab"),
    ("mapping values are not allowed", "put quotes around a value that holds ': ', and check the indentation"),
    ("could not find expected ':'", "write `key: value`, and check the line before"),
    ("did not find expected key", "check the indentation: keys of one mapping begin in one column"),
    ("did not find expected '-' indicator", "check the indentation: items of one list begin in one column"),
    ("found unexpected end of stream", "close the quote, bracket or brace that was opened"),
    ("did not find expected ',' or", "close the bracket or brace, or put a comma between the items"),
    ("alphabetic or numeric character", "put quotes around a value that begins with * or &"),
    ("found undefined tag handle", "the only tag is `!secret NAME`"),
)


def compose(data: bytes, file: str) -> Node | None:
    """The file's nodes, None where it holds nothing; raises DeclarationError with all problems found."""
    text = decode(data, file)
    with no_collection():
        builder, node = _build(text, file)
    if builder.problems:
        raise DeclarationError(builder.problems)
    return node


_KNOWN: WeakValueDictionary[tuple[str, bytes], MappingNode] = WeakValueDictionary()
"""Files that somebody still holds, by path and digest: commits of one network differ in few of theirs."""


def compose_mapping(data: bytes, file: str) -> MappingNode:
    """The file's top mapping, empty where the file holds nothing; raises DeclarationError with all problems."""
    key = file, hashlib.sha256(data).digest()
    found = _KNOWN.get(key)
    if found is None:
        found = _KNOWN[key] = _compose_mapping(data, file)
    return found


def _compose_mapping(data: bytes, file: str) -> MappingNode:
    node = compose(data, file)
    if node is None:
        return MappingNode({}, {}, Source(file))
    if not isinstance(node, MappingNode):
        raise DeclarationError(Problem("the file must be a mapping", node.source, "write `key: value` lines"))
    return node


def too_large(size: int, file: str) -> Problem | None:
    """The problem of a file of `size` bytes that nobody should read, None where it is small enough."""
    if size <= LIMIT:
        return None
    return Problem(
        f"the file is too large: {size / 2**20:.1f} MB, at most {LIMIT // 2**20} MB are read",
        Source(file),
        "split it, or move it out of the network's folder",
    )


@contextmanager
def no_collection() -> Iterator[None]:
    """Without the cycle collector: it finds nothing among a million new nodes, and takes most of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def decode(data: bytes, file: str) -> str:
    """The file's text; raises DeclarationError where it is too large, or not UTF-8 text."""
    if problem := too_large(len(data), file):
        raise DeclarationError(problem)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DeclarationError(Problem("the file is UTF-16, not UTF-8", Source(file), "save it as UTF-8"))
    if found := _CONTROL.search(data):
        where = _place(data, found.start(), file)
        message = f"the file is not text: it holds a control character (byte {data[found.start()]:#04x})"
        raise DeclarationError(Problem(message, where, "only UTF-8 text files can be YAML; remove the file or save it"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # "utf-8-sig" counts from behind the mark.
        start = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        message = f"the file is not UTF-8 (byte {data[start]:#04x})"
        raise DeclarationError(Problem(message, _place(data, start, file), "save it as UTF-8")) from None


def _place(data: bytes, offset: int, file: str) -> Source:
    line = data.count(b"\n", 0, offset) + 1
    start = data.rfind(b"\n", 0, offset) + 1
    return Source(file, line, len(data[start:offset].decode(errors="replace")) + 1)


def _build(text: str, file: str) -> tuple[Builder, Node | None]:
    try:
        builder = Builder(Parser(text), file)
        return builder, builder.build()
    except yaml.MarkedYAMLError as error:
        raise DeclarationError(_syntax_problem(error, file)) from None
    except yaml.reader.ReaderError as error:
        where = _place(text.encode(), error.position if isinstance(error.position, int) else 0, file)
        raise DeclarationError(Problem(f"the file is not text: {error.reason}", where, "save it as UTF-8")) from None


def _syntax_problem(error: yaml.MarkedYAMLError, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    where = Source(file, mark.line + 1, mark.column + 1) if mark else Source(file)
    said = error.problem or error.context or "it cannot be read"
    if error.context and error.context_mark and error.context_mark.line != where.line - 1:
        said = f"{said} ({error.context} that begins on line {error.context_mark.line + 1})"
    remedy = next((remedy for fragment, remedy in _REMEDIES if fragment in said), "")
    return Problem(f"not valid YAML: {said}", where, remedy)
