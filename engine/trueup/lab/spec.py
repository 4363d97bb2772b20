"""What a virtual router is to be: the one thing that tests and lab.yaml hand to the lab."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Seed = Mapping[str, Sequence[Mapping[str, str]]]
"""Rows by menu; `dynamic`, `default` and `builtin` are marks; a singleton has one row of the values that differ."""


FREE_SPACE = 71_675_904
"""Bytes that are free on a new router's disk."""


@dataclass(frozen=True, slots=True)
class User:
    """A login besides the first one."""

    name: str
    password: str = field(repr=False)
    group: str = "full"


@dataclass(frozen=True, slots=True)
class Manager:
    """Where the manager's packets come from, and where they go; the router's rows then decide whether they get in.

    `source` is the manager's address and `destination` the router's that it talks to; `interface` is the port that the
    packets arrive on, by its default name, with the tag `vlan` (0: none). `tunnel` names the interface of a tunnel that
    carries them: its own packets then arrive so. `gateway` is the next router on the way back, "" any.
    """

    source: str
    destination: str
    interface: str = "ether1"
    vlan: int = 0
    tunnel: str = ""
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class Spec:
    """One virtual router; port 0 takes any free port, None closes the service.

    `ports` are default names beyond the board's (`ether6`, `sfp1`, `wlan1`, `wifi1`, `lte1`); `packages` are the extra
    packages beyond those that the board ships with, () none beyond, None all that there are; `ssh_port` is closed
    unless asked for, since SSH takes longer to load; `login` is "plain" (6.43 and later) or "challenge", over the API;
    `anonymous` leaves api-ssl without a certificate; `latency` is a round trip's, `per_command` a command's own and
    `boot_time` a reboot's time, in seconds; `shuffle` seeds the order in which commands that run at the same time take
    effect and answer, None keeps them in line. With `fresh_ids` a reboot numbers rows without names anew; `free_space`
    is in bytes; `device_mode` is the `mode` and the features that differ from it; `answers` are addresses and networks
    that answer the router's pings. Without a `manager` whoever connects gets in.
    """

    name: str
    version: str = "7.24"
    board: str = "chr"
    ports: Sequence[str] = ()
    packages: Sequence[str] | None = None
    address: str = "127.0.0.1"
    port: int | None = 0
    tls_port: int | None = 0
    ssh_port: int | None = None
    username: str = "admin"
    password: str = field(default="", repr=False)
    users: Sequence[User] = ()
    serial: str = ""
    seed: Seed = field(default_factory=dict)
    login: str = "plain"
    anonymous: bool = False
    latency: float = 0.0
    per_command: float = 0.0
    shuffle: int | None = 1
    boot_time: float = 0.0
    fresh_ids: bool = True
    free_space: int = FREE_SPACE
    device_mode: Mapping[str, str] = field(default_factory=dict)
    manager: Manager | None = None
    answers: Sequence[str] = ()
