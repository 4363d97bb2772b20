"""A virtual router: words in, sentences out; no sockets, and no clock but the one it is given."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from trueup.lab import behaviour as facts
from trueup.lab import generated, hardware
from trueup.lab.behaviour import Behaviour, Refers, gather
from trueup.lab.call import Call, Reply, Words, split
from trueup.lab.commands import COMMANDS, READING
from trueup.lab.derive import derive
from trueup.lab.menu import Menu
from trueup.lab.policy import EVERY_POLICY
from trueup.lab.shape import Shapes
from trueup.lab.spec import Spec, User
from trueup.lab.table import MARKS, Row, Table
from trueup.lab.trap import Trap
from trueup.lab.values import accept
from trueup.lab.views import viewed

Facts = Callable[[str], Sequence[facts.Fact]]


class BadSeed(Exception):
    """A seed row that a router would not hold."""


class Router:
    """One router's whole state; every call is one command and is atomic. Safe to call from any thread."""

    def __init__(
        self, spec: Spec, menu_facts: Facts = facts.menu_facts, clock: Callable[[], float] = time.time
    ) -> None:
        self._begin(spec, menu_facts, clock)
        for path in ("/interface/ethernet", "/interface"):
            self.menu(path)
        self._people()
        for path, rows in spec.seed.items():
            self.seed(path, rows)
            derive(self, path)

    def _begin(self, spec: Spec, menu_facts: Facts, clock: Callable[[], float]) -> None:
        self.spec = spec
        self.version = facts.numbers(spec.version)
        self.board = hardware.boards()[spec.board]
        self.clock = clock
        self.booted = clock()
        self.tables: dict[str, Table] = {}
        self.counters: dict[str, int] = {}
        self.connections: dict[int, Mapping[str, str]] = {}
        self.lock = threading.RLock()
        self.dirty = True
        self._facts = menu_facts
        self._shapes = Shapes(spec.version)
        self._menus: dict[str, Menu] = {}

    @classmethod
    def kept(cls, spec: Spec, tables: dict[str, Table], counters: dict[str, int]) -> Router:
        """A router with the rows that it had; its seed is not looked at again."""
        router = cls.__new__(cls)
        router._begin(spec, facts.menu_facts, time.time)
        router.tables, router.counters = tables, counters
        return router

    def _people(self) -> None:
        """The users of the spec, instead of the factory's."""
        people = [User(self.spec.username, self.spec.password), *self.spec.users]
        self.menu("/user").table.rows.clear()
        self.seed("/user", [{"name": u.name, "password": u.password, "group": u.group} for u in people])

    def execute(self, words: Sequence[str], policies: frozenset[str] = EVERY_POLICY, user: str = "admin") -> Reply:
        """Run one command sentence; the reply carries its tag. Refusals are replies, never exceptions."""
        parts = split(words)
        with self.lock:
            try:
                reply = self._run(parts, policies, user)
            except Trap as trap:
                reply = [trap.words(), ["!done"]]
        return reply if parts.tag is None else [[*sentence, f".tag={parts.tag}"] for sentence in reply]

    def _run(self, parts: Words, policies: frozenset[str], user: str) -> Reply:
        if parts.path not in self._shapes:
            raise Trap("no such command prefix")
        menu = self.menu(parts.path)
        if parts.command not in COMMANDS or parts.command not in menu.behaviour.commands | READING:
            raise Trap("no such command")
        call = Call(self, menu, parts.arguments, parts.removed, parts.query, policies, user)
        call.require("read" if parts.command in READING else "write")
        if parts.path.startswith("/user"):
            call.require("read" if parts.command in READING else "policy")
        return COMMANDS[parts.command](call)

    def menu(self, path: str) -> Menu:
        """A menu with its rows, made with its factory rows when first asked for."""
        if path not in self._menus:
            behaviour = self._behaviour(path)
            fresh = path not in self.tables
            table = self.tables.setdefault(path, Table(path))
            self._menus[path] = Menu(self._shapes[path], behaviour, table)
            if fresh:
                self._furnish(self._menus[path])
        return self._menus[path]

    def _behaviour(self, path: str) -> Behaviour:
        known = self._facts(path)
        shipped = known is facts.menu_facts(path)
        return facts.shipped(path, self.spec.version) if shipped else gather(path, known, self.spec.version)

    def _furnish(self, menu: Menu) -> None:
        """Put in what the router has out of the box."""
        for values in menu.behaviour.rows:
            self._put(menu, dict(values))
        if menu.path == "/interface/ethernet":
            for values in hardware.ports(self):
                self._put(menu, values)

    def seed(self, path: str, rows: Sequence[Mapping[str, str]]) -> None:
        """Put rows in past all checks but those of values; raises BadSeed where a value is none."""
        menu = self.menu(path)
        for given in rows:
            try:
                self._put(menu, {name: self._seeded(menu, name, text) for name, text in given.items()})
            except Trap as trap:
                raise BadSeed(f"{path}: {trap.message}") from trap

    def _seeded(self, menu: Menu, name: str, text: str) -> str:
        known = menu.shape.properties.get(name)
        if known is None or known.read_only or name in menu.behaviour.refers:
            return {"yes": "true", "no": "false"}.get(text, text) if known and known.read_only else text
        return generated.form(menu, name, accept(known, text))

    def _put(self, menu: Menu, values: dict[str, str]) -> None:
        """One row with what the router fills in; a singleton's only row takes the values."""
        if menu.single and menu.table.rows:
            menu.table.rows[0].values.update(values)
            return
        id = values.pop(".id", "")
        row = Row(id) if id else self.new_row(menu)
        told = {name for name in values if name in MARKS or name in menu.behaviour.shows}
        own = {name: value for name, value in values.items() if name not in told}
        row.values = {**menu.behaviour.default(own), **own}
        row.marks = {**menu.behaviour.shows, **{name: values[name] for name in told}}
        generated.fill(self, menu, row, own)
        menu.table.rows.append(row)

    def new_row(self, menu: Menu) -> Row:
        """An empty row with the next id; ids never come back, and interfaces of all kinds share theirs."""
        key = menu.behaviour.namespace or menu.path
        number = self.counters.get(key, menu.behaviour.first_id)
        self.counters[key] = number + 1
        return Row(f"*{number:X}")

    def rows_of(self, menu: Menu) -> list[Row]:
        """The rows that a print of this menu goes through."""
        return viewed(self, menu)

    def members(self, namespace: str) -> tuple[str, ...]:
        """The menus whose rows bear the names of a namespace; of a plain menu, itself."""
        return self.namespaces.get(namespace, (namespace,))

    def kin(self, menu: Menu) -> Iterator[Row]:
        """Every row of the menu's namespace, or of the menu alone."""
        for path in self.members(menu.behaviour.namespace or menu.path):
            yield from self.menu(path).table

    @cached_property
    def behaviours(self) -> tuple[Behaviour, ...]:
        """Every menu's behaviour."""
        return tuple(map(self._behaviour, self._shapes.paths))

    @cached_property
    def namespaces(self) -> Mapping[str, tuple[str, ...]]:
        """The menus of each namespace; the one that it is called by is among them."""
        found: dict[str, list[str]] = {}
        for behaviour in self.behaviours:
            if behaviour.namespace:
                found.setdefault(behaviour.namespace, [behaviour.namespace]).append(behaviour.path)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def references(self) -> tuple[tuple[str, str, Refers], ...]:
        """Every checked reference: menu, property, where it leads."""
        return tuple((b.path, name, refers) for b in self.behaviours for name, refers in b.refers.items())

    def changed(self, menu: Menu) -> None:
        """Called after every write."""
        self.dirty = True
        derive(self, menu.path)

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
        if parts.path in self._shapes:
            behaviour = self.menu(parts.path).behaviour
            hidden |= behaviour.secret | behaviour.write_only
        return [
            f"={name}=*****" if word.startswith("=") and (name := word[1:].partition("=")[0]) in hidden else word
            for word in sentence
        ]


def attributes(sentence: Sequence[str]) -> dict[str, str]:
    """The `=name=value` words of a reply."""
    return {name: value for word in sentence if word.startswith("=") for name, _, value in [word[1:].partition("=")]}
