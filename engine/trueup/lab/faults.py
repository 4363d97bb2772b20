"""Faults to order: what goes wrong with which command, and how often."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

FaultKind = Literal["drop", "vanish", "trap", "stall", "lost", "garbage", "torn", "reboot"]

DEFAULT = "failure: refused by the lab"


@dataclass(slots=True)
class Fault:
    """One thing that will go wrong.

    `drop` closes the connection (FIN), `vanish` goes silent for ever without closing it, `trap` refuses with
    `message`, `stall` holds the command for `seconds`, `lost` never answers, `garbage` answers with bytes that are
    no sentence, `torn` carries the command out and closes the connection within its reply, `reboot` restarts the
    router. `match` is the command or the menu it begins with, "" any; the first `skip` matching commands
    pass, the next `times` are hit. `executed` says whether the command takes effect all the same.
    """

    kind: FaultKind
    match: str = ""
    skip: int = 0
    times: int = 1
    executed: bool = False
    message: str = DEFAULT
    seconds: float = 3600.0

    def strikes(self, command: str) -> bool:
        """Whether this command is hit; counts it."""
        if not command.startswith(self.match) or self.times <= 0:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.times -= 1
        return True


class Faults:
    """The faults of one router; safe to change from any thread while it serves."""

    def __init__(self) -> None:
        self._all: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, kind: FaultKind, match: str = "", **options: Any) -> Fault:
        """Order one fault; the options are Fault's fields."""
        fault = Fault(kind, match, **options)
        with self._lock:
            self._all.append(fault)
        return fault

    def order(self, written: Mapping[str, str]) -> Fault:
        """Order one fault that a file describes, every value still text; raises ValueError."""
        options: dict[str, Any] = {"match": written.get("match", ""), "message": written.get("message", DEFAULT)}
        options |= {name: int(written[name]) for name in ("skip", "times") if name in written}
        if "seconds" in written:
            options["seconds"] = float(written["seconds"])
        options["executed"] = written.get("executed") in ("yes", "true")
        kind = written.get("kind", "")
        if kind not in get_args(FaultKind):
            raise ValueError(f"no fault is called {kind!r}; known are {', '.join(get_args(FaultKind))}")
        return self.add(cast(FaultKind, kind), **options)

    def waiting(self) -> int:
        """How many commands are still to be hit."""
        with self._lock:
            return sum(fault.times for fault in self._all)

    def clear(self) -> None:
        """From here on nothing goes wrong."""
        with self._lock:
            self._all.clear()

    def strike(self, sentence: Sequence[str]) -> Fault | None:
        """The fault that hits this command, if one does."""
        command = sentence[0]
        with self._lock:
            return next((fault for fault in self._all if fault.strikes(command)), None)
