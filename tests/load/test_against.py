"""`trueup validate --against`: what another version would break, with its place, and what to write instead."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from trueup.cli.validate import command
from trueup.errors import TrueupError

Write = Callable[..., Path]

OLD = """\
router: edge-1
version: "6.49"
rows:
  /ip/route:
    - {dst-address: 10.0.0.0/8, gateway: 10.1.1.1, routing-mark: alt}
  /ip/route/rule:
    - {dst-address: 10.0.0.0/8, table: alt}
  /user/group:
    - {name: staff, policy: [read, tikapp]}
"""
SAME = 'router: edge-2\nversion: "7.16"\nrows:\n  /system/note: {note: hello}\n'
PEERS = """\
router: edge-3
version: "7.16"
rows:
  /interface/wireguard:
    - {name: wg}
  /interface/wireguard/peers:
    - {name: hub, interface: wg, allowed-address: 10.0.0.0/8, public-key: "%s", is-responder: yes}
"""


def validate(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, ["--network", str(root), *arguments], standalone_mode=False)


def answer(root: Path, version: str) -> dict[str, Any]:
    done = validate(root, "--against", version, "--json")
    answered: dict[str, Any] = json.loads(done.output)
    assert done.return_value == (1 if any(way["breaks"] for way in answered["upgrades"]) else 0)
    return answered


def breaks(root: Path, version: str) -> list[tuple[str, int, int, str, str]]:
    return [
        (way["router"], each["line"], each["column"], each["message"], each["remedy"])
        for way in answer(root, version)["upgrades"]
        for each in way["breaks"]
    ]


def test_what_an_upgrade_breaks_is_told_with_its_place_and_its_new_name(write: Write) -> None:
    root = write({"a/site.yaml": "", "a/edge-1.yaml": OLD, "a/edge-2.yaml": SAME})
    found = {(line, column): (message, remedy) for _, line, column, message, remedy in breaks(root, "7.24")}
    new = "RouterOS 7.24 has it as"
    assert found[5, 52] == ("/ip/route: unknown property 'routing-mark' in RouterOS 7.24", f"{new} 'routing-table'")
    assert found[6, 3] == ("unknown menu /ip/route/rule in RouterOS 7.24", f"{new} /routing/rule")
    assert "tikapp" in found[9, 29][0]
    assert len(found) == 3


def test_a_downgrade_breaks_too(write: Write) -> None:
    peers = PEERS % ("A" * 42 + "E=")
    root = write(
        {"a/site.yaml": "", "a/edge-3.yaml": peers.replace("is-responder", "responder").replace("7.16", "7.20")}
    )
    assert [(line, remedy) for _, line, _, _, remedy in breaks(root, "7.16")] == [
        (7, "RouterOS 7.16 has it as 'is-responder'")
    ]
    assert breaks(root, "7.24") == []


def test_text_groups_routers_with_the_same_list_and_counts(write: Write) -> None:
    site = f"rows:\n{PEERS.partition('rows:')[2] % ('A' * 42 + 'E=')}".lstrip("\n")
    routers = {f"a/{name}.yaml": f'router: {name}\nversion: "7.16"\n' for name in ("edge-4", "edge-5")}
    root = write({"a/site.yaml": site, **routers, "b/site.yaml": "", "b/edge-2.yaml": SAME})
    done = validate(root, "--against", "7.24")
    assert done.output.splitlines() == [
        "edge-4, edge-5   7.16 -> 7.24",
        "  - a/site.yaml:6:123",
        "      /interface/wireguard/peers: unknown property 'is-responder' in RouterOS",
        "      7.24",
        "      RouterOS 7.24 has it as 'responder'",
        "",
        "3 routers against RouterOS 7.24: 1 thing would break on 2 routers",
    ]
    assert done.return_value == 1


def test_nothing_breaks_is_said_and_is_no_error(write: Write) -> None:
    root = write({"a/site.yaml": "", "a/edge-2.yaml": SAME})
    done = validate(root, "--against", "7.24")
    assert done.output == "1 router against RouterOS 7.24: nothing breaks\n"
    assert done.return_value == 0


def test_a_default_that_changes_below_an_omitted_property_is_noted(write: Write) -> None:
    rows = "rows:\n  /ip/dhcp-client:\n    - {interface: ether1}\n    - {interface: ether2, disabled: no}\n"
    root = write({"a/site.yaml": "", "a/edge-1.yaml": f'router: edge-1\nversion: "6.49"\n{rows}'})
    (way,) = answer(root, "7.9")["upgrades"]
    assert way["breaks"] == []
    (note,) = [each for each in way["notes"] if "disabled" in each["message"]]
    assert note["message"] == "/ip/dhcp-client: omitted, 'disabled' is 'no' in RouterOS 7.9, 'yes' in RouterOS 6.49"
    assert (note["line"], note["remedy"]) == (5, "write `disabled: yes` to keep that")
    assert "1 router against RouterOS 7.9: nothing breaks, " in validate(root, "--against", "7.9").output


def test_a_router_is_checked_against_its_own_version_first(write: Write) -> None:
    root = write({"a/site.yaml": "", "a/edge-1.yaml": OLD.replace("6.49", "7.24")})
    with pytest.raises(TrueupError, match=r"RouterOS 7\.24 has it as 'routing-table'"):
        raise validate(root, "--against", "6.49").exception or AssertionError


@pytest.mark.parametrize("version", ["7.8", "8.0", "newest", ""])
def test_a_version_that_is_not_known_is_refused(write: Write, version: str) -> None:
    done = validate(write({}), "--against", version)
    assert isinstance(done.exception, TrueupError)


@pytest.mark.parametrize(
    ("version", "row", "told"),
    [
        (
            "7.9",
            "/ip/dns/forwarders:\n    - {name: x}",
            "unknown menu /ip/dns/forwarders in RouterOS 7.9; it exists since",
        ),
        (
            "7.24",
            "/ip/accounting: {enabled: yes}",
            "unknown menu /ip/accounting in RouterOS 7.24; it exists until 6.49",
        ),
        ("7.24", "/snmp: {engine-id: x}", "'engine-id' in RouterOS 7.24; RouterOS 7.24 has it as 'engine-id-suffix'"),
    ],
)
def test_validate_alone_tells_what_the_routers_own_version_lacks(
    write: Write, version: str, row: str, told: str
) -> None:
    root = write({"a/site.yaml": "", "a/r.yaml": f'router: r\nversion: "{version}"\nrows:\n  {row}\n'})
    assert told in str(validate(root).exception)


def test_what_an_intent_makes_is_told_where_the_operator_asked_for_it(write: Write) -> None:
    radius = "radius:\n  - {name: billing, address: 10.0.0.5, secret: !secret radius, service: [ppp],\n"
    radius += '     require-message-auth: "no"}\n'
    root = write({"a/site.yaml": "", "a/r.yaml": f'router: r\nversion: "7.16"\n{radius}'})
    assert breaks(root, "7.9") == [
        ("r", 5, 28, "/radius: unknown property 'require-message-auth' in RouterOS 7.9", "it exists since 7.15")
    ]
