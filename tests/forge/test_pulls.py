"""Pull requests, comments and checks at both forges: repeated calls change nothing more, others' things stay."""

from __future__ import annotations

import pytest
from forge_room import BOTH, forge_at, run, running
from stand_in import OURS, Comment

from trueup.errors import ForgeError
from trueup.forge.text import PARTS

SHA = "a" * 40
LIMITS = {"github": 65_536, "gitlab": 1_000_000}


@BOTH
def test_a_comment_is_changed_in_place_however_many_others_there_are(kind):
    with running(kind) as (at, forge):
        at.open("feature")
        for number in range(130):
            at.comment(1, f"<!-- trueup: ci -->\nquoted by somebody else, {number}")
        first = run(lambda: forge.upsert_comment(1, "ci", "one"))
        at.comment(1, "thanks")
        assert run(lambda: forge.upsert_comment(1, "ci", "two\n")) == first
        assert at.ours(1) == ["<!-- trueup: ci -->\ntwo\n"]
        assert len(at.pulls[1].comments) == 132
        assert first.startswith("https://forge.example/")


@BOTH
def test_a_comment_that_says_so_already_is_not_sent_again(kind):
    with running(kind) as (at, forge):
        at.open("feature")
        for _ in range(3):
            run(lambda: forge.upsert_comment(1, "ci", "the same\n"))
        assert at.asked("POST") == 1
        assert at.asked("PATCH") + at.asked("PUT") == 0


@BOTH
def test_each_marker_has_its_own_comment(kind):
    with running(kind) as (at, forge):
        at.open("feature")
        for marker in ("ci", "ci-3", "other"):
            run(lambda marker=marker: forge.upsert_comment(1, marker, marker))
        run(lambda: forge.upsert_comment(1, "ci", "new"))
        assert [body.split("\n")[1] for body in at.ours(1)] == ["new", "ci-3", "other"]


@BOTH
def test_two_comments_with_one_marker_become_one_again(kind):
    with running(kind) as (at, forge):
        at.open("feature")
        for text in ("<!-- trueup: ci -->\none", "<!-- trueup: ci -->\ntwo", "unmarked"):
            at.comment(1, text, OURS)
        run(lambda: forge.upsert_comment(1, "ci", "now"))
        assert at.ours(1) == ["<!-- trueup: ci -->\nnow", "unmarked"]


