"""Plans that have to be agreed to by their hash, and plans that something stands in the way of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import click
import pytest
from click.testing import CliRunner

from trueup.cli.accept import accept_option
from trueup.fleet.consent import guarded, hindered
from trueup.plan import Existing, Plan, Remove
from trueup.plan.digest import plan_hash, run_hash
from trueup.plan.risk import Check, Guard

GONE = Remove("/ip/pool", Existing("*1", ""), {"name": "guests"}, "")
FREE = Plan("edge-1", "", "7.24", "1", "", ((GONE,),))
FIRST = replace(FREE, router="edge-2", guards=(Guard("removes", "removes 60 of 100 rows", "/ip/hotspot/user"),))
SECOND = replace(FREE, router="edge-3", guards=(Guard("empties", "nothing is declared any more"),))
ALL = (FREE, FIRST, SECOND)


def told(plans: Sequence[Plan], accepted: Collection[str]) -> list[str]:
    return [str(problem) for problem in guarded(plans, accepted, "if that is what you want, say --accept HASH")]


def test_without_guards_nothing_has_to_be_agreed_to() -> None:
    assert told([FREE], []) == []


def test_each_guard_is_refused_with_the_very_words_to_say() -> None:
    assert told(ALL, []) == [
        "edge-2: this needs to be agreed to: /ip/hotspot/user: removes 60 of 100 rows; "
        f"if that is what you want, say --accept {plan_hash(FIRST)}",
        "edge-3: this needs to be agreed to: nothing is declared any more; "
        f"if that is what you want, say --accept {plan_hash(SECOND)}",
    ]


def test_each_routers_hash_or_the_runs_is_enough() -> None:
    assert told(ALL, [plan_hash(FIRST), plan_hash(SECOND)]) == []
    assert told(ALL, [run_hash(ALL)]) == []
    assert told([FIRST], [run_hash([FIRST])]) == []


@pytest.mark.parametrize("wrong", [[], ["yes"], [plan_hash(FREE)], [plan_hash(SECOND)], [run_hash([FIRST, SECOND])]])
def test_another_hash_is_not(wrong: list[str]) -> None:
    assert "edge-2" in "\n".join(told(ALL, wrong))


def test_the_option_may_be_repeated() -> None:
    @click.command()
    @accept_option
    def command(accepted: tuple[str, ...]) -> None:
        click.echo(" ".join(accepted))

    assert CliRunner().invoke(command, ["--accept", "a", "--accept", "b"]).output == "a b\n"


def test_what_stands_in_the_way_is_refused_and_a_warning_is_not() -> None:
    assert not list(hindered([replace(FREE, checks=(Check("warn", "the clock is off", "set it"),))]))
    check = Check("refuse", "the user lacks the policy write", "give it to the group", "/user/group")
    (problem,) = hindered([replace(FREE, checks=(check,))])
    assert str(problem) == "edge-1: /user/group: the user lacks the policy write; give it to the group"
