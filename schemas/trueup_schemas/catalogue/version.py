"""RouterOS versions, as far as the catalogue tells them apart: major and minor number."""

from __future__ import annotations

import re

_NUMBERS = re.compile(r"\s*([0-9]{1,4})(?:\.([0-9]{1,4}))?")

Release = tuple[int, int]

WRITTEN = "6.49"
"""The one version whose menus were written by hand from documentation, not derived from a router's own reports."""
OLDEST, NEWEST = "7.9", "7.24"
"""The versions that routers reported, first and last; later ones of the same major are taken as the last."""


class UnknownVersion(ValueError):
    """A version that the catalogue says nothing about."""


def known_release(text: str) -> Release:
    """The release of a version that the catalogue knows; raises UnknownVersion, saying which those are."""
    found = release(text)
    reported = release(OLDEST) <= found and found[0] == release(NEWEST)[0]
    if not reported and found != release(WRITTEN):
        known = f"{WRITTEN} and {OLDEST} to {NEWEST}"
        raise UnknownVersion(f"RouterOS {text} is not one that trueup knows, which are {known}")
    return found


def nearest_known(text: str) -> str:
    """The known version that says most of one that may be unknown; raises UnknownVersion where it is no version."""
    found = release(text)
    if found[0] < release(OLDEST)[0]:
        return WRITTEN
    if found < release(OLDEST):
        return OLDEST
    return text if found[0] == release(NEWEST)[0] else NEWEST


def release(text: str) -> Release:
    """`7.24.1 (stable)` is (7, 24). Raises UnknownVersion where no number leads the text."""
    found = _NUMBERS.match(text)
    if not found:
        raise UnknownVersion(f'"{text}" is no RouterOS version; write it such as 7.24')
    return int(found[1]), int(found[2] or 0)


def exists(since: str | None, until: str | None, at: Release) -> bool:
    """Whether what came with `since` and was last seen in `until` exists in a release; both are inclusive."""
    return (since is None or release(since) <= at) and (until is None or at <= release(until))
