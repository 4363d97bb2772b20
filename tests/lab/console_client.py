"""A terminal for the tests of consoles: netmiko's driver for RouterOS, as operators' scripts use it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import netmiko

from trueup.lab import VirtualRouter

CTRL_C, CTRL_D, CTRL_X, F4 = "\x03", "\x04", "\x18", "\x1bOS"
PATIENCE = 20.0


@contextmanager
def terminal(
    router: VirtualRouter, username: str = "admin", password: str | None = None, **more: Any
) -> Iterator[netmiko.BaseConnection]:
    """A console; its end is a clean one."""
    secret = router.spec.password if password is None else password
    found = netmiko.ConnectHandler(
        device_type="mikrotik_routeros", host=router.spec.address, port=router.ssh_port, username=username,
        password=secret, conn_timeout=PATIENCE, auth_timeout=PATIENCE, banner_timeout=PATIENCE, **more,
    )  # fmt: skip
    try:
        yield found
    finally:
        found.remote_conn_pre.close()


def press(console: netmiko.BaseConnection, keys: str, until: str) -> str:
    """Send keys, and read until what a pattern matches has come."""
    console.write_channel(keys)
    return str(console.read_until_pattern(until, read_timeout=PATIENCE))


def wait_until_closed(console: netmiko.BaseConnection) -> None:
    """The router has ended the console."""
    if not console.remote_conn.status_event.wait(PATIENCE):
        raise AssertionError("the console never ended")


def wait_until_left(router: VirtualRouter) -> None:
    """The router has seen the end of every console; it sees it in its own time."""
    until = time.monotonic() + PATIENCE
    while any(row["via"] == "ssh" for row in router.rows("/user/active")):
        if time.monotonic() > until:
            raise AssertionError("the router never saw the end of the console")
        time.sleep(0.002)
