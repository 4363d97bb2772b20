"""What a login needs: the service with its certificate, the user, the group."""

from __future__ import annotations

from collections.abc import Iterator

from trueup.risk.names import Finding, named, on
from trueup.risk.packet import Manager, any_within
from trueup.risk.state import Rows
from trueup.row import Row
from trueup_schemas.secret import SecretRef

POLICIES = ("api", "read", "write")

UNDERSTOOD = frozenset({"address", "certificate", "disabled", "name", "port", "tls-version", "vrf", "max-sessions"})
"""Properties of a service that are looked at, or that keep nobody out."""

FEWEST = 5
"""Sessions that leave room for a new one beside those that a run and its safety net hold."""


def service(rows: Rows, before: Rows, manager: Manager, ports: set[int]) -> Iterator[Finding]:
    """The API's service: enabled, on the port, for the address, with its certificate."""
    menu, name = "/ip/service", service_name(manager)
    row = named(rows, menu, name)
    if row is None:
        return
    if not on(row):
        yield Finding("cut", menu, f"service {name} is disabled", row)
    if row.text("port") and row.text("port") not in map(str, ports):
        come = ", ".join(map(str, sorted(ports)))
        yield Finding("cut", menu, f"service {name} is on port {row.text('port')}, the connection comes to {come}", row)
    if any_within(manager.source, row.text("address")) is False:
        yield Finding("cut", menu, f"service {name} does not serve {manager.source}", row)
    if row.text("vrf") not in ("", "main"):
        yield Finding("may be cut", menu, f"service {name} moves to vrf {row.text('vrf')}", row)
    if row.text("max-sessions").isdigit() and int(row.text("max-sessions")) < FEWEST:
        text = f"service {name} takes only {row.text('max-sessions')} sessions at a time"
        yield Finding("may be cut", menu, text, row)
    was = named(before, menu, name)
    for other in sorted(row.values.keys() - UNDERSTOOD):
        if was is not None and row.values.get(other) != was.values.get(other):
            yield Finding("may be cut", menu, f"service {name} gets another {other}", row)
    for other_row in rows.get(menu, ()):
        beside = other_row.text("name") != name and on(other_row) and other_row.fixed != "dynamic"
        if beside and other_row.text("port") == row.text("port") != "":
            text = f"service {other_row.text('name')} is on the port of {name}"
            yield Finding("may be cut", menu, text, other_row)


def service_name(manager: Manager) -> str:
    return "api-ssl" if manager.tls else "api"


def certificate(rows: Rows, before: Rows, manager: Manager) -> Iterator[Finding]:
    """The certificate that the service shows: there, and the one that is trusted."""
    if not manager.tls:
        return
    menu, name = "/ip/service", service_name(manager)
    row, was = named(rows, menu, name), named(before, menu, name)
    if row is None or was is None:
        return
    old, used = was.text("certificate"), row.text("certificate")
    held, now = named(before, "/certificate", old), named(rows, "/certificate", used)
    if not manager.verified:
        if (old in ("", "none")) != (used in ("", "none")):
            yield Finding("may be cut", menu, f"service {name} has certificate {used or 'none'} now", row)
    elif used in ("", "none"):
        if old not in ("", "none"):
            yield Finding("cut", menu, f"service {name} has no certificate", row)
    elif held is not None and all(each.id != held.id for each in rows.get("/certificate", ())) and used == old:
        yield Finding("cut", "/certificate", f"certificate {used} of service {name} is gone", held)
    elif now is None or held is None or now.id != held.id:
        yield from _another(row, used, now, manager, same=used == old)


def _another(row: Row, used: str, now: Row | None, manager: Manager, *, same: bool) -> Iterator[Finding]:
    """A certificate in the old one's place: the one that is pinned, another, or one that is not known."""
    shown = now.text("fingerprint").lower().replace(":", "") if now is not None else ""
    if (same and now is None) or (shown and shown == manager.fingerprint):
        return
    text = f"service {row.text('name')} shows another certificate, {used}"
    if manager.fingerprint and shown:
        yield Finding("cut", "/ip/service", f"{text}, whose fingerprint is not the one in `connect`", row)
    else:
        yield Finding("may be cut", "/ip/service", text, row)


def user(rows: Rows, before: Rows, manager: Manager) -> Iterator[Finding]:
    """The login: there, enabled, for the address, with the password and a group that lets it work."""
    was = named(before, "/user", manager.user)
    if was is None:
        if (new := named(rows, "/user", manager.user)) is not None:
            yield Finding("may be cut", "/user", f"a user {manager.user} of the router's own comes", new)
        return
    row = next((each for each in rows.get("/user", ()) if each.id == was.id), None)
    row = row if row is not None and row.text("name") == manager.user else named(rows, "/user", manager.user)
    if row is None:
        yield Finding("cut", "/user", f"user {manager.user} is gone", was)
        return
    if not on(row):
        yield Finding("cut", "/user", f"user {manager.user} is disabled", row)
    if any_within(manager.source, row.text("address")) is False:
        yield Finding("cut", "/user", f"user {manager.user} may not come from {manager.source}", row)
    yield from _password(row, was, manager)
    group = named(rows, "/user/group", row.text("group"))
    if group is None:
        if named(before, "/user/group", was.text("group")) is not None:
            yield Finding("cut", "/user/group", f"group {row.text('group')} of user {manager.user} is not there", row)
        return
    allowed = group.text("policy").split(",")
    for policy in POLICIES:
        if policy not in allowed:
            text = f"group {row.text('group')} of user {manager.user} lacks the policy {policy}"
            yield Finding("cut", "/user/group", text, group)


def _password(row: Row, was: Row, manager: Manager) -> Iterator[Finding]:
    new, old = row.values.get("password"), was.values.get("password")
    if row.id != was.id and not isinstance(new, SecretRef):
        yield Finding("cut", "/user", f"user {manager.user} is made anew without a password", row)
    elif isinstance(new, SecretRef):
        if new.name != manager.password:
            yield Finding("cut", "/user", f"user {manager.user} gets the password {new.name}, not `connect`'s", row)
    elif new != old:
        yield Finding("cut", "/user", f"user {manager.user} gets another password", row)
