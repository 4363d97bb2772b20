"""RouterOS versions, as far as the catalogue tells them apart: major and minor number."""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"\s*([0-9]{1,4})(?:\.([0-9]{1,4}))?")

Release = tuple[int, int]


def release(text: str) -> Release:
    """`7.24.1 (stable)` is (7, 24). Raises ValueError where no number leads the text."""
    found = _NUMBERS.match(text)
    if not found:
        raise ValueError(f'"{text}" is no RouterOS version; write it such as 7.24')
    return int(found[1]), int(found[2] or 0)


def exists(since: str | None, until: str | None, at: Release) -> bool:
    """Whether what came with `since` and was last seen in `until` exists in a release; both are inclusive."""
    return (since is None or release(since) <= at) and (until is None or at <= release(until))
