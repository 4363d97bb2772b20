"""A text in the quotes of RouterOS's scripts and exports, whatever characters it holds."""

from __future__ import annotations

from collections.abc import Iterator

ESCAPES = {
    **{ord(letter): f"\\{letter}" for letter in '"\\$?'},
    ord("\n"): "\\n",
    ord("\r"): "\\r",
    ord("\t"): "\\t",
}


def quoted(text: str) -> str:
    """The text between quotes, odd bytes escaped: it ends where it should and fills in nothing."""
    return f'"{"".join(escaped(text))}"'


def escaped(text: str) -> Iterator[str]:
    """The text's bytes as they stand between quotes, printable ASCII and escapes alone."""
    for byte in text.encode("utf-8", "surrogateescape"):
        if byte in ESCAPES:
            yield ESCAPES[byte]
        else:
            yield chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:02X}"
