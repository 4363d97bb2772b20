"""What changes disturb: every entry names what exists, says why, and what nobody knows stays unknown."""

from __future__ import annotations

import pytest

from trueup_schemas.catalogue import Menu, catalogue
from trueup_schemas.catalogue.disturbance import EFFECTS, EVERY, disturbance, disturbances

CATALOGUES = [catalogue(version) for version in ("7.24", "7.16", "7.9")]
RIDES = {"", "all", "dhcp", "hotspot", "hotspot-all", "interface", "l2tp", "ovpn", "ppp-all", "pppoe", "pptp", "sstp"}


def menus(path: str) -> list[Menu]:
    return [known.menu(path) for known in CATALOGUES if path in known]


@pytest.mark.parametrize("path", disturbances())
def test_every_entry_names_what_routers_have_and_says_why(path: str) -> None:
    known, there = disturbance(path), menus(path)
    assert there, "no version has this menu"
    properties = {name: property for menu in there for name, property in menu.properties.items()}
    named = {*known.properties, *known.names, *([known.via] if known.via else [])} - {EVERY}
    groups = {f"{name.partition('.')[0]}.{EVERY}" for name in properties if "." in name}
    named -= groups
    assert named - set(properties) == set()
    assert known.rides in RIDES
    for each in (known.add, known.remove, known.move, *known.properties.values()):
        assert each.effect in EFFECTS
        assert bool(each.why) == (each.effect != "unknown")


@pytest.mark.parametrize("path", disturbances())
def test_what_is_named_for_people_is_nobodys_data(path: str) -> None:
    properties = [
        menu.properties[name] for menu in menus(path) for name in disturbance(path).names if name in menu.properties
    ]
    assert [each.name for each in properties if each.personal or each.secret] == []


@pytest.mark.parametrize("path", disturbances())
def test_rows_are_added_and_removed_only_where_there_are_some(path: str) -> None:
    known = disturbance(path)
    switched = any({"disabled", "enabled"} & menu.properties.keys() for menu in menus(path))
    quiet = EVERY in known.properties and known.add == known.remove
    assert quiet or switched or any(menu.addable for menu in menus(path)) or not (known.add.why or known.remove.why)


def test_the_menus_of_an_isp_are_known_at_least_in_part() -> None:
    paths = "/interface/bridge /interface/ethernet /interface/vlan /ip/address /ip/dhcp-server /ip/hotspot /ip/service"
    paths += " /interface/pppoe-server/server /ppp/profile /ppp/secret /radius /interface/wireguard /queue/simple"
    paths += " /ip/firewall/filter /ip/route /user /system/identity /ip/dns /system/ntp/client /interface/wifi"
    assert [path for path in paths.split() if path not in disturbances()] == []


def test_what_nobody_knows_is_unknown_and_a_comment_disturbs_nothing() -> None:
    nobody = disturbance("/iot/lora")
    assert {nobody.add.effect, nobody.remove.effect, nobody.of("antenna").effect} == {"unknown"}
    assert nobody.of("comment").effect == "none"
    assert disturbance("/interface/bridge").of("mtu").effect == "unknown"
    assert disturbance("/interface/bridge").of("vlan-filtering").effect == "interface"
    assert disturbance("/interface/wifi").of("channel.frequency").effect == "interface"
    assert disturbance("/interface/wifi").of("aaa.mac-caching").effect == "unknown"
