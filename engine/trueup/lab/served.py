"""A virtual router as a connection sees it: the router, its delays and faults, and what it was told."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from itertools import count
from typing import Literal, Protocol

from trueup.lab.faults import Faults
from trueup.lab.gate import Gate
from trueup.lab.netwatch import Netwatch
from trueup.lab.router import Router
from trueup.lab.spec import Spec

REMEMBERED = 100_000


class HangsUp(Protocol):
    """A connection that can be ended at once."""

    def hang_up(self) -> None:
        """End it; called from any thread."""


class Served:
    """What all connections to one router share; `most` commands of one connection were on their way at once."""

    def __init__(self, spec: Spec, router: Router | None = None) -> None:
        self.spec = spec
        self.router = router or Router(spec)
        self.faults = Faults()
        self.latency = spec.latency
        self.per_command = spec.per_command
        self.log: deque[list[str]] = deque(maxlen=REMEMBERED)
        self.numbers = count(1)
        self.most = 0
        self.gate = Gate(self.router)
        self.netwatch = Netwatch(self.router)
        self.closing: set[Callable[[], None]] = set()
        self.consoles: set[HangsUp] = set()

    def rows(self, menu: str) -> list[dict[str, str]]:
        """The rows of a menu as a print gives them to a user with every policy."""
        return self.router.rows(menu)

    def done_by(self, user: str, *words: str) -> list[list[str]]:
        """Have somebody else carry out a command with every policy; raises ValueError where it is refused."""
        reply = self.router.execute(words, user=user)
        if reply[0][0] == "!trap":
            raise ValueError(f"{words}: {reply[0]}")
        return reply

    def remember(self, sentence: Sequence[str]) -> None:
        """Keep a command for those who count them, without its secrets."""
        self.log.append(self.router.masked(sentence))

    def restart(self) -> None:
        """Hang up on everyone and begin anew, as a reboot does; it takes what the spec says, by default no time."""
        self.reboot(self.spec.boot_time)

    def reboot(self, seconds: float) -> None:
        """Hang up on everyone, refuse everyone for some seconds of the router's time, then begin anew."""
        self._begin("starting", seconds)

    def cut_power(self, seconds: float) -> None:
        """Take the power away for some seconds of the router's time: nobody hears of it; a device-mode is confirmed."""
        with self.router.lock:
            self.router.device_mode.confirm()
        self._begin("off", seconds)

    def press_button(self) -> None:
        """Press the button: a device-mode that waits for it is confirmed, and the router reboots."""
        with self.router.lock:
            waited = self.router.device_mode.confirm()
        if waited:
            self.restart()

    def _begin(self, power: Literal["starting", "off"], seconds: float) -> None:
        router = self.router
        with router.lock:
            router.restart()
            self.netwatch.start()
            if seconds:
                router.timeline.clear()
                router.timeline.after(seconds, self._booted)
                self.gate.power = power
            self.gate.wake()
            for hang_up in list(self.closing):
                hang_up()
        for console in list(self.consoles):
            console.hang_up()

    def _booted(self) -> None:
        self.gate.power = "on"
        self.router.restart()
        self.netwatch.start()
        self.gate.wake()
