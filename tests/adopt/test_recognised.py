"""Intents come back from their own rows, and rows that are nearly theirs stay exact: the plan is empty, always."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recognise_room import Tables, readopted, tables_of, yaml_of

from trueup.row import Row, Table
from trueup_schemas.catalogue import Property, catalogue
from trueup_schemas.secret import SecretRef

WORDS = st.text(st.sampled_from("abcxyz0189-_"), min_size=1, max_size=8).filter(lambda text: text[0].isalpha())
TEXTS = st.text(st.sampled_from('abc ,:"#é$\\'), min_size=1, max_size=12).filter(lambda text: text.strip() == text)
SECRETS = WORDS.map(SecretRef)
SPANS = st.sampled_from(["10s", "45s", "1m"])
FLAGS = st.booleans()
MACS = st.integers(0, 255).map(lambda number: f"02:00:5E:00:00:{number:02X}")
KEYS = st.sampled_from(["cHVibGljLWtleS1vZi10aGUtaGFyYm91ci1vZmZpY2U=", "YW5vdGhlciBrZXkgdGhhdCBpcyBqdXN0IGEgdGVzdCE="])
RATES = st.sampled_from(["10M/20M", "512k/2M", "1500000/2G"])


def entries(
    required: dict[str, Any], optional: dict[str, Any], *unique: str, most: int = 3, least: int = 1
) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Lists of entries; no two have the same of what is unique."""
    one = st.fixed_dictionaries(required, optional=optional)
    return st.lists(
        one, min_size=least, max_size=most, unique_by=tuple(lambda e, k=key: e[k] for key in unique) or repr
    )


