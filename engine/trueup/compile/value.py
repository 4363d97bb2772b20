"""A declared value becomes the canonical value of its property, or a problem that says what would be right."""

from __future__ import annotations

from trueup.canonical import canonical, describe
from trueup.compile.rules import REMEMBERED, Words
from trueup.errors import BadValue, DeclarationError, Problem, Source
from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode, kind
from trueup.row import Value
from trueup_schemas.catalogue import Property
from trueup_schemas.secret import PublicKeyOf, SecretRef


class Derived(ScalarNode):
    """A value that a template worked out and no YAML can hold: a public key."""

    __slots__ = ("derived",)

    def __init__(self, derived: PublicKeyOf, source: Source) -> None:
        super().__init__(None, source, str(derived))
        object.__setattr__(self, "derived", derived)

    derived: PublicKeyOf


def value_of(property: Property, node: Node, menu: str, words: Words) -> Value:
    """The canonical value, remembered in `words`; raises DeclarationError with the place, never showing a secret."""
    if isinstance(node, MappingNode):
        raise _wrong(property, node, menu, "expected one value, got a mapping", f"write {describe(property)}")
    if isinstance(node, SequenceNode):
        return _list(property, node, menu, words)
    return _scalar(property, node, menu, words)


def _scalar(property: Property, node: ScalarNode, menu: str, words: Words) -> Value:
    if isinstance(node, Derived):
        return node.derived
    if isinstance(node.value, SecretRef):
        if not property.secret:
            remedy = "write the value itself; only passwords and keys are secrets"
            raise _wrong(property, node, menu, "a secret may not stand here", remedy)
        return node.value
    if node.value is None:
        _refuse_unset(property, node, menu)
        return None
    if property.secret and node.text:
        form = '{"!secret": "NAME"}' if node.source.file.endswith(".jsonl") else "!secret NAME"
        remedy = f"write `{form}` and keep the value in a secret store"
        raise _wrong(property, node, menu, "a secret may not be written in plain text", remedy)
    return _canonical(property, text_of(node), node, menu, words)


def _refuse_unset(property: Property, node: ScalarNode, menu: str) -> None:
    if property.required:
        raise _wrong(
            property, node, menu, "the router requires it, so it cannot be unset", f"write {describe(property)}"
        )


def text_of(node: ScalarNode) -> str:
    """A scalar as RouterOS's own text; true and false are yes and no."""
    if isinstance(node.value, bool):
        return "yes" if node.value else "no"
    return node.text if isinstance(node.value, int) else str(node.value)


def _list(property: Property, node: SequenceNode, menu: str, words: Words) -> Value:
    if not property.many:
        raise _wrong(property, node, menu, "expected one value, got a list", f"write {describe(property)}")
    texts: list[str] = []
    for item in node:
        if not isinstance(item, ScalarNode) or item.value is None or isinstance(item.value, SecretRef):
            raise _wrong(property, item, menu, f"expected text, got {kind(item)}", f"write {describe(property)}")
        text = text_of(item)
        if "," in text:
            raise _wrong(property, item, menu, "an item of a list may not hold a comma", "write two items")
        texts.append(text)
    return _canonical(property, ",".join(texts), node, menu, words)


def _canonical(property: Property, text: str, node: Node, menu: str, words: Words) -> str:
    if (known := words.get(text)) is not None:
        return known
    try:
        value = canonical(property, text)
    except BadValue as error:
        problem = error.problems[0]
        raise _wrong(property, node, menu, problem.message, problem.remedy) from None
    if len(words) < REMEMBERED:
        words[text] = value
    return value


def _wrong(property: Property, node: Node, menu: str, message: str, remedy: str) -> DeclarationError:
    return DeclarationError(Problem(f"{menu} {property.name}: {message}", node.source, remedy))
