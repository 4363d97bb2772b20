"""What else than rules a new connection needs: the service, the user, the address, the carrier, the way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import ip_interface, ip_network
from typing import NamedTuple

from trueup.plan.risk import Verdict
from trueup.risk.packet import Manager, any_within, within
from trueup.risk.state import Rows
from trueup.row import Row
from trueup_schemas.secret import SecretRef

HARMLESS = frozenset({"comment", "name"})
"""Properties of an interface that carry nothing."""

POLICIES = ("api", "read", "write")


class Finding(NamedTuple):
    """Something that keeps the manager out, or may: in words, with the row where there is one."""

    verdict: Verdict
    menu: str
    text: str
    row: Row | None = None


def on(row: Row) -> bool:
    return row.text("disabled") != "yes"


def service(rows: Rows, before: Rows, manager: Manager) -> Iterator[Finding]:
    """The API's service: enabled, on the port, for the address, with its certificate."""
    menu, name = "/ip/service", "api-ssl" if manager.tls else "api"
    row = _named(rows, menu, name)
    if row is None:
        return
    if not on(row):
        yield Finding("cut", menu, f"service {name} is disabled", row)
    if row.text("port") and row.text("port") != str(manager.port):
        yield Finding("cut", menu, f"service {name} moves to port {row.text('port')}", row)
    if any_within(manager.source, row.text("address")) is False:
        yield Finding("cut", menu, f"service {name} does not serve {manager.source}", row)
    if row.text("vrf") not in ("", "main"):
        yield Finding("may be cut", menu, f"service {name} moves to vrf {row.text('vrf')}", row)
    was = _named(before, menu, name)
    used = row.text("certificate")
    if manager.verified and used in ("", "none"):
        yield Finding("cut", menu, f"service {name} has no certificate", row)
    elif manager.verified and was is not None and used != was.text("certificate"):
        yield Finding("may be cut", menu, f"service {name} shows another certificate, {used}", row)
    held = _named(before, "/certificate", used)
    if manager.verified and held is not None and all(row.id != held.id for row in rows.get("/certificate", ())):
        yield Finding("cut", "/certificate", f"certificate {used} of service {name} is gone", held)


def user(rows: Rows, before: Rows, manager: Manager) -> Iterator[Finding]:
    """The login: there, enabled, for the address, with the password and a group that lets it work."""
    was = _named(before, "/user", manager.user)
    if was is None:
        return
    row = _named(rows, "/user", manager.user)
    if row is None:
        yield Finding("cut", "/user", f"user {manager.user} is gone", was)
        return
    if not on(row):
        yield Finding("cut", "/user", f"user {manager.user} is disabled", row)
    if any_within(manager.source, row.text("address")) is False:
        yield Finding("cut", "/user", f"user {manager.user} may not come from {manager.source}", row)
    new = row.values.get("password")
    if isinstance(new, SecretRef) and new.name != manager.password:
        yield Finding("cut", "/user", f"user {manager.user} gets the password {new.name}, not `connect`'s", row)
    group = _named(rows, "/user/group", row.text("group"))
    allowed = group.text("policy").split(",") if group else []
    for policy in POLICIES if group else ():
        if policy not in allowed:
            text = f"group {row.text('group')} of user {manager.user} lacks the policy {policy}"
            yield Finding("cut", "/user/group", text, group)


def address(rows: Rows, before: Rows, manager: Manager) -> Iterator[Finding]:
    """The address that the manager talks to."""
    menu = "/ip/address"
    was = _holding(before, manager.destination)
    if was is None:
        return
    now = _holding(rows, manager.destination)
    if now is None:
        yield Finding("cut", menu, f"address {manager.destination} is gone", was)
    elif now.text("interface") not in (held := was.text("interface"), _renamed(rows, before).get(held)):
        text = f"address {manager.destination} goes to {now.text('interface')}"
        yield Finding("may be cut", menu, text, now)


def interfaces(rows: Rows, before: Rows, names: frozenset[str]) -> Iterator[Finding]:
    """The interfaces that carry the connection, with all that they stand on; `names` as they are before.

    By which of a bridge's several ports it comes is not known, so that the loss of one of them only may cut it.
    """
    renamed = _renamed(rows, before)
    for menu, table in before.items():
        if not menu.startswith("/interface/"):
            continue
        now = {row.id: row for row in rows.get(menu, ())}
        for was in table:
            if was.fixed == "dynamic" or not on(was) or not _carries(menu, was, names):
                continue
            what = f"{menu} {was.text('name') or was.text('interface') or was.text('vlan-ids')}"
            row = now.get(was.id)
            if row is None:
                yield Finding(_loss(before, was), menu, f"{what}, which carries the connection, is gone", was)
            elif not on(row):
                yield Finding(_loss(before, was), menu, f"{what}, which carries the connection, is disabled", row)
            elif changed := sorted(_changed(was, row, renamed)):
                text = f"{what}, which carries the connection, gets another {' and '.join(changed)}"
                yield Finding("may be cut", menu, text, row)
        old = {row.id for row in table}
        for row in now.values():
            if row.id not in old and on(row) and menu == "/interface/bridge/port" and row.text("interface") in names:
                text = f"{row.text('interface')}, which carries the connection, becomes a port of {row.text('bridge')}"
                yield Finding("may be cut", menu, text, row)


