"""What templates see: declared values that keep their place, and secrets that cannot become text."""

from __future__ import annotations

from functools import cache
from typing import Any, NoReturn

from jinja2 import Undefined

from trueup.compile.value import text_of
from trueup.errors import Source
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode
from trueup_schemas.declared import Declared
from trueup_schemas.secret import PublicKeyOf, SecretRef


class Text(str):
    """A declared text; `node` is where it was declared."""

    node: Node

    def __new__(cls, text: str, node: Node) -> Text:
        made = super().__new__(cls, text)
        made.node = node
        return made


class Number(int):
    """A declared whole number."""

    node: Node

    def __new__(cls, number: int, node: Node) -> Number:
        made = super().__new__(cls, number)
        made.node = node
        return made


class Flag:
    """A declared yes or no."""

    def __init__(self, value: bool, node: Node) -> None:
        self.value, self.node = value, node

    def __bool__(self) -> bool:
        return self.value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, bool | Flag) and bool(other) == self.value

    def __hash__(self) -> int:
        return hash(self.value)


class Nothing:
    """A declared `~`: the property is to be unset."""

    def __init__(self, node: Node) -> None:
        self.node = node

    def __bool__(self) -> bool:
        return False


class Sealed:
    """A secret's name, or a key derived from it; it goes into a row as it is and into no text."""

    def __init__(self, ref: SecretRef | PublicKeyOf, node: Node) -> None:
        self.ref, self.node = ref, node

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a secret cannot be part of a text; let it be a value by itself")

    __str__ = __repr__ = __format__ = __html__ = _refuse


class Absent(Undefined):
    """A key that may be declared and isn't: false, empty, part of no text, and left out where a template writes it."""

    __slots__ = ()
    __str__ = Undefined._fail_with_undefined_error


class Items(tuple[Any, ...]):
    """A declared list."""

    node: Node

    def __new__(cls, items: tuple[Any, ...], node: Node) -> Items:
        made = super().__new__(cls, items)
        made.node = node
        return made


class Named(dict[Text, Any]):
    """A declared mapping whose keys are names that the operator chose."""

    def __init__(self, items: dict[Text, Any], node: Node) -> None:
        super().__init__(items)
        self.node = node


@cache
def _fields(model: type[Declared]) -> frozenset[str]:
    """The names of a model's fields."""
    return frozenset(model.model_fields)


class Fields:
    """A declared mapping; a template reads `address-pool` as `.address_pool`."""

    def __init__(self, node: Node, model: Declared | None = None) -> None:
        self.node, self.model = node, model

    def field(self, name: str) -> Any:
        """The key's value, Absent where the model knows it but it isn't declared; raises KeyError for others."""
        key = name.replace("_", "-")
        if self.model is None:
            own = self.node.entries if isinstance(self.node, MappingNode) else {}
            return plain_view(own[name] if name in own else own[key])
        own_name = name.replace("-", "_")
        if own_name not in _fields(type(self.model)):
            raise KeyError(name)
        value = getattr(self.model, own_name)
        declared = self.node.get(key) if isinstance(self.node, MappingNode) else None
        if declared is None and value is None:
            return Absent(f"'{key}' is not given")
        return view(value, declared, self.node.source)


def plain_view(node: Node) -> Any:
    """What a template sees of a value that has no model: a template's own variables."""
    if isinstance(node, MappingNode):
        return Fields(node)
    if isinstance(node, SequenceNode):
        return Items(tuple(plain_view(item) for item in node), node)
    return view(node.value, node, node.source)


def view(value: Any, node: Node | None, where: Source) -> Any:
    """What a template sees of a validated value, declared at `node` or the default of a mapping at `where`."""
    if isinstance(value, Declared):
        return Fields(node or MappingNode({}, {}, where), value)
    if isinstance(value, tuple | list):
        return _items(tuple(value), node, where)
    if isinstance(value, dict):
        return _named(value, node, where)
    scalar = _scalar(value, node, where)
    if value is None:
        return Nothing(scalar)
    if isinstance(value, SecretRef):
        return Sealed(value, scalar)
    if isinstance(value, bool):
        return Flag(value, scalar)
    return Number(value, scalar) if isinstance(value, int) else Text(str(value), scalar)


def _items(values: tuple[Any, ...], node: Node | None, where: Source) -> Items:
    nodes = node.items if isinstance(node, SequenceNode) and len(node) == len(values) else (node,) * len(values)
    made = tuple(view(value, own, where) for value, own in zip(values, nodes, strict=True))
    return Items(made, SequenceNode(tuple(item.node for item in made), node.source if node else where))


def _named(values: dict[str, Any], node: Node | None, where: Source) -> Named:
    entries = node if isinstance(node, MappingNode) else MappingNode({}, {}, where)
    made: dict[Text, Any] = {}
    for name, value in values.items():
        source = entries.keys.get(name, where)
        made[Text(name, ScalarNode(name, source, name))] = view(value, entries.get(name), source)
    return Named(made, entries)


def _scalar(value: Any, node: Node | None, where: Source) -> ScalarNode:
    """The node as it was written, unless the model made something else of it."""
    if isinstance(node, ScalarNode) and (value == node.value or str(value) == text_of(node)):
        return node
    text = value.name if isinstance(value, SecretRef) else str(value)
    return ScalarNode(value, node.source if node else where, text)
