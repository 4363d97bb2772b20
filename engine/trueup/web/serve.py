"""Serves the page in the daemon's own loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from trueup.errors import Problem
from trueup.web.line import Line
from trueup.web.live import Pulse
from trueup.web.tls import PageError, files_of, load_pair, refuse_plain, tls_context
from trueup_schemas.operate import Web

GRACE = 3
"""Seconds that answers under way have when the page ends."""

LOOK = 60.0
"""Seconds between two looks at whether the certificate was renewed."""


class _Server(uvicorn.Server):
    """Leaves signals to the daemon."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: Starlette, settings: Web, root: Path, ready: Callable[[str], None]) -> None:
    """Serve until cancelled; `ready` is told the page's address. Raises PageError where it cannot be served there.

    `root` is the network's folder. Cancelling ends open streams, and lets answers under way end.
    """
    refuse_plain(settings)
    files = files_of(settings, root)
    context = tls_context(*files) if files else None
    listening = _listen(settings)
    server = _Server(_config(app, context))
    serving = asyncio.ensure_future(server.serve([listening]))
    renewing = asyncio.ensure_future(_renew(context, files)) if context and files else None
    try:
        ready(_address(settings, listening, tls=context is not None))
        await asyncio.shield(serving)
    finally:
        pulse: Pulse = app.state.pulse
        pulse.close()
        if renewing:
            renewing.cancel()
        server.should_exit = True
        await serving
        for line in tuple(server.server_state.connections):
            # A peer that does not answer the end of TLS would keep its line for half a minute.
            if line.transport is not None:
                line.transport.abort()


def _config(app: Starlette, context: ssl.SSLContext | None) -> uvicorn.Config:
    config = uvicorn.Config(
        app,
        http=Line,
        ws="none",
        lifespan="off",
        loop="none",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=GRACE,
    )
    config.load()
    config.ssl = context
    return config


def _listen(settings: Web) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if _is_six(settings.address) else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((settings.address, settings.port))
        listening.listen(1024)
    except OSError as error:
        listening.close()
        text = f"web: the page cannot be served on {settings.address}:{settings.port}: {error.strerror or error}"
        raise PageError(Problem(text, "trueup.yaml", "choose another `port` or `address` under `web`")) from None
    return listening


def _address(settings: Web, listening: socket.socket, *, tls: bool) -> str:
    host = f"[{settings.address}]" if _is_six(settings.address) else settings.address
    return f"{'https' if tls else 'http'}://{host}:{listening.getsockname()[1]}/"


def _is_six(address: str) -> bool:
    try:
        return ip_address(address.partition("%")[0]).version == 6
    except ValueError:
        return False


async def _renew(context: ssl.SSLContext, files: tuple[Path, Path]) -> None:
    """Use a renewed certificate without a restart; one that cannot be used leaves the old one in force."""
    seen = _times(files)
    while True:
        await asyncio.sleep(LOOK)
        found = _times(files)
        if found and found != seen:
            with contextlib.suppress(PageError):
                load_pair(context, *files)
                seen = found


def _times(files: tuple[Path, Path]) -> tuple[int, ...]:
    try:
        return tuple(file.stat().st_mtime_ns for file in files)
    except OSError:
        return ()
