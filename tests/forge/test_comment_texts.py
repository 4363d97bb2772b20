"""Texts of comments: none too long, nothing lost, whatever is open closed and opened again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.forge.text import AGAIN, PARTS, comments, marked, without_commands

LIMIT = 2000
LINES = st.sampled_from(["<details><summary>more</summary>", "</details>", "", "text " * 20, "- one"])
BLOCKS = st.one_of(
    st.lists(LINES, max_size=12),
    st.lists(st.sampled_from(["+ added", "~~~", "<details>", "/close", "x" * 90]), max_size=12).map(
        lambda lines: ["```diff", *lines, "```"]
    ),
)


@given(st.lists(BLOCKS, max_size=30))
def test_any_text_is_taken_apart_without_losing_a_line(blocks):
    body = "".join(f"{line}\n" for block in blocks for line in block)
    texts = comments("ci", body, LIMIT)
    assert 1 <= len(texts) <= PARTS
    assert all(len(text) <= LIMIT for text in texts)
    assert [text.partition("\n")[0] for text in texts] == [marked("ci", n + 1) for n in range(len(texts))]
    assert all(len(re.findall("^```", text, re.MULTILINE)) % 2 == 0 for text in texts)
    if "The rest is left out" not in texts[-1]:
        said = "\n".join(text.partition("\n")[2] for text in texts)
        assert [line for line in body.splitlines() if line.startswith(("+", "-", "x", "text", "/"))] == [
            line for line in said.splitlines() if line.startswith(("+", "-", "x", "text", "/"))
        ]


def test_what_is_folded_and_coloured_goes_on_so():
    body = "<details><summary>edge</summary>\n\n```diff\n" + "+ row\n" * 300 + "```\n</details>\n"
    first, second = comments("ci", body, LIMIT)
    assert first.endswith("+ row\n```\n</details>\n")
    assert second.startswith(f"<!-- trueup: ci 2 -->\n{AGAIN}```diff\n+ row\n")


@pytest.mark.parametrize("line", ["/close", "/merge now", "   /label ~x", "/title <!-- -->", "/ip/firewall/filter"])
def test_commands_become_text(line):
    assert without_commands(line) == line.replace("/", "\\/", 1)


@pytest.mark.parametrize("line", ["a /close", "`/close`", "    /close", "- /merge", "//"])
def test_other_lines_stay(line):
    assert without_commands(line) == line


@pytest.mark.parametrize("marker", ["", "two words", "-->", "a--b", "ci\n"])
def test_a_marker_cannot_end_before_its_end(marker):
    with pytest.raises(ValueError, match="no marker"):
        marked(marker)
