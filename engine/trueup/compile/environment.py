"""The Jinja2 environment of templates: sandboxed, strict about names, without text that could hold a value unseen."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from contextvars import ContextVar
from types import CodeType
from typing import Any, Protocol

from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError, nodes, pass_context
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.filters import FILTERS
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS
from jinja2.visitor import NodeTransformer

from trueup.compile.view import Fields, Sealed, Text
from trueup.load.node import ScalarNode
from trueup_schemas.secret import PublicKeyOf, SecretRef

LONGEST = 65_536
"""The most characters or items that one expression of a template may make."""
WIDEST = 10_000
"""The most numbers that `range` gives."""

_FILTERS = ("default", "first", "last", "length", "list", "lower", "upper", "join", "sort", "unique", "trim", "int")
_TESTS = (
    "defined",
    "undefined",
    "none",
    "string",
    "number",
    "mapping",
    "sequence",
    "in",
    "eq",
    "equalto",
    "ne",
    "true",
)
_METHODS = ("startswith", "endswith", "split", "partition", "removeprefix", "removesuffix")
_REFUSED: dict[type[nodes.Node], str] = {
    nodes.Macro: "macros",
    nodes.CallBlock: "call blocks",
    nodes.FilterBlock: "filter blocks",
    nodes.AssignBlock: "set blocks",
    nodes.Import: "imports",
    nodes.FromImport: "imports",
    nodes.Extends: "inheritance",
    nodes.Block: "inheritance",
}


class Drawing(Protocol):
    """What a template is being drawn into."""

    def tick(self) -> None:
        """Count one step; raises SecurityError when there were too many, or the time is up."""

    def hold(self, value: Any) -> str:
        """Keep a value, and give the placeholder that stands for it in the text."""


DRAWING: ContextVar[Drawing] = ContextVar("drawing")


class Lines(Extension):
    """Begins each line of a template's own text with a mark that names the template and the line."""

    def filter_stream(self, stream: TokenStream) -> Any:
        for token in stream:
            if token.type == "data":
                yield Token(token.lineno, token.type, _marked(token.value, token.lineno, stream.name or ""))
            else:
                yield token


def _marked(text: str, line: int, name: str) -> str:
    first, *rest = text.split("\n")
    return first + "".join(f"\n\ue002{name}:{number}\ue003{each}" for number, each in enumerate(rest, line + 1))


class Bounded(NodeTransformer):
    """Makes every loop and template count its steps, and joined texts their length."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 -- Jinja2's name
        self.generic_visit(node)
        node.body.insert(0, _call("tick", [], node.lineno))
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Call:  # noqa: N802 -- Jinja2's name
        self.generic_visit(node)
        call = nodes.Call(nodes.EnvironmentAttribute("concat"), node.nodes, [], None, None)
        call.set_lineno(node.lineno)
        return call


def _call(name: str, arguments: list[nodes.Expr], line: int) -> nodes.Node:
    call = nodes.Call(nodes.EnvironmentAttribute(name), arguments, [], None, None)
    return nodes.ExprStmt(call).set_lineno(line)


class Remembered(BytecodeCache):
    """Compiles a template once in a process, whichever network draws it: its code depends on its text alone."""

    def __init__(self) -> None:
        self._codes: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._codes.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key] = (bucket.checksum, bucket.code)


_REMEMBERED = Remembered()


class Environment(ImmutableSandboxedEnvironment):
    """Templates by name, each drawn under DRAWING's bounds."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, texts: Mapping[str, str], files: Mapping[str, str]) -> None:
        super().__init__(
            loader=FunctionLoader(lambda name: (texts[name], files[name], None) if name in texts else None),
            undefined=StrictUndefined,
            finalize=_finalize,
            extensions=[Lines],
            bytecode_cache=_REMEMBERED,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.filters = {name: FILTERS[name] for name in _FILTERS} | {
            "host": _host,
            "network": _network,
            "public_key": _public_key,
        }
        self.tests = {name: TESTS[name] for name in _TESTS} | {"address": _is_address}
        self.globals = {"range": _range}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for kind, what in _REFUSED.items():
            for found in tree.find_all(kind):
                message = f"templates have no {what}; use include, or write the rows out"
                raise TemplateSyntaxError(message, found.lineno, name, filename)
        bounded: nodes.Template = Bounded().visit(tree)
        bounded.body.insert(0, _call("tick", [], 1))
        return bounded

    def tick(self) -> None:
        DRAWING.get().tick()

    def concat(self, *parts: Any) -> str:
        return str(_bounded("".join(str(part) for part in parts)))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        numbers = isinstance(left, int) and isinstance(right, int)
        if operator == "**" or (operator in "*%" and not numbers):
            raise SecurityError(f"templates have no {operator} here")
        made = super().call_binop(context, operator, left, right)
        return _bounded(made) if isinstance(made, str | list | tuple) else made

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Fields):
            return self._field(obj, attribute)
        if isinstance(obj, str) and attribute not in _METHODS:
            return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self._field(obj, str(argument)) if isinstance(obj, Fields) else super().getitem(obj, argument)

    def _field(self, obj: Fields, name: str) -> Any:
        try:
            return obj.field(name)
        except KeyError:
            return self.undefined(f"there is no '{name}' here")


@pass_context
def _finalize(_: Context, value: Any) -> str:
    return DRAWING.get().hold(value)


def _bounded(made: Any) -> Any:
    if len(made) > LONGEST:
        raise SecurityError(f"an expression makes more than {LONGEST} characters or items")
    return made


def _range(*arguments: int) -> range:
    made = range(*arguments)
    if len(made) > WIDEST:
        raise SecurityError(f"range gives more than {WIDEST} numbers")
    return made


def _derived(text: str, given: Any) -> Any:
    """A text worked out of a declared one, with its place."""
    if not isinstance(given, Text):
        return text
    return Text(text, ScalarNode(text, given.node.source, text))


def _host(given: Any) -> Any:
    """`10.5.50.1` of `10.5.50.1/24`."""
    return _derived(str(_interface(given).ip), given)


def _network(given: Any) -> Any:
    """`10.5.50.0/24` of `10.5.50.1/24`."""
    return _derived(str(_interface(given).network), given)


def _interface(given: Any) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface:
    return ipaddress.ip_interface(str(given))


def _public_key(given: Any) -> Sealed:
    """The public key of a declared private key."""
    if not isinstance(given, Sealed) or not isinstance(given.ref, SecretRef):
        raise TypeError("public_key needs a private key that is a secret")
    return Sealed(PublicKeyOf(given.ref), given.node)


def _is_address(given: Any) -> bool:
    """Whether a text is an address, a network or a range rather than a name."""
    try:
        for part in str(given).split("-", 1):
            ipaddress.ip_interface(part)
    except ValueError:
        return False
    return True
