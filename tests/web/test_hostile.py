"""Somebody who means harm asks for pages: nothing breaks, nothing is taken from others, nothing is told."""

from __future__ import annotations

import http.client
import re
import socket
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest
import web_room
from web_room import csrf, log_in

from trueup.web import attempts, line, live, plain
from trueup.web.attempts import Attempts

ODD = (
    "²",
    "-1",
    "9" * 5000,
    "\x00",
    "%00",
    "\ud7ff",
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "'\"><img src=x>",
)
FIELDS = ("q", "state", "site", "label", "mode", "sort", "page", "next", "v", "until")


@pytest.fixture
def room(tmp_path: Path) -> web_room.Room:
    return web_room.room(tmp_path)


@pytest.mark.parametrize("odd", ODD)
def test_nothing_that_is_asked_for_breaks_a_page(room, odd):
    client = room.logged_in()
    query = urlencode(dict.fromkeys(FIELDS, odd))
    paths = ["/", "/login", "/history", "/log", "/trends", "/static/page.css", "/router/hq-1"]
    found = [client.get(f"{path}?{query}") for path in paths]
    where = quote(odd, safe="")
    found += [client.get(f"{path}/{where}") for path in ("/router", "/rollouts", "/history", "/static", "/router/hq-1")]
    assert [answer.status_code for answer in found if answer.status_code >= 500] == []
    assert not [answer for answer in found if "<script>alert" in answer.text or "<img src=x" in answer.text]
    assert not [answer for answer in found if "root:" in answer.text or "Traceback" in answer.text]


@pytest.mark.parametrize("odd", ODD)
def test_nothing_that_a_form_holds_breaks_an_action(room, odd):
    client = room.logged_in()
    token = csrf(client.get("/router/hq-1/suspend"))
    form = {"csrf": token, "why": odd, "until": "at", "at": odd}
    assert client.post("/router/hq-1/suspend", data=form).status_code in (403, 422)
    assert log_in(room.client(), odd, odd, odd).status_code == 401
    assert client.post("/router/hq-1/suspend", data={**form, "csrf": odd}).status_code == 403


PATHS = ("/static/../users.yaml", "/static/..%2fusers.yaml", "/static/%2e%2e/%2e%2e/app.py", "/static//etc/passwd")


@pytest.mark.parametrize("path", [*PATHS, "/static/.", "/static/page.css%00.js", "/static/templates/base.html"])
def test_no_other_file_is_served(room, path):
    with web_room.serving(room) as served:
        parts = urlsplit(served.address)
        answer = b""
        with socket.create_connection((parts.hostname, parts.port), 10) as peer:
            peer.sendall(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode())
            while more := peer.recv(65536):
                answer += more
    assert answer.split()[1] in (b"404", b"400")
    assert b"scrypt" not in answer


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "POST"])
def test_pages_are_only_read(room, method):
    with web_room.serving(room) as served:
        parts = urlsplit(served.address)
        for path in ("/", "/router/hq-1", "/static/page.css", "/live", "/log"):
            asked = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
            asked.request(method, path)
            assert asked.getresponse().status == 405
            asked.close()


def test_a_head_without_end_is_cut_off(room):
    with web_room.serving(room) as served:
        parts = urlsplit(served.address)
        with socket.create_connection((parts.hostname, parts.port), 10) as peer:
            peer.sendall(f"GET / HTTP/1.1\r\nHost: {parts.netloc}\r\n".encode())
            answer = b""
            try:
                for _ in range(200):
                    peer.sendall(b"X-Long: " + b"x" * 8000 + b"\r\n")
                answer = peer.recv(4096)
            except ConnectionError:
                pass
        assert answer == b"" or answer.split()[1] in (b"400", b"431")
        asked = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        asked.request("GET", "/")
        assert asked.getresponse().status == 200
        asked.close()


def test_nobody_is_locked_out_by_another(room):
    """Whoever has logged in from an address before is not kept waiting by failures from elsewhere, but by their own."""
    now = [1000.0]
    room.app.state.context.attempts = Attempts(lambda: now[0])
    assert log_in(room.client(came_from="127.0.5.1"), "maria").status_code == 303
    for number in range(40):
        log_in(room.client(came_from=f"127.0.6.{number}"), "maria", "wrong")
    assert log_in(room.client(came_from="127.0.7.1"), "maria").status_code == 429
    assert log_in(room.client(came_from="127.0.5.1"), "maria").status_code == 303
    codes = [log_in(room.client(came_from="127.0.5.1"), "maria", "wrong").status_code for _ in range(20)]
    assert codes.count(401) <= attempts.BY_ADDRESS.free + 1


def test_an_unknown_name_takes_as_long_as_a_wrong_password(tmp_path, monkeypatch):
    """Counted in hashes, which are all that takes time; also for the first who asks."""
    made = web_room.users_in(tmp_path)
    derived = []
    monkeypatch.setattr("trueup.web.password.hashlib.scrypt", lambda *_, **k: derived.append(k["n"]) or b"\0" * 32)
    counts = []
    for name in ("maria", "nobody", "maria", "somebody"):
        derived.clear()
        made.check(name, "wrong")
        counts.append(len(derived))
    assert counts[1:] == [1, 1, 1]
    assert counts[0] == 2, "the first makes the hash that unknown names are compared with"


def test_one_address_does_not_take_all_connections(room, monkeypatch):
    monkeypatch.setattr(line, "OF_ONE", 5)
    monkeypatch.setattr(line, "is_loopback", lambda _: False)
    with web_room.serving(room) as served, ExitStack() as open_ones:
        parts = urlsplit(served.address)
        for _ in range(12):
            open_ones.enter_context(socket.create_connection((parts.hostname, parts.port), 10))
        time.sleep(0.2)
        other = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10, source_address=("127.0.0.9", 0))
        other.request("GET", "/")
        assert other.getresponse().status == 200
        other.close()


def test_one_visitor_does_not_take_all_streams(room, monkeypatch):
    monkeypatch.setattr(live, "OF_ONE", 2)
    token = room.logged_in().cookies["trueup"]
    with web_room.serving(room) as served, ExitStack() as open_ones:
        parts = urlsplit(served.address)

        def asked(**headers: str) -> int:
            peer = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
            open_ones.callback(peer.close)
            peer.request("GET", "/live", headers=headers)
            answer = peer.getresponse()
            open_ones.callback(answer.close)
            return answer.status

        assert [asked() for _ in range(3)] == [200, 200, 503]
        assert asked(cookie=f"trueup={token}") == 200


class Slow:
    """Wants every body."""

    def refuse(self, *_: object) -> None:
        return None

    def answer(self, *_: object) -> object:
        return plain.response.plain(202, "taken")


def test_few_bodies_are_read_at_once(tmp_path, monkeypatch):
    """Whoever sends large bodies slowly takes neither the daemon's memory nor anything but webhooks."""
    monkeypatch.setattr(plain, "BODIES", 3)
    room = web_room.room(tmp_path, machines=Slow())
    with web_room.serving(room) as served, ExitStack() as open_ones:
        parts = urlsplit(served.address)
        head = f"POST /hooks/github HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 1000000\r\n\r\n".encode()
        peers = [open_ones.enter_context(socket.create_connection((parts.hostname, parts.port), 10)) for _ in range(4)]
        for peer in peers[:3]:
            peer.sendall(head + b"x")
        time.sleep(0.3)
        peers[3].sendall(head)
        assert re.match(rb"HTTP/1.1 503 ", peers[3].recv(4096))
        asked = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        asked.request("GET", "/")
        assert asked.getresponse().status == 200
        asked.close()
