"""The reader of RouterOS's export syntax: every rule, and that what was written is what is read."""

from __future__ import annotations

import pytest
import rsc
from export_room import refusals
from hypothesis import given
from hypothesis import strategies as st

from trueup.adopt.script import Command, Script, read_script
from trueup.adopt.state import state_of
from trueup.errors import Source
from trueup_schemas.catalogue import catalogue

KNOWN = catalogue("7.24")
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,11}", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40) | st.binary(max_size=12).map(
    lambda data: data.decode("utf-8", "surrogateescape")
)
ROWS = st.dictionaries(NAMES, st.none() | TEXTS, max_size=6)


def read(text: str | bytes) -> Script:
    return read_script(text.encode("utf-8") if isinstance(text, str) else text, "x.rsc")


def one(text: str) -> Command:
    (command,) = read(text).commands
    return command


def values(command: Command) -> dict[str, str | None]:
    return {pair.name: pair.text for pair in command.pairs}


def added(words: str) -> str | None:
    """The value that `x=WORDS` is read as."""
    return values(one(f"/ip pool\nadd x={words}\n"))["x"]


@given(st.lists(ROWS, max_size=5), st.integers(0, 90))
def test_what_is_written_is_read_back(rows: list[dict[str, str | None]], width: int):
    script = read(rsc.export({"/ip/pool": rows}, width))
    assert [values(command) for command in script.commands] == rows
    assert {command.menu for command in script.commands} <= {"/ip/pool"}
    assert (script.left == []) == bool(rows)  # an export without a command is told


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: b"/ip pool\nadd " + text.encode()))
def test_any_bytes_are_read_or_refused_with_a_place(data: bytes):
    assert all(isinstance(problem.where, Source) for problem in refusals(data))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a-b.c/d:e,f*g@h%i!j", "a-b.c/d:e,f*g@h%i!j"),
        ("a=b", "a=b"),
        ('""', ""),
        ("", ""),
        ('"two words"', "two words"),
        (r'"a \"quote\" and a \\"', 'a "quote" and a \\'),
        (r'"\$x costs 5\?"', "$x costs 5?"),
        (r'"a\nb\rc\td"', "a\nb\rc\td"),
        (r'"\a\b\f\v"', "\a\b\f\v"),
        (r'"one\_two"', "one two"),
        (r'"caf\C3\A9"', "café"),
        (r'"\E9"', "\udce9"),
        ('"café"', "café"),
        ('"lines\nas they stand"', "lines\nas they stand"),
        ('"broken \\\n    here"', "broken here"),
        ('"broken\\\n    \\n  here"', "broken\n  here"),
        ("broken\\\n    here", "brokenhere"),
        ("\\\n    below", "below"),
        ('\\\n    "quoted below"', "quoted below"),
        ('"$ alone"', "$ alone"),
        ('"[find] {x} (y) ; # :z"', "[find] {x} (y) ; # :z"),
    ],
)
def test_a_value(written: str, meant: str):
    assert added(written) == meant


@pytest.mark.parametrize(
    ("text", "menu", "verb"),
    [
        ("/ip address\nadd a=b", "/ip/address", "add"),
        ("/ip/address\nset a=b", "/ip/address", "set"),
        ("/ip address add a=b", "/ip/address", "add"),
        ("/ip/address/add a=b", "/ip/address", "add"),
        ("/ip/address add a=b", "/ip/address", "add"),
        ("ip address add a=b", "/ip/address", "add"),
        ("/ip\naddress add a=b", "/ip/address", "add"),
        ("/ip firewall filter\n\n# a word\nadd a=b", "/ip/firewall/filter", "add"),
        ("/ip address; add a=b", "/ip/address", "add"),
        ("/ip address\r\nadd a=b\r\n", "/ip/address", "add"),
        ("\ufeff/ip address\nadd a=b", "/ip/address", "add"),
        ("/ip address\n   add \\\n    a=b", "/ip/address", "add"),
    ],
)
def test_a_menu(text: str, menu: str, verb: str):
    command = one(text)
    assert (command.menu, command.verb, values(command)) == (menu, verb, {"a": "b"})


