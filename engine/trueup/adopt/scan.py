"""RouterOS's script syntax as words: quotes, escapes, continued lines, brackets. Nothing is run."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from trueup.errors import Source

_BLANK = re.compile(r"(?:[ \t\r]|\\\n)*")
_BARE = re.compile(r"(?:[^ \t\r\n\"\[\](){};=$\\]|\\\n[ \t]*)+")
_VALUE = re.compile(r"(?:[^ \t\r\n\"\[\](){};$\\]|\\\n[ \t]*)*")
_PLAIN = re.compile(r"[^\"\\$]+")
_NEXT_LINE = re.compile(r"\\\n[ \t]*")
_CODE = re.compile(r"(?:\\\n|[^\"\[\](){}\n;#])+")
_LINE = re.compile(r"[^\n]*")
_VARIABLE = re.compile(r"\$(?=[A-Za-z({\[\"])")
_ESCAPES = {
    **{letter: letter.encode() for letter in '"\\$?'},
    "n": b"\n",
    "r": b"\r",
    "t": b"\t",
    "a": b"\a",
    "b": b"\b",
    "f": b"\f",
    "v": b"\v",
    "_": b" ",
}
_HEX = re.compile(r"[0-9A-F]{2}")
_CLOSING = {"[": "]", "(": ")", "{": "}"}

Kind = Literal["word", "pair", "unset", "find", "code"]


class Broken(Exception):
    """The script cannot be read on from here; `offset` is where that begins."""

    def __init__(self, offset: int, message: str, remedy: str = "") -> None:
        self.offset, self.message, self.remedy = offset, message, remedy
        super().__init__(message)


class Token(NamedTuple):
    """One part of a command.

    A `word` has its text, a `pair` its name and text, `unset` (`!name`) its name; `find` holds the words in brackets,
    and `code` is what only a router could work out: its text stays behind.
    """

    kind: Kind
    offset: int
    text: str = ""
    name: str = ""
    inner: tuple[Token, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One command's tokens, or one remark (a line that begins with #)."""

    offset: int
    tokens: tuple[Token, ...] = ()
    remark: str | None = None


