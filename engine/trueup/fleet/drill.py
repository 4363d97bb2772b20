"""Every net of one router fired with a harmless change: what holds there is seen, not believed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from trueup.apply import ApiHold, ArmedUndo, ConsoleHold, Hold, guard
from trueup.apply.armed import unrolling
from trueup.device import Line, Refused, connect, read
from trueup.errors import Problem, RouterError
from trueup.fleet.reach import console_of, target_of
from trueup.inverse import undo
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.plan import Add, Plan
from trueup.plan.net import UNDO
from trueup.risk.net import SAFE_MODE_SINCE
from trueup.row import Facts, Resolver
from trueup_schemas.catalogue import Catalogue
from trueup_schemas.catalogue.version import release

MENU, LIST, ADDRESS = "/ip/firewall/address-list", "trueup-drill", "192.0.2.1"
"""The harmless change: an entry that no rule names, of an address that is nobody's (RFC 5737)."""

MARK = "drill"
ARMED, PATIENCE, STEP = 5, 60.0, 0.2
"""Seconds: until what was armed runs, to wait for an undoing, and between two looks."""


class Failed(Exception):
    """A net did not do what it is for."""


@dataclass(frozen=True, slots=True)
class Drilled:
    """One net: whether it works here, how many seconds it took, and what else there is to say."""

    name: str
    works: bool
    seconds: float = 0.0
    note: str = ""


