"""What a virtual router is made of: its menus and their rows, its clock and its counters; no commands yet."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import count

from trueup.lab import generated, switches
from trueup.lab.behaviour import Behaviour
from trueup.lab.device_mode import DEVICE_MODE, DeviceMode
from trueup.lab.expiry import TIMED, Expiry
from trueup.lab.fact import Fact, menu_facts, numbers
from trueup.lab.generated import Making
from trueup.lab.hardware import ETHERNET, Hardware, boards
from trueup.lab.history import History
from trueup.lab.kinship import Kinship, behaviour_of, kinship, shipped_kinship
from trueup.lab.menu import Menu
from trueup.lab.packages import installed, missing
from trueup.lab.presence import Presence
from trueup.lab.readings import HEALTH
from trueup.lab.safety import SafeMode
from trueup.lab.shape import Shapes
from trueup.lab.spec import Spec
from trueup.lab.table import MARKS, Row, Table
from trueup.lab.timeline import Timeline
from trueup.lab.trap import Trap
from trueup.lab.values import accept

Facts = Callable[[str], tuple[Fact, ...]]


class BadSeed(Exception):
    """A seed row that a router would not hold."""


class Machine:
    """One router's whole state; whoever changes it holds the lock."""

    def __init__(self, spec: Spec, menu_facts: Facts, clock: Callable[[], float]) -> None:
        self.spec = spec
        self.version = numbers(spec.version)
        self.hardware = Hardware(boards()[spec.board], spec)
        self.timeline = Timeline(clock)
        self.clock = self.timeline.now
        self.booted = clock()
        self.tables: dict[str, Table] = {}
        self.counters: dict[str, int] = {}
        self.connections: dict[int, Mapping[str, str]] = {}
        self.listeners: list[Callable[[str], None]] = []
        self.watchers: list[Callable[[], None]] = []
        self.sessions = count(1)
        self.consoles: dict[int, Callable[[], None]] = {}
        self.screens: dict[int, Callable[[str], None]] = {}
        self.device_mode = DeviceMode(self.version, self.timeline, lambda: self.menu(DEVICE_MODE).table.rows[0])
        self.expiry = Expiry(self.timeline)
        self._begin()
        self.lock = threading.RLock()
        self.dirty = True
        self._facts = menu_facts
        absent = missing(spec.version, installed(self.hardware))
        self.shapes = Shapes(
            spec.version,
            absent,
            (HEALTH,) if self.hardware.board.sensors else (),
            hardware=not self.hardware.board.bare,
        )
        self._menus: dict[str, Menu] = {}

    def factory(self) -> Machine:
        """The same machine as it was before anybody touched it."""
        return Machine(replace(self.spec, seed={}), self._facts, self.clock)

    def menu(self, path: str) -> Menu:
        """A menu with its rows, made with its factory rows when first asked for."""
        if path not in self._menus:
            behaviour = self._behaviour(path)
            fresh = path not in self.tables
            table = self.tables.setdefault(path, Table(path))
            self._menus[path] = Menu(self.shapes[path], behaviour, table)
            if fresh:
                self._furnish(self._menus[path])
        return self._menus[path]

    def _behaviour(self, path: str) -> Behaviour:
        return behaviour_of(self.shapes, path, self._facts(path))

    def _furnish(self, menu: Menu) -> None:
        """Put in what the router has out of the box."""
        for values in menu.behaviour.rows or ([{}] if menu.single else []):
            self._put(menu, dict(values))
        if menu.path in self.hardware.port_menus:
            for values in self.hardware.ports(menu.path):
                self._put(menu, values)
        if menu.path == "/queue/interface":
            for values in self._queues():
                self._put(menu, values)
        if menu.path.startswith(switches.SWITCH):
            for values in switches.rows(self.hardware.board, menu.path, self._port_names()):
                self._put(menu, values)

    def _port_names(self) -> dict[str, str]:
        """What ethernet ports are called now, by their default names."""
        table = self.menu(ETHERNET).table
        return {row.values["default-name"]: row.values["name"] for row in table if "default-name" in row.values}

    def _queues(self) -> list[dict[str, str]]:
        """One queue for each port, by its name of now (MikroTik documentation, Queues)."""
        kinds = {"/interface/wireless": "wireless-default"}
        return [
            {"interface": row.values["name"], "queue": kinds.get(path, "only-hardware-queue")}
            for path in self.hardware.port_menus
            if path in self.shapes
            for row in self.menu(path).table
            if "default-name" in row.values
        ]

    def seed(self, path: str, rows: Sequence[Mapping[str, str]]) -> None:
        """Put rows in past all checks but those of values; raises BadSeed where a value is none."""
        if path not in self.shapes:
            raise BadSeed(f"{path}: no such menu here")
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
        generated.fill(menu, self.making(row), own)
        menu.table.rows.append(row)

    def new_row(self, menu: Menu) -> Row:
        """An empty row with the next id."""
        return Row(self.new_id(menu))

    def new_id(self, menu: Menu) -> str:
        """The next id; ids never come back, and interfaces of all kinds share theirs."""
        key = menu.behaviour.namespace or menu.path
        number = self.counters.get(key, menu.behaviour.first_id)
        self.counters[key] = number + 1
        return f"*{number:X}"

    def making(self, row: Row, user: str = "admin") -> Making:
        """What generated values of a row are made from."""
        return Making(self.spec.name, self.clock(), row, user)

    @property
    def uptime(self) -> int:
        """Whole seconds since the start."""
        return max(0, int(self.clock() - self.booted))

    @property
    def now(self) -> str:
        """The router's time as its log writes it."""
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.clock()))

    def advance(self, seconds: float) -> None:
        """Let time pass at once on this router; what is due in it happens."""
        with self.lock:
            self.timeline.advance(seconds)

    def catch_up(self) -> None:
        """Let happen what has become due."""
        with self.lock:
            self.timeline.catch_up()

    def jump(self, seconds: float) -> None:
        """Set the clock ahead, as a time server may after boot: no time passes, starts in between are missed."""
        with self.lock:
            self.timeline.jump(seconds)
            self.booted += seconds

    def reschedule(self, booting: bool = False) -> None:
        """Called when rows of the scheduler have changed; `booting` when the router starts."""

    def restart(self) -> None:
        """Begin anew as after a reboot: rows are kept; uptime, log, history, what was due and some ids are not."""
        self.timeline.clear()
        if TIMED in self.tables:
            self.expiry.start(self.tables[TIMED])
        for path in list(self.tables) if self.spec.fresh_ids else ():
            self._number(path)
        self.device_mode.forget()
        self.booted = self.clock()
        self._begin()

    def _echo(self, when: str, topics: str, message: str) -> None:
        """Critical messages go to every console's screen (MikroTik documentation, Log: the rule that is there)."""
        if "critical" in topics:
            for show in list(self.screens.values()):
                show(f"{when.rpartition(' ')[2]} echo: {topics} {message}")
        self.stir()

    def stir(self) -> None:
        """Wake whoever listens to a menu: some rows may have changed."""
        for wake in self.watchers:
            wake()

    def _number(self, path: str) -> None:
        """Number the rows of a menu without names anew, in their order: ids are for one start alone."""
        menu = self.menu(path) if path in self.shapes else None
        if menu is None or menu.single or menu.behaviour.names or menu.behaviour.namespace:
            return
        self.counters.pop(path, None)
        for row in menu.table:
            if row.marks.get("connect") != "true":
                row.id = self.new_id(menu)

    def _begin(self) -> None:
        """What no start remembers; a hold of safe mode is over, and nothing is undone."""
        self.wedged = False
        self.presence = Presence(self._echo)
        self.history = History()
        self.safe_mode = SafeMode(self.history, self.timeline)

    def members(self, namespace: str) -> tuple[str, ...]:
        """The menus whose rows bear the names of a namespace; of a plain menu, itself."""
        return tuple(path for path in self.kinship.namespaces.get(namespace, (namespace,)) if path in self.shapes)

    def kin(self, menu: Menu) -> Iterator[Row]:
        """Every row of the menu's namespace, or of the menu alone."""
        for path in self.members(menu.behaviour.namespace or menu.path):
            yield from self.menu(path).table

    @cached_property
    def kinship(self) -> Kinship:
        """What the menus have to do with each other; shared by all routers of a version."""
        if self._facts is menu_facts:
            return shipped_kinship(self.spec.version)
        return kinship(map(self._behaviour, Shapes(self.spec.version).paths))
