"""Commands of the language that make a value of values (MikroTik documentation, Scripting language manual)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from trueup.lab.scripting.operate import equal, whole
from trueup.lab.scripting.value import Address, Array, Id, Time, Value, address, kind, read, text


def length(given: Sequence[Value]) -> Value:
    value = given[0]
    return len(value.members) if isinstance(value, Array) else len(text(value))


def to_number(given: Sequence[Value]) -> Value:
    value = read(given[0]) if isinstance(given[0], str) else given[0]
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def to_boolean(given: Sequence[Value]) -> Value:
    value = read(text(given[0]))
    return bool(value) if isinstance(value, int) else None


def to_array(given: Sequence[Value]) -> Value:
    """A text's parts between commas; a value alone."""
    value = given[0]
    if isinstance(value, Array):
        return value
    return Array(tuple((None, read(part.strip())) for part in text(value).split(",") if part))


def to_time(given: Sequence[Value]) -> Value:
    value = read(text(given[0]))
    if isinstance(value, int) and not isinstance(value, bool):
        return Time(value * 1_000_000)
    return value if isinstance(value, Time) else None


def to_id(given: Sequence[Value]) -> Value:
    value = read(text(given[0]))
    return value if isinstance(value, Id) else None


def to_address(given: Sequence[Value]) -> Value:
    return given[0] if isinstance(given[0], Address) else address(text(given[0]))


def pick(given: Sequence[Value]) -> Value:
    """Part of a text or array: from a place up to before another; without the other, one."""
    start = max(0, whole(given[1]))
    value = given[0]
    if isinstance(value, Array):
        if len(given) < 3:
            return value.get(start)
        return Array(value.members[start : max(start, whole(given[2]))])
    end = whole(given[2]) if len(given) > 2 else start + 1
    return text(value)[start : max(start, end)]


def find(given: Sequence[Value]) -> Value:
    """Where something is in a text or array, behind a place; nothing where it is not."""
    start = max(0, whole(given[2]) + 1) if len(given) > 2 and given[2] is not None else 0
    value = given[0]
    if isinstance(value, Array):
        return next((at for at, one in enumerate(value.values()) if at >= start and equal(one, given[1])), None)
    at = text(value).find(text(given[1]), start)
    return at if at >= 0 else None


FUNCTIONS: Mapping[str, Callable[[Sequence[Value]], Value]] = {
    "len": length,
    "typeof": lambda given: kind(given[0]),
    "tostr": lambda given: text(given[0]),
    "tonum": to_number,
    "tobool": to_boolean,
    "toarray": to_array,
    "toip": to_address,
    "toid": to_id,
    "totime": to_time,
    "pick": pick,
    "find": find,
    "nothing": lambda _: None,
}
