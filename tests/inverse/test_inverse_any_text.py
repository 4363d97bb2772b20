"""No text of a router gets out of its quotes: whatever it is, it comes back as it was, and nothing else happens."""

from __future__ import annotations

from bench import Bench, bare, first
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trueup.inverse.look import Look
from trueup.inverse.words import argument, quoted

FILTER, POOL, LEASE = "/ip/firewall/filter", "/ip/pool", "/ip/dns/static"
MENUS = (FILTER, POOL, LEASE, "/system/identity")
BYTES = st.binary(min_size=1, max_size=12).map(lambda data: data.decode("utf-8", "surrogateescape"))
ODD = st.sampled_from([*'"$\\?\n]};#!é\0', "*1", "\\22", "true", "10", "5m", "a,b"])
HOSTILE = '"]; /system identity set name="owned'
TEXTS = st.one_of(BYTES, st.lists(ODD, min_size=1, max_size=6).map("".join), st.text(min_size=1, max_size=12))


def declared(a: str, b: str, c: str) -> dict:
    return {
        FILTER: [
            {"chain": "input", "comment": a, "place": first()},
            {"chain": "input", "comment": b},
        ],
        POOL: [{"name": "pool", "ranges": "10.0.0.2-10.0.0.9", "comment": c}],
        LEASE: [{"name": "a.example", "address": "10.0.0.1", "comment": b, "place": first()}],
        "/system/identity": [{"name": "before"}],
    }


def after(a: str, b: str, c: str) -> dict:
    return {
        FILTER: [{"chain": "input", "comment": b, "place": first()}, {"chain": "input", "comment": c}],
        POOL: [{"name": "pool", "ranges": "10.0.0.2-10.0.0.9", "comment": a}, {"name": f"p{a}", "ranges": "10.1.0.1"}],
        LEASE: [{"name": "b.example", "address": "10.0.0.2", "comment": c, "place": first()}],
        "/system/identity": [{"name": "after"}],
    }


@settings(max_examples=20)
@given(TEXTS, TEXTS, TEXTS, st.booleans())
@example(HOSTILE, f"{HOSTILE}\n", f"$[{HOSTILE}]", True)
@example("\\", '"', "$(1)", False)
def test_every_text_comes_back_as_it_was(a: str, b: str, c: str, everything: bool):
    bench = Bench()
    bench.apply(declared(a, b, c))
    plan, live = bench.plan(after(a, b, c))
    before = bench.holdings(MENUS)
    total = len(plan.changes)
    bench.carry_out(plan, range(total if everything else total // 2))
    said = bench.fire(bench.undo(plan, live).script)
    assert said[-1] == "trueup: undone", said
    assert bare(bench.known, bench.holdings(MENUS)) == bare(bench.known, before)
    assert bench.router.rows("/system/identity")[0]["name"] == "before"


@given(st.one_of(BYTES, st.text()))
def test_what_stands_between_quotes_is_plain_and_ends_there(text: str):
    written = quoted(text)
    inner = written[1:-1].replace("\\\\", "").replace('\\"', "").replace("\\$", "")
    assert written.isascii()
    assert written.isprintable()
    assert '"' not in inner
    assert "$" not in inner


@settings(max_examples=60)
@given(st.text(max_size=8), st.sampled_from("=+~@?"))
def test_a_look_keeps_what_is_compared(text: str, kind: str):
    look = Look({"x": kind})
    assert look.of({"x": text}) in ("", "x\n") or text.removesuffix("/32") in look.of({"x": text}) or kind == "+"


def test_negation_stays_outside_quotes_where_it_can():
    assert argument("protocol", "!tcp") == "protocol=!tcp"
    assert argument("content", '!a"b') == 'content="!a\\"b"'
    assert argument("comment", "tcp") == 'comment="tcp"'
