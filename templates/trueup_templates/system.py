"""Recognises `system`, part by part: what cannot be told of one leaves the others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup_templates.guess import Guess, Row, Rows, distinct, few, one, said, taken, words

_STATIC = (
    "name",
    "type",
    "address",
    "cname",
    "forward-to",
    "match-subdomain",
    "ttl",
    "comment",
    "disabled",
)
_ACTION = ("name", "target", "remote", "remote-port", "src-address", "syslog-facility", "comment")
_RULE = frozenset(("topics", "action", "prefix", "comment", "disabled"))
_COMMUNITY = (
    "security",
    "read-access",
    "write-access",
    "authentication-protocol",
    "authentication-password",
    "encryption-protocol",
    "encryption-password",
    "comment",
    "disabled",
)


def recognise(rows: Rows) -> Iterator[Guess]:
    for key, path, name in (
        ("identity", "/system/identity", "name"),
        ("note", "/system/note", "note"),
        ("timezone", "/system/clock", "time-zone-name"),
    ):
        if text := one(rows, path).get(name):
            yield [{key: text}]
    yield _ntp(rows)
    yield _dns(rows)
    yield from _part("groups", [_group(row) for row in rows.get("/user/group", ()) if {"name", "policy"} <= row.keys()])
    yield from _part("services", {row["name"]: _service(row) for row in rows.get("/ip/service", ()) if len(row) > 1})
    yield from _logging(rows)
    yield from _snmp(rows)


def _part(key: str, value: Any) -> Iterator[Guess]:
    if value:
        yield [{key: value}]


def _ntp(rows: Rows) -> list[dict[str, Any]]:
    client = one(rows, "/system/ntp/client")
    servers = few(row["address"] for row in rows.get("/system/ntp/client/servers", ()) if row.keys() == {"address"})
    if client.get("enabled") != "yes" and not servers:
        return []
    enabled = {} if client.get("enabled") == "yes" else {"enabled": False}
    return [{"ntp": said({**enabled, **taken(client, ("mode",)), "servers": servers})}]


def _dns(rows: Rows) -> list[dict[str, Any]]:
    row = one(rows, "/ip/dns")
    said_of = words(row, "servers") | taken(row, ("allow-remote-requests", "cache-size", "cache-max-ttl"))
    static = few(
        taken(each, _STATIC) for each in rows.get("/ip/dns/static", ()) if "name" in each and each.keys() <= {*_STATIC}
    )
    return [{"dns": each} for each in distinct([said({**said_of, "static": static}), said_of]) if each]


def _group(row: Row) -> dict[str, Any]:
    return taken(row, ("name",)) | words(row, "policy") | taken(row, ("comment",))


def _service(row: Row) -> dict[str, Any]:
    return taken(row, ("disabled", "port")) | words(row, "address") | taken(row, ("certificate", "tls-version"))


def _logging(rows: Rows) -> Iterator[Guess]:
    actions = [
        taken(row, _ACTION) for row in rows.get("/system/logging/action", ()) if {"name", "target"} <= row.keys()
    ]
    rules = [
        words(row, "topics") | taken(row, ("action", "prefix", "comment", "disabled"))
        for row in rows.get("/system/logging", ())
        if "topics" in row and row.keys() <= _RULE
    ]
    yield from _part("logging", said({"actions": few(actions), "rules": few(rules)}))


def _snmp(rows: Rows) -> Iterator[Guess]:
    row = one(rows, "/snmp")
    communities = [
        taken(each, ("name",)) | words(each, "addresses") | taken(each, _COMMUNITY)
        for each in rows.get("/snmp/community", ())
        if "name" in each
    ]
    told = taken(row, ("contact", "location", "trap-version", "trap-community"))
    entry = said({**told, "communities": few(communities)})
    if row.get("enabled") == "yes":
        yield [{"snmp": entry or {"enabled": True}}]
    elif entry:
        yield [{"snmp": {"enabled": False, **entry}}]
