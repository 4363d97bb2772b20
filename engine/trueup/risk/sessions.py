"""Whose sessions hang on what a plan disturbs: what to count on the router, and what the counts mean.

Only numbers are asked for, never who it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trueup.plan import Plan
from trueup.plan.risk import Disruption, Fate, Sessions
from trueup.risk.disruption import Disturbed, blinks, disturbed
from trueup.row import Row, Tables

Query = tuple[str, tuple[str, ...]]
"""A menu, and query words that its counted rows must meet."""

PORTS, VLANS = "/interface/bridge/port", "/interface/vlan"
HOTSPOTS, PPPOE, DHCP = "/ip/hotspot", "/interface/pppoe-server/server", "/ip/dhcp-server"
BEHIND = (PORTS, VLANS, HOTSPOTS, PPPOE, DHCP)
"""Menus that tell which servers stand behind an interface, read when something blinks."""

HOTSPOT_SESSION, PPP_SESSION, LEASE = "hotspot session", "PPP session", "DHCP lease"
ALL_HOTSPOT: Query = ("/ip/hotspot/active", ())
ALL_PPP: Query = ("/ppp/active", ())
BOUND = "?status=bound"
LEASES = "/ip/dhcp-server/lease"
TUNNELS = ("l2tp", "ovpn", "pppoe", "pptp", "sstp")


@dataclass(frozen=True, slots=True)
class Asked:
    """One count: of which kind of sessions, and what becomes of them; not `exact` where it is these at most."""

    kind: str
    query: Query
    fate: Fate
    exact: bool = True


def behind(plan: Plan) -> tuple[str, ...]:
    """Menus to read beside the declared ones, so that it can be told who is behind what blinks; () where nothing is."""
    return BEHIND if any(_hurts(each) for each in disturbed(plan, {})) else ()


def counting(plan: Plan, tables: Tables) -> tuple[Query, ...]:
    """What has to be counted on the router before a plan's disruption can be told with numbers."""
    return tuple(dict.fromkeys(each.query for each in _asked(disturbed(plan, tables), tables)))


def disruption(plan: Plan, tables: Tables, counts: Mapping[Query, int] | None = None) -> Disruption:
    """What a plan disturbs, with the sessions behind it, as far as `counts` tell; `tables` are live ones."""
    found = disturbed(plan, tables)
    sums: dict[tuple[str, Fate, bool], int] = {}
    for each in _asked(found, tables):
        if counts and each.query in counts:
            key = (each.kind, each.fate, each.exact)
            sums[key] = sums.get(key, 0) + counts[each.query]
    sessions = (Sessions(kind, count, fate, exact) for (kind, fate, exact), count in sums.items())
    return Disruption(blinks(found), tuple(sessions))


def _asked(found: tuple[Disturbed, ...], tables: Tables) -> tuple[Asked, ...]:
    """Each count once; of a kind that is counted whole, only the whole, and of one that drops, not what stays."""
    dropping = list(dict.fromkeys(asked for each in found if _hurts(each) for asked in _dropping(each, tables)))
    whole = {asked.kind for asked in dropping if not _picky(asked)}
    asked = [each for each in dropping if not _picky(each) or each.kind not in whole]
    if not any(each.found.effect == "unknown" for each in found):
        kinds = {each.kind for each in asked}
        rides = {each.known.rides for each in found}
        asked += [each for each in _staying(rides) if each.kind not in kinds]
    return tuple(asked)


def _hurts(each: Disturbed) -> bool:
    return each.found.effect in ("session", "interface", "reboot")


def _picky(asked: Asked) -> bool:
    """Whether it counts those of one server."""
    return any(word.startswith(("?server=", "?service=")) for word in asked.query[1])


def _staying(rides: set[str]) -> Iterator[Asked]:
    if rides & {"hotspot", "hotspot-all", "all"}:
        yield Asked(HOTSPOT_SESSION, ALL_HOTSPOT, "stay")
    if rides & {"ppp-all", "all", *TUNNELS}:
        yield Asked(PPP_SESSION, ALL_PPP, "stay")
    if "dhcp" in rides:
        yield Asked(LEASE, (LEASES, (BOUND,)), "stay")


def _dropping(each: Disturbed, tables: Tables) -> Iterator[Asked]:
    """Whose sessions drop with one thing."""
    rides, row = each.known.rides, each.row
    if each.found.effect == "reboot":
        yield Asked(HOTSPOT_SESSION, ALL_HOTSPOT, "drop")
        yield Asked(PPP_SESSION, ALL_PPP, "drop")
    elif rides == "hotspot" and row.text("name"):
        yield Asked(HOTSPOT_SESSION, (ALL_HOTSPOT[0], (f"?server={row.text('name')}",)), "drop")
    elif rides == "dhcp" and row.text("name"):
        yield Asked(LEASE, (LEASES, (BOUND, f"?server={row.text('name')}")), "behind it")
    elif rides in TUNNELS:
        alone = rides not in ("ovpn", "pppoe") or len(_awake(tables, each.menu)) == 1
        yield Asked(PPP_SESSION, (ALL_PPP[0], (f"?service={rides}",)), "drop", exact=alone)
    elif rides == "interface":
        yield from _over(row.text(each.known.via or "name"), tables)


def _over(interface: str, tables: Tables) -> Iterator[Asked]:
    """Whose sessions go over an interface: those of servers on it, on its bridge and on VLANs over them.

    Where the servers are not known it may be any; tunnels that are routed may go over it or not, and survive a blink.
    """
    carrying = _carrying(interface, tables)
    if carrying is None or HOTSPOTS not in tables:
        yield Asked(HOTSPOT_SESSION, ALL_HOTSPOT, "drop", exact=False)
    else:
        for row in _on(carrying, tables, HOTSPOTS):
            yield Asked(HOTSPOT_SESSION, (ALL_HOTSPOT[0], (f"?server={row.text('name')}",)), "drop", exact=False)
    servers = None if carrying is None or PPPOE not in tables else _on(carrying, tables, PPPOE)
    if servers is None or servers:
        yield Asked(PPP_SESSION, (ALL_PPP[0], ("?service=pppoe",)), "drop", exact=False)
    if carrying is None or DHCP not in tables:
        yield Asked(LEASE, (LEASES, (BOUND,)), "behind it", exact=False)
    else:
        for row in _on(carrying, tables, DHCP):
            yield Asked(LEASE, (LEASES, (BOUND, f"?server={row.text('name')}")), "behind it", exact=False)


def _carrying(interface: str, tables: Tables) -> frozenset[str] | None:
    """An interface, the bridge that it is a port of, and VLANs over them; None where that cannot be told."""
    if not interface or PORTS not in tables or VLANS not in tables:
        return None
    above: dict[str, list[str]] = {}
    for row in tables[PORTS]:
        above.setdefault(row.text("interface"), []).append(row.text("bridge"))
    for row in tables[VLANS]:
        above.setdefault(row.text("interface"), []).append(row.text("name"))
    found, left = {interface}, [interface]
    while left:
        for name in above.get(left.pop(), ()):
            if name not in found:
                found.add(name)
                left.append(name)
    return frozenset(found)


def _on(interfaces: frozenset[str], tables: Tables, menu: str) -> list[Row]:
    return [row for row in _awake(tables, menu) if row.text("interface") in interfaces]


def _awake(tables: Tables, menu: str) -> list[Row]:
    return [row for row in tables.get(menu, ()) if row.text("disabled") != "yes"]
