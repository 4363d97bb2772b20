"""Logging in: who gets in, how often one may try, when a session ends."""

from __future__ import annotations

from pathlib import Path

import pytest
import web_room
from web_room import PASSWORD, csrf, log_in

from trueup.web import attempts, sessions
from trueup.web.attempts import Attempts
from trueup.web.sessions import Sessions

NAME = "https://trueup.example"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def room(tmp_path: Path) -> web_room.Room:
    return web_room.room(tmp_path)


@pytest.fixture
def clock(room: web_room.Room) -> Clock:
    clock = Clock()
    room.app.state.context.attempts = Attempts(clock)
    room.app.state.context.sessions = Sessions(clock)
    return clock


def who(client: web_room.Client) -> bool:
    return "Log out" in client.get("/").text


def test_the_right_password_logs_in_and_out(room):
    client = room.client()
    answer = log_in(client, "maria", onward="/router/hq-1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/router/hq-1")
    page = client.get("/")
    assert "maria" in page.text
    assert client.post("/logout", data={"csrf": csrf(page)}).status_code == 303
    assert not who(client)


@pytest.mark.parametrize(("name", "password"), [("maria", PASSWORD[:-1]), ("nobody", PASSWORD), ("maria", "")])
def test_a_wrong_name_or_password_says_neither_which(room, name, password):
    client = room.client()
    answer = log_in(client, name, password)
    assert answer.status_code == 401
    assert "The name or the password is wrong." in answer.text
    assert "trueup" not in client.cookies
    assert not who(client)


def test_a_session_cookie_is_for_this_page_alone(room):
    client = room.client()
    form = client.get("/login")
    answer = client.post("/login", data={"csrf": csrf(form), "name": "maria", "password": PASSWORD})
    (cookie,) = [
        each for each in answer.headers.get_list("set-cookie") if each.startswith("trueup=") and "Max" not in each
    ]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_behind_tls_cookies_are_secure_and_of_this_host(tmp_path):
    room = web_room.room(tmp_path, names=["trueup.example"])
    client = room.logged_in(address=NAME)
    assert client.cookies["__Host-trueup"]
    assert "maria" in client.get("/").text


def test_a_login_ends_the_session_before_it(room):
    client = room.logged_in()
    before = client.cookies["trueup"]
    client.cookies.set("trueup-login", "", "127.0.0.1")
    other = room.client()
    other.cookies.set("trueup", before)
    form = room.client().get("/login")
    assert form.status_code == 200
    page = other.get("/")
    assert "Log out" in page.text
    fresh = room.client()
    login = fresh.get("/login")
    fresh.cookies.set("trueup", before)
    answer = fresh.post("/login", data={"csrf": csrf(login), "name": "maria", "password": PASSWORD})
    assert answer.status_code == 303
    assert not who(other)


def test_a_form_of_another_site_logs_nobody_in(room):
    client = room.client()
    form = client.get("/login")
    data = {"csrf": csrf(form), "name": "maria", "password": PASSWORD}
    for origin in ("https://evil.example", "null", "http://127.0.0.1:9999", ""):
        assert client.post("/login", data=data, headers={"origin": origin}).status_code == 403
    assert client.post("/login", data={**data, "csrf": "0" * 64}).status_code == 403
    bare = room.client()
    assert bare.post("/login", data=data).status_code == 403
    assert client.post("/login", data=data).status_code == 303


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "/a\nb"]
)
def test_a_login_leads_nowhere_else(room, onward):
    assert log_in(room.client(), "maria", onward=onward).headers["location"] == "/"


def test_many_wrong_passwords_make_a_name_wait_whatever_the_address(room, clock):
    for number in range(attempts.BY_USER.free):
        assert log_in(room.client(came_from=f"127.0.1.{number}"), "maria", "wrong").status_code == 401
    answer = log_in(room.client(came_from="127.0.2.1"), "maria")
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert log_in(room.client(), "vera").status_code == 303
    clock.now += attempts.BY_USER.longest + 1
    assert log_in(room.client(), "maria").status_code == 303


