"""Whatever text a router is given to run, it answers: with what the text said, or with where and why it ended."""

from __future__ import annotations

import contextlib
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.lab import Router, Spec
from trueup.lab.scripting.pattern import Pattern
from trueup.lab.scripting.trouble import Failure

WORDS = (
    *(":put", ":local", ":global", ":set", ":if", ":for", ":foreach", ":while", ":do", ":return", ":error", ":delay"),
    *(
        ":pick",
        ":len",
        ":toarray",
        ":totime",
        ":find",
        ":typeof",
        "do={",
        "else={",
        "on-error={",
        "while=",
        "in=",
        "from=1",
    ),
    *(
        "to=3",
        "step=0",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        '"',
        "$",
        "$a",
        "a",
        "a=1",
        "1",
        "-1",
        "0x1F",
        "1d2h",
        "10.0.0.1",
    ),
    *(
        "10.0.0.0/8",
        "*1",
        "true",
        "no",
        "+",
        "-",
        "*",
        "/",
        "%",
        ".",
        ",",
        "->",
        "=",
        "!=",
        "<",
        ">>",
        "<<",
        "&&",
        "||",
    ),
    *(
        "and",
        "or",
        "in",
        "~",
        "!",
        "^",
        "\\",
        "\\n",
        "\\\n",
        "\n",
        ";",
        "#",
        "?",
        "'",
        " ",
        "  ",
        "\t",
        "::1",
        "é",
        "\0",
    ),
    *("/ip", "/ip firewall filter", "/ip/address/add", "add", "remove", "print", "find", "where", "get", "chain=input"),
    *("..", "/", ":", "[find]", "comment~", "as-value", "count-only", "/system script run x", "/execute", "9" * 25),
)
SCRIPTS = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=25).map("".join),
)
ROUTER = Router(Spec("hub"), clock=lambda: 1_800_000_000.0)


@settings(max_examples=600, deadline=None)
@given(SCRIPTS)
def test_every_text_has_an_answer(text: str) -> None:
    reply = ROUTER.execute(["/execute", f"=script={text}", "=as-string="])
    assert [word[:5] for word in reply[-1]] == ["!done", "=ret="]


@settings(max_examples=200, deadline=None)
@given(SCRIPTS)
def test_what_is_no_script_is_refused_with_its_place_in_the_text(text: str) -> None:
    reply = ROUTER.execute(["/execute", f"=script={text}\n\n:nonsense"])
    assert reply[0][0] == "!trap"
    found = re.search(r"\(line (\d+) column (\d+)\)$", reply[0][1])
    assert found, reply
    lines = f"{text}\n\n:nonsense".split("\n")
    assert 1 <= int(found[1]) <= len(lines)
    assert 1 <= int(found[2]) <= len(lines[int(found[1]) - 1]) + 1


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["(", "[", "{", '"$(', "!", "-", ":do {", ":if (true) do={", "[:len ", "{{", "1+", "$a->"]))
def test_no_depth_is_too_much(part: str) -> None:
    for script in (f":put {part * 3000}", part * 3000, f":put ({part * 3000}1)"):
        reply = ROUTER.execute(["/execute", f"=script={script}", "=as-string="])
        assert reply[-1][0] == "!done"


SIMPLE = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\."]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{1,2}"])).map(lambda pair: f"({pair[0]}){pair[1]}"),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
    ),
    max_leaves=5,
)


@settings(max_examples=200, deadline=None)
@given(SIMPLE, st.text("ab.", max_size=8), st.booleans())
def test_patterns_match_what_they_should(source: str, text: str, whole: bool) -> None:
    source = f"^({source})$" if whole else source
    assert Pattern(source).found(text) == bool(re.search(source, text))


@settings(max_examples=200, deadline=None)
@given(st.text("ab()[]{}*+?|^$\\.,12:-", max_size=20), st.text("ab[]^", max_size=10))
def test_every_pattern_has_an_answer(source: str, text: str) -> None:
    with contextlib.suppress(Failure):
        assert Pattern(source).found(text) in (True, False)
