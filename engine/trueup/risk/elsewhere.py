"""Changes whose effect on the manager's way in is not worked out from rows, where they can have one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trueup.plan import Add, Change, Remove, Set
from trueup.risk.doors import PORTS, VLANS
from trueup.risk.names import on
from trueup.risk.packet import any_within, within
from trueup.risk.path import Path
from trueup.risk.route import network_of
from trueup.risk.state import Rows, after, id_of
from trueup.row import Row

RADIOS = ("/interface/wifi", "/interface/wireless", "/interface/w60g", "/interface/lte", "/caps-man")
SHUT = "the rules as they are seem to keep the manager out already, so what this does is not understood"

DIALLED = (
    "/interface/l2tp-server",
    "/interface/ovpn-server",
    "/interface/pppoe-server",
    "/interface/pptp-server",
    "/interface/sstp-server",
    "/ip/pool",
    "/ppp/",
    "/radius",
)
"""What decides on interfaces that come with a caller."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Knows the manager's path, and says of one change why it may bear on it; "" where it does not."""

    rows: Rows
    paths: Sequence[Path]
    local_user: bool

    @property
    def path(self) -> Path:
        return self.paths[0]

    def why(self, change: Change, number: int) -> str:
        menu = change.menu
        was, now = self._versions(change, number)
        if _ruling(menu, self.path.family) and any(path.shut for path in self.paths):
            harmless = now is not None and was is None and now.text("action") == "accept" and not menu.endswith("/nat")
            return "" if harmless else SHUT
        rows = [row for row in (was, now) if row is not None]
        if menu in ("/user/aaa", "/radius"):
            dialled = menu == "/radius" and self._dialled()
            return "" if self.local_user and not dialled else "the login is not one of the router's own users"
        if menu.startswith(("/routing/", "/mpls")) and menu not in ("/routing/rule", "/routing/table"):
            return "" if self._on_link() else "it may bring or take routes"
        if menu.startswith("/ip/ipsec/"):
            return self._ipsec(menu, rows)
        if menu.startswith(DIALLED):
            return "the connection comes in by an interface that is dialled" if self._dialled() else ""
        if menu.startswith(RADIOS) and (menu.count("/") > 2 or menu.startswith("/caps-man")):
            return "the connection comes in by radio" if self._by_radio() else ""
        if menu.startswith("/interface/ethernet/switch"):
            return "the switch chip may carry the connection"
        if menu.startswith("/interface/bridge/") and menu not in (PORTS, VLANS):
            return self._bridge(menu, now)
        return self._others(change, was, now)

    def _others(self, change: Change, was: Row | None, now: Row | None) -> str:
        rows = [row for row in (was, now) if row is not None]
        match change.menu:
            case "/ip/dhcp-client":
                return self._leased(rows, None if was else now)
            case "/ip/vrf":
                names = [name for row in rows for name in row.text("interfaces").split(",")]
                away = any(self._near(name) or name == "all" for name in names)
                return "the interface by which the connection comes goes to another vrf" if away else ""
            case "/ip/arp":
                gateway = self.path.hop.gateway.partition("%")[0] if self.path.hop else ""
                told = any(row.text("address") in (self.path.source, gateway) for row in rows)
                return "it tells where the manager or the gateway to it is" if told else ""
            case "/ip/settings" | "/ipv6/settings":
                return self._settings(was, now)
            case "/ip/firewall/layer7-protocol":
                return "rules may ask for it" if was else ""
        return self._hotspot(change, now) if change.menu.startswith("/ip/hotspot") else ""

    def _bridge(self, menu: str, now: Row | None) -> str:
        """What bridges do with frames by rules and settings of their own."""
        names = self.path.carriers
        bridged = not names or any(row.text("name") in names for row in self.rows.get("/interface/bridge", ()))
        passing = now is not None and (now.text("chain") == "forward" or now.text("action") in ("accept", "log"))
        if not bridged or (menu.endswith(("/filter", "/nat")) and (passing or now is None)):
            return ""
        return "the connection comes over a bridge"

    def _leased(self, rows: list[Row], new: Row | None) -> str:
        routes = new is not None and not self._on_link() and new.text("add-default-route") != "no"
        near = any(self._near(row.text("interface")) for row in rows)
        return "it may give or take the address or the way back" if routes or near else ""

    def _settings(self, was: Row | None, now: Row | None) -> str:
        if now is None:
            return ""
        if now.text("disable-ipv6") == "yes" and self.path.family == "/ipv6":
            return "IPv6 is switched off"
        stricter = now.text("rp-filter") == "strict" and (was is None or was.text("rp-filter") != "strict")
        return "strict reverse path filtering may drop what the manager sends" if stricter else ""

    def _hotspot(self, change: Change, now: Row | None) -> str:
        if change.menu == "/ip/hotspot":
            shut = now is not None and on(now) and self._near(now.text("interface"))
            return "a hotspot lets nobody in who is not logged in" if shut else ""
        inside = any(on(row) and self._near(row.text("interface")) for row in self.rows.get("/ip/hotspot", ()))
        return "the connection comes in by a hotspot" if inside and not isinstance(change, Add) else ""

    def _ipsec(self, menu: str, rows: list[Row]) -> str:
        policies = rows if menu == "/ip/ipsec/policy" else self.rows.get("/ip/ipsec/policy", ())
        return "IPsec takes what goes back to the manager" if any(map(self._takes, policies)) else ""

    def _takes(self, policy: Row) -> bool:
        if not on(policy) or policy.text("template") == "yes" or policy.fixed == "default":
            return False
        source = any_within(self.path.destination, policy.text("src-address"))
        return source is not False and any_within(self.path.source, policy.text("dst-address")) is not False

    def _on_link(self) -> bool:
        return self.path.hop is not None and not self.path.hop.gateway

    def _near(self, interface: str) -> bool:
        return not self.path.arrival or interface in self.path.carriers | self.path.holding

    def _dialled(self) -> bool:
        """Whether the connection comes in by an interface that has no row, or one of PPP's."""
        arrival = self.path.arrival
        before = self.path.names.before
        kinds = {before[name][0] for name in self.path.carriers if name in before}
        dynamic = any(row.fixed == "dynamic" and row.text("interface") == arrival for row in self._addresses())
        return not arrival or dynamic or any(kind.endswith(("-client", "ppp-out")) for kind in kinds)

    def _addresses(self) -> tuple[Row, ...]:
        return self.rows.get(f"{self.path.family}/address", ())

    def _by_radio(self) -> bool:
        names = self.path.carriers
        kinds = {self.path.names.before[name][0] for name in names if name in self.path.names.before}
        named = any(name.startswith(("wifi", "wlan", "cap", "lte", "w60g")) for name in names)
        return not names or named or any(kind.startswith(RADIOS) for kind in kinds)

    def _versions(self, change: Change, number: int) -> tuple[Row | None, Row | None]:
        """The row that a change is about, before and after it."""
        table = self.rows.get(change.menu, ())
        if isinstance(change, Add):
            return None, after({}, number, change)[change.menu][-1]
        if isinstance(change, Set | Remove):
            was = next((row for row in table if row.id == id_of(change.target)), None)
            if isinstance(change, Remove):
                return was, None
            return was, next(
                (row for row in after(self.rows, number, change).get(change.menu, ()) if was and row.id == was.id), None
            )
        return None, None


