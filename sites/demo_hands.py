"""What people and other systems do to the virtual routers by hand: RouterOS's API over TLS, without trueup."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

PORT = 8729
WITHIN = 10.0


class Refused(Exception):
    """The router did not do it."""


class Hand:
    """Somebody who is logged in to a router; use it in a `with` statement."""

    def __init__(self, address: str, ca: Path, name: str, password: str) -> None:
        context = ssl.create_default_context(cafile=str(ca))
        plain = socket.create_connection((address, PORT), WITHIN)
        self._socket = context.wrap_socket(plain, server_hostname=address)
        self._stream = self._socket.makefile("rb")
        self.say("/login", name=name, password=password)

    def __enter__(self) -> Hand:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stream.close()
        self._socket.close()

    def say(self, command: str, *queries: str, **properties: str) -> list[dict[str, str]]:
        """One command; `_` in a property's name stands for `-`. Returns the rows; raises Refused."""
        words = [command, *queries, *(f"={name.replace('_', '-')}={value}" for name, value in properties.items())]
        self._socket.sendall(b"".join(_length(word) + word.encode() for word in words) + b"\0")
        rows = []
        while (answer := list(self._sentence()))[0] != "!done":
            if answer[0] in ("!trap", "!fatal"):
                raise Refused(f"{command}: {' '.join(answer[1:])}")
            rows.append(dict(word[1:].split("=", 1) for word in answer if word.startswith("=")))
        return rows

    def change(self, menu: str, where: str, **properties: str) -> None:
        """Set properties of the one row that has `where`, such as `name=guest`; of a menu of one where it is empty."""
        row = {} if not where else {".id": self.say(f"{menu}/print", f"?{where}")[0][".id"]}
        self.say(f"{menu}/set", **row, **properties)

    def _sentence(self) -> Iterator[str]:
        while length := self._read_length():
            yield self._read(length).decode()

    def _read_length(self) -> int:
        """A word's length in one to three bytes; longer words are not met here."""
        first = self._read(1)[0]
        more = 2 if first >= 0xC0 else 1 if first >= 0x80 else 0
        return int.from_bytes(bytes([first & (0x7F, 0x3F, 0x1F)[more]]) + self._read(more), "big")

    def _read(self, size: int) -> bytes:
        found = self._stream.read(size)
        if len(found) < size:
            raise Refused("the router closed the connection")
        return found


def _length(word: str) -> bytes:
    """How the API writes the length of a word that is shorter than 16 KiB."""
    size = len(word.encode())
    return bytes([size]) if size < 0x80 else (size | 0x8000).to_bytes(2, "big")
