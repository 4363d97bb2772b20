"""What the daemon answers to an HTTP request, whoever serves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def plain(status: int, text: str, **headers: str) -> Response:
    """An answer of one line of text, which no cache keeps."""
    kept = {name.replace("_", "-"): value for name, value in headers.items()}
    told = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store", **kept}
    return Response(status, told, f"{text}\n".encode())
