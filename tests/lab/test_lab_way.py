"""Each link of the way to a virtual router: what breaks it, for whom, and what mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from lab_manager import MANAGER, SEED

from trueup.lab import Manager, Router, Spec
from trueup.lab.packets.way import judge

KEY, OTHER = "WBfxQOLzNRrJvZt7x1cDvsoKUw6oWwpRzqJ4pMfzMXc=", "aBfxQOLzNRrJvZt7x1cDvsoKUw6oWwpRzqJ4pMfzMXc="
BRIDGE = {
    **SEED,
    "/interface/bridge": [{"name": "lan", "vlan-filtering": "yes"}],
    "/interface/bridge/port": [{"bridge": "lan", "interface": "ether1"}],
    "/interface/bridge/vlan": [{"bridge": "lan", "vlan-ids": "10", "tagged": "lan,ether1"}],
    "/interface/vlan": [{"name": "mgmt", "interface": "lan", "vlan-id": "10"}],
    "/ip/address": [{"address": "10.20.0.1/24", "interface": "mgmt"}],
}
TAGGED = replace(MANAGER, vlan=10)
WIREGUARD = {
    "/interface/wireguard": [{"name": "wg", "private-key": KEY, "listen-port": "51820"}],
    "/interface/wireguard/peers": [{"interface": "wg", "public-key": OTHER, "allowed-address": "10.9.0.0/16"}],
    "/ip/address": [
        {"address": "10.20.0.1/24", "interface": "wg"},
        {"address": "192.0.2.2/24", "interface": "ether1"},
    ],
    "/ip/route": [{"gateway": "192.0.2.1"}, {"dst-address": "10.9.0.0/16", "gateway": "wg"}],
    "/ip/firewall/filter": [
        {"chain": "input", "protocol": "udp", "dst-port": "51820", "action": "accept"},
        {"chain": "input", "in-interface": "wg", "action": "accept"},
        {"chain": "input", "action": "drop"},
    ],
}
SSTP = {
    "/interface/sstp-client": [
        {"name": "hq", "connect-to": "203.0.113.1", "user": "r", "password": "p", "disabled": "no"}
    ],
    "/ip/address": [
        {"address": "10.20.0.1/32", "interface": "hq", "dynamic": "true"},
        {"address": "192.0.2.2/24", "interface": "ether1"},
    ],
    "/ip/route": [{"gateway": "192.0.2.1"}, {"dst-address": "10.9.0.0/16", "gateway": "hq"}],
}
LEASED = {
    "/ip/dhcp-client": [{"interface": "ether1", "disabled": "no"}],
    "/ip/address": [{"address": "10.20.0.1/24", "interface": "ether1", "dynamic": "true"}],
    "/ip/route": [{"gateway": "10.20.0.254", "dynamic": "true", "dhcp": "true"}],
}
Commands = Sequence[str]


def router(seed: Mapping[str, object], manager: Manager, version: str = "7.24") -> Router:
    return Router(Spec("hub", version=version, seed=seed, manager=manager))  # type: ignore[arg-type]


def done(hub: Router, command: str) -> None:
    """A command, its arguments separated by blanks; no value holds one."""
    path, *arguments = command.split(" ")
    reply = hub.execute([path, *(f"={each}" for each in arguments)])
    assert reply[0][0] != "!trap", (command, reply)


def fate(hub: Router, service: str = "api") -> tuple[str, str]:
    """What becomes of first and of later packets."""
    return judge(hub, service, "new").outcome, judge(hub, service, "established").outcome


OPEN, CUT, NEW, REFUSED = (
    *(("passes", "passes"), ("vanishes", "vanishes"), ("vanishes", "passes"), ("refused", "passes")),
)
PLAIN = [
    ("/interface/ethernet/disable .id=ether1", CUT, "/interface/ethernet/enable .id=ether1"),
    ("/interface/disable .id=ether1", CUT, "/interface/enable .id=ether1"),
    ("/interface/ethernet/set .id=ether1 name=wan", OPEN, ""),
    ("/ip/address/disable .id=*1", CUT, "/ip/address/enable .id=*1"),
    ("/ip/address/set .id=*1 address=10.20.0.2/24", CUT, "/ip/address/set .id=*1 address=10.20.0.1/24"),
    ("/ip/address/set .id=*1 interface=ether2", CUT, "/ip/address/set .id=*1 interface=ether1"),
    ("/ip/address/remove .id=*1", CUT, "/ip/address/add address=10.20.0.1/24 interface=ether1"),
    ("/ip/route/disable .id=*80000001", CUT, "/ip/route/add dst-address=10.9.0.0/16 gateway=10.20.0.254"),
    ("/ip/route/set .id=*80000001 gateway=10.20.0.253", CUT, "/ip/route/set .id=*80000001 gateway=10.20.0.254"),
    ("/ip/route/set .id=*80000001 gateway=10.66.0.1", CUT, "/ip/route/set .id=*80000001 gateway=10.20.0.254%ether1"),
    ("/ip/route/add dst-address=10.9.9.0/24 gateway=ether2", CUT, "/ip/route/remove .id=*80000002"),
    ("/ip/route/add dst-address=10.9.9.0/24 blackhole=", CUT, "/ip/route/disable .id=*80000002"),
    ("/ip/route/add gateway=10.66.0.1 distance=1", OPEN, ""),
    ("/routing/rule/add action=drop dst-address=10.9.0.0/16", CUT, "/routing/rule/disable .id=*1"),
    ("/routing/rule/add action=drop src-address=10.9.0.0/16", OPEN, ""),
    ("/routing/rule/add action=drop interface=ether1", OPEN, ""),
    ("/ip/service/disable .id=api", REFUSED, "/ip/service/enable .id=api"),
    ("/ip/service/set .id=api port=8730", REFUSED, "/ip/service/set .id=api port=8728"),
    ("/ip/service/set .id=api address=10.8.0.0/16", REFUSED, "/ip/service/set .id=api address=10.8.0.0/16,10.9.9.9/32"),
    ("/ip/vrf/add name=mgmt interfaces=ether1", REFUSED, "/ip/service/set .id=api vrf=mgmt"),
    ("/interface/bridge/add name=lan", OPEN, ""),
]


@pytest.mark.parametrize(("command", "outcome", "mending"), PLAIN)
def test_ports_addresses_routes_and_services(command: str, outcome: tuple[str, str], mending: str) -> None:
    hub = router(SEED, MANAGER)
    assert fate(hub) == OPEN
    done(hub, command)
    assert fate(hub) == outcome
    if mending:
        done(hub, mending)
        assert fate(hub) == OPEN


DROP_ALL = "action=drop chain=input place-before=*1"
RULES = [
    ([f"/ip/firewall/filter/add {DROP_ALL}"], CUT),
    (["/ip/firewall/filter/add action=drop chain=input place-before=*2"], NEW),
    (["/ip/firewall/filter/remove .id=*1"], OPEN),
    (["/ip/firewall/filter/remove .id=*2"], NEW),
    (["/ip/firewall/filter/remove .id=*1,*2"], CUT),
    (["/ip/firewall/filter/add chain=output action=drop"], CUT),
    (["/ip/firewall/filter/add chain=output action=drop connection-state=new"], OPEN),
    (["/ip/firewall/filter/add chain=output action=drop protocol=tcp src-port=8728"], CUT),
    (["/ip/firewall/filter/add chain=output action=drop protocol=tcp dst-port=443"], OPEN),
    (["/ip/firewall/filter/add chain=output action=drop out-interface=ether1"], CUT),
    (["/ip/firewall/filter/add chain=output action=drop out-interface=ether2"], OPEN),
    (["/ip/firewall/raw/add chain=output action=drop dst-address=10.9.0.0/16"], CUT),
    (["/ip/firewall/raw/add chain=output action=drop dst-address=!10.9.0.0/16"], OPEN),
    (["/ip/firewall/filter/disable .id=*2"], NEW),
    (["/ip/firewall/filter/set .id=*2 src-address=!10.9.0.0/16"], NEW),
    (["/ip/firewall/filter/set .id=*2 src-address=10.9.9.1-10.9.9.20"], OPEN),
    (["/ip/firewall/filter/set .id=*2 dst-port=22 protocol=tcp"], NEW),
    (["/ip/firewall/filter/set .id=*2 dst-port=22,8000-9000 protocol=tcp"], OPEN),
    (["/ip/firewall/filter/set .id=*2 protocol=udp"], NEW),
    (["/ip/firewall/filter/set .id=*2 protocol=6"], OPEN),
    (["/ip/firewall/filter/set .id=*2 in-interface=ether2"], NEW),
    (["/ip/firewall/filter/set .id=*2 in-interface=all-ethernet"], OPEN),
    (["/ip/firewall/filter/set .id=*2 in-interface=!all-ppp"], OPEN),
    (["/ip/firewall/filter/set .id=*2 limit=10,5:packet"], NEW),
    ([f"/ip/firewall/filter/add {DROP_ALL} limit=10,5:packet"], CUT),
    ([f"/ip/firewall/filter/add {DROP_ALL} connection-mark=bad"], OPEN),
    (["/ip/firewall/mangle/add chain=input action=mark-connection new-connection-mark=bad",
      f"/ip/firewall/filter/add {DROP_ALL} connection-mark=bad"], CUT),
    ([f"/ip/firewall/filter/add {DROP_ALL} connection-state=new"], NEW),
    ([f"/ip/firewall/filter/add {DROP_ALL} connection-state=invalid"], OPEN),
    ([f"/ip/firewall/filter/add {DROP_ALL} connection-nat-state=!dstnat connection-state=new"], NEW),
    ([f"/ip/firewall/filter/add {DROP_ALL} protocol=tcp tcp-flags=syn,!ack"], NEW),
    ([f"/ip/firewall/filter/add {DROP_ALL} hotspot=!auth,from-client"], OPEN),
    ([f"/ip/firewall/filter/add {DROP_ALL} out-interface=ether1"], OPEN),
    ([f"/ip/firewall/filter/add {DROP_ALL} dst-address-type=!local"], OPEN),
    ([f"/ip/firewall/filter/add {DROP_ALL} dst-address=10.20.0.1"], CUT),
    (["/ip/firewall/filter/add chain=input action=tarpit protocol=tcp place-before=*2"], NEW),
    (["/ip/firewall/filter/add chain=input action=reject place-before=*2"], REFUSED),
    (["/ip/firewall/filter/add chain=input action=reject place-before=*1"], ("refused", "vanishes")),
    (["/ip/firewall/filter/add chain=input action=reject reject-with=tcp-reset protocol=tcp place-before=*1"],
     ("refused", "refused")),
    (["/ip/firewall/filter/add chain=forward action=drop place-before=*1"], OPEN),
    (["/ip/firewall/filter/add chain=input action=jump jump-target=bad place-before=*1"], OPEN),
    (["/ip/firewall/filter/add chain=input action=jump jump-target=bad place-before=*1",
      "/ip/firewall/filter/add chain=bad action=drop"], CUT),
    (["/ip/firewall/filter/add chain=input action=jump jump-target=bad place-before=*1",
      "/ip/firewall/filter/add chain=bad action=return src-address=10.9.0.0/16",
      "/ip/firewall/filter/add chain=bad action=drop"], OPEN),
    (["/ip/firewall/filter/add chain=input action=jump jump-target=bad place-before=*1",
      "/ip/firewall/filter/add chain=bad action=return time=1h-2h,mon",
      "/ip/firewall/filter/add chain=bad action=drop"], CUT),
    (["/ip/firewall/filter/add chain=input action=return place-before=*1"], OPEN),
    (["/ip/firewall/filter/add chain=input action=jump jump-target=input place-before=*1"], OPEN),
    (["/ip/firewall/raw/add chain=prerouting action=drop src-address=10.9.9.9"], CUT),
    (["/ip/firewall/raw/add chain=output action=drop"], CUT),
    (["/ip/firewall/raw/add chain=prerouting action=notrack", "/ip/firewall/filter/remove .id=*2"], CUT),
    (["/ip/firewall/raw/add chain=prerouting action=notrack", "/ip/firewall/filter/remove .id=*2",
      "/ip/firewall/filter/set .id=*1 connection-state=established,related,untracked"], OPEN),
    (["/ip/firewall/connection/tracking/set enabled=no", "/ip/firewall/filter/remove .id=*2"], CUT),
    (["/ip/firewall/nat/add chain=dstnat action=dst-nat protocol=tcp dst-port=8728 to-addresses=10.30.0.5"], NEW),
    (["/ip/firewall/nat/add chain=dstnat action=redirect protocol=tcp dst-port=8728 to-ports=8080"], REFUSED),
    (["/ip/firewall/nat/add chain=dstnat action=redirect protocol=tcp dst-port=8728 to-ports=8728"], OPEN),
    (["/ip/firewall/nat/add chain=dstnat action=accept src-address=10.9.0.0/16",
      "/ip/firewall/nat/add chain=dstnat action=dst-nat to-addresses=10.30.0.5"], OPEN),
    (["/ip/firewall/nat/add chain=dstnat action=dst-nat to-addresses=10.30.0.5 dst-port=80 protocol=tcp"], OPEN),
    (["/ip/service/set .id=api port=8080",
      "/ip/firewall/nat/add chain=dstnat action=redirect protocol=tcp dst-port=8728 to-ports=8080"], OPEN),
]  # fmt: skip


@pytest.mark.parametrize(("commands", "outcome"), RULES)
def test_rules(commands: Commands, outcome: tuple[str, str]) -> None:
    hub = router(SEED, MANAGER)
    for each in commands:
        done(hub, each)
    assert fate(hub) == outcome


LISTED = [
    (["/ip/firewall/address-list/add list=managers address=10.9.0.0/16"], OPEN),
    (["/ip/firewall/address-list/add list=managers address=10.9.9.1-10.9.9.9"], OPEN),
    (["/ip/firewall/address-list/add list=managers address=10.9.9.9 disabled=yes"], NEW),
    (["/ip/firewall/address-list/add list=managers address=hq.example"], NEW),
    (["/ip/firewall/address-list/add list=managers address=10.8.0.0/16"], NEW),
]


@pytest.mark.parametrize(("commands", "outcome"), LISTED)
def test_address_lists(commands: Commands, outcome: tuple[str, str]) -> None:
    hub = router(SEED, MANAGER)
    done(hub, "/ip/firewall/filter/set .id=*2 src-address-list=managers")
    for each in commands:
        done(hub, each)
    assert fate(hub) == outcome


def test_names_in_a_list_count_as_hits_where_that_is_worse() -> None:
    hub = router(SEED, MANAGER)
    done(hub, "/ip/firewall/address-list/add list=bad address=hq.example")
    done(hub, f"/ip/firewall/filter/add {DROP_ALL} src-address-list=bad")
    assert fate(hub) == CUT


def test_a_rule_that_notes_new_senders_may_shut_them_out_later() -> None:
    hub = router(SEED, MANAGER)
    for each in (
        f"/ip/firewall/filter/add {DROP_ALL} src-address-list=seen",
        "/ip/firewall/filter/add chain=input action=add-src-to-address-list address-list=seen connection-state=new "
        "address-list-timeout=1m place-before=*4",
    ):
        done(hub, each)
    assert fate(hub) == CUT


INTERFACES = [
    ("/interface/list/member/add list=LAN interface=ether1", OPEN),
    ("/interface/list/member/add list=LAN interface=ether2", NEW),
    ("/interface/list/member/add list=LAN interface=ether1 disabled=yes", NEW),
    ("/interface/list/set .id=LAN include=all", OPEN),
    ("/interface/list/set .id=LAN include=static exclude=OUT", NEW),
    ("/interface/list/set .id=LAN include=dynamic", NEW),
]


@pytest.mark.parametrize(("command", "outcome"), INTERFACES)
def test_interface_lists(command: str, outcome: tuple[str, str]) -> None:
    hub = router(SEED, MANAGER)
    for each in (
        "/interface/list/add name=OUT",
        "/interface/list/add name=LAN",
        "/interface/list/member/add list=OUT interface=ether1",
        "/ip/firewall/filter/set .id=*2 in-interface-list=LAN",
        command,
    ):
        done(hub, each)
    assert fate(hub) == outcome


VLANS = [
    ("/interface/bridge/disable .id=lan", CUT, "/interface/bridge/enable .id=lan"),
    ("/interface/bridge/set .id=lan name=bridge", OPEN, ""),
    ("/interface/bridge/set .id=lan vlan-filtering=no", OPEN, ""),
    ("/interface/bridge/port/disable .id=*1", CUT, "/interface/bridge/port/enable .id=*1"),
    ("/interface/bridge/port/set .id=*1 interface=ether2", CUT, "/interface/bridge/port/set .id=*1 interface=ether1"),
    ("/interface/bridge/port/set .id=*1 frame-types=admit-only-untagged-and-priority-tagged", CUT,
     "/interface/bridge/port/set .id=*1 frame-types=admit-only-vlan-tagged"),
    ("/interface/bridge/port/set .id=*1 pvid=10", OPEN, ""),
    ("/interface/bridge/vlan/disable .id=*1", CUT, "/interface/bridge/vlan/enable .id=*1"),
    ("/interface/bridge/vlan/set .id=*1 vlan-ids=11-20", CUT, "/interface/bridge/vlan/set .id=*1 vlan-ids=5-15"),
    ("/interface/bridge/vlan/set .id=*1 tagged=lan", CUT, "/interface/bridge/vlan/set .id=*1 tagged=lan,ether1"),
    ("/interface/bridge/vlan/set .id=*1 tagged=lan untagged=ether1", CUT, ""),
    ("/interface/bridge/vlan/set .id=*1 tagged=ether1", OPEN, ""),
    ("/interface/vlan/disable .id=mgmt", CUT, "/interface/vlan/enable .id=mgmt"),
    ("/interface/vlan/set .id=mgmt vlan-id=11", CUT, "/interface/vlan/set .id=mgmt vlan-id=10"),
    ("/interface/vlan/set .id=mgmt interface=ether1", CUT, "/interface/vlan/set .id=mgmt interface=lan"),
    ("/interface/vlan/remove .id=mgmt", CUT, ""),
    ("/interface/bridge/filter/add chain=input action=drop", CUT, "/interface/bridge/filter/disable .id=*1"),
    ("/interface/bridge/filter/add chain=forward action=drop", OPEN, ""),
    ("/interface/bridge/filter/add chain=input action=drop mac-protocol=ip", OPEN, ""),
    ("/interface/bridge/filter/add chain=input action=drop mac-protocol=vlan vlan-id=10", CUT, ""),
    ("/interface/bridge/filter/add chain=input action=drop mac-protocol=vlan vlan-id=11", OPEN, ""),
    ("/interface/bridge/filter/add chain=input action=drop in-interface=ether2", OPEN, ""),
    ("/interface/bridge/filter/add chain=input action=drop in-bridge=lan in-interface=ether1", CUT, ""),
    ("/interface/bridge/filter/add chain=input action=drop src-mac-address=02:00:00:00:00:01/FF:FF:FF:FF:FF:FF", CUT,
     ""),
]  # fmt: skip


@pytest.mark.parametrize(("command", "outcome", "mending"), VLANS)
def test_bridges_and_vlans(command: str, outcome: tuple[str, str], mending: str) -> None:
    hub = router(BRIDGE, TAGGED)
    assert fate(hub) == OPEN
    done(hub, command)
    assert fate(hub) == outcome
    if mending:
        done(hub, mending)
        assert fate(hub) == OPEN


def test_a_bridge_is_a_member_for_its_vlan_interfaces_by_itself_since_7_16() -> None:
    for version, outcome in (("7.15", CUT), ("7.16", OPEN)):
        hub = router(BRIDGE, TAGGED, version)
        done(hub, "/interface/bridge/vlan/set .id=*1 tagged=ether1")
        assert fate(hub) == outcome


UNTAGGED = [
    ("/interface/bridge/set .id=lan vlan-filtering=yes", OPEN),
    ("/interface/bridge/port/set .id=*1 pvid=20", CUT),
    ("/interface/bridge/port/set .id=*1 frame-types=admit-only-vlan-tagged", CUT),
    ("/interface/bridge/set .id=lan pvid=20", CUT),
    ("/interface/bridge/set .id=lan frame-types=admit-only-vlan-tagged", CUT),
    ("/interface/bridge/vlan/add bridge=lan vlan-ids=1 tagged=ether1", CUT),
    ("/interface/bridge/vlan/add bridge=lan vlan-ids=1 tagged=lan", CUT),
    ("/interface/bridge/vlan/add bridge=lan vlan-ids=1 untagged=lan,ether1", OPEN),
]


@pytest.mark.parametrize(("command", "outcome"), UNTAGGED)
def test_untagged_frames_on_a_filtering_bridge(command: str, outcome: tuple[str, str]) -> None:
    seed = {**BRIDGE, "/interface/vlan": [], "/interface/bridge/vlan": []}
    hub = router({**seed, "/ip/address": [{"address": "10.20.0.1/24", "interface": "lan"}]}, MANAGER)
    assert fate(hub) == OPEN
    done(hub, command)
    assert fate(hub) == outcome


def test_tags_on_a_port_of_its_own_and_bonds() -> None:
    vlan = {"name": "mgmt", "interface": "bond", "vlan-id": "10"}
    hub = router(
        {
            **SEED,
            "/interface/bonding": [{"name": "bond", "slaves": "ether1,ether2"}],
            "/interface/vlan": [vlan],
            "/ip/address": [{"address": "10.20.0.1/24", "interface": "mgmt"}],
        },
        TAGGED,
    )
    assert fate(hub) == OPEN
    done(hub, "/interface/bonding/set .id=bond slaves=ether2,ether3")
    assert fate(hub) == CUT


PEER = "/interface/wireguard/peers"
TUNNELS = [
    (WIREGUARD, "wg", "/interface/wireguard/disable .id=wg", CUT),
    (WIREGUARD, "wg", "/interface/wireguard/set .id=wg name=hq", OPEN),
    (WIREGUARD, "wg", "/interface/wireguard/set .id=wg mtu=1400", OPEN),
    (WIREGUARD, "wg", "/interface/wireguard/set .id=wg listen-port=51821", CUT),
    (WIREGUARD, "wg", f"/interface/wireguard/set .id=wg private-key={OTHER}", CUT),
    (WIREGUARD, "wg", f"{PEER}/disable .id=*1", CUT),
    (WIREGUARD, "wg", f"{PEER}/set .id=*1 public-key={KEY}", CUT),
    (WIREGUARD, "wg", f"{PEER}/set .id=*1 preshared-key={KEY}", CUT),
    (WIREGUARD, "wg", f"{PEER}/set .id=*1 allowed-address=10.8.0.0/16", CUT),
    (WIREGUARD, "wg", f"{PEER}/set .id=*1 allowed-address=0.0.0.0/0", OPEN),
    (WIREGUARD, "wg", f"{PEER}/add interface=wg public-key={KEY} allowed-address=10.9.9.9/32", CUT),
    (WIREGUARD, "wg", "/ip/firewall/filter/disable .id=*1", CUT),
    (WIREGUARD, "wg", "/ip/firewall/filter/disable .id=*2", CUT),
    (WIREGUARD, "wg", "/ip/route/disable .id=*80000001", CUT),
    (WIREGUARD, "wg", "/ip/route/disable .id=*80000002", CUT),
    (WIREGUARD, "wg", "/interface/ethernet/disable .id=ether1", CUT),
    (SSTP, "hq", "/interface/sstp-client/disable .id=hq", CUT),
    (SSTP, "hq", "/interface/sstp-client/set .id=hq name=up", OPEN),
    (SSTP, "hq", "/interface/sstp-client/set .id=hq password=q", CUT),
    (SSTP, "hq", "/interface/sstp-client/set .id=hq connect-to=203.0.113.2", CUT),
    (SSTP, "hq", "/interface/sstp-client/set .id=hq max-mtu=1400", OPEN),
    (SSTP, "hq", "/interface/sstp-client/remove .id=hq", CUT),
    (SSTP, "hq", "/ip/address/disable .id=*2", CUT),
    (LEASED, "", "/ip/dhcp-client/disable .id=*1", CUT),
    (LEASED, "", "/ip/dhcp-client/set .id=*1 use-peer-dns=no", OPEN),
]


@pytest.mark.parametrize(("seed", "tunnel", "command", "outcome"), TUNNELS)
def test_tunnels_and_leases(seed: Mapping[str, object], tunnel: str, command: str, outcome: tuple[str, str]) -> None:
    hub = router(seed, replace(MANAGER, tunnel=tunnel))
    assert judge(hub, "api", "new").why == ""
    done(hub, command)
    assert fate(hub) == outcome


def test_a_way_that_was_never_there_says_why() -> None:
    assert (
        judge(router({}, MANAGER), "api", "new").why == "the router has no address 10.20.0.1 on an interface that is up"
    )
    assert judge(router(SEED, replace(MANAGER, interface="sfp9")), "api", "new").why == "there is no port sfp9"
    assert judge(router(SEED, replace(MANAGER, tunnel="wg")), "api", "new").why == "there is no tunnel wg"
