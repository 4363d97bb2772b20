"""`/ping`: one row for each packet, as routers answer it over the API."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from trueup.lab.call import Reply, Words
from trueup.lab.packets.echo import TIMEOUT, echo
from trueup.lab.router import Router
from trueup.lab.trap import Trap, unknown_parameter
from trueup.lab.values.moment import microseconds

TAKEN = ("address", "count", "interval", "size", "ttl")
"""Arguments that are served; routers have more."""

MOST = 100
FINE_SINCE = (7,)
"""Round trips are told to the microsecond in 7, in whole milliseconds before."""


def ping(router: Router, parts: Words, policies: frozenset[str]) -> Reply:
    """The rows of a ping that ends; it takes no time here. Raises Trap."""
    if parts.stray:
        raise unknown_parameter(parts.stray)
    for name in (*parts.arguments, *parts.removed):
        if name not in TAKEN:
            raise unknown_parameter(name)
    if "test" not in policies:
        raise Trap("not enough permissions (9)")
    address = parts.arguments.get("address", "")
    if not address:
        raise Trap("missing value(s) of argument(s) address")
    count, size = _number(parts, "count", "", MOST), _number(parts, "size", "56", 65535)
    if microseconds(parts.arguments.get("interval", "1s")) is None:
        raise Trap("invalid value for argument interval")
    _number(parts, "ttl", "64", 255)
    return [*_rows(router, _resolved(router, address), count, size), ["!done"]]


def _rows(router: Router, address: str, count: int, size: int) -> Iterator[list[str]]:
    status = echo(router, address)
    trip = "1ms250us" if router.version >= FINE_SINCE else "1ms"
    for number in range(count):
        sent = number + 1
        said = {"seq": str(number)} | ({"host": address} if status in ("", TIMEOUT) else {})
        said |= {"status": status} if status else {"size": str(size), "ttl": "64", "time": trip}
        said |= {"sent": str(sent), "received": "0" if status else str(sent), "packet-loss": "100" if status else "0"}
        said |= {} if status else {"min-rtt": trip, "avg-rtt": trip, "max-rtt": trip}
        yield ["!re", *(f"={name}={text}" for name, text in said.items())]


def _number(parts: Words, name: str, otherwise: str, most: int) -> int:
    text = parts.arguments.get(name, otherwise)
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise Trap(f"invalid value for argument {name}")
    return int(text)


def _resolved(router: Router, address: str) -> str:
    """An address as it is, a name by the router's own static entries alone."""
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        named = {"name": address}
        found = router.menu("/ip/dns/static").table.where(named, lambda row: row.enabled and "address" in row.values)
        if not found:
            raise Trap("while resolving ip-address: could not get answer from dns server") from None
        return found[0].values["address"]
