"""What dialogues changed is taken back: by safe mode where the router has it over the API, and row by row."""

from __future__ import annotations

import time
from collections.abc import Iterable

from contract_line import Spoken

from trueup.errors import Problem, RouterError
from trueup_schemas.catalogue import Catalogue
from trueup_schemas.catalogue.version import release

STEP = 0.2
ROUNDS = 3
"""How often rows are taken back, since one may be in the way of another."""

SETTLED = 15.0
"""Seconds in which a router undoes what was held; about two were measured."""

RUNNING = frozenset({".id", "timeout", "time", "date", "run-count", "last-started", "next-run", "bytes", "packets"})
"""Values that change by themselves."""

Rows = dict[str, dict[str, str]]
"""A menu's rows by their ids, that of a singleton under ""."""


class Undo:
    """The router as it was, menu by menu as dialogues come to them, and the way back to that."""

    def __init__(self, line: Spoken, catalogue: Catalogue, version: str) -> None:
        self.line = line
        self.holds = release(version) >= (7, 18)
        self._catalogue = catalogue
        self._before: dict[str, Rows] = {}

    def remember(self, menus: Iterable[str]) -> None:
        """Note how menus are, those that were not yet noted."""
        for menu in menus:
            if menu not in self._before:
                self._before[menu] = self._rows(menu)

    def take(self) -> bool:
        """Hold safe mode, where the router has it; False where it does not or says no."""
        if not self.holds:
            return False
        return all(sentence[0] != "!trap" for sentence in self.line(["/safe-mode/take", "=on-error=abort"]))

    def unroll(self) -> None:
        """Undo what this session holds in safe mode, if it holds it, and wait until nobody does."""
        if not self.holds:
            return
        if any(row.get("current") == "true" for row in self.line.rows("/safe-mode")):
            self.line(["/safe-mode/unroll"])
        self.settle()

    def settle(self) -> None:
        """Wait until no session holds safe mode, such as one that was lost; raises RouterError where one goes on."""
        end = time.monotonic() + SETTLED
        while held(self.line):
            if time.monotonic() > end:
                remedy = "release it there, look at what floats, and run again"
                raise RouterError(Problem(f"safe mode is still held after {SETTLED:g} s", "router", remedy))
            time.sleep(STEP)

    def restore(self, menus: Iterable[str]) -> tuple[str, ...]:
        """Bring menus back to what was noted; the menus where that did not come about."""
        wrong = [menu for menu in menus if self._differs(menu)]
        for _ in range(ROUNDS):
            if not wrong:
                break
            for menu in reversed(wrong):
                self._mend(menu)
            wrong = [menu for menu in wrong if self._differs(menu)]
        return tuple(wrong)

    def everything(self) -> tuple[str, ...]:
        """Bring back whatever is not as it was when the run first came to it; the menus where that fails."""
        return self.restore(tuple(self._before))

    def _rows(self, menu: str) -> Rows:
        """Its rows less those that the router itself makes, with the values that can be written and do not run."""
        rows = [row for row in self.line.rows(menu) if row.get("dynamic") != "true" or "timeout" in row]
        known = {p.name for p in self._catalogue.menu(menu).writable} if menu in self._catalogue else set().union(*rows)
        names = (known | {"comment", "disabled"}) - RUNNING
        return {row.get(".id", ""): {n: v for n, v in row.items() if n in names} for row in rows}

    def _differs(self, menu: str) -> bool:
        """By the rows' values: a row that an unroll brings back may have another id."""
        return _values(self._rows(menu)) != _values(self._before[menu])

    def _mend(self, menu: str) -> None:
        now, before = self._rows(menu), self._before[menu]
        kept = _values({row_id: row for row_id, row in before.items() if row_id not in now})
        for row_id, row in now.items():
            if row_id not in before and _text(row) not in kept:
                self.line([f"{menu}/remove", f"=.id={row_id}"])
        have = _values(now)
        for row_id, row in before.items():
            if row_id in now:
                self._set(menu, row_id, now[row_id], row)
            elif _text(row) not in have:
                self.line([f"{menu}/add", *(f"={name}={value}" for name, value in row.items())])

    def _set(self, menu: str, row_id: str, now: dict[str, str], before: dict[str, str]) -> None:
        words = [f"={name}={value}" for name, value in before.items() if now.get(name) != value]
        words += [f"=!{name}=" for name in now if name not in before]
        if words:
            self.line([f"{menu}/set", *([f"=.id={row_id}"] if row_id else []), *words])


def held(line: Spoken) -> bool:
    """Whether any session holds safe mode."""
    return any(row.get("enabled") == "true" for row in line.rows("/safe-mode"))


def _text(row: dict[str, str]) -> str:
    return repr(sorted(row.items()))


def _values(rows: Rows) -> list[str]:
    return sorted(map(_text, rows.values()))
