"""A tunnel is declared once, and both routers get their half."""

from __future__ import annotations

from pathlib import Path

import pytest
from compile_room import compiled, network, problems, rows

from trueup.compile import compile_router
from trueup.errors import DeclarationError

SPOKE = """router: spoke
tunnels:
  - wireguard: wg-hub
    private-key: !secret spoke/wg
    address: 10.9.0.2/30
    listen-port: 13231
    endpoint-address: 192.0.2.1
    preshared-key: !secret shared/wg
    peer:
      router: hub
      interface: wg-spoke
      private-key: !secret hub/wg
      address: 10.9.0.1/30
      listen-port: 13299
"""
FILES = {"site/spoke.yaml": SPOKE, "site/hub.yaml": "router: hub\n", "site/other.yaml": "router: other\n"}


def test_the_declaring_router_gets_its_interface_address_and_the_others_public_key(tmp_path: Path) -> None:
    one = compiled(tmp_path, FILES, "spoke")
    assert rows(one, "/interface/wireguard") == [
        {"name": "wg-hub", "private-key": "!secret spoke/wg", "listen-port": "13231"}
    ]
    assert rows(one, "/interface/wireguard/peers") == [
        {
            "interface": "wg-hub",
            "name": "wg-hub",
            "public-key": "public key of !secret hub/wg",
            "endpoint-address": "192.0.2.1",
            "endpoint-port": "13299",
            "allowed-address": "10.9.0.1/32",
            "preshared-key": "!secret shared/wg",
        }
    ]
    assert rows(one, "/ip/address") == [{"address": "10.9.0.2/30", "interface": "wg-hub"}]


def test_the_other_router_gets_the_mirror_of_it(tmp_path: Path) -> None:
    one = compiled(tmp_path, FILES, "hub")
    assert rows(one, "/interface/wireguard") == [
        {"name": "wg-spoke", "private-key": "!secret hub/wg", "listen-port": "13299"}
    ]
    assert rows(one, "/interface/wireguard/peers") == [
        {
            "interface": "wg-spoke",
            "name": "spoke",
            "public-key": "public key of !secret spoke/wg",
            "allowed-address": "10.9.0.2/32",
            "preshared-key": "!secret shared/wg",
        }
    ]
    assert rows(one, "/ip/address") == [{"address": "10.9.0.1/30", "interface": "wg-spoke"}]


def test_both_know_where_the_other_half_is_and_a_third_router_has_none(tmp_path: Path) -> None:
    declared = network(tmp_path, FILES)
    peers = {router.name: [str(peer) for peer in compile_router(declared, router).peers] for router in declared.routers}
    assert peers == {
        "hub": ["wireguard wg-hub: the other half is on spoke"],
        "spoke": ["wireguard wg-hub: the other half is on hub"],
        "other": [],
    }
    assert not compile_router(declared, declared.router("other")).desired.tables


def test_several_tunnels_may_share_the_hubs_interface_if_they_say_the_same(tmp_path: Path) -> None:
    second = SPOKE.replace("router: spoke", "router: second").replace("10.9.0.2/30", "10.9.0.3/30")
    one = compiled(tmp_path, FILES | {"site/second.yaml": second}, "hub")
    assert len(rows(one, "/interface/wireguard")) == 1
    assert len(rows(one, "/ip/address")) == 1
    assert {row["name"] for row in rows(one, "/interface/wireguard/peers")} == {"spoke", "second"}


def test_tunnels_that_disagree_about_a_shared_interface_are_an_error_with_both_places(tmp_path: Path) -> None:
    second = SPOKE.replace("router: spoke", "router: second").replace("13299", "13300")
    (problem,) = problems(tmp_path, FILES | {"site/second.yaml": second})
    assert "/interface/wireguard: two rows with the same name" in problem.message
    assert {"site/second.yaml", "site/spoke.yaml"} == {
        str(problem.where).split(":")[0],
        problem.message.rsplit(" ", 1)[-1].split(":")[0],
    }


