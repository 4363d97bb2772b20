"""What operators make of values (MikroTik documentation, Scripting language manual, operators)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping

from trueup.lab.scripting.pattern import Pattern
from trueup.lab.scripting.trouble import Failure
from trueup.lab.scripting.value import Address, Array, Id, Time, Value, bounded, kind, number, read, text


def one(sign: str, value: Value) -> Value:
    """An operator before its operand."""
    if sign == "!":
        return not truth(value)
    if isinstance(value, Time) and sign == "-":
        return Time(-value.amount)
    if isinstance(value, Address) and sign == "~":
        address = ipaddress.ip_address(value.text)
        return Address(str(type(address)(int(address) ^ ((1 << address.max_prefixlen) - 1))))
    amount = whole(value)
    return number(-amount if sign == "-" else ~amount)


def two(sign: str, left: Value, right: Value) -> Value:
    """An operator between its operands; `&&` and `||` are decided before this."""
    return BETWEEN[sign](left, right)


def truth(value: Value) -> bool:
    """Whether a condition holds; what is no boolean is refused."""
    known = read(value) if isinstance(value, str) else value
    if known is None or isinstance(known, bool):
        return bool(known)
    raise Failure("conditional not boolean")


def whole(value: Value) -> int:
    """A value as a number, as arithmetic takes it."""
    known = read(value) if isinstance(value, str) else value
    if isinstance(known, int) and not isinstance(known, bool):
        return known
    raise Failure(f"cannot calculate with {kind(value)}")


def plus(left: Value, right: Value, sign: int = 1) -> Value:
    """Sums and differences: of numbers, of times, of an address and a number; between two addresses the distance."""
    if isinstance(left, Time) and isinstance(right, Time):
        return Time(number(left.amount + sign * right.amount))
    if isinstance(left, Address):
        return moved(left, right, sign)
    return number(whole(left) + sign * whole(right))


def moved(left: Address, right: Value, sign: int) -> Value:
    """An address that lies further on, or how far another one is."""
    own = ipaddress.ip_address(left.text)
    if isinstance(right, Address):
        if sign > 0:
            raise Failure("cannot add ip address to ip address")
        return number(int(own) - int(ipaddress.ip_address(right.text)))
    return Address(str(type(own)((int(own) + sign * whole(right)) % (1 << own.max_prefixlen))))


def minus(left: Value, right: Value) -> Value:
    return plus(left, right, -1)


def times(left: Value, right: Value) -> Value:
    if isinstance(left, Time):
        return Time(number(left.amount * whole(right)))
    return number(whole(left) * whole(right))


def over(left: Value, right: Value) -> Value:
    """Quotients, cut towards zero."""
    divisor = whole(right)
    if divisor == 0:
        raise Failure("division by zero")
    if isinstance(left, Time):
        return Time(cut(left.amount, divisor))
    return number(cut(whole(left), divisor))


def cut(amount: int, divisor: int) -> int:
    quotient = abs(amount) // abs(divisor)
    return quotient if (amount < 0) == (divisor < 0) else -quotient


def rest(left: Value, right: Value) -> Value:
    amount, divisor = whole(left), whole(right)
    if divisor == 0:
        raise Failure("division by zero")
    return number(amount - divisor * cut(amount, divisor))


def joined(left: Value, right: Value) -> Value:
    """`.`: two texts as one, or members behind members."""
    if isinstance(left, Array):
        return Array((*left.members, *members(right)))
    return bounded(text(left) + text(right))


def listed(left: Value, right: Value) -> Value:
    """`,`: an array of both."""
    return Array((*members(left), *members(right)))


def members(value: Value) -> tuple[tuple[str | None, Value], ...]:
    return value.members if isinstance(value, Array) else ((None, value),)


def equal(left: Value, right: Value) -> Value:
    """Whether two values are the same; a text counts as what it reads as."""
    if isinstance(left, Array) or isinstance(right, Array):
        return text(left, ",") == text(right, ",")
    return text(left) == text(right) or plain(left) == plain(right)


def plain(value: Value) -> tuple[str, object]:
    """A value by its kind, so that true and 1 differ."""
    known = read(value) if isinstance(value, str) else value
    return kind(known), known


def less(left: Value, right: Value) -> bool:
    """The order of numbers, times, addresses; of anything else that of its text."""
    one, other = plain(left)[1], plain(right)[1]
    if isinstance(one, int) and isinstance(other, int):
        return one < other
    if isinstance(one, Time) and isinstance(other, Time):
        return one.amount < other.amount
    if isinstance(one, Address) and isinstance(other, Address):
        first, second = ipaddress.ip_address(one.text), ipaddress.ip_address(other.text)
        return (first.version, int(first)) < (second.version, int(second))
    return text(left) < text(right)


def within(left: Value, right: Value) -> Value:
    """Whether an address or network lies in a network."""
    try:
        inner = ipaddress.ip_network(text(left), strict=False)
        outer = ipaddress.ip_network(text(right), strict=False)
    except ValueError as error:
        raise Failure("cannot compare with in") from error
    if inner.version != outer.version:
        return False
    return int(inner[0]) >= int(outer[0]) and int(inner[-1]) <= int(outer[-1])


def alike(left: Value, right: Value) -> Value:
    """Whether a text, or a member of an array, matches a regular expression."""
    pattern = Pattern(text(right))
    return any(pattern.found(text(value)) for _, value in members(left))


def shifted(left: Value, right: Value) -> Value:
    """`<<` and, by a number below nothing, `>>`."""
    by = max(-64, min(64, whole(right)))
    return number(whole(left) << by if by >= 0 else whole(left) >> -by)


def member(left: Value, right: Value) -> Value:
    """`->`: one member of an array; anything else has none."""
    return left.get(right.text if isinstance(right, Id) else right) if isinstance(left, Array) else None


BETWEEN: Mapping[str, Callable[[Value, Value], Value]] = {
    "+": plus,
    "-": minus,
    "*": times,
    "/": over,
    "%": rest,
    ".": joined,
    ",": listed,
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": less,
    ">": lambda left, right: less(right, left),
    "<=": lambda left, right: not less(right, left),
    ">=": lambda left, right: not less(left, right),
    "in": within,
    "~": alike,
    "|": lambda left, right: number(whole(left) | whole(right)),
    "&": lambda left, right: number(whole(left) & whole(right)),
    "^": lambda left, right: number(whole(left) ^ whole(right)),
    "<<": shifted,
    ">>": lambda left, right: shifted(left, -whole(right)),
    "->": member,
}
