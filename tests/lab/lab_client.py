"""A small client for the lab's tests: plain sockets, so that a test says exactly which bytes it sends and when."""

from __future__ import annotations

import socket
import ssl
from types import TracebackType

from trueup.lab.wire import Decoder, encode

PATIENCE = 5.0


class Wire:
    """One connection; `receive` reads until the sentence that the caller waits for has come."""

    def __init__(self, port: int, context: ssl.SSLContext | None = None, name: str = "127.0.0.1") -> None:
        plain = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.socket = context.wrap_socket(plain, server_hostname=name) if context else plain
        self.decoder = Decoder()
        self.ended = False
        self.waiting: list[list[str]] = []

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.socket.close()

    def login(self, name: str = "admin", password: str = "") -> list[list[str]]:
        return self.ask("/login", f"=name={name}", f"=password={password}")

    def send(self, *sentences: list[str]) -> None:
        """All of them in one write, so that the router gets them at once."""
        self.socket.sendall(b"".join(map(encode, sentences)))

    def receive(self, done: int = 1) -> list[list[str]]:
        """Sentences until so many `!done`s or a `!fatal`; fewer where the router hangs up."""
        got: list[list[str]] = []
        while sum(sentence[0] in ("!done", "!fatal") for sentence in got) < done:
            chunk = self.socket.recv(65536)
            if not chunk:
                self.ended = True
                break
            got += self.decoder.feed(chunk)
        return got

    def sentence(self) -> list[str]:
        """The next sentence, whatever it is; IndexError where the router hangs up."""
        while not self.waiting and (chunk := self.socket.recv(65536)):
            self.waiting += self.decoder.feed(chunk)
        return self.waiting.pop(0)

    def ask(self, *words: str) -> list[list[str]]:
        self.send(list(words))
        return self.receive()
