"""Rows, their ids, and the commands on them, on a router without a network."""

from __future__ import annotations

import pytest

from trueup.lab import Router, Spec
from trueup.lab.router import BadSeed

ADD = "/ip/firewall/filter/add"


@pytest.fixture
def router() -> Router:
    return Router(Spec("hub"))


def ret(reply: list[list[str]]) -> str:
    return reply[0][1].removeprefix("=ret=")


def refusal(reply: list[list[str]]) -> str:
    return reply[0][-1].removeprefix("=message=")


def comments(router: Router) -> list[str]:
    return [row.get("comment", "") for row in router.rows("/ip/firewall/filter")]


def rules(router: Router, *names: str) -> list[str]:
    return [ret(router.execute([ADD, "=chain=input", f"=comment={name}"])) for name in names]


def test_ids_count_up_in_hex_and_never_come_back(router: Router) -> None:
    ids = rules(router, *"abcdefghijkl")
    router.execute(["/ip/firewall/filter/remove", f"=.id={ids[-1]}"])
    assert ids[9:] == ["*A", "*B", "*C"]
    assert rules(router, "m") == ["*D"]


def test_a_comma_list_of_ids_is_all_or_nothing(router: Router) -> None:
    a, b, c = rules(router, *"abc")
    assert refusal(router.execute(["/ip/firewall/filter/remove", f"=.id={a},*99,{c}"])) == "no such item"
    assert comments(router) == ["a", "b", "c"]
    router.execute(["/ip/firewall/filter/remove", f"=.id={a},{c}"])
    router.execute(["/ip/firewall/filter/set", f"=numbers={b}", "=comment=z"])
    assert comments(router) == ["z"]


def test_bare_numbers_are_positions(router: Router) -> None:
    rules(router, *"abc")
    router.execute(["/ip/firewall/filter/set", "=.id=0,2", "=comment=x"])
    assert comments(router) == ["x", "b", "x"]


def test_commands_without_rows_are_refused(router: Router) -> None:
    assert refusal(router.execute(["/ip/firewall/filter/set", "=comment=x"])) == "missing =.id="


def test_enable_disable_and_comment_are_short_for_set(router: Router) -> None:
    (rule,) = rules(router, "a")
    router.execute(["/ip/firewall/filter/disable", f"=.id={rule}"])
    assert router.rows("/ip/firewall/filter")[0]["disabled"] == "true"
    router.execute(["/ip/firewall/filter/enable", f"=numbers={rule}"])
    router.execute(["/ip/firewall/filter/comment", f"=numbers={rule}", "=comment="])
    row = router.rows("/ip/firewall/filter")[0]
    assert row["disabled"] == "false"
    assert "comment" not in row


def test_a_wrong_value_anywhere_changes_nothing(router: Router) -> None:
    (rule,) = rules(router, "a")
    router.execute(["/ip/firewall/filter/set", f"=.id={rule}", "=comment=b", "=action=explode"])
    assert comments(router) == ["a"]


def test_printing_counts_and_picks(router: Router) -> None:
    rules(router, *"ab")
    assert router.execute(["/ip/firewall/filter/print", "=count-only=", "?comment=a"]) == [["!done", "=ret=1"]]
    assert router.execute(["/ip/firewall/filter/getall", "?comment=b", "=.proplist=nothing,comment"]) == [
        ["!re", "=comment=b"],
        ["!done"],
    ]


@pytest.mark.parametrize(("version", "reply"), [("7.24", [["!empty"], ["!done"]]), ("7.16.2", [["!done"]])])
def test_nothing_found_is_said_from_7_18_on(version: str, reply: list[list[str]]) -> None:
    assert Router(Spec("hub", version=version)).execute(["/ip/pool/print"]) == reply


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["/ip/nothing/print"], "no such command prefix"),
        (["/ip/pool/explode"], "no such command"),
        (["/system/identity/add"], "no such command"),
        (["/system/resource/set"], "no such command"),
        (["/ip/pool/add", "=ranges=10.0.0.1", "=colour=red"], "unknown parameter colour"),
        (["/ip/pool/set", "=.id=*1", "=.id=*2"], "no such item"),
    ],
)
def test_what_is_not_known_is_refused(router: Router, words: list[str], message: str) -> None:
    assert refusal(router.execute(words)) == message


def test_a_rename_reaches_lists_and_matchers(router: Router) -> None:
    router.execute(["/interface/bridge/add", "=name=lan"])
    router.execute(["/interface/bridge/vlan/add", "=bridge=lan", "=vlan-ids=5", "=tagged=lan,ether2"])
    router.execute([ADD, "=chain=input", "=in-interface=!lan"])
    router.execute(["/interface/bridge/set", "=.id=lan", "=name=home"])
    vlan, rule = router.rows("/interface/bridge/vlan")[0], router.rows("/ip/firewall/filter")[0]
    assert (vlan["bridge"], vlan["tagged"], rule["in-interface"]) == ("home", "home,ether2", "!home")


