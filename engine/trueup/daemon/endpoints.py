"""What machines ask the daemon over HTTP: metrics, health, readiness, webhooks. Whoever serves HTTP passes it on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trueup.daemon.health import Health
from trueup.daemon.metrics import CONTENT_TYPE, Metrics
from trueup.daemon.response import Response, plain
from trueup.daemon.status import FleetStatus
from trueup.daemon.webhook import FORGES, LONGEST, Webhook

HEALTHZ, READYZ, METRICS = "/healthz", "/readyz", "/metrics"
PATHS = (HEALTHZ, READYZ, METRICS, *FORGES)
"""Every path that is answered here; none of them needs a login."""

LONGEST_BODY = LONGEST
"""Bytes of a body that whoever serves HTTP need not read beyond."""


@dataclass
class Endpoints:
    """Answers machines. Ask `refuse` before the body of a request is read, then `answer`; neither raises."""

    health: Health
    metrics: Metrics
    webhook: Webhook
    status: Callable[[], FleetStatus]

    def refuse(self, method: str, path: str, headers: Mapping[str, str]) -> Response | None:
        """The answer where the body need not be read, None where it must be."""
        if path in FORGES:
            refused = self.webhook.refuse(method, path, headers)
            if refused is not None:
                self.metrics.hooked(refused.status)
            return refused
        return self.answer(method, path, headers, b"")

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        """The answer to a request for one of PATHS."""
        if path in FORGES:
            answer = self.webhook.answer(method, path, headers, body)
            self.metrics.hooked(answer.status)
            return answer
        if path not in PATHS:
            return plain(404, "there is nothing here")
        if method not in ("GET", "HEAD"):
            return plain(405, "this is read with GET", allow="GET, HEAD")
        if path == METRICS:
            told = {"content-type": CONTENT_TYPE, "cache-control": "no-store"}
            return Response(200, told, self.metrics.exposition(self.status()))
        trouble = self.health.live() if path == HEALTHZ else self.health.ready()
        return plain(503, trouble) if trouble else plain(200, "ok")
