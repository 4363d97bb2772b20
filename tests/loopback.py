"""A guard that keeps a process on 127.0.0.0/8, and remembers every attempt to leave it."""

from __future__ import annotations

import ipaddress
import socket
import sys

LOOPBACK = ipaddress.ip_network("127.0.0.0/8")
WATCHED = {"socket.connect": 1, "socket.bind": 1, "socket.sendto": 1, "socket.getaddrinfo": 0}
"""The audit events that can leave this machine, and which of their arguments names the other end."""

outside: list[str] = []
"""Where code under test tried to go, kept because it may swallow the refusal."""


class NetworkUsed(Exception):
    """Something reached for what is not on 127.0.0.0/8."""


def allowed(end: object) -> bool:
    """Whether a socket's other end, or a name to look up, stays on loopback (a unix socket does)."""
    if isinstance(end, tuple):
        end = end[0]
    if isinstance(end, bytes):
        end = end.decode(errors="replace")
    if end is None or end == "localhost":
        return True
    try:
        return ipaddress.ip_address(str(end)) in LOOPBACK
    except ValueError:
        return str(end).startswith(("/", "\0"))


def guard() -> None:
    """Refuse everything outside from here on, and answer for .invalid names as a resolver does.

    An audit hook sees C code's sockets too; it cannot be taken away again. No library tries whether there is IPv6.
    """
    socket.has_ipv6 = False
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event not in WATCHED:
        return
    if event == "socket.getaddrinfo" and str(arguments[0]).endswith(".invalid"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if not allowed(arguments[WATCHED[event]]):
        outside.append(f"{event} {arguments[WATCHED[event]]}")
        raise NetworkUsed(outside[-1])
