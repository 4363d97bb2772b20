"""Reading one router whole: every menu that the catalogue knows of its version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from trueup.device import Refused, Session, TimedOut, connect, read
from trueup.errors import Problem, RouterError
from trueup.fleet.reach import target_of
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.row import Live, Resolver, Table
from trueup_schemas.catalogue import Catalogue, Menu, Property, UnknownVersion

CHUNK = 64
"""Menus that are read between two signs of progress; eight of them are in flight at a time."""

RADIOS = ("/interface/wireless", "/interface/wifi", "/interface/wifiwave2", "/interface/w60g")
"""Menus where rows can be added, besides those that the board brings."""
HARDWARE = "default-name"
"""What tells the board's own interfaces from others."""

Watch = Callable[[int, int], None]
"""Told how many of how many menus were read."""


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a router told: menus that it lacks are missing, those that it would not give are in `left`."""

    live: Live
    catalogue: Catalogue
    left: tuple[Problem, ...]


async def read_whole(router: Router, network: Network, resolve: Resolver, watch: Watch) -> Whole:
    """Everything declarable that a router holds, over one connection; raises RouterError, or SecretError."""
    async with connect(target_of(router, network.root, resolve)) as session:
        live = await read(session, ())
        try:
            known = network.captures.catalogue(router.name, live.facts.version)
        except UnknownVersion as error:
            raise RouterError(Problem(str(error), session.where)) from None
        menus = [_telling_hardware(known.menu(path)) for path in known.paths]
        tables: dict[str, Table] = {}
        left: list[Problem] = []
        for start in range(0, len(menus), CHUNK):
            tables |= await _read_some(session, menus[start : start + CHUNK], left)
            watch(min(start + CHUNK, len(menus)), len(menus))
    tables |= {path: _with_hardware(tables[path]) for path in RADIOS if path in tables}
    return Whole(Live(live.facts, tables), known, tuple(left))


def _telling_hardware(menu: Menu) -> Menu:
    """The menu, so that reading it asks which of its rows are the board's own radios."""
    if menu.path not in RADIOS:
        return menu
    properties = {**menu.properties, HARDWARE: Property(HARDWARE, "text", read_only=True)}
    return replace(menu, properties=properties, key=(*menu.key, HARDWARE))


def _with_hardware(table: Table) -> Table:
    """The table with the board's own radios as rows that are always there."""
    rows = (replace(row, fixed="default") if row.text(HARDWARE) else row for row in table)
    return replace(table, rows=tuple(rows))


async def _read_some(session: Session, menus: Sequence[Menu], left: list[Problem]) -> dict[str, Table]:
    """The tables of some menus; where the router refuses one, each is read by itself and the refused go to `left`."""
    try:
        return dict((await read(session, menus)).tables)
    except (Refused, TimedOut) as error:
        if len(menus) == 1:
            message = f"{menus[0].path} cannot be read: {error.problems[0].message}"
            left.append(Problem(message, session.where, error.problems[0].remedy, "warning"))
            return {}
    tables: dict[str, Table] = {}
    for menu in menus:
        tables |= await _read_some(session, (menu,), left)
    return tables
