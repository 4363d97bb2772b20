"""What a forge does wrong: repeated where that is safe, told with its remedy where it is not, never with the token."""

from __future__ import annotations

import logging
import time

import pytest
from forge_room import BOTH, declared, forge_at, run, running
from stand_in import EXPIRED, READING, TOKEN, Reply, stand_in

from trueup.errors import ForgeError
from trueup.forge import open_forge
from trueup.row import Secret

SHA = "a" * 40


def told(call) -> str:
    with pytest.raises(ForgeError) as caught:
        run(call)
    text = str(caught.value)
    assert "canary" not in text
    assert "example/network" in text
    return text


@BOTH
@pytest.mark.parametrize("fault", ["error", "lost", "refused"])
def test_a_comment_is_written_once_whatever_happens_on_the_way(kind, fault):
    with running(kind) as (at, forge):
        at.open("feature")
        at.fault(fault, method="POST", path="/1/", times=2)
        run(lambda: forge.upsert_comment(1, "ci", "text"))
        assert at.ours(1) == ["<!-- trueup: ci -->\ntext"]
        assert at.asked("POST") == (1 if fault == "lost" else 3)


@BOTH
@pytest.mark.parametrize("fault", ["error", "lost", "refused"])
def test_everything_else_is_done_once_too(kind, fault):
    with running(kind) as (at, forge):
        for method in ("POST", "PATCH", "PUT", "GET"):
            at.fault(fault, method=method)
        run(lambda: forge.open_pull("feature", "main", "title", "text"))
        at.fault(fault, method="POST")
        run(lambda: forge.set_status(SHA, "success", "fine", "trueup"))
        at.fault(fault, method="PATCH" if kind == "github" else "PUT")
        run(lambda: forge.close_pull(1, "done"))
        assert (len(at.pulls), len(at.statuses), at.pulls[1].state, len(at.ours(1))) == (1, 1, "closed", 1)


@BOTH
def test_a_forge_that_goes_on_failing_is_given_up_in_bounded_time(kind):
    with running(kind) as (at, forge):
        at.open("feature")
        at.fault("error", times=100, status=503)
        assert "it answers 503; try again later" in told(lambda: forge.upsert_comment(1, "ci", "text"))
        assert len(at.requests) <= 4


@BOTH
def test_a_request_that_is_refused_is_not_repeated(kind):
    with running(kind) as (at, forge):
        at.open("feature")
        at.fault("error", method="POST", status=422, times=100)
        assert "refused (422" in told(lambda: forge.upsert_comment(1, "ci", "text"))
        assert at.asked("POST") == 1


@BOTH
@pytest.mark.parametrize("fault", ["limited", "spent"])
def test_a_rate_limit_is_waited_for(kind, fault, monkeypatch):
    slept = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    with running(kind) as (at, _):
        monkeypatch.setattr("trueup.forge.http.sleep", sleep)
        at.open("feature")
        at.fault(fault, method="POST", seconds=30)
        run(lambda: forge_at(at, patience=60).upsert_comment(1, "ci", "text"))
        assert at.asked("POST") == 2
        assert [29 <= seconds <= 32 for seconds in slept] == [True]


@BOTH
@pytest.mark.parametrize("fault", ["limited", "spent"])
def test_a_rate_limit_that_lasts_too_long_is_told_at_once_with_its_end(kind, fault):
    with running(kind) as (at, forge):
        at.fault(fault, seconds=3600, times=9)
        began = time.monotonic()
        assert "limited until 2" in told(lambda: forge.pull(1))
        assert time.monotonic() - began < 1
        assert len(at.requests) == 1


@BOTH
def test_many_changes_are_sent_one_a_second(kind, monkeypatch):
    slept = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    with running(kind) as (at, forge):
        monkeypatch.setattr("trueup.forge.http.sleep", sleep)
        monkeypatch.setattr("trueup.forge.pace.BURST", 3)
        for number in range(6):
            at.open(f"branch-{number}")
            run(lambda n=number + 1: forge.upsert_comment(n, "ci", "text"))
        assert [round(seconds) for seconds in slept] == [1, 2, 3]
        assert at.asked("POST") == 6
        with pytest.raises(ForgeError, match="limited until"):
            run(lambda: forge_at(at, patience=2).upsert_comment(6, "ci", "other"))


@BOTH
def test_a_token_that_has_expired_or_may_not_write_is_told_with_its_secret(kind):
    with running(kind) as (at, _):
        at.open("feature")
        said = told(lambda: forge_at(at, EXPIRED).pull(1))
        assert "has expired" in said
        assert "the secret 'forge/token'" in said
        said = told(lambda: forge_at(at, READING).set_status(SHA, "success", "fine", "trueup"))
        assert "may not do this (403" in said
        assert ("Commit statuses" if kind == "github" else "scope api") in said


@BOTH
def test_a_wrong_repository_or_number_is_told(kind):
    with running(kind) as (at, forge):
        assert "no such repository or pull request" in told(lambda: forge.pull(7))
        at.repository = "example/network2"
        assert "forge: repository: is right" in told(lambda: forge.upsert_comment(1, "ci", "text"))


