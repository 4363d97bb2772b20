"""Query words of `print`: which rows the reply holds (MikroTik documentation, API, queries)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

Values = Mapping[str, str]

BOOLEANS = {"yes": "true", "no": "false"}
"""How a query may spell what a row shows as true or false."""


def matches(words: Sequence[str], values: Values) -> bool:
    """Whether every result left on the stack is true after the query words (without their `?`) are run in order."""
    stack: list[bool] = []
    for word in words:
        if word.startswith("#"):
            operate(word[1:], stack)
        else:
            stack.append(test(word, values))
    return all(stack)


def test(word: str, values: Values) -> bool:
    """One comparison: has, has not, equal, less, greater."""
    if word.startswith("-"):
        return word[1:] not in values
    for sign, compare in COMPARISONS:
        if word.startswith(sign) and "=" in word[1:]:
            name, _, wanted = word[1:].partition("=")
            return name in values and compare(values[name], wanted)
    name, equal, wanted = word.partition("=")
    if not equal:
        return name in values
    return name in values and alike(values[name], wanted)


def alike(have: str, want: str) -> bool:
    """Equal, a boolean in either spelling: librouteros's documentation filters by `no`, exporters by `false`."""
    return have == (BOOLEANS.get(want, want) if have in BOOLEANS.values() else want)


def operate(operations: str, stack: list[bool]) -> None:
    """Apply `!`, `&`, `|`, `.` and indexes to the stack; what has no operand is passed over."""
    index = ""
    for sign in operations:
        if sign.isdigit():
            index += sign
            continue
        if index:
            copy(int(index), stack)
        if sign == "." and not index and stack:
            stack.append(stack[-1])
        index = ""
        if sign == "!" and stack:
            stack[-1] = not stack[-1]
        elif sign in "&|" and len(stack) > 1:
            second, first = stack.pop(), stack.pop()
            stack.append((first and second) if sign == "&" else (first or second))
    if index:
        replace(int(index), stack)


def copy(index: int, stack: list[bool]) -> None:
    """Push a copy of the value at an index, counted from the top."""
    if index < len(stack):
        stack.append(stack[-1 - index])


def replace(index: int, stack: list[bool]) -> None:
    """Replace the whole stack with the value at an index, counted from the top."""
    if index < len(stack):
        stack[:] = [stack[-1 - index]]


def order(text: str) -> tuple[int, int, str]:
    """Numbers before words, each by its own order."""
    return (0, int(text), "") if text.lstrip("-").isdigit() else (1, 0, text)


COMPARISONS: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("=", alike),
    ("<", lambda have, want: order(have) < order(want)),
    (">", lambda have, want: order(have) > order(want)),
)
