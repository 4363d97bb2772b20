"""What is written, and what a router makes of it."""

from __future__ import annotations

import pytest

from trueup.lab.trap import Trap
from trueup.lab.values import TYPES, accept
from trueup_schemas.catalogue import catalogue
from trueup_schemas.catalogue.types import Property

READ_BACK = [
    ("boolean", "yes", "true"),
    ("boolean", "false", "false"),
    ("duration", "10m", "10m"),
    ("duration", "00:10:00", "10m"),
    ("duration", "600", "10m"),
    ("duration", "90061s", "1d1h1m1s"),
    ("duration", "300ms", "300ms"),
    ("duration", "1.5s", "1s500ms"),
    ("duration", "8d", "1w1d"),
    ("duration", "1d02:00:00", "1d2h"),
    ("rate", "25M", "25000000"),
    ("rate", "1.5k", "1500"),
    ("rate/rate", "10M/512k", "10000000/512000"),
    ("rate/rate", "5M", "5000000/5000000"),
    ("size", "1G", "1073741824"),
    ("size", "64KiB", "65536"),
    ("kibibytes", "2048KiB", "2048KiB"),
    ("hex", "32768", "0x8000"),
    ("hex", "0x80", "0x80"),
    ("mac", "02-ab-cd-00-00-0f", "02:AB:CD:00:00:0F"),
    ("interface-address", "10.5.50.1/24", "10.5.50.1/24"),
    ("interface-address", "10.5.50.1", "10.5.50.1/32"),
    ("prefix", "10.5.50.1/24", "10.5.50.0/24"),
    ("target", "10.0.0.1/32", "10.0.0.1"),
    ("target", "10.0.0.0-10.0.0.255", "10.0.0.0/24"),
    ("target", "10.0.0.1-10.0.0.5", "10.0.0.1-10.0.0.5"),
    ("address-range", "10.0.0.5-10.0.0.5", "10.0.0.5"),
    ("list-entry", "2001:db8::1", "2001:db8::1/128"),
    ("list-entry", "portal.example", "portal.example"),
    ("span", "80-80", "80"),
    ("span", "8000-8080", "8000-8080"),
    ("limit", "10/1m,5", "10/1m,5:packet"),
    ("limit", "10/1s,5:packet", "10,5:packet"),
    ("time", "1:02:03", "01:02:03"),
    ("date", "jan/02/2026", "2026-01-02"),
    ("date", "2026-01-02", "2026-01-02"),
    ("integer", "007", "7"),
    ("text", "  as it is ", "  as it is "),
]

REFUSED = [
    (Property("mtu", "integer"), "15x", "value of mtu contains invalid trailing characters"),
    (Property("priority", "integer", minimum="1", maximum="254"), "255", "value of priority out of range (1..254)"),
    (Property("mode", "enum", values=("a", "b")), "c", "input does not match any value of mode"),
    (
        Property("mode", "enum", values=("one", "only")),
        "on",
        "ambiguous value of mode, more than one possible value matches input",
    ),
    (Property("mac", "mac"), "zz", "invalid value of mac, mac address required"),
    (Property("range", "address-range"), "abc", "value of range expects range of ip addresses"),
    (Property("range", "address-range"), "10.0.0.1-x", "value of range must have ip address after '-'"),
    (Property("log", "boolean"), "maybe", "input does not match any value of log"),
    (Property("timeout", "duration"), "soon", "invalid value for argument timeout, time interval required"),
]


@pytest.mark.parametrize(("kind", "written", "shown"), READ_BACK)
def test_a_value_reads_back_in_the_routers_own_spelling(kind: str, written: str, shown: str) -> None:
    assert accept(Property("x", kind), written) == shown


@pytest.mark.parametrize(("kind", "written", "shown"), READ_BACK)
def test_what_was_read_can_be_written_back_and_stays(kind: str, written: str, shown: str) -> None:
    assert accept(Property("x", kind), shown) == shown


@pytest.mark.parametrize(("property", "written", "message"), REFUSED)
def test_a_bad_value_is_refused_in_the_routers_words(property: Property, written: str, message: str) -> None:
    with pytest.raises(Trap) as refused:
        accept(property, written)
    assert refused.value.message == message


def test_a_set_loses_repetitions_and_takes_the_enums_order() -> None:
    topics = Property("service", "enum", many="set", values=("ppp", "login", "hotspot"))
    assert accept(topics, "hotspot,ppp,hotspot") == "ppp,hotspot"


def test_a_list_keeps_its_order() -> None:
    assert accept(Property("servers", "address", many="list"), "10.0.0.2,10.0.0.1") == "10.0.0.2,10.0.0.1"


def test_a_matcher_may_be_turned_round() -> None:
    assert accept(Property("src", "target", negatable=True), "!10.0.0.0/8") == "!10.0.0.0/8"


def test_every_type_of_the_catalogue_is_known() -> None:
    for version in ("7.24", "7.16.2"):
        known = catalogue(version)
        used = {
            part for path in known.paths for p in known.menu(path).properties.values() for part in p.type.split("/")
        }
        assert used <= TYPES.keys()
