"""Which changes can bear on the manager's way in at all, whatever else a plan does; linear cost rests on this."""

from __future__ import annotations

from collections.abc import Sequence

from trueup.plan import Add, Change, Move, Plan, Remove, Set
from trueup.risk.doors import PORTS, VLANS
from trueup.risk.login import service_name
from trueup.risk.names import is_kind
from trueup.risk.packet import Manager, family_of, port_within, within
from trueup.risk.path import Path
from trueup.risk.route import network_of
from trueup.risk.state import Rows, after, id_of
from trueup.row import Row

IN_BOTH = (
    "address",
    "route",
    "firewall/address-list",
    "firewall/filter",
    "firewall/mangle",
    "firewall/nat",
    "firewall/raw",
)

MATTERING = (
    "/certificate",
    "/interface/bonding",
    "/interface/bridge",
    "/interface/bridge/port",
    "/interface/bridge/vlan",
    "/interface/list",
    "/interface/list/member",
    "/interface/vlan",
    "/interface/wireguard",
    "/interface/wireguard/peers",
    "/ip/firewall/connection/tracking",
    "/ip/hotspot",
    "/ip/ipsec/policy",
    "/ip/service",
    "/routing/rule",
    "/user",
    "/user/group",
    "/interface/pppoe-client",
    "/interface/l2tp-client",
    "/interface/sstp-client",
    "/interface/ovpn-client",
    "/interface/gre",
    "/interface/ipip",
    "/interface/eoip",
)
"""Menus that are read beside the declared ones when a plan changes what could cut the manager off."""

ELSEWHERE = (
    "/caps-man",
    "/ip/arp",
    "/ip/dhcp-client",
    "/ip/firewall",
    "/ip/hotspot",
    "/ip/ipsec",
    "/ip/pool",
    "/ip/settings",
    "/ip/vrf",
    "/ipv6/firewall",
    "/ipv6/settings",
    "/mpls",
    "/ppp",
    "/radius",
    "/routing",
    "/user",
)
"""Menus, with those below them, that no rows are worked out from, though they can bear on the way in."""

PLAIN = ("/ip/address", "/ip/route", "/ipv6/address", "/ipv6/route")


def mattering(manager: Manager) -> tuple[str, ...]:
    """The menus that are read beside the declared ones when a plan changes what could cut the manager off."""
    return (*MATTERING, *(f"{manager.family}/{menu}" for menu in IN_BOTH))


def matters(plan: Plan) -> bool:
    """Whether a plan changes anything that the manager's way in could hang on."""
    return any(_matters(change.menu) for change in plan.changes)


def _matters(menu: str) -> bool:
    if menu in MATTERING or menu in PLAIN or menu.startswith("/interface"):
        return True
    return any(menu == path or menu.startswith(f"{path}/") for path in ELSEWHERE)


def bearing(rows: Rows, plan: Plan, paths: Sequence[Path]) -> Rows:
    """The rows that bear on these paths: of address lists only entries that hold an end of one, or that change."""
    menu = f"{paths[0].family}/firewall/address-list"
    if not all(path.source for path in paths):
        return rows  # any entry may be that of an end that is not known
    ids = {id_of(c.target) for c in plan.changes if isinstance(c, Set) and c.menu == menu}
    ends = [end for path in paths for end in (path.source, path.destination)]
    return {**rows, menu: tuple(r for r in rows.get(menu, ()) if r.id in ids or _about(r.text("address"), ends))}


def _about(address: str, ends: Sequence[str]) -> bool:
    return any(each and within(each, address) is not False for each in ends)


