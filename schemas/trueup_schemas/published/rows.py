"""`rows` as JSON Schema: every menu with its rows, its scopes and its properties.

Definitions are named for a menu's path with dots, since not every editor reads an escaped slash in a reference.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from trueup_schemas.catalogue import Menu, Property
from trueup_schemas.published.menus import Known, Sighting, known_menus
from trueup_schemas.published.shapes import PLACE, TEXT, Schema

_VALUE: Schema = {"type": ["string", "number", "boolean", "null"]}
_VALUES: Schema = {"type": ["string", "number", "boolean", "null", "array"], "items": {"$ref": "#/definitions/value"}}
_YES_NO: Schema = {"type": ["boolean", "string", "null"], "pattern": "^(yes|no|true|false)$"}
_FILE: Schema = {"type": "string", "pattern": r"\.(csv|jsonl)$"}
_LONG = 48
"""A schema of more letters than this is worth a reference."""
_BESIDE: Schema = {"type": ["string", "number", "object"]}

SHARED: Mapping[str, Schema] = {
    "value": _VALUE,
    "values": _VALUES,
    "yes-no": _YES_NO,
    "secret-or-empty": {"type": ["string", "null"], "pattern": r"^([A-Za-z0-9][A-Za-z0-9._/@-]*)?$"},
    "scoped": {"type": "object", "required": ["scope"], "properties": {"scope": {"type": "object"}}},
    "other": {
        "type": "object",
        "anyOf": [{"required": ["rows-from"]}, {"required": ["slot"], "maxProperties": 1}],
    },
    "item": {
        "type": "object",
        # Named here for the sake of completion: what they may hold is said below.
        "properties": {"scope": {}, "rows-from": {}, "slot": {}},
        "if": {"$ref": "#/definitions/scoped"},
        "then": {
            "properties": {
                "scope": {},
                "rows": {"type": ["array", "null"]},
                "unmanaged": {"$ref": "#/definitions/unmanaged"},
                "rows-from": {"$ref": "#/definitions/rows-from"},
                "slot": {"$ref": "#/definitions/slot"},
            },
            "additionalProperties": False,
        },
        "else": {"if": {"$ref": "#/definitions/other"}, "then": {"$ref": "#/definitions/stands-for-rows"}},
    },
    "stands-for-rows": {
        "type": "object",
        "properties": {
            "rows-from": {**_FILE, "description": "The rows of a CSV or JSON-lines file, which begin here."},
            "slot": {**TEXT, "description": "Where a nearer layer's rows go."},
        },
        "additionalProperties": False,
        "maxProperties": 1,
    },
    "was": {**_BESIDE, "description": "The row's former key: a rename instead of a removal and an addition."},
    "place": PLACE,
    "protect": {"type": ["boolean", "string"], "pattern": "^(yes|no|true|false)$", "description": "Never removed."},
    "ignore": {
        "type": ["string", "array"],
        "items": {"type": "string"},
        "description": "Properties that are left alone.",
    },
    "slot": {**TEXT, "description": "The slot of a farther layer that the row goes into."},
    "unmanaged": {
        "enum": ["keep", "remove"],
        "description": "What becomes of rows of this scope that nobody declared; keep unless it is said.",
    },
    "rows-from": {**_FILE, "description": "A CSV or JSON-lines file whose rows come behind `rows`."},
}
"""What all menus have in common."""


def row_definitions(more: Iterable[Menu] = ()) -> dict[str, Schema]:
    """`rows`, and what it consists of, by name; `more` are menus of captured trees."""
    menus = known_menus(more)
    found: dict[str, Schema] = {name: dict(schema) for name, schema in SHARED.items()}
    rows = {_name(menu): _row(menu) for menu in menus.values()}
    found |= _shared(rows) | rows
    found["rows"] = {
        "type": "object",
        "properties": {path: _menu(menu) for path, menu in menus.items()},
        "additionalProperties": False,
        "description": "Any menu of RouterOS, in RouterOS's own words.",
    }
    return found


def _shared(rows: Mapping[str, Schema]) -> dict[str, Schema]:
    """What several properties have in common, kept once, and referred to in its place: a third of the whole."""
    written = [(menu["properties"], name) for menu in rows.values() for name in menu["properties"]]
    counts = Counter(json.dumps(properties[name]) for properties, name in written)
    often = [text for text, count in sorted(counts.items()) if count > 2 and len(text) > _LONG]
    names = {text: f"property-{number}" for number, text in enumerate(often, 1)}
    for properties, name in written:
        text = json.dumps(properties[name])
        properties[name] = reference(names[text]) if text in names else properties[name]
    return {name: json.loads(text) for text, name in names.items()}


def _name(menu: Known) -> str:
    return menu.path.strip("/").replace("/", ".")


def reference(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _menu(menu: Known) -> Schema:
    row = reference(_name(menu))
    if menu.single:
        return row
    told = [word for word in (menu.seen.told(), "the order counts" if menu.ordered else "") if word]
    schema: Schema = {"type": ["array", "null"], "items": _item(menu, row)}
    return schema | ({"description": "; ".join(told)} if told else {})


def _item(menu: Known, row: Schema) -> Schema:
    """A scope, a slot, a file's rows, or a row."""
    needed = menu.needed()
    whole = {"allOf": [row, {"required": needed}]} if needed else row
    own = {"properties": {"scope": row, "rows": {"items": row}}}
    return {
        "allOf": [
            reference("item"),
            {
                "if": reference("scoped"),
                "then": own,
                "else": {"if": reference("other"), "else": whole},
            },
        ]
    }


