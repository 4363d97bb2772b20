"""A value that a type refuses is named, with what would be right; secrets and personal data are not repeated."""

from __future__ import annotations

import pytest

from trueup.canonical import TYPES, canonical, describe, from_wire, named
from trueup.errors import BadValue
from trueup.row import Secret
from trueup_schemas.catalogue import Property, catalogue


def of(type: str, **facts: object) -> Property:
    return Property("interim-update", type, **facts)


@pytest.mark.parametrize(
    ("property", "text", "message", "remedy"),
    [
        (of("boolean"), "maybe", '"maybe" is no boolean', "write yes or no"),
        (of("boolean"), "y", '"y" is no boolean', "write yes or no"),
        (of("integer"), "ten", '"ten" is no whole number', "write digits"),
        (of("integer", minimum="1", maximum="8"), "9", "that interim-update takes", "from 1 to 8"),
        (of("duration", minimum="10ms", maximum="1m"), "2m", "that interim-update takes", "from 10ms to 1m"),
        (of("duration"), "5 parsecs", "is no duration", "5m"),
        (of("enum", values=("accept", "drop")), "dorp", "is no word that interim-update takes", "write drop"),
        (of("mac"), "02:ab", "is no MAC address", "02:AB:CD:00:12:34"),
        (of("target"), "10.0.0.300", "is no address, network or range", "10.0.0.0/24"),
        (of("target"), "10.0.0.9-10.0.0.1", "is no address, network or range", "10.0.0.1-10.0.0.9"),
        (of("interface-address"), "10.5.50.1/33", "is no address with a prefix length", "10.5.50.1/24"),
        (of("address-range"), "10.0.0.9-10.0.0.1", "is no range of addresses", "10.5.50.10-10.5.50.254"),
        (of("span", maximum="65535"), "70000", "that interim-update takes", "of at most 65535"),
        (of("span"), "9-1", "is no number or range", "8000-8080"),
        (of("rate"), "fast", "is no rate", "25M"),
        (of("date"), "2026-02-30", "is no date", "2026-01-31"),
        (of("time"), "24:00:00", "is no time of day", "04:30:00"),
        (of("limit"), "many", "is no limit", "10,5:packet"),
        (of("integer"), "", '"" is no whole number', "or ~ to unset it"),
        (of("text", negatable=True), "!", "is no value", "what is negated"),
        (of("text", many="set", negatable=True), "!,", "is no value", "what is negated"),
        (of("rate/rate"), "1M/", "is no rate", "25M"),
    ],
)
def test_says_what_would_be_right(property: Property, text: str, message: str, remedy: str) -> None:
    with pytest.raises(BadValue) as caught:
        canonical(property, text)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert remedy in problem.remedy


def test_does_not_repeat_personal_data() -> None:
    with pytest.raises(BadValue) as caught:
        canonical(Property("mac-address", "mac", personal=True), "02:AB:CD:leak")
    assert "leak" not in str(caught.value)
    assert "mac-address" in str(caught.value)


def test_long_values_are_cut() -> None:
    with pytest.raises(BadValue) as caught:
        canonical(of("boolean"), "x" * 10_000)
    assert len(str(caught.value)) < 200


def test_an_absent_matcher_may_be_empty() -> None:
    assert canonical(of("mac", default=""), "") == ""


def test_what_a_router_answers_is_never_an_error() -> None:
    assert from_wire(of("duration"), "a while") == "a while"
    assert from_wire(of("duration"), "00:05:00") == "5m"


def test_secrets_are_wrapped_as_they_are() -> None:
    value = from_wire(Property("secret", "text", secret=True), "00:10:00")
    assert isinstance(value, Secret)
    assert value.reveal() == "00:10:00"


def test_every_type_is_described() -> None:
    for name in TYPES:
        assert describe(of(name, values=("a", "b"), many="set", negatable=True)).strip()
    assert describe(of("duration", minimum="10ms", values=("none",))) == (
        "a duration such as 5m or 1d2h of at least 10ms, or none"
    )


@pytest.mark.parametrize(
    ("menu", "property", "text", "names"),
    [
        ("/ip/hotspot", "address-pool", "guests", ("guests",)),
        ("/ip/hotspot", "address-pool", "none", ()),
        ("/interface/bridge/vlan", "tagged", "bridge,ether1", ("bridge", "ether1")),
        ("/queue/simple", "queue", "up/down", ("up", "down")),
        ("/queue/simple", "target", "10.0.0.1/32,ether1", ("ether1",)),
        ("/ppp/profile", "remote-address", "10.0.0.1", ()),
        ("/ppp/profile", "remote-address", "clients", ("clients",)),
        ("/ip/route", "gateway", "10.0.0.1%ether1", ("ether1",)),
        ("/ip/route", "gateway", "10.0.0.1,wg0", ("wg0",)),
        ("/ip/firewall/filter", "in-interface-list", "!WAN", ("WAN",)),
        ("/ip/firewall/filter", "src-address-list", "", ()),
    ],
)
def test_finds_the_rows_that_a_value_names(menu: str, property: str, text: str, names: tuple[str, ...]) -> None:
    assert named(catalogue("7.24").menu(menu).properties[property], text) == names