def _loss(before: Rows, row: Row) -> Verdict:
    """What the loss of a row means: a bridge with further ports may go on through those."""
    ports = [each for each in before.get("/interface/bridge/port", ()) if on(each)]
    bridge = next(
        (p.text("bridge") for p in ports if p.text("interface") in (row.text("interface"), row.text("name"))), ""
    )
    return "may be cut" if sum(port.text("bridge") == bridge for port in ports if bridge) > 1 else "cut"


def _changed(was: Row, row: Row, renamed: Mapping[str, str]) -> set[str]:
    """The properties that differ, apart from names that have followed what they name."""
    names = (was.values.keys() | row.values.keys()) - HARMLESS
    return {n for n in names if was.values.get(n) != row.values.get(n) and renamed.get(was.text(n)) != row.text(n)}


def _renamed(rows: Rows, before: Rows) -> dict[str, str]:
    """The interfaces that have another name now."""
    interfaces = [menu for menu in before if menu.startswith("/interface/")]
    old = {(menu, row.id): row.text("name") for menu in interfaces for row in before[menu] if row.text("name")}
    now = {(menu, row.id): row.text("name") for menu in interfaces for row in rows.get(menu, ())}
    return {name: now[place] for place, name in old.items() if now.get(place, name) != name}


def _carries(menu: str, row: Row, names: frozenset[str]) -> bool:
    if menu.startswith("/interface/list"):
        return False
    if menu in ("/interface/bridge/port", "/interface/bridge/vlan"):
        return row.text("bridge") in names
    if menu == "/interface/wireguard/peers":
        return row.text("interface") in names
    return row.text("name") in names


def carriers(rows: Rows, first: str) -> frozenset[str]:
    """An interface and those it stands on: a VLAN's own, a bridge's ports."""
    found: set[str] = set()
    waiting = [first] if first else []
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        waiting += [r.text("interface") for r in rows.get("/interface/vlan", ()) if r.text("name") == name]
        ports = rows.get("/interface/bridge/port", ())
        waiting += [r.text("interface") for r in ports if r.text("bridge") == name and on(r)]
    return frozenset(found - {""})


class Hop(NamedTuple):
    """The way back to the manager: over an interface, by a gateway ("" where it is on the interface's own network)."""

    interface: str
    gateway: str = ""
    row: Row | None = None


def way_back(rows: Rows, manager: Manager, depth: int = 0, towards: str = "") -> Hop | None:
    """The route to the manager among connected networks and static routes; None where none of them leads there."""
    target = towards or manager.source
    found = [
        (ip_interface(row.text("address")).network.prefixlen, 0, Hop(row.text("interface"), "", row))
        for row in rows.get("/ip/address", ())
        if on(row) and _on_link(target, row)
    ]
    for row in rows.get("/ip/route", ()):
        if (
            on(row)
            and row.text("routing-table") in ("", "main")
            and within(target, row.text("dst-address") or "0.0.0.0/0")
        ):
            network = ip_network(row.text("dst-address") or "0.0.0.0/0", strict=False)
            distance = row.text("distance") or "1"
            gateway = "blackhole" if row.text("blackhole") == "yes" else row.text("gateway")
            found.append((network.prefixlen, -int(distance), Hop("", gateway, row)))
    if not found:
        return None
    hop = max(found, key=lambda each: each[:2])[2]
    if hop.interface or hop.gateway == "blackhole":
        return hop
    gateway = hop.gateway.split("%")[0]
    if any_within(gateway, "0.0.0.0/0") is True and depth == 0 and gateway[:1].isdigit():
        behind = way_back(rows, manager, 1, gateway)
        return Hop(behind.interface if behind else "", hop.gateway, hop.row)
    return Hop(gateway if not gateway[:1].isdigit() else "", hop.gateway, hop.row)


def route(rows: Rows, before: Rows, manager: Manager, old: Hop | None) -> Iterator[Finding]:
    """The way back: as it was, by another, or none."""
    menu = "/ip/route"
    new = way_back(rows, manager)
    renamed = _renamed(rows, before)
    if old is not None:
        old = Hop(renamed.get(old.interface, old.interface), renamed.get(old.gateway, old.gateway), old.row)
    if new is None and old is not None:
        yield Finding("cut", menu, f"no route leads back to {manager.source}", old.row)
    elif new is not None and new.gateway == "blackhole":
        yield Finding("cut", menu, f"a blackhole swallows what goes back to {manager.source}", new.row)
    elif new is not None and (old is None or (new.interface, new.gateway) != (old.interface, old.gateway)):
        by = new.gateway or new.interface
        yield Finding("may be cut", menu, f"what goes back to {manager.source} goes by {by}", new.row)


def _on_link(target: str, row: Row) -> bool:
    try:
        return within(target, str(ip_interface(row.text("address")).network)) is True
    except ValueError:
        return False


def _named(rows: Rows, menu: str, name: str) -> Row | None:
    return next((row for row in rows.get(menu, ()) if row.text("name") == name), None)


def _holding(rows: Rows, address: str) -> Row | None:
    table = rows.get("/ip/address", ())
    return next((row for row in table if on(row) and row.text("address").partition("/")[0] == address), None)
