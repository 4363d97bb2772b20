"""`trueup catalogue`: menus in words, and what versions changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from trueup.cli.catalogue import command
from trueup.errors import TrueupError
from trueup_schemas.catalogue import catalogue, difference


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def answer(*arguments: str) -> Any:
    done = run(*arguments, "--json")
    assert done.exit_code == 0
    return json.loads(done.output)


def refusal(*arguments: str) -> str:
    with pytest.raises(TrueupError) as caught:
        run(*arguments)
    return str(caught.value)


def words(*arguments: str) -> str:
    return " ".join(run(*arguments).output.split())


def test_a_menu_tells_its_key_kind_and_order() -> None:
    assert "key: name (the router refuses a second row with it)" in words("show", "/ip/hotspot")
    rules = words("show", "/ip/firewall/filter")
    assert "list: rows can be added, changed and removed" in rules
    assert "key: none" in rules
    assert "order: counts, among rows of the same chain" in rules
    assert "names: shared with all of /interface" in words("show", "/interface/gre")
    assert "key" not in words("show", "/ip/dns").partition("address-list")[0]


def test_a_property_tells_all_that_is_known() -> None:
    shown = words("show", "/radius")
    assert "timeout a duration such as 5m or 1d2h from 10ms to 1m default: 300ms" in shown
    assert "secret any text default: empty; ~ empties it; secret" in shown
    assert "names a row of /certificate" in shown
    assert "address an address or a host name must be given; cannot be unset" in shown
    assert "default: not known" in words("show", "/interface/mesh")
    assert "password any text must be given; cannot be unset; secret; never read back" in words("show", "/user")
    assert "names a row of /ip/firewall/address-list (list), unchecked by the router" in words(
        "show", "/ip/firewall/nat"
    )
    assert "Can only be read: " in words("show", "/ip/hotspot")


def test_versions_cut_what_is_shown() -> None:
    assert "is-responder" in words("show", "/interface/wireguard/peers", "--version", "7.16")
    assert "is-responder" not in words("show", "/interface/wireguard/peers", "--version", "7.24")
    assert "since 7.17" in words("show", "/interface/wireguard/peers")


def test_what_no_machine_reported_says_so() -> None:
    assert "written by hand, not derived from a machine" in words("show", "/ip/route", "--version", "6.49")
    assert "by hand" not in words("show", "/ip/route")
    assert not answer("show", "/ip/route", "--version", "6.49")["derived"]


def test_a_menu_under_another_name_tells_it() -> None:
    assert "RouterOS 7.24 has it as /routing/bgp/connection" in refusal("show", "/routing/bgp/peer")
    assert "RouterOS 6.49 has it as /routing/filter" in refusal("show", "/routing/filter/rule", "--version", "6.49")


@pytest.mark.parametrize("written", ["ip hotspot user", "ip/hotspot/user", "/ip/hotspot/user/", "/ip hotspot user"])
def test_a_menu_may_be_written_as_on_the_command_line(written: str) -> None:
    assert run("show", written).output.startswith("/ip/hotspot/user ")


def test_lines_stay_within_a_terminal() -> None:
    for path in ("/ip/firewall/filter", "/interface/wifi", "/routing/bgp/connection", "/ip/settings"):
        long = [line for line in run("show", path).output.splitlines() if len(line) > 80]
        assert [line for line in long if " " in line.strip()] == []


def test_json_tells_the_same() -> None:
    told = answer("show", "/ip/hotspot/user", "--version", "7.24")
    assert (told["format-version"], told["path"], told["key"]) == (1, "/ip/hotspot/user", ["server", "name"])
    properties = {each["name"]: each for each in told["properties"]}
    assert properties["password"]["secret"]
    assert properties["profile"]["refers"] == [{"menu": "/ip/hotspot/user/profile", "property": "name", "hard": True}]
    assert properties["limit-uptime"]["words"] == "a duration such as 5m or 1d2h"


def test_every_menu_can_be_shown() -> None:
    for path in catalogue("7.24").paths:
        done = run("show", path)
        assert done.exit_code == 0
        assert done.output.startswith(f"{path} ")


def test_an_unknown_menu_is_named_with_what_is_near() -> None:
    assert "did you mean /ip/hotspot" in refusal("show", "/ip/hotspt")
    assert "below it are /routing/bgp/connection" in refusal("show", "/routing/bgp")
    assert "it exists since 7.23" in refusal("show", "/ip/dns/forwarders", "--version", "7.16")
    assert "name one such as /ip/pool" in refusal("show", "/")
    assert "name one such as /ip/pool" in refusal("show", "")


@pytest.mark.parametrize("version", ["6.48", "8.1", "stable", ""])
def test_an_unknown_version_is_refused(version: str) -> None:
    assert version in refusal("show", "/radius", "--version", version)
    assert version in refusal("diff", version, "7.24")


def test_a_difference_holds_menus_properties_and_words() -> None:
    shown = run("diff", "7.16", "7.24").output.splitlines()
    assert "+ /ip/dns/forwarders" in shown
    at = shown.index("/interface/wireguard/peers")
    assert {"  + responder", "  - is-responder   now /interface/wireguard/peers responder"} <= set(shown[at : at + 4])
    assert "  ~ redistribute   +slaac" in shown
    assert "  ~ ddns-enabled   +auto" in shown


def test_menus_that_moved_say_where() -> None:
    assert "- /routing/bgp/peer   now /routing/bgp/connection" in run("diff", "6.49", "7.24").output.splitlines()
    assert "- /routing/filter/rule   now /routing/filter" in run("diff", "7.24", "6.49").output.splitlines()


def test_a_difference_in_json() -> None:
    told = answer("diff", "7.16", "7.24")
    assert (told["from"], told["to"]) == ("7.16", "7.24")
    assert "/app" in told["menus"]["came"]
    assert told["renamed"]["/interface/wireguard/peers is-responder"] == "/interface/wireguard/peers responder"
    assert told["properties"]["/interface/wireguard/peers"]["went"] == ["is-responder"]
    assert told["words"]["/routing/ospf/instance"]["redistribute"] == {"came": ["slaac"], "went": []}


def test_the_way_back_is_the_reverse() -> None:
    there, back = (difference(catalogue(a), catalogue(b)) for a, b in (("7.9", "7.24"), ("7.24", "7.9")))
    assert (there.menus.came, there.menus.went) == (back.menus.went, back.menus.came)
    assert {path: (each.came, each.went) for path, each in there.properties.items()} == {
        path: (each.went, each.came) for path, each in back.properties.items()
    }


def test_a_version_does_not_differ_from_itself() -> None:
    assert run("diff", "7.24", "7.24.1 (stable)").output.startswith("nothing that the catalogue knows differs")
