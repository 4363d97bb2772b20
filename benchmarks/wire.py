"""The wire: decoding rows, reading 20 menus at 50 ms of latency, and 1,000 pipelined adds, on virtual routers.

Run it with `python benchmarks/wire.py`; every figure is of this machine and this run.
"""

from __future__ import annotations

import asyncio
import itertools
import math
import time

from trueup.device import Session, Target, Tls, connect, read
from trueup.device.facts import FACTS
from trueup.device.mux import WINDOW
from trueup.device.read import query
from trueup.device.words import Decoder, encode_sentence, parse
from trueup.lab import Spec, serve
from trueup.lab.server import VirtualRouter
from trueup.row import Secret
from trueup_schemas.catalogue import catalogue
from trueup_schemas.catalogue.types import Menu

LATENCY = 0.05
MENUS = 20
ROWS = 20_000
ADDS = 1_000
CHUNK = 65_536


def decode() -> float:
    """Seconds for decoding and taking apart ROWS rows of 14 attributes, as they come off a socket."""
    words = ["!re", ".tag=7", "=.id=*1A", *(f"=property-{n}=value of {n}" for n in range(13))]
    data = encode_sentence(words) * ROWS
    decoder, rows = Decoder(), 0
    start = time.perf_counter()
    for position in range(0, len(data), CHUNK):
        for sentence in decoder.feed(data[position : position + CHUNK]):
            rows += bool(parse(sentence).values)
    assert rows == ROWS
    return time.perf_counter() - start


def target(served: VirtualRouter) -> Target:
    password = Secret(served.spec.password)
    return Target("edge-1", (served.spec.address,), served.spec.username, password, served.port, Tls("off"))


async def one_by_one(session: Session, menus: list[Menu]) -> None:
    """What the same reading costs without pipelining."""
    for path, names in FACTS.items():
        await session.talk([f"{path}/print", f"=.proplist={','.join(names)}"])
    for menu in menus:
        await session.talk(query(menu))


async def reading(served: VirtualRouter, menus: list[Menu]) -> tuple[float, float, float]:
    """Seconds for the login, for reading in one pass, and for reading one menu after the other."""
    times = [time.perf_counter()]
    async with connect(target(served)) as session:
        times.append(time.perf_counter())
        await read(session, menus)
        times.append(time.perf_counter())
        await one_by_one(session, menus)
        times.append(time.perf_counter())
    first, second, third = (later - earlier for earlier, later in itertools.pairwise(times))
    return first, second, third


async def adding(served: VirtualRouter) -> float:
    """Seconds for ADDS adds, eight in flight."""
    async with connect(target(served)) as session:
        start = time.perf_counter()
        words = (["/ip/pool/add", f"=name=pool-{n}", f"=ranges=10.0.{n >> 8}.{n & 255}"] for n in range(ADDS))
        await asyncio.gather(*(session.talk(sentence) for sentence in words))
        return time.perf_counter() - start


def main() -> None:
    seconds = min(decode() for _ in range(3))
    print(f"decode: {ROWS / seconds:,.0f} rows/s, {seconds / ROWS * 1e6:.1f} us a row of 14 attributes")
    known = catalogue("7.24")
    menus = [known.menu(path) for path in known.paths if path not in FACTS][:MENUS]
    with serve([Spec("edge-1", latency=LATENCY), Spec("edge-2")]) as lab:
        asyncio.run(reading(lab["edge-2"], menus))  # so that the virtual routers have read their own data
        login, pipelined, sequential = asyncio.run(reading(lab["edge-1"], menus))
        adds = asyncio.run(adding(lab["edge-2"]))
    trips = math.ceil((MENUS + len(FACTS)) / WINDOW)
    print(f"login: {login / LATENCY:.1f} round trips of {LATENCY * 1000:.0f} ms")
    print(f"read {MENUS} menus and the facts: {pipelined * 1000:.0f} ms")
    print(f"  that is {pipelined / LATENCY:.1f} round trips, of which {trips} are needed with {WINDOW} at a time")
    print(f"  one after the other: {sequential * 1000:.0f} ms, {sequential / pipelined:.1f} times as long")
    print(f"{ADDS} adds, no latency: {adds:.2f} s, {ADDS / adds:,.0f} a second, the virtual router's own work included")


if __name__ == "__main__":
    main()
