"""Menus as the catalogue has them: the one thing that the lab shares with the rest of the product."""

from __future__ import annotations

from dataclasses import replace

from trueup.lab.device_mode import DEVICE_MODE
from trueup.lab.device_mode import SINCE as DEVICE_MODE_SINCE
from trueup.lab.fact import numbers
from trueup.lab.safety import SAFE_MODE
from trueup.lab.safety import SINCE as SAFE_MODE_SINCE
from trueup_schemas.catalogue import Catalogue, catalogue
from trueup_schemas.catalogue.types import Menu

TOLD_ONLY = (
    *("/ip/neighbor", "/ipv6/neighbor", "/log", "/system/history", "/system/package", "/system/resource/cpu"),
    *("/ip/hotspot/active", "/ppp/active", "/system/script/environment", "/system/script/job", "/user/active"),
)
"""Menus that no network declares rows of, where the catalogue of a version lacks them."""

SEVEN_ONLY, SIX_ONLY = ("/routing/bgp/session",), ("/routing/bgp/advertisements",)
"""More of them, which RouterOS 7 brought or ended."""


class Shapes:
    """The menus of one version, less those of packages that are not there.

    `lists` are menus that this router shows as rows, whatever the catalogue has. Without `hardware` it is a virtual
    machine or a PC, which lack what only boards have.
    """

    def __init__(
        self,
        version: str,
        missing: tuple[str, ...] = (),
        lists: tuple[str, ...] = (),
        *,
        hardware: bool = True,
    ) -> None:
        self.version = version
        self._hardware = hardware
        self._catalogue: Catalogue = catalogue(version)
        told = (*TOLD_ONLY, *(SIX_ONLY if version.startswith("6.") else SEVEN_ONLY))
        rows = (*lists, *(path for path in told if path not in self._catalogue))
        self._told = {path: Menu(path, "fixed", {}) for path in rows}
        if numbers(version) >= SAFE_MODE_SINCE:
            self._told[SAFE_MODE] = Menu(SAFE_MODE, "singleton", {})
        if numbers(version) >= DEVICE_MODE_SINCE:
            self._told[DEVICE_MODE] = Menu(DEVICE_MODE, "singleton", {})
        self._bare = frozenset() if hardware else self._catalogue.hardware
        self._missing = tuple((path, f"{path}/") for path in missing)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(path for path in sorted({*self._catalogue.paths, *self._told}) if path in self)

    def __contains__(self, path: object) -> bool:
        return (path in self._told or path in self._catalogue) and not self._hidden(str(path))

    def __getitem__(self, path: str) -> Menu:
        menu = self._told.get(path) or self._catalogue.menu(path)
        if self._hardware or menu.hardware or not any(each.hardware for each in menu.properties.values()):
            return menu
        return replace(menu, properties={name: each for name, each in menu.properties.items() if not each.hardware})

    def _hidden(self, path: str) -> bool:
        return path in self._bare or any(path == top or path.startswith(below) for top, below in self._missing)