def test_a_one_line_command_leaves_the_menu_as_it_was():
    commands = read("/ip pool\n/ip address add a=1\nadd a=2").commands
    assert [command.menu for command in commands] == ["/ip/address", "/ip/pool"]


@pytest.mark.parametrize(
    ("words", "items", "find"),
    [
        ("x=1", (), None),
        ("ether1 x=1", ("ether1",), None),
        ("0 x=1", ("0",), None),
        ("*FFFFFFFE x=1", ("*FFFFFFFE",), None),
        ("ftp,www x=1", ("ftp", "www"), None),
        ('"my bridge" x=1', ("my bridge",), None),
        ("numbers=3 x=1", ("3",), None),
        ("[ find default=yes ] x=1", (), {"default": "yes"}),
        ("[find default-name=ether1] x=1", (), {"default-name": "ether1"}),
        ('[ find where name="a b" and list=c ] x=1', (), {"name": "a b", "list": "c"}),
        ("[ find ] x=1", (), {}),
    ],
)
def test_what_a_set_is_about(words: str, items: tuple[str, ...], find: dict[str, str] | None):
    command = one(f"/ip pool\nset {words}\n")
    assert command.items == items
    assert (None if command.find is None else {pair.name: pair.text for pair in command.find}) == find
    assert values(command) == {"x": "1"}


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("add blackhole dst-address=10.0.0.0/8", {"blackhole": "yes", "dst-address": "10.0.0.0/8"}),
        ("add a=b passive", {"a": "b", "passive": "yes"}),
        ("set [ find x=y ] passive", {"passive": "yes"}),
        ("set 0 x=1 passive", {"x": "1", "passive": "yes"}),
        ("add local.address=1 .role=ebgp", {"local.address": "1", "local.role": "ebgp"}),
        ("add a.b=1 .c=2 d=3 e.f=4 .g=5", {"a.b": "1", "a.c": "2", "d": "3", "e.f": "4", "e.g": "5"}),
        ("add a.b.c=1 .d=2", {"a.b.c": "1", "a.b.d": "2"}),
        ('add a.b="x y" \\\n    .c="\\_z"', {"a.b": "x y", "a.c": " z"}),
    ],
)
def test_flags_and_names_that_begin_as_the_one_before(words: str, meant: dict[str, str]):
    assert values(one(f"/ip pool\n{words}\n")) == meant


def test_a_word_is_a_flag_only_where_the_menu_has_one():
    script = read(
        "# 2025-01-01 00:00:00 by RouterOS 7.24\n/ip route\nadd blackhole dst-address=10.0.0.0/8\n"
        "/ip pool\nadd name=a ranges=10.0.0.1 nonsense comment\n"
    )
    state = state_of(script, KNOWN)
    (route,), (pool,) = state.tables["/ip/route"].rows, state.tables["/ip/pool"].rows
    assert (route.values["blackhole"], pool.values) == ("yes", {"name": "a", "ranges": "10.0.0.1"})
    assert [str(problem) for problem in state.left] == [
        "x.rsc:5:28: /ip/pool: nonsense is not known in RouterOS 7.24; it is left out",
        "x.rsc:5:37: /ip/pool: comment stands without a value; it is left out",
    ]


@pytest.mark.parametrize(
    ("menu", "words", "meant"),
    [
        ("/ip service", "telnet,ftp disabled=yes", ["telnet", "ftp"]),
        ("/ip service", "0,1 disabled=yes", ["telnet", "ftp"]),
        ("/ip service", "[ find name=www ] disabled=yes", ["www"]),
        ("/interface ethernet", "ether1 comment=x", ["ether1"]),
        ("/interface ethernet", "[ find default-name=ether1 ] name=up", ["up"]),
        ("/interface wifi", "[ find default-name=wifi1 ] disabled=no", ["wifi1"]),
        ("/interface wifi", "[ find default-name=wifi1 ] name=hall", ["hall"]),
        ("/interface lte", "[ find ] comment=x", ["lte1"]),
        ("/ppp profile", "*0 comment=x", ["default"]),
        ("/ppp profile", "*FFFFFFFE comment=x", ["default-encryption"]),
        ("/ip hotspot user", "[ find default=yes ] disabled=yes", ["default-trial"]),
        ("/snmp community", "[ find default=yes ] comment=x", ["public"]),
        ("/ipv6 nd", "[ find default=yes ] disabled=yes", ["all"]),
        ("/port", "0 name=serial0", ["serial0"]),
        ("/interface ethernet", "0 comment=x", []),
        ("/interface ethernet", "[ find comment=x ] disabled=yes", []),
        ("/interface bridge", "0 comment=x", []),
        ("/ip pool", "*1A comment=x", []),
        ("/ip service", "[ find ] disabled=yes", []),
    ],
)
def test_which_row_a_set_is_about(menu: str, words: str, meant: list[str]):
    state = state_of(read(f"{menu}\nset {words}\n"), KNOWN)
    rows = [row for table in state.tables.values() for row in table]
    assert [row.text("name") or row.text("default-name") or row.text("interface") for row in rows] == meant
    assert all(row.fixed == "default" for row in rows)
    assert len(state.left) == (0 if meant else 1)


