"""A router that a manager reaches over its rows, and what becomes of that manager's packets."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from lab_client import Wire

from trueup.lab import Manager, VirtualRouter

SHORT = 0.15
"""Seconds after which silence counts as silence."""

PATIENCE = 5.0

SEED = {
    "/ip/address": [{"address": "10.20.0.1/24", "interface": "ether1"}],
    "/ip/route": [{"gateway": "10.20.0.254"}],
    "/ip/firewall/filter": [
        {"chain": "input", "connection-state": "established,related", "action": "accept"},
        {"chain": "input", "src-address": "10.9.0.0/16", "action": "accept"},
        {"chain": "input", "action": "drop"},
    ],
}
MANAGER = Manager("10.9.9.9", "10.20.0.1", gateway="10.20.0.254")
DROP = ["/ip/firewall/filter/add", "=chain=input", "=action=drop", "=place-before=*1"]
MEND = ["/ip/firewall/filter/remove", "=.id=*4"]


def by_hand(hub: VirtualRouter, *words: str) -> None:
    """A command at the router itself."""
    reply = hub.router.execute(list(words))
    assert reply[-1][0] == "!done", reply
    assert reply[0][0] != "!trap", reply


def silent(wire: Wire) -> bool:
    """Whether nothing at all comes for a while, not even an end."""
    wire.socket.settimeout(SHORT)
    try:
        wire.socket.recv(1, socket.MSG_PEEK)
    except TimeoutError:
        return True
    finally:
        wire.socket.settimeout(PATIENCE)
    return False


def answers(hub: VirtualRouter, port: int = 0) -> str:
    """What becomes of a new connection."""
    try:
        socket.create_connection(("127.0.0.1", port or hub.port), SHORT).close()
    except TimeoutError:
        return "nothing"
    except ConnectionRefusedError:
        return "refused"
    return "open"


def wait_until(true: Callable[[], bool]) -> None:
    """Wait for what the router does in its own time."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.002)
