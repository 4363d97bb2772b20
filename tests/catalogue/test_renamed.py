"""What a version lacks is found under its other name, or with the versions that have it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import trueup_schemas.catalogue
from trueup_schemas.catalogue import Catalogue, Place, catalogue, elsewhere, renamed

VERSIONS = [catalogue(version) for version in ("6.49", "7.9", "7.16", "7.20", "7.24")]


def has(known: Catalogue, place: Place) -> bool:
    return place.menu in known and (not place.name or place.name in known.menu(place.menu).properties)


@pytest.mark.parametrize(("old", "new"), list(renamed().items()))
def test_a_rename_is_from_what_an_older_version_has_to_what_the_newest_has(old: Place, new: Place) -> None:
    assert any(has(known, old) for known in VERSIONS)
    assert has(VERSIONS[-1], new)
    assert not has(VERSIONS[-1], old)


def test_every_rename_has_its_source() -> None:
    folder = Path(trueup_schemas.catalogue.__file__).parent
    assert all(group["source"] for group in json.loads((folder / "renamed.json").read_text("utf-8")))


@pytest.mark.parametrize(
    ("version", "path", "name", "told"),
    [
        ("7.24", "/routing/bgp/peer", "", "RouterOS 7.24 has it as /routing/bgp/connection"),
        ("7.24", "/ip/route", "routing-mark", "RouterOS 7.24 has it as 'routing-table'"),
        ("6.49", "/ip/route", "routing-table", "RouterOS 6.49 has it as 'routing-mark'"),
        ("7.24", "/system/ntp/client", "primary-ntp", "has it as 'address' of /system/ntp/client/servers"),
        ("7.12", "/interface/wifi/security", "", "RouterOS 7.12 has it as /interface/wifiwave2/security"),
        ("7.16", "/interface/wireguard/peers", "responder", "RouterOS 7.16 has it as 'is-responder'"),
        ("7.16", "/ip/dns/forwarders", "", "it exists since 7.23"),
        ("7.24", "/ip/accounting", "", "it exists until 6.49"),
        ("6.49", "/tool/netwatch", "type", "it exists from RouterOS 7.9 on"),
        ("6.49", "/interface/wireguard", "", "it exists from RouterOS 7.9 on"),
    ],
)
def test_what_a_version_lacks_is_told_where_it_is(version: str, path: str, name: str, told: str) -> None:
    assert told in elsewhere(catalogue(version), path, name)


def test_what_no_version_has_is_nowhere() -> None:
    assert elsewhere(catalogue("7.24"), "/ip/rout") == ""
    assert elsewhere(catalogue("7.24"), "/ip/route", "gatway") == ""
