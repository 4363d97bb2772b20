"""A plan carried out under its safety net: batch by batch, each verified before it is kept, else all taken back."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from trueup.apply.armed import Armed, ArmedUndo, unrolling
from trueup.apply.hold import ApiHold, Hold, floating
from trueup.apply.journal import Journal
from trueup.apply.write import Stop, Writer
from trueup.device import Line, Refused
from trueup.errors import PlanError, RouterError
from trueup.plan.net import Net
from trueup.risk.batches import Batch, actions

RESERVE = 60
"""Seconds before its net acts by itself in which a run no longer writes: its last command may take as long."""

ALONE = 60.0
"""Seconds to wait for a router on which nothing but safe mode acts by itself: that may take TCP nine minutes."""

SLACK = 15.0
"""Seconds that a net is given beyond its time before it counts as failed."""

CLEAN = 15.0
"""Seconds to come back to a router whose connection broke while the way to it should be open."""


@dataclass
class Nets:
    """The parts of one run's net, and how long they wait."""

    net: Net
    batches: Sequence[Batch]
    hold: Hold | None
    guard: Armed | None
    undo: ArmedUndo | None
    script: str
    seconds: int
    username: str


@dataclass
class Carrier:
    """Carries one plan out; never raises for what the router does. Afterwards `told` are notes for the report."""

    line: Line
    writer: Writer
    nets: Nets
    stop: Stop
    journal: Journal
    tick: Callable[[str], None]
    told: list[str] = field(default_factory=list)
    waiting: bool = False
    """Whether the plan is done and its inverse script waits to be confirmed or to run."""
    _kept: bool = False
    """Whether something was written that safe mode has not undone for certain."""

    async def run(self) -> None:
        """Arm the net, write, verify, and keep or take back."""
        try:
            await self._arm()
        except (RouterError, PlanError) as error:
            self.stop.ask(f"the safety net could not be put up, so nothing was written: {error}")
            await self._take_down()
            return
        loop = asyncio.get_running_loop()
        late = loop.call_later(max(self.nets.seconds - RESERVE, 1), self.stop.ask, "the time of the safety net is over")
        if self.nets.net.none:
            late.cancel()
        for number, batch in enumerate(self.nets.batches):
            if self.stop.asked or not await self._batch(number, batch):
                break
        late.cancel()
        if self.stop.asked:
            await self._back()
        else:
            await self._settle()

    async def _arm(self) -> None:
        nets = self.nets
        self.journal.write("arming", batch=0)
        if nets.undo:
            self.tick("arming the inverse script")
            await nets.undo.arm(nets.seconds, nets.script)
        if nets.guard:
            await nets.guard.arm(nets.seconds, unrolling(nets.guard.name))

    async def _batch(self, number: int, batch: Batch) -> bool:
        """One batch, written and verified under safe mode where there is one; whether it was kept."""
        hold = self.nets.hold if batch.held else None
        try:
            self.journal.write("writing", batch=number, holder="")
            if hold:
                await hold.take()
                self.journal.write("writing", holder=getattr(hold, "holder", ""))
                if self.nets.guard and isinstance(hold, ApiHold):
                    await self.nets.guard.note(hold.holder)
        except (RouterError, PlanError) as error:
            self.stop.ask(f"nothing more was written: {error}")
            if hold:
                await self._unroll(hold, batch)
            return False
        self._kept = self._kept or hold is None
        for part in batch.parts:
            if not self.stop.asked:
                await self.writer.write(part)
        if not self.stop.asked:
            await self._verify()
        if hold is None:
            return not self.stop.asked
        if not self.stop.asked and await self._release(hold, batch):
            return True
        await self._unroll(hold, batch)
        return False

    async def _verify(self) -> None:
        """See whether the router still lets us in anew."""
        self.tick("trying a new connection")
        try:
            await self.line.probe()
        except RouterError as error:
            self.stop.ask(f"a new connection failed after the change: {error}")

    async def _release(self, hold: Hold, batch: Batch) -> bool:
        """Keep a batch, if what holds it is still ours; whether it was."""
        try:
            self.journal.write("releasing")
            if not await hold.held():
                self._kept = True
                self.stop.ask(
                    "safe mode had ended before it was released: its guard, another session or a full history"
                )
                return False
            self._kept = True
            await hold.release()
        except (RouterError, PlanError) as error:
            self.stop.ask(f"safe mode could not be released: {error}")
            return False
        return True

    async def _unroll(self, hold: Hold, batch: Batch) -> None:
        """Have the router undo a batch: by our word, or because it lost us; waits until it is over."""
        self.tick("taking back")
        self._void(batch)
        with contextlib.suppress(PlanError):
            self.journal.write("unrolling")
        try:
            await self.line.session.settle()
            await self._end_hold(hold, self._made(batch))
            return
        except RouterError:
            pass
        acts = self.nets.guard or self.nets.undo
        try:
            await self.line.again(self.nets.seconds + SLACK if acts else ALONE)
            await self._end_hold(hold, None if acts else self._made(batch))
        except RouterError as error:
            self._kept = True
            self.told.append(f"safe mode undoes it within nine minutes; whether it has is not known: {error}")

    async def _end_hold(self, hold: Hold, made: int | None) -> None:
        """End the hold where it is still ours, and tell whose edits go with it; one that has ended may have kept."""
        if not await hold.held():
            self._kept = True
        else:
            others = await floating(self.line, self.nets.username, made)
            self.told += [f"undone with it, as safe mode is router-wide: {edit}" for edit in others]
            with contextlib.suppress(Refused):  # the router may have ended it a moment ago
                await hold.unroll()

    def _made(self, batch: Batch) -> int:
        """How many actions are ours at most, the guard's comment among them."""
        changes, attempts, catalogue = self.writer.changes, self.writer.attempts, self.writer.catalogue
        ours = sum(actions(changes[n], catalogue) for n in batch.numbers if attempts[n].sent)
        return ours + (self.nets.guard is not None)

    def _void(self, batch: Batch) -> None:
        for number in batch.numbers:
            self.writer.attempts[number].void = True

    async def _back(self) -> None:
        """Take back what earlier batches have kept, where the net can; then take the net down."""
        undo = self.nets.undo
        if undo is None or not self._kept:
            await self._take_down()
            return
        self.tick("taking back")
        with contextlib.suppress(PlanError):
            self.journal.write("undoing")
        for attempt in self.writer.attempts:
            attempt.void = True
        try:
            await self._fire(undo)
        except RouterError as error:
            self.told.append(f"whether the inverse script has run is not known: {error}")
        if self.nets.guard:
            await self._take_down()

    async def _fire(self, undo: ArmedUndo) -> None:
        """Run the inverse script, or wait until the router does; raises RouterError."""
        try:
            await self.line.session.settle()
            await undo.fire()
        except RouterError:
            await self.line.again(self.nets.seconds + SLACK)
            if await undo.there():
                with contextlib.suppress(Refused):
                    await undo.fire()
        await undo.ended(self.nets.seconds + SLACK)

    async def _settle(self) -> None:
        """All is written and verified: the net is taken down, or left for the operator to confirm."""
        undo, confirm = self.nets.undo, self.nets.net.confirm
        if undo is None or not confirm:
            await self._take_down()
            if undo is not None and undo.fired:
                self.stop.ask("the inverse script ran before it could be taken down")
                for attempt in self.writer.attempts:
                    attempt.void = True
            return
        try:
            self.journal.write("waiting")
            await undo.delay(confirm)
            if self.nets.guard:
                await self.nets.guard.disarm()
            self.waiting = True
        except (RouterError, PlanError) as error:
            self.stop.ask(f"the inverse script could not be left armed: {error}")
            await self._back()

    async def _take_down(self) -> None:
        """Remove our own rows; over a new connection where the old one is lost."""
        rows = [row for row in (self.nets.undo, self.nets.guard) if row]
        if not rows:
            return
        for last in (False, True):
            try:
                for row in rows:
                    await row.disarm()
                return
            except RouterError as error:
                if last:
                    names = " and ".join(row.name for row in rows)
                    self.told.append(f"{names} may still be armed on the router: {error}")
                    return
            with contextlib.suppress(RouterError):
                await self.line.again(CLEAN)
