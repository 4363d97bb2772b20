"""Exports that cannot be read: each says where and what would be right, and nothing is written."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest
from export_room import refusals

from trueup.adopt import Place, adopt_export
from trueup.adopt.script import read_script
from trueup.errors import DeclarationError

CASES = sorted(Path(__file__).parent.glob("cases/*.rsc"))

HEAD = "# 2025-01-01 00:00:00 by RouterOS 7.24\n/ip pool\nadd name=good ranges=10.0.0.1\n"

BAD = [
    ('add name="cut off in a te', "4:10: syntax error: a quote is not closed; is the file cut off?"),
    ("add name=\\\n", "4:5: syntax error: the value of name is missing; the file is cut off"),
    ("set [ find default=yes", "4:5: syntax error: a bracket is not closed: no ] follows; is the file cut off?"),
    (":if (1) do={\n  :put 1\n", "4:12: syntax error: a bracket is not closed: no } follows; is the file cut off?"),
    ("set [ find x=1 \n name=2", "4:16: syntax error: the line ends before ]; close the bracket"),
    (r'add name="a\qb"', r"4:12: syntax error: unknown escape \q"),
    ('add name=a"b', '4:11: syntax error: unexpected " in a value; put the value into quotes'),
    ("add name=a]", "4:11: syntax error: unexpected ]"),
    ("add =a", "4:5: syntax error: unexpected ="),
    ("add name=a name=b", "4:12: syntax error: name stands twice in one command; keep one of them"),
    ("add name=a [ find ]", "4:1: syntax error: add takes only name=value"),
    ('add name=a "two words"', "4:12: syntax error: expected name=value; put odd characters into quotes"),
    ("add name=x \\", "4:12: syntax error: unexpected \\"),
    ("add .as=1 name=x", "4:5: syntax error: expected name=value"),
    ("hello world, this is prose", "4:7: syntax error: expected a menu such as /ip/address, or add or set"),
    ("name=value", "4:1: syntax error: expected add or set before this"),
    ("}", "4:1: syntax error: unexpected }"),
    ("add a=1; }", "4:10: syntax error: unexpected }"),
]


def problems(data: bytes) -> list[str]:
    return [str(problem) for problem in refusals(data)]


@pytest.mark.parametrize(("text", "told"), BAD, ids=[text[:20] for text, _ in BAD])
def test_broken_syntax_is_told_with_its_place(text: str, told: str):
    assert problems((HEAD + text).encode())[0].startswith(f"x.rsc:{told}")


def test_every_broken_line_is_told_up_to_a_bound():
    assert len(problems((HEAD + 'add a="x\\q"\n' * 3).encode())) == 3
    assert len(problems((HEAD + "add =a\n" * 5000).encode())) == 50


@pytest.mark.parametrize("cut", range(20, 170, 7))
def test_an_export_cut_off_anywhere_is_read_or_refused(cut: int):
    whole = (
        HEAD + 'set [ find default=yes ] comment="a \\"b\\" \\\n    c" ranges=10.0.0.1-10.0.0.9,\\\n    10.1.0.0/24\n'
    )
    assert [problem for problem in problems(whole.encode()[:cut]) if not problem.startswith("x.rsc:")] == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "x.rsc:1:1: this is no RouterOS export; write it on the router"),
        (b"# only a remark\n", "x.rsc:1:1: this is no RouterOS export"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "x.rsc:2:1: this is no RouterOS export: it holds a control character (0x1a)"),
        (b'{"json": true}', "x.rsc:1:1: syntax error"),
        (b"router: edge\nrows: {}\n", "x.rsc:1:1: syntax error"),
        ("/ip pool".encode("utf-16"), "x.rsc:1:1: the file is UTF-16; save it as the router wrote it"),
        ("/ip pool".encode("utf-16-le"), "x.rsc:1:2: this is no RouterOS export: it holds a control character (0x00)"),
        (
            b"\x88\xac\xa1\xb1\x00\x10\x00\x00user",
            "x.rsc:1:1: this is a binary backup, no RouterOS export; write it on",
        ),
        (b"\xef\xa8\x91\x72\x00\x10", "x.rsc:1:1: this is an encrypted backup, no RouterOS export"),
        (b"\n<!DOCTYPE html><html>", "x.rsc:1:1: this is a web page, no RouterOS export"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "x.rsc:1:1: this is a PDF document, no RouterOS export"),
        (b"PK\x03\x04\x14\x00", "x.rsc:1:1: this is a ZIP archive, no RouterOS export"),
        (b"\x1f\x8b\x08\x00", "x.rsc:1:1: this is a compressed file, no RouterOS export"),
        (b"--BEGIN ROUTEROS SUPOUT SECTION\nYQ==\n", "x.rsc:1:1: this is a supout file, no RouterOS export"),
        (b"hostname sw1\ninterface Gi0/1\n", "x.rsc:1:1: syntax error: expected a menu such as /ip/address"),
        (b"name,address\nfoo,1.2.3.4\n", "x.rsc:1:1: syntax error: expected a menu such as /ip/address"),
        (b"[admin@MikroTik] > /ip pool export\n", "x.rsc:1:1: syntax error: expected add or set before this"),
        (HEAD.encode() + b"Flags: X - disabled\n", "x.rsc:4:1: syntax error: expected a menu such as /ip/address"),
        (HEAD.encode() + b"\x1b[32madd\x1b[m\n", "x.rsc:4:1: this is no RouterOS export: it holds a control character"),
        (HEAD.encode() + "add\u00a0name=x\n".encode(), "x.rsc:4:1: syntax error: expected add or set before this"),
    ],
    ids=lambda value: repr(value[:18]) if isinstance(value, bytes) else None,
)
def test_what_is_no_export_is_told(data: bytes, told: str):
    assert problems(data)[0].startswith(told)


def test_20_mb_are_refused_unread():
    (told,) = problems(b"/ip pool\n" + b"add name=x\n" * 1_900_000)
    assert told.startswith("x.rsc:1:1: the file is too large: 19.9 MB, at most 16 MB are read")


@pytest.mark.parametrize("ends", ["\r\n", "\r\r\n", "\r"], ids=repr)
def test_line_ends_of_other_systems_are_read(ends: str):
    script = read_script(HEAD.replace("\n", ends).encode(), "x.rsc")
    assert (script.version, len(script.commands), script.left) == ("7.24", 1, [])


def test_an_export_without_a_command_is_told():
    (problem,) = read_script(b"# 2025-01-01 00:00:00 by RouterOS 7.24\n# software id =\n", "x.rsc").left
    assert str(problem) == "x.rsc: the export holds no command; is the file cut off?"


def test_a_script_is_told_and_not_run():
    script = read_script(f"{HEAD}:foreach i in=[/ip pool find] do={{\n  /ip pool remove $i\n}}\n".encode(), "x.rsc")
    assert [str(problem) for problem in script.left] == ["x.rsc:4:1: the command :foreach is not run"]
    assert len(script.commands) == 1


@pytest.mark.parametrize("page", ["cp1251", "latin-1", "cp850"])
@pytest.mark.parametrize("escaped", [False, True])
def test_text_in_another_code_page_is_told_with_its_place_and_nothing_is_garbled(page: str, escaped: bool):
    written = "абв" if page == "cp1251" else "äöü"
    raw = written.encode(page)
    comment = "".join(f"\\{byte:02X}" for byte in raw).encode() if escaped else raw
    export = HEAD.encode() + b'add comment="' + comment + b'" name=odd ranges=10.0.0.2\n'
    adopted = adopt_export(export, "x.rsc", "edge", Place())
    assert [str(problem) for problem in adopted.left] == [
        "x.rsc:4:5: /ip/pool comment: it holds bytes that are no UTF-8, which YAML cannot hold; it is left alone"
    ]
    assert "{name: odd, ranges: 10.0.0.2, ignore: [comment]}" in adopted.text


@pytest.mark.parametrize(
    ("written", "left"), [("*****", 1), ('"*****"', 1), ('""', 0), ("!", 0)], ids=["stars", "quoted", "empty", "unset"]
)
def test_a_masked_secret_is_named_and_never_a_value(written: str, left: int):
    said = "!password" if written == "!" else f"password={written}"
    export = f"{HEAD}/ppp secret\nadd name=anna {said}\nadd name=ben password=canary\n"
    adopted = adopt_export(export.encode(), "x.rsc", "edge", Place())
    assert list(adopted.hidden) == ["edge/ppp-secret/anna/password"][:left]
    assert list(adopted.secrets) == ["edge/ppp-secret/ben/password"]
    assert ("anna/password" in adopted.text, "***" in adopted.text) == (bool(left), False)


@pytest.mark.parametrize(
    "head",
    [
        b"# 2025-01-01 00:00:00 by RouterOS 7.16.\xff\n",
        b"# 2025-01-01 00:00:00 by RouterOS \xff.16\n",
        b"# 2025-01-01 00:00:00 by RouterOS ,.9.2\n",
        b"# 2025-01-01 00:00:00 by RouterOS 7.24\n# model = RB\xff750\n",
    ],
)
def test_a_damaged_header_is_not_believed(head: bytes):
    adopted = adopt_export(head + b"/ip pool\nadd name=good ranges=10.0.0.1\n", "x.rsc", "r1", Place())
    assert adopted.plan.empty
    assert "good" in adopted.text
    assert "model" not in adopted.text


def test_a_damaged_key_is_no_crash():
    damaged = b'/interface wireguard\nadd name=wg private-key="\xff"\n'
    assert "private-key" in str(adopt_export(HEAD.encode() + damaged, "x.rsc", "r1", Place()).left)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_exports_are_read_or_refused(seed: int):
    damage = random.Random(seed)
    for _ in range(60):
        data = bytearray(damage.choice(CASES).read_bytes())
        for _ in range(damage.choice((1, 2, 5))):
            data[damage.randrange(len(data))] = damage.choice(b'"\\[]{}= \n\t;$!a0\x00\xff,:/')
        with contextlib.suppress(DeclarationError):
            adopt_export(bytes(data), "x.rsc", "r1", Place())
