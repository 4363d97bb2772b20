"""Query words decide as MikroTik's documentation of the API says."""

from __future__ import annotations

import pytest

from trueup.lab.query import matches

ROW = {"name": "ether1", "mtu": "1500", "comment": "", "disabled": "false"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], True),
        (["name"], True),
        (["missing"], False),
        (["-missing"], True),
        (["-name"], False),
        (["name=ether1"], True),
        (["=name=ether1"], True),
        (["name=ether2"], False),
        ([">mtu=900"], True),
        (["<mtu=900"], False),
        (["<mtu=1501"], True),
        ([">comment="], False),
        ([">name="], True),
        (["name=ether1", "mtu=9"], False),
        (["name=ether1", "mtu=1500"], True),
        (["name=x", "mtu=1500", "#|"], True),
        (["name=x", "mtu=1500", "#&"], False),
        (["name=x", "#!"], True),
        (["name=x", "name=y", "name=ether1", "#|", "#|"], True),
        (["name=x", "name=y", "name=ether1", "#||"], True),
        (["name=x", "name=ether1", "#!&"], False),
        (["name=ether1", "mtu=9", "#1"], True),
        (["name=ether1", "mtu=9", "#0"], False),
        (["name=ether1", "#."], True),
        (["name=x", "#.&!"], True),
    ],
)
def test_a_row_is_let_through(words: list[str], expected: bool) -> None:
    assert matches(words, ROW) is expected


def test_operators_without_operands_do_no_harm() -> None:
    assert matches(["#&|!."], ROW)
