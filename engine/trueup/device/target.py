"""Where a router is and how to be sure that it is the right one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from trueup.row import Secret

Mode = Literal["verify", "pin", "anonymous", "off"]


@dataclass(frozen=True, slots=True)
class Tls:
    """How the connection is protected.

    "verify": the certificate must come from a CA, the system's or those in the file `ca`, and name the host.
    "pin": it must have this SHA-256 `fingerprint` (hex, with or without `sha256:` and colons).
    "anonymous": encrypted without a certificate, so against nobody in between. "off": plain.
    """

    mode: Mode = "verify"
    ca: Path | None = None
    fingerprint: str = ""

    @property
    def port(self) -> int:
        """The port that RouterOS serves this on unless told otherwise."""
        return 8728 if self.mode == "off" else 8729


@dataclass(frozen=True, slots=True)
class ConsoleTarget:
    """One router's console over SSH; `host_key` is the pinned fingerprint as OpenSSH shows it, `SHA256:` and base64.

    `timeout` is seconds, for each step.
    """

    name: str
    host: str
    port: int
    username: str
    password: Secret = field(repr=False)
    host_key: str
    timeout: float = 10.0


@dataclass(frozen=True, slots=True)
class Target:
    """One router: its name, the hosts to try in order, and the login. `timeout` is seconds, for each step of each host.

    `server_name` is the name that the certificate must hold, where that is not the host.
    """

    name: str
    hosts: tuple[str, ...]
    username: str
    password: Secret = field(repr=False)
    port: int | None = None
    tls: Tls = Tls()
    server_name: str | None = None
    timeout: float = 10.0
