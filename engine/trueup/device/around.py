"""What else of a router bears on the manager's way in: rows that it made itself, endpoints, and who is logged in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network

from trueup.device.faults import Refused
from trueup.device.read import read, table
from trueup.device.session import Session
from trueup.row import Row, Table, Tables
from trueup_schemas.catalogue import Catalogue

FLAGS = ".id,dynamic,disabled"
PEERS = "/interface/wireguard/peers"


@dataclass(frozen=True, slots=True)
class Around:
    """Tables with the router's own rows among them, and the addresses from which a user is logged in over the API."""

    tables: Tables
    sources: frozenset[str]


async def read_around(
    session: Session, catalogue: Catalogue, menus: Iterable[str], known: Tables, ends: Sequence[str], user: str
) -> Around:
    """The menus that are not yet `known`, and of some the dynamic rows that have to do with these addresses.

    Of routes and address lists only rows whose prefix holds one of them are asked for, so that big tables stay where
    they are. Raises RouterError.
    """
    missing = [catalogue.menu(path) for path in menus if path in catalogue and path not in known]
    tables = {**(await read(session, missing)).tables, **known}
    family = "/ipv6" if ":" in ends[0] else "/ip"
    asked = {
        f"{family}/address": ["address,network,interface,dynamic", "?dynamic=true"],
        f"{family}/route": ["dst-address,gateway,distance,routing-table,connect", *_covering("dst-address", ends[:1])],
        f"{family}/firewall/address-list": ["list,address", *_covering("address", ends)],
        "/interface/list/member": ["list,interface", "?dynamic=true"],
        "/interface/bridge/port": ["bridge,interface,pvid,frame-types", "?dynamic=true"],
    }
    asked = {path: words for path, words in asked.items() if path in catalogue}
    replies = await asyncio.gather(*(_ask(session, path, *words) for path, words in asked.items()))
    for path, rows in zip(asked, replies, strict=True):
        own = [row for row in rows if row.get("connect") != "true"]
        tables[path] = _with_dynamic(tables.get(path) or Table(path), table(catalogue.menu(path), own))
    if tables.get(PEERS, Table(PEERS)).rows:
        names = "current-endpoint-address,current-endpoint-port"
        tables[PEERS] = _with_endpoints(tables[PEERS], await _ask(session, PEERS, names))
    active = await _ask(session, "/user/active", "name,address,via", f"?name={user}")
    return Around(tables, frozenset(row.get("address", "") for row in active if "api" in row.get("via", "")) - {""})


async def _ask(session: Session, path: str, names: str, *query: str) -> list[dict[str, str]]:
    """Rows of a menu; none where the router has no such menu or does not let us see it."""
    try:
        return (await session.talk([f"{path}/print", f"=.proplist={FLAGS},{names}", *query])).rows
    except Refused:
        return []


def _covering(property: str, addresses: Sequence[str]) -> list[str]:
    """A query for dynamic rows whose prefix holds one of these addresses."""
    spans: dict[str, None] = {}
    for address in map(ip_address, addresses):
        spans[str(address)] = None
        for length in range(address.max_prefixlen + 1):
            spans[str(ip_network(f"{address}/{length}", strict=False))] = None
    return [*(f"?{property}={span}" for span in spans), f"?#{'|' * (len(spans) - 1)}", "?dynamic=true"]


def _with_dynamic(static: Table, found: Table) -> Table:
    held = {row.id for row in static}
    return replace(static, rows=(*static.rows, *(row for row in found if row.id not in held)))


def _with_endpoints(peers: Table, said: Iterable[Mapping[str, str]]) -> Table:
    """Peers with where they are now, which may be another place than the one that was written down."""
    now = {row.get(".id", ""): row for row in said}
    return replace(peers, rows=tuple(_with_endpoint(row, now.get(row.id, {})) for row in peers))


def _with_endpoint(row: Row, said: Mapping[str, str]) -> Row:
    names = ("current-endpoint-address", "current-endpoint-port")
    return replace(row, values={**row.values, **{name: said[name] for name in names if said.get(name)}})
