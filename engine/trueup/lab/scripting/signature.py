"""What the commands of the language take (MikroTik documentation, Scripting language manual; command trees)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signature:
    """How many arguments go without a name, at least and at most, and which have one.

    `code` are those whose braces hold commands, `block` says so of the unnamed ones; `any` takes any name, `free` takes
    what looks like a name as a value; `loops` begins with variables of its own.
    """

    unnamed: int = 0
    least: int = 0
    named: frozenset[str] = frozenset()
    code: frozenset[str] = frozenset()
    block: bool = False
    any: bool = False
    free: bool = False
    loops: bool = False


def takes(unnamed: int, least: int, named: str = "", code: str = "", kind: str = "") -> Signature:
    """A signature with its words in texts; `kind` is one of block, free and loops."""
    codes = frozenset(code.split())
    words = frozenset(named.split()) | codes
    return Signature(unnamed, least, words, codes, kind == "block", False, kind == "free", kind == "loops")


ONE = takes(1, 1, kind="free")
LANGUAGE: Mapping[str, Signature] = {
    "local": takes(2, 1, code="do"),
    "global": takes(2, 1, code="do"),
    "set": takes(2, 1, code="do"),
    "put": ONE,
    "log": takes(2, 2),
    "error": ONE,
    "delay": takes(1, 0),
    "if": takes(1, 1, code="do else"),
    "for": takes(1, 1, "from to step", "do", "loops"),
    "foreach": takes(1, 1, "in", "do", "loops"),
    "while": takes(1, 1, code="do"),
    "do": takes(1, 1, "while", "on-error", "block"),
    "return": takes(1, 0),
    **dict.fromkeys(("len", "typeof", "tostr", "tonum", "tobool", "toarray", "toip", "toid", "totime"), ONE),
    "pick": takes(3, 2),
    "find": takes(3, 2),
    "resolve": takes(1, 1),
    "nothing": takes(0, 0),
}
"""By name."""

POSITIONS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("set", "remove", "enable", "disable", "comment"), ("numbers",)),
    "unset": ("numbers", "value-name"),
    "move": ("numbers", "destination"),
    "get": ("number", "value-name"),
    "run": ("number",),
    "sign": ("number",),
    "execute": ("script",),
    "import": ("file-name",),
    **dict.fromkeys(("debug", "error", "info", "warning"), ("message",)),
}
"""Arguments of a menu's commands that may go without their names, in their order."""

SHOWING = frozenset(
    {"as-value", "brief", "count-only", "detail", "file", "proplist", "show-ids", "terse", "value-list"}
    | {"without-paging"}
)
"""Arguments of `print` in the command trees of CHR 7.9.2 to 7.24; others do not run here."""

SOURCES = frozenset({"down-script", "on-event", "on-login", "on-logout", "script", "source", "up-script"})
"""Arguments that hold scripts."""
