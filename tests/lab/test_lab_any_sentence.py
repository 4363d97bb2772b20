"""Whatever a client says, a router answers with sentences; nothing it can be told breaks it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.lab import Router, Spec
from trueup_schemas.catalogue import catalogue

CATALOGUE = catalogue("7.24")
COMMANDS = ("print", "add", "set", "unset", "remove", "move", "enable", "disable", "comment", "getall", "explode")
IDS = ("0", "1", "-1", "*0", "*1", "*1,*2", "*zz")
PLAIN = ("", "yes", "no", "ether1", "bridge1", "10.0.0.1", "10.0.0.1/24", "all", "none", "5m", "1M/1M")
ODD = ("10.0.0.1-10.0.0.9", "!ether1", "!", ",", "/", "a=b", "02:00:00:00:00:01", "\udcff", "x" * 300)
VALUES = st.sampled_from([*IDS, *PLAIN, *ODD])


@st.composite
def sentences(draw: st.DrawFn) -> list[str]:
    menu = draw(st.sampled_from(CATALOGUE.paths))
    names = [
        *CATALOGUE.menu(menu).properties,
        ".id",
        "numbers",
        "destination",
        "value-name",
        "place-before",
        ".proplist",
    ]
    words = [f"{menu}/{draw(st.sampled_from(COMMANDS))}"]
    for name in draw(st.lists(st.sampled_from(names), max_size=5)):
        form = draw(st.sampled_from(["={name}={value}", "=!{name}=", "?{name}={value}", "?>{name}={value}", "?#|!&.1"]))
        words.append(form.format(name=name, value=draw(VALUES)))
    return words


@settings(max_examples=60, deadline=None)
@given(st.lists(sentences(), min_size=1, max_size=12))
def test_every_command_is_answered_to_its_end(said: list[list[str]]) -> None:
    router = Router(Spec("hub", board="rb2011"))
    for sentence in said:
        reply = router.execute(sentence)
        assert [part[0] for part in reply].count("!done") == 1
        assert reply[-1][0] == "!done"
        assert {part[0] for part in reply} <= {"!re", "!done", "!trap", "!empty"}


@settings(max_examples=60, deadline=None)
@given(st.lists(sentences(), min_size=1, max_size=12))
def test_a_refused_command_changes_nothing(said: list[list[str]]) -> None:
    router = Router(Spec("hub", board="rb2011"), clock=lambda: 1_800_000_000.0)
    for sentence in said:
        menu = sentence[0].rpartition("/")[0]
        before = router.rows(menu)
        if router.execute(sentence)[0][0] == "!trap":
            assert router.rows(menu) == before


@settings(max_examples=60, deadline=None)
@given(st.lists(sentences(), min_size=1, max_size=12))
def test_ids_are_never_given_twice(said: list[list[str]]) -> None:
    router = Router(Spec("hub", board="rb2011"))
    given_ids: set[tuple[str, str]] = set()
    for sentence in said:
        for part in router.execute(sentence):
            if part[0] == "!done" and sentence[0].endswith("/add") and len(part) > 1:
                key = (sentence[0], part[1])
                assert key not in given_ids
                given_ids.add(key)
