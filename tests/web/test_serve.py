"""The page as it is served: its address, TLS, events, ends."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import web_room
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from trueup.daemon.endpoints import Endpoints
from trueup.daemon.events import Event
from trueup.daemon.health import Health
from trueup.daemon.metrics import Metrics
from trueup.daemon.webhook import Webhook
from trueup.row import Secret
from trueup.web.tls import PageError

Ask = Callable[..., http.client.HTTPResponse]


@pytest.fixture
def get() -> Iterator[Ask]:
    """Asks for a page over a line of its own; lines end with the test."""
    lines: list[Any] = []

    def ask(
        address: str, path: str = "/", tls: ssl.SSLContext | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        parts = urlsplit(address)
        line: Any = (
            http.client.HTTPSConnection(parts.hostname, parts.port, timeout=10, context=tls)
            if tls
            else http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        )
        line.request("GET", path, headers=headers)
        lines.append(line)
        lines.append(line.getresponse())
        return lines[-1]

    yield ask
    for line in lines:
        line.close()


def certificate(folder: Path, name: str = "trueup.example") -> dict[str, str]:
    """A pair of PEM files for the name, in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "page.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    (folder / "page.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return {"certificate": "page.crt", "key": "page.key"}


def test_a_free_port_is_told_and_answers(tmp_path, get):
    with web_room.serving(web_room.room(tmp_path)) as served:
        answer = get(served.address)
        assert served.address.startswith("http://127.0.0.1:")
        assert b"harbour-edge-1" in answer.read()
        assert answer.getheader("server") is None


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            pytest.raises(PageError, match=rf"127\.0\.0\.1:{port}.*choose another"),
            web_room.serving(web_room.room(tmp_path, port=port)),
        ):
            pass


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "::", "noc.example"])
def test_no_address_that_others_reach_goes_without_tls(tmp_path, address):
    with pytest.raises(PageError, match=r"without TLS.*certificate"):
        web_room.room(tmp_path, address=address)


def test_a_certificate_without_its_key_is_refused(tmp_path):
    with pytest.raises(PageError, match="the key is missing"):
        web_room.room(tmp_path, certificate="page.crt")


@pytest.mark.parametrize("spoilt", ["page.key", "page.crt"])
@pytest.mark.parametrize("content", [None, "no PEM at all"])
def test_a_pair_that_cannot_be_used_is_named(tmp_path, spoilt, content):
    pair = certificate(tmp_path)
    (tmp_path / spoilt).unlink() if content is None else (tmp_path / spoilt).write_text(content)
    with pytest.raises(PageError, match=r"page\.(crt|key)"), web_room.serving(web_room.room(tmp_path, **pair)):
        pass


def test_with_tls_the_certificates_name_counts_and_browsers_stay_with_tls(tmp_path, get):
    pair = certificate(tmp_path)
    context = ssl.create_default_context(cafile=str(tmp_path / "page.crt"))
    context.check_hostname = False
    with web_room.serving(web_room.room(tmp_path, **pair)) as served:
        assert served.address.startswith("https://127.0.0.1:")
        answer = get(served.address, "/login", context, host="trueup.example", connection="close")
        assert answer.status == 200
        assert answer.getheader("strict-transport-security") == "max-age=31536000"
        cookie = answer.getheader("set-cookie")
        assert cookie.startswith("__Host-trueup-login=")
        assert "Secure" in cookie
        assert answer.read()
        other = get(served.address, "/login", context, host="other.example", connection="close")
        assert (other.status, bool(other.read())) == (421, True)


