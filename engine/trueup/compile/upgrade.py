"""What another version of RouterOS breaks: every router compiled as it is, and again as if it ran that version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from trueup.compile.compiled import Compiled
from trueup.compile.compiler import Compiler
from trueup.errors import DeclarationError, Problem
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.row import Row
from trueup_schemas.catalogue import Catalogue, Menu
from trueup_schemas.device_mode import modes


@dataclass(frozen=True, slots=True)
class Upgrade:
    """One router's way from a version to another, which may be the older one.

    `breaks` is what is wrong with its files there; `notes` is what means something else there.
    """

    router: str
    old: str
    new: str
    breaks: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


def upgrades(network: Network, version: str) -> Iterator[Upgrade]:
    """Every router's, by name; raises DeclarationError where the files are wrong as they are."""
    there = replace(network, routers=tuple(_moved(each, version) for each in network.routers))
    as_is, as_new = Compiler(network), Compiler(there)
    for router, moved in zip(network.routers, there.routers, strict=True):
        compiled = as_is.compile(router, None)
        notes = list(_changed_defaults(compiled, network.catalogue(router), there.catalogue(moved)))
        breaks: tuple[Problem, ...] = ()
        try:
            notes += (each for each in as_new.compile(moved, None).warnings if each not in compiled.warnings)
        except DeclarationError as error:
            breaks = error.problems
        yield Upgrade(router.name, compiled.version, version, breaks, tuple(notes))


def _moved(router: Router, version: str) -> Router:
    """The router as if it ran the version; an upgrade to 7.17 calls the mode enterprise advanced."""
    mode = router.device_mode
    for old, new in (("enterprise", "advanced"), ("advanced", "enterprise")):
        if mode is not None and mode.mode == old and old not in modes(version) and new in modes(version):
            return replace(router, version=version, device_mode=mode.model_copy(update={"mode": new}))
    return replace(router, version=version)


def _changed_defaults(compiled: Compiled, old: Catalogue, new: Catalogue) -> Iterator[Problem]:
    """What omitted properties of declared rows stand for, where the new version's default is another."""
    for path, table in compiled.desired.tables.items():
        if path not in new or not new.menu(path).addable:
            continue
        for name, before, after in _changed(old.menu(path), new.menu(path)):
            rows = [row for row in table if name not in row.values and name not in row.ignore]
            if rows:
                message = f"{path}: omitted, '{name}' is {_shown(after)} in {new.told}, {_shown(before)} in {old.told}"
                remedy = f"write `{name}: {before or '~'}` to keep that{_further(rows)}"
                yield Problem(message, rows[0].source, remedy, "warning")


def _changed(before: Menu, after: Menu) -> Iterator[tuple[str, str, str]]:
    """The properties of both whose defaults are known and differ."""
    for name, property in after.properties.items():
        earlier = before.properties[name].default if name in before.properties else None
        if earlier is not None and property.default is not None and earlier != property.default:
            yield name, earlier, property.default


def _shown(default: str) -> str:
    return f"'{default}'" if default else "empty"


def _further(rows: list[Row]) -> str:
    return f", here and in {len(rows) - 1} more row{'s' if len(rows) > 2 else ''}" if len(rows) > 1 else ""
