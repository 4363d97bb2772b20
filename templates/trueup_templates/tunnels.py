"""Recognises `tunnels`: this router's ends, the others taken for strangers; common tunnels are declared on one side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup_templates.guess import Guess, Row, Rows, few, taken, words

_PEER = ("name", "public-key", "preshared-key")
_REACHED = ("endpoint-address", "endpoint-port", "persistent-keepalive", "responder", "comment", "disabled")
_SSTP = ("port", "profile", "certificate", "verify-server-certificate", "add-default-route", "keepalive-timeout")


def recognise(rows: Rows) -> Iterator[Guess]:
    for row in rows.get("/interface/wireguard", ()):
        if {"name", "private-key"} <= row.keys() and (guess := _wireguard(row, rows)):
            yield guess
    for row in rows.get("/interface/sstp-client", ()):
        if {"name", "user", "password", "connect-to"} <= row.keys():
            yield [_sstp(row)]


def _wireguard(row: Row, rows: Rows) -> list[dict[str, Any]]:
    head = {"wireguard": row["name"], **taken(row, ("comment", "disabled", "private-key"))}
    rest = taken(row, ("listen-port", "mtu"))
    peers = few(
        _peer(each)
        for each in rows.get("/interface/wireguard/peers", ())
        if each.get("interface") == row["name"] and {"public-key", "allowed-address"} <= each.keys()
    )
    if not peers:
        return []
    rest |= {"peers": peers}
    addresses = [each for each in rows.get("/ip/address", ()) if each.get("interface") == row["name"]]
    own = [each["address"] for each in addresses if each.get("comment") == row.get("comment")]
    return [*([{**head, "address": own[0], **rest}] if own else []), head | rest]


def _peer(row: Row) -> dict[str, Any]:
    return taken(row, _PEER) | words(row, "allowed-address") | taken(row, _REACHED)


def _sstp(row: Row) -> dict[str, Any]:
    head = {"sstp": row["name"], **taken(row, ("comment", "user", "password"))}
    head |= {"disabled": True} if "disabled" not in row else {}
    rest = taken(row, _SSTP) | words(row, "authentication")
    return {**head, **rest, "peer": {"external": {"connect-to": row["connect-to"]}}}
