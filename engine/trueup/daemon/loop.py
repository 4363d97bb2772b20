"""The daemon: one loop that gives every router its turn, follows the remote, and moves rollouts on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform
import time
import traceback
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from trueup.audit import Audit, audit_path
from trueup.daemon.attempt import attempt
from trueup.daemon.board import Board
from trueup.daemon.consents import Consents
from trueup.daemon.errands import Errands
from trueup.daemon.events import Bus, Event
from trueup.daemon.listening import Watcher
from trueup.daemon.outlets import Outlets
from trueup.daemon.revision import Revision, Revisions
from trueup.daemon.rollouts import Rollouts, Target
from trueup.daemon.schedule import Schedule
from trueup.daemon.sequel import Sequel
from trueup.daemon.situation import Situation, Visited
from trueup.daemon.source import Source
from trueup.daemon.status import State
from trueup.daemon.turns import Turns
from trueup.daemon.visit import Visit
from trueup.device import Session, connect
from trueup.errors import AuditError, DeclarationError, Problem, RouterError, SecretError, TrueupError
from trueup.fleet.health import health
from trueup.fleet.reach import target_of
from trueup.fleet.run import Stop
from trueup.load.network import Network, read_network
from trueup.load.remote import Head, Remote
from trueup.secrets import Stores, open_stores
from trueup_schemas import operate

TICK = 1.0
"""Seconds between two looks at what is not a router: requests, rollouts, the status file."""

NAME = "trueup daemon"
"""Who the audit says has done what nobody asked for by hand."""

AGAIN = 5.0
"""Seconds until a router that was not healthy is asked again."""

JUMP = 30.0
"""Seconds by which the clock has to be set, or the machine to sleep, for it to matter."""

JUDGED = 10
"""Routers whose health is judged at the same time, besides those that have their turns."""

TIDY = 3600.0
"""Seconds between two looks at whether the audit repository wants packing: each run makes two commits."""

ENDING = 600.0
"""Seconds that routers being written to may take to come to a safe point when the daemon is told to end."""


class Daemon:
    """Keeps one network's routers as git says, until it is told to stop.

    `root` is the network's folder in a clone of its repository. Nothing is checked out there.
    """

    def __init__(self, root: Path, bus: Bus) -> None:
        self.root, self.bus = root, bus
        self.stop = Stop()
        self.stores: Stores
        self._consents: Consents
        self._asked = asyncio.Event()
        self._tidied = time.monotonic()
        self._judging = asyncio.Semaphore(JUDGED)
        self._judged: dict[str, float] = {}
        self._sole = contextlib.ExitStack()
        self._clock = time.time() - time.monotonic()
        self.watched: set[str] = set()
        self._round: set[str] = set()
        self._round_began = datetime.now(UTC)
        network = _as_it_lies(root)
        self.board = Board(network.name, network.root, bus)
        self.audit = Audit.open(audit_path(network), network=network.root).acting(NAME)
        self.revisions = Revisions(network.root)
        self.source = Source(network.root, _remote(root, network.settings.daemon), self.revisions, self.board)
        self.rollouts: Rollouts
        self.errands = Errands(self.fault)
        self.watcher = Watcher(self._open, lambda router, text: self.tell(text, router))
        self.turns = Turns(Schedule(network.settings.daemon.interval), self._look, self._ended)
        self.outlets = Outlets(self.board, self.audit.path, self.wake)
        self.metrics = self.outlets.metrics
        self.sequel = Sequel(self)

    @property
    def force(self) -> Revision:
        """The commit in force."""
        return self.rollouts.force

    async def start(self) -> None:
        """Put a commit in force; raises TrueupError where there is none, or another daemon keeps this audit."""
        about = f"process {os.getpid()} on {platform.node()}, for {self.root}"
        self._sole.enter_context(self.audit.sole(about))
        self.rollouts = Rollouts(self.audit, self.revisions, self.board)
        self._enforce(*await self.source.first(self.rollouts.newest))

    async def run(self) -> None:
        """Go round until `end`; then let routers that are written to come to their safe points."""
        self.errands.run("following the remote", self._follow)
        self.errands.run("keeping time", self._tick)
        try:
            await self.turns.go(lambda: self.stop.asked)
        finally:
            self.stop.ask("the daemon ends")
            self._asked.set()
            await self.watcher.close()
            await self.turns.end(ENDING)
            try:
                self.sequel.keep()
            except AuditError as error:
                self.fault("ending", error)
            await self.errands.end(5.0)
            await self.outlets.close()
            self._keep(last=True)
            self._sole.close()

    def end(self, reason: str) -> None:
        """Have `run` end."""
        self.stop.ask(reason)
        self.turns.move()

    def tell(self, text: str, router: str = "") -> None:
        """Say something in the log."""
        self.bus.tell(Event("daemon", text, router))

    def wake(self) -> None:
        """Ask the remote now."""
        self._asked.set()

    def approved(self, router: str, hash: str, lock_out: bool) -> bool:
        """Whether somebody who may has agreed to a router's plan, and to being locked out by it."""
        return self._consents.given(self.rollouts.at(router), hash, lock_out)

    def fault(self, what: str, error: Exception) -> None:
        """Tell of an error in what goes on beside the routers' turns."""
        if isinstance(error, AuditError | SecretError):
            self._trouble("audit" if isinstance(error, AuditError) else "secrets", str(error))
            return
        known = isinstance(error, TrueupError)
        text = str(error) if known else f"a fault of trueup's own: {type(error).__name__}"
        self.bus.tell(Event("failed", f"{what}: {text}", level="error", detail="" if known else _trace(error)))

    def _enforce(self, revision: Revision, head: Head) -> None:
        """Put a commit in force; what it says of the daemon itself holds at once. Raises AuditError, SecretError."""
        settings, names = revision.network.settings, [router.name for router in revision.network.routers]
        consents = Consents(self.root, revision.commit, settings.approvals)
        self.stores = open_stores(settings, self.root)
        self.outlets.configure(settings, self.stores)
        self.rollouts.enforce(revision, head)
        self._consents = consents
        self.turns.places = settings.daemon.connections
        self.source.remote = _remote(self.root, settings.daemon)
        self.turns.schedule.interval = settings.daemon.interval
        self.turns.schedule.keep(names, asyncio.get_running_loop().time())
        self.board.keep(names)
        self.sequel.keep_only(names)
        self._judged = {name: when for name, when in self._judged.items() if name in names}
        self.board.declared = settings.windows
        said = {"subject": head.subject, "author": head.author, "interval": settings.daemon.interval}
        self.board.change(commit=revision.commit, **said)
        for name in self.watched - set(names):
            self.watcher.stop(name)
        self.watched = set(names)
        for router in revision.network.routers:
            self.watcher.start(
                router.name, router.reconcile.listen, lambda name, _: self.turns.hurry(name), router.connect
            )
            self.board.post(replace(self.board.router(router.name), site=router.site, labels=router.labels))
            self.turns.hurry(router.name)
        self.bus.tell(Event("revision", f"{head.subject} by {head.author} is in force", commit=revision.commit))
        self._round, self._round_began = set(names), datetime.now(UTC)

    async def _follow(self) -> None:
        """Ask the remote every poll interval, jittered, or when somebody says that it has changed."""
        while not self.stop.asked:
            wait = self.force.network.settings.daemon.poll * (0.9 + 0.2 * self.turns.schedule.chance.random())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), wait)
            self._asked.clear()
            if self.stop.asked:
                return
            ended = await attempt(self._ask())
            unrecorded = isinstance(ended, AuditError)
            self._trouble("commit", f"it cannot be put in force: {ended}" if unrecorded else "")
            if isinstance(ended, Exception) and not unrecorded:
                self.fault("what the remote has", ended)

    async def _ask(self) -> None:
        self.stores = open_stores(self.force.network.settings, self.root)
        found = await self.source.ask(self.force.commit)
        self.metrics.fetched(ok=not self.board.troubled("remote"))
        if found is not None:
            self._enforce(*found)
        self._trouble("secrets", "")

    async def _tick(self) -> None:
        while not self.stop.asked:
            self.outlets.health.tick()
            ended = await attempt(self._move())
            if isinstance(ended, Exception):
                self.fault("moving on", ended)
            else:
                self._trouble("audit", "")
            self.board.sample()
            self._keep()
            await asyncio.sleep(TICK)

    async def _move(self) -> None:
        """Do what has come due besides routers' turns; raises AuditError."""
        now, clock = datetime.now(UTC), time.time() - time.monotonic()
        if time.monotonic() - self._tidied > TIDY:
            self._tidied = time.monotonic()
            self.errands.run("packing the audit", partial(asyncio.to_thread, self.audit.tidy))
        if abs(clock - self._clock) > JUMP:
            self.rollouts.clock_set(now)
        self._clock = clock
        self.sequel.deeds.requests()
        due = time.monotonic() - AGAIN
        for router in (name for name in self.rollouts.settling(now) if self._judged.get(name, due) <= due):
            self.errands.run(f"health of {router}", partial(self._judge, router))
        for router in self.rollouts.move(now):
            self.turns.hurry(router)
        self.sequel.keep()
        self.board.trouble("notifications", "; ".join(self.outlets.notifier.troubles))

    async def _judge(self, router: str) -> None:
        """Ask a router that was written to whether it is healthy."""
        async with self._judging:
            declared = self.force.router(router)
            if declared is not None:
                before, asked = self.sequel.sessions.get(router), self.rollouts.part(router)
                reasons = await health(declared, self.force.network, self.stores.resolve, before)
                self._judged[router] = time.monotonic()
                self.rollouts.judged(router, reasons, datetime.now(UTC), asked)

    async def _look(self, name: str) -> bool:
        """One router's turn, whose failure ends no other's."""
        ended = await attempt(self._visit(name))
        if isinstance(ended, Exception):
            self.fault(f"the turn of {name}", ended)
            return True
        return ended

    async def _visit(self, name: str) -> bool:
        await self.rollouts.prepare(name)
        if self.force.router(name) is None:
            return False  # it was taken out of git meanwhile
        situation = self._situation(name)
        visit = Visit(situation, self.board.router(name), self.stores, self.audit.acting(NAME))
        began = time.monotonic()
        with contextlib.ExitStack() as writing:

            def begin() -> bool:
                gone = self.force.router(name) is None
                if gone or self._aim(name).revision.commit != situation.revision.commit:
                    return False
                self.rollouts.writing(name, situation.revision.commit)
                writing.enter_context(self.watcher.writing(name))
                return True

            visit.watched(self.stop, lambda doing: self.bus.tell(Event("doing", doing, name)), begin)
            found = await visit.make()
        self.metrics.looked(_outcome(found), time.monotonic() - began)
        self.metrics.connected("refused" if found.status.state == State.UNREACHABLE else "opened")
        self.sequel.follow(name, found)
        return found.failed

    def _open(self, name: str) -> AbstractAsyncContextManager[Session]:
        """A connection to listen on; raises RouterError, SecretError."""
        router = self.force.router(name)
        if router is None:
            raise RouterError(Problem("it is no longer declared", name))
        return self.metrics.counted(connect(target_of(router, self.force.network.root, self.stores.resolve)))

    def _aim(self, name: str) -> Target:
        """What a declared router is compared with now: the commit in force where the one that it is at lacks it."""
        target = self.rollouts.target(name)
        return target if target.revision.router(name) is not None else replace(target, revision=self.force)

    def _situation(self, name: str) -> Situation:
        target = self._aim(name)
        return self.sequel.situation(target, target.revision.network.router(name), datetime.now(UTC))

    def _ended(self, name: str, wait: float, failed: bool) -> None:
        """Say when a router that failed is tried again, and how long a whole round took."""
        now = datetime.now(UTC)
        if failed and self.force.router(name) is not None:
            failures = self.turns.schedule.failures(name)
            self.board.post(replace(self.board.router(name), backoff=now + timedelta(seconds=wait), failures=failures))
        self._round.discard(name)
        if not self._round:
            seconds = (now - self._round_began).total_seconds()
            self.metrics.rounded(seconds)
            self.board.change(round_seconds=round(seconds, 1))
            self._round = {router.name for router in self.force.network.routers}
            self._round_began = now

    def _keep(self, *, last: bool = False) -> None:
        try:
            self.board.save(last=last)
        except OSError as error:
            self._trouble("disk", f"the status cannot be written: {error.strerror or error}")
        else:
            self._trouble("disk", "")

    def _trouble(self, kind: str, text: str) -> None:
        if self.board.trouble(kind, text) and text:
            self.bus.tell(Event("audit" if kind == "audit" else "failed", text, level="error", key=f"{kind} "))


def _outcome(found: Visited) -> str:
    """What a look came to, in the words of the metrics."""
    if found.wrote:
        return "written"
    state = found.status.state
    return str(state) if state in (State.CONVERGED, State.FAILED, State.UNREACHABLE) else "changes"


def _as_it_lies(root: Path) -> Network:
    """The network in the working tree, which says where remote and audit are, whatever else is wrong there."""
    network, problems = read_network(root)
    if network is None:
        raise DeclarationError(problems)
    return network


def _remote(root: Path, said: operate.Daemon) -> Remote:
    return Remote(root, said.remote, said.branch)


def _trace(error: Exception) -> str:
    """Where in the code it happened: files and lines, without values."""
    return " < ".join(
        f"{each.filename.rpartition('/')[2]}:{each.lineno}" for each in traceback.extract_tb(error.__traceback__)
    )
