"""Refusals, in RouterOS's own words."""

from __future__ import annotations

import re

ARGUMENT, INTERRUPTED = 1, 2
"""Categories that a trap may carry (MikroTik documentation, API); often there is none."""


CODED = re.compile(r" \(\d+\)$")
"""The end of refusals such as `item already exists (7)`, which are no failures by their words."""


class Trap(Exception):
    """A command is refused; the message is what the router says."""

    def __init__(self, message: str, category: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.category = category

    def words(self) -> list[str]:
        """The reply sentence."""
        category = [] if self.category is None else [f"=category={self.category}"]
        return ["!trap", *category, f"=message={self.message}"]


UNNAMED_UNTIL = (7,)
"""RouterOS 6 does not say which parameter is unknown (community.routeros #233)."""


def worded(trap: Trap, version: tuple[int, ...]) -> Trap:
    """A refusal as a version words it."""
    if version < UNNAMED_UNTIL and trap.message.startswith("unknown parameter "):
        return Trap("unknown parameter", trap.category)
    return trap


def failure(text: str) -> Trap:
    """A refusal that the router words as a failure; facts may carry the prefix, or end in a code that stands for it."""
    return Trap(text if text.startswith("failure: ") or CODED.search(text) else f"failure: {text}")


def no_such_item() -> Trap:
    return Trap("no such item")


def unknown_parameter(name: str) -> Trap:
    return Trap(f"unknown parameter {name}")


def no_match(name: str) -> Trap:
    """A word that is none of an enum's, or a name that no row bears."""
    return Trap(f"input does not match any value of {name}", ARGUMENT)