def test_a_webhook_of_ten_megabytes_is_refused_unread(tmp_path):
    hook = Webhook(Secret("canary-of-the-webhook"), "main", lambda: None)
    board = web_room.room(tmp_path / "other").board
    machines = Endpoints(Health(tmp_path, lambda: "9a41e77"), Metrics(), hook, board.fleet)
    with web_room.serving(web_room.room(tmp_path, machines=machines)) as served:
        parts = urlsplit(served.address)
        with socket.create_connection((parts.hostname, parts.port), 10) as line:
            head = f"POST /hooks/github HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: {10 * 2**20}\r\n\r\n"
            line.sendall(head.encode())
            answer = b"".join(iter(lambda: line.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"a delivery has at most" in answer


def raw(address: str, text: str) -> bytes:
    """What comes back until the line ends."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), 10) as line:
        line.sendall(text.encode())
        return b"".join(iter(lambda: line.recv(4096), b""))


@pytest.mark.parametrize("sent", ["", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "], ids=["nothing", "half a head"])
def test_a_line_without_a_request_ends(tmp_path, monkeypatch, sent):
    monkeypatch.setattr("trueup.web.line.PATIENCE", 0.2)
    with web_room.serving(web_room.room(tmp_path)) as served:
        assert raw(served.address, sent) == b""


def test_a_form_that_never_ends_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr("trueup.web.guard.PATIENCE", 0.2)
    with web_room.serving(web_room.room(tmp_path)) as served:
        head = "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nContent-Length: 9\r\n\r\nhalf"
        assert raw(served.address, head).startswith(b"HTTP/1.1 408 ")


def test_a_slow_answer_is_not_cut_off(tmp_path, get, monkeypatch):
    monkeypatch.setattr("trueup.web.line.PATIENCE", 0.2)
    monkeypatch.setattr("trueup.web.guard.PATIENCE", 0.2)
    with web_room.serving(web_room.room(tmp_path)) as served:
        answer = get(served.address, "/live")
        assert messages(answer, 1) == [("ready", {})]
        time.sleep(0.5)
        served.tell(Event("drift", "still there", "hq-1"))
        assert messages(answer, 1)[0][1]["text"] == "still there"


def test_there_are_only_so_many_lines(tmp_path, monkeypatch):
    monkeypatch.setattr("trueup.web.line.LINES", 2)
    with web_room.serving(web_room.room(tmp_path)) as served, contextlib.ExitStack() as open_lines:
        parts = urlsplit(served.address)
        for _ in range(2):
            open_lines.enter_context(socket.create_connection((parts.hostname, parts.port), 10))
        time.sleep(0.1)
        with pytest.raises((ConnectionError, AssertionError)):
            assert raw(served.address, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")


def test_what_only_refreshes_comes_less_often(tmp_path, get, monkeypatch):
    monkeypatch.setattr("trueup.web.live.REST", 0.05)
    with web_room.serving(web_room.room(tmp_path)) as served:
        answer = get(served.address, "/live")
        assert messages(answer, 1) == [("ready", {})]
        served.tell(Event("status", "", "hq-1"))
        assert messages(answer, 1) == [("changed", {"text": "", "routers": ["hq-1"]})]
        served.tell(Event("status", "", "hq-2"))
        time.sleep(0.2)
        served.tell(Event("drift", "hq-3 was changed", "hq-3"))
        assert messages(answer, 1) == [("changed", {"text": "hq-3 was changed", "routers": ["hq-2", "hq-3"]})]


def messages(answer: http.client.HTTPResponse, count: int) -> list[tuple[str, dict[str, object]]]:
    """The next events of a stream, heartbeats left out."""
    found, event = [], ""
    for raw in iter(answer.readline, b""):
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            event = line[7:]
        elif line.startswith("data: "):
            found.append((event, json.loads(line[6:])))
            if len(found) == count:
                return found
    return found


def test_open_pages_are_told_of_changes_many_at_once_as_one(tmp_path, get):
    with web_room.serving(web_room.room(tmp_path)) as served:
        answer = get(served.address, "/live")
        assert answer.getheader("content-type").startswith("text/event-stream")
        assert messages(answer, 1) == [("ready", {})]
        served.tell(Event("drift", "harbour-edge-1 was changed", "harbour-edge-1"))
        assert messages(answer, 1) == [
            ("changed", {"text": "harbour-edge-1 was changed", "routers": ["harbour-edge-1"]})
        ]
        for number in range(500):
            served.tell(Event("drift", f"event {number}", f"hq-{number % 3}"))
        ((kind, told),) = messages(answer, 1)
        assert kind == "changed"
        assert told["routers"] == ["hq-0", "hq-1", "hq-2"]
        assert str(told["text"]).endswith("and 97 more")


def test_the_page_ends_with_streams_open(tmp_path, get):
    with web_room.serving(web_room.room(tmp_path)) as served:
        answer = get(served.address, "/live")
        assert messages(answer, 1) == [("ready", {})]
        begun = time.monotonic()
    assert time.monotonic() - begun < 5
    assert messages(answer, 1) == []


def test_a_stream_ends_with_its_session(tmp_path, get, monkeypatch):
    monkeypatch.setattr("trueup.web.live.BEAT", 0.2)
    monkeypatch.setattr("trueup.web.live.REST", 0.1)
    room = web_room.room(tmp_path, names=["trueup.example"])
    client = room.logged_in("vera", "http://trueup.example")
    token = client.cookies["trueup"]
    with web_room.serving(room) as served:
        answer = get(served.address, "/live", host="trueup.example", cookie=f"trueup={token}")
        assert messages(answer, 1) == [("ready", {})]
        room.users.remove("vera")
        assert messages(answer, 1) == []
        assert not room.app.state.pulse.open


def test_a_status_that_changes_is_seen_at_the_next_look(tmp_path, get):
    with web_room.serving(web_room.room(tmp_path)) as served:
        served.room.board.put(replace(served.room.board.status.routers["hq-1"], reason="just now"))
        assert b"just now" in get(served.address).read()
