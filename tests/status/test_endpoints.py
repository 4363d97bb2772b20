"""What machines ask over HTTP: metrics, whether the daemon turns, whether it can do its work."""

from __future__ import annotations

from pathlib import Path

import pytest
from audit_room import new_audit
from status_room import everything

from trueup.daemon import health
from trueup.daemon.endpoints import PATHS, Endpoints
from trueup.daemon.health import CHECKED, STUCK, Health
from trueup.daemon.metrics import Metrics
from trueup.daemon.webhook import Webhook


class Daemon:
    """What endpoints look at, with a clock of its own."""

    def __init__(self, audit: Path) -> None:
        self.clock, self.revision = 1000.0, "c0ffee"
        self.health = Health(audit, lambda: self.revision, now=lambda: self.clock)
        self.ends = Endpoints(self.health, Metrics(), Webhook(None, "main", lambda: None), everything)

    def get(self, path: str, method: str = "GET") -> tuple[int, str]:
        answer = self.ends.refuse(method, path, {})
        assert answer is not None, "what is read needs no body"
        return answer.status, answer.body.decode()


@pytest.fixture
def daemon(tmp_path: Path) -> Daemon:
    return Daemon(new_audit(tmp_path).path)


def test_a_daemon_that_turns_is_alive_and_one_that_is_stuck_is_not(daemon):
    assert daemon.get("/healthz") == (200, "ok\n")
    daemon.clock += STUCK + 1
    status, text = daemon.get("/healthz")
    assert (status, text) == (503, f"the loop has not turned for {STUCK + 1:.0f} s\n")
    assert daemon.get("/readyz")[0] == 503
    daemon.health.tick()
    assert daemon.get("/healthz")[0] == 200


def test_ready_needs_a_revision(daemon):
    assert daemon.get("/readyz") == (200, "ok\n")
    daemon.revision = ""
    assert daemon.get("/readyz") == (503, "no revision is in force yet\n")
    assert daemon.get("/healthz")[0] == 200


def test_ready_needs_an_audit_that_can_be_written(daemon, monkeypatch):
    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(health.tempfile, "TemporaryFile", full)
        assert daemon.get("/readyz") == (503, "the audit repository cannot be written: No space left on device\n")
        assert daemon.get("/healthz")[0] == 200, "restarting it would not help"
    daemon.clock += CHECKED + 1
    assert daemon.get("/readyz")[0] == 200


def test_looking_whether_the_audit_can_be_written_leaves_nothing_there(daemon, tmp_path):
    before = sorted((tmp_path / "net-audit").rglob("*"))
    daemon.get("/readyz")
    assert sorted((tmp_path / "net-audit").rglob("*")) == before


def test_metrics_are_text_that_prometheus_reads(daemon):
    answer = daemon.ends.answer("GET", "/metrics", {}, b"")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert b'trueup_routers{state="drifted"} 1.0' in answer.body


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_they_are_read_and_nothing_else(daemon, path):
    for method in ("POST", "PUT", "DELETE"):
        assert daemon.get(path, method)[0] == 405
    assert daemon.get(path, "HEAD")[0] == 200
    assert daemon.get("/else")[0] == 404
    assert path in PATHS


def test_requests_to_the_webhook_are_counted(daemon):
    assert daemon.get("/hooks/github", "POST")[0] == 404
    body = daemon.ends.answer("GET", "/metrics", {}, b"").body
    assert b'trueup_webhook_requests_total{status="404"} 1.0' in body
