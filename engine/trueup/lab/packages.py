"""Extra packages: which a router has, and the menus that are there only with them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

import yaml

from trueup.lab.fact import FACTS, LOADER, holds, numbers
from trueup.lab.hardware import Hardware


@dataclass(frozen=True, slots=True)
class Brought:
    """What one package brings in some versions: whole menus, and the driver of ports whose names begin so."""

    package: str
    menus: tuple[str, ...]
    ports: str = ""
    since: str = ""
    until: str = ""


@cache
def every() -> tuple[Brought, ...]:
    """Everything that packages bring."""
    read = yaml.load((FACTS / "packages.yaml").read_text("utf-8"), Loader=LOADER)  # noqa: S506 -- a loader of texts alone
    return tuple(
        Brought(
            entry.get("package", name),
            tuple(entry.get("menus", "").split()),
            entry.get("ports", ""),
            entry.get("since", ""),
            entry.get("until", ""),
        )
        for name, entry in read.items()
    )


def every_name() -> frozenset[str]:
    """The packages of any version."""
    return frozenset(each.package for each in every())


@cache
def known(version: str) -> tuple[Brought, ...]:
    """What packages bring in one version."""
    return tuple(each for each in every() if holds(numbers(version), each.since, each.until))


def names(version: str) -> tuple[str, ...]:
    """The packages that exist for a version."""
    return tuple(dict.fromkeys(each.package for each in known(version)))


def installed(hardware: Hardware) -> tuple[str, ...]:
    """The packages that a router has: all where its spec names none, else those named and the board's own."""
    version, wanted = hardware.spec.version, hardware.spec.packages
    if wanted is None:
        return names(version)
    kinds = {name.rstrip("0123456789") for name in hardware.names}
    shipped = {each.package for each in known(version) if each.ports in kinds}
    return tuple(name for name in names(version) if name in shipped or name in wanted)


def missing(version: str, packages: Collection[str]) -> tuple[str, ...]:
    """The menus that are not there, each with all below it, on a router with these packages alone."""
    return tuple(menu for each in known(version) if each.package not in packages for menu in each.menus)


def listed(hardware: Hardware) -> list[dict[str, str]]:
    """The rows of /system/package."""
    version = hardware.spec.version
    system = "routeros" if numbers(version) >= (7,) else f"routeros-{hardware.board.architecture}"
    return [
        {"name": name, "version": version, "scheduled": "", "disabled": "false"}
        for name in (system, *installed(hardware))
    ]
