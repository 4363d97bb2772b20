"""What a board is: its ports, its serial number, and the menus that only tell of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from trueup.lab.behaviour import LOADER
from trueup.lab.spec import Spec
from trueup.lab.values.moment import spelled

BOARDS = Path(__file__).with_name("facts") / "boards.yaml"


@dataclass(frozen=True, slots=True)
class Board:
    """One kind of router; a CHR has no model."""

    name: str
    architecture: str
    ports: tuple[str, ...]
    model: str = ""


@cache
def boards() -> Mapping[str, Board]:
    """The boards that the lab knows, by the name a spec uses."""
    read = yaml.load(BOARDS.read_text(), Loader=LOADER)  # noqa: S506 -- a loader of texts alone
    return {
        key: Board(entry["name"], entry["architecture"], tuple(entry["ports"].split()), entry.get("model", ""))
        for key, entry in read.items()
    }


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

    def ports(self) -> list[dict[str, str]]:
        """The ethernet rows that the board brings."""
        rows = []
        for number, name in enumerate(self.board.ports):
            mac = f"48:A9:8A:{self.digest[0:2]}:{self.digest[2:4]}:{number + 16:02X}"
            rows.append({"name": name, "default-name": name, "mac-address": mac, "orig-mac-address": mac})
        return rows


def resource(hardware: Hardware, uptime: int) -> dict[str, str]:
    """/system/resource; the uptime in seconds."""
    return {
        "uptime": spelled(uptime * 1_000_000),
        "version": f"{hardware.spec.version} (stable)",
        "free-memory": "794824704",
        "total-memory": "1073741824",
        "cpu-count": "2",
        "cpu-load": "0",
        "free-hdd-space": "71675904",
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
