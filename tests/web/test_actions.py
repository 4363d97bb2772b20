"""What an operator has done: asked about, done once, recorded with the operator's name; by nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import web_fleet
import web_room
from web_room import csrf

ACTIONS = {
    "/router/hq-1/reconcile": ("reconcile", "hq-1", "maria"),
    "/router/harbour-edge-2/resume": ("resume", "harbour-edge-2", "maria"),
    "/router/marina-gw/confirm": ("confirm", "marina-gw", "maria"),
    "/router/marina-gw/roll-back": ("roll back", "marina-gw", "maria"),
    "/rollouts/r-9a41e77/retry": ("retry", "", "maria"),
}


@pytest.fixture
def room(tmp_path: Path) -> web_room.Room:
    return web_room.room(tmp_path)


@pytest.mark.parametrize("path", ACTIONS)
def test_an_action_is_asked_about_done_and_told(room, path):
    client = room.logged_in()
    asked = client.get(path)
    assert room.actions.done == []
    answer = client.post(path, data={"csrf": csrf(asked)})
    assert answer.status_code == 303, answer.text
    assert room.actions.done == [ACTIONS[path]]
    page = client.get(answer.headers["location"])
    assert "done: " in page.text
    assert "done: " not in client.get(answer.headers["location"]).text
    assert "by maria" in client.get("/log").text


@pytest.mark.parametrize("path", [*ACTIONS, "/router/hq-1/suspend"])
def test_nobody_acts_without_the_role(room, path):
    assert room.client().get(path).headers["location"].startswith("/login?next=")
    assert room.client().post(path, data={"csrf": "x"}).status_code == 303
    viewer = room.logged_in("vera")
    token = csrf(viewer.get("/"))
    assert viewer.get(path).status_code == 403
    assert viewer.post(path, data={"csrf": token}).status_code == 403
    assert room.actions.done == []


@pytest.mark.parametrize("path", [*ACTIONS, "/router/hq-1/suspend"])
def test_nobody_acts_through_another_site(room, path):
    client, other = room.logged_in(), room.logged_in()
    data = {"csrf": csrf(client.get("/")), "why": "x", "until": ""}
    assert client.post(path, data={**data, "csrf": ""}).status_code == 403
    assert client.post(path, data={**data, "csrf": csrf(other.get("/"))}).status_code == 403
    for origin in ("https://evil.example", "null", "https://127.0.0.1:80800"):
        assert client.post(path, data=data, headers={"origin": origin}).status_code == 403
    assert client.get(path).status_code == 200
    assert room.actions.done == []


@pytest.mark.parametrize(
    ("until", "length"),
    [("1h", timedelta(hours=1)), ("7d", timedelta(days=7)), ("", None)],
    ids=["hour", "week", "open"],
)
def test_a_router_is_suspended_with_why_and_until_when(room, until, length):
    client = room.logged_in()
    token = csrf(client.get("/router/hq-1/suspend"))
    before = datetime.now(UTC)
    answer = client.post("/router/hq-1/suspend", data={"csrf": token, "why": " the mast moves ", "until": until})
    assert answer.status_code == 303
    ((what, name, who, why, end),) = room.actions.done
    assert (what, name, who, why) == ("suspend", "hq-1", "maria", "the mast moves")
    assert end is None if length is None else before <= end - length <= datetime.now(UTC)
    assert "the mast moves" in client.get("/router/hq-1").text


def test_an_end_can_be_a_date_and_time(room):
    client = room.logged_in()
    token = csrf(client.get("/router/hq-1/suspend"))
    end = (datetime.now(UTC) + timedelta(days=2)).replace(second=0, microsecond=0)
    data = {"csrf": token, "why": "x", "until": "at", "at": f"{end:%Y-%m-%dT%H:%M}"}
    assert client.post("/router/hq-1/suspend", data=data).status_code == 303
    assert room.actions.done[0][-1] == end


@pytest.mark.parametrize(
    "wrong",
    [
        {"why": ""},
        {"why": "  "},
        {"why": "x" * 501},
        {"why": "two\nlines"},
        {"until": "soon"},
        {"until": "at", "at": ""},
        {"until": "at", "at": "2001-01-01T00:00"},
        {"until": "at", "at": "2999-01-01T00:00"},
    ],
)
def test_a_suspension_that_makes_no_sense_is_refused_and_keeps_what_was_typed(room, wrong):
    client = room.logged_in()
    data = {"csrf": csrf(client.get("/router/hq-1/suspend")), "why": "the mast moves", "until": "1h", **wrong}
    answer = client.post("/router/hq-1/suspend", data=data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert room.actions.done == []
    if "why" not in wrong:
        assert "the mast moves" in answer.text


def test_what_cannot_be_done_is_told_with_the_remedy(room):
    client = room.logged_in()
    token = csrf(client.get("/router/harbour-core/reconcile"))
    answer = client.post("/router/harbour-core/reconcile", data={"csrf": token})
    assert answer.status_code == 409
    assert "another run is writing to this router; wait for its end" in answer.text


def test_a_router_offers_what_fits_its_state(room):
    client = room.logged_in()

    def offered(name: str) -> set[str]:
        text = client.get(f"/router/{name}").text
        return {part.split('"')[0] for part in text.split(f'href="/router/{name}/')[1:]}

    assert offered("hq-1") == {"reconcile", "suspend"}
    assert offered("marina-ap") == {"reconcile", "resume"}
    assert offered("marina-gw") == {"reconcile", "suspend", "confirm", "roll-back"}
    assert offered("harbour-edge-2") == {"reconcile", "suspend", "resume"}


def test_a_stopped_rollout_offers_to_retry(room):
    client = room.logged_in()
    path = "/rollouts/r-9a41e77"
    assert f'href="{path}/retry"' not in client.get(path).text
    room.board.status = replace(room.board.status, rollout=web_fleet.rollout("stopped"))
    assert f'href="{path}/retry"' in client.get(path).text


def test_there_is_no_other_action(room):
    client = room.logged_in()
    assert client.get("/router/hq-1/reboot").status_code == 404
    assert client.post("/router/nobody/suspend", data={"csrf": csrf(client.get("/"))}).status_code == 404
