"""Old values as a script writes them, and those that it must not or cannot write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from trueup.inverse import words
from trueup.inverse.before import Values
from trueup.inverse.lost import Lost, hidden, why_missing
from trueup.plan import SecretValue
from trueup.row import Row, Secret
from trueup_schemas.catalogue import Menu, Property

DEAD = re.compile(r"\*[0-9A-F]+\Z")
"""What a reference shows whose row was removed."""


@dataclass
class Written:
    """Arguments of `set` or `add`, names to be given to `unset`, and why properties are missing.

    `weaker`: what is missing is a secret or a reference, without which the row must not be in force.
    """

    arguments: list[str] = field(default_factory=list)
    unset: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    weaker: bool = False


def put_back(menu: Menu, old: Values, lost: Lost) -> Written:
    """What returns changed properties to what they were."""
    found = Written()
    for name, value in old.items():
        property = menu.properties.get(name)
        if property is None:
            found.missing.append(f"{name} is no property of this menu in this version")
        elif property.write_only or isinstance(value, Secret | SecretValue):
            found.missing.append(hidden(property))
        elif value is None or (property.type == "flag" and value == "no"):
            _take_away(found, property)
        elif lost.named_by(property, value):
            found.missing.append(f"{name} refers to a row that cannot come back")
        elif isinstance(value, str) and property.refers and DEAD.match(value):
            found.missing.append(f"{name} referred to a row that was gone already")
        else:
            found.arguments.append(words.argument(name, str(value)))
    return found


def _take_away(found: Written, property: Property) -> None:
    name = property.name
    if property.unset == "!":
        found.arguments.append(f"!{name}")
    elif property.unset == "unset":
        found.unset.append(name)
    elif property.unset.startswith("="):
        found.arguments.append(words.argument(name, property.unset[1:]))
    elif property.default is not None:
        found.arguments.append(words.argument(name, property.default))
    else:
        found.missing.append(f"{name} was absent, and nothing takes it away on this menu")


def whole(menu: Menu, row: Row, lost: Lost) -> Written:
    """What adds a row again with every value it had; it is disabled where it would be weaker than it was."""
    found = Written()
    for property in menu.writable:
        value = row.values.get(property.name)
        if why := why_missing(property, row, lost):
            found.weaker = True
            found.missing.append(why)
        elif isinstance(value, str):
            found.arguments += _given(found, property, value)
    if found.weaker:
        found.arguments = [each for each in found.arguments if not each.startswith("disabled=")]
        found.arguments.append('disabled="yes"')
    return found


def _given(found: Written, property: Property, value: str) -> Iterator[str]:
    """The argument of a new row, nothing where it gets that value by itself."""
    if property.refers and DEAD.match(value):
        found.missing.append(f"{property.name} referred to a row that was gone already")
    elif value != (property.default or "") and not (property.type == "flag" and value == "no"):
        yield words.argument(property.name, value)
    elif value == "" and property.default:
        yield words.argument(property.name, "")