@BOTH
def test_a_long_text_fills_several_comments_and_a_shorter_one_takes_them_away(kind):
    limit = LIMITS[kind]
    long = "".join(f"<details><summary>{n}</summary>\n\n```\n{'x' * 97}\n```\n</details>\n" for n in range(limit // 90))
    with running(kind) as (at, forge):
        at.open("feature")
        run(lambda: forge.upsert_comment(1, "ci", long))
        texts = at.ours(1)
        assert [text.partition("\n")[0] for text in texts] == ["<!-- trueup: ci -->", "<!-- trueup: ci 2 -->"]
        assert sum(text.count("x" * 97) for text in texts) == limit // 90
        for text in texts:
            assert len(text) <= limit
            assert text.count("```") % 2 == 0
            assert text.count("<details") == text.count("</details>")
        run(lambda: forge.upsert_comment(1, "ci", "short"))
        assert at.ours(1) == ["<!-- trueup: ci -->\nshort"]


def test_what_no_comments_can_hold_is_cut_and_says_so():
    with running("github") as (at, forge):
        at.open("feature")
        run(lambda: forge.upsert_comment(1, "ci", "é" * 70_000 * PARTS))
        texts = at.ours(1)
        assert len(texts) == PARTS
        assert all(len(text) <= 65_536 for text in texts)
        assert "The rest is left out" in texts[-1]


def test_a_comment_of_an_app_whose_token_cannot_say_who_it_is_is_found_again():
    with running("github", app=True) as (at, forge):
        at.open("feature")
        at.comment(1, "<!-- trueup: ci -->\nby a person")
        for text in ("one", "two"):
            run(lambda text=text: forge.upsert_comment(1, "ci", text))
        assert at.ours(1) == ["<!-- trueup: ci -->\ntwo"]


@BOTH
def test_a_comment_that_somebody_removes_meanwhile_is_written_anew(kind):
    with running(kind) as (at, forge):
        at.open("feature")
        at.comment(1, "<!-- trueup: ci -->\nold", OURS)
        at.faults.clear()
        at.fault("error", method="PATCH" if kind == "github" else "PUT", status=404)
        run(lambda: forge.upsert_comment(1, "ci", "new"))
        assert "<!-- trueup: ci -->\nnew" in at.ours(1)


def test_no_line_of_a_text_is_a_command_to_gitlab():
    with running("gitlab") as (at, forge):
        at.open("feature")
        run(lambda: forge.upsert_comment(1, "ci", "first\n/close\n  /merge\n```\n/ip/address\n```\n/title x\n"))
        assert at.pulls[1].state == "open"
        assert "```\n/ip/address\n```" in at.ours(1)[0]
        pull = run(lambda: forge.open_pull("feature", "main", "title", "/close"))
        assert (pull.state, at.pulls[1].body) == ("open", "\\/close")


@BOTH
def test_systems_own_notes_are_not_taken_for_comments(kind):
    with running(kind) as (at, forge):
        pull = at.open("feature")
        pull.comments.append(Comment(7, OURS, "<!-- trueup: ci -->\nlabelled", system=kind == "gitlab"))
        run(lambda: forge.upsert_comment(1, "ci", "text"))
        assert len(pull.comments) == (2 if kind == "gitlab" else 1)


@BOTH
def test_a_check_is_set_once_for_each_thing_that_it_says(kind):
    with running(kind) as (at, forge):
        at.open("feature", sha=SHA)
        for state, text in (("pending", ""), ("pending", ""), ("success", "2 routers"), ("success", "2 routers")):
            run(lambda s=state, t=text: forge.set_status(SHA, s, t, "trueup", "https://ci.example/1"))
        assert at.asked("POST") == 2
        assert [(each.state, each.description) for each in at.statuses][-1] == ("success", "2 routers")
        run(lambda: forge.set_status(SHA, "failure", "x" * 300, "trueup"))
        assert at.statuses[-1].state == ("failure" if kind == "github" else "failed")
        assert len(at.statuses[-1].description) == (140 if kind == "github" else 255)


def test_a_check_at_gitlab_that_goes_on_is_no_error():
    with running("gitlab") as (at, forge):
        for text in ("one", "two"):
            run(lambda text=text: forge.set_status(SHA, "pending", text, "trueup"))
        assert [each.state for each in at.statuses] == ["pending"]


def test_a_commit_with_all_the_statuses_that_it_may_have_is_told():
    with running("github", most_statuses=2) as (_, forge):
        for text in ("one", "two"):
            run(lambda text=text: forge.set_status(SHA, "pending", text, "trueup"))
        with pytest.raises(ForgeError, match=r"as many statuses as a commit may have.*; push a new commit"):
            run(lambda: forge.set_status(SHA, "success", "three", "trueup"))
        run(lambda: forge.set_status(SHA, "pending", "two", "trueup"))


@BOTH
def test_a_pull_request_is_opened_once_and_takes_new_words(kind):
    with running(kind) as (at, forge):
        at.open("trueup/adopt/edge", fork="stranger", title="from a fork")
        one = run(lambda: forge.open_pull("trueup/adopt/edge", "main", "Adopt", "2 rows", ["trueup"]))
        two = run(lambda: forge.open_pull("trueup/adopt/edge", "main", "Adopt", "3 rows", ["trueup", "drift"]))
        assert (one.number, two.number, len(at.pulls)) == (2, 2, 2)
        assert (at.pulls[2].body, at.pulls[2].labels) == ("3 rows", ["trueup", "drift"])
        assert (two.branch, two.base, two.state) == ("trueup/adopt/edge", "main", "open")
        before = len(at.requests)
        assert run(lambda: forge.open_pull("trueup/adopt/edge", "main", "Adopt", "3 rows", ["trueup"])).url == one.url
        assert all(each.method == "GET" for each in at.requests[before:])


@BOTH
def test_a_pull_request_is_found_by_branch_number_and_commit(kind):
    with running(kind) as (at, forge):
        at.open("old", sha="b" * 40, state="merged")
        at.open("new", sha=SHA)
        at.open("new", sha="c" * 40, state="closed")
        assert run(lambda: forge.pull_of("old")) is None
        assert run(lambda: forge.last_pull("old")).state == "merged"
        assert run(lambda: forge.last_pull("new")).number == 3
        assert run(lambda: forge.pull_of("new")).number == 2
        assert run(lambda: forge.pull(2)).sha == SHA
        assert run(lambda: forge.find_pull(SHA)).number == 2
        assert run(lambda: forge.find_pull("b" * 40)) is None
        run(lambda: forge.label(2, ["seen"]))
        assert run(lambda: forge.pull(2)).labels == ("seen",)


@BOTH
def test_closing_says_why_once_and_leaves_what_is_closed(kind):
    with running(kind) as (at, forge):
        at.open("gone")
        for _ in range(2):
            run(lambda: forge.close_pull(1, "The drift is gone."))
        assert at.pulls[1].state == "closed"
        assert at.ours(1) == ["<!-- trueup: closed -->\nThe drift is gone."]


@BOTH
def test_a_repository_below_groups_is_named_whole(kind):
    name = "example/network" if kind == "github" else "example/isp/network"
    with running(kind, repository=name) as (at, _):
        at.open("feature")
        run(lambda: forge_at(at).upsert_comment(1, "ci", "text"))
        assert len(at.ours(1)) == 1
