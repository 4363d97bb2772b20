"""A console or a single command on an SSH channel: bytes through the console, with latency and faults."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace

import asyncssh

from trueup.lab.connection import GARBAGE
from trueup.lab.console.console import Console
from trueup.lab.console.keyboard import Keyboard
from trueup.lab.faults import Fault
from trueup.lab.ssh.login import Login

CHUNK = 65536
Process = asyncssh.SSHServerProcess[bytes]


async def serve(running: set[asyncio.Task[None]], process: Process) -> None:
    """Serve one channel until either side ends it; the exit status is 0 whatever was refused, as on routers."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101
    running.add(task)
    task.add_done_callback(running.discard)
    shell = Shell(process)
    try:
        with contextlib.suppress(asyncssh.Error, OSError):
            await (shell.once(process.command) if process.command is not None else shell.run())
    finally:
        shell.console.leave()
    if not shell.silent:
        with contextlib.suppress(asyncssh.Error, OSError):
            process.exit(0)
            if process.command is None:
                await process.wait_closed()
                shell.login.close()


class Shell:
    """One channel; `silent` once the line is cut, after which nothing more is said."""

    def __init__(self, process: Process) -> None:
        login = process.get_extra_info("login")
        assert isinstance(login, Login)  # noqa: S101
        self.login = login
        self.served = login.served
        self.silent = False
        self._process = process
        self._loop = asyncio.get_running_loop()
        self._arrived: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        self._gone = asyncio.Event()
        seat = login.seat if process.term_type else replace(login.seat, plain=True, dumb=True)
        self.console = Console(login.router, seat, self._tell)
        login.shells.append(self.console)

    async def run(self) -> None:
        """The console, until the user or the peer ends it."""
        if self.login.router.wedged:
            self.silent = True
        self.write(self.console.begin())
        reader = asyncio.create_task(self._read())
        keyboard = Keyboard()
        try:
            while not self.console.ended:
                due, data = await self._arrived.get()
                await asyncio.sleep(max(0.0, due - self._loop.time()))
                if not data:
                    return
                for key in keyboard.feed(data):
                    await self._press(key)
        finally:
            reader.cancel()
            await asyncio.gather(reader, return_exceptions=True)

    async def once(self, command: str) -> None:
        """A command of `ssh router "command"`."""
        fault = self.served.faults.strike([command]) if command.strip() else None
        said = self.console.once(command) if fault is None or fault.executed or fault.kind in ("lost", "stall") else ""
        if fault is not None:
            said = await self._fail(fault, said)
        self.write(said)

    async def _read(self) -> None:
        """Take bytes as they come, each due when the round trip is over; nothing at the end."""
        data = b"-"
        while data:
            try:
                data = await self._process.stdin.read(CHUNK)
            except (asyncssh.TerminalSizeChanged, asyncssh.BreakReceived, asyncssh.SignalReceived):
                continue
            except (asyncssh.Error, OSError):
                data = b""
            self._arrived.put_nowait((self._loop.time() + self.served.latency, data))
        self._gone.set()

    async def _press(self, key: str) -> None:
        if self.console.ended or self.silent:
            return
        command = self.console.sets_off(key)
        fault = self.served.faults.strike([command]) if command else None
        if command and self.served.per_command:
            await asyncio.sleep(self.served.per_command)
        if fault is None:
            self.write(self.console.press(key))
        elif fault.executed or fault.kind in ("lost", "torn"):
            said = self.console.press(key)
            self.write(await self._fail(fault, said))
        else:
            said = await self._fail(fault, "")
            self.write(self.console.press(key) if fault.kind == "stall" else self.console.drop() + said)
        if self.console.restarts:
            self.served.restart()

    async def _fail(self, fault: Fault, said: str) -> str:
        """What a fault leaves of what a command said."""
        if fault.kind in ("drop", "torn"):
            self.write(said[: len(said) // 2])
            self.login.hang_up()
        elif fault.kind == "reboot":
            self.served.restart()
        elif fault.kind == "vanish":
            self.silent = True
            self.console.cut()
        elif fault.kind == "garbage":
            self._process.stdout.write(GARBAGE)
        elif fault.kind == "stall":
            with contextlib.suppress(TimeoutError):  # it ends with its line
                await asyncio.wait_for(self._gone.wait(), fault.seconds)
            return said
        return f"{fault.message}\r\n{self.console.prompt()}" if fault.kind == "trap" else ""

    def write(self, text: str) -> None:
        """Show something; a line that is cut or closed carries nothing."""
        if text and not self.silent and not self._process.is_closing():
            self._process.stdout.write(text.encode("utf-8", "surrogateescape"))

    def _tell(self, text: str) -> None:
        self._loop.call_soon_threadsafe(self.write, text)
