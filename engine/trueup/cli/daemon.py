"""`trueup daemon`."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import click

from trueup.cli.selection import folder_option
from trueup.daemon.events import Bus
from trueup.daemon.log import EventLog, take_over
from trueup.daemon.loop import Daemon


@click.command("daemon")
@folder_option
def command(folder: Path) -> None:
    """Keep the routers as git says: look at each on a schedule, roll merges out in waves, tell of drift.

    The network's folder is a clone of its repository; nothing is checked out there. Ends on SIGTERM or Ctrl-C, once
    the routers that are being written to have come to a safe point.
    """
    asyncio.run(_serve(folder))


async def _serve(folder: Path) -> None:
    bus, log = Bus(), EventLog()
    log.listen(bus)
    take_over(log)
    daemon = Daemon(folder.resolve(), bus)
    for number, name in ((signal.SIGINT, "Ctrl-C"), (signal.SIGTERM, "SIGTERM")):
        asyncio.get_running_loop().add_signal_handler(number, daemon.end, f"stopped with {name}")
    await daemon.start()
    await daemon.run()
