"""Drawing a template: its text is composed as YAML, and every value goes back in as it was declared."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError

from trueup.compile.drawn import DrawnSource
from trueup.compile.environment import DRAWING, Environment
from trueup.compile.value import Derived
from trueup.compile.view import Absent, Fields, Items, Sealed
from trueup.errors import DeclarationError, Problem, Source
from trueup.load.compose import compose
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode
from trueup_schemas.secret import PublicKeyOf

STEPS = 300_000
"""The most loop rounds and values of one drawing."""
SECONDS = 15.0
"""The longest that one drawing may take."""
LETTERS = 4 * 2**20
"""The most characters that one drawing may make."""

_PLACEHOLDER = re.compile("\ue000([0-9]+)\ue001")
_MARK = re.compile("\ue002([^:]*):([0-9]+)\ue003")
_RESERVED = re.compile("[\ue000-\ue003]")
_FAULTS = (jinja2.TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError)


class Templates:
    """Templates by name; `files` tells where each one's text comes from."""

    def __init__(self, texts: Mapping[str, str], files: Mapping[str, str]) -> None:
        self.texts, self.files = texts, files
        self._environment = Environment(texts, files)

    def __contains__(self, name: str) -> bool:
        return name in self.texts

    def draw(self, name: str, context: Mapping[str, Any], origin: Source) -> Node | None:
        """The nodes that a template makes, None where it makes nothing; raises DeclarationError with the place."""
        drawing = _Drawing(origin, self.files[name])
        self._refuse_reserved(name)
        token = DRAWING.set(drawing)
        try:
            text = self._text(name, context)
        except _FAULTS as error:
            raise DeclarationError(Problem(_said(error), self._place(name, error), _drawn_for(origin))) from None
        finally:
            DRAWING.reset(token)
        plain, lines = _unmarked(text, name)
        places = _Places(lines, self.files, origin)
        try:
            node = compose(plain.encode("utf-8", "surrogatepass"), self.files[name])
        except DeclarationError as error:
            raise DeclarationError(places.problem(problem) for problem in error.problems) from None
        return None if node is None else _Restorer(drawing.held, places).restore(node)

    def _text(self, name: str, context: Mapping[str, Any]) -> str:
        chunks: list[str] = []
        size = 0
        for chunk in self._environment.get_template(name).generate(dict(context)):
            size += len(chunk)
            if size > LETTERS:
                raise SecurityError(f"the template makes more than {LETTERS // 2**20} MB of text")
            chunks.append(chunk)
        return "".join(chunks)

    def _refuse_reserved(self, name: str) -> None:
        if found := _RESERVED.search(self.texts[name]):
            line = self.texts[name].count("\n", 0, found.start()) + 1
            message = "the template holds a private-use character (U+E000 to U+E003)"
            raise DeclarationError(Problem(message, Source(self.files[name], line), "remove it"))

    def _place(self, name: str, error: BaseException) -> Source:
        """Where in which template: a syntax error tells, any other is found in its traceback."""
        if isinstance(error, jinja2.TemplateSyntaxError):
            return Source(error.filename or self.files[name], error.lineno)
        place = Source(self.files[name])
        trace = error.__traceback__
        while trace is not None:
            # Jinja2 rewrites the frames of templates so that they show the template's file and line.
            if "__jinja_exception__" in trace.tb_frame.f_globals:
                place = Source(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
            trace = trace.tb_next
        return place


class _Drawing:
    """The values of one drawing, and what is left of its bounds."""

    def __init__(self, origin: Source, file: str) -> None:
        self.held: list[Any] = []
        self._origin = DrawnSource(file, origin=origin)
        self._steps = 0
        self._deadline = time.monotonic() + SECONDS

    def tick(self) -> None:
        self._steps += 1
        if self._steps > STEPS:
            raise SecurityError(f"the template takes more than {STEPS} steps; does a loop end?")
        if self._steps % 256 == 1 and time.monotonic() > self._deadline:
            raise SecurityError(f"the template takes longer than {SECONDS:.0f} seconds; does a loop end?")

    def hold(self, value: Any) -> str:
        self.tick()
        if isinstance(value, jinja2.Undefined) and not isinstance(value, Absent):
            str(value)
        self.held.append(None if isinstance(value, Absent) else self._node(value))
        return f"\ue000{len(self.held) - 1}\ue001"

    def _node(self, value: Any) -> Node:
        """The node of a declared value; one that the template worked out gets a node of its own."""
        if isinstance(value, Sealed) and isinstance(value.ref, PublicKeyOf):
            return Derived(value.ref, value.node.source)
        if isinstance(value, Items):
            return SequenceNode(tuple(self._node(item) for item in value), value.node.source)
        node = getattr(value, "node", None)
        if isinstance(node, MappingNode | ScalarNode) and not (isinstance(value, Fields) and value.model):
            return node
        if isinstance(value, str | bool | int) or value is None:
            return ScalarNode(value, self._origin, "" if value is None else str(value))
        if isinstance(value, list | tuple):
            return SequenceNode(tuple(self._node(item) for item in value), self._origin)
        raise TypeError(f"a template cannot write {type(value).__name__} as a value")


class _Places:
    """Places in a template's drawn text, as places in the templates."""

    def __init__(self, lines: list[tuple[str, int]], files: Mapping[str, str], origin: Source) -> None:
        self._lines, self._files, self._origin = lines, files, origin

    def source(self, drawn: Source) -> DrawnSource:
        name, line = self._lines[min(drawn.line, len(self._lines)) - 1]
        return DrawnSource(self._files[name], line, drawn.column, self._origin)

    def problem(self, problem: Problem) -> Problem:
        """A problem of the drawn text; placeholders are not shown."""
        where = self.source(problem.where) if isinstance(problem.where, Source) else problem.where
        return replace(problem, message=_PLACEHOLDER.sub("{{ }}", problem.message), where=where)


class _Restorer:
    """Puts held values back where their placeholders stand; what holds nothing but absent values goes too."""

    def __init__(self, held: list[Any], places: _Places) -> None:
        self._held, self._places = held, places

    def restore(self, node: Node) -> Node | None:
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        source = self._places.source(node.source)
        if isinstance(node, SequenceNode):
            items = tuple(item for each in node if (item := self.restore(each)) is not None)
            return SequenceNode(items, source) if items or not node.items else None
        entries: dict[str, Node] = {}
        for key, each in node.entries.items():
            if _RESERVED.search(key):
                message = "a value may not be a key; write the key out"
                raise DeclarationError(Problem(message, self._places.source(node.keys[key])))
            if (restored := self.restore(each)) is not None:
                entries[key] = restored
        keys = {key: self._places.source(node.keys[key]) for key in entries}
        return MappingNode(entries, keys, source) if entries or not node.entries else None

    def _scalar(self, node: ScalarNode) -> Node | None:
        found = _PLACEHOLDER.fullmatch(node.text)
        if found:
            held: Node | None = self._held[int(found[1])]
            return held
        source = self._places.source(node.source)
        if _RESERVED.search(node.text):
            remedy = "let {{ }} be the whole value; join texts inside, as in {{ name ~ '-pool' }}"
            raise DeclarationError(Problem("{{ }} must be a whole value", source, remedy))
        return ScalarNode(node.value, source, node.text)


def _unmarked(text: str, name: str) -> tuple[str, list[tuple[str, int]]]:
    """The text without its marks, and for each of its lines the template and line that it comes from."""
    place = (name, 1)
    lines: list[tuple[str, int]] = []
    plain: list[str] = []
    for line in text.split("\n"):
        if found := _MARK.search(line):
            place = (found[1], int(found[2]))
            line = _MARK.sub("", line)
        lines.append(place)
        plain.append(line)
    return "\n".join(plain), lines


def _said(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "template: it includes itself without end"
    if isinstance(error, jinja2.TemplateNotFound):
        return f"template: there is no template '{error.name}'"
    return f"template: {error}" if str(error) else f"template: {type(error).__name__}"


def _drawn_for(origin: Source) -> str:
    return f"drawn for {origin.short}"