class Scanner:
    """Reads a script's text, line ends as \\n, bytes that are no UTF-8 as surrogates."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self._at = 0
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def source(self, offset: int) -> Source:
        """The place of an offset."""
        line = bisect_right(self._starts, offset)
        return Source(self.file, line, offset - self._starts[line - 1] + 1)

    def lines(self) -> Iterator[Line]:
        """Commands and remarks in order; raises Broken. To go on after it, call `skip` and then `lines` again."""
        while True:
            self._blanks()
            if self._at >= len(self.text):
                return
            start = self._at
            if self._peek() in ";\n":
                self._at += 1
            elif self._peek() == "#":
                yield Line(start, remark=self._match(_LINE)[1:])
            elif self._peek() == ":":
                yield Line(start, (self._statement(),))
            else:
                yield Line(start, tuple(self._tokens()))

    def skip(self) -> None:
        """Leave the rest of the line out."""
        self._match(_LINE)

    def _tokens(self, closing: str = "", opened: int = 0) -> Iterator[Token]:
        """Tokens up to the end of the command, or up to the bracket that closes the one at `opened`."""
        while True:
            self._blanks()
            if self._at >= len(self.text):
                if closing:
                    raise Broken(opened, f"a bracket is not closed: no {closing} follows", "is the file cut off?")
                return
            letter = self._peek()
            if letter == closing:
                self._at += 1
                return
            if letter in ";\n":
                if closing:
                    raise Broken(self._at, f"the line ends before {closing}", "close the bracket")
                return
            yield self._token()

    def _token(self) -> Token:
        start, letter = self._at, self._peek()
        if letter == '"':
            return self._quoted(start)
        if letter == "[":
            return self._brackets(start)
        if letter in "({$":
            return self._code(start)
        if letter in ")]}=\\":
            raise Broken(start, f"unexpected {letter}", "write `name=value`; put odd characters into quotes")
        name = _NEXT_LINE.sub("", self._match(_BARE))
        if self._peek() == "=":
            self._at += 1
            return self._pair(start, name)
        if name.startswith("!") and len(name) > 1:
            return Token("unset", start, name=name[1:])
        return Token("word", start, name)

    def _pair(self, start: int, name: str) -> Token:
        joined = self._match(_NEXT_LINE)
        letter = self._peek()
        if letter == '"':
            value = self._quoted(self._at)
            return value._replace(kind="pair" if value.kind == "word" else "code", name=name, offset=start)
        if letter and letter in "([{$":
            return self._code(start)._replace(name=name)
        text = _NEXT_LINE.sub("", self._match(_VALUE))
        if joined and not text and self._at >= len(self.text):
            raise Broken(start, f"the value of {name} is missing", "the file is cut off")
        if self._peek() and self._peek() not in " \t\n;])}":
            raise Broken(self._at, f"unexpected {self._peek()} in a value", "put the value into quotes")
        return Token("pair", start, text, name)

    def _quoted(self, start: int) -> Token:
        """A text in quotes; one that holds a variable is code."""
        self._at += 1
        parts: list[bytes] = []
        code = False
        while True:
            parts.append(self._match(_PLAIN).encode("utf-8", "surrogateescape"))
            letter = self._peek()
            if letter == '"':
                self._at += 1
                text = b"".join(parts).decode("utf-8", "surrogateescape")
                return Token("code", start) if code else Token("word", start, text)
            if letter == "$":
                code = code or bool(_VARIABLE.match(self.text, self._at))
                parts.append(b"$")
                self._at += 1
            elif letter == "\\":
                parts.append(self._escape())
            else:
                raise Broken(start, "a quote is not closed", "is the file cut off?")

    def _escape(self) -> bytes:
        start = self._at
        if self._match(_NEXT_LINE):
            return b""
        self._at += 1
        if found := _HEX.match(self.text, self._at):
            self._at += 2
            return bytes.fromhex(found[0])
        letter = self._peek()
        if letter not in _ESCAPES:
            message = f"unknown escape \\{letter}" if letter else "the file ends after a backslash"
            raise Broken(
                start,
                message,
                'RouterOS knows \\" \\\\ \\n \\r \\t \\$ \\? \\_ \\a \\b \\f \\v and \\ with two hex digits',
            )
        self._at += 1
        return _ESCAPES[letter]

    def _brackets(self, start: int) -> Token:
        """`[ find … ]` as its words; any other command in brackets is code."""
        self._at += 1
        self._blanks()
        if not self.text.startswith("find", self._at):
            self._at = start
            return self._code(start)
        inner = tuple(self._tokens("]", start))
        return Token("find", start, inner=inner[1:])

    def _statement(self) -> Token:
        """A `:command` up to the end of its line, its blocks with it."""
        start = self._at
        name = self._match(re.compile(r":[a-z-]*"))
        while self._at < len(self.text) and self._peek() not in "\n;":
            self._code_part()
        return Token("code", start, name or ":")

    def _code(self, start: int) -> Token:
        if self._peek() == "$":
            self._at += 1
            if self._peek() not in "({[":
                self._match(_VALUE)
                return Token("code", start, "$")
        first = self._peek()
        self._code_part()
        return Token("code", start, first)

    def _code_part(self) -> None:
        """Skip a stretch of code: brackets with all that is in them, a text, or what holds neither."""
        stack: list[tuple[str, int]] = []
        while True:
            self._match(_CODE)
            letter = self._peek()
            if letter == '"':
                self._quoted(self._at)
            elif letter and letter in _CLOSING:
                stack.append((_CLOSING[letter], self._at))
                self._at += 1
            elif letter and stack and letter == stack[-1][0]:
                stack.pop()
                self._at += 1
            elif letter == "#" and self._begins_line():
                self._match(_LINE)
            elif letter and (letter == "#" or (stack and letter in "\n;")):
                self._at += 1
            elif not letter and stack:
                raise Broken(
                    stack[-1][1], f"a bracket is not closed: no {stack[-1][0]} follows", "is the file cut off?"
                )
            elif letter and letter in ")]}":
                raise Broken(self._at, f"unexpected {letter}", "a bracket is closed that was not opened")
            if not stack:
                return

    def _begins_line(self) -> bool:
        line = bisect_right(self._starts, self._at) - 1
        return not self.text[self._starts[line] : self._at].strip()

    def _blanks(self) -> None:
        self._match(_BLANK)

    def _peek(self) -> str:
        return self.text[self._at : self._at + 1]

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found[0]
