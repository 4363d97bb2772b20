"""What is not known is never taken for kept: every concrete packet that gets in now gets in after a kept plan."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.plan import Add, Plan, Remove
from trueup.plan.change import Existing
from trueup.risk import Manager, analyse
from trueup.row import Row, Table
from trueup_schemas.catalogue import catalogue

MENU = "/ip/firewall/filter"
KNOWN = catalogue("7.24")
MANAGER = Manager("192.0.2.10", "198.51.100.1", 8729, "trueup")
GUESSES = ("dscp", "ttl", "tos")

RULE = st.fixed_dictionaries(
    {"action": st.sampled_from(["accept", "drop", "jump", "return", "passthrough"])},
    optional={
        "src-address": st.sampled_from(["192.0.2.0/24", "!192.0.2.0/24", "203.0.113.0/24"]),
        "dscp": st.just("1"),
        "ttl": st.sampled_from(["equal:1", "!equal:1"]),
        "tos": st.just("1"),
    },
)
RULES = st.lists(st.tuples(st.sampled_from(["input", "one", "two"]), RULE), max_size=6)


def rows(rules: list[tuple[str, dict[str, str]]]) -> list[Row]:
    found = []
    for at, (chain, rule) in enumerate(rules):
        target = (
            {"jump-target": {"input": "one", "one": "two", "two": "none"}[chain]} if rule["action"] == "jump" else {}
        )
        found.append(Row({"chain": chain, **rule, **target}, id=f"*{at}"))
    return found


def matches(rule: Row, packet: dict[str, bool]) -> bool:
    for name, value in rule.values.items():
        if name == "src-address" and value not in ("192.0.2.0/24",):
            return False
        if name in GUESSES and not packet[f"{name}={value}"]:
            return False
    return True


def passes(rules: list[Row], packet: dict[str, bool], chain: str = "input") -> bool | None:
    """True, False, or None where the chain's end is reached."""
    for rule in rules:
        if rule.text("chain") != chain or not matches(rule, packet):
            continue
        match rule.text("action"):
            case "accept":
                return True
            case "drop":
                return False
            case "return":
                return None
            case "jump":
                if (found := passes(rules, packet, rule.text("jump-target"))) is not None:
                    return found
    return None


PACKETS = [
    dict(zip(("dscp=1", "ttl=equal:1", "ttl=!equal:1", "tos=1"), held, strict=True))
    for held in product((True, False), repeat=4)
    if held[1] != held[2]
]


def gets_in(rules: list[Row], packet: dict[str, bool]) -> bool:
    return passes(rules, packet) is not False


@settings(max_examples=300, deadline=None)
@given(RULES, st.integers(0, 6), st.tuples(st.sampled_from(["input", "one"]), RULE), st.booleans())
def test_kept_is_never_said_where_a_packet_is_cut(
    rules: list[tuple[str, dict[str, str]]], at: int, new: tuple[str, dict[str, str]], removing: bool
) -> None:
    before = rows(rules)
    at = min(at, len(before))
    if removing and at < len(before):
        change: Add | Remove = Remove(MENU, Existing(before[at].id, ""), {}, "")
        after = before[:at] + before[at + 1 :]
    else:
        row = rows([new])[0]
        target = Existing(before[at].id, "") if at < len(before) else None
        change = Add(MENU, {n: row.text(n) for n in row.values}, {}, target)
        after = [*before[:at], row, *before[at:]]
    plan = Plan("r1", "", "", "", "", ((change,),))
    lockout = analyse(plan, {MENU: Table(MENU, tuple(before))}, MANAGER, KNOWN)
    now = [packet for packet in PACKETS if gets_in(before, packet)]
    cut = [packet for packet in now if not gets_in(after, packet)]
    if cut:
        assert lockout.verdict != "kept"
    if now and len(cut) == len(now) and not any(name in row.values for row in (*before, *after) for name in GUESSES):
        assert lockout.verdict == "cut"