def test_ethernet_keeps_its_default_name(router: Router) -> None:
    router.execute(["/interface/ethernet/set", "=.id=ether1", "=name=uplink"])
    router.execute(["/ip/address/add", "=address=10.0.0.1/24", "=interface=uplink"])
    assert router.rows("/interface/ethernet")[0]["default-name"] == "ether1"
    assert refusal(router.execute(["/ip/address/add", "=address=10.0.1.1/24", "=interface=ether1"])).endswith(
        "interface"
    )


def test_two_names_can_be_swapped_over_a_third(router: Router) -> None:
    for old, new in (("ether1", "spare"), ("ether2", "ether1"), ("spare", "ether2")):
        assert router.execute(["/interface/ethernet/set", f"=.id={old}", f"=name={new}"]) == [["!done"]]
    assert [row["name"] for row in router.rows("/interface/ethernet")][:2] == ["ether2", "ether1"]


def test_seeds_are_rows_as_a_router_would_hold_them() -> None:
    seed = {
        "/system/identity": [{"name": "old"}],
        "/ip/firewall/filter": [{"chain": "input", "log": "yes", "dynamic": "true"}],
        "/queue/simple": [{"name": "q", "target": "10.0.0.1/32", "max-limit": "1M/1M"}],
    }
    router = Router(Spec("hub", seed=seed))
    assert router.rows("/system/identity") == [{"name": "old"}]
    assert (router.rows("/ip/firewall/filter")[0]["dynamic"], router.rows("/ip/firewall/filter")[0]["log"]) == (
        "true",
        "true",
    )
    assert router.rows("/queue/simple")[0]["max-limit"] == "1000000/1000000"


def test_a_seed_with_a_value_that_is_none_is_refused() -> None:
    with pytest.raises(BadSeed, match="value of action"):
        Router(Spec("hub", seed={"/ip/firewall/filter": [{"chain": "input", "action": "explode"}]}))


@pytest.mark.parametrize(
    ("board", "name", "architecture", "ports", "model"),
    [
        ("chr", "CHR QEMU QEMU Virtual Machine", "x86_64", 4, ""),
        ("rb5009", "RB5009UG+S+", "arm64", 9, "RB5009UG+S+"),
        ("hex", "hEX", "mmips", 5, "RB750Gr3"),
        ("hap-ax2", "hAP ax^2", "arm64", 5, "C52iG-5HaxD2HaxD"),
    ],
)
def test_a_board_tells_what_it_is(board: str, name: str, architecture: str, ports: int, model: str) -> None:
    router = Router(Spec("edge", board=board))
    (resource,), (routerboard,) = router.rows("/system/resource"), router.rows("/system/routerboard")
    assert (resource["board-name"], resource["architecture-name"], resource["version"]) == (
        name,
        architecture,
        "7.24 (stable)",
    )
    names = [row["default-name"] for row in router.rows("/interface/ethernet")]
    assert names == [*(f"ether{n}" for n in range(1, min(ports, 8) + 1)), "sfp-sfpplus1"][:ports]
    assert routerboard.get("model", "") == model
    assert routerboard["routerboard"] == ("true" if model else "false")


def test_a_router_is_known_by_its_serial_number() -> None:
    assert Router(Spec("a", board="hex", serial="HC1")).rows("/system/routerboard")[0]["serial-number"] == "HC1"
    assert Router(Spec("a", serial="abc")).rows("/system/license")[0]["system-id"] == "abc"
    assert Router(Spec("a")).rows("/system/license") != Router(Spec("b")).rows("/system/license")


def test_uptime_counts_from_the_start() -> None:
    now = [1_000_000.0]
    router = Router(Spec("hub"), clock=lambda: now[0])
    now[0] += 3 * 3600 + 5
    assert router.rows("/system/resource")[0]["uptime"] == "3h5s"


def test_every_interface_is_listed_once_with_its_kind(router: Router) -> None:
    router.execute(["/interface/vlan/add", "=name=guest", "=interface=ether2", "=vlan-id=20"])
    listed = {row["name"]: row["type"] for row in router.rows("/interface")}
    assert listed["guest"] == "vlan"
    assert listed["lo"] == "loopback"
    assert len({row[".id"] for row in router.rows("/interface")}) == len(listed)


def test_one_change_of_several_rows_cannot_make_them_alike(router: Router) -> None:
    for name in "ab":
        router.execute(["/ip/pool/add", f"=name={name}", "=ranges=10.0.0.1"])
    assert refusal(router.execute(["/ip/pool/set", "=.id=a,b", "=name=c"])) == "failure: pool with such name exists"
    assert [row["name"] for row in router.rows("/ip/pool")] == ["a", "b"]


def test_what_a_row_needs_cannot_be_taken_away(router: Router) -> None:
    (rule,) = rules(router, "a")
    refused = router.execute(["/ip/firewall/filter/set", f"=.id={rule}", "=!chain="])
    assert refusal(refused) == "missing value(s) of argument(s) chain"
