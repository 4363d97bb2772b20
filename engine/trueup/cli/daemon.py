"""`trueup daemon`."""

from __future__ import annotations

import asyncio
import signal
from functools import partial
from pathlib import Path

import click

from trueup.cli.selection import folder_option
from trueup.daemon.attempt import attempt
from trueup.daemon.events import Bus
from trueup.daemon.log import EventLog, take_over
from trueup.daemon.loop import Daemon


@click.command("daemon")
@folder_option
def command(folder: Path) -> None:
    """Keep the routers as git says: look at each on a schedule, roll merges out in waves, tell of drift.

    The network's folder is a clone of its repository; nothing is checked out there. With `web` in trueup.yaml the
    page is served too. Ends on SIGTERM or Ctrl-C, once routers that are being written to have come to a safe point.
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
    page = asyncio.create_task(attempt(_page(daemon)))
    page.add_done_callback(partial(_told, daemon))
    try:
        await daemon.run()
    finally:
        page.cancel()
        await asyncio.gather(page, return_exceptions=True)


def _told(daemon: Daemon, page: asyncio.Task[Exception | None]) -> None:
    """Say why the page is no longer served; the routers matter more, so the daemon goes on."""
    if not page.cancelled() and (error := page.result()) is not None:
        daemon.fault("the page", error)


async def _page(daemon: Daemon) -> None:
    """Serve the page where it is declared, until cancelled."""
    network = daemon.force.network
    settings = network.settings.web
    if settings is None:
        return
    from trueup.web.app import make_app
    from trueup.web.serve import serve
    from trueup.web.users import Users, users_path

    users = Users(users_path(network.settings, network.root))
    app = make_app(
        daemon.board,
        daemon.sequel.deeds,
        users,
        settings,
        daemon.audit,
        root=network.root,
        machines=daemon.outlets.endpoints,
    )
    await serve(app, settings, network.root, lambda address: daemon.tell(f"the page is at {address}"))
