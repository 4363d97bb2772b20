"""Recognises `pppoe`: a server with its default profile, its pool, the plans beside it, and its subscribers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup_templates.guess import Guess, Row, Rows, by, distinct, few, one, said, taken, words

_SERVER = ("one-session-per-host", "max-mtu", "max-mru", "keepalive-timeout", "pado-delay", "comment")
_PROFILE = ("local-address", "remote-address", "dns-server", "only-one", "change-tcp-mss")
_PLAN = frozenset((*_PROFILE, "name", "rate-limit", "address-list", "comment"))
_SECRET = frozenset(
    ("name", "service", "password", "profile", "remote-address", "routes", "comment", "disabled"),
)


def recognise(rows: Rows) -> Iterator[Guess]:
    profiles = by(rows, "/ppp/profile", "name")
    pools = by(rows, "/ip/pool", "name")
    servers = rows.get("/interface/pppoe-server/server", ())
    aaa = one(rows, "/ppp/aaa")
    for row in servers:
        if not {"interface", "service-name"} <= row.keys():
            continue
        profile = profiles.pop(row.get("default-profile", "default"), None)
        entry = _server(row, profile, pools)
        if aaa.get("use-radius") == "yes":
            entry |= {"authenticate": "radius", **taken(aaa, ("interim-update",))}
            aaa = {}
        plans = list(_plans(rows, profile)) if profile is not None and "local-address" in profile else []
        for plan in plans:
            profiles.pop(plan["name"], None)
        names = {row.get("default-profile", "default"), *(plan["name"] for plan in plans)}
        lists = {"plans": few(plans), "subscribers": few(_subscribers(rows, row, names, len(servers) == 1))}
        yield distinct([said({**entry, **lists}), said({**entry, "plans": lists["plans"]}), entry])


def _server(row: Row, profile: Row | None, pools: dict[str, Row]) -> dict[str, Any]:
    """The server itself; a profile or pool that something else has already is only named."""
    name = row["service-name"]
    entry = taken(row, ("service-name", "interface"))
    entry |= {"disabled": True} if "disabled" not in row else {}
    chosen = row.get("default-profile", "default")
    if profile is not None and "local-address" in profile:
        entry |= taken(profile, ("local-address",)) | _pool(profile, pools, name)
        entry |= words(profile, "dns-server") | taken(profile, ("rate-limit", "only-one", "change-tcp-mss"))
    entry |= {"profile": chosen} if chosen != name or "local-address" not in entry else {}
    return entry | words(row, "authentication") | taken(row, _SERVER)


def _pool(profile: Row, pools: dict[str, Row], name: str) -> dict[str, Any]:
    chosen = profile.get("remote-address", "")
    pool = pools.pop(chosen, None)
    found = {} if pool is None else {"address-pool": words(pool, "ranges").get("ranges")}
    return found | ({"pool": chosen} if chosen and (pool is None or chosen != name) else {})


def _plans(rows: Rows, profile: Row) -> Iterator[dict[str, Any]]:
    """The other profiles that give the same addresses in the same way."""
    for row in rows.get("/ppp/profile", ()):
        alike = all(row.get(name) == profile.get(name) for name in _PROFILE)
        if alike and row.keys() <= _PLAN and row.get("name") != profile["name"]:
            yield taken(row, ("name", "rate-limit", "address-list", "comment"))


def _subscribers(rows: Rows, server: Row, names: set[str], alone: bool) -> Iterator[dict[str, Any]]:
    default = server.get("default-profile", "default")
    for row in rows.get("/ppp/secret", ()):
        if row.get("service") != "pppoe" or not row.keys() <= _SECRET or not {"name", "password"} <= row.keys():
            continue
        profile = row.get("profile", "default")
        if alone or profile in names:
            chosen = {"profile": profile} if profile != default else {}
            yield (
                taken(row, ("name", "password"))
                | chosen
                | taken(row, ("remote-address", "routes", "comment", "disabled"))
            )
