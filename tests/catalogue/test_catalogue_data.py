"""Every file of the catalogue is well-formed, and its facts agree with each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import trueup_schemas
from trueup.canonical import TYPES, canonical
from trueup_schemas.catalogue import Menu, Property, catalogue

VERSIONS = ("6.49", "7.9", "7.16", "7.20", "7.24")
MENUS = [(version, path) for version in VERSIONS for path in catalogue(version).paths]
UNSET = ("", "!", "unset")


def menus() -> Iterator[Menu]:
    for version, path in MENUS:
        yield catalogue(version).menu(path)


def properties() -> Iterator[tuple[Menu, Property]]:
    for menu in menus():
        for property in menu.properties.values():
            yield menu, property


def test_every_file_is_indexed_and_the_other_way_round() -> None:
    data = Path(str(trueup_schemas.__file__)).parent / "catalogue" / "data"
    index = json.loads((data / "index.json").read_text("utf-8"))
    found = {f"/{file.relative_to(data).with_suffix('').as_posix()}" for file in data.rglob("*.json")} - {"/index"}
    assert found == set(index)


def test_keys_strata_and_unique_tuples_are_properties() -> None:
    for menu in menus():
        for name in (*menu.key, *menu.strata, *(name for names in menu.unique for name in names)):
            assert name in menu.properties, (menu.path, name)


def test_only_lists_and_fixed_rows_have_keys_and_order() -> None:
    for menu in menus():
        assert menu.kind in ("list", "fixed", "singleton"), menu.path
        if menu.kind == "singleton":
            assert (menu.key, menu.ordered, menu.strata, menu.namespace) == ((), False, (), ""), menu.path
        assert {type(menu.enforced), type(menu.ordered), type(menu.filled)} == {bool}, menu.path
        assert not menu.enforced or menu.key, menu.path
        assert not menu.strata or menu.ordered, menu.path


def test_types_are_known() -> None:
    for menu, property in properties():
        for name in property.type.split("/"):
            assert name in TYPES, (menu.path, property.name, property.type)
        assert property.many in ("", "set", "list")


def test_enums_are_not_empty() -> None:
    for menu, property in properties():
        if property.type in ("enum", "enum-or-number"):
            assert len(property.values) > 1, (menu.path, property.name)


def test_defaults_are_canonical() -> None:
    for menu, property in properties():
        if property.default is not None:
            assert canonical(property, property.default) == property.default, (menu.path, property.name)


def test_references_point_to_menus_and_properties_that_exist() -> None:
    for version, path in MENUS:
        known = catalogue(version)
        for property in known.menu(path).properties.values():
            for reference in property.refers:
                assert reference.menu in known, (path, property.name, reference)
                assert reference.property in known.menu(reference.menu).properties, (path, property.name, reference)


def test_members_of_a_namespace_have_the_name_that_references_ask_for() -> None:
    known = catalogue("7.24")
    assert {"/interface/bridge", "/interface/vlan", "/interface/wireguard"} <= set(known.members("/interface"))
    for path in known.members("/interface"):
        assert "name" in known.menu(path).properties


def test_unsetting_is_said_in_a_known_way() -> None:
    for menu, property in properties():
        assert property.unset in UNSET or property.unset.startswith("="), (menu.path, property.name)
        if property.default == "" and not (property.read_only or property.required):
            assert property.unset, (menu.path, property.name)


def test_arguments_of_commands_are_no_properties() -> None:
    for menu in menus():
        assert not {"copy-from", "place-before", "numbers", ".id", ".proplist"} & set(menu.properties), menu.path


def test_comments_are_empty_by_default() -> None:
    for menu, property in properties():
        if property.name == "comment" and not property.read_only:
            assert (property.default, property.unset) == ("", "="), menu.path


def test_state_cannot_be_declared() -> None:
    for menu, property in properties():
        counted = menu.path != "/ip/traffic-flow/ipfix"  # there they say what is exported
        if counted and property.name in ("dynamic", "invalid", "running", "bytes", "packets", "uptime", "builtin"):
            assert property.read_only, (menu.path, property.name)


SECRETS = [
    ("/radius", "secret"),
    ("/ppp/secret", "password"),
    ("/ip/hotspot/user", "password"),
    ("/ip/hotspot/user", "otp-secret"),
    ("/ip/hotspot/profile", "mac-auth-password"),
    ("/interface/wireguard", "private-key"),
    ("/interface/wireguard/peers", "private-key"),
    ("/interface/wireguard/peers", "preshared-key"),
    ("/interface/sstp-client", "password"),
    ("/interface/pppoe-client", "password"),
    ("/snmp/community", "authentication-password"),
    ("/snmp/community", "encryption-password"),
    ("/user", "password"),
]


@pytest.mark.parametrize(("path", "name"), SECRETS)
def test_secrets_are_marked(path: str, name: str) -> None:
    assert catalogue("7.24").menu(path).properties[name].secret


def test_nothing_that_sounds_secret_was_forgotten() -> None:
    for menu, property in properties():
        if property.name.endswith(
            ("password", "passphrase", "secret", "secrets", "private-key", "pre-shared-key", "pin")
        ):
            harmless = property.type in ("boolean", "enum") or property.read_only
            assert property.secret or harmless, (menu.path, property.name)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/ip/hotspot/user", {"name", "email", "mac-address", "comment"}),
        ("/ip/dhcp-server/lease", {"address", "mac-address", "comment"}),
        ("/ppp/secret", {"name", "comment"}),
        ("/ip/hotspot/ip-binding", {"address", "mac-address", "comment"}),
    ],
)
def test_personal_data_is_marked(path: str, names: set[str]) -> None:
    assert names <= {p.name for p in catalogue("7.24").menu(path).properties.values() if p.personal}
