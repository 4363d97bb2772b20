"""How often somebody may try to log in: each failure beyond the first few doubles the wait."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

REMEMBERED = 10_000
"""Names and addresses that are kept at most; the longest unseen goes first."""

FORGET = 3600.0
"""Seconds after which failures no longer count."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many failures are free; then the wait begins with `first` seconds and doubles up to `longest`."""

    free: int
    first: float
    longest: float


BY_ADDRESS = Limit(free=10, first=2.0, longest=900.0)
BY_USER = Limit(free=5, first=1.0, longest=60.0)
"""A name's wait stays short, and does not count where its user has logged in before: nobody can lock another out."""


class Attempts:
    """Failures to log in, by name and by address; a login sets the name's back, and is remembered with its address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()
        self._places: OrderedDict[tuple[str, str], None] = OrderedDict()

    def wait(self, user: str, address: str) -> float:
        """Seconds until this user may try again from this address; 0: now."""
        known = (user, address) in self._places
        return max(self._left(key, limit) for key, limit in _keys(user, address) if not (known and key[0] == "user"))

    def fail(self, user: str, address: str) -> None:
        """Count a failure."""
        for key, _ in _keys(user, address):
            count, last = self._failures.pop(key, (0, 0.0))
            now = self._clock()
            self._failures[key] = (1 if now - last > FORGET else count + 1, now)
        while len(self._failures) > REMEMBERED:
            self._failures.popitem(last=False)

    def succeed(self, user: str, address: str) -> None:
        """The last attempt was none: forget the name's failures; those of the address stay."""
        self._failures.pop(("user", user[:64]), None)
        self._places.pop((user, address), None)
        self._places[user, address] = None
        while len(self._places) > REMEMBERED:
            self._places.popitem(last=False)
        count, last = self._failures.pop(("address", address), (0, 0.0))
        if count > 1:
            self._failures["address", address] = (count - 1, last)

    def _left(self, key: tuple[str, str], limit: Limit) -> float:
        count, last = self._failures.get(key, (0, 0.0))
        beyond = count - limit.free
        if beyond < 0:
            return 0.0
        return max(0.0, last + min(limit.first * 2.0 ** min(beyond, 30), limit.longest) - self._clock())


def _keys(user: str, address: str) -> tuple[tuple[tuple[str, str], Limit], ...]:
    return (("user", user[:64]), BY_USER), (("address", address), BY_ADDRESS)
