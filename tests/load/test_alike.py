"""Rows that are written alike share what is alike, and each still says for itself what it says and where."""

from __future__ import annotations

import gc

from trueup.errors import Source
from trueup.load.alike import Entries, Shape
from trueup.load.compose import compose_mapping
from trueup.load.node import MappingNode, SequenceNode

FILE = "edge.yaml"


def rows(text: str) -> list[MappingNode]:
    node = compose_mapping(text.encode(), FILE)["rows"]
    assert isinstance(node, SequenceNode)
    return [each for each in node if isinstance(each, MappingNode)]


def test_each_row_has_its_own_values_and_places() -> None:
    first, second = rows("rows:\n  - name: a\n    comment: x\n  - name: b\n    comment: yy\n")
    assert (first.plain(), second.plain()) == ({"name": "a", "comment": "x"}, {"name": "b", "comment": "yy"})
    assert dict(second.keys) == {"name": Source(FILE, 4, 5), "comment": Source(FILE, 5, 5)}
    assert second["comment"].source == Source(FILE, 5, 14)
    assert list(second) == ["name", "comment"]
    assert "comment" in second
    assert second.get("other") is None


def test_rows_that_are_written_otherwise_do_too() -> None:
    first, second = rows("rows:\n  - {name: a, comment: x}\n  - {name: longer, comment: x}\n")
    assert (first.keys["comment"], second.keys["comment"]) == (Source(FILE, 2, 15), Source(FILE, 3, 20))


def test_a_mapping_without_some_keys_keeps_the_others_places() -> None:
    (row,) = rows("rows:\n  - name: a\n    comment: x\n    disabled: yes\n")
    assert row.without("name").keys == {"comment": Source(FILE, 3, 5), "disabled": Source(FILE, 4, 5)}
    assert row.only("disabled").plain() == {"disabled": "yes"}


def test_many_rows_of_a_kind_have_one_shape() -> None:
    count = 500
    found = rows("rows:\n" + "".join(f"  - name: room-{n}\n    comment: floor\n" for n in range(count)))
    held = [each for each in gc.get_referents(*(row.entries for row in found)) if isinstance(each, Shape)]
    assert all(isinstance(row.entries, Entries) for row in found)
    assert len({id(shape) for shape in held}) == 1
