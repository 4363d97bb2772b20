"""Scripts on one router: who may run what, where it says what it says, and the global variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from trueup.lab.call import Reply
from trueup.lab.scripting.host import Commands, Host
from trueup.lab.scripting.interpret import Run, Setting
from trueup.lab.scripting.language import LANGUAGE
from trueup.lab.scripting.menus import Menus
from trueup.lab.scripting.parse import parse
from trueup.lab.scripting.tree import OfMenu
from trueup.lab.scripting.trouble import Failure, Malformed, Stopped
from trueup.lab.scripting.value import MOST, Value, text
from trueup.lab.table import Row
from trueup.lab.timeline import TooMuchDue
from trueup.lab.trap import Trap

SCRIPT, JOB, ENVIRONMENT, FILE = "/system/script", "/system/script/job", "/system/script/environment", "/file"
NESTED = 2
"""Scripts that one may run within another; routers may allow more."""

DENIED = "not enough permissions (9)"


@dataclass(frozen=True, slots=True)
class As:
    """On whose behalf a script runs, how deep within others, and in which session (0: in none)."""

    user: str
    policies: frozenset[str]
    depth: int = 0
    session: int = 0


class Scripting:
    """Runs scripts; whoever uses it holds the router's lock."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._commands = Commands(host)
        self._shared: dict[str, Value] = {}
        self._jobs = 0
        self._unlisted: dict[str, list[Row]] = {}

    @property
    def version(self) -> tuple[int, ...]:
        """The router's."""
        return self._host.version

    def run(self, source: str, who: As) -> Run:
        """A script that is ready to run; raises Failure where it is none."""
        return self.typed(source, "", who)[0]

    def typed(self, source: str, path: str, who: As) -> tuple[Run, str]:
        """A text given in a menu, ready to run, and the menu that it leads to; raises Failure where it is none."""
        if len(source) > MOST:
            raise Stopped("a script too long for this simulation")
        if who.depth > NESTED:
            raise Stopped("more scripts within one another than this simulation lets run")
        try:
            block, left = parse(source, self._commands, path)
        except Malformed as malformed:
            raise Failure(malformed.message) from malformed
        menus = Menus(self._host, partial(self._ask, who))
        ways = partial(self.within, who), partial(self.exported, who)
        setting = Setting(self._host, menus, self._shared, self.tell, *ways)
        return Run(block, setting, LANGUAGE), left

    def _ask(self, who: As, words: Sequence[str]) -> Reply:
        return self._host.execute(words, who.policies, who.user, who.session)

    def tell(self, topic: str, message: str) -> None:
        """A line of the log."""
        self._host.presence.tell(self._host.now, f"script,{topic}", message)

    def within(self, who: As, command: OfMenu, given: Mapping[str, Value]) -> Run | None:
        """The script that a command of a script runs, None where it runs none."""
        deeper = As(who.user, who.policies, who.depth + 1, who.session)
        name = f"{command.path}/{command.name}"
        if name == f"{SCRIPT}/run":
            return self.stored(text(given.get("number")), deeper)
        if name == "/import":
            return self.run(self.contents(text(given.get("file-name"))), deeper)
        return self.run(text(given.get("script")), deeper) if name == "/execute" else None

    def exported(self, who: As, command: OfMenu, given: Mapping[str, Value]) -> str:
        """What an `export` in a script says; raises Failure."""
        named = {name: text(value) for name, value in given.items()}
        try:
            return self._host.export(command.path, command.flags, named, who.policies)
        except Trap as trap:
            raise Failure(trap.message) from trap

    def contents(self, name: str) -> str:
        """What a file holds."""
        found = self._host.menu(FILE).table.where({"name": name})
        if not found:
            raise Failure("failure: no such file")
        return found[0].values.get("contents", "")

    def stored(self, item: str, who: As) -> Run:
        """A script of the repository; it runs as its owner, with its own policies."""
        menu = self._host.menu(SCRIPT)
        try:
            row = menu.table.find(item, menu.behaviour.names)
        except Trap as trap:
            raise Failure(trap.message) from trap
        wanted = granted(row.values.get("policy", ""))
        if row.values.get("dont-require-permissions") != "true" and not wanted <= who.policies:
            raise Failure(DENIED)
        owner = row.values.get("owner", "")
        row.marks["run-count"] = str(int(row.marks.get("run-count", "0")) + 1)
        row.marks["last-started"] = self._host.now
        return self.run(row.values.get("source", ""), As(owner, wanted & self._host.policies(owner), who.depth))

    def event(self, row: Row) -> None:
        """What a row of the scheduler is there for; a failure is for the log."""
        name, owner = row.values.get("name", ""), row.values.get("owner", "")
        source, policies = row.values.get("on-event", ""), granted(row.values.get("policy", ""))
        script = self._host.menu(SCRIPT).table.where({"name": source})
        title = source if script else name
        try:
            if not policies <= self._host.policies(owner):
                raise Failure(DENIED)
            who = As(owner, policies)
            run = self.stored(source, who) if script else self.run(source, who)
        except Failure as failure:
            self._failed(title, failure)
            return
        self.start(run, title, owner)

    def start(self, run: Run, title: str, owner: str) -> str:
        """Let a script run by itself, in the router's own time; its job's id."""
        self._jobs += 1
        row = Row(f"*{self._jobs:X}", {"script": title, "owner": owner, "type": "command", "started": self._host.now})
        self._rows(JOB).append(row)
        self._go(run, title, row)
        return row.id

    def _go(self, run: Run, title: str, row: Row) -> None:
        """Run until the script waits or is over; a job that was removed is over."""
        jobs = self._rows(JOB)
        if not any(job is row for job in jobs):
            return
        self._recall()
        try:
            seconds = next(run.flow)
        except StopIteration:
            jobs[:] = [job for job in jobs if job is not row]
        except Failure as failure:
            jobs[:] = [job for job in jobs if job is not row]
            self._failed(title, failure)
        else:
            run.rest(seconds)
            self._host.timeline.after(seconds, partial(self._go, run, title, row))
        self._remember()

    def finish(self, run: Run) -> str:
        """Run a script to its end, time passing at once; what it said. Raises Failure."""
        self._recall()
        try:
            for seconds in run.flow:
                self._host.timeline.advance(seconds)
        except TooMuchDue as error:
            raise Stopped(str(error)) from error
        finally:
            self._remember()
        return "\n".join(run.output)

    def _rows(self, path: str) -> list[Row]:
        """The rows of a menu; out of sight where the catalogue of the version does not have it."""
        if path not in self._host.shapes:
            return self._unlisted.setdefault(path, [])
        return self._host.menu(path).table.rows

    def _recall(self) -> None:
        """Forget global variables whose rows were removed."""
        kept = {row.values.get("name") for row in self._rows(ENVIRONMENT)}
        for name in self._shared.keys() - kept:
            del self._shared[name]

    def _remember(self) -> None:
        """Show the global variables as rows."""
        self._rows(ENVIRONMENT)[:] = [
            Row(f"*{at:X}", {"name": name, "value": text(value)})
            for at, (name, value) in enumerate(self._shared.items(), 1)
        ]

    def _failed(self, title: str, failure: Failure) -> None:
        """Two lines of the log: the router's (beeyev's backup script #53), and why, which is the lab's."""
        self.tell("error", f"executing script {title} from scheduler failed, please check it manually")
        self.tell("error", failure.message)


def granted(policy: str) -> frozenset[str]:
    """The policies that a row lists."""
    return frozenset(word for word in policy.split(",") if word and not word.startswith("!"))
