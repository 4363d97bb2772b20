"""What is exported in RouterOS's syntax is read back as it was: any text, any bytes, in any order of rows."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trueup.adopt.export_order import in_order
from trueup.adopt.export_text import WIDTH, Statement, command, script, value
from trueup.adopt.script import read_script
from trueup_schemas.catalogue import catalogue

NAMES = st.sampled_from(["name", "comment", "source", "on-event", "a", "local.address", "x9"])
BYTES = st.binary(max_size=120).map(lambda data: data.decode("utf-8", "surrogateescape"))
TEXTS = st.text(st.characters(codec="utf-8"), max_size=100) | BYTES | st.text('ab \\\n\r\t"$?=;#[]{}', max_size=200)
ROWS = st.lists(st.dictionaries(NAMES, st.none() | TEXTS, max_size=6), max_size=4)
KNOWN = catalogue("7.24")


@given(ROWS)
@example([{"source": "\\\n    \\ "}, {"a": "", "b": "x" * 200, "c": " " * 200}])
def test_any_text_is_read_back(rows: list[dict[str, str | None]]):
    text = script(iter(["2025-01-01 00:00:00 by RouterOS 7.24"]), (Statement("/ip/pool", "add", "", r) for r in rows))
    read = read_script(text.encode("ascii"), "x.rsc")
    assert [{pair.name: pair.text for pair in each.pairs} for each in read.commands] == rows
    assert (read.version, read.left == []) == ("7.24", bool(rows))  # an export without a command is told


@given(ROWS)
def test_lines_without_blanks_stay_short(rows: list[dict[str, str | None]]):
    words = [{name: text and text.replace(" ", "_") for name, text in row.items()} for row in rows]
    lines = [line for row in words for line in command(Statement("/ip/pool", "add", "", row)).splitlines()]
    assert [line for line in lines if len(line) > WIDTH + 1] == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ether1", "ether1"),
        ("10.0.0.1-10.0.0.9,10.1.0.0/24", "10.0.0.1-10.0.0.9,10.1.0.0/24"),
        ("!LAN", "!LAN"),
        ("", '""'),
        ("two words", '"two words"'),
        ("a=b", '"a=b"'),
        ('say "no"', r'"say \"no\""'),
        ("$x costs 5?", r'"\$x costs 5\?"'),
        ("back\\slash", r'"back\\slash"'),
        ("tab\tend\r\n", r'"tab\tend\r\n"'),
        ("café", r'"caf\C3\A9"'),
        ("\udce9\x07\x7f", r'"\E9\07\7F"'),
    ],
)
def test_a_value_as_routeros_writes_it(text: str, written: str):
    assert value(text) == written


def test_a_script_stays_legible():
    source = ":local count 0\r\n:foreach each in=[/ip route find] do={\n  :set count ($count + 1)\n}"
    assert command(Statement("/system/script", "add", "", {"name": "count", "source": source})) == (
        'add name=count source=":local count 0\\r\\\n'
        "    \\n:foreach each in=[/ip route find] do={\\\n"
        "    \\n  :set count (\\$count + 1)\\\n"
        '    \\n}"'
    )


def test_what_is_named_comes_before_what_names_it():
    rows = {
        "/ip/address": [{"address": "10.0.0.1/24", "interface": "v20"}],
        "/ip/dhcp-server": [{"name": "lan", "interface": "v10", "address-pool": "lan"}],
        "/interface/vlan": [{"name": "v20", "interface": "v10"}, {"name": "v10", "interface": "bond"}],
        "/interface/bonding": [{"name": "bond", "slaves": "ether1,ether2"}],
        "/ip/pool": [{"name": "lan", "next-pool": "spare"}, {"name": "spare"}],
        "/system/identity": [{"name": "x"}],
    }
    order = list(in_order(rows, KNOWN))
    assert sorted(order) == sorted((path, number) for path, of in rows.items() for number in range(len(of)))
    assert [spot for spot in order if spot[0] == "/interface/vlan"] == [("/interface/vlan", 1), ("/interface/vlan", 0)]
    assert [spot for spot in order if spot[0] == "/ip/pool"] == [("/ip/pool", 1), ("/ip/pool", 0)]
    places = {spot: place for place, spot in enumerate(order)}
    assert places["/interface/bonding", 0] < places["/interface/vlan", 1]
    assert places["/interface/vlan", 0] < places["/ip/address", 0]
    assert places["/ip/pool", 0] < places["/ip/dhcp-server", 0]
    assert order[-1] == ("/system/identity", 0)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=8))
def test_every_row_comes_once_even_where_rows_name_each_other_in_a_circle(named: list[tuple[str, str]]):
    rows = {"/ip/pool": [{"name": name, "next-pool": after} for name, after in named]}
    assert sorted(in_order(rows, KNOWN)) == [("/ip/pool", number) for number in range(len(named))]


@given(st.permutations(range(6)))
def test_rules_keep_their_order_whatever_they_name(numbers: list[int]):
    rules = [{"chain": "input", "in-interface": f"v{number}"} for number in numbers]
    vlans = [{"name": f"v{number}", "interface": "ether1"} for number in range(6)]
    order = in_order({"/ip/firewall/filter": rules, "/interface/vlan": vlans}, KNOWN)
    assert [number for path, number in order if path == "/ip/firewall/filter"] == list(range(6))
