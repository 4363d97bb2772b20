"""A small writer of export syntax, for tests alone: it shares nothing with the reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/:,!*@+%")
NAMED = {ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t", ord('"'): '\\"', ord("\\"): "\\\\", ord("$"): "\\$"}


def value(text: str) -> str:
    """A value as RouterOS writes it: plain where it can be, else quoted with bytes escaped."""
    if text and set(text) <= PLAIN:
        return text
    shown = []
    for byte in text.encode("utf-8", "surrogateescape"):
        if byte in NAMED:
            shown.append(NAMED[byte])
        elif 32 <= byte < 127:
            shown.append(chr(byte))
        else:
            shown.append(f"\\{byte:02X}")
    return f'"{"".join(shown)}"'


def command(row: Mapping[str, str | None], width: int = 0) -> str:
    """`add name=value …`; lines longer than `width` are continued the way exports are (0: never)."""
    pairs = [f"!{name}" if text is None else f"{name}={value(text)}" for name, text in row.items()]
    line = " ".join(["add", *pairs])
    return folded(line, width) if width else line


def folded(line: str, width: int) -> str:
    """The line cut every `width` letters, with RouterOS's indentation; never within an escape or before a blank."""
    parts = [""]
    index = 0
    while index < len(line):
        step = 1
        if line[index] == "\\":
            step = 3 if line[index + 1] in "0123456789ABCDEF" else 2
        if len(parts[-1]) >= width and line[index] != " ":
            parts.append("")
        parts[-1] += line[index : index + step]
        index += step
    return "\\\n    ".join(parts)


def export(menus: Mapping[str, Iterable[Mapping[str, str | None]]], width: int = 0, version: str = "7.24") -> bytes:
    """A whole export."""
    lines = [f"# 2025-01-01 00:00:00 by RouterOS {version}"]
    for path, rows in menus.items():
        lines.append("/" + path[1:].replace("/", " "))
        lines += (command(row, width) for row in rows)
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogateescape")
