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
DECIDING = [field.name for field in dataclasses.fields(Property) if field.name not in ("name", "refers", "read_only")]
KINDS = list({tuple(getattr(p, name) for name in DECIDING): p for p in EVERY}.values())
"""One property for each way of being one."""
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
            both = f"{word}/{word}" if property.type == "rate/rate" else word
            assert canonical(property, word) == both
        for bound in (property.minimum, property.maximum):
            if bound is not None:
                once = canonical(property, bound)
                assert canonical(property, once) == once


def test_every_value_can_be_told_from_another() -> None:
    """A type that gave every text one canonical form would hide every difference."""
    for property in EVERY:
        if not property.secret and len(property.values) > 1 and property.type == "enum":
            assert len({canonical(property, word) for word in property.values}) == len(property.values)


def samples(property: Property) -> list[str]:
    """Values that all mean something else: every word, and the ends of the property's own range."""
    found = list(property.values)
    low, high = property.minimum, property.maximum
    if property.type in ("integer", "span", "duration") and low is not None and high is not None:
        found += [low] if low == high else [low, high]
    elif property.type == "boolean":
        found += ["yes", "no"]
    return found


def test_values_of_every_property_stay_themselves_and_apart() -> None:
    """Of a property's own enum and range nothing is refused, no two become one, and a router may answer all of it."""
    for property in KINDS:
        written = samples(property)
        once = [canonical(property, each) for each in written]
        assert len(set(once)) == len(set(written)), (property, written)
        assert [canonical(property, each) for each in once] == once, property
        if not property.secret:
            assert [from_wire(property, each) for each in written] == once, property


def test_a_text_is_any_text() -> None:
    """What nobody knows the type of is taken as it is, so that no difference is hidden and nothing is refused."""
    plain = [p for p in KINDS if (p.type, p.many, p.negatable) == ("text", "", False)]
    assert plain
    for property in plain:
        for text in ("a", "true", "yes", " a", "010", "10", "0x10", "1m", "60s", "a,b", "a, b"):
            assert canonical(property, text) == text
