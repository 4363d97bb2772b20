"""Texts that mean the same to RouterOS have one canonical text; texts that do not, have two."""

from __future__ import annotations

import base64

import pytest

from trueup.canonical import canonical
from trueup_schemas.catalogue import Property


def of(type: str, **facts: object) -> Property:
    return Property("value", type, **facts)


STATES = ("established", "invalid", "new", "related", "untracked")
SAME = [
    (of("boolean"), "yes", ["yes", "true"]),
    (of("boolean"), "no", ["no", "false"]),
    (of("flag"), "yes", ["", "yes", "true"]),
    (of("integer"), "10", ["10", "010", "0xa", "0XA"]),
    (of("integer", values=("unlimited",)), "unlimited", ["unlimited"]),
    (of("decimal"), "0.1", ["0.1", "0.10", "00.1"]),
    (of("hex"), "0x8000", ["0x8000", "32768", "0X8000"]),
    (of("enum", values=("no", "yes", "accounting")), "yes", ["yes", "true"]),
    (of("enum-or-number", values=("tcp", "udp")), "6", ["6", "06"]),
    (of("duration"), "10m", ["10m", "00:10:00", "600s", "600", "0:10", "10m0s", "600000ms"]),
    (of("duration"), "1d2h", ["1d2h", "1d 02:00:00", "1d02:00:00", "26h", "93600"]),
    (of("duration"), "1w1s500ms", ["1w1s500ms", "7d00:00:01.500", "604801.5"]),
    (of("duration"), "0s", ["0s", "0", "00:00:00", "0ms"]),
    (of("rate"), "25000000", ["25M", "25000000", "25000k", "25Mbps", "0.025G"]),
    (of("size"), "26214400", ["25M", "25MiB", "26214400", "25600k"]),
    (of("kibibytes"), "2048", ["2048", "2048KiB", "2MiB", "2M"]),
    (of("rate/rate"), "30000000/30000000", ["30M/30M", "30M", "30000k/30M"]),
    (of("duration/duration"), "0s/10s", ["0s/10s", "0/00:00:10"]),
    (of("text/text"), "a/b", ["a/b", "a / b"]),
    (of("mac"), "02:AB:CD:00:12:34", ["02:ab:cd:00:12:34", "02-AB-CD-00-12-34", "02abcd001234"]),
    (of("address"), "2001:db8::1", ["2001:db8::1", "2001:0DB8:0:0::1"]),
    (of("address-or-name"), "Pool-A", ["Pool-A"]),
    (of("host"), "time.example", ["time.example", "Time.Example"]),
    (of("interface-address"), "10.5.50.1/24", ["10.5.50.1/24", "10.5.50.1/255.255.255.0"]),
    (of("interface-address"), "10.5.50.1/32", ["10.5.50.1/32", "10.5.50.1"]),
    (of("subnet-address"), "2001:db8::1/64", ["2001:db8::1/64", "2001:db8::1", "2001:DB8:0:0:0::1"]),
    (of("subnet-address"), "2001:db8::1/128", ["2001:db8::1/128"]),
    (of("prefix"), "10.0.0.0/24", ["10.0.0.0/24", "10.0.0.7/24"]),
    (of("prefix"), "10.0.0.7/32", ["10.0.0.7/32", "10.0.0.7"]),
    (of("prefix-or-name"), "ether1", ["ether1"]),
    (of("target"), "10.0.0.7", ["10.0.0.7", "10.0.0.7/32", "10.0.0.7-10.0.0.7"]),
    (of("target"), "10.0.0.0/24", ["10.0.0.0/24", "10.0.0.9/24", "10.0.0.0-10.0.0.255"]),
    (of("target"), "10.0.0.1-10.0.0.9", ["10.0.0.1-10.0.0.9", "10.0.0.1 - 10.0.0.9"]),
    (of("target"), "2001:db8::1/128", ["2001:db8::1", "2001:db8::1/128"]),
    (of("target", negatable=True), "!10.0.0.7", ["!10.0.0.7", "!10.0.0.7/32", "! 10.0.0.7"]),
    (of("list-entry"), "ads.example", ["ads.example", "ADS.example"]),
    (of("address-range"), "10.5.50.10-10.5.50.254", ["10.5.50.10-10.5.50.254", "10.5.50.10 - 10.5.50.254"]),
    (of("span", many="set"), "80-82,443", ["443,80,81,82", "80-81,82,443", "80-82,443"]),
    (of("span", many="set", negatable=True), "!22-23", ["!22,23", "!23,22", "!22-23"]),
    (of("enum", many="set", values=STATES), "established,related", ["related,established", "established, related"]),
    (of("enum", many="set", values=STATES, negatable=True), "!established,new", ["!new,established"]),
    (of("policy", many="set", values=("read", "ssh", "write")), "read,ssh", ["ssh,read,!write", "read,ssh"]),
    (of("topic", many="set", values=("info", "debug")), "!debug,info", ["info,!debug", "!debug,info"]),
    (of("limit"), "10,5:packet", ["10,5:packet", "10/1s,5:packet", "10,5"]),
    (of("limit"), "10/1m,5:packet", ["10/1m,5:packet", "10/60s,5", "10/00:01:00,5"]),
    (of("time"), "04:30:00", ["04:30:00", "4:30", "4h30m"]),
    (of("date"), "2026-01-31", ["2026-01-31", "jan/31/2026", "2026-1-31"]),
    (of("text", many="set"), "ether1,ether2", ["ether2,ether1", "ether1, ether2,ether1"]),
    (of("text", many="list"), "b,a", ["b,a", "b, a"]),
]
EACH = [(property, want, text) for property, want, texts in SAME for text in texts]


@pytest.mark.parametrize(("property", "want", "text"), EACH, ids=[f"{p.type}:{text}" for p, _, text in EACH])
def test_has_one_text(property: Property, want: str, text: str) -> None:
    assert canonical(property, text) == want


@pytest.mark.parametrize(
    ("property", "one", "other"),
    [
        (of("size"), "25M", "25000000"),
        (of("rate"), "25M", "26214400"),
        (of("interface-address"), "10.5.50.1/24", "10.5.50.2/24"),
        (of("address-range"), "10.0.0.0/24", "10.0.0.0/25"),
        (of("enum", many="set", values=STATES, negatable=True), "!new", "new"),
        (of("text", many="list"), "a,b", "b,a"),
        (of("text"), "yes", "true"),
        (of("text"), "010", "10"),
        (of("text"), " a", "a"),
        (of("address-or-name"), "Pool", "pool"),
        (of("rate/rate"), "1M/2M", "2M/1M"),
        (of("limit"), "10,5:packet", "10,5:bit"),
        (of("target"), "10.0.0.1-10.0.0.9", "10.0.0.1-10.0.0.10"),
    ],
)
def test_keeps_different_meanings_apart(property: Property, one: str, other: str) -> None:
    assert canonical(property, one) != canonical(property, other)


def test_a_private_key_reads_back_clamped_and_nothing_else_of_it_changes() -> None:
    key = Property("private-key", "private-key", secret=True)
    raw = bytes(range(1, 32)) + b"\xff"
    clamped = canonical(key, base64.b64encode(raw).decode())
    assert base64.b64decode(clamped) == bytes([raw[0] & 248, *raw[1:31], 0x7F])
    assert canonical(key, clamped) == clamped
    assert canonical(key, "no key") == "no key"
