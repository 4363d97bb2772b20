"""What an `/export` is asked for: its flags, by version and by what the user may see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

SHOWS_SINCE = (7,)
"""RouterOS 7 hides secrets unless asked; 6 shows them unless asked, and 6.49 does not know `show-sensitive`."""

FLAGS = frozenset({"compact", "hide-sensitive", "terse", "verbose"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much is told, and how: `verbose` tells defaults, `terse` one command a line, `open` secrets."""

    verbose: bool = False
    terse: bool = False
    open: bool = False


def flags(version: tuple[int, ...]) -> frozenset[str]:
    """The bare words that a version's `/export` takes."""
    return FLAGS | {"show-sensitive"} if version >= SHOWS_SINCE else FLAGS


def wanted(given: Collection[str], version: tuple[int, ...], policies: frozenset[str]) -> Wanted:
    """What these flags come to; without the `sensitive` policy no secret is told."""
    asked = "show-sensitive" in given if version >= SHOWS_SINCE else "hide-sensitive" not in given
    return Wanted("verbose" in given, "terse" in given, asked and "sensitive" in policies)


def target(given: Mapping[str, str]) -> str:
    """The file that an export goes to, "" for none; a name without an ending becomes a script's."""
    name = given.get("file", "")
    return name if not name or name.endswith(".rsc") else f"{name}.rsc"
