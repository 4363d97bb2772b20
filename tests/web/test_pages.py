"""Every page shows what is known, escaped, without secrets, and without a script it could do without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import web_fleet
import web_room
from web_fleet import NASTY

from trueup.daemon.events import Event
from trueup.daemon.status import Drift, State, Suspension
from trueup.show import Line

PAGES = (
    "/", "/attention", "/router/harbour-edge-1", "/router/harbour-edge-2", "/router/hill-tower", "/router/marina-gw",
    "/router/marina-ap", "/rollouts", "/rollouts/r-9a41e77", "/windows", "/trends", "/history", "/log", "/login",
)  # fmt: skip


@pytest.fixture
def room(tmp_path: Path) -> web_room.Room:
    return web_room.room(tmp_path)


def text_of(room: web_room.Room, path: str) -> str:
    answer = room.client().get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_needs_no_other_host(room, path):
    text = text_of(room, path)
    assert text.rstrip().endswith("</html>")
    assert "<h1" in text
    assert "style=" not in text
    assert "<style" not in text
    assert "<script>" not in text
    assert " on" + "click" not in text
    loaded = [part.split('"')[0] for part in text.split('src="')[1:]]
    assert all(each.startswith("/static/") for each in loaded)


def test_the_fleet_shows_what_needs_a_look_first(room):
    text = text_of(room, "/")
    names = [part.split('"')[0] for part in text.split('<tr role="row" id="r-')[1:]]
    assert names[:3] == ["harbour-edge-2", "harbour-core", "hill-ap-1"]
    assert names[-12:] == [f"hq-{number}" for number in range(1, 13)]
    assert "no answer within 10 s" in text
    assert "/ip/firewall/filter</code> 3 changes by kim" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=HARBOUR", {"harbour-edge-1", "harbour-edge-2", "harbour-core"}),
        ("q=kim", {"harbour-edge-1"}),
        ("q=queue+hill", {"hill-tower"}),
        ("q=10.20.0.5", {"hill-ap-1", "hq-4"}),
        ("state=drifted", {"harbour-edge-1"}),
        ("site=marina&mode=observe", {"marina-gw", "marina-ap", "marina-ap-2"}),
        ("label=tower", {"hill-tower"}),
        ("q=nothing-like-this", set()),
        ("state=nonsense", set()),
    ],
)
def test_the_fleet_is_searched_and_filtered(room, query, found):
    text = text_of(room, f"/?{query}")
    assert {part.split('"')[0] for part in text.split('<tr role="row" id="r-')[1:]} == found


def test_a_large_fleet_comes_page_by_page(tmp_path):
    room = web_room.room(tmp_path, size=492)
    seen: list[str] = []
    for number in range(1, 6):
        text = text_of(room, f"/?page={number}&sort=name")
        seen += [part.split('"')[0] for part in text.split('<tr role="row" id="r-')[1:]]
    assert len(seen) == len(set(seen)) == 500
    assert "Page 5 of 5" in text
    assert "Page 5 of 5" in text_of(room, "/?page=99999")
    assert "Page 1 of 5" in text_of(room, "/?page=-3&sort=nonsense")


def test_a_router_tells_its_drift_plan_and_author(room):
    text = text_of(room, "/router/harbour-edge-1")
    assert "src-address-list=managers" in text
    assert "harbour/edge-1.yaml:31" in text
    assert '<span class="hidden-text">added: </span>' in text
    assert "kim" in text
    assert f"https://forge.example/network/commit/{web_fleet.OLD}" in text
    assert "https://forge.example/network/pull/12" in text


def test_a_router_tells_what_holds_it(room):
    assert "the mast is being rebuilt" in text_of(room, "/router/marina-ap")
    assert "waits to be confirmed" in text_of(room, "/router/marina-gw")
    assert "nights" in text_of(room, "/router/hill-tower")
    assert "servers 10.0.0.53" in text_of(room, "/router/harbour-edge-2")


def test_a_rollout_tells_each_router_of_each_wave(room):
    text = text_of(room, "/rollouts/r-9a41e77")
    assert "8 of 10 sessions are back" in text
    assert all(f'id="part-hq-{number}"' in text for number in range(1, 9))
    assert "1 of 11 routers healthy" in text


def test_a_stopped_rollout_says_what_to_do(room):
    stopped = replace(web_fleet.rollout("stopped"), reason="marina-gw failed", remedy="correct it, then retry")
    room.board.status = replace(room.board.status, rollout=stopped)
    assert "correct it, then retry" in text_of(room, "/rollouts/r-9a41e77")
    assert "marina-gw failed" in text_of(room, "/")


def test_troubles_and_a_refused_commit_are_shown(room):
    room.board.status = replace(room.board.status, troubles=("the remote does not answer",), head=web_fleet.NEW)
    text = text_of(room, "/")
    assert "the remote does not answer" in text
    assert "does not validate" in text


def test_runs_are_told_from_the_audit(tmp_path):
    room = web_room.room(tmp_path, web_fleet.audited(tmp_path / "audit"))
    text = text_of(room, "/history")
    ids = [part.split('"')[0] for part in text.split('<tr role="row" id="run-')[1:]]
    assert ids == [f"{number:08x}" for number in reversed(range(6))]
    assert "trueup daemon" in text
    own = text_of(room, "/router/hq-1")
    assert own.count('<tr role="row" id="run-') == 6
    assert "failed" not in own.split('id="runs"')[1].split("</section>")[0]
    assert '<tr role="row" id="run-' not in text_of(room, "/router/hq-2")
    one = text_of(room, "/history/00000003")
    assert "1 row added on harbour-edge-1" in one
    assert "<img" not in one


def test_an_audit_that_cannot_be_read_is_told_and_the_rest_is_shown(tmp_path):
    room = web_room.room(tmp_path, web_fleet.audited(tmp_path / "audit"))
    for record in (tmp_path / "audit").glob("runs/*/*/*-00000004/run.json"):
        record.write_text("{")
    text = text_of(room, "/history")
    assert "The audit cannot be read" in text
    assert 'id="run-00000005"' in text
    assert "src-address-list=managers" in text_of(room, "/router/harbour-edge-1")
    assert room.client().get("/history/00000001").status_code == 503


@pytest.mark.parametrize("path", ["/router/nobody", "/rollouts/none", "/history/abcd1234", "/nowhere", "/static/x.css"])
def test_what_is_not_there_is_said(room, path):
    assert room.client().get(path).status_code == 404


def test_an_empty_fleet_has_every_page(room):
    room.board.status = replace(room.board.status, routers={}, rollout=None, past=(), samples=(), commit="", head="")
    room.board.declared = ()
    for path in ("/", "/attention", "/rollouts", "/windows", "/trends", "/history", "/log"):
        text_of(room, path)


def test_nothing_that_is_shown_becomes_markup(room):
    spoilt = replace(
        room.board.status.routers["harbour-edge-1"],
        site=NASTY,
        labels=(NASTY,),
        host=NASTY,
        version=NASTY,
        reason=NASTY,
        applied=NASTY,
        target=NASTY,
        drift=(Drift(NASTY, "drift", 1, NASTY, NASTY, "javascript:alert(1)"),),
        plan=(Line(4, "+", NASTY, NASTY),),
        suspended=Suspension(NASTY, NASTY, web_fleet.now()),
    )
    rollout = replace(web_fleet.rollout("stopped"), author=NASTY, subject=NASTY, reason=NASTY, remedy=NASTY)
    room.board.put(spoilt)
    room.board.status = replace(room.board.status, rollout=rollout, troubles=(NASTY,), subject=NASTY, network=NASTY)
    room.board.bus.tell(Event("drift", NASTY, "harbour-edge-1"))
    for path in PAGES:
        text = text_of(room, path)
        assert "<img" not in text
        assert 'href="javascript' not in text


def test_no_page_or_header_holds_a_secret(room):
    client = room.logged_in()
    kept = [user.kept.split(" ")[-1] for user in room.users.all().values()]
    token = client.cookies["trueup"]
    for path in (*PAGES, "/router/hq-1/suspend", "/router/nobody", "/static/page.js"):
        answer = client.get(path)
        told = answer.text + str(answer.headers)
        assert not [each for each in (web_room.PASSWORD, token, *kept) if each in told]


def test_every_state_has_its_words(room):
    text = text_of(room, "/")
    shown = [state for state in State if f"badge s-{state}" in text]
    assert shown == list(State)
