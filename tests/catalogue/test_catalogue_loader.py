"""The loader: versions are cut, unknown menus are named, and loading is quick."""

from __future__ import annotations

import subprocess
import sys

import pytest

from trueup_schemas.catalogue import Reference, UnknownMenu, catalogue
from trueup_schemas.catalogue.version import exists, release


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("7.24", (7, 24)),
        ("7.16.2", (7, 16)),
        ("7.24.1 (stable)", (7, 24)),
        ("7.16rc1 (testing)", (7, 16)),
        ("8", (8, 0)),
    ],
)
def test_versions_are_read_as_routers_write_them(text: str, want: tuple[int, int]) -> None:
    assert release(text) == want


def test_text_without_a_number_is_no_version() -> None:
    with pytest.raises(ValueError, match=r"write it such as 7\.24"):
        catalogue("stable")


def test_since_and_until_are_inclusive() -> None:
    assert exists("7.16", "7.20", (7, 16))
    assert exists("7.16", "7.20", (7, 20))
    assert not exists("7.16", "7.20", (7, 15))
    assert not exists("7.16", "7.20", (7, 21))
    assert not exists("7.9", None, (7, 8))


def test_a_menu_is_cut_to_its_version() -> None:
    """`is-responder` became `responder`; /radius learned require-message-auth after 7.9."""
    old, new = catalogue("7.16.2"), catalogue("7.24")
    assert "is-responder" in old.menu("/interface/wireguard/peers").properties
    assert "responder" not in old.menu("/interface/wireguard/peers").properties
    assert "responder" in new.menu("/interface/wireguard/peers").properties
    assert "is-responder" not in new.menu("/interface/wireguard/peers").properties
    assert "require-message-auth" not in catalogue("7.9.2").menu("/radius").properties


def test_facts_can_differ_by_version() -> None:
    assert catalogue("7.16").menu("/ip/cloud").properties["ddns-enabled"].type == "boolean"
    assert catalogue("7.24").menu("/ip/cloud").properties["ddns-enabled"].default == "auto"
    assert catalogue("7.9").menu("/interface/wireguard/peers").key == ("interface", "public-key")
    assert catalogue("7.24").menu("/interface/wireguard/peers").key == ("name",)


def test_newer_versions_than_any_seen_are_like_the_newest() -> None:
    assert catalogue("7.99").paths == catalogue("7.24").paths


def test_a_catalogue_is_made_once() -> None:
    assert catalogue("7.24") is catalogue("7.24")
    assert catalogue("7.24").menu("/radius") is catalogue("7.24").menu("/radius")
    assert catalogue("7.24").version == "7.24"


def test_an_unknown_menu_is_named_with_one_that_is_near() -> None:
    known = catalogue("7.24")
    assert "/ip/hotspt" not in known
    assert "/ip/hotspot" in known
    with pytest.raises(UnknownMenu) as caught:
        known.menu("/ip/hotspt")
    assert str(caught.value) == "the catalogue holds no menu /ip/hotspt for RouterOS 7.24; did you mean /ip/hotspot?"


def test_the_index_itself_is_no_menu() -> None:
    with pytest.raises(UnknownMenu):
        catalogue("7.24").menu("/index")
    with pytest.raises(UnknownMenu):
        catalogue("7.24").menu("/../catalogue")


def test_ordered_menus_and_their_strata() -> None:
    known = catalogue("7.24")
    for path in ("/ip/firewall/filter", "/ip/firewall/nat", "/ip/firewall/mangle", "/ip/firewall/raw"):
        assert (known.menu(path).ordered, known.menu(path).strata, known.menu(path).key) == (True, ("chain",), ())
    for path in ("/radius", "/queue/simple", "/ip/hotspot/walled-garden", "/ip/hotspot/ip-binding"):
        assert known.menu(path).ordered
    for path in ("/ip/pool", "/interface/bridge/port", "/interface/wireguard/peers", "/ip/address"):
        assert not known.menu(path).ordered


def test_a_hotspot_server_is_known_whole() -> None:
    menu = catalogue("7.24").menu("/ip/hotspot")
    assert (menu.kind, menu.addable, menu.key, menu.enforced) == ("list", True, ("name",), True)
    assert menu.properties["disabled"].default == "yes"
    assert menu.properties["address-pool"].refers == (Reference("/ip/pool"),)
    assert menu.properties["profile"].default == "default"
    assert menu.properties["interface"].required
    assert "proxy-status" not in {property.name for property in menu.writable}


def test_menus_that_only_tell_have_nothing_to_write() -> None:
    for path in ("/interface", "/system/resource", "/system/routerboard", "/system/license"):
        assert catalogue("7.24").menu(path).properties
        assert not catalogue("7.24").menu(path).writable


LAZY = """
import sys
opened = []
sys.addaudithook(lambda event, told: opened.append(str(told[0])) if event == "open" else None)
from trueup_schemas.catalogue import catalogue
known = catalogue("7.24")
for path in known.paths[:20]:
    known.menu(path)
    known.menu(path)
print(sum("/catalogue/data/" in each for each in opened))
"""


def test_a_plan_that_touches_twenty_menus_reads_twenty_files_and_the_index() -> None:
    done = subprocess.run([sys.executable, "-c", LAZY], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "21"


def test_every_kind_of_interface_takes_its_name_from_one_namespace() -> None:
    members = catalogue("7.24").members("/interface")
    assert {"/interface/bonding", "/interface/gre", "/interface/l2tp-client", "/interface/veth"} <= set(members)
    assert {"/interface/wifi", "/interface/wireless", "/interface/vrrp", "/interface/lte"} <= set(members)
    assert not {"/interface/list", "/interface/wifi/channel", "/interface/bridge/port"} & set(members)


def test_radios_are_known_in_the_versions_that_have_their_package() -> None:
    assert "/interface/wifi" in catalogue("7.13")
    assert "/interface/wifi" not in catalogue("7.12")
    assert "/interface/wifiwave2" in catalogue("7.9")
    assert all("/interface/wireless" in catalogue(version) for version in ("7.9", "7.16", "7.24"))


def test_a_server_that_was_one_became_several() -> None:
    old, new = (catalogue(version).menu("/interface/ovpn-server/server") for version in ("7.16", "7.24"))
    assert (old.kind, old.key) == ("singleton", ())
    assert (new.kind, new.key) == ("list", ("name",))


def test_names_that_routers_accept_twice_are_not_called_unique() -> None:
    for path in ("/routing/bgp/connection", "/routing/ospf/instance", "/routing/ospf/area", "/tool/netwatch"):
        assert not catalogue("7.24").menu(path).enforced
    for path in ("/interface/bonding", "/ip/ipsec/peer", "/ip/ipsec/proposal", "/ipv6/pool"):
        menu = catalogue("7.24").menu(path)
        assert (menu.key, menu.enforced) == (("name",), True)


def test_where_routers_can_move_rows_their_order_counts_or_their_key_finds_them() -> None:
    known = catalogue("7.24")
    for path in ("/routing/filter/rule", "/ip/ipsec/policy", "/ipv6/firewall/nat", "/interface/wifi/provisioning"):
        assert known.menu(path).ordered
    assert known.menu("/routing/filter/rule").strata == ("chain",)
    for path in ("/interface/bridge/port", "/interface/wireguard/peers", "/routing/bgp/evpn"):
        assert known.menu(path).key
        assert not known.menu(path).ordered
