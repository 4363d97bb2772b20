"""Adding: 1,000 rows with eight commands in flight, against one after the other, on one virtual router with latency."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

from wire import target

from trueup.device import connect
from trueup.lab import Spec, serve
from trueup.lab.server import VirtualRouter

ADDS = 1_000
LATENCY = 0.005


def sentences(name: str) -> Iterator[list[str]]:
    return (["/ip/pool/add", f"=name={name}-{n}", f"=ranges=10.0.{n >> 8}.{n & 255}"] for n in range(ADDS))


async def add(served: VirtualRouter) -> tuple[float, float]:
    """Seconds for the pipelined adds, and for as many one by one."""
    async with connect(target(served)) as session:
        start = time.perf_counter()
        await asyncio.gather(*(session.talk(sentence) for sentence in sentences("together")))
        middle = time.perf_counter()
        for sentence in sentences("alone"):
            await session.talk(sentence)
        return middle - start, time.perf_counter() - middle


def main() -> None:
    with serve([Spec("edge-1", latency=LATENCY)]) as lab:
        pipelined, alone = asyncio.run(add(lab["edge-1"]))
    print(f"{ADDS:,} adds at {LATENCY * 1000:.0f} ms of latency: {pipelined:.2f} s pipelined, {alone:.2f} s one by one")
    print(f"  {alone / pipelined:.1f} times as fast")


if __name__ == "__main__":
    main()
