"""Rows of the router's scheduler that act by themselves when we no longer can."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from trueup.device import Line, Refused, Session
from trueup.device.words import Hidden
from trueup.errors import Problem, RouterError
from trueup.plan.net import GUARD, UNDO

SCHEDULER, SCRIPT, JOB = "/system/scheduler", "/system/script", "/system/script/job"

SCHEDULED_WITHIN = 2.0
"""Seconds between a script's coming and its scheduler row's; it is two sentences."""

STEP = 0.5
"""Seconds between two looks whether a script still runs."""

HEAD = 3
"""The first lines of an inverse script, which take it away and name its plan."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""RouterOS writes dates as jan/31/2026 up to 7.9, and as 2026-01-31 from 7.10 on."""


class Armed:
    """A scheduler row that runs once, after a while, unless it is taken away before; it removes itself first.

    It has an explicit start, since some releases never fire one that is left to its default, and an interval, since
    a clock that jumps after boot passes a single start by. Nothing is armed that was not read back with its next run.
    """

    def __init__(self, line: Line, name: str, policy: str) -> None:
        self._line, self.name, self._policy = line, name, policy
        self._armed = self._removing = False
        self.fired = False
        """Whether it was found gone although nobody here took it away: it has run."""
        self._others: set[str] = set()
        """Menus whose row of this name is another run's, which carries out the same plan."""

    async def arm(self, seconds: int, event: str) -> None:
        """Add the row, to run its event in so many seconds; raises RouterError, and then nothing is armed."""
        session = self._line.session
        start = await _start(session, seconds)
        try:
            await self._add(SCHEDULER, f"=interval={seconds}s", *start, f"=policy={self._policy}", f"=on-event={event}")
            await self.check()
        except RouterError:
            await self.disarm()
            raise
        self._armed = True

    async def delay(self, seconds: int) -> None:
        """Have it run in so many seconds from now; raises RouterError."""
        session = self._line.session
        start = await _start(session, seconds)
        await session.talk([f"{SCHEDULER}/set", await self._row(), f"=interval={seconds}s", *start])
        await self.check()

    async def note(self, comment: str) -> None:
        """Write a comment on the row; raises RouterError."""
        await self._line.session.talk([f"{SCHEDULER}/set", await self._row(), f"=comment={comment}"])

    async def _row(self) -> str:
        """The word that names the row; raises RouterError where it is gone."""
        ids = await find(self._line.session, SCHEDULER, self.name)
        if not ids:
            raise RouterError(Problem(f"{self.name} is no longer there", self._line.session.where, "it has run"))
        return f"=.id={','.join(ids)}"

    async def check(self) -> None:
        """Raises RouterError where the row would never run."""
        session = self._line.session
        words = [f"{SCHEDULER}/print", "=.proplist=name,next-run,disabled", f"?name={self.name}"]
        rows = (await session.talk(words)).rows
        if not any(row.get("next-run") and row.get("disabled") != "true" for row in rows):
            raise RouterError(Problem("the scheduler shows no next run", session.where, "look at its clock and log"))

    async def there(self) -> bool:
        """Whether the row is still waiting; raises RouterError."""
        return bool(await find(self._line.session, SCHEDULER, self.name))

    async def disarm(self) -> None:
        """Take the row away where it is there and ours; raises RouterError."""
        session = self._line.session
        ids = [] if SCHEDULER in self._others else await find(session, SCHEDULER, self.name)
        if not ids:
            self.fired = self._armed and not self._removing
            return
        self._removing = True
        await session.talk([f"{SCHEDULER}/remove", f"=.id={','.join(ids)}"])

    async def _add(self, menu: str, *words: str | Hidden) -> None:
        """Add our row; where one of its name is there already, that is not ours. Other refusals prove nothing."""
        try:
            await self._line.session.talk([f"{menu}/add", f"=name={self.name}", *words])
        except Refused as error:
            if any("already" in trap.message for trap in error.traps):
                self._others.add(menu)
            raise


