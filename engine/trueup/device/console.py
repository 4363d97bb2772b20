"""Safe mode at the console, over SSH: for releases that have no `/safe-mode` in their API.

The hold is the console's: it lasts as long as that session, while changes go over the API.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from trueup.device.console_words import Standing, said, standing
from trueup.device.target import ConsoleTarget
from trueup.errors import Problem, RouterError

if TYPE_CHECKING:
    from trueup.device.console_line import Line

ENTER, CTRL_D, CTRL_X = "\r", "\x04", "\x18"
QUIET = 1.0
"""Seconds without a word after which an outer prompt counts as the whole answer."""

STEPS = 4
"""Answers that one request may wait for, each within the target's timeout."""

Result = TypeVar("Result")


@contextlib.asynccontextmanager
async def open_console(target: ConsoleTarget) -> AsyncIterator[Console]:
    """A logged-in console whose host key is the pinned one; closed at the end, raises RouterError.

    Closing keeps nothing: what is still held is undone by the router.
    """
    console = Console(target)
    try:
        await console.open()
        yield console
    finally:
        await console.close()


class Console:
    """One router's console; every wait is bounded, and one request runs at a time, in a thread of its own."""

    def __init__(self, target: ConsoleTarget) -> None:
        self.where = f"{target.name} ({target.host}:{target.port})"
        self._target = target
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"console-{target.name}")
        self._line: Line | None = None
        self._given_up = False

    async def open(self) -> None:
        """Reach it; raises RouterError."""

        def dial() -> None:
            from trueup.device.console_line import dial  # netmiko is loaded with the first console

            self._line = dial(self._target, self.where)
            if self._given_up:
                self._line.kill()

        await self._run(dial)

    async def take(self) -> None:
        """Hold safe mode; raises RouterError, above all where another session holds it: that is left alone."""
        await self._run(self._take)

    async def release(self) -> None:
        """Hold it no more, and keep what was changed; raises RouterError where it was not held to the end."""
        await self._run(self._release)

    async def unroll(self) -> None:
        """Undo what anyone changed since `take`; the router ends this session with it. Raises RouterError.

        Where the line breaks at that very moment the router needs some seconds to undo, so read it back.
        """
        await self._run(self._unroll)

    async def held(self) -> bool:
        """Whether this console answers and holds safe mode; False also where the line is lost."""
        try:
            return await self._run(self._standing) == "safe"
        except RouterError:
            return False

    async def close(self) -> None:
        """Hang up; safe at any time. A question is answered first: one left open has stopped consoles of 6.49."""
        with contextlib.suppress(RouterError):
            if self._line is not None and not self._line.dead:
                await self._run(self._standing)
        self._hang_up()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self, step: Callable[[], Result]) -> Result:
        """Do something in the thread; given up, the line is closed, so that the thread ends too."""
        limit = self._target.timeout * STEPS + QUIET
        try:
            async with asyncio.timeout(limit):
                return await asyncio.get_running_loop().run_in_executor(self._thread, step)
        except TimeoutError:
            self._hang_up()
            raise RouterError(Problem(f"the console did not answer within {limit:g} s", self.where)) from None
        except asyncio.CancelledError:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        self._given_up = True
        if self._line is not None:
            self._line.kill()

    @property
    def _open(self) -> Line:
        if self._line is None or self._line.dead:
            raise RouterError(Problem("the console is closed", self.where))
        return self._line

    def _answer(self, keys: str, enough: Callable[[str], bool], quiet: float | None = None) -> str:
        """What the console shows after some keys; what it had shown before is dropped."""
        line = self._open
        line.read(lambda _: True, 0)
        line.send(keys)
        return line.read(enough, self._target.timeout, quiet)

    def _standing(self) -> Standing:
        """Where the console stands; a question of ours that is still open is declined by asking."""
        screen = self._answer(ENTER, lambda screen: standing(screen) in ("safe", "plain"))
        found = standing(screen)
        if found not in ("safe", "plain"):
            remedy = "look at the router's console by hand"
            raise RouterError(Problem(f"the console shows no prompt: {said(screen) or 'nothing'}", self.where, remedy))
        return found

    def _take(self) -> None:
        if self._standing() == "safe":
            return
        screen = self._answer(CTRL_X, lambda screen: standing(screen) in ("safe", "asked"), QUIET)
        found = standing(screen)
        if found == "asked":
            self._answer(ENTER, lambda screen: standing(screen) == "plain")
            remedy = "wait until it is over, or release it there; it is not taken over"
            reason = f"another session holds safe mode: {said(screen)}"
            raise RouterError(Problem(reason, self.where, remedy))
        if found != "safe":
            remedy = "the user needs the policy `write`"
            raise RouterError(Problem(f"safe mode was not taken: {said(screen) or 'no answer'}", self.where, remedy))

    def _release(self) -> None:
        self._must_hold()
        screen = self._answer(CTRL_X, lambda screen: "elease" in said(screen) and standing(screen) == "plain")
        if standing(screen) != "plain":
            reason = f"whether safe mode was released is not known: {said(screen) or 'no answer'}"
            raise RouterError(Problem(reason, self.where, "read the router back"))

    def _unroll(self) -> None:
        self._must_hold()
        self._open.send(CTRL_D)
        if not self._open_until_end():
            reason = f"the router did not end the session within {self._target.timeout:g} s, so it was hung up"
            remedy = "what was held is undone in moments, after nine minutes where the path is cut; read it back"
            raise RouterError(Problem(reason, self.where, remedy))

    def _open_until_end(self) -> bool:
        line = self._line
        ended = line is None or line.wait_for_end(self._target.timeout)
        self._hang_up()
        return ended

    def _must_hold(self) -> None:
        """Refuse where safe mode is held no more: too many changes end it without a word, others may take it over."""
        if self._standing() != "safe":
            reason = "safe mode is no longer held by this console, and what was changed is kept or was undone by others"
            raise RouterError(Problem(reason, self.where, "read the router back"))
