"""A script's characters: blanks, words, texts in quotes."""

from __future__ import annotations

import re

from trueup.lab.scripting.trouble import SYNTAX, Malformed

BLANK = re.compile(r"(?:[ \t\r]|\\\r?\n)*")
BETWEEN = re.compile(r"(?:[ \t\r\n;]|\\\r?\n|#[^\n]*)*")
ANY_BLANK = re.compile(r"(?:\s|\\\r?\n)*")
NAME = re.compile(r"[A-Za-z0-9_.-]+")
BARE = re.compile(r"""[^\s;\[\](){}"'$?\\]+""")
MEMBER = re.compile(r"""[^\s;\[\](){}"'$?\\=]+""")
VARIABLE = re.compile(r"[A-Za-z0-9_]+")
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "_": " ", "a": "\a", "b": "\b", "f": "\f", "v": "\v"} | {
    sign: sign for sign in '"\\$?'
}
HEX = re.compile(r"[0-9A-F]{2}")
CONTINUED = re.compile(r"\r?\n[ \t]*")
PLAIN = re.compile(r'[^"\\$]+')


class Scanner:
    """Where reading has come to in a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def trouble(self, what: str = SYNTAX, at: int | None = None) -> Malformed:
        return Malformed(what, self.text, self.at if at is None else at)

    @property
    def next(self) -> str:
        """The character at hand, "" at the end."""
        return self.text[self.at : self.at + 1]

    def sees(self, sign: str) -> bool:
        return self.text.startswith(sign, self.at)

    def skips(self, sign: str) -> bool:
        """Whether a sign is at hand; goes past it."""
        found = self.sees(sign)
        self.at += len(sign) * found
        return found

    def take(self, pattern: re.Pattern[str]) -> str:
        """What a pattern matches here, "" for nothing; goes past it."""
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def blank(self) -> bool:
        """Go past blanks within a command; whether there were any."""
        return bool(self.take(BLANK))

    @property
    def ended(self) -> bool:
        """Whether a command is over here."""
        return self.next in ("", ";", "\n", "}", "]", ")")

    @property
    def bracketing(self) -> bool:
        """Whether a text in quotes, a variable, or a bracket begins here."""
        return self.next in ('"', "$", "[", "(")
