"""Who is logged in, and what the router's log says of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from trueup.lab.table import Row

KEPT = 1000
"""Messages that the memory keeps: `memory-lines` of /system/logging/action out of the box."""

ACCOUNT, CRITICAL = "system,info,account", "system,error,critical"


class Presence:
    """The log in memory and the users who are there; both begin anew with each start."""

    def __init__(self, echo: Callable[[str, str, str], None] = lambda *_: None) -> None:
        self._echo = echo
        self.log: deque[Row] = deque(maxlen=KEPT)
        self._active: dict[int, Mapping[str, str]] = {}
        self._told = 0
        self._numbers = 0

    def tell(self, when: str, topics: str, message: str) -> None:
        """Write a line into the log."""
        self._told += 1
        self._echo(when, topics, message)
        self.log.append(Row(f"*{self._told:X}", {"time": when, "topics": topics, "message": message}))

    def enter(self, when: str, name: str, group: str, address: str, via: str = "api") -> int:
        """Someone has logged in; the number is for `leave`."""
        self._numbers += 1
        about = {"when": when, "name": name, "address": address, "via": via, "group": group, "radius": "false"}
        self._active[self._numbers] = about
        self.tell(when, ACCOUNT, f"user {name} logged in from {address} via {via}")
        return self._numbers

    def refuse(self, when: str, name: str, address: str, via: str = "api") -> None:
        """Someone could not log in."""
        self.tell(when, CRITICAL, f"login failure for user {name} from {address} via {via}")

    def leave(self, when: str, number: int) -> None:
        """A login has ended."""
        about = self._active.pop(number)
        self.tell(when, ACCOUNT, f"user {about['name']} logged out from {about['address']} via {about['via']}")

    def active(self) -> list[Row]:
        """The rows of /user/active."""
        return [Row(f"*{number:X}", dict(about)) for number, about in self._active.items()]
