"""One menu's JSON, read as dataclasses and cut to one version. docs/catalogue.md describes the format."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from trueup_schemas.catalogue.types import Menu, Property, Reference
from trueup_schemas.catalogue.version import Release, exists

Entry = Mapping[str, Any]


def read_menu(path: str, source: Entry, at: Release) -> Menu:
    """The menu as it is in one release; what came later or went earlier is left out."""
    properties = {
        name: _property(name, _cut(entry, at))
        for name, entry in source["properties"].items()
        if exists(entry.get("since"), entry.get("until"), at)
    }
    properties |= {name: Property(name, "text", read_only=True) for name in source.get("state", ())}
    properties |= {name: Property(name, "boolean", read_only=True) for name in source.get("flags", ())}
    source = _cut(source, at)
    return Menu(
        path=path,
        kind=source["kind"],
        properties=MappingProxyType(properties),
        key=tuple(source.get("key", ())),
        enforced=source.get("enforced", False),
        unique=tuple(tuple(names) for names in source.get("unique", ())),
        namespace=source.get("namespace", ""),
        ordered=source.get("ordered", False),
        strata=tuple(source.get("strata", ())),
        filled=source.get("filled", False),
        hardware=source.get("hardware", False),
    )


def _cut(entry: Entry, at: Release) -> Entry:
    """The entry with what its `versions` change in this release."""
    changed = dict(entry)
    for change in entry.get("versions", ()):
        if exists(change.get("since"), change.get("until"), at):
            changed |= change
    return changed


def _property(name: str, entry: Entry) -> Property:
    return Property(
        name=name,
        type=entry.get("type", "text"),
        many=entry.get("many", ""),
        values=tuple(entry.get("values", ())),
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        negatable=entry.get("negatable", False),
        default=entry.get("default"),
        unset=entry.get("unset", ""),
        required=entry.get("required", False),
        secret=entry.get("secret", False),
        write_only=entry.get("write_only", False),
        personal=entry.get("personal", False),
        generated=entry.get("generated", False),
        read_only=entry.get("read_only", False),
        hardware=entry.get("hardware", False),
        refers=tuple(_reference(each) for each in entry.get("refers", ())),
    )


def _reference(entry: Entry) -> Reference:
    return Reference(entry["menu"], entry.get("property", "name"), entry.get("hard", True))
