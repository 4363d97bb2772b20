"""The writing: part by part, pipelined within a part, stopping at the first error."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trueup.device import WINDOW, Line, Lost, Refused, sentences
from trueup.errors import TrueupError
from trueup.plan import Add, Change, Created, Move, Plan, Target
from trueup.row import Resolver
from trueup_schemas.catalogue import Catalogue


class Stop:
    """Asks a run to end at the next safe point: commands in flight are waited for, no further one is sent.

    One router's stop hears the whole run's, `above`; what one router does stops no other.
    """

    def __init__(self, above: Stop | None = None) -> None:
        self._reason, self._above = "", above

    def ask(self, reason: str) -> None:
        self._reason = self._reason or reason

    @property
    def reason(self) -> str:
        return self._reason or (self._above.reason if self._above else "")

    @property
    def asked(self) -> bool:
        return bool(self.reason)


@dataclass
class Attempt:
    """What the router answered to one change: sent or not, confirmed or not, its words of refusal, a new row's id.

    `void`: a net has gone into action since, so that only reading back tells what is.
    """

    sent: bool = False
    confirmed: bool = False
    error: str = ""
    id: str = ""
    void: bool = False


class Writer:
    """Carries out a plan's changes; `attempts` has one for every change, in the plan's order.

    Never raises for what the router does: it stops, and `stop.reason` says why. `tick` is called after each change.
    """

    def __init__(
        self,
        line: Line,
        plan: Plan,
        catalogue: Catalogue,
        resolve: Resolver,
        stop: Stop,
        tick: Callable[[], None],
    ) -> None:
        self.line, self.changes, self.catalogue, self.resolve = line, plan.changes, catalogue, resolve
        self.stop, self.tick = stop, tick
        self.attempts = [Attempt() for _ in plan.changes]
        self.places = asyncio.Semaphore(WINDOW)

    async def write(self, part: Sequence[int]) -> None:
        """Make changes of one stage; adds and moves of one ordered menu wait for each other, the rest do not."""
        lanes: dict[str, list[tuple[int, Change]]] = {}
        for number in part:
            change = self.changes[number]
            ordered = isinstance(change, Add | Move) and self.catalogue.menu(change.menu).ordered
            lanes.setdefault(change.menu if ordered else str(number), []).append((number, change))
        await asyncio.gather(*(self.lane(lane) for lane in lanes.values()))

    async def lane(self, changes: Sequence[tuple[int, Change]]) -> None:
        for number, change in changes:
            async with self.places:  # as many as go out at once, so that a stop finds no others waiting to be sent
                if self.stop.asked:
                    return
                await self.change(self.attempts[number], change)

    async def change(self, attempt: Attempt, change: Change) -> None:
        try:
            for words in sentences(change, self.catalogue.menu(change.menu), self.id, self.resolve):
                await self.command(attempt, words, adds=isinstance(change, Add))
            attempt.confirmed = True
        except Refused as error:
            attempt.error = "; ".join(trap.message for trap in error.traps)
            self.stop.ask(f"the router refused a change: {attempt.error}")
        except TrueupError as error:
            attempt.error = str(error)
            self.stop.ask(str(error))
        self.tick()

    async def command(self, attempt: Attempt, words: Sequence[str], *, adds: bool) -> None:
        try:
            reply = await self.line.session.talk(words)
        except Lost as error:
            attempt.sent = attempt.sent or error.sent
            raise
        except Refused:
            attempt.sent = True
            raise
        attempt.sent = True
        attempt.id = reply.ret if adds else ""

    def id(self, target: Target) -> str:
        return self.attempts[target.n].id if isinstance(target, Created) else target.id
