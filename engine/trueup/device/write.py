"""A plan's changes as the router's own sentences; secrets are resolved here and nowhere before."""

from __future__ import annotations

from collections.abc import Callable

from trueup.device.words import Hidden
from trueup.errors import PlanError, Problem
from trueup.plan import Add, Change, Move, PersonalValue, PlanValue, Remove, SecretValue, Set, Target
from trueup.row import Resolver
from trueup_schemas.catalogue.types import Menu, Property

Ids = Callable[[Target], str]
"""The `.id` of a target; of a created row once its add has been answered."""

Sentence = list[str]


def sentences(change: Change, menu: Menu, ids: Ids, resolve: Resolver) -> list[Sentence]:
    """The commands that make one change, to be sent one after the other.

    One command, except where a property can only be taken away by `unset`: those come first, since a value that goes
    often stands in the way of one that comes. Raises PlanError where the plan cannot be said; `resolve` SecretError.
    """
    if isinstance(change, Add):
        return [_add(change, menu, ids, resolve)]
    if isinstance(change, Set):
        return _set(change, menu, ids, resolve)
    if isinstance(change, Remove):
        return [[f"{change.menu}/remove", f"=.id={_id(change, change.target, ids)}"]]
    return [_move(change, ids)]


def _add(change: Add, menu: Menu, ids: Ids, resolve: Resolver) -> Sentence:
    words = [f"{change.menu}/add"]
    for name, value in change.values.items():
        property = _property(change, menu, name)
        if _gone(property, value):
            words += _without(property)
        else:
            words.append(_word(change, name, value, resolve))
    if change.before is not None:
        words.append(f"=place-before={_id(change, change.before, ids)}")
    return words


def _gone(property: Property, value: PlanValue) -> bool:
    """Whether a value is taken away: a flag is off by not being there, any value sets it (librouteros #130, 7.2)."""
    return value is None or (property.type == "flag" and value == "no")


def _without(property: Property) -> Sentence:
    """What a new row needs so as not to get the property's default: nothing, where that is absent anyway."""
    if property.default == "" or property.type == "flag":
        return []
    return [f"={property.name}={property.unset[1:]}"] if property.unset.startswith("=") else [f"=!{property.name}="]


def _set(change: Set, menu: Menu, ids: Ids, resolve: Resolver) -> list[Sentence]:
    row = [] if change.target is None else [f"=.id={_id(change, change.target, ids)}"]
    first: list[Sentence] = []
    words: Sentence = []
    for name, value in change.values.items():
        property = _property(change, menu, name)
        if not _gone(property, value):
            words.append(_word(change, name, value, resolve))
        elif property.unset == "unset":
            first.append([f"{change.menu}/unset", *row, f"=value-name={name}"])
        else:
            words.append(_away(change, property))
    return [*first, [f"{change.menu}/set", *row, *words]] if words else first


def _away(change: Set, property: Property) -> str:
    """The word that takes a value away; where nothing does, its default is what absence stands for."""
    if property.unset == "!":
        return f"=!{property.name}="
    if property.unset.startswith("="):
        return f"={property.name}{property.unset}"
    if property.default is not None:
        return f"={property.name}={property.default}"
    raise _unsaid(change, f"{property.name} cannot be unset on this menu", "declare a value for it")


def _move(change: Move, ids: Ids) -> Sentence:
    words = [f"{change.menu}/move", f"=numbers={','.join(_id(change, target, ids) for target in change.targets)}"]
    return words if change.before is None else [*words, f"=destination={_id(change, change.before, ids)}"]


def _word(change: Add | Set, name: str, value: PlanValue, resolve: Resolver) -> str:
    if isinstance(value, SecretValue):
        if value.ref is None:
            raise _unsaid(change, f"the plan does not name the secret of {name}", "plan again")
        return Hidden(f"={name}={resolve(value.ref).reveal()}")
    if isinstance(value, PersonalValue):
        if value.text is None:
            raise _unsaid(
                change, f"a saved plan does not hold {name}, which is personal", "plan again and apply at once"
            )
        return Hidden(f"={name}={value.text}")
    return f"={name}={value}"


def _property(change: Add | Set, menu: Menu, name: str) -> Property:
    if name not in menu.properties:
        raise _unsaid(change, f"{name} is no property of this menu in this version", "plan again")
    return menu.properties[name]


def _id(change: Change, target: Target, ids: Ids) -> str:
    """The target's `.id`; a bare number would be a position, and hit whatever stands there."""
    id = ids(target)
    if not id.startswith("*"):
        raise _unsaid(change, "the row to change has no id", "plan again")
    return id


def _unsaid(change: Change, text: str, remedy: str) -> PlanError:
    return PlanError(Problem(text, change.menu, remedy))
