"""The line to a console: netmiko's driver for RouterOS, its server's key checked before the password is sent.

Everything here blocks, within deadlines; one thread uses a line at a time. Only `kill` may come from another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import logging
import time
from collections.abc import Callable

import paramiko
from netmiko import NetmikoAuthenticationException, NetmikoTimeoutException
from netmiko.exceptions import NetmikoBaseException
from netmiko.mikrotik.mikrotik_ssh import MikrotikRouterOsSSH

from trueup.device.faults import Lost
from trueup.device.target import ConsoleTarget
from trueup.errors import Problem, RouterError

logging.getLogger("paramiko").addHandler(logging.NullHandler())  # else it writes tracebacks to the terminal

LOOK = 0.01
"""Seconds between two looks at what has come."""

KEEPALIVE = 15
"""Seconds of silence after which the line asks whether its other end is there."""

LOST = "RouterOS undoes by itself what a lost console held: in moments, or after nine minutes where the path was cut"


class KeyPin(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Lets one host key through; it is asked before any login, since no key is known beforehand."""

    def __init__(self, expected: str) -> None:
        self._expected = expected
        self.found = ""

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        digest = hashlib.sha256(key.asbytes()).digest()
        self.found = f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"
        if not self.right:
            raise paramiko.SSHException("another host key")

    @property
    def right(self) -> bool:
        """Whether the key that was shown is the pinned one."""
        return hmac.compare_digest(self.found, self._expected.rstrip("="))


class Driver(MikrotikRouterOsSSH):
    """netmiko's driver, with the pinned key alone; prompts are read by us, since they change with safe mode."""

    def __init__(self, pin: KeyPin, target: ConsoleTarget) -> None:
        self._pin = pin
        super().__init__(
            host=target.host, port=target.port, username=target.username, password=target.password.reveal(),
            conn_timeout=target.timeout, auth_timeout=target.timeout, banner_timeout=target.timeout,
            blocking_timeout=target.timeout, read_timeout_override=target.timeout, keepalive=KEEPALIVE,
            auto_connect=False,
        )  # fmt: skip

    def _build_ssh_client(self) -> paramiko.SSHClient:
        client = paramiko.SSHClient()
        client.set_missing_host_key_policy(self._pin)
        return client

    def session_preparation(self) -> None:
        self.ansi_escape_codes = True

    def open(self) -> None:
        """Connect, log in, and come to the first prompt."""
        self._open()


class Line:
    """A console that has been reached."""

    def __init__(self, driver: Driver, where: str) -> None:
        self._driver = driver
        self._where = where

    @property
    def dead(self) -> bool:
        """Whether either side has closed it."""
        channel, client = self._driver.remote_conn, self._driver.remote_conn_pre
        transport = client.get_transport() if client is not None else None
        if not isinstance(channel, paramiko.Channel) or transport is None:
            return True
        return bool(channel.closed) or not transport.is_active()

    def send(self, keys: str) -> None:
        """Type; raises Lost where nobody is there any more."""
        try:
            self._driver.write_channel(keys)
        except (OSError, EOFError, NetmikoBaseException, paramiko.SSHException) as error:
            raise Lost("the console is lost", self._where, sent=False, remedy=LOST) from error

    def read(self, enough: Callable[[str], bool], seconds: float, quiet: float | None = None) -> str:
        """What comes until it is enough, the time is over, or nothing has come for `quiet` seconds; raises Lost."""
        screen, started = "", time.monotonic()
        changed = started
        while True:
            new = self._take()
            screen += new
            now = time.monotonic()
            changed = now if new else changed
            if enough(screen) or now - started > seconds or (quiet is not None and screen and now - changed > quiet):
                return screen
            if not new and self.dead:
                raise Lost("the console is lost", self._where, sent=True, remedy=LOST)
            if not new:
                time.sleep(LOOK)

    def _take(self) -> str:
        try:
            return str(self._driver.read_channel())
        except (OSError, EOFError, NetmikoBaseException, paramiko.SSHException) as error:
            raise Lost("the console is lost", self._where, sent=True, remedy=LOST) from error

    def wait_for_end(self, seconds: float) -> bool:
        """Whether the router ends the session in time."""
        until = time.monotonic() + seconds
        while not self.dead:
            if time.monotonic() > until:
                return False
            time.sleep(LOOK)
        return True

    def kill(self) -> None:
        """Close it as it is, without a word; from any thread."""
        client = self._driver.remote_conn_pre
        if client is not None:
            client.close()


def dial(target: ConsoleTarget, where: str) -> Line:
    """Reach a console; raises RouterError that says what is wrong and what to do."""
    pin = KeyPin(checked(target.host_key, where))
    driver = Driver(pin, target)
    try:
        driver.open()
    except (OSError, EOFError, ValueError, NetmikoBaseException, paramiko.SSHException) as error:
        driver.paramiko_cleanup()
        raise RouterError(_problem(error, pin, target, where)) from None
    return Line(driver, where)


def checked(host_key: str, where: str) -> str:
    """A pinned fingerprint, "" for none; raises RouterError where it is none."""
    kind, _, text = host_key.partition(":")
    try:
        if host_key and (kind != "SHA256" or len(base64.b64decode(text + "=" * (-len(text) % 4), validate=True)) != 32):
            raise ValueError
    except (ValueError, binascii.Error):
        remedy = "write `SHA256:` and 43 letters, as `ssh-keyscan HOST | ssh-keygen -lf -` shows it"
        raise RouterError(Problem(f"{host_key!r} is no fingerprint of a host key", where, remedy)) from None
    return host_key


def _problem(error: Exception, pin: KeyPin, target: ConsoleTarget, where: str) -> Problem:
    """Why there is no console."""
    if pin.found and not pin.right:
        expected = f"expected {target.host_key}, got" if target.host_key else "none is pinned, and it showed"
        remedy = f'if the router itself has that key, pin it with `connect: {{ssh: {{host-key: "{pin.found}"}}}}`'
        return Problem(f"its SSH host key is not known: {expected} {pin.found}", where, remedy)
    if isinstance(error, NetmikoAuthenticationException):
        remedy = "correct `username` and `password` under `connect`, and give the user's group the policy `ssh`"
        return Problem("the router refuses the login over SSH", where, remedy)
    if not pin.found:
        remedy = "is the service `ssh` enabled on the router, on this port, and does its `address` let us in?"
        return Problem(f"no SSH server answers within {target.timeout:g} s", where, remedy)
    if isinstance(error, NetmikoTimeoutException):
        remedy = "is the router overloaded, or out of sessions?"
        return Problem(f"the SSH login did not come about within {target.timeout:g} s", where, remedy)
    remedy = "log in by hand: a router that shows no prompt there needs a reboot"
    return Problem(f"the console shows no prompt within {target.timeout:g} s", where, remedy)