def test_many_wrong_passwords_make_an_address_wait_whatever_the_name(room, clock):
    for number in range(attempts.BY_ADDRESS.free):
        assert log_in(room.client(), f"name-{number}", "wrong").status_code == 401
    assert log_in(room.client(), "maria").status_code == 429
    assert log_in(room.client(came_from="127.0.0.2"), "maria").status_code == 303


def test_behind_a_proxy_the_address_is_the_one_that_it_adds(tmp_path, clock):
    room = web_room.room(tmp_path / "proxied", names=["trueup.example"])
    room.app.state.context.attempts = Attempts(clock)

    def tried(name: str, password: str, came_from: str) -> int:
        client = room.client(NAME)
        client.headers["x-forwarded-for"] = came_from
        return log_in(client, name, password).status_code

    for number in range(attempts.BY_ADDRESS.free):
        assert tried(f"name-{number}", "wrong", f"192.0.2.{number}, 198.51.100.7") == 401
    assert tried("maria", PASSWORD, "198.51.100.7") == 429
    assert tried("maria", PASSWORD, "198.51.100.7, 198.51.100.8") == 303


def test_each_failure_doubles_the_wait_up_to_its_end():
    clock = Clock()
    tried = Attempts(clock)
    waits = []
    for _ in range(30):
        tried.fail("maria", "192.0.2.1")
        waits.append(tried.wait("maria", ""))
    beyond = waits[attempts.BY_USER.free - 1 :]
    assert beyond[:4] == [1.0, 2.0, 4.0, 8.0]
    assert max(beyond) == attempts.BY_USER.longest
    assert tried.wait("other", "192.0.2.1") == attempts.BY_ADDRESS.longest


def test_what_is_remembered_of_attempts_is_bounded():
    tried = Attempts()
    for number in range(attempts.REMEMBERED + 50):
        tried.fail(f"name-{number}", "192.0.2.1")
    assert len(tried._failures) <= attempts.REMEMBERED


def test_a_session_ends_when_idle(room, clock):
    client = room.logged_in()
    clock.now += sessions.IDLE - 1
    assert who(client)
    clock.now += sessions.IDLE - 1
    assert "Log out" in client.get("/", headers={"x-live": "1"}).text
    clock.now += 2
    assert not who(client)


def test_a_session_ends_after_a_day_of_work(room, clock):
    client = room.logged_in()
    for _ in range(int(sessions.LONGEST / sessions.IDLE) + 1):
        clock.now += sessions.IDLE - 1
        still = who(client)
    assert not still


def test_another_password_or_no_user_ends_sessions(room):
    client, other = room.logged_in("maria"), room.logged_in("vera")
    room.users.change("maria", "another-long-password")
    room.users.remove("vera")
    assert not who(client)
    assert not who(other)


def test_a_role_counts_from_the_next_request_on(room):
    client = room.logged_in("vera")
    assert client.get("/router/hq-1/suspend").status_code == 403
    room.users.give("vera", "operator")
    assert client.get("/router/hq-1/suspend").status_code == 200


def test_sessions_are_bounded(room):
    clients = [room.logged_in() for _ in range(sessions.MOST_OF_ONE + 2)]
    assert [who(client) for client in clients] == [False, False, *[True] * sessions.MOST_OF_ONE]


def test_a_file_of_users_that_is_open_to_others_lets_nobody_in(room):
    client = room.logged_in()
    room.users.path.chmod(0o644)
    assert not who(client)
    answer = log_in(room.client(), "maria")
    assert answer.status_code == 503
    assert "The log says why" in answer.text


def test_away_from_this_machine_looking_needs_a_login(tmp_path):
    room = web_room.room(tmp_path, names=["trueup.example"])
    client = room.client(NAME)
    answer = client.get("/router/hq-1?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/router/hq-1%3Fx%3D1")
    assert "saltmarsh" not in client.get("/login").text
    assert client.get("/live").status_code == 401
    assert client.get("/", headers={"x-live": "1"}).status_code == 401
    assert log_in(client, "vera").status_code == 303
    assert "hq-1" in client.get("/").text


@pytest.mark.parametrize("header", ["forwarded", "via", "x-forwarded-for", "x-real-ip"])
def test_who_comes_through_a_proxy_is_not_on_this_machine(room, header):
    assert room.client().get("/", headers={header: "192.0.2.7"}).status_code == 303
    assert room.client().get("/").status_code == 200