class ArmedUndo(Armed):
    """The script that takes one plan back, in the script repository, and the scheduler row that runs it."""

    def __init__(self, line: Line, mark: str, policy: str) -> None:
        super().__init__(line, f"{UNDO}-{mark}", policy)

    async def arm(self, seconds: int, event: str) -> None:
        """Keep the script, here given as `event`, and schedule it."""
        session = self._line.session
        words = (f"=policy={self._policy}", Hidden(f"=source={event}"))
        try:
            try:
                await self._add(SCRIPT, *words)
            except Refused:
                if not await self._left_over(event):
                    raise
                await self._add(SCRIPT, *words)
            if await self._source() != _lines(event):
                raise RouterError(Problem("the inverse script reads back differently", session.where))
        except RouterError:
            await self.disarm()
            raise
        await super().arm(seconds, self.name)

    async def _source(self) -> list[str]:
        """The lines of the script of our name, none where there is none."""
        words = [f"{SCRIPT}/print", "=.proplist=source", f"?name={self.name}"]
        rows = (await self._line.session.talk(words)).rows
        return _lines(rows[0].get("source", "")) if rows else []

    async def _left_over(self, event: str) -> bool:
        """Take away a script of this very plan where nothing will run it: its run was killed before it was scheduled.

        Another machine that carries out the same plan schedules its own at once, so a second look finds that.
        """
        session = self._line.session
        for pause in (0, SCHEDULED_WITHIN):
            await asyncio.sleep(pause)
            # Further on it tells the uptime at which its run began.
            if await find(session, SCHEDULER, self.name) or (await self._source())[:HEAD] != _lines(event)[:HEAD]:
                return False
        await remove(session, SCRIPT, self.name)
        self._others.discard(SCRIPT)
        return True

    async def fire(self) -> None:
        """Run the script now; raises RouterError."""
        session = self._line.session
        ids = await find(session, SCRIPT, self.name)
        if ids:
            await session.talk([f"{SCRIPT}/run", f"=.id={ids[0]}"])

    async def ended(self, patience: float) -> None:
        """Wait until it has run; raises RouterError where it is still there after so many seconds."""
        waited = 0.0
        while await self.there():
            if waited > patience:
                text = f"{self.name} is still there long after its time"
                raise RouterError(Problem(text, self._line.session.where, "look at the router's log"))
            await asyncio.sleep(STEP)
            waited += STEP

    async def there(self) -> bool:
        """Whether it is still waiting, or running."""
        session = self._line.session
        if await find(session, SCHEDULER, self.name) or await find(session, SCRIPT, self.name):
            return True
        reply = await session.talk([f"{JOB}/print", "=.proplist=script", f"?script={self.name}"])
        return bool(reply.rows)

    async def disarm(self) -> None:
        await super().disarm()
        if SCRIPT not in self._others:
            await remove(self._line.session, SCRIPT, self.name)


def guard(line: Line, mark: str) -> Armed:
    """The row that ends a hold of ours whose path was cut."""
    return Armed(line, f"{GUARD}-{mark}", "read,write")


def unrolling(name: str) -> str:
    """The guard's event: unroll where the hold that the row's comment tells is still there, then remove the row.

    The removal comes second: before the unroll it would float, and be undone.
    """
    row = f'[/system scheduler find name="{name}"]'
    now = '([/safe-mode get user] . " " . [/safe-mode get owner])'
    return (
        f':local held ""; :do {{ :set held [/system scheduler get {row} comment] }} on-error={{}}; '
        f':if (($held != "") && ([/safe-mode get enabled] = true) && ({now} = $held)) '
        f"do={{ :do {{ /safe-mode unroll }} on-error={{}} }}; "
        f"/system scheduler remove {row}"
    )


async def find(session: Session, menu: str, name: str) -> list[str]:
    """The ids of the rows of that name."""
    rows = (await session.talk([f"{menu}/print", "=.proplist=.id,name", f"?name={name}"])).rows
    return [row[".id"] for row in rows if ".id" in row]


async def remove(session: Session, menu: str, name: str) -> None:
    """Remove the rows of that name where they are there."""
    ids = await find(session, menu, name)
    if ids:
        await session.talk([f"{menu}/remove", f"=.id={','.join(ids)}"])


async def _start(session: Session, seconds: int) -> tuple[str, str]:
    """The start that is so many seconds ahead on the router's own clock, in the router's own form."""
    rows = (await session.talk(["/system/clock/print", "=.proplist=date,time"])).rows
    said = rows[0] if rows else {}
    date, dashed = said.get("date", ""), "-" in said.get("date", "")
    try:
        if not dashed:
            month, day, year = date.split("/")
            date = f"{year}-{MONTHS.index(month.lower()) + 1:02}-{day}"
        when = datetime.fromisoformat(f"{date} {said.get('time', '')}") + timedelta(seconds=seconds)
    except ValueError:
        raise RouterError(Problem("its clock cannot be read", session.where, "set /system/clock")) from None
    written = f"{when:%Y-%m-%d}" if dashed else f"{MONTHS[when.month - 1]}/{when:%d/%Y}"
    return f"=start-date={written}", f"=start-time={when:%H:%M:%S}"


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").rstrip("\n").split("\n")
