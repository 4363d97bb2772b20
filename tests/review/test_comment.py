"""The comment: the blast radius first, one entry for each shape, never longer than a forge takes, nothing obeyed."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.errors import Problem, Source
from trueup.load.history import Commit
from trueup.plan import Add, Existing, Plan, Remove, Set
from trueup.plan.risk import Blink, Cut, Disruption, Guard, Lockout, Sessions
from trueup.review.annotations import annotate, code_quality, workflow_commands
from trueup.review.approvals import needed
from trueup.review.comment import GITHUB, GITLAB, Told
from trueup.review.markdown import code, fenced, summary
from trueup.review.reviewed import Review, Reviewed

COMMIT = Commit(
    "0123456789abcdef0123456789abcdef01234567", "Ann", "ann@example.net", datetime(2026, 1, 1, tzinfo=UTC), "x"
)
EVIL = (
    "</summary></details><script>alert(1)</script>",
    "@everyone #1 !1 https://evil.example",
    "```\n@team\n```",
    "`` ` ``",
    "| a | b |",
    "[x](javascript:alert(1)) ![x](https://evil.example/p.png)",
    "::error file=a::b",
    "<!-- trueup: ci/net -->",
    "/approve\n/merge",
    "\u202e\u2066gnp\u200b",
    "\x1b[31mred\x1b[0m\r\n",
)


def plan(router: str, text: str = "10.0.0.1-10.0.0.9", drop: int = 0, lines: int = 1) -> Plan:
    pools = tuple(
        Add("/ip/pool", {"name": f"p{n}", "ranges": text}, {"name": f"p{n}"}, source=Source("a.yaml", n + 1))
        for n in range(lines)
    )
    blinks = (Blink("session", "hotspot lobby", "/ip/pool", (0,)),) if drop else ()
    sessions = (Sessions("hotspot session", drop, "drop"),) if drop else ()
    return Plan(router, "10.0.0.1", "7.24", "SN", "c", (pools,), disruption=Disruption(blinks, sessions))


def review(*routers: Reviewed, **said: object) -> Review:
    return Review("net", COMMIT, COMMIT, routers, total=500, **said)  # type: ignore[arg-type]


def told(review: Review) -> str:
    return Told(review).headline


def live(plan: Plan) -> Reviewed:
    return Reviewed(plan.router, "changed", plan, "router")


def test_the_blast_radius_is_told_first() -> None:
    many = [live(plan(f"edge-{n}", drop=5)) for n in range(300)]
    more = [live(plan(f"hub-{n}", text="10.9.0.1", drop=4)) for n in range(100)]
    found = review(*many, *more, live(plan("odd", text="10.8.0.1")))
    assert Told(found).headline == "401 routers, 3 shapes, 1,900 sessions drop"
    text = Told(found).comment()
    assert text.startswith("### trueup: 401 routers, 3 shapes, 1,900 sessions drop\n")
    assert text.count("<details>") == 3
    assert "`edge-0 and 299 more` | +1 | sessions, 1500 hotspot sessions drop" in text
    assert found.hash in text


def test_what_was_not_asked_is_not_called_harmless() -> None:
    estimated = Reviewed("a", "changed", plan("a"), "base", "connection refused")
    assert told(review(estimated)) == "1 router, 1 shape"
    assert "`a`: `connection refused`, so compared with the base alone" in Told(review(estimated)).comment()
    assert told(review(live(plan("a")))) == "1 router, 1 shape, no session drops"


@pytest.mark.parametrize("limit", [GITHUB, GITLAB])
@pytest.mark.parametrize(("routers", "lines"), [(400, 1), (40, 300), (3, 3000)])
def test_no_comment_is_longer_than_its_forge_takes(limit: int, routers: int, lines: int) -> None:
    found = review(*(live(plan(f"edge-{n}", text=f"10.0.{n}.1", lines=lines)) for n in range(routers)))
    text = Told(found).comment(limit)
    assert len(text) < limit
    assert text.count("<details>") == text.count("</details>")
    assert len(re.findall("^```", text, re.MULTILINE)) % 2 == 0
    if lines > 1 and limit == GITHUB:
        assert "plans more are in the job's log." in text or "more lines" in text


def test_problems_alone_are_cut_as_well() -> None:
    problems = tuple(Problem("x" * 3000, Source("a.yaml", n)) for n in range(500))
    text = Told(review(problems=problems)).comment()
    assert len(text) < GITHUB
    assert "The rest is in the job's log." in text


def test_a_command_that_is_cut_ends_its_block() -> None:
    guarded = [replace(plan(f"edge-{n}"), guards=(Guard("removes", "many"),)) for n in range(2000)]
    found = review(*map(live, guarded), needed=tuple(needed(guarded, None, "")))
    text = Told(found).comment()
    assert len(text) < GITHUB
    assert len(re.findall("^```", text, re.MULTILINE)) % 2 == 0


@pytest.mark.parametrize("evil", EVIL)
def test_what_a_stranger_wrote_is_only_shown(evil: str) -> None:
    change = Set("/ip/pool", Existing("*1", "d"), {"comment": evil}, {"comment": "x"}, {"name": evil}, Source(evil))
    bad = Plan(
        "edge-1", "h", "7.24", "SN", "c", ((change, Remove("/ip/pool", Existing("*2", "d"), {"name": evil}, evil)),)
    )
    bad = Plan(
        *(getattr(bad, name) for name in ("router", "host", "version", "serial", "commit", "stages")),
        guards=(Guard("removes", evil, "/ip/pool"),),
        lockout=Lockout((Cut("cut", 0, "/ip/pool", evil, Source(evil)),)),
    )
    router = Reviewed("edge-1", "changed", bad, "router", problems=(), secrets=(evil,))
    other = Reviewed("edge-2", "changed", None, "", evil, (Problem(evil, Source(evil), evil, "warning"),))
    found = review(
        router, other, problems=(Problem(evil, evil, evil),), notes=(), needed=tuple(needed([bad], None, ""))
    )
    prose = without_code(Told(found).comment())
    for word in ("script>alert", "@everyone", "@team", "evil.example", "<!--", "/approve", "::error", "\x1b", "\u202e"):
        assert word not in prose
    assert prose.count("<details>") == prose.count("</details>")
    for line in workflow_commands(annotate(found)):
        assert line.count("\n") == 0
        assert re.match(r"::(error|warning|notice) title=[^:\n]*::", line)
    for each in code_quality(annotate(found)):
        assert set(each) == {"description", "check_name", "fingerprint", "severity", "location"}


def without_code(text: str) -> str:
    """The comment without its blocks and spans of code, by CommonMark's rules for both."""
    lines, kept, fence = text.split("\n"), [], ""
    for line in lines:
        mark = re.match(r"(`{3,})", line)
        if fence:
            fence = "" if mark and mark[1] == line and len(mark[1]) >= len(fence) else fence
        elif mark:
            fence = mark[1]
        else:
            kept.append(line)
    prose = re.sub(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", "", "\n".join(kept))
    return re.sub(r"<code>[^<]*</code>", "", prose)


@given(st.text(max_size=60))
def test_spans_and_blocks_hold_any_text(text: str) -> None:
    assert without_code(f"a {code(text)} b") == "a  b"
    block = fenced(text.split("\n"))
    assert without_code(f"a\n{block}\nb") == "a\nb"
    inner = summary(text).removeprefix("<code>").removesuffix("</code>")
    assert "<" not in inner
    assert "\n" not in html.unescape(inner)
