"""lab.yaml: the virtual routers of a network, read with the place of every mistake."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from trueup.lab.device_mode import checked
from trueup.lab.fact import numbers
from trueup.lab.hardware import boards
from trueup.lab.packages import every_name
from trueup.lab.packets.addressing import span
from trueup.lab.spec import FREE_SPACE, Manager, Spec, User
from trueup.lab.trap import Trap
from trueup.lab.values.moment import microseconds

KEYS = (
    *(
        "name",
        "version",
        "board",
        "ports",
        "packages",
        "address",
        "port",
        "tls-port",
        "ssh-port",
        "username",
        "password",
        "users",
    ),
    *(
        "serial",
        "login",
        "anonymous",
        "latency",
        "per-command",
        "boot-time",
        "free-space",
        "device-mode",
        "manager",
        "answers",
        "faults",
        "seed",
    ),
)
MANAGER_KEYS = ("source", "destination", "interface", "vlan", "tunnel", "gateway")
FIRST_ADDRESS = "127.77.0."
LARGEST = 4_000_000


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong in lab.yaml, at a line and column that count from 1."""

    message: str
    line: int = 1
    column: int = 1


class BadNetwork(Exception):
    """Everything that is wrong in a lab.yaml."""

    def __init__(self, file: Path, mistakes: list[Mistake]) -> None:
        super().__init__("; ".join(mistake.message for mistake in mistakes))
        self.file = file
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Declared:
    """One router of lab.yaml: what it is, and the faults to begin with."""

    spec: Spec
    faults: tuple[Mapping[str, str], ...] = ()


