"""Waves: every affected router once, as many as asked, hubs before spokes, canaries first."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st
from waves_room import rollout, router

from trueup.fleet.waves import before, waves
from trueup.load.router import Router


def named(count: int) -> list[Router]:
    return [router(f"edge-{number:03}") for number in range(count)]


def sizes(wanted: list[object], routers: list[Router]) -> list[int]:
    return [len(wave) for wave in waves(rollout(waves=wanted), routers)]


def test_counts_and_shares_are_of_all_affected_routers():
    assert sizes([1, 5, "20%", "100%"], named(50)) == [1, 5, 10, 34]
    assert sizes([1, 5, "20%", "100%"], named(3)) == [1, 2]
    assert sizes(["7%", "1%"], named(100)) == [7, 1, 92]
    assert sizes(["10%"], named(3)) == [1, 2]
    assert sizes([2], named(5)) == [2, 3]
    assert sizes([1], []) == []


def test_canaries_come_first_then_names():
    routers = [router("a"), router("c", ("canary",)), router("b"), router("d", ("canary",))]
    assert waves(rollout(waves=[1, 2]), routers) == (("c",), ("d", "a"), ("b",))


def test_a_label_takes_all_its_routers_and_numbers_leave_them_alone():
    routers = [router("a", ("core",)), router("b"), router("c", ("core",)), router("d"), router("e")]
    said = rollout(waves=[1, {"label": "core"}, 1])
    assert waves(said, routers) == (("b",), ("a", "c"), ("d",), ("e",))
    assert waves(rollout(waves=["100%", {"label": "core"}]), routers) == (("b", "d", "e"), ("a", "c"))


def test_a_hub_comes_before_its_spokes_whatever_their_names_and_labels():
    routers = [router("a", after=("hub",)), router("b", ("canary",), after=("hub", "gone")), router("hub")]
    assert waves(rollout(waves=[1, 1]), routers) == (("hub",), ("b",), ("a",))
    assert waves(rollout(waves=[{"label": "canary"}]), routers) == (("hub", "b"), ("a",))
    assert [before(each, routers) for each in routers] == [("hub",), ("hub",), ()]


def test_a_spoke_waits_for_a_hub_that_a_later_wave_takes():
    routers = [router("a", after=("hub",)), router("b"), router("hub", ("core",))]
    assert waves(rollout(waves=[2, {"label": "core"}]), routers) == (("b",), ("hub",), ("a",))


def test_what_cannot_be_written_to_for_long_comes_last_with_its_spokes():
    routers = [router("a", ("canary",)), router("b", after=("a",)), router("c"), router("d")]
    assert waves(rollout(waves=[{"label": "canary"}, 1]), routers, late=["a"]) == (("c",), ("d",), ("a", "b"))


NAMES = [f"r{number:02}" for number in range(12)]
LABELS = ["canary", "core", "far"]


@st.composite
def fleets(draw: st.DrawFn) -> list[Router]:
    found = []
    order = draw(st.permutations(NAMES))[: draw(st.integers(0, 12))]
    for number, name in enumerate(order):
        labels = draw(st.lists(st.sampled_from(LABELS), unique=True))
        some = st.lists(st.sampled_from(order[:number]), unique=True, max_size=3) if number else st.just([])
        found.append(router(name, tuple(labels), tuple(draw(some))))
    return found


WAVES = st.lists(
    st.integers(1, 5)
    | st.integers(0, 100).map(lambda percent: f"{percent}%")
    | st.sampled_from([{"label": label} for label in LABELS]),
    max_size=5,
)


@given(fleets(), WAVES, st.lists(st.sampled_from(NAMES), max_size=2), st.randoms())
def test_every_router_comes_once_and_never_before_what_it_comes_after(routers, wanted, late, chance):
    said = rollout(waves=wanted)
    found = waves(said, routers, late)
    names = [name for wave in found for name in wave]
    assert sorted(names) == sorted(each.name for each in routers)
    assert all(found)
    for each in routers:
        for other in each.reconcile.after:
            assert names.index(other) < names.index(each.name)
    mixed = list(routers)
    chance.shuffle(mixed)
    assert waves(said, mixed, late) == found


@given(fleets(), WAVES.filter(lambda wanted: all(not isinstance(each, dict) for each in wanted)))
def test_no_wave_by_number_is_larger_than_asked(routers, wanted):
    found = waves(rollout(waves=wanted), routers)
    asked = [
        each if isinstance(each, int) else max(1, math.ceil(int(str(each)[:-1]) * len(routers) / 100))
        for each in wanted
    ]
    assert all(len(wave) <= size for wave, size in zip(found, asked, strict=False))


def test_five_hundred_routers_behind_one_hub_take_no_time():
    routers = [router(f"s{number:03}", after=("hub",)) for number in range(500)]
    found = waves(rollout(waves=[1, 5, "20%", "100%"]), [*routers, router("hub")])
    assert [len(wave) for wave in found] == [1, 5, 101, 394]
    assert found[0] == ("hub",)
