"""A virtual router: words in, sentences out; no sockets, and no clock but the one it is given."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from trueup.lab import files, storage
from trueup.lab.call import Call, Reply, Words, split
from trueup.lab.commands import COMMANDS, OWN, READING, ROOT
from trueup.lab.derive import derive
from trueup.lab.fact import menu_facts
from trueup.lab.inspect import Tree, inspect
from trueup.lab.listening import Listening
from trueup.lab.machine import BadSeed, Facts, Machine
from trueup.lab.policy import EVERY_POLICY
from trueup.lab.spec import Spec, User
from trueup.lab.table import Row, Table
from trueup.lab.trap import Trap, unknown_parameter, worded

if TYPE_CHECKING:
    from trueup.lab.scripting.console import Scripting
    from trueup.lab.scripting.schedule import Schedule

__all__ = ["BadSeed", "Router", "attributes"]

RUNNING = frozenset({("", "execute"), ("", "import"), ("/system/script", "run")})
"""Commands that run a script (command trees of CHR 7.9.2 to 7.24)."""

STARTED = ("/system/script/job", "/system/script/environment")
"""Menus that no start remembers."""


class Router(Machine):
    """A machine that answers; every call is one command and is atomic. Safe to call from any thread."""

    def __init__(self, spec: Spec, menu_facts: Facts = menu_facts, clock: Callable[[], float] = time.time) -> None:
        super().__init__(spec, menu_facts, clock)
        for path in ("/interface/ethernet", "/interface"):
            self.menu(path)
        self._people()
        self.device_mode.begin(spec.device_mode)
        for path, rows in spec.seed.items():
            self.seed(path, rows)
            self._fold(path, rows)
            derive(self, path)
        storage.begin(self)
        self.reschedule(booting=True)

    def _fold(self, path: str, given: Sequence[Mapping[str, str]]) -> None:
        """Let seeded rows of a menu that takes none become values of those that are there anyway, by their names."""
        menu = self.menu(path)
        if menu.single or "add" in menu.behaviour.commands:
            return
        there, new = menu.table.rows[: -len(given) or None], menu.table.rows[-len(given) :] if given else []
        for row, values in zip(new, given, strict=True):
            for name in ("default-name", "name"):
                same = [each for each in there if values.get(name) and each.values.get(name) == values[name]]
                if same:
                    same[0].values.update({each: row.values[each] for each in values if each in row.values})
                    menu.table.rows[:] = [each for each in menu.table.rows if each is not row]
                    break

    @classmethod
    def kept(cls, spec: Spec, tables: dict[str, Table], counters: dict[str, int]) -> Router:
        """A router with the rows that it had; its seed is not looked at again."""
        router = cls.__new__(cls)
        Machine.__init__(router, spec, menu_facts, time.time)
        router.tables, router.counters = tables, counters
        router.reschedule(booting=True)
        return router

    def _people(self) -> None:
        """The users of the spec, instead of the factory's."""
        people = [User(self.spec.username, self.spec.password), *self.spec.users]
        self.menu("/user").table.rows.clear()
        self.seed("/user", [{"name": u.name, "password": u.password, "group": u.group} for u in people])

    def execute(
        self, words: Sequence[str], policies: frozenset[str] = EVERY_POLICY, user: str = "admin", session: int = 0
    ) -> Reply:
        """Run one command sentence; the reply carries its tag. Refusals are replies, never exceptions."""
        parts = split(words)
        with self.lock:
            self.timeline.catch_up()
            try:
                reply = self._run(parts, policies, user, session)
            except Trap as trap:
                reply = [worded(trap, self.version).words(), ["!done"]]
        return reply if parts.tag is None else [[*sentence, f".tag={parts.tag}"] for sentence in reply]

    def listen(
        self, words: Sequence[str], policies: frozenset[str] = EVERY_POLICY, user: str = "admin", session: int = 0
    ) -> Listening | Reply:
        """Begin a `listen`, which whoever holds the connection goes on asking for news; a refusal is a reply."""
        parts = split(words)
        with self.lock:
            self.timeline.catch_up()
            try:
                if parts.path not in self.shapes:
                    raise Trap("no such command prefix" if parts.path else "no such command")
                if parts.stray:
                    raise unknown_parameter(parts.stray)
                menu = self.menu(parts.path)
                call = Call(self, menu, parts.arguments, parts.removed, parts.query, policies, user, session)
                call.require("read")
                return Listening(call)
            except Trap as trap:
                return [worded(trap, self.version).words(), ["!done"]]

    def _run(self, parts: Words, policies: frozenset[str], user: str, session: int) -> Reply:
        if (parts.path, parts.command) == ("/system", "reboot"):
            raise Trap("not enough permissions (9)")  # those who may are served by their session
        if (parts.path, parts.command) == ("", "nothing"):  # a command of the root in every tree; BundleWrap sends it
            return [["!done"]]
        self.device_mode.refuse(parts.path, parts.command, parts.arguments)
        apart = self._apart(parts, policies, user, session)
        if apart is not None:
            return apart
        if parts.path not in self.shapes:
            raise Trap("no such command prefix" if parts.path else "no such command")
        menu = self.menu(parts.path)
        commands = {**COMMANDS, **OWN.get(parts.path, {})}
        if parts.command not in commands or parts.command not in menu.behaviour.commands | READING:
            raise Trap("no such command")
        if parts.command == "get" and parts.path == "/system/routerboard":  # in no command tree from 7.16.2 to 7.24
            raise Trap("no such command")
        if parts.stray:
            raise unknown_parameter(parts.stray)
        call = Call(self, menu, parts.arguments, parts.removed, parts.query, policies, user, session)
        call.require("read" if parts.command in READING else "write")
        storage.refuse(self, parts.path, parts.command, parts.arguments)
        if parts.path == "/file" and parts.command not in READING:
            call.require("ftp")
        if parts.path.startswith("/user"):
            call.require("read" if parts.command in READING else "policy")
        return commands[parts.command](call)

    def _apart(self, parts: Words, policies: frozenset[str], user: str, session: int) -> Reply | None:
        """The reply to a command that is not about a menu's rows; None for all others."""
        if (parts.path, parts.command) == ("/console", "inspect"):
            return inspect(self.tree, parts.arguments, policies)
        if (parts.path, parts.command) in RUNNING:
            return self._script(parts, policies, user)
        if parts.command == "export" and self.leads(parts.path):
            from trueup.lab.export.request import answer

            return answer(self, parts, policies)
        if (parts.path, parts.command) == (files.FILE, "read"):
            call = Call(self, self.menu(files.FILE), parts.arguments, (), (), policies, user, session)
            call.require("read")
            return files.read(call)
        if not parts.path and parts.command in ROOT:
            menu = self.menu("/system/history")
            return ROOT[parts.command](Call(self, menu, parts.arguments, parts.removed, (), policies, user, session))
        return None

    def leads(self, path: str) -> bool:
        """Whether a path is a menu, leads to one, or is the root."""
        return path in self.shapes or any(each.startswith(f"{path}/") for each in self.shapes.paths)

    def export(self, path: str, flags: Collection[str], named: Mapping[str, str], policies: frozenset[str]) -> str:
        """What an `export` typed at the console says; raises Trap."""
        from trueup.lab.export.request import told

        return told(self, path, flags, named, policies)

    def _script(self, parts: Words, policies: frozenset[str], user: str) -> Reply:
        """A command that runs a script; the language is loaded with the first one."""
        from trueup.lab.scripting.console import As
        from trueup.lab.scripting.request import answer

        if parts.stray:
            raise unknown_parameter(parts.stray)
        return answer(self.scripting, parts, As(user, policies))

    @cached_property
    def scripting(self) -> Scripting:
        """The scripts of this start."""
        from trueup.lab.scripting.console import Scripting

        self._forget()
        return Scripting(self)

    @cached_property
    def schedule(self) -> Schedule:
        """What the scheduler's rows are waiting for."""
        from trueup.lab.scripting.schedule import Schedule

        return Schedule(self.timeline, self.version, self.counters, self._event)

    def _event(self, row: Row) -> None:
        """A row of the scheduler is due; where device-mode forbids it nothing runs."""
        if self.device_mode.allows("scheduler"):
            self.scripting.event(row)

    def reschedule(self, booting: bool = False) -> None:
        """Bring what is due in line with the scheduler's rows."""
        table = self.tables.get("/system/scheduler")
        if table is not None and (table.rows or "schedule" in vars(self)):
            self.schedule.settle(table, self.booted, booting)

    def jump(self, seconds: float) -> None:
        """As every machine's; single starts of the scheduler that were passed are missed."""
        with self.lock:
            super().jump(seconds)
            if "schedule" in vars(self):
                self.schedule.forget()
            self.reschedule()

    def restart(self) -> None:
        """As every machine's; scripts that ran and global variables are gone, the scheduler begins anew."""
        super().restart()
        for name in ("scripting", "schedule"):
            vars(self).pop(name, None)
        self._forget()
        self.reschedule(booting=True)

    def _forget(self) -> None:
        for path in STARTED:
            if path in self.tables:
                self.tables[path].rows.clear()

    @cached_property
    def tree(self) -> Tree:
        """What /console/inspect tells of; it does not change while the router is up."""
        return Tree(self)

    def user(self, name: str) -> Row | None:
        """The enabled user of a name."""
        with self.lock:
            return next((row for row in self.menu("/user").table.where({"name": name}) if row.enabled), None)

    def policies(self, name: str) -> frozenset[str]:
        """What a user's group lets them do."""
        with self.lock:
            user = self.user(name)
            group = user.values.get("group", "") if user else ""
            rows = self.menu("/user/group").table.where({"name": group})
            words = rows[0].values.get("policy", "").split(",") if rows else []
        return frozenset(word for word in words if not word.startswith("!"))

    def rows(self, path: str, policies: frozenset[str] = EVERY_POLICY) -> list[dict[str, str]]:
        """A menu's rows as a print gives them to a user with these policies; raises KeyError where there is no menu."""
        reply = self.execute([f"{path}/print"], policies)
        if reply[0][0] == "!trap":
            raise KeyError(path)
        return [attributes(sentence) for sentence in reply if sentence[0] == "!re"]

    def masked(self, sentence: Sequence[str]) -> list[str]:
        """A sentence that may be kept: secrets are asterisks."""
        parts = split(sentence)
        hidden = {"password", "response", "secret"}
        if parts.path in self.shapes:
            behaviour = self.menu(parts.path).behaviour
            hidden |= behaviour.secret | behaviour.write_only
        return [
            f"={name}=*****" if word.startswith("=") and (name := word[1:].partition("=")[0]) in hidden else word
            for word in sentence
        ]


def attributes(sentence: Sequence[str]) -> dict[str, str]:
    """The `=name=value` words of a reply."""
    return {name: value for word in sentence if word.startswith("=") for name, _, value in [word[1:].partition("=")]}
