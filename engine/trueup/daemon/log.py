"""What happens, on standard error: a line of JSON for each event, or words where a person looks at a terminal."""

from __future__ import annotations

import json
import logging
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import TextIO

from trueup.daemon.events import Bus, Event

LEVELS = ("debug", "info", "warning", "error")

UNTOLD = "status"
"""The kind of events that tell the page to draw itself anew; they come with every look at every router."""

STEPS = "doing"
"""The kind of events that tell each step of a turn, which are for the page, and for whoever debugs."""

SPEAKING = ("uvicorn", "asyncio", "trueup")
"""Whose messages hold no secret and may be repeated; of other libraries only the name is told."""


class EventLog:
    """Writes each event of a bus as one line; never raises, so that a full disk stops no run."""

    def __init__(self, stream: TextIO | None = None, *, words: bool | None = None, least: str = "info") -> None:
        """`words` is whether people read it (None: where `stream` is a terminal); events below `least` are left out."""
        self._stream = stream or sys.stderr
        self._words = self._stream.isatty() if words is None else words
        self._least = LEVELS.index(least)

    def listen(self, bus: Bus) -> None:
        """Write every event from now on."""
        bus.listen(self.heard)

    def heard(self, event: Event) -> None:
        level = "debug" if event.kind == STEPS else event.level if event.level in LEVELS else "info"
        if event.kind == UNTOLD or LEVELS.index(level) < self._least:
            return
        when = event.when or datetime.now(UTC)
        parts = {"event": event.kind, "router": event.router, "run": event.run, "commit": event.commit}
        parts["detail"] = event.detail
        self.write(when, level, {name: text for name, text in parts.items() if text}, event.text)

    def write(self, when: datetime, level: str, parts: dict[str, str], text: str) -> None:
        """One line: the time, the level, the parts that are known, what happened."""
        if self._words:
            about = " ".join(filter(None, (parts.get("router"), parts.get("event"))))
            run = f" (run {parts['run']})" if "run" in parts else ""
            line = _printable(f"{when.astimezone():%H:%M:%S} {level:<7} {about}: {text}{run}")
            line += "".join(f"\n    {_printable(each)}" for each in parts.get("detail", "").splitlines())
        else:
            told = {"time": when.isoformat(timespec="milliseconds"), "level": level, **parts, "text": text}
            line = json.dumps(told, ensure_ascii=True)
        with suppress(OSError, ValueError):  # the other end is gone, or the disk is full
            self._stream.write(f"{line}\n")
            self._stream.flush()


class Libraries(logging.Handler):
    """Warnings of the libraries that are used, as lines of the same log."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        text = "said something"
        if record.name.partition(".")[0] in SPEAKING:
            with suppress(TypeError, ValueError):  # its words and their places do not fit
                text = " ".join(record.getMessage().split())
        if record.exc_info and record.exc_info[0]:
            text = f"{text} ({record.exc_info[0].__name__})"
        level = "error" if record.levelno >= logging.ERROR else "warning"
        when = datetime.fromtimestamp(record.created, UTC)
        self._log.write(when, level, {"event": "library", "library": record.name}, text)


def take_over(log: EventLog) -> None:
    """Have whatever libraries log go into `log`, and nowhere else."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(Libraries(log))


def _printable(text: str) -> str:
    """Text that moves no cursor of a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
