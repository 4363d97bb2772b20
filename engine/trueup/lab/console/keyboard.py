"""What a terminal sends, as keys: text as it is, everything else by its control character."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

ENTER, BACKSPACE, INTERRUPT, END, SAFE = "\r", "\x7f", "\x03", "\x04", "\x18"
"""Enter, backspace, Ctrl-C, Ctrl-D, and Ctrl-X, which F4 stands for as well (MikroTik documentation)."""

KEYS = re.compile(
    rb"(?P<escape>\x1b(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|[^\[O]))|(?P<unfinished>\x1b(?:\[[0-?]*[ -/]*|O)?\Z)"
    rb"|(?P<control>[\x00-\x1f\x7f])|(?P<text>[^\x00-\x1f\x7f]+)"
)
F4 = (b"\x1bOS", b"\x1b[14~")
LONGEST = 32
"""Bytes of an escape sequence; a longer one is none."""


class Keyboard:
    """Reads a stream that may be cut anywhere; a line feed right behind a carriage return is part of it."""

    def __init__(self) -> None:
        self._rest = b""
        self._returned = False
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode

    def feed(self, data: bytes) -> Iterator[str]:
        """The keys that are whole by now; answers of the terminal to queries are passed over."""
        data, self._rest = self._rest + data, b""
        for found in KEYS.finditer(data):
            if found["unfinished"] is not None and len(found[0]) < LONGEST:
                self._rest = found[0]
            elif found["escape"] in F4:
                yield SAFE
            elif found["control"] is not None:
                yield from self._control(found[0].decode("ascii"))
            elif found["text"] is not None and (text := self._decode(found[0])):
                yield text
            self._returned = found[0] == b"\r"

    def _control(self, sign: str) -> Iterator[str]:
        if sign == "\n":
            if not self._returned:
                yield ENTER
        elif sign == "\b":
            yield BACKSPACE
        elif sign in (ENTER, BACKSPACE, INTERRUPT, END, SAFE):
            yield sign
