"""A virtual router: words in, sentences out; no sockets, no clock of its own but the one given."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import cached_property

from trueup.lab import behaviour as facts
from trueup.lab.behaviour import Refers, gather
from trueup.lab.call import EVERY_POLICY, Call, Reply, Words, split
from trueup.lab.commands import COMMANDS, READING
from trueup.lab.menu import Menu
from trueup.lab.shape import Shapes
from trueup.lab.spec import Spec, User
from trueup.lab.table import MARKS, Row, Table
from trueup.lab.trap import Trap

Facts = Callable[[str], Sequence[facts.Fact]]


class Router:
    """One router's whole state; every call is one command and is atomic. Safe to call from any thread."""

    def __init__(self, spec: Spec, menu_facts: Facts = facts.menu_facts, clock: Callable[[], float] = time.time) -> None:
        self.spec = spec
        self.version = facts.numbers(spec.version)
        self.clock = clock
        self.booted = clock()
        self.tables: dict[str, Table] = {}
        self.counters: dict[str, int] = {}
        self.lock = threading.RLock()
        self._facts = menu_facts
        self._shapes = Shapes(spec.version)
        self._menus: dict[str, Menu] = {}
        self._people()
        for path, rows in spec.seed.items():
            self.seed(path, rows)

    def _people(self) -> None:
        """The users of the spec, instead of the factory's."""
        people = [User(self.spec.username, self.spec.password), *self.spec.users]
        self.menu("/user").table.rows.clear()
        self.seed("/user", [{"name": u.name, "password": u.password, "group": u.group} for u in people])

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

    def rows(self, path: str) -> list[dict[str, str]]:
        """A menu's rows as a print gives them to a user with every policy; raises KeyError where there is none."""
        reply = self.execute([f"{path}/print"])
        if reply[0][0] == "!trap":
            raise KeyError(path)
        return [attributes(sentence) for sentence in reply if sentence[0] == "!re"]

    def masked(self, sentence: Sequence[str]) -> list[str]:
        """A sentence that may be kept: secrets are asterisks."""
        parts = split(sentence)
        hidden = {"password", "response"}
        if parts.path in self._shapes:
            behaviour = self.menu(parts.path).behaviour
            hidden |= behaviour.secret | behaviour.write_only
        return [
            f"={name}=*****" if word.startswith("=") and (name := word[1:].partition("=")[0]) in hidden else word
            for word in sentence
        ]

    def execute(self, words: Sequence[str], policies: frozenset[str] = EVERY_POLICY) -> Reply:
        """Run one command sentence; the reply carries its tag. Refusals are replies, never exceptions."""
        parts = split(words)
        with self.lock:
            try:
                reply = self._run(parts, policies)
            except Trap as trap:
                reply = [trap.words(), ["!done"]]
        return reply if parts.tag is None else [[*sentence, f".tag={parts.tag}"] for sentence in reply]

    def _run(self, parts: Words, policies: frozenset[str]) -> Reply:
        if parts.path not in self._shapes:
            raise Trap("no such command prefix")
        menu = self.menu(parts.path)
        if parts.command not in COMMANDS or parts.command not in menu.behaviour.commands | READING:
            raise Trap("no such command")
        call = Call(self, menu, parts.arguments, parts.removed, parts.query, policies)
        call.require("read" if parts.command in READING else "write")
        return COMMANDS[parts.command](call)

    def menu(self, path: str) -> Menu:
        """A menu with its rows, made with its factory rows when first asked for."""
        if path not in self._menus:
            behaviour = gather(path, self._facts(path), self.spec.version)
            table = self.tables.setdefault(path, Table(path))
            menu = self._menus[path] = Menu(self._shapes[path], behaviour, table)
            if path not in self.counters:
                self.counters[path] = behaviour.first_id
                self.seed(path, behaviour.rows)
        return self._menus[path]

    def seed(self, path: str, rows: Sequence[dict[str, str]]) -> None:
        """Put rows in as they are, unchecked; a singleton's row is changed."""
        menu = self.menu(path)
        for values in rows:
            if menu.single and menu.table.rows:
                menu.table.rows[0].values.update(values)
                continue
            row = self.new_row(menu)
            row.values = {**menu.behaviour.default, **{k: v for k, v in values.items() if k not in MARKS}}
            row.marks = {**menu.behaviour.shows, **{k: v for k, v in values.items() if k in MARKS}}
            menu.table.rows.append(row)

    def new_row(self, menu: Menu) -> Row:
        """An empty row with the next id; ids never come back."""
        number = self.counters[menu.path]
        self.counters[menu.path] = number + 1
        return Row(f"*{number:X}")

    def rows_of(self, menu: Menu) -> list[Row]:
        """The rows that a print of this menu goes through."""
        return menu.table.rows

    def members(self, namespace: str) -> tuple[str, ...]:
        """The menus whose rows bear the names of a namespace; of a menu, itself."""
        return self._shapes.members(namespace)

    @cached_property
    def references(self) -> tuple[tuple[str, str, Refers], ...]:
        """Every checked reference: menu, property, where it leads."""
        return tuple(
            (path, name, refers)
            for path in self._shapes.paths
            for name, refers in self.menu(path).behaviour.refers.items()
        )

    def changed(self, menu: Menu) -> None:
        """Called after every write."""


def attributes(sentence: Sequence[str]) -> dict[str, str]:
    """The `=name=value` words of a reply."""
    return {name: value for word in sentence if word.startswith("=") for name, _, value in [word[1:].partition("=")]}
