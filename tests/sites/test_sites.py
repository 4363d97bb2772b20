"""The example network compiles for every version it is shown on, and has what a provider's network has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from trueup.compile import Compiled, compile_network, compile_router, secret_names
from trueup.lab.network import read_network
from trueup.load.network import Network, load_network
from trueup.secrets import DIGEST_KEY
from trueup_schemas.catalogue import catalogue

SITES = Path(__file__).parents[2] / "sites"

NEEDED = [
    "/system/identity",
    "/system/clock",
    "/system/note",
    "/system/ntp/client",
    "/system/ntp/client/servers",
    "/system/logging",
    "/system/logging/action",
    "/system/scheduler",
    "/system/script",
    "/user",
    "/user/group",
    "/ip/service",
    "/ip/ssh",
    "/ip/dns",
    "/ip/dns/static",
    "/interface/ethernet",
    "/interface/bridge",
    "/interface/bridge/port",
    "/interface/bridge/vlan",
    "/interface/vlan",
    "/interface/list",
    "/interface/list/member",
    "/interface/wireguard",
    "/interface/wireguard/peers",
    "/interface/sstp-client",
    "/interface/sstp-server",
    "/interface/sstp-server/server",
    "/interface/pppoe-server/server",
    "/ip/address",
    "/ip/pool",
    "/ip/dhcp-server",
    "/ip/dhcp-server/network",
    "/ip/dhcp-server/lease",
    "/ip/dhcp-client",
    "/ip/route",
    "/routing/table",
    "/ip/firewall/filter",
    "/ip/firewall/nat",
    "/ip/firewall/mangle",
    "/ip/firewall/raw",
    "/ip/firewall/address-list",
    "/ip/firewall/connection/tracking",
    "/ip/settings",
    "/ip/neighbor/discovery-settings",
    "/ip/cloud",
    "/ip/hotspot",
    "/ip/hotspot/profile",
    "/ip/hotspot/user",
    "/ip/hotspot/user/profile",
    "/ip/hotspot/ip-binding",
    "/ip/hotspot/walled-garden",
    "/ip/hotspot/walled-garden/ip",
    "/ip/hotspot/service-port",
    "/radius",
    "/radius/incoming",
    "/ppp/profile",
    "/ppp/secret",
    "/ppp/aaa",
    "/queue/simple",
    "/queue/tree",
    "/queue/type",
    "/snmp",
    "/snmp/community",
    "/tool/mac-server",
    "/tool/mac-server/mac-winbox",
    "/tool/bandwidth-server",
    "/tool/netwatch",
]


@pytest.fixture(scope="module")
def network() -> Network:
    return load_network(SITES)


@pytest.fixture(scope="module")
def routers(network: Network) -> tuple[Compiled, ...]:
    return compile_network(network)


def test_every_router_compiles_without_warnings_and_has_a_real_routers_size(routers: tuple[Compiled, ...]) -> None:
    assert {one.router for one in routers} == {"hq-hub", "harbour-edge-1", "marina-edge-1", "hill-tower-1"}
    for one in routers:
        assert one.warnings == ()
        assert 30 <= sum(len(table.rows) for table in one.desired.tables.values()) <= 200


@pytest.mark.parametrize("version", ["7.24", "7.16.2"])
def test_every_router_also_compiles_for_the_other_version(network: Network, version: str) -> None:
    for router in network.routers:
        other = compile_router(network, replace(router, version=None), version)
        assert (other.version, other.warnings) == (catalogue(version).version, ())


def test_two_routers_run_each_version(network: Network) -> None:
    assert sorted(router.version or "" for router in network.routers) == ["7.16.2", "7.16.2", "7.24", "7.24"]


def test_every_menu_that_the_example_must_show_has_rows(routers: tuple[Compiled, ...]) -> None:
    shown = {menu for one in routers for menu in one.desired.tables}
    assert set(NEEDED) - shown == set()


def test_every_layer_and_every_way_of_placing_a_row_is_used(network: Network, routers: tuple[Compiled, ...]) -> None:
    for router in network.routers:
        files = {layer.file for layer in router.layers}
        one = next(each for each in routers if each.router == router.name)
        used = {
            source.file
            for table in one.desired.tables.values()
            for row in table
            for source in (row.source, *row.sources.values())
            if source
        }
        assert files <= used
    tables = [table for one in routers for table in one.desired.tables.values()]
    assert {scope.remove for table in tables for scope in table.scopes} == {True, False}
    assert any(row.place for table in tables for row in table)
    assert any(row.protect for table in tables for row in table)


def test_each_tunnel_has_both_its_halves(routers: tuple[Compiled, ...]) -> None:
    halves = {(one.router, peer.router) for one in routers for peer in one.peers}
    assert halves == {(b, a) for a, b in halves}
    assert {a for a, _ in halves} == {one.router for one in routers}


def test_the_list_of_secrets_names_each_that_the_network_needs(network: Network) -> None:
    listed = yaml.safe_load((SITES / "secrets.example").read_text(encoding="utf-8"))
    assert set(listed) == {DIGEST_KEY.name, *secret_names(network)}
    assert set(listed.values()) == {None}


def test_the_lab_has_a_router_for_each_declared_one_at_its_address_and_version(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUEUP_SECRET_SALTMARSH_API", "rehearsal")
    lab = {each.spec.name: (each.spec.address, each.spec.version) for each in read_network(SITES / "lab.yaml")}
    declared = {router.name: (router.connect.hosts[0], router.version) for router in network.routers if router.connect}
    assert lab == declared


def test_the_lab_begins_with_undeclared_and_dynamic_rows_in_filter_and_nat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUEUP_SECRET_SALTMARSH_API", "rehearsal")
    seeds = [each.spec.seed for each in read_network(SITES / "lab.yaml")]
    for menu in ("/ip/firewall/filter", "/ip/firewall/nat"):
        found = [row for seed in seeds for row in seed.get(menu, ())]
        assert {row.get("dynamic", "") for row in found} == {"true", ""}