def _row(menu: Known) -> Schema:
    properties = {name: _property(*found) for name, found in sorted(menu.properties.items())}
    marks = ["protect", "ignore", "slot", *(["was"] if menu.keyed else []), *(["place"] if menu.ordered else [])]
    properties |= {mark: reference(mark) for mark in marks if mark not in properties}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _property(seen: Sighting, forms: list[Property]) -> Schema:
    newest = forms[-1]
    schema = _typed(forms)
    told = ". ".join(each[:1].upper() + each[1:] for each in _told(newest, seen.told()))
    return {**schema, "description": told} if told else schema


def _told(property: Property, seen: str) -> Iterator[str]:
    """What an editor shows of a property beside its type."""
    if property.secret:
        yield "a secret: write !secret NAME"
    elif property.type not in ("text", "boolean", "flag", "enum"):
        yield property.type.replace("-", " ")
    if property.default:
        yield f"default: {property.default}"
    if property.refers:
        yield f"names a row of {', '.join(each.menu for each in property.refers)}"
    if seen:
        yield seen


def _typed(forms: list[Property]) -> Schema:
    """What may be written for a property in any of its forms; where they differ in kind, any value."""
    kinds = {form.type for form in forms}
    many = any(form.many for form in forms)
    if any(form.secret for form in forms):
        return reference("secret-or-empty" if all(form.secret for form in forms) else "value")
    loose = reference("values" if many else "value")
    words = sorted({word for form in forms for word in form.values if word})
    plain = not many and not any(form.negatable for form in forms)
    if kinds == {"enum"}:
        return _enum(words, forms, many)
    if kinds <= {"boolean", "flag"} and plain and not words:
        return reference("yes-no")
    if kinds == {"integer"} and plain and not words:
        return _integer(forms)
    return {"anyOf": [{"enum": words}, loose]} if words else loose


def _enum(words: list[str], forms: list[Property], many: bool) -> Schema:
    """One of the words, as YAML may read them; several, or a negation, as one text."""
    written: list[str | int | float | bool | None] = [*words]
    written += [as_yaml for word in words for as_yaml in _read(word)]
    empty = many or any(form.default == "" or "" in form.values for form in forms)
    one: Schema = {"enum": [*written, *([""] if empty else []), None]}
    if not many and not any(form.negatable for form in forms):
        return one
    branches = [one, {"type": "string", "pattern": "^!|,"}]
    return {"anyOf": branches + ([{"type": "array", "items": {"enum": written}}] if many else [])}


def _read(word: str) -> list[int | float | bool]:
    """What YAML makes of a word without quotes, where that is not text."""
    if word in ("yes", "no"):
        return [word == "yes"]
    try:
        return [int(word)]
    except ValueError:
        pass
    try:
        return [float(word)]
    except ValueError:
        return []


def _integer(forms: list[Property]) -> Schema:
    """A whole number within the widest bounds that it has had; in quotes or in hex it is not measured."""
    schema: Schema = {"type": ["integer", "string", "null"], "pattern": r"^(-?[0-9]+|0[xX][0-9a-fA-F]+)?$"}
    low, high = [form.minimum for form in forms], [form.maximum for form in forms]
    if all(each is not None and each.lstrip("-").isdigit() for each in low):
        schema["minimum"] = min(int(each) for each in low if each)
    if all(each is not None and each.isdigit() for each in high):
        schema["maximum"] = max(int(each) for each in high if each)
    return schema