@BOTH
def test_an_address_that_is_not_the_apis_is_told(kind):
    with running(kind) as (at, forge):
        at.fault("odd")
        assert "is not the API's: no JSON" in told(lambda: forge.pull(1))
        assert "or the token may not see it" in told(lambda: forge_at(at, url=at.address).pull(1))


@BOTH
@pytest.mark.parametrize("data", ["[]", "7", '{"number": "x", "iid": "x"}', "{}", "[" * 5000])
def test_answers_of_odd_shape_are_told(kind, data, monkeypatch):
    with running(kind) as (at, forge):
        monkeypatch.setattr("stand_in_http.failing", lambda *_: Reply(200, data.encode()))
        at.fault("odd", times=99)
        assert "is not the API's" in told(lambda: forge.pull(1))
        assert "is not the API's" in told(lambda: forge.upsert_comment(1, "ci", "text"))


def test_a_redirect_is_followed_on_the_same_host_alone():
    with running("github") as (at, forge), stand_in("github", token=TOKEN) as other:
        at.open("feature")
        at.fault("moved", method="GET", status=301, to=f"{at.url}/repos/example/network/pulls/1")
        assert run(lambda: forge.pull(1)).branch == "feature"
        at.fault("moved", method="GET", status=302, to=f"{other.url}/repos/example/network/pulls/1")
        assert "is somewhere else now (302)" in told(lambda: forge.pull(1))
        at.fault("moved", method="GET", status=301, to=f"{at.url}/repos/example/network/pulls/1", times=9)
        assert "is somewhere else now" in told(lambda: forge.pull(1))
        at.faults.clear()
        at.fault("moved", method="POST", status=301, to=f"{at.url}/x")
        assert "is somewhere else now" in told(lambda: forge.set_status(SHA, "success", "", "trueup"))
        assert other.requests == []


def test_a_next_page_that_is_said_to_be_elsewhere_is_read_here():
    with running("gitlab") as (at, _), stand_in("gitlab") as other:
        at.open("feature")
        for number in range(150):
            at.comment(1, str(number))
        address, at.address = at.address, other.address
        at_url = declared(at, url=f"{address}/api/v4")
        run(lambda: open_forge(at_url, Secret(at.token)).upsert_comment(1, "ci", "text"))
        run(lambda: open_forge(at_url, Secret(at.token)).upsert_comment(1, "ci", "text"))
        assert other.requests == []
        assert len(at.ours(1)) == 1


@BOTH
def test_a_slow_forge_is_given_up(kind, monkeypatch):
    with running(kind) as (at, _):
        at.fault("slow", seconds=1.5, times=9)
        monkeypatch.setattr("trueup.forge.http.EXCHANGE", 0.1)
        assert "no answer in time" in told(lambda: forge_at(at).pull(1))


def test_an_answer_without_end_is_given_up(monkeypatch):
    with running("github") as (at, forge):
        at.open("feature", body="x" * 9000)
        monkeypatch.setattr("trueup.forge.http.LARGEST", 5000)
        assert "larger than" in told(lambda: forge.pull(1))


def test_a_forge_that_is_not_there_is_told(monkeypatch):
    with running("github") as (_, forge):
        pass
    monkeypatch.setattr("trueup.forge.http.FIRST", 0.01)
    assert "cannot be reached" in told(lambda: forge.pull(1))


@pytest.mark.parametrize("url", ["http://git.example/api/v3", "http://10.0.0.1", "http://127.0.0.1.example/"])
def test_a_token_is_never_sent_over_plain_http_but_on_loopback(url):
    with stand_in("github") as at:
        assert "never sent over http; write https" in told_at_opening(at, at.token, url=url)


@pytest.mark.parametrize("token", ["", "two canary words", "canary\nline", "canary-ü", "canary\x00"])
def test_a_token_that_is_none_is_told_without_it(token):
    with stand_in("github") as at:
        assert "the secret 'forge/token'" in told_at_opening(at, token)


def told_at_opening(at, token: str, **said) -> str:
    with pytest.raises(ForgeError) as caught:
        forge_at(at, token, **said)
    assert "canary" not in str(caught.value)
    return str(caught.value)


@BOTH
def test_the_token_is_in_no_log_and_no_text_of_an_object(kind, caplog):
    caplog.set_level(logging.DEBUG)
    with running(kind) as (at, forge):
        at.open("feature")
        run(lambda: forge.upsert_comment(1, "ci", "text"))
        assert at.requests[-1].headers["authorization"] == f"Bearer {TOKEN}"
        assert TOKEN not in repr(vars(forge))
        assert TOKEN not in repr(vars(forge._http).keys())
    assert caplog.records
    assert TOKEN not in caplog.text


def test_a_forge_that_repeats_the_token_does_not_get_it_into_an_error(monkeypatch):
    with running("github") as (at, forge):
        reply = Reply(422, {"message": f"you said Bearer {TOKEN}"})
        monkeypatch.setattr("stand_in_http.failing", lambda *_: reply)
        at.fault("odd")
        assert "you said Bearer (token)" in told(lambda: forge.pull(1))