def numbered(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries on networks and interfaces of their own: N in their texts is their number."""
    return [_numbered(entry, str(number + 2)) for number, entry in enumerate(found)]


def _numbered(value: Any, number: str) -> Any:
    if isinstance(value, dict):
        return {key: _numbered(each, number) for key, each in value.items()}
    if isinstance(value, list):
        return [_numbered(each, number) for each in value]
    return value.replace("#N", number) if isinstance(value, str) else value


NET, OWN, RANGE = st.just("10.#N.0.0/16"), st.just("10.#N.0.1/16"), st.just("10.#N.0.9-10.#N.9.9")
PORTS = st.just("ether#N")
SERVICES = st.lists(st.sampled_from(["hotspot", "login", "wireless", "dhcp"]), min_size=1, max_size=3, unique=True)

RADIUS = entries(
    {"address": st.sampled_from(["10.0.0.5", "10.0.0.6"]), "secret": SECRETS, "service": SERVICES},
    {"name": TEXTS, "timeout": SPANS, "authentication-port": st.integers(1, 65535), "realm": WORDS, "disabled": FLAGS},
)
OPEN = (
    WORDS.map(lambda name: f"*.{name}.example")
    | WORDS.map(lambda name: f"https://{name}.example")
    | st.sampled_from(["10.0.0.0/24", "10.255.0.40"])
    | st.fixed_dictionaries(
        {"dst-host": WORDS, "path": WORDS.map(lambda name: f"/{name}*")}, optional={"comment": TEXTS}
    )
    | st.fixed_dictionaries({"protocol": st.just("udp"), "dst-port": st.just("53")}, optional={"comment": TEXTS})
)
HOTSPOTS = entries(
    {"name": WORDS, "interface": PORTS, "address": OWN, "address-pool": RANGE},
    {
        "pool": WORDS.map(lambda name: f"{name}-#N"),
        "profile": WORDS.map(lambda name: f"{name}-#N"),
        "comment": TEXTS | st.just(""),
        "dns-name": WORDS.map(lambda name: f"{name}.example"),
        "authenticate": st.sampled_from(["radius", "local"]),
        "interim-update": SPANS,
        "login-by": st.lists(st.sampled_from(["http-chap", "cookie", "mac"]), min_size=1, unique=True),
        "idle-timeout": SPANS,
        "disabled": FLAGS,
        "dhcp": st.just(True)
        | st.fixed_dictionaries({}, optional={"name": WORDS, "lease-time": SPANS, "domain": WORDS, "comment": TEXTS}),
        "walled-garden": st.lists(OPEN, max_size=4),
        "ip-bindings": entries({"mac-address": MACS}, {"type": st.just("bypassed"), "comment": TEXTS}, least=0),
        "users": entries({"name": WORDS}, {"password": SECRETS, "comment": TEXTS, "disabled": FLAGS}, "name", least=0),
    },
    "name",
).map(numbered)
HUBS = entries(
    {
        "wireguard": WORDS,
        "private-key": SECRETS,
        "peers": entries(
            {"public-key": KEYS, "allowed-address": st.just("10.9.#N.0/24"), "name": WORDS.map(lambda n: f"{n}-#N")},
            {"preshared-key": SECRETS, "endpoint-address": WORDS, "persistent-keepalive": SPANS, "comment": TEXTS},
            "name",
        ),
    },
    {
        "address": OWN,
        "listen-port": st.integers(1024, 65535),
        "mtu": st.just(1400),
        "comment": TEXTS,
        "disabled": FLAGS,
    },
    "wireguard",
).map(numbered)
SSTP = entries(
    {
        "sstp": WORDS,
        "user": WORDS,
        "password": SECRETS,
        "peer": st.just({"external": {"connect-to": "vpn.example"}}),
    },
    {"profile": st.just("default-encryption"), "verify-server-certificate": st.just("yes"), "comment": TEXTS},
    "sstp",
)
DHCP = entries(
    {
        "name": WORDS,
        "interface": PORTS,
        "address-pool": RANGE,
        "network": st.fixed_dictionaries(
            {"address": NET},
            optional={"gateway": st.just("10.#N.0.1"), "domain": WORDS, "comment": TEXTS | st.just("")},
        ),
    },
    {
        "pool": WORDS.map(lambda name: f"{name}-#N"),
        "lease-time": SPANS,
        "add-arp": FLAGS,
        "comment": TEXTS,
        "leases": entries({"mac-address": MACS, "address": st.just("10.#N.0.7")}, {"comment": TEXTS}, "mac-address"),
    },
    "name",
).map(numbered)
PPPOE = entries(
    {"service-name": WORDS, "interface": PORTS, "local-address": st.just("10.#N.0.1"), "address-pool": RANGE},
    {
        "pool": WORDS.map(lambda name: f"{name}-#N"),
        "profile": WORDS.map(lambda name: f"{name}-#N"),
        "rate-limit": st.just("5M/5M"),
        "one-session-per-host": FLAGS,
        "comment": TEXTS,
        "subscribers": entries(
            {"name": WORDS, "password": SECRETS}, {"remote-address": st.just("10.#N.0.9"), "comment": TEXTS}, "name"
        ),
    },
    "service-name",
    most=1,
).map(numbered)
BRIDGES = entries(
    {"name": WORDS},
    {
        "protocol-mode": st.sampled_from(["none", "rstp", "mstp"]),
        "vlan-filtering": FLAGS,
        "comment": TEXTS,
        "ports": st.lists(
            st.just("ether#N") | st.just({"interface": "ether#N", "pvid": 7, "comment": "x"}), max_size=1
        ),
        "vlans": entries({"vlan-ids": st.integers(2, 9)}, {"tagged": st.just("ether#N"), "comment": TEXTS}, "vlan-ids"),
    },
    "name",
).map(numbered)
QUEUES = entries(
    {"name": WORDS, "target": st.sampled_from(["10.0.0.0/24", "ether3"])},
    {"max-limit": RATES, "limit-at": RATES, "priority": st.just("1/1"), "comment": TEXTS, "disabled": FLAGS},
    "name",
)
SYSTEM = st.fixed_dictionaries(
    {"identity": TEXTS},
    optional={
        "note": TEXTS,
        "timezone": st.just("Europe/Lisbon"),
        "ntp": st.fixed_dictionaries({"servers": st.just(["192.0.2.1", "ntp.example"])}),
        "dns": st.fixed_dictionaries(
            {"servers": st.just(["192.0.2.53"])},
            optional={"static": entries({"name": WORDS, "address": st.just("10.0.0.1")}, {"comment": TEXTS}, "name")},
        ),
        "services": st.dictionaries(st.sampled_from(["telnet", "ftp"]), st.just({"disabled": True}), min_size=1),
        "logging": st.fixed_dictionaries({"rules": entries({"topics": WORDS.map(lambda _: ["pppoe"])}, {}, most=1)}),
        "snmp": st.fixed_dictionaries({"contact": TEXTS}),
    },
)
KINDS = {
    "radius": RADIUS,
    "hotspots": HOTSPOTS,
    "hubs": HUBS,
    "sstp": SSTP,
    "dhcp": DHCP,
    "pppoe": PPPOE,
    "bridges": BRIDGES,
    "queues": QUEUES,
    "system": SYSTEM,
}
NAMES = {"hubs": "tunnels", "sstp": "tunnels"}
BESIDES = {"/ppp/secret": 1}
KNOWN = catalogue("7.24")


@pytest.mark.parametrize("kind", KINDS)
def test_an_intent_comes_back_from_its_rows(kind: str):
    name = NAMES.get(kind, kind)

    @settings(max_examples=12, deadline=None)
    @given(KINDS[kind])
    def comes_back(declared: Any) -> None:
        tables = tables_of(yaml_of({name: declared}))
        adopted = readopted(tables)
        assert adopted.plan.empty
        assert dict(adopted.rows) == BESIDES
        assert dict(adopted.intents) == {name: len(declared) if isinstance(declared, list) else 1}

    comes_back()


RICH = """\
system:
  identity: edge
  dns: {servers: [192.0.2.1], static: [{name: a, address: 10.0.0.1}, {name: b, address: 10.0.0.2}]}
bridges:
  - {name: guests, ports: [ether2, {interface: ether3, pvid: 5}], vlans: [{vlan-ids: 5, tagged: ether2}]}
radius:
  - {name: one, address: 10.0.0.5, secret: !secret a, service: [hotspot, ppp], interim-update: 5m, incoming: 3799}
  - {address: 10.0.0.6, secret: !secret b, service: [login]}
hotspots:
  - name: lobby
    interface: guests
    address: 10.5.0.1/24
    address-pool: 10.5.0.9-10.5.0.99
    authenticate: radius
    dhcp: {name: dhcp1, lease-time: 1h}
    walled-garden: ["*.a.example", https://b.example, 10.0.0.0/24]
    ip-bindings: [{mac-address: "02:00:5E:00:00:01", type: bypassed}]
    user-profiles: [{name: crew, shared-users: 3}]
    users: [{name: anna, password: !secret c, profile: crew}]
  - {name: pier, interface: ether4, address: 10.6.0.1/24, walled-garden: ["*.c.example"]}
pppoe:
  - service-name: homes
    interface: ether5
    local-address: 10.30.0.1
    address-pool: 10.30.8.2-10.30.11.250
    plans: [{name: home-50, rate-limit: 10M/50M}]
    subscribers: [{name: ben, password: !secret d, profile: home-50}]
queues:
  - {name: voice, target: 10.0.0.0/24, max-limit: 5M/5M}
  - {name: rest, target: 10.0.0.0/8, max-limit: 50M/50M}
tunnels:
  - wireguard: wg-staff
    private-key: !secret e
    address: 10.9.2.1/24
    peers:
      - {name: carla, public-key: "YW5vdGhlciBrZXkgdGhhdCBpcyBqdXN0IGEgdGVzdCE=", allowed-address: 10.9.2.2/32}
"""
"""A router with something of everything, for rows that are nearly those of an intent."""


@st.composite
def nearly(draw: st.DrawFn, tables: Tables) -> Tables:
    """The same rows but for one: gone, standing twice, elsewhere, or with one property more, less or different."""
    path = draw(st.sampled_from(sorted(tables)))
    rows = list(tables[path])
    number = draw(st.integers(0, len(rows) - 1))
    menu = KNOWN.menu(path)
    how = draw(st.sampled_from(["gone", "first", "less", "other", "more", "twice"]))
    if how == "first":
        rows.insert(0, rows.pop(number))
    elif how == "gone":
        del rows[number]
    elif how == "twice" and not menu.key and menu.kind == "list":
        rows.append(rows[number])
    else:
        rows[number] = draw(_changed(menu.writable, rows[number], menu.key, how))
    return {**tables, path: Table(path, tuple(rows))}


@st.composite
def _changed(draw: st.DrawFn, properties: tuple[Property, ...], row: Row, key: tuple[str, ...], how: str) -> Row:
    values = dict(row.values)
    free = [each for each in properties if each.name not in key and not each.secret and not each.required]
    if how == "less":
        droppable = [each.name for each in free if each.name in values]
        values.pop(draw(st.sampled_from(droppable)) if droppable else "", None)
        return replace(row, values=values)
    wanted = {
        each.name: _others(each) for each in free if _others(each) and (how == "more") == (each.name not in values)
    }
    if wanted:
        name = draw(st.sampled_from(sorted(wanted)))
        values[name] = draw(st.sampled_from(wanted[name]))
    return replace(row, values=values)


def _others(property: Property) -> list[str]:
    """Values that a property certainly takes."""
    if property.type == "boolean":
        return ["yes", "no"]
    if property.type == "enum":
        return list(property.values)
    return ["something"] if property.name == "comment" else []


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_rows_that_are_nearly_an_intents_stay_what_they_are(data: st.DataObject):
    adopted = readopted(data.draw(nearly(tables_of(RICH))))
    assert adopted.plan.empty
