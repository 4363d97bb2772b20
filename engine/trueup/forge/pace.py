"""How fast a process may change things at a forge: some at once, then one a second, as GitHub asks for."""

from __future__ import annotations

import time

BURST = 10
"""Changes that may be made at once after a while of none."""

STEP = 1.0
"""Seconds between two changes once the burst is used up."""

_free: dict[str, float] = {}
"""By the API's address, when the changes made so far would be paid off at one a STEP."""


def turn(address: str) -> float:
    """Seconds to wait before a change may be sent there; it is counted from now on."""
    now = time.monotonic()
    paid = max(_free.get(address, 0.0), now) + STEP
    _free[address] = paid
    return max(0.0, paid - now - BURST * STEP)
