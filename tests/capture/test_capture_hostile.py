"""Routers that tell what no router would: endless trees, strange names, words of any length."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from trueup.device.faults import Lost
from trueup.device.inspect import DEPTH, LONGEST, Tree, inspect
from trueup.device.mux import Reply
from trueup.device.session import Session
from trueup.errors import RouterError
from trueup_schemas.catalogue import catalogue

Answer = Callable[[str, list[str]], list[dict[str, str]]]


class Made(Session):
    """A session whose router is a function."""

    def __init__(self, answer: Answer) -> None:
        self.router, self.host, self.answer = "edge", "router", answer

    async def talk(self, words: Sequence[str], deadline: float | None = None) -> Reply:
        asked = dict(word[1:].split("=", 1) for word in words[1:])
        return Reply(self.answer(asked["request"], [step for step in asked["path"].split(",") if step]))


def told(answer: Answer) -> Tree:
    return asyncio.run(inspect(Made(answer), catalogue("7.24"), lambda *_: None))


def child(name: str, kind: str) -> dict[str, str]:
    return {"type": "child", "name": name, "node-type": kind}


def below(path: list[str]) -> list[dict[str, str]]:
    """A tree of one menu, /odd, with one property, lamp."""
    return [[child("odd", "dir")], [child("set", "cmd")], [child("lamp", "arg")]][len(path)]


def test_a_tree_that_goes_down_for_ever_ends():
    deep: list[int] = []

    def answer(request: str, path: list[str]) -> list[dict[str, str]]:
        deep.append(len(path))
        return [child("down", "dir")]

    assert told(answer).menus == {}
    assert max(deep) == DEPTH


def test_a_tree_without_end_in_width_is_refused():
    with pytest.raises(RouterError, match="more than 5000 menus"):
        told(lambda request, path: [child(f"menu{number}", "dir") for number in range(100)])


def test_names_that_are_none_are_left_out_and_told():
    tree = told(lambda request, path: [] if path else [child("a b", "dir"), child("", "dir"), child("x\n", "dir")])
    assert tree.menus == {}
    assert len(tree.left) == 3


@pytest.mark.parametrize("words", ["x" * (LONGEST + 1), "bell\a", "two\nlines"])
def test_words_that_fit_no_line_are_not_kept(words):
    def answer(request: str, path: list[str]) -> list[dict[str, str]]:
        if request != "child":
            return [{"type": "syntax", "text": words}] if request == "syntax" else []
        return below(path)

    tree = told(answer)
    assert (tree.menus["/odd"].kind, tree.menus["/odd"].properties) == ("singleton", ("lamp",))
    assert tree.menus["/odd"].syntax == {}


@pytest.mark.parametrize("offered", [["yes", "no"], ["no"], ["yes", "no", "auto"], ["yes", "!"], []])
def test_only_what_offers_yes_and_no_is_one(offered):
    """Over the API completion leaves words out; a yes or no of which one word came is one all the same."""

    def answer(request: str, path: list[str]) -> list[dict[str, str]]:
        if request == "completion":
            return [{"completion": word} for word in offered]
        return below(path) if request == "child" else [{"type": "syntax", "text": ""}]

    expected = {"lamp": "yes|no"} if offered and {*offered} <= {"yes", "no", "!"} else {}
    assert told(answer).menus["/odd"].syntax == expected


def test_a_connection_that_completion_silences_costs_only_its_answers():
    def answer(request: str, path: list[str]) -> list[dict[str, str]]:
        if request == "completion":
            raise Lost("the router closed the connection", "edge", sent=True)
        return below(path) if request == "child" else []

    tree = told(answer)
    assert tree.menus["/odd"].properties == ("lamp",)
    assert ["yes or no was not told" in str(problem) for problem in tree.left] == [True]
