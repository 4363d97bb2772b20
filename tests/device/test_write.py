"""Changes as sentences: the router's own words, secrets resolved at the last moment."""

from __future__ import annotations

import pytest

from trueup.device.write import sentences
from trueup.errors import PlanError
from trueup.plan import Add, Created, Existing, Move, PersonalValue, Remove, SecretValue, Set
from trueup.row import Secret
from trueup_schemas.catalogue.types import Menu, Property
from trueup_schemas.secret import SecretRef

RULES = Menu(
    "/ip/firewall/filter",
    "list",
    {
        p.name: p
        for p in (
            Property("chain", "text"),
            Property("dst-port", "text", unset="!", default=""),
            Property("time", "text", unset="unset", default=""),
            Property("rate", "text", unset="=none", default="5"),
            Property("log", "boolean", default="no"),
            Property("target", "text"),
            Property("secret", "text", secret=True),
            Property("mail", "text", personal=True),
        )
    },
    ordered=True,
)
PATH = RULES.path
IDS = {Existing("*1", "d"): "*1", Existing("*2", "d"): "*2", Created(0): "*1F", Created(1): "3"}


def said(change):
    return sentences(change, RULES, IDS.__getitem__, lambda ref: Secret(f"value of {ref.name}"))


def set_(**values):
    return Set(PATH, Existing("*1", "d"), {name.replace("_", "-"): v for name, v in values.items()}, {}, {})


def test_add():
    assert said(Add(PATH, {"chain": "input", "dst-port": "80,443"}, {})) == [
        [f"{PATH}/add", "=chain=input", "=dst-port=80,443"]
    ]
    assert said(Add(PATH, {"chain": "input"}, {}, before=Created(0)))[0][-1] == "=place-before=*1F"


def test_a_new_row_without_a_property_that_has_a_default_says_so():
    values = {"chain": "a", "dst-port": None, "rate": None, "target": None}
    assert said(Add(PATH, values, {})) == [[f"{PATH}/add", "=chain=a", "=rate=none", "=!target="]]


def test_set_and_each_way_to_take_a_value_away():
    assert said(set_(chain="output", dst_port=None, rate=None)) == [
        [f"{PATH}/set", "=.id=*1", "=chain=output", "=!dst-port=", "=rate=none"]
    ]
    assert said(set_(log=None)) == [[f"{PATH}/set", "=.id=*1", "=log=no"]]


def test_what_only_unset_takes_away_goes_first():
    assert said(set_(chain="output", time=None)) == [
        [f"{PATH}/unset", "=.id=*1", "=value-name=time"],
        [f"{PATH}/set", "=.id=*1", "=chain=output"],
    ]
    assert said(set_(time=None)) == [[f"{PATH}/unset", "=.id=*1", "=value-name=time"]]


def test_a_singleton_has_no_id():
    menu = Menu("/system/identity", "singleton", {"name": Property("name", "text")})
    change = Set(menu.path, None, {"name": "edge-1"}, {}, {})
    assert sentences(change, menu, IDS.__getitem__, Secret) == [["/system/identity/set", "=name=edge-1"]]


def test_remove():
    assert said(Remove(PATH, Existing("*2", "d"), {}, "was ours")) == [[f"{PATH}/remove", "=.id=*2"]]


def test_a_block_moves_in_its_order():
    targets = (Existing("*2", "d"), Created(0))
    assert said(Move(PATH, targets, (), Existing("*1", "d"))) == [
        [f"{PATH}/move", "=numbers=*2,*1F", "=destination=*1"]
    ]
    assert said(Move(PATH, targets, ())) == [[f"{PATH}/move", "=numbers=*2,*1F"]]


def test_secret_and_personal_values_are_sent_but_not_shown():
    change = set_(secret=SecretValue(SecretRef("radius/billing"), "3f9a"), mail=PersonalValue("77", "ann@example.org"))
    [words] = said(change)
    assert words == [f"{PATH}/set", "=.id=*1", "=secret=value of radius/billing", "=mail=ann@example.org"]
    assert "value of" not in repr(words)
    assert "ann@" not in repr(words)


@pytest.mark.parametrize(
    "change",
    [
        set_(target=None),
        set_(secret=SecretValue(None, "3f9a")),
        set_(mail=PersonalValue("77")),
        set_(unheard="of"),
        Remove(PATH, Created(1), {}, ""),
    ],
    ids=["cannot be unset", "unnamed secret", "personal text not saved", "unknown property", "a position, no id"],
)
def test_what_cannot_be_said_is_refused_and_nothing_is_guessed(change):
    with pytest.raises(PlanError, match=PATH):
        said(change)