def _ruling(menu: str, family: str) -> bool:
    ruling = ("address-list", "filter", "mangle", "nat", "raw")
    return menu in [f"{family}/firewall/{table}" for table in ruling] or menu.startswith("/interface/list")


def strays(path: Path, rows: Rows) -> str:
    """The first menu of a path that is not understood in which something differs that may matter, "" for none."""
    for menu, table in rows.items() if path.misunderstood else ():
        before = path.before.get(menu, ())
        if table is before or not (menu.startswith("/interface/") or menu in _places(path)):
            continue
        if path.steered and menu in ("/routing/rule", f"{path.family}/firewall/mangle"):
            return menu
        now = {row.id: row for row in table}
        if any(row.id not in now or _differs(row, now[row.id]) for row in before):
            return menu
        old = {row.id for row in before}
        new = [row for row in table if row.id not in old]
        if menu == "/interface/bridge/port" or (menu in _places(path) and any(_leads(row, path) for row in new)):
            return menu
    return ""


def _places(path: Path) -> tuple[str, ...]:
    steering = ("/routing/rule", f"{path.family}/firewall/mangle") if path.steered else ()
    return (f"{path.family}/address", f"{path.family}/route", *steering)


def _differs(was: Row, now: Row) -> bool:
    names = (was.values.keys() | now.values.keys()) - {"comment", "name"}
    return now is not was and any(was.values.get(name) != now.values.get(name) for name in names)


def _leads(row: Row, path: Path) -> bool:
    """Whether a new address or route can take what goes back to the far end."""
    every = "::/0" if path.family == "/ipv6" else "0.0.0.0/0"
    span = network_of(row) if row.text("address") else row.text("dst-address") or every
    return not path.source or within(path.source, span) is not False