class Relevance:
    """Tells changes that can bear on any of these paths, or on the login, from those that cannot."""

    def __init__(self, plan: Plan, rows: Rows, paths: Sequence[Path], manager: Manager) -> None:
        self.rows, self.paths, self.manager = rows, paths, manager
        self.family = manager.family
        self.ends = {end for path in paths for end in (path.source, path.destination)}
        self.gateways = self._gateways(plan)
        self.names = frozenset(name for path in paths for name in path.carriers | path.holding)
        self.blind = any(not path.arrival for path in paths)
        self.shifting = self.blind or any(self._shifts(change) for change in plan.changes)

    def applies(self, change: Change) -> bool:
        """Whether a change has to be followed, since later ones may rest on it."""
        if change.menu.endswith("/address-list"):
            return self.bears(change)
        return _matters(change.menu)

    def bears(self, change: Change) -> bool:
        """Whether a change can let the manager in or keep it out, in whatever state."""
        menu, rows = change.menu, self._versions(change)
        if "/firewall/" in menu:
            return self._firewall(menu, change, rows)
        if menu in PLAIN:
            return menu.startswith(f"{self.family}/") and (not rows or any(map(self._place, rows)))
        if menu == "/user":
            return any(row.text("name") == self.manager.user for row in rows) or not rows
        if menu == "/certificate":
            return self.manager.tls
        if menu == "/ip/service":
            port = isinstance(change, Set) and "port" in change.values
            return port or any(row.text("name") == service_name(self.manager) for row in rows)
        return self._interface(menu, change, rows)

    def _firewall(self, menu: str, change: Change, rows: list[Row]) -> bool:
        if not menu.startswith(f"{self.family}/") and not menu.endswith("tracking"):
            return False
        if menu.endswith("/address-list"):
            blind = not all(path.source for path in self.paths)
            return blind or isinstance(change, Set) or any(_about(row.text("address"), [*self.ends]) for row in rows)
        return isinstance(change, Move) or any(self._may_match(row) for row in rows) or not rows

    def _may_match(self, rule: Row) -> bool:
        """Whether a rule can match a packet of any path, by what it says itself."""
        if rule.text("chain") in ("forward", "postrouting", "srcnat"):
            return False
        if len(self.paths) == 1:
            if rule.text("protocol") not in ("", "tcp", "6") and not rule.text("protocol").startswith("!"):
                return False
            ports = rule.text("dst-port")
            both = {rule.text("chain"), rule.text("action")} & {"output", "add-src-to-address-list"}
            if ports and not ports.startswith("!") and not both and self._port_only(rule, ports):
                return False
        source = rule.text("src-address")
        return not source or source.startswith("!") or any(within(e, source) is not False for e in self.ends)

    def _port_only(self, rule: Row, ports: str) -> bool:
        """Whether a rule of an incoming chain asks for another port than any that may be the manager's."""
        served = {int(row.text("port")) for row in self.rows.get("/ip/service", ()) if row.text("port").isdigit()}
        return rule.text("chain") in ("input", "prerouting", "dstnat") and not any(
            port_within(port, ports) for port in (self.manager.port, self.paths[0].packets[0].port, *served)
        )

    def _place(self, row: Row) -> bool:
        """Whether an address or a route can have to do with an end of a path, or a gateway."""
        every = "::/0" if self.family == "/ipv6" else "0.0.0.0/0"
        spans = [network_of(row), row.text("address").partition("/")[0]] if row.text("address") else []
        spans = spans or [row.text("dst-address") or every]
        near = row.text("interface") in self.names
        return near or self.blind or any(within(e, s) is not False for s in spans for e in self.ends | self.gateways)

    def _interface(self, menu: str, change: Change, rows: list[Row]) -> bool:
        if not is_kind(menu):
            return menu in ("/user/group", "/routing/rule") or menu.startswith("/interface/list")
        if self.shifting or not rows:
            return True
        if isinstance(change, Add) and menu.count("/") == 2:
            return False  # nothing names it yet
        if menu == VLANS:
            return any(row.text("bridge") in self.names for row in rows)
        if menu == PORTS:
            return any(row.text("interface") in self.names for row in rows)
        return any({row.text("name"), row.text("interface")} & self.names for row in rows)

    def _shifts(self, change: Change) -> bool:
        """Whether a change may put the connection upon other interfaces than those that carry it now."""
        rows = self._versions(change)
        if change.menu == PORTS or (change.menu == "/interface/vlan" and not isinstance(change, Add)):
            return any({row.text("interface"), row.text("name")} & self.names for row in rows)
        return change.menu in PLAIN and change.menu.startswith(f"{self.family}/") and any(map(self._place_now, rows))

    def _place_now(self, row: Row) -> bool:
        address = row.text("address").partition("/")[0]
        return bool(address) and address in self.ends

    def _gateways(self, plan: Plan) -> set[str]:
        menu = f"{self.family}/route"
        rows = [*self.rows.get(menu, ())]
        rows += [row for change in plan.changes if change.menu == menu for row in self._versions(change)]
        found = {gateway.partition("%")[0] for row in rows for gateway in row.text("gateway").split(",")}
        return {gateway for gateway in found if within(gateway, gateway) and family_of(gateway) == self.family}

    def _versions(self, change: Change) -> list[Row]:
        """The row of a change as it is and as it will be; none where it is not known here."""
        if isinstance(change, Add):
            return [after({}, 0, change)[change.menu][-1]]
        if isinstance(change, Move):
            return []
        id = id_of(change.target)
        was = next((row for row in self.rows.get(change.menu, ()) if row.id == id), None)
        if was is None:
            return []
        if isinstance(change, Remove):
            return [was]
        now = next(row for row in after({change.menu: (was,)}, 0, change)[change.menu])
        return [was, now]
