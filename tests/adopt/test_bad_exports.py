"""Exports that cannot be read: each says where and what would be right, and nothing is written."""

from __future__ import annotations

import pytest
from export_room import refusals

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
    ("add ether1 name=b", "4:1: syntax error: add takes only name=value"),
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
    ],
    ids=["empty", "remark", "picture", "json", "yaml", "utf-16"],
)
def test_what_is_no_export_is_told(data: bytes, told: str):
    assert problems(data)[0].startswith(told)


def test_20_mb_are_refused_unread():
    (told,) = problems(b"/ip pool\n" + b"add name=x\n" * 1_900_000)
    assert told.startswith("x.rsc:1:1: the file is too large: 19.9 MB, at most 16 MB are read")
