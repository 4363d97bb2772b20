"""Which properties of a matched row differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trueup.diff.content import Keys, Shape
from trueup.diff.owned import OwnedRow
from trueup.row import Row, Secret, Value
from trueup_schemas.catalogue import Property
from trueup_schemas.secret import SecretRef


@dataclass(frozen=True, slots=True)
class Differing:
    """The properties to write, and those that cannot be returned since their default is not known."""

    values: Mapping[str, Value] = field(default_factory=dict)
    left: tuple[str, ...] = ()


def compare(shape: Shape, declared: Row, live: Row, record: OwnedRow | None, keys: Keys) -> Differing:
    """What to write so that the live row is as declared; `record` is what was declared of it before."""
    values: dict[str, Value] = {}
    for name, value in declared.values.items():
        same = type(value) is str and live.values.get(name) == value  # as nearly all are: nothing more to ask
        if not (same or name in declared.ignore or _holds(shape, declared, name, live, record, keys)):
            values[name] = value
    left = []
    for property in _omitted(shape, declared, live, record):
        if property.default is None:
            left.append(property.name)
        elif _text(live.values[property.name]) != property.default:
            values[property.name] = taken_away(property, property.default)
    return Differing(values, tuple(left))


def returned(shape: Shape, live: Row, record: OwnedRow, keys: Keys) -> Differing:
    """What to write so that a row that may not be removed has its once declared properties back at their defaults."""
    return compare(shape, Row({}, ignore=live.ignore), live, record, keys)


def taken_away(property: Property, default: str) -> Value:
    """The value that returns a property to its default: unset where the router can, else the default itself."""
    absent = default == "" or property.unset in ("!", "unset")
    return None if property.unset and absent else default


def _omitted(shape: Shape, declared: Row, live: Row, record: OwnedRow | None) -> Iterator[Property]:
    """Omitted properties that count: in a whole row each with a known default, else those that once were declared."""
    whole = shape.menu.addable and not live.fixed
    once = record.names if record else frozenset()
    for name, value in live.values.items():
        if name in declared.values or name in declared.ignore or name in shape.menu.key:
            continue
        property = shape.menu.properties.get(name)
        if property is None or property.read_only or property.generated or value is None:
            continue
        masked = isinstance(value, Secret) and value.masked
        if name in once or (whole and property.default is not None and not masked):
            yield property


def _text(value: Value) -> str:
    """A live value for comparison with a default; what is masked equals none."""
    return value.reveal() if isinstance(value, Secret) else str(value)


def _holds(shape: Shape, declared: Row, name: str, live: Row, record: OwnedRow | None, keys: Keys) -> bool:
    """Whether the live row already has the declared value."""
    wanted, property = declared.values[name], shape.menu.properties[name]
    there = live.values.get(name)
    if isinstance(wanted, SecretRef):
        secret = keys.secret(property, wanted, declared)
        if isinstance(there, Secret) and not there.masked and not property.write_only:
            return there == secret
        return record is not None and record.secrets.get(name) == keys.secret_digest(property, secret)
    if wanted is None:
        return there is None or _text(there) in ("", shape.defaults.get(name))
    if isinstance(there, Secret):
        return there == Secret(str(wanted))
    return shape.value(live, name) == wanted
