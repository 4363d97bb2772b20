"""What a board is: its ports, its serial number, and the menus that only tell of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from trueup.lab.fact import FACTS, LOADER, numbers
from trueup.lab.spec import Spec
from trueup.lab.values.moment import spelled

ETHERNET, LTE = "/interface/ethernet", "/interface/lte"
RADIOS = {"wlan": "/interface/wireless", "wifi": "/interface/wifi", "lte": LTE, "wlan60-": "/interface/w60g"}
"""Menus of ports that are no ethernet, by how their names begin."""

WIFI_SINCE = (7, 13)
"""ax radios were in /interface/wifiwave2 before (MikroTik documentation, WiFi)."""

SPAN = re.compile(r"(.*?)(\d+)\.\.(\d+)")
"""Ports that are counted, such as `ether1..4`."""

ANY = "routerboard"
"""The board that stands for those that the lab does not know."""

REGION = re.compile(r"-(?:US|EU|IN|RM|TC|EM|OUT|BE|PC)$", re.IGNORECASE)
"""Ends of models that tell of a country or a case, never of ports."""


@dataclass(frozen=True, slots=True)
class Board:
    """One kind of router; a CHR has no model. `key` is what a spec calls it, `models` are all that have these ports.

    `sensors` are what /system/health tells, by id: name, value, unit. `switches` are the ports of each switch chip.
    """

    key: str
    name: str
    architecture: str
    ports: tuple[str, ...]
    models: tuple[str, ...] = ()
    sensors: Mapping[str, str] = field(default_factory=dict)
    switches: tuple[tuple[str, ...], ...] = ()

    @property
    def model(self) -> str:
        """What `/system/routerboard` tells and the head of an export says."""
        return self.models[0] if self.models else ""

    @property
    def bare(self) -> bool:
        """Whether it is a virtual machine or a PC, which lack what only boards have."""
        return not self.models and self.key != ANY


@cache
def boards() -> Mapping[str, Board]:
    """The boards that the lab knows, by the name a spec uses."""
    read = yaml.load((FACTS / "boards.yaml").read_text("utf-8"), Loader=LOADER)  # noqa: S506 -- a loader of texts alone
    return {key: board_of(key, entry) for key, entry in read.items()}


def board_of(key: str, entry: Mapping[str, Any]) -> Board:
    models = tuple(entry.get("models", "").split())
    switches = tuple(ports_of(chip) for chip in entry["switch"].split("|")) if "switch" in entry else ()
    ports, sensors = ports_of(entry["ports"]), entry.get("sensors", {})
    return Board(key, entry["name"], entry["architecture"], ports, models, sensors, switches)


def ports_of(words: str) -> tuple[str, ...]:
    """The ports that words such as `ether1..4 sfp1` stand for."""
    return tuple(port for word in words.split() for port in counted(word))


def counted(word: str) -> list[str]:
    """`ether1..3` as its three ports; any other word is one port."""
    found = SPAN.fullmatch(word)
    return [f"{found[1]}{number}" for number in range(int(found[2]), int(found[3]) + 1)] if found else [word]


def board_for(model: str) -> Board | None:
    """The board of a model as `/system/routerboard` or the head of an export names it; None where it is not known.

    Spellings of several releases are taken: `RouterBOARD 750G r3`, `RB750Gr3`, `951Ui-2HnD`, `RB2011UiAS-RM`.
    """
    known = {plain_model(name): board for board in boards().values() for name in board.models}
    wanted = plain_model(model)
    return known.get(wanted) or known.get(plain_model(REGION.sub("", model.strip())))


def plain_model(model: str) -> str:
    """A model without what releases write differently: the maker's prefix, spaces, case."""
    return re.sub(r"^(?:routerboard|rb)", "", re.sub(r"\s+", "", model).lower())


@dataclass(frozen=True, slots=True)
class Hardware:
    """One router's board with what tells it from others of its kind."""

    board: Board
    spec: Spec

    @property
    def digest(self) -> str:
        """Hex digits that the name always gives."""
        return hashlib.sha256(self.spec.name.encode()).hexdigest().upper()

    @property
    def serial(self) -> str:
        """The serial number, or a CHR's system-id: what the spec says, else one that the name always gives."""
        return self.spec.serial or (f"HC{self.digest[:9]}" if self.board.model else f"{self.digest[:11]}A")

    @property
    def port_menus(self) -> tuple[str, ...]:
        """The menus that the ports are in, ethernet first."""
        return tuple(dict.fromkeys((ETHERNET, *map(self.menu_of, self.names))))

    @property
    def names(self) -> tuple[str, ...]:
        """Every port by its default name: the board's, then those that the spec adds."""
        return tuple(dict.fromkeys((*self.board.ports, *self.spec.ports)))

    def menu_of(self, port: str) -> str:
        """The menu that a port is in, told by its name; ax radios moved with 7.13."""
        menu = RADIOS.get(port.rstrip("0123456789"), ETHERNET)
        return "/interface/wifiwave2" if menu == "/interface/wifi" and self.version < WIFI_SINCE else menu

    def ports(self, path: str) -> list[dict[str, str]]:
        """The rows that the board's ports are in one menu."""
        rows = []
        for number, name in enumerate(self.names):
            if self.menu_of(name) != path:
                continue
            row = {"name": name, "default-name": name}
            if path != LTE:
                mac = f"48:A9:8A:{self.digest[0:2]}:{self.digest[2:4]}:{number + 16:02X}"
                row["mac-address"] = mac
                if path == ETHERNET:
                    row["orig-mac-address"] = mac
            rows.append(row)
        return rows

    @property
    def version(self) -> tuple[int, ...]:
        return numbers(self.spec.version)


def resource(hardware: Hardware, uptime: int) -> dict[str, str]:
    """/system/resource; the uptime in seconds."""
    return {
        "uptime": spelled(uptime * 1_000_000),
        "version": f"{hardware.spec.version} (stable)",
        "free-memory": "794824704",
        "total-memory": "1073741824",
        "cpu-count": "2",
        "cpu-load": "0",
        "free-hdd-space": str(hardware.spec.free_space),
        "total-hdd-space": "86183936",
        "architecture-name": hardware.board.architecture,
        "board-name": hardware.board.name,
        "platform": "MikroTik",
    }


def routerboard(hardware: Hardware, _: int) -> dict[str, str]:
    """/system/routerboard; a CHR is none."""
    if not hardware.board.model:
        return {"routerboard": "false"}
    return {
        "routerboard": "true",
        "board-name": hardware.board.name,
        "model": hardware.board.model,
        "serial-number": hardware.serial,
        "current-firmware": hardware.spec.version,
        "upgrade-firmware": hardware.spec.version,
    }


def license_(hardware: Hardware, _: int) -> dict[str, str]:
    """/system/license; a CHR is known by its system-id."""
    serial = hardware.serial
    if hardware.board.model:
        return {"software-id": f"{serial[:4]}-{serial[4:8]}", "nlevel": "5", "features": ""}
    return {"system-id": serial, "level": "free"}


TOLD = {"/system/resource": resource, "/system/routerboard": routerboard, "/system/license": license_}
"""Menus that hold nothing of their own."""