def test_an_end_that_is_not_ours_needs_only_what_we_know_of_it(tmp_path: Path) -> None:
    spoke = """router: spoke
tunnels:
  - wireguard: wg-carrier
    private-key: !secret spoke/wg
    allowed-address: 0.0.0.0/0
    peer:
      external:
        public-key: "bm90IGEgcmVhbCBrZXksIGp1c3QgZm9yIGEgdGVzdCE="
        endpoint-address: vpn.carrier.example
        endpoint-port: 51820
  - sstp: sstp-carrier
    user: us
    password: !secret carrier/sstp
    peer: {external: {connect-to: vpn.carrier.example}}
"""
    one = compiled(tmp_path, {"site/spoke.yaml": spoke}, "spoke")
    assert one.peers == ()
    assert rows(one, "/interface/wireguard/peers")[0]["public-key"].startswith("bm90")
    assert rows(one, "/interface/sstp-client")[0]["connect-to"] == "vpn.carrier.example"


def test_an_sstp_tunnel_gives_the_client_here_and_the_secret_and_interface_there(tmp_path: Path) -> None:
    spoke = """router: spoke
tunnels:
  - sstp: sstp-hub
    user: spoke
    password: !secret spoke/sstp
    address: 10.9.1.2
    peer: {router: hub, interface: sstp-spoke, connect-to: 192.0.2.1, address: 10.9.1.1}
"""
    files = {"site/spoke.yaml": spoke, "site/hub.yaml": "router: hub\n"}
    assert rows(compiled(tmp_path / "1", files, "spoke"), "/interface/sstp-client") == [
        {
            "name": "sstp-hub",
            "connect-to": "192.0.2.1",
            "user": "spoke",
            "password": "!secret spoke/sstp",
            "disabled": "no",
        }
    ]
    hub = compiled(tmp_path / "2", files, "hub")
    assert rows(hub, "/interface/sstp-server") == [{"name": "sstp-spoke", "user": "spoke"}]
    assert rows(hub, "/ppp/secret") == [
        {
            "name": "spoke",
            "service": "sstp",
            "password": "!secret spoke/sstp",
            "local-address": "10.9.1.1",
            "remote-address": "10.9.1.2",
        }
    ]


def test_a_peer_that_there_is_not_is_named_with_a_suggestion(tmp_path: Path) -> None:
    found = problems(tmp_path, FILES | {"site/spoke.yaml": SPOKE.replace("router: hub", "router: hubb")})
    assert any("there is no router 'hubb'" in problem.message and "hub" in problem.remedy for problem in found)
    assert {str(problem.where) for problem in found} == {"site/spoke.yaml:10:15"}


def test_a_broken_tunnel_is_an_error_of_its_other_router_too_so_that_its_half_is_not_removed(tmp_path: Path) -> None:
    broken = FILES | {"site/spoke.yaml": SPOKE.replace("13299", "132990")}
    declared = network(tmp_path, broken)
    for name in ("hub", "spoke"):
        with pytest.raises(DeclarationError, match="listen-port"):
            compile_router(declared, declared.router(name))


def test_what_is_wrong_with_a_router_besides_its_tunnels_is_its_own_problem(tmp_path: Path) -> None:
    declared = network(tmp_path, FILES | {"site/spoke.yaml": SPOKE + "system: {identty: x}\n"})
    assert compile_router(declared, declared.router("hub")).peers
    with pytest.raises(DeclarationError, match="identty"):
        compile_router(declared, declared.router("spoke"))


def test_a_template_of_ones_own_may_not_have_rows_for_other_routers(tmp_path: Path) -> None:
    own = "peers:\n  - {router: hub, what: a pool, rows: {/ip/pool: [{name: p, ranges: 10.0.0.1}]}}\n"
    files = {"templates/pool.yaml.j2": own, "site/spoke.yaml": "router: spoke\ntemplates: [{template: pool}]\n"}
    (problem,) = problems(tmp_path, FILES | files)
    assert "rows for hub" in problem.message
    assert "tunnels" in problem.remedy
