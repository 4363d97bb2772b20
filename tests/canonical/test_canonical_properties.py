"""Over every property of the catalogue: canonical() is idempotent, and refuses with BadValue alone."""

from __future__ import annotations

import dataclasses

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trueup.canonical import canonical, from_wire
from trueup.errors import BadValue
from trueup.row import Secret
from trueup_schemas.catalogue import Property, catalogue

EVERY = [p for v in ("7.9", "7.24") for path in catalogue(v).paths for p in catalogue(v).menu(path).properties.values()]
KINDS = list({dataclasses.replace(p, name="x", refers=(), read_only=False, default=None): p for p in EVERY}.values())
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LIKELY = st.text("0123456789abcdefx.:/,-!wdhms %@kMG", max_size=24)


@PATIENT
@given(st.sampled_from(KINDS), LIKELY | st.text(max_size=24))
def test_is_idempotent_and_total(property: Property, text: str) -> None:
    try:
        once = canonical(property, text)
    except BadValue:
        assert property.secret or from_wire(property, text) == text
        return
    assert canonical(property, once) == once
    assert isinstance(from_wire(property, text), Secret) or from_wire(property, text) == once


@PATIENT
@given(st.sampled_from([p for p in KINDS if p.many == "set" and p.values]), st.data())
def test_order_and_repetition_do_not_count_in_a_set(property: Property, data: st.DataObject) -> None:
    words = data.draw(st.lists(st.sampled_from(property.values), min_size=1, unique=True))
    shuffled = data.draw(st.permutations(words + words[:1]))
    assert canonical(property, ",".join(shuffled)) == canonical(property, ",".join(words))


@PATIENT
@given(st.integers(0, 10**15))
def test_every_notation_of_a_duration_is_the_same(milliseconds: int) -> None:
    duration = Property("timeout", "duration")
    seconds, rest = divmod(milliseconds, 1000)
    clock = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
    if seconds // 3600 < 10**9:
        assert canonical(duration, clock) == canonical(duration, f"{milliseconds}ms")
    assert canonical(duration, f"{seconds}.{rest:03}") == canonical(duration, f"{milliseconds}ms")


@PATIENT
@given(st.sets(st.integers(0, 65535), min_size=1, max_size=40))
def test_a_set_of_ports_holds_the_same_ports(ports: set[int]) -> None:
    property = Property("dst-port", "span", many="set", maximum="65535")
    found: set[int] = set()
    for item in canonical(property, ",".join(map(str, ports))).split(","):
        low, _, high = item.partition("-")
        found |= set(range(int(low), int(high or low) + 1))
    assert found == ports


def test_every_word_and_bound_of_the_catalogue_is_accepted() -> None:
    for property in EVERY:
        for word in property.values:
            assert canonical(property, word) == word
        for bound in (property.minimum, property.maximum):
            if bound is not None:
                once = canonical(property, bound)
                assert canonical(property, once) == once


def test_every_value_can_be_told_from_another() -> None:
    """A type that gave every text one canonical form would hide every difference."""
    for property in EVERY:
        if not property.secret and len(property.values) > 1 and property.type == "enum":
            assert len({canonical(property, word) for word in property.values}) == len(property.values)
