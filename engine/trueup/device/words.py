"""The API's framing: sentences of length-prefixed words; bytes in, sentences out, no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

WORD_LIMIT = 1 << 24
"""Bytes of the longest word believed; RouterOS's own limit for a file's contents is near 60 KiB."""


class Garbled(ValueError):
    """What came is not the RouterOS API."""


class Hidden(str):
    """A word that holds a secret or personal value: sent as it is, never shown."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'(hidden)'"

    @property
    def value(self) -> str:
        """What stands behind the name."""
        return self.split("=", 2)[-1]


class Answer(NamedTuple):
    """One sentence of a reply; `text` is the plain words, which only `!fatal` has."""

    kind: str
    tag: str
    values: dict[str, str]
    text: str


KINDS = frozenset({"!re", "!done", "!trap", "!empty", "!fatal"})


def encode_length(length: int) -> bytes:
    """A word's length, in one to five bytes, big endian."""
    if length < 0x80:
        return length.to_bytes(1, "big")
    if length < 0x4000:
        return (length | 0x8000).to_bytes(2, "big")
    if length < 0x200000:
        return (length | 0xC00000).to_bytes(3, "big")
    if length < 0x10000000:
        return (length | 0xE0000000).to_bytes(4, "big")
    return b"\xf0" + length.to_bytes(4, "big")


def encode_sentence(words: Iterable[str]) -> bytes:
    """A sentence as bytes; surrogates become the bytes that they were read from."""
    parts: list[bytes] = []
    for word in words:
        data = word.encode("utf-8", "surrogateescape")
        parts += (encode_length(len(data)), data)
    parts.append(b"\x00")
    return b"".join(parts)


def decode_length(data: bytes | bytearray, position: int) -> tuple[int, int] | None:
    """The length that starts at `position` and where its word starts; None where bytes are missing."""
    first = data[position]
    if first < 0x80:
        return first, position + 1
    if first < 0xC0:
        size, bits = 2, 0x3F
    elif first < 0xE0:
        size, bits = 3, 0x1F
    elif first < 0xF0:
        size, bits = 4, 0x0F
    elif first == 0xF0:
        size, bits = 5, 0
    else:
        raise Garbled(f"control byte 0x{first:02x}")
    start = position + size
    if len(data) < start:
        return None
    length = int.from_bytes(data[position + 1 : start], "big") | (first & bits) << 8 * (size - 1)
    if length > WORD_LIMIT:
        raise Garbled(f"a word of {length} bytes")
    return length, start


class Decoder:
    """Turns bytes, cut anywhere, into sentences; undecodable bytes become surrogates. Linear in the bytes."""

    __slots__ = ("_buffer", "_words")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._words: list[str] = []

    @property
    def inside(self) -> bool:
        """Whether the bytes so far end within a sentence."""
        return bool(self._buffer or self._words)

    def feed(self, data: bytes) -> list[list[str]]:
        """The sentences that these bytes complete; empty ones are left out.

        Raises Garbled, once the sentences before what is garbled have been given out.
        """
        buffer, words = self._buffer, self._words
        buffer += data
        sentences: list[list[str]] = []
        position, end = 0, len(buffer)
        while position < end:
            length = buffer[position]
            start = position + 1
            if length >= 0x80:  # rare, so that the common short word costs no call
                try:
                    header = decode_length(buffer, position)
                except Garbled:
                    if sentences:
                        break
                    raise
                if header is None:
                    break
                length, start = header
            stop = start + length
            if stop > end:
                break
            position = stop
            if length:
                words.append(buffer[start:stop].decode("utf-8", "surrogateescape"))
            elif words:
                sentences.append(words)
                words = []
        del buffer[:position]
        self._words = words
        return sentences


def parse(words: list[str]) -> Answer:
    """A reply's sentence, taken apart. Raises Garbled on what no router says."""
    kind = words[0]
    if kind not in KINDS:
        raise Garbled("a reply that begins with no reply word")
    values: dict[str, str] = {}
    tag = text = ""
    for word in words[1:]:
        if word[0] == "=":
            name, equals, value = word[1:].partition("=")
            if not equals:
                raise Garbled("an attribute without a value")
            values[name] = value
        elif word.startswith(".tag="):
            tag = word[5:]
        else:
            text = f"{text} {word}" if text else word
    return Answer(kind, tag, values, text)
