"""What a run has read is let go with the run: hundreds of routers are looked at in the memory of a few."""

from __future__ import annotations

import asyncio
import gc
import weakref
from pathlib import Path

from fleet_room import IDENTITY, room, spec

from trueup.audit import Audit
from trueup.compile import Compiler
from trueup.fleet.router import RouterRun
from trueup.fleet.run import FleetRun
from trueup.load.network import load_network
from trueup.secrets import open_stores


def test_a_run_is_gone_without_a_collection(tmp_path: Path) -> None:
    with room(tmp_path, spec("edge")) as made:
        made.declare("edge", IDENTITY)
        network = load_network(made.network)
        stores, compiler = open_stores(network.settings, network.root), Compiler(network)

        async def look() -> weakref.ref[RouterRun]:
            audit = Audit.open(made.audit)
            async with FleetRun(network, network.routers, stores, audit, lambda *_: None, compiler=compiler) as run:
                await run.plan()
                return weakref.ref(run.runs[0])

        gc.disable()
        try:
            assert asyncio.run(look())() is None
        finally:
            gc.enable()
