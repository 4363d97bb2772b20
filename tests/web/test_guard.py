"""What stands before every view: names, headers, sizes; and what machines ask for."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import web_room

from trueup.daemon.endpoints import LONGEST_BODY
from trueup.daemon.response import Response, plain
from trueup.web.guard import LARGEST
from trueup.web.names import Names, is_loopback


@dataclass
class Hand:
    """Answers by hand, and remembers what it was sent."""

    seen: list[bytes] = field(default_factory=list)

    def refuse(self, method: str, path: str, headers: Mapping[str, str]) -> Response | None:
        return (
            plain(413, "too large", connection="close")
            if int(headers.get("content-length", 0)) > LONGEST_BODY
            else None
        )

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        self.seen.append(body)
        return plain(202, f"{method} {path} {headers.get('x-signature')}")


HAND = Hand()


@pytest.fixture
def room(tmp_path: Path) -> web_room.Room:
    HAND.seen.clear()
    return web_room.room(tmp_path, machines=HAND)


@pytest.mark.parametrize(
    "path",
    ["/", "/login", "/router/nobody", "/static/page.css", "/static/htmx.js", "/metrics", "/hooks/github", "/live?"],
)
def test_every_answer_leaves_a_browser_no_choice(room, path):
    if path == "/live?":
        room.app.state.pulse.close()
    answer = room.client().get(path)
    policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    kept = "no-cache" if "static" in path else "no-store"
    assert answer.headers["cache-control"] == kept
    assert "strict-transport-security" not in answer.headers


def test_a_view_that_breaks_tells_nothing_and_has_the_headers_too(room, monkeypatch):
    monkeypatch.setattr(room.board, "fleet", lambda: 1 / 0)
    answer = room.client().get("/")
    assert answer.status_code == 500
    assert "division" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_what_never_changes_may_be_kept(room):
    text = room.client().get("/").text
    address = next(part.split('"')[0] for part in text.split('href="')[1:] if "page.css" in part)
    assert "immutable" in room.client().get(address).headers["cache-control"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "", "[evil]"])
def test_a_name_that_somebody_points_at_us_is_not_answered(room, host):
    answer = room.client().get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "names" in answer.text
    assert "hq-1" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080", "192.0.2.7"])
def test_addresses_and_localhost_are(room, host):
    assert room.client().get("/", headers={"host": host}).status_code == 200


def test_declared_and_certified_names_are_ours():
    names = Names.of(["Trueup.Example"], ["*.noc.example"])
    fitting = ["trueup.example", "trueup.example.:443", "a.noc.example"]
    assert [host for host in (*fitting, "noc.example", "b.a.noc.example", "example") if names.fit(host)] == fitting


@pytest.mark.parametrize(
    ("addresses", "loopback"),
    [(("127.0.0.1", "127.8.0.1", "::1", "localhost"), True), (("0.0.0.0", "::", "192.0.2.1", "noc.example"), False)],
)
def test_loopback_is_told_from_other_addresses(addresses, loopback):
    assert [is_loopback(address) for address in addresses] == [loopback] * 4


def test_a_large_form_is_refused(room):
    client = room.logged_in()
    answer = client.post("/router/hq-1/suspend", data={"why": "x" * LARGEST})
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"


def test_a_large_form_that_does_not_say_so_is_refused_too(room):
    async def pieces():
        for _ in range(3 * LARGEST // 1000):
            yield b"x" * 1000

    answer = room.client().post("/login", content=pieces())
    assert answer.status_code == 413


def test_the_routes_of_others_get_what_was_sent(room):
    body = b"\x00" * (LONGEST_BODY - 1)
    answer = room.client().post("/hooks/github", content=body, headers={"X-Signature": "sha256=1"})
    assert (answer.status_code, answer.text) == (202, "POST /hooks/github sha256=1\n")
    assert HAND.seen == [body]


def test_a_webhook_beyond_the_limit_is_refused(room):
    answer = room.client().post("/hooks/github", content=b"\x00" * (LONGEST_BODY + 1))
    assert answer.status_code == 413
    assert HAND.seen == []


def test_metrics_are_open_here_and_need_a_login_elsewhere(room, tmp_path_factory):
    assert room.client().get("/metrics").status_code == 202
    public = web_room.room(tmp_path_factory.mktemp("public"), machines=HAND, names=["trueup.example"])
    client = public.client("https://trueup.example")
    assert client.get("/healthz").status_code == 202
    answer = client.get("/metrics")
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Basic realm="trueup"')

    def asked(name: str, password: str) -> int:
        sent = base64.b64encode(f"{name}:{password}".encode()).decode()
        return client.get("/metrics", headers={"authorization": f"Basic {sent}"}).status_code

    assert asked("vera", web_room.PASSWORD) == 202
    assert asked("vera", web_room.PASSWORD) == 202
    assert asked("vera", "wrong") == 401
    assert asked("nobody", web_room.PASSWORD) == 401
    assert client.get("/metrics", headers={"authorization": "Basic ???"}).status_code == 401
    public.users.change("vera", "another-long-password")
    assert asked("vera", web_room.PASSWORD) == 401
