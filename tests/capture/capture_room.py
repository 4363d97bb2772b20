"""Virtual routers whose command trees a test makes up, and captures of them through the command line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from fleet_room import Room, Said, room, run_main

from trueup.lab import Spec
from trueup.lab.shape import Shapes
from trueup_schemas.catalogue.types import Menu, Property

FEW = ("/ip/pool", "/ip/dns", "/interface", "/interface/ethernet", "/radius", "/routing/rule", "/system/resource")
"""Menus enough for a tree that is asked for in no time."""


@contextlib.contextmanager
def trees(only: tuple[str, ...] | None = FEW, **extra: Menu) -> Iterator[None]:
    """Virtual routers tell of these menus alone, and have what a test invents, by any name."""
    invented = {menu.path: menu for menu in extra.values()}

    class Told(Shapes):
        def __init__(self, version: str, missing: tuple[str, ...], lists: tuple[str, ...], **_: bool) -> None:
            super().__init__(version, missing, lists)  # with the hardware that a CHR lacks

        @property
        def paths(self) -> tuple[str, ...]:
            known = [path for path in super().paths if only is None or path in only]
            return tuple(sorted({*known, *invented}))

        def __contains__(self, path: object) -> bool:
            return path in invented or super().__contains__(path)

        def __getitem__(self, path: str) -> Menu:
            return invented[path] if path in invented else super().__getitem__(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trueup.lab.machine.Shapes", Told)
        yield


@contextlib.contextmanager
def small_room(folder: Path, *specs: Spec, **extra: Menu) -> Iterator[Room]:
    """A room whose routers have small trees."""
    with trees(**extra), room(folder, *specs) as made:
        yield made


def capture(made: Room, name: str, *words: str) -> Said:
    return run_main("catalogue", "capture", name, "--network", str(made.network), *words)


def file_of(made: Room, name: str) -> Path:
    return made.network / "catalogue" / f"{name}.json"


def menu(path: str, *properties: Property, kind: str = "list", known: Menu | None = None, **more: object) -> Menu:
    """A menu of these properties, with those of a known one."""
    own: Mapping[str, Property] = {each.name: each for each in properties}
    if known is not None:
        return Menu(path, known.kind, {**known.properties, **own}, known.key, known.enforced, ordered=known.ordered)
    return Menu(path, kind, own, **more)
