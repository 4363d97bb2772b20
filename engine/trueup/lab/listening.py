"""`listen`: the rows of a menu that changed since its caller was told last; it never ends by itself."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from trueup.lab.call import Call, Reply
from trueup.lab.commands.show import sentence, visible
from trueup.lab.query import matches
from trueup.lab.trap import unknown_parameter
from trueup.lab.views import viewed

LISTEN = "listen"
KINDS = "/interface"
"""Interfaces of all kinds, under one set of names: what is said of their removal depends on who listens where."""

DEAD_UNTIL = (7,)
"""`.dead` is `yes` in MikroTik's documentation, which shows RouterOS 3; 7.23.1 and 7.24.1 were seen to say `true`."""


class Listening:
    """One running `listen`; raises Trap where the menu has none.

    Each row that is new or has changed is told whole, one that is gone by its `.id` and `.dead`; a row that only stands
    elsewhere is not told. The query words see what is told.
    """

    def __init__(self, call: Call) -> None:
        for name in call.arguments:
            if name != ".proplist":
                raise unknown_parameter(name)
        if call.menu.single:
            raise unknown_parameter("follow-only")
        self._call = call
        self._wanted = [name for name in call.arguments.get(".proplist", "").split(",") if name]
        self._told = self._rows()

    def news(self) -> Reply:
        """What happened since the last time, a sentence for each row; what came and went between is not told."""
        with self._call.machine.lock:
            before, self._told = self._told, self._rows()
        fresh = [row for id, row in self._told.items() if before.get(id) != row]
        gone = [self._dead(id) for id, row in before.items() if id not in self._told and self._tells_end(row)]
        return [sentence(row, self._wanted) for row in (*gone, *fresh) if matches(self._call.query, row)]

    @contextlib.contextmanager
    def watching(self, wake: Callable[[], None]) -> Iterator[None]:
        """Have `wake` called whenever there may be news: from any thread, under the machine's lock."""
        machine = self._call.machine
        with machine.lock:
            machine.watchers.append(wake)
        try:
            yield
        finally:
            with machine.lock:
                machine.watchers.remove(wake)

    def _rows(self) -> dict[str, dict[str, str]]:
        return {row.id: visible(self._call, row) for row in viewed(self._call)}

    def _dead(self, id: str) -> dict[str, str]:
        return {".id": id, ".dead": "yes" if self._call.machine.version < DEAD_UNTIL else "true"}

    def _tells_end(self, row: dict[str, str]) -> bool:
        """Removed interfaces are told in `/interface` alone, and there no dynamic ones (an operator's tests, 2019)."""
        menu = self._call.menu
        if menu.path == KINDS:
            return row.get("dynamic") != "true"
        return menu.behaviour.namespace != KINDS