def test_two_sets_of_one_row_are_one_row():
    script = read("/interface wifi\nset [ find default-name=wifi1 ] name=hall\nset hall comment=x disabled=no\n")
    (row,) = state_of(script, KNOWN).tables["/interface/wifi"]
    assert row.values == {"name": "hall", "default-name": "wifi1", "comment": "x", "disabled": "no"}


@pytest.mark.parametrize(
    ("written", "meant"), [("2001:db8::1", "2001:db8::1/64"), ("2001:db8::1/128", "2001:db8::1/128"), ("::1", "::1/64")]
)
def test_an_ipv6_address_without_a_length_has_64_bits(written: str, meant: str):
    script = read(f"/ipv6 address\nadd address={written} interface=ether1\n")
    (row,) = state_of(script, KNOWN).tables["/ipv6/address"]
    assert row.values["address"] == meant


def test_an_unset_property():
    assert values(one("/ip pool\nadd a=b !c !d-e")) == {"a": "b", "c": None, "d-e": None}


def test_the_header_tells_the_router():
    script = read(
        "# jan/02/1970 00:08:03 by RouterOS 6.39.2\n# software id = X\n#\n# model = 951G-2HnD\n"
        "# serial number = HEX1\n/ip pool\nadd name=a\n"
    )
    assert (script.version, script.model, script.serial) == ("6.39.2", "951G-2HnD", "HEX1")


def test_a_masked_header_tells_nothing():
    script = read("# 2024-04-18 00:00:01 by RouterOS 7.14.2\n# model =\n# serial number = ############\n")
    assert (script.model, script.serial) == ("", "")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (":put hello", 2, 1),
        (':if (1 > 0) do={\n  /ip pool remove [find]\n  :put "a } in a text"\n}', 2, 1),
        (":foreach i in=[/ip pool find] do={ :put $i }", 2, 1),
        ("remove [ find name=x ]", 2, 1),
        ("print detail", 2, 1),
        ("disable 0", 2, 1),
        ("add name=[/system identity get name]", 2, 5),
        ("add name=$x", 2, 5),
        ('add name="a$x"', 2, 5),
        ('add name=("a" . "b")', 2, 5),
        ('set [ find name~"a" ] x=1', 2, 5),
        ("set [ find where !x ] x=1", 2, 5),
        ("set [/ip pool get 0] x=1", 2, 5),
        ("set $x x=1", 2, 5),
        ("/tool fetch url=http://x.example", 2, 1),
        ('#error exporting "/ip/gizmo" (timeout)', 2, 1),
        ("#interrupted", 2, 1),
    ],
)
def test_what_is_not_run_is_told_with_its_place_and_the_rest_is_read(text: str, line: int, column: int):
    script = read(f"/ip pool\n{text}\nadd name=after\n")
    assert [values(command) for command in script.commands] == [{"name": "after"}]
    (problem,) = script.left
    assert str(problem.where) == f"x.rsc:{line}:{column}"


def test_what_is_left_repeats_no_value():
    script = read('/ip pool\nadd x=1\n# canary\n:put "canary"\nadd a="canary$x"\nset [ find a~"canary" ] b=canary\n')
    assert len(script.left) == 4
    assert "canary" not in " ".join(map(str, script.left))