def read_network(file: Path) -> list[Declared]:
    """The routers of a lab.yaml; raises BadNetwork with all its mistakes, OSError where it cannot be read."""
    reader = Reader()
    raw = file.read_bytes()
    if len(raw) > LARGEST:
        raise BadNetwork(file, [Mistake("larger than 4 MB")])
    try:
        root = yaml.compose(raw.decode("utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise BadNetwork(file, [Mistake("is not UTF-8 text")]) from error
    except RecursionError as error:
        raise BadNetwork(file, [Mistake("is nested too deeply")]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise BadNetwork(file, [Mistake(str(error.problem), *place)]) from error
    except yaml.YAMLError as error:
        raise BadNetwork(file, [Mistake("is not YAML")]) from error
    declared = reader.routers(root)
    if reader.mistakes:
        raise BadNetwork(file, reader.mistakes)
    return declared


class Reader:
    """Turns YAML nodes into specs and collects what is wrong with them."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def wrong(self, node: yaml.Node | None, message: str) -> None:
        mark = node.start_mark if node is not None else None
        self.mistakes.append(Mistake(message, mark.line + 1, mark.column + 1) if mark else Mistake(message))

    def mapping(self, node: yaml.Node | None) -> dict[str, yaml.Node]:
        """A mapping's values by key."""
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, "expected keys with values")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if key.value in found:
                self.wrong(key, f'"{key.value}" stands here twice')
            found[str(key.value)] = value
        return found

    def sequence(self, node: yaml.Node | None) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, "expected a list")
            return []
        return list(node.value)

    def text(self, node: yaml.Node) -> str:
        """A scalar as it was written; a list becomes comma-joined; a secret comes from the environment."""
        if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
            return ",".join(self.text(item) for item in node.value)
        if not isinstance(node, yaml.ScalarNode):
            self.wrong(node, "expected a single value")
            return ""
        if node.tag == "!secret":
            return self.secret(node)
        return str(node.value)

    def secret(self, node: yaml.ScalarNode) -> str:
        """The value of a secret, from the environment variable that the network's secrets use."""
        variable = "TRUEUP_SECRET_" + re.sub(r"[^A-Za-z0-9]+", "_", node.value).upper()
        if variable not in os.environ:
            self.wrong(node, f"the environment has no {variable}; in lab.yaml a password may also be written out")
        return os.environ.get(variable, "")

    def routers(self, root: yaml.Node | None) -> list[Declared]:
        top = self.mapping(root)
        if "routers" not in top:
            self.wrong(root, "no routers; write a list of them under routers:")
            return []
        nodes = self.sequence(top["routers"])
        if not nodes and isinstance(top["routers"], yaml.SequenceNode):
            self.wrong(top["routers"], "no routers in the list")
        declared = [self.router(node, at) for at, node in enumerate(nodes, 1)]
        names = [one.spec.name for one in declared]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.wrong(top["routers"], f'two routers are called "{name}"')
        return declared

    def router(self, node: yaml.Node, at: int) -> Declared:
        """One router; its number gives it an address where it has none."""
        keys = self.mapping(node)
        for name in keys.keys() - set(KEYS):
            self.wrong(keys[name], f'unknown key "{name}"; known are {", ".join(KEYS)}')
        if "name" not in keys:
            self.wrong(node, "a router needs a name")

        def value(name: str, default: str = "") -> str:
            return self.text(keys[name]) if name in keys else default

        def number(name: str, default: str, read: Callable[[str], Any]) -> Any:
            found = read(value(name, default))
            if found is None:
                self.wrong(keys.get(name), f"{name}: {value(name)!r} cannot be used here")
            return found

        if value("board", "chr") not in boards():
            self.wrong(keys["board"], f"no board {value('board')!r}; known are {', '.join(boards())}")
        spec = Spec(
            name=value("name"),
            version=number("version", "7.24", version),
            board=value("board", "chr"),
            ports=self.words(keys["ports"]) if "ports" in keys else (),
            packages=self.packages(keys["packages"]) if "packages" in keys else None,
            address=value("address", f"{FIRST_ADDRESS}{at}"),
            port=number("port", "8728", port),
            tls_port=number("tls-port", "8729", port),
            ssh_port=number("ssh-port", "0", port) if "ssh-port" in keys else None,
            username=value("username", "admin"),
            password=value("password"),
            users=tuple(self.user(each) for each in self.sequence(keys["users"])) if "users" in keys else (),
            serial=value("serial"),
            login=value("login", "plain"),
            anonymous=value("anonymous") in ("yes", "true"),
            latency=number("latency", "0", seconds) or 0.0,
            per_command=number("per-command", "0", seconds) or 0.0,
            boot_time=number("boot-time", "0", seconds) or 0.0,
            free_space=number("free-space", str(FREE_SPACE), amount),
            device_mode=self.device_mode(keys.get("device-mode"), value("version", "7.24")),
            manager=self.manager(keys["manager"]) if "manager" in keys else None,
            answers=self.answers(keys["answers"]) if "answers" in keys else (),
            seed=self.seed(keys["seed"]) if "seed" in keys else {},
        )
        faults = tuple(self.plain(each) for each in self.sequence(keys["faults"])) if "faults" in keys else ()
        return Declared(spec, faults)

    def user(self, node: yaml.Node) -> User:
        keys = self.plain(node)
        return User(keys.get("name", ""), keys.get("password", ""), keys.get("group", "full"))

    def device_mode(self, node: yaml.Node | None, version: str) -> dict[str, str]:
        """A mode, or a mapping with `mode` and the features that differ from it."""
        if node is None:
            return {}
        told = self.plain(node) if isinstance(node, yaml.MappingNode) else {"mode": self.text(node)}
        try:
            return checked(numbers(version), told)
        except Trap as trap:
            self.wrong(node, f"device-mode: {trap.message}")
            return {}

    def manager(self, node: yaml.Node) -> Manager:
        """Where the manager's packets come from."""
        keys = self.plain(node)
        for name in keys.keys() - set(MANAGER_KEYS):
            self.wrong(node, f'unknown key "{name}" of manager; known are {", ".join(MANAGER_KEYS)}')
        for name in ("source", "destination", "gateway"):
            if (name in keys or name != "gateway") and span(keys.get(name, "")) is None:
                self.wrong(node, f"manager: {name} is an IPv4 address")
        tag = keys.get("vlan", "0")
        if not (tag.isdecimal() and int(tag) < 4095):
            self.wrong(node, f"manager: vlan {tag!r} is no VLAN")
        texts = {name: keys[name] for name in MANAGER_KEYS if name in keys and name != "vlan"}
        return Manager(**{"source": "", "destination": "", **texts}, vlan=int(tag) if tag.isdecimal() else 0)

    def answers(self, node: yaml.Node) -> tuple[str, ...]:
        """Addresses and networks out there that answer pings."""
        named = self.words(node)
        for each in named:
            if span(each) is None:
                self.wrong(node, f"answers: {each!r} is no IPv4 address or network")
        return named

    def words(self, node: yaml.Node) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self.text(each) for each in self.sequence(node))

    def packages(self, node: yaml.Node) -> tuple[str, ...]:
        """Extra packages by name."""
        named = self.words(node)
        for each in sorted(set(named) - every_name()):
            self.wrong(node, f"no package {each!r}; known are {', '.join(sorted(every_name()))}")
        return named

    def plain(self, node: yaml.Node) -> dict[str, str]:
        return {name: self.text(value) for name, value in self.mapping(node).items()}

    def seed(self, node: yaml.Node) -> dict[str, list[dict[str, str]]]:
        """Rows by menu; a singleton's may stand alone."""
        found = {}
        for menu, rows in self.mapping(node).items():
            nodes = [rows] if isinstance(rows, yaml.MappingNode) else self.sequence(rows)
            found[menu] = [self.plain(each) for each in nodes]
        return found


def version(text: str) -> str | None:
    return text if re.fullmatch(r"[67]\.\d{1,2}(\.\d{1,2})?", text) else None


def port(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,5}", text) and int(text) < 65536 else None


def amount(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\d{1,15}", text) else None


def seconds(text: str) -> float | None:
    found = microseconds(text)
    return None if found is None else found / 1_000_000
