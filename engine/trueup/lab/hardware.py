"""What a board is: its ports, its serial number, and the menus that only tell of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from trueup.lab.behaviour import LOADER
from trueup.lab.values.moment import spelled

if TYPE_CHECKING:
    from trueup.lab.router import Router

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


def serial(router: Router) -> str:
    """The serial number, or a CHR's system-id: what the spec says, else one that the name always gives."""
    digest = hashlib.sha256(router.spec.name.encode()).hexdigest().upper()
    return router.spec.serial or (f"HC{digest[:9]}" if router.board.model else f"{digest[:11]}A")


def resource(router: Router) -> dict[str, str]:
    """/system/resource."""
    seconds = max(0, int(router.clock() - router.booted))
    return {
        "uptime": spelled(seconds * 1_000_000),
        "version": f"{router.spec.version} (stable)",
        "free-memory": "794824704",
        "total-memory": "1073741824",
        "cpu-count": "2",
        "cpu-load": "0",
        "free-hdd-space": "71675904",
        "total-hdd-space": "86183936",
        "architecture-name": router.board.architecture,
        "board-name": router.board.name,
        "platform": "MikroTik",
    }


def routerboard(router: Router) -> dict[str, str]:
    """/system/routerboard; a CHR is none."""
    if not router.board.model:
        return {"routerboard": "false"}
    return {
        "routerboard": "true",
        "board-name": router.board.name,
        "model": router.board.model,
        "serial-number": serial(router),
        "current-firmware": router.spec.version,
        "upgrade-firmware": router.spec.version,
    }


def license_(router: Router) -> dict[str, str]:
    """/system/license; a CHR is known by its system-id."""
    if router.board.model:
        return {"software-id": f"{serial(router)[:4]}-{serial(router)[4:8]}", "nlevel": "5", "features": ""}
    return {"system-id": serial(router), "level": "free"}


TOLD = {"/system/resource": resource, "/system/routerboard": routerboard, "/system/license": license_}
"""Menus that hold nothing of their own."""


def ports(router: Router) -> list[dict[str, str]]:
    """The ethernet rows that the board brings."""
    digest = hashlib.sha256(router.spec.name.encode()).hexdigest().upper()
    rows = []
    for number, name in enumerate(router.board.ports):
        mac = f"48:A9:8A:{digest[0:2]}:{digest[2:4]}:{number + 16:02X}"
        rows.append({"name": name, "default-name": name, "mac-address": mac, "orig-mac-address": mac})
    return rows
