"""The words that a value gets in a file: in the style of the words that stand there."""

from __future__ import annotations

from trueup.adopt.edit import Page
from trueup.adopt.edit_list import Order
from trueup.adopt.page import quoted, scalar, value_text
from trueup.adopt.piece import Piece
from trueup.canonical import canonical
from trueup.errors import BadValue
from trueup.row import Value
from trueup_schemas.catalogue import Property
from trueup_schemas.secret import SecretRef

_BOOLEANS = {"yes": "true", "no": "false"}


def words_for(property: Property, value: Value, page: Page, mapping: Piece) -> str:
    """A property's value as it stands in a mapping, in the style of the one that is there."""
    old = mapping.get(property.name)
    if value is None:
        return "~"
    if isinstance(value, SecretRef):
        return str(value)
    text = str(value)
    if old is not None and old.kind == "scalar" and (said := _same_style(property, text, old, mapping)):
        return said
    return value_text(property, text, 0 if mapping.flow else _indent(page, old, mapping))


def items_of(property: Property, text: str) -> list[str]:
    """The items of a value that can stand as a list; none where it cannot."""
    items = text.split(",")
    return items if property.many and text and all(items) and not text.startswith("!") else []


def rearranged(property: Property, items: list[str], old: Piece) -> Order:
    """The items of a list as they shall stand: those that are there keep their words, and a set its order."""
    there: dict[str, int] = {}
    for index, item in enumerate(old.items):
        there.setdefault(_canonical(property, item.text), index)
    if property.many == "set":
        items = sorted(items, key=lambda item: there.get(item, len(there)))
    return [there[item] if item in there else _alike(item, old.items[0]) for item in items]


def _canonical(property: Property, text: str) -> str:
    try:
        return canonical(property, text)
    except BadValue:
        return text


def _same_style(property: Property, text: str, old: Piece, mapping: Piece) -> str:
    """The value written as the old one was; "" where that says something else."""
    items = items_of(property, text)
    if old.style in ("'", '"') and (len(items) < 2 or "," in old.text):
        return _alike(text, old)
    if not old.style and old.text in _BOOLEANS.values() and text in _BOOLEANS:
        return _BOOLEANS[text]
    plain = all(scalar(item) == item for item in items)
    return text if len(items) > 1 and not old.style and "," in old.text and plain and not mapping.flow else ""


def _alike(text: str, old: Piece | None) -> str:
    """A text in the quotes that the old one has."""
    if old is not None and old.style == '"':
        return quoted(text)
    if old is not None and old.style == "'" and text.isprintable():
        return "'{}'".format(text.replace("'", "''"))
    return scalar(text)


def _indent(page: Page, old: Piece | None, mapping: Piece) -> int:
    """Where the lines of a text of several lines begin: where those of the old one do."""
    if old is not None and old.style in ("|", ">"):
        for line in page.text[old.start : old.end].split("\n")[1:]:
            if line.strip():
                return len(line) - len(line.lstrip())
    return mapping.pairs[0][0].column + 1
