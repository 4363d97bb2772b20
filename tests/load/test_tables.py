"""`rows-from`: a table says what the same rows in YAML would, and each value knows where it stands."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.errors import DeclarationError, Problem, Source
from trueup.load.csv_table import read_csv
from trueup.load.json_table import read_json
from trueup.load.network import load_network
from trueup.load.node import MappingNode, ScalarNode, SequenceNode, find_secrets
from trueup.load.tables import MOST
from trueup.load.tree import open_tree

Write = Callable[[dict[str, str]], Path]
USERS = "/ip/hotspot/user"
ROUTER = "router: edge\nrows:\n  /ip/hotspot/user:\n    - rows-from: {}\n"

# What a cell may hold that is not one of the words for nothing, unset and empty.
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from(',"\n'), min_size=1).filter(
    lambda text: text not in ("~", '""')
)


def csv_rows(data: str | bytes) -> tuple[list[dict[str, object]], list[str]]:
    found: list[Problem] = []
    table = read_csv(data if isinstance(data, bytes) else data.encode(), "t.csv", found)
    return table.plain(), [str(problem) for problem in found]


def sources(node: object) -> list[str]:
    assert isinstance(node, MappingNode)
    return [str(value.source) for value in node.entries.values()]


def users(root: Path, ref: str | None = None) -> list[str]:
    """The names in the tables of the only router."""
    (router,) = load_network(root, ref).routers
    node = router.layers[-1].rows[USERS]
    assert isinstance(node, SequenceNode)
    tables = [item for item in node if isinstance(item, SequenceNode)]
    return [str(row["name"].value) for table in tables for row in table if isinstance(row, MappingNode)]


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_a_csv_writer_writes_is_read_back(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["name", "comment"], *rows])
    assert csv_rows(out.getvalue()) == ([{"name": a, "comment": b} for a, b in rows], [])


@given(st.dictionaries(st.text(min_size=1), st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS))
def test_what_a_json_writer_writes_is_read_back(row: dict[str, object]) -> None:
    found: list[Problem] = []
    assert read_json(json.dumps(row).encode(), "t.jsonl", found).plain() == [row]
    assert found == []


@given(st.binary(max_size=60) | st.text('a,"\r\n~', max_size=40).map(str.encode))
def test_any_bytes_are_rows_or_problems(data: bytes) -> None:
    for read in (read_csv, read_json):
        found: list[Problem] = []
        table = read(data, "t", found)
        for row in table.items:
            assert isinstance(row, MappingNode)
        assert all(isinstance(problem.where, Source) for problem in found)


def test_every_cell_knows_its_physical_line_and_its_column() -> None:
    text = '\ufeffname,comment,profile\r\n"a","two\r\nlines",x\r\n\r\n,,\r\nb,,y'
    table = read_csv(text.encode(), "t.csv", [])
    assert [str(row.source) for row in table] == ["t.csv:2:1", "t.csv:6:1"]
    assert [sources(row) for row in table] == [["t.csv:2:1", "t.csv:2:5", "t.csv:3:8"], ["t.csv:6:1", "t.csv:6:4"]]


def test_every_value_of_json_lines_knows_its_place() -> None:
    table = read_json(b'\n {"name": "a" , "comment":null}\n', "t.jsonl", [])
    assert [sources(row) for row in table] == [["t.jsonl:2:11", "t.jsonl:2:27"]]
    row = table.items[0]
    assert isinstance(row, MappingNode)
    assert [str(key) for key in row.keys.values()] == ["t.jsonl:2:3", "t.jsonl:2:17"]


def test_a_cell_omits_unsets_empties_or_says() -> None:
    rows, problems = csv_rows('name,a,b,c,d,e\nx,,"",~,"""""",0x10\n')
    assert rows == [{"name": "x", "c": None, "d": "", "e": "0x10"}]
    assert problems == []


def test_a_secrets_column_holds_names() -> None:
    table = read_csv(b"name,!secret password\na,hotspot/a\nb,~\nc,\n", "t.csv", [])
    assert [(ref.name, str(where)) for ref, where in find_secrets(table)] == [("hotspot/a", "t.csv:2:3")]


def test_json_lines_have_lists_numbers_and_secrets() -> None:
    line = b'{"a": ["x", 2], "b": 1.50, "c": 12345678901234567890, "d": false, "p": {"!secret": "n/1"}}'
    table = read_json(line, "t.jsonl", [])
    (row,) = table.plain()
    assert {name: row[name] for name in "abcd"} == {"a": ["x", 2], "b": "1.50", "c": "12345678901234567890", "d": False}
    assert [ref.name for ref, _ in find_secrets(table)] == ["n/1"]


def test_a_path_begins_where_the_yaml_is_or_at_the_root(write: Write) -> None:
    both = ROUTER.format("more/guests.csv") + "    - rows-from: /all/guests.jsonl\n"
    files = {"a/b/site.yaml": "", "a/b/edge.yaml": both, "a/b/more/guests.csv": "name\nx\n"}
    assert users(write({**files, "all/guests.jsonl": '{"name": "y"}\n'})) == ["x", "y"]


def test_two_that_name_one_file_share_its_rows(write: Write) -> None:
    files = {f"s/{name}.yaml": ROUTER.format("/g.csv").replace("edge", name) for name in ("a", "b")}
    network = load_network(write({"s/site.yaml": "", "g.csv": "name\nx\n", **files}))
    one, other = (router.layers[-1].rows[USERS] for router in network.routers)
    assert isinstance(one, SequenceNode)
    assert isinstance(other, SequenceNode)
    assert one.items[0] is other.items[0]


def test_a_link_out_of_the_network_is_refused(write: Write, tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("name\nx\n")
    root = write({"s/site.yaml": "", "s/edge.yaml": ROUTER.format("guests.csv"), "s/in.csv": "name\ny\n"})
    (root / "s/guests.csv").symlink_to(tmp_path / "outside.csv")
    with pytest.raises(DeclarationError, match=r"s/guests.csv:1:1: the link leads out of the network's folder"):
        load_network(root)
    (root / "s/guests.csv").unlink()
    (root / "s/guests.csv").symlink_to("in.csv")
    assert users(root) == ["y"]


def test_a_revisions_table_is_read_at_that_revision(write: Write, git: Callable[..., str]) -> None:
    root = write({"s/site.yaml": "", "s/edge.yaml": ROUTER.format("guests.csv"), "s/guests.csv": "name\nold\n"})
    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "x")
    assert not load_network(root).dirty
    (root / "s/guests.csv").write_text("name\nnew\n")
    assert load_network(root).dirty
    assert (users(root), users(root, "HEAD")) == (["new"], ["old"])
    with open_tree(root, "HEAD") as tree:
        assert "s/guests.csv" in tree.paths


def test_many_problems_of_one_file_are_told_in_few(write: Write) -> None:
    table = "name,comment\n" + "x\n" * 500
    root = write({"s/site.yaml": "", "s/edge.yaml": ROUTER.format("guests.csv"), "s/guests.csv": table})
    with pytest.raises(DeclarationError) as caught:
        load_network(root)
    told = caught.value.problems
    assert len(told) == MOST + 1
    assert str(told[-1]) == f"s/guests.csv:{MOST + 2}:1: there are more problems in this file; correct these first"


def test_nothing_is_repeated_of_a_cell_that_is_wrong() -> None:
    _, problems = csv_rows('!secret password,name\ncanary 1,"canary" 2\ncanary"3,x\n"canary-4')
    _, more = csv_rows("canary 5,Canary,canary,canary\n")
    assert len(problems) == 5
    assert len(more) == 3
    assert "canary" not in "".join(problems + more).lower()


def test_text_that_looks_like_a_number_or_a_yes_stays_text() -> None:
    table = read_csv(b"name\n010\nyes\ntrue\n", "t.csv", [])
    cells = [row["name"] for row in table if isinstance(row, MappingNode)]
    assert [cell.value for cell in cells if isinstance(cell, ScalarNode)] == ["010", "yes", "true"]
