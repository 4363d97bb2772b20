"""What a bootstrap is asked for: who manages the router, and where it shall answer. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Interface, IPv4Network

from trueup.errors import DeclarationError, Problem
from trueup.row import Desired
from trueup_schemas.network import Connect

LISTS = "/ip/firewall/address-list"

_INTERFACE = re.compile(r"[^\x00-\x1f\x7f]{1,63}")

TAKEN = {21: "ftp", 22: "ssh", 23: "telnet", 80: "www", 443: "www-ssl", 8291: "winbox", 8728: "api"}
"""Ports on which RouterOS serves something else unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the new router shall answer: an address on an interface, and a way back to the manager (None: its own)."""

    address: IPv4Interface
    interface: str
    gateway: IPv4Address | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Which networks may manage the router, on which port, and where it answers; None leaves its addresses alone."""

    managers: tuple[IPv4Network, ...]
    port: int
    reach: Reach | None = None


def read_wish(
    connect: Connect, desired: Desired, sources: Sequence[str], address: str | None, interface: str | None,
    gateway: str | None,
) -> Wish:  # fmt: skip
    """The words of the command line and of `connect`, checked; raises DeclarationError with everything wrong.

    A source may be the name of a firewall address list that is declared.
    """
    problems: list[Problem] = []
    managers = _managers(connect, [each for text in sources for each in _listed(desired, text)], problems)
    reach = _reach(address, interface, gateway, problems)
    problems += _port(connect)
    if problems:
        raise DeclarationError(problems)
    return Wish(managers, connect.port or 8729, reach)


def _managers(connect: Connect, sources: Sequence[str], problems: list[Problem]) -> tuple[IPv4Network, ...]:
    found: list[IPv4Network] = []
    for text in sources or ([str(connect.source)] if connect.source else []):
        try:
            network = IPv4Network(text)
        except ValueError as error:
            remedy = "write an IPv4 address such as 10.0.0.5, a network such as 10.0.0.0/24, or a declared address list"
            problems.append(Problem(f"--from '{text}' is no address or network ({error})", remedy=remedy))
            continue
        if network.prefixlen == 0:
            remedy = "name the addresses that the manager connects from"
            problems.append(Problem(f"--from {text} would let in everybody", remedy=remedy))
        found.append(network)
    if not sources and not found:
        remedy = "say it with --from ADDRESS, or declare `source` under `connect`"
        problems.append(Problem("nothing says from where the manager connects", remedy=remedy))
    if connect.source and found and not any(connect.source in network for network in found):
        remedy = "add it, or correct `source`"
        problems.append(Problem(f"`source` under `connect` is {connect.source}, which no --from holds", remedy=remedy))
    return tuple(sorted(set(found)))


def _listed(desired: Desired, text: str) -> list[str]:
    """The declared addresses of a list, where the text names one."""
    table = desired.tables.get(LISTS)
    rows = [row for row in table.rows if row.text("list") == text] if table is not None else []
    return [row.text("address") for row in rows if row.text("disabled") not in ("yes", "true")] or [text]


def _reach(address: str | None, interface: str | None, gateway: str | None, problems: list[Problem]) -> Reach | None:
    if address is None and interface is None and gateway is None:
        return None
    before = len(problems)
    own, back = _address(address, problems), _gateway(gateway, problems)
    if address is None or interface is None:
        missing = "--address" if address is None else "--interface"
        problems.append(Problem(f"{missing} is missing", remedy="give --address and --interface together"))
    elif not _INTERFACE.fullmatch(interface):
        problems.append(Problem("--interface is no name of an interface", remedy="name a port, such as ether1"))
    if own is not None and back is not None and (back not in own.network or back == own.ip):
        problems.append(Problem(f"--gateway {back} is no neighbour of {own}", remedy=f"name a router in {own.network}"))
    if len(problems) > before or own is None or interface is None:
        return None
    return Reach(own, interface, back)


def _address(text: str | None, problems: list[Problem]) -> IPv4Interface | None:
    if text is None:
        return None
    remedy = "write it with its length, such as 10.20.0.1/24"
    try:
        own = IPv4Interface(text)
    except ValueError:
        problems.append(Problem(f"--address '{text}' is no IPv4 address", remedy=remedy))
        return None
    network = own.network
    if "/" not in text:
        problems.append(Problem(f"--address {text} has no length", remedy=remedy))
    elif network.prefixlen < 31 and own.ip in (network.network_address, network.broadcast_address):
        problems.append(Problem(f"--address {text} is the network's own, not a host's", remedy="name a host in it"))
    else:
        return own
    return None


def _gateway(text: str | None, problems: list[Problem]) -> IPv4Address | None:
    try:
        return IPv4Address(text) if text is not None else None
    except ValueError:
        problems.append(
            Problem(f"--gateway '{text}' is no IPv4 address", remedy="write an address such as 10.20.0.254")
        )
        return None


def _port(connect: Connect) -> Iterator[Problem]:
    port = connect.port
    if port in TAKEN:
        message = f"`port` under `connect` is {port}, where RouterOS serves {TAKEN[port]}"
        yield Problem(message, remedy="api-ssl needs a port of its own; leave `port` out for 8729")
