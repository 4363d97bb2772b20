"""Recognises `radius`: each client that can be told is a server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup_templates.guess import Guess, Row, Rows, one, taken

_NUMBERS = ("authentication-port", "accounting-port")
_SAME = (
    *_NUMBERS,
    "accounting-backup",
    "protocol",
    "certificate",
    "timeout",
    "src-address",
    "realm",
    "domain",
    "called-id",
    "require-message-auth",
    "disabled",
)


def recognise(rows: Rows) -> Iterator[Guess]:
    incoming, aaa = one(rows, "/radius/incoming"), one(rows, "/ppp/aaa")
    port: dict[str, Any] = {"incoming": incoming.get("port", "3799")} if incoming.get("accept") == "yes" else {}
    for row in rows.get("/radius", ()):
        entry = _server(row)
        if entry is None:
            continue
        if "ppp" in entry["service"]:
            entry |= {"interim-update": aaa["interim-update"]} if "interim-update" in aaa else {}
            aaa = {}
        entry |= port
        port = {}
        yield [entry]


def _server(row: Row) -> dict[str, Any] | None:
    if not {"address", "service", "secret"} <= row.keys():
        return None
    name = {"name": row["comment"]} if "comment" in row else {}
    service = row["service"].split(",")
    return {**name, **taken(row, ("address", "secret")), "service": service, **taken(row, _SAME)}
