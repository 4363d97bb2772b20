"""Sentences to bytes and back, without I/O: the lab's own framing, shared with nobody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Sentence = list[str]

LENGTHS = ((0x80, 0x00, 1), (0x4000, 0x8000, 2), (0x200000, 0xC00000, 3), (0x10000000, 0xE0000000, 4))
"""Each form of a length: below which length it serves, its marking bits, its bytes (MikroTik documentation, API)."""

LIMIT_BEFORE_LOGIN = 65536
"""Bytes of one sentence that a router takes from a stranger; MikroTik documents a limit without its size."""

LIMIT = 64 * 1024 * 1024


class Garbage(Exception):
    """The bytes are no sentence; the connection cannot go on."""


def encode_length(length: int) -> bytes:
    """The shortest form of a length; more than four bytes hold raises Garbage."""
    for below, bits, size in LENGTHS:
        if length < below:
            return (length | bits).to_bytes(size, "big")
    if length > 0xFFFFFFFF:
        raise Garbage("a word longer than four bytes can say")
    return b"\xf0" + length.to_bytes(4, "big")


def encode(sentence: Iterable[str]) -> bytes:
    """One sentence with its closing empty word; text is UTF-8, other bytes travel as surrogates."""
    parts = bytearray()
    for word in sentence:
        raw = word.encode("utf-8", "surrogateescape")
        parts += encode_length(len(raw))
        parts += raw
    parts.append(0)
    return bytes(parts)


def length_size(first: int) -> int:
    """How many bytes a length takes, by its first; a reserved control byte raises Garbage."""
    if first >= 0xF8:
        raise Garbage(f"reserved control byte 0x{first:02X}")
    if first >= 0xF0:
        return 5
    return 1 + (first >= 0x80) + (first >= 0xC0) + (first >= 0xE0)


def decode_length(raw: bytes) -> int:
    """The length that exactly these bytes say."""
    value = int.from_bytes(raw, "big")
    if len(raw) == 5:
        return value & 0xFFFFFFFF
    return value & ((1 << (7 * len(raw))) - 1)


class Decoder:
    """Turns chunks of bytes, however they are cut, into sentences; empty sentences are passed over."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self._buffer = bytearray()
        self._at = 0
        self._words: Sentence = []
        self._taken = 0

    def feed(self, data: bytes) -> Iterator[Sentence]:
        """The sentences that are complete with this chunk; raises Garbage where the stream makes no sense."""
        self._buffer += data
        while (word := self._word()) is not None:
            if word:
                self._words.append(word)
            elif self._words:
                yield self._words
                self._words, self._taken = [], 0
        del self._buffer[: self._at]
        self._at = 0

    def _word(self) -> str | None:
        buffer, at = self._buffer, self._at
        if at >= len(buffer):
            return None
        size = length_size(buffer[at])
        if at + size > len(buffer):
            return None
        length = decode_length(bytes(buffer[at : at + size]))
        if self._taken + length > self.limit:
            raise Garbage("a sentence larger than the router takes")
        end = at + size + length
        if end > len(buffer):
            return None
        self._at = end
        self._taken += length
        return buffer[at + size : end].decode("utf-8", "surrogateescape")