@dataclass
class Drill:
    """Drills one router over one connection, and others for what must be lost."""

    network: Network
    router: Router
    resolve: Resolver
    say: Callable[[str], None]

    def __post_init__(self) -> None:
        self._line = Line(self._connect, self.router.name)
        self.facts: Facts
        self._catalogue: Catalogue

    def _connect(self) -> Any:
        return connect(target_of(self.router, self.network.root, self.resolve))

    def _hold(self, line: Line) -> ApiHold:
        return ApiHold(line, self.router.connect.username if self.router.connect else "")

    async def run(self) -> list[Drilled]:
        """Fire every net that this router can have; raises RouterError where it cannot be reached at all."""
        await self._line.open()
        try:
            self.facts = (await read(self._line.session, ())).facts
            self._catalogue = self.network.catalogue(self.router, self.facts.version)
            return [await self._one(name, work) for name, work in self._nets()]
        finally:
            with suppress(RouterError):
                await self._clean()
            await self._line.close()

    def _nets(self) -> list[tuple[str, Callable[[], Awaitable[str]]]]:
        nets: list[tuple[str, Callable[[], Awaitable[str]]]] = [("inverse script", self._inverse)]
        if release(self.facts.version) >= SAFE_MODE_SINCE:
            nets += [
                ("safe mode released", lambda: self._released(self._hold(self._line))),
                ("safe mode unrolled", lambda: self._unrolled(self._hold(self._line))),
                ("safe mode lost with its connection", self._lost),
                ("unroll from the scheduler", self._guarded),
                ("several ids in one command", self._counted),
            ]
        console = console_of(self.router, self._line.session.host, self.resolve)
        if console is not None:
            nets += [
                ("release over SSH", lambda: self._released(ConsoleHold(console))),
                ("safe mode over SSH", lambda: self._unrolled(ConsoleHold(console))),
            ]
        return nets

    async def _one(self, name: str, work: Callable[[], Awaitable[str]]) -> Drilled:
        self.say(name)
        await self._clean()
        began = time.monotonic()
        try:
            note = await work()
        except (RouterError, Failed) as error:
            return Drilled(name, False, time.monotonic() - began, str(error))
        return Drilled(name, True, time.monotonic() - began, note)

    async def _released(self, hold: Hold) -> str:
        async with _undone(hold):
            await hold.take()
            await self._add()
            await hold.release()
        if not await self._there():
            raise Failed("the change is gone although safe mode was released")
        return ""

    async def _unrolled(self, hold: Hold) -> str:
        async with _undone(hold):
            await hold.take()
            await self._add()
            if not await hold.held():
                raise Failed("safe mode was not held until it was unrolled")
            await hold.unroll()
        await self._until_gone()
        return ""

    async def _lost(self) -> str:
        line = Line(self._connect, self.router.name)
        await line.open()
        try:
            await self._hold(line).take()
            await self._add(line)
        finally:
            await line.close()
        await self._until_gone()
        return "over a connection that was closed; one that is cut takes up to nine minutes"

    async def _guarded(self) -> str:
        hold, armed = self._hold(self._line), guard(self._line, MARK)
        await armed.arm(ARMED, unrolling(armed.name))
        await hold.take()
        await armed.note(hold.holder)
        await self._add()
        await self._until_gone()
        await self._until(lambda: _not(armed.there()), "the guard is still there")
        return f"armed for {ARMED} s"

    async def _inverse(self) -> str:
        live = await read(self._line.session, [self._catalogue.menu(MENU)])
        values = {"list": LIST, "address": ADDRESS}
        plan = Plan(
            self.router.name,
            live.facts.host,
            live.facts.version,
            live.facts.serial,
            "",
            ((Add(MENU, values, values),),),
        )
        armed = ArmedUndo(self._line, MARK, "read,write")
        await armed.arm(ARMED, undo(plan, live, self._catalogue, f"{UNDO}-{MARK}").script)
        await self._add()
        await self._until_gone()
        await self._until(lambda: _not(armed.there()), "the script is still there")
        return f"armed for {ARMED} s"

    async def _counted(self) -> str:
        hold = self._hold(self._line)
        await hold.take()
        ids = [await self._add(address=f"192.0.2.{number}") for number in (1, 2, 3)]
        before = await self._floating()
        await self._line.session.talk([f"{MENU}/set", f"=.id={','.join(ids)}", "=comment=trueup drill"])
        count = await self._floating() - before
        await hold.unroll()
        await self._until_gone()
        return f"three rows in one command count as {count} of the history's actions"

    async def _floating(self) -> int:
        rows = (await self._line.session.talk(["/system/history/print", "=.proplist=floating-undo"])).rows
        return sum(row.get("floating-undo") == "true" for row in rows)

    async def _add(self, line: Line | None = None, address: str = ADDRESS) -> str:
        session = (line or self._line).session
        return (await session.talk([f"{MENU}/add", f"=list={LIST}", f"=address={address}"])).ret

    async def _there(self) -> bool:
        return bool(await self._rows())

    async def _rows(self) -> list[str]:
        words = [f"{MENU}/print", "=.proplist=.id", f"?list={LIST}"]
        return [row[".id"] for row in (await self._line.session.talk(words)).rows]

    async def _until_gone(self) -> None:
        await self._until(lambda: _not(self._there()), "the change is still there")

    async def _until(self, holds: Callable[[], Awaitable[bool]], otherwise: str) -> None:
        end = time.monotonic() + PATIENCE
        while not await holds():
            if time.monotonic() > end:
                raise Failed(f"{otherwise} after {PATIENCE:g} s")
            await asyncio.sleep(STEP)

    async def _clean(self) -> None:
        """End a hold of ours and remove what a net has left; the drill before this one may have failed."""
        session = self._line.session
        if release(self.facts.version) >= SAFE_MODE_SINCE:
            rows = (await session.talk(["/safe-mode/print", "=.proplist=enabled,current"])).rows
            if rows and rows[0].get("enabled") == "true":
                if rows[0].get("current") != "true":
                    raise RouterError(Problem("safe mode is held by another session", session.where, "drill later"))
                await session.talk(["/safe-mode/unroll"])
        with suppress(Refused):
            await guard(self._line, MARK).disarm()
            await ArmedUndo(self._line, MARK, "").disarm()
        if ids := await self._rows():
            await session.talk([f"{MENU}/remove", f"=.id={','.join(ids)}"])


@asynccontextmanager
async def _undone(hold: Hold) -> AsyncIterator[None]:
    """A hold that does not outlive what goes wrong meanwhile."""
    try:
        yield
    except BaseException:
        with suppress(RouterError):
            await hold.unroll()
        raise


async def _not(found: Awaitable[bool]) -> bool:
    return not await found


def drill_document(facts: Facts, results: list[Drilled]) -> dict[str, Any]:
    """A drill's result as it is kept: of which version on which box, when, and each net."""
    nets = [{"net": r.name, "works": r.works, "seconds": round(r.seconds, 2), "note": r.note} for r in results]
    at = facts.read_at.isoformat(timespec="seconds")
    return {"format-version": "1.0", "version": facts.version, "serial": facts.serial, "at": at, "nets": nets}


def seen(document: dict[str, Any] | None, facts: Facts) -> frozenset[str]:
    """The nets that a drill has seen work on this box with this version; nothing where either has changed."""
    if document is None or (document.get("version"), document.get("serial")) != (facts.version, facts.serial):
        return frozenset()
    return frozenset(each["net"] for each in document.get("nets", ()) if each.get("works"))
