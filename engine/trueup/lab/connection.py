"""One client's connection: bytes through the session, with latency, faults and interleaved replies."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Coroutine, Sequence

from trueup.lab.call import Reply, split
from trueup.lab.faults import Fault
from trueup.lab.line import Line, Over
from trueup.lab.listening import Listening
from trueup.lab.relay import reset
from trueup.lab.served import Served
from trueup.lab.session import Session, tagged
from trueup.lab.trap import INTERRUPTED, Trap
from trueup.lab.wire import LIMIT, LIMIT_BEFORE_LOGIN, Decoder, Garbage, Sentence, encode

CHUNK = 65536
GARBAGE = b"\xff\xfe\xfdHTTP/1.1 400 Bad Request\r\n\r\n"


class Connection:
    """Serves one client until either side ends it."""

    def __init__(
        self, served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, session: Session, line: Line
    ) -> None:
        self.served = served
        self.reader = reader
        self.writer = writer
        self.session = session
        self.line = line
        self.decoder = Decoder(LIMIT_BEFORE_LOGIN)
        self.silent = False
        self.deaf = False
        self.closing = asyncio.Event()
        self.hung_up = False
        self._loop = asyncio.get_running_loop()
        self._open = 0
        self._arrived: asyncio.Queue[tuple[float, list[Sentence]]] = asyncio.Queue()
        self._running: list[tuple[str | None, asyncio.Task[None]]] = []
        self._random = random.Random(served.spec.shuffle or 0)  # noqa: S311

    async def run(self) -> None:
        """Read and answer; every task of the connection is over when this returns."""
        number, connections = next(self.served.numbers), self.served.router.connections
        connections[number] = self._about()
        self.served.closing.add(self.hang_up)
        tasks: list[asyncio.Task[object]] = [
            asyncio.create_task(part) for part in (self._read(), self._work(), self.closing.wait())
        ]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            if self.line.over:
                abort(self.writer)
            elif self.line.whole:
                self.writer.close()  # before any await: the server may be closing, and cancel this too
            del connections[number]
            self.served.closing.discard(self.hang_up)
            if not self.line.unheard:
                self.session.leave()
            tasks += [task for _, task in self._running]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._part()

    async def _part(self) -> None:
        """Let the client hear of the end, once it can: by then the router knows it no more."""
        cut = not self.line.whole
        try:
            with contextlib.suppress(Over):
                await self.line.clear()
            if cut:
                abort(self.writer)
        finally:
            self.writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            await asyncio.wait_for(self.writer.wait_closed(), 1)

    def hang_up(self) -> None:
        """End the connection; called from any thread. What has arrived by now and not run never does."""
        self.hung_up = True
        self._loop.call_soon_threadsafe(self.closing.set)

    def _about(self) -> dict[str, str]:
        """What /ip/service tells of the connection; a client that is gone already has no address."""
        peer, own = (self.writer.get_extra_info(name) or ("", "") for name in ("peername", "sockname"))
        name = "api-ssl" if self.session.secure else "api"
        ends = {"local": str(own[0]), "remote": f"{peer[0]}:{peer[1]}"}
        return {"name": name, "port": str(own[1]), "proto": "tcp", **ends}

    async def _read(self) -> None:
        """Take sentences as they come, and the end once all has been answered; what is cut off arrives later."""
        with contextlib.suppress(Garbage, Over):
            try:
                await self._take()
            except OSError:
                self.deaf = True
            else:
                await self._arrived.join()
            await self.line.clear()

    async def _take(self) -> None:
        """Sentences until the client ends, each due when the round trip is over."""
        while data := await self.reader.read(CHUNK):
            batch = list(self.decoder.feed(data))
            if batch and not self.silent:
                self._open += len(batch)
                self.served.most = max(self.served.most, self._open)
                self._arrived.put_nowait((self._loop.time() + self.served.latency, batch))

    async def _work(self) -> None:
        with contextlib.suppress(OSError, Over):
            while not self.hung_up:
                due, batch = await self._arrived.get()
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                await self.line.clear()
                if self.deaf:
                    return
                await self._serve(batch)
                self._open -= len(batch)
                self._arrived.task_done()

    async def _serve(self, batch: list[Sentence]) -> None:
        """Run commands that arrived together: tagged ones in any order, their replies mixed; untagged ones in turn."""
        replies: list[Reply] = []
        untagged: Reply = []
        for sentence in self._shuffled(batch):
            if self.hung_up or self.silent:
                return
            self.served.remember(sentence)
            if self.served.per_command:
                await asyncio.sleep(self.served.per_command)
            reply = await self._one(sentence)
            if split(sentence).tag is None:
                untagged += reply
            elif reply:
                replies.append(reply)
        await self._send(interleave([*replies, untagged], self._random))
        if self.session.user:
            self.decoder.limit = LIMIT

    def _shuffled(self, batch: list[Sentence]) -> list[Sentence]:
        """The order of execution: between untagged commands, cancels and logins, tagged ones come as they like."""
        done: list[Sentence] = []
        free: list[Sentence] = []
        for sentence in [*batch, ["/end"]]:
            loose = split(sentence).tag is not None and sentence[0] not in ("/cancel", "/login", "/quit")
            if loose:
                free.append(sentence)
                continue
            if self.served.spec.shuffle is not None:
                self._random.shuffle(free)
            done += free
            done.append(sentence)
            free = []
        return done[:-1]

    async def _one(self, sentence: Sentence) -> Reply:
        """One command's reply, [] where there is none (yet)."""
        if sentence[0] == "/cancel" and self.session.user:
            return await self._cancel(sentence)
        fault = self.served.faults.strike(sentence)
        if fault is not None:
            return await self._fail(fault, sentence)
        return self._answer(sentence)

    def _answer(self, sentence: Sentence) -> Reply:
        answer = self.session.receive(sentence)
        if answer.restart:
            self.served.restart()
        if answer.close:
            if self.line.whole:
                self.writer.write(b"".join(map(encode, answer.reply)))
            self.hang_up()
            return []
        if answer.listening is not None:
            self._go_on(split(sentence).tag, self._follow(answer.listening, split(sentence).tag))
        return answer.reply

    def _go_on(self, tag: str | None, work: Coroutine[None, None, None]) -> None:
        """Let a command run until it ends or is cancelled, while others are served."""
        running = tag, asyncio.ensure_future(work)
        self._running.append(running)

        def ended(_: object) -> None:
            if running in self._running:
                self._running.remove(running)

        running[1].add_done_callback(ended)

    async def _follow(self, listening: Listening, tag: str | None) -> None:
        """Tell what `listen` learns, half a round trip after it happened."""
        stirred = asyncio.Event()
        stirred.set()  # commands that came together with this one have run by now

        def wake() -> None:
            self._loop.call_soon_threadsafe(stirred.set)

        with listening.watching(wake), contextlib.suppress(OSError, Over):
            while True:
                await stirred.wait()
                stirred.clear()
                news = listening.news()
                await asyncio.sleep(self.served.latency / 2)
                await self._send(tagged(news, tag))

    async def _fail(self, fault: Fault, sentence: Sentence) -> Reply:
        """What a fault leaves of a command."""
        tag = split(sentence).tag
        if fault.kind == "stall":
            self._go_on(tag, self._stall(fault, sentence))
            return []
        reply = self._answer(sentence) if fault.executed or fault.kind in ("lost", "torn") else []
        if fault.kind == "trap":
            return tagged([Trap(fault.message).words(), ["!done"]], tag)
        if fault.kind == "garbage":
            self.writer.write(GARBAGE)
        elif fault.kind == "torn":
            whole = b"".join(map(encode, reply))
            self.writer.write(whole[: len(whole) // 2])
            self.hang_up()
        elif fault.kind == "drop":
            self.hang_up()
        elif fault.kind == "reboot":
            self.served.restart()
        elif fault.kind == "vanish":
            self.silent = True
            self.session.cut()
        return []

    async def _stall(self, fault: Fault, sentence: Sentence) -> None:
        """Answer late; a cancel ends it, and then the command has not run unless the fault says it has."""
        reply = self._answer(sentence) if fault.executed else None
        await asyncio.sleep(fault.seconds)
        await self._send(reply if reply is not None else self._answer(sentence))

    async def _cancel(self, sentence: Sentence) -> Reply:
        """Interrupt the named command, or all that run; they end after the cancel itself (MikroTik documentation)."""
        parts = split(sentence)
        wanted = parts.arguments.get("tag")
        interrupted = [each for each in self._running if wanted in (None, each[0])]
        traps: Reply = []
        ends: Reply = []
        for each in interrupted:
            self._running.remove(each)
            each[1].cancel()
            traps += tagged([Trap("interrupted", INTERRUPTED).words()], each[0])
            ends += tagged([["!done"]], each[0])
        return [*traps, *tagged([["!done"]], parts.tag), *ends]

    async def _send(self, sentences: Sequence[Sentence]) -> None:
        if sentences and not self.silent and not self.hung_up:
            await self.line.clear()
            self.writer.write(b"".join(map(encode, sentences)))
            await self.writer.drain()


def abort(writer: asyncio.StreamWriter) -> None:
    """End a connection as one that is not there."""
    reset(writer.get_extra_info("socket"))
    writer.transport.abort()


def interleave(replies: list[Reply], chance: random.Random) -> Reply:
    """Replies mixed sentence by sentence, each in its own order."""
    turns = [index for index, reply in enumerate(replies) for _ in reply]
    chance.shuffle(turns)
    parts = [iter(reply) for reply in replies]
    return [next(parts[index]) for index in turns]
