"""Many commands at once over one connection, each under a tag of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from trueup.device.faults import Lost, Refused, TimedOut, Trap
from trueup.device.words import Answer, Decoder, Garbled, encode_sentence, parse

WINDOW = 8
"""Commands in flight: more gain nothing on a router, and 25 have been seen to hang one."""

GRACE = 30.0
"""Seconds that a command may live on after `/cancel`, before the connection counts as dead."""

CLOSING = 2.0
"""Seconds to wait for a connection to close in good order."""

CHUNK = 1 << 16

Each = Callable[[dict[str, str]], None]
"""Takes one row; it must not wait."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command answered: its rows, and the value it returned (an added row's `.id`), "" where none."""

    rows: list[dict[str, str]]
    ret: str = ""


@dataclass(slots=True)
class _Command:
    """A command in flight; one without a future is a zombie: its replies are read and dropped.

    `each` takes the rows of a command that goes on telling, as they come.
    """

    where: str
    future: asyncio.Future[Reply] | None
    slot: bool
    each: Each | None = None
    timer: asyncio.TimerHandle | None = None
    rows: list[dict[str, str]] = field(default_factory=list)
    traps: list[Trap] = field(default_factory=list)


class Mux:
    """Sends commands, at most eight at a time, and gives each its own reply.

    A command that outlives its deadline, or whose caller is cancelled, is sent `/cancel`; its tag stays taken until
    its `!done` has come, so that a late reply can never be another command's. `where` names the router in errors.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        where: str,
        decoder: Decoder | None = None,
        grace: float | None = None,
    ) -> None:
        self._reader, self._writer, self._where = reader, writer, where
        self._grace = GRACE if grace is None else grace
        self._decoder = decoder or Decoder()
        self._commands: dict[str, _Command] = {}
        self._window = asyncio.Semaphore(WINDOW)
        self._last = 0
        self._lost = ""
        self._settled = asyncio.Event()
        self._settled.set()
        self._listener = asyncio.create_task(self._listen())

    async def talk(self, words: Sequence[str], deadline: float) -> Reply:
        """Send one command and wait for its whole reply; raises Refused, TimedOut or Lost. `deadline` in seconds."""
        await self._window.acquire()
        future, tag = self._begin(words, slot=True)
        timer = asyncio.get_running_loop().call_later(deadline, self._expire, tag, deadline)
        self._commands[tag].timer = timer
        return await self._end_of(tag, future)

    async def follow(self, words: Sequence[str], each: Each) -> None:
        """Send a command that goes on telling, such as `listen`, and pass each row on, until the router ends it.

        It has no deadline and takes nobody's place; cancelling it sends `/cancel`. Raises Refused or Lost.
        """
        future, tag = self._begin(words, slot=False, each=each)
        await self._end_of(tag, future)

    async def settle(self) -> None:
        """Wait until no cancelled command is alive any more, so that what is read next is the last word."""
        await self._settled.wait()

    async def close(self) -> None:
        """Close the connection; whatever was still in flight is lost."""
        self._fail("the session was closed here")
        self._listener.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._listener
        with contextlib.suppress(OSError, TimeoutError):
            await asyncio.wait_for(self._writer.wait_closed(), CLOSING)

    def _begin(
        self, words: Sequence[str], *, slot: bool, each: Each | None = None
    ) -> tuple[asyncio.Future[Reply], str]:
        """Send a command; its reply to come, and its tag."""
        where = f"{self._where} {words[0]}"
        if self._lost:
            if slot:
                self._window.release()
            raise Lost(self._lost, where, sent=False, remedy="the command was not sent")
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        return future, self._send(words, _Command(where, future, slot, each))

    async def _end_of(self, tag: str, future: asyncio.Future[Reply]) -> Reply:
        """The reply of a command that was sent; where nobody waits for it any more, it is told to stop."""
        try:
            return await future
        except asyncio.CancelledError:
            self._cancel(tag)
            raise

    def _send(self, words: Sequence[str], command: _Command) -> str:
        self._last += 1
        tag = str(self._last)
        self._commands[tag] = command
        self._writer.write(encode_sentence((*words, f".tag={tag}")))
        return tag

    def _expire(self, tag: str, deadline: float) -> None:
        command = self._commands[tag]
        if command.future and not command.future.done():
            reason = f"no answer within {deadline:g} s"
            remedy = "the command was told to stop; what it did is not known"
            command.future.set_exception(TimedOut(reason, command.where, sent=True, remedy=remedy))
        self._cancel(tag)

    def _cancel(self, tag: str) -> None:
        """Make a command a zombie, which keeps its slot until its `!done`, or until its grace has passed."""
        command = self._commands.get(tag)
        if command is None or command.future is None:
            return
        command.future = None
        self._settled.clear()
        stop = _Command(command.where, None, slot=False)
        self._send(["/cancel", f"=tag={tag}"], stop)
        for zombie in (command, stop):
            if zombie.timer:
                zombie.timer.cancel()
            reason = f"a command went on for {self._grace:g} s after it was told to stop"
            zombie.timer = asyncio.get_running_loop().call_later(self._grace, self._fail, reason)

    async def _listen(self) -> None:
        try:
            while data := await self._reader.read(CHUNK):
                while sentences := self._decoder.feed(data):
                    for words in sentences:
                        self._take(parse(words))
                    data = b""
            inside = " in the middle of a sentence" if self._decoder.inside else ""
            reason = f"the router closed the connection{inside}"
        except Garbled as error:
            reason = f"the router sent what is not the RouterOS API ({error})"
        except OSError as error:
            reason = f"the connection broke: {error.strerror or error}"
        self._fail(reason)

    def _take(self, answer: Answer) -> None:
        if answer.kind == "!fatal":
            self._fail(f"the router ended the session: {answer.text or 'no reason given'}")
            return
        command = self._commands.get(answer.tag)
        if command is None:
            if self._lost:
                return
            raise Garbled("a reply to a command that was not sent")
        if answer.kind == "!re":
            if command.future and command.each:
                command.each(answer.values)
            elif command.future:
                command.rows.append(answer.values)
        elif answer.kind == "!trap":
            category = answer.values.get("category", "")
            number = int(category) if category.isdecimal() else None
            command.traps.append(Trap(answer.values.get("message", ""), number))
        elif answer.kind == "!done":
            self._end(answer.tag, command, answer.values.get("ret", ""))

    def _end(self, tag: str, command: _Command, ret: str) -> None:
        del self._commands[tag]
        self._release(command)
        if command.future and not command.future.done():
            if command.traps:
                command.future.set_exception(Refused(command.traps, command.where))
            else:
                command.future.set_result(Reply(command.rows, ret))
        if all(other.future for other in self._commands.values()):
            self._settled.set()

    def _release(self, command: _Command) -> None:
        if command.timer:
            command.timer.cancel()
        if command.slot:
            self._window.release()

    def _fail(self, reason: str) -> None:
        if self._lost:
            return
        self._lost = reason
        for command in self._commands.values():
            self._release(command)
            if command.future and not command.future.done():
                remedy = "whether the command was carried out is not known"
                command.future.set_exception(Lost(reason, command.where, sent=True, remedy=remedy))
        self._commands.clear()
        self._settled.set()
        self._writer.close()
