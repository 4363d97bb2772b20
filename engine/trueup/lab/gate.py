"""Who may come in to one router now, and who has to be told when that changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from trueup.lab.packets.fate import Fate, State
from trueup.lab.packets.way import judge
from trueup.lab.router import Router

DECIDING = ("/interface", "/ip/", "/routing", "/certificate", "/ppp", "/user")
"""Beginnings of the menus whose rows decide it."""

OFF = Fate("vanishes", "the router has no power")
STARTING = Fate("refused", "the router is starting")


class Gate:
    """One router's; watchers are called under its lock, from any thread, when packets may fare otherwise."""

    def __init__(self, router: Router) -> None:
        self.router = router
        self.power: Literal["on", "starting", "off"] = "on"
        self.closed = False
        self._watchers: list[Callable[[], None]] = []
        router.listeners.append(self._settled)

    @property
    def filters(self) -> bool:
        """Whether it may ever say no."""
        return self.router.spec.manager is not None or self.power != "on"

    def judge(self, service: str, state: State, port: int = 0) -> Fate:
        """What becomes of the manager's packets to a service."""
        if self.power == "off":
            return OFF
        return STARTING if self.power == "starting" and state == "new" else judge(self.router, service, state, port)

    def watch(self, wake: Callable[[], None]) -> None:
        """Tell someone from now on, and at once."""
        with self.router.lock:
            self._watchers.append(wake)
            wake()

    def leave(self, wake: Callable[[], None]) -> None:
        """Tell someone no more."""
        with self.router.lock:
            if wake in self._watchers:
                self._watchers.remove(wake)

    def wake(self) -> None:
        """Tell everyone."""
        with self.router.lock:
            for wake in list(self._watchers):
                wake()

    def close(self) -> None:
        """The router goes away: whoever waits for packets waits no more."""
        self.closed = True
        self.wake()

    def _settled(self, path: str) -> None:
        if path.startswith(DECIDING) and self._watchers and self.filters:
            self.wake()
