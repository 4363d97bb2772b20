"""`trueup watch`."""

from __future__ import annotations

import select
import sys
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trueup.cli.fleet_lines import head_lines, needs_attention, rollout_lines, router_lines, summary_lines, worst_first
from trueup.cli.selection import folder_option
from trueup.cli.status import fleet_status
from trueup.daemon.status import FleetStatus
from trueup.daemon.status_file import FILE
from trueup.errors import PlanError, Problem, TrueupError
from trueup.load.network import find_root, read_settings

if TYPE_CHECKING:
    from rich.text import Text

STEP = 0.25
"""Seconds between two looks at the keyboard and at the daemon's file."""

EVERY = 1.0
"""Seconds after which what is shown is drawn anew, since it tells how long ago things were."""

ANEW = 15.0
"""Seconds after which the audit is asked again, where the daemon's file has not changed."""

LEAVE = "qQ\x03\x04\x1b"
"""Keys that end it: q, and what Ctrl-C, Ctrl-D and Escape send."""


@click.command("watch")
@folder_option
def command(folder: Path) -> None:
    """Show the fleet live: what needs attention, the worst first, and how far a rollout is. `q` ends it.

    Exit code: 0 ended by a key, 1 error. Without a terminal use `trueup status`.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise PlanError(Problem("there is no terminal to draw on", remedy="use `trueup status`"))
    root = find_root(folder)
    fleet_status(root, read_settings(root))  # what is wrong is told before anything is drawn
    with _keys():
        _draw(root)


def _draw(root: Path) -> None:
    """Draw until a key ends it."""
    from rich.console import Console
    from rich.live import Live

    console = Console(highlight=False)
    with Live(console=console, screen=True, auto_refresh=False, transient=True) as live:
        seen, read, drawn, size = None, 0.0, 0.0, (0, 0)
        status: FleetStatus | str = ""
        while not _left():
            now, mark = time.monotonic(), _mark(root)
            if mark != seen or now - read > ANEW:
                seen, read, drawn = mark, now, 0.0
                status = _status(root)
            columns, lines = console.size
            if now - drawn > EVERY or size != (columns, lines):
                drawn, size = now, (columns, lines)
                live.update(_picture(status, columns, lines), refresh=True)


def _status(root: Path) -> FleetStatus | str:
    """The fleet, or what is wrong, which may be over at the next look: a file is half there while it is edited."""
    try:
        return fleet_status(root, read_settings(root))
    except (TrueupError, OSError) as error:
        return str(error)


def _picture(status: FleetStatus | str, columns: int, lines: int) -> Text:
    from rich.text import Text

    text = "\n".join(screen(status, datetime.now(UTC), columns, lines))
    return Text.from_ansi(text, no_wrap=True, overflow="ellipsis")


def screen(status: FleetStatus | str, now: datetime, columns: int, lines: int) -> list[str]:
    """The lines of one picture, never more than there are, the last of them telling how to leave."""
    if isinstance(status, str):
        return [status, "q: leave"][:lines]
    above = list(head_lines(status, now, columns))
    below = list(rollout_lines(status.rollout, columns)) if status.rollout is not None else []
    below += [*summary_lines(status, columns), click.style("q: leave   trueup status ROUTER: all about one", dim=True)]
    room = max(lines - len(above) - len(below) - 2, 0)
    worst = worst_first([router for router in status.routers.values() if needs_attention(router)])
    shown = worst if len(worst) <= room else worst[: max(room - 1, 0)]
    middle = list(router_lines(shown, now, columns))
    if len(shown) < len(worst):
        middle.append(f"and {len(worst) - len(shown)} more: trueup status")
    if not worst and status.routers:
        middle = [click.style("every router is as declared", fg="green")]
    filled = [*above, "", *middle[: max(room, 0)], *[""] * (room - len(middle) + 1), *below]
    return filled[: lines - 1] + below[-1:] if len(filled) > lines else filled


def _mark(root: Path) -> tuple[int, int]:
    """Another one where the daemon has written its file anew."""
    try:
        found = (root / FILE).stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_ino


@contextmanager
def _keys() -> Iterator[None]:
    """The terminal gives each key at once, unseen, and is as it was afterwards."""
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        yield
    except KeyboardInterrupt:
        pass
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _left() -> bool:
    """Wait a moment for a key; whether it is one that ends it, or there is no terminal any more."""
    ready, _, _ = select.select([sys.stdin], [], [], STEP)
    if not ready:
        return False
    key = sys.stdin.read(1)
    return not key or key in LEAVE
