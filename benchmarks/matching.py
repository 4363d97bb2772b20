"""Matching: what a plan costs for firewall rules that have no key, and whether that grows with their number alone.

Half of the rules have no comment. The record of what is ours is whole. `busy` is: in every hundred rules one edited by
hand, one gone from the declaration, one new; and the first rule declared last.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from trueup.diff import Keys, difference
from trueup.diff.owned import Owned
from trueup.diff.record import attempted
from trueup.order import order
from trueup.plan import Plan
from trueup.row import Desired, Facts, Live, Row, Secret, Table
from trueup_schemas.catalogue import catalogue

FILTER = "/ip/firewall/filter"
SIZES = (500, 1_000, 2_000, 4_000)
HUNDRED = 100
KNOWN = catalogue("7.24")
FACTS = Facts("7.24", "chr", "CHR", "serial", 3600, datetime(2026, 1, 1, tzinfo=UTC))


def digest(text: str) -> str:
    return hmac.new(b"benchmark", text.encode(), hashlib.sha256).hexdigest()


KEYS = Keys(lambda ref: Secret(ref.name), str, digest)


def rule(n: int) -> Row:
    """The n-th rule, unlike all others, as a declaration has it."""
    values = {"chain": ("input", "forward")[n % 2], "action": ("accept", "drop")[n % 3 == 0], "protocol": "tcp"}
    values |= {"dst-address": f"10.{n >> 8 & 255}.{n & 255}.0/24", "dst-port": str(1024 + n % 60_000)}
    return Row(values | ({"comment": f"customer {n}"} if n % 4 < 2 else {}))


def desired(rows: list[Row]) -> Desired:
    return Desired("edge-1", {FILTER: Table(FILTER, tuple(rows))})


def live(rows: list[Row]) -> Live:
    """These rules as a router holds them, with an `.id` each."""
    held = tuple(replace(row, id=f"*{n + 1:X}") for n, row in enumerate(rows))
    return Live(FACTS, {FILTER: Table(FILTER, held)})


def plan(want: Desired, have: Live, owned: Owned | None) -> Plan:
    return order(difference(want, have, owned, KNOWN, KEYS), want, have, KNOWN, KEYS)


def cases(size: int) -> dict[str, tuple[Desired, Live, Owned | None]]:
    """What is measured, by name."""
    rules = [rule(n) for n in range(size)]
    same, held = desired(rules), live(rules)
    ours = attempted(difference(same, held, None, KNOWN, KEYS), None, FACTS, "", KEYS)
    edited = [
        replace(row, values={**row.values, "dst-port": "1"}) if n % HUNDRED == 1 else row for n, row in enumerate(rules)
    ]
    wanted = [row for n, row in enumerate(rules) if n % HUNDRED != 2]
    wanted = [*wanted[1:], wanted[0], *(rule(size + n) for n in range(size // HUNDRED))]
    return {
        "nothing to do": (same, held, ours),
        "no record": (same, held, None),
        "busy": (desired(wanted), live(edited), ours),
    }


def seconds(work: Callable[[], Plan]) -> tuple[float, Plan]:
    """The best of three, and what came of it."""
    best, found = float("inf"), None
    for _ in range(3):
        start = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - start)
    assert found is not None
    return best, found


def main() -> None:
    print(f"{'rules':>14}" + "".join(f"{size:>12,}" for size in SIZES) + f"{SIZES[-1] // SIZES[0]:>9} times the rules")
    figures: dict[str, list[tuple[float, Plan]]] = {}
    for size in SIZES:
        for name, (want, have, owned) in cases(size).items():
            figures.setdefault(name, []).append(seconds(lambda w=want, h=have, o=owned: plan(w, h, o)))
    for name, found in figures.items():
        times = "".join(f"{taken * 1000:>9.0f} ms" for taken, _ in found)
        print(
            f"{name:>14}{times}{found[-1][0] / found[0][0]:>9.1f} times the time, {len(found[-1][1].changes)} changes"
        )


if __name__ == "__main__":
    main()
