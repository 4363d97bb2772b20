"""Recognises `hotspots`: a hotspot whose pool and profile are its own, with what belongs to it alone."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_interface
from typing import Any

from trueup_templates.guess import Guess, Row, Rows, by, distinct, few, said, taken, words

_SERVER = ("addresses-per-mac", "idle-timeout", "keepalive-timeout", "login-timeout")
_PROFILE = (
    "dns-name",
    "html-directory",
    "ssl-certificate",
    "http-cookie-lifetime",
    "mac-auth-mode",
    "rate-limit",
    "radius-location-name",
    "radius-default-domain",
    "trial-uptime-limit",
    "trial-uptime-reset",
    "trial-user-profile",
)
_WEB = frozenset(("dst-host", "dst-port", "path", "method", "action", "comment", "server"))
_PACKETS = frozenset(("dst-host", "dst-address", "dst-port", "protocol", "action", "comment", "server"))
_BINDING = ("mac-address", "address", "to-address", "type", "comment", "disabled")
_USER_PROFILE = (
    "name",
    "rate-limit",
    "shared-users",
    "session-timeout",
    "idle-timeout",
    "keepalive-timeout",
    "status-autorefresh",
    "address-list",
    "add-mac-cookie",
    "mac-cookie-timeout",
)
_USER = ("name", "password", "profile", "mac-address", "limit-uptime", "limit-bytes-total", "comment", "disabled")


def recognise(rows: Rows) -> Iterator[Guess]:
    profiles = by(rows, "/ip/hotspot/profile", "name")
    users = _users(rows)
    alone = len(rows.get("/ip/hotspot", ())) == 1
    for row in rows.get("/ip/hotspot", ()):
        profile = profiles.get(row.get("profile", "default"))
        core = _core(row, profile, rows) if profile is not None else None
        if core is None:
            continue
        name = row["name"]
        kept = {"user-profiles": few(_user_profiles(rows, name, users, alone)), "users": few(users.get(name, ()))}
        opened = {"walled-garden": few(_walled_garden(rows, name)), "ip-bindings": few(_bindings(rows, name))}
        dhcp = _dhcp(rows, row, core)
        full = said({**core, **dhcp, **opened, **kept})
        yield distinct([full, said({**core, **dhcp, **kept}), said({**core, **kept}), core])


def _core(row: Row, profile: Row, rows: Rows) -> dict[str, Any] | None:
    """The hotspot itself; None where it has no address that a row gives the router."""
    host = profile.get("hotspot-address")
    found = [
        each
        for each in rows.get("/ip/address", ())
        if each.get("interface") == row.get("interface") and each["address"].split("/")[0] == host
    ]
    if not found or not {"name", "interface"} <= row.keys():
        return None
    address, comment = found[0], found[0].get("comment", "")
    core = {**taken(row, ("name", "interface")), "address": address["address"]}
    pool = by(rows, "/ip/pool", "name").get(row.get("address-pool", ""))
    if pool is not None:
        core |= {"address-pool": words(pool, "ranges").get("ranges")}
    if "address-pool" in row and (pool is None or row["address-pool"] != row["name"]):
        core |= {"pool": row["address-pool"]}
    core |= {"profile": profile["name"]} if profile["name"] != row["name"] else {}
    core |= taken(profile, _PROFILE) | words(profile, "login-by")
    core |= {"authenticate": "radius"} if profile.get("use-radius") == "yes" else {}
    core |= {"interim-update": profile["radius-interim-update"]} if "radius-interim-update" in profile else {}
    core |= taken(row, _SERVER)
    core |= {"disabled": True} if "disabled" not in row else {}
    return core | ({"comment": comment} if comment != row["name"] else {})


def _dhcp(rows: Rows, row: Row, core: dict[str, Any]) -> dict[str, Any]:
    """The DHCP server that gives out the hotspot's pool, with the network that it tells."""
    network = by(rows, "/ip/dhcp-server/network", "address").get(str(ip_interface(core["address"]).network))
    for server in rows.get("/ip/dhcp-server", ()):
        fits = server.get("interface") == row["interface"] and server.get("address-pool") == row.get("address-pool")
        if fits and network is not None and "name" in server:
            host = core["address"].split("/")[0]
            found = {"name": server["name"]} if server["name"] != row["name"] else {}
            found |= taken(server, ("lease-time",))
            found |= words(network, "dns-server") if network.get("dns-server") != host else {}
            found |= taken(network, ("domain",))
            comment = network.get("comment", "")
            found |= {"comment": comment} if comment != core.get("comment", row["name"]) else {}
            return {"dhcp": found or True}
    return {}


def _walled_garden(rows: Rows, name: str) -> Iterator[Any]:
    for row in rows.get("/ip/hotspot/walled-garden", ()):
        if row.get("server") == name and row.keys() <= _WEB:
            rest = taken(row, ("dst-host", "dst-port", "path", "method", "action", "comment"))
            yield rest["dst-host"] if rest.keys() == {"dst-host"} and _is_name(rest["dst-host"]) else rest
    for row in rows.get("/ip/hotspot/walled-garden/ip", ()):
        if row.get("server") == name and row.keys() <= _PACKETS and ("dst-address" in row or "protocol" in row):
            rest = taken(row, ("dst-host", "dst-address", "protocol", "dst-port", "action", "comment"))
            yield _short(rest)


def _short(rest: dict[str, Any]) -> Any:
    """A rule for packets as one word where one can hold it."""
    if rest.keys() == {"dst-address"} and not _is_name(rest["dst-address"]):
        return rest["dst-address"]
    web = rest.get("protocol") == "tcp" and rest.get("dst-port") == "443" and "dst-address" not in rest
    if not web or "dst-host" not in rest:
        return rest
    if rest.keys() == {"dst-host", "protocol", "dst-port"} and "/" not in rest["dst-host"]:
        return f"https://{rest['dst-host']}"
    others = {name: value for name, value in rest.items() if name not in ("protocol", "dst-port")}
    return {**others, "https": True}


def _is_name(text: str) -> bool:
    """Whether a word alone is read as a name, not as an address or `https://NAME`."""
    return not text.startswith("https://") and not text.replace("/", "").replace("-", "").replace(".", "").isdigit()


def _bindings(rows: Rows, name: str) -> Iterator[dict[str, Any]]:
    for row in rows.get("/ip/hotspot/ip-binding", ()):
        if row.get("server") == name and row.keys() <= {*_BINDING, "server"}:
            yield taken(row, _BINDING)


def _users(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """Users by their hotspot; those of all hotspots are nobody's own."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows.get("/ip/hotspot/user", ()):
        if "server" in row and "name" in row and row.keys() <= {*_USER, "server"}:
            found.setdefault(row["server"], []).append(taken(row, _USER))
    return found


def _user_profiles(
    rows: Rows, name: str, users: dict[str, list[dict[str, Any]]], alone: bool
) -> Iterator[dict[str, Any]]:
    """The user profiles of a router's only hotspot, or those that its users have and no other's."""
    wanted: dict[Any, set[str]] = {}
    for server, entries in users.items():
        for user in entries:
            wanted.setdefault(user.get("profile", "default"), set()).add(server)
    for row in rows.get("/ip/hotspot/user/profile", ()):
        if row.keys() <= set(_USER_PROFILE) and (alone or wanted.get(row.get("name")) == {name}):
            yield taken(row, _USER_PROFILE)
