"""The daemon's figures for Prometheus: what the status says, and what was counted and timed since the start."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily

from trueup import __version__
from trueup.daemon.events import Bus, Event
from trueup.daemon.gauges import GAUGES, Metric, readings
from trueup.daemon.status import FleetStatus
from trueup.errors import RouterError
from trueup_schemas.operate import Happening

disable_created_metrics()  # type: ignore[no-untyped-call]  # a series more for each, which says when this began

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

T = TypeVar("T")

OTHER = "other"
"""Stands for a label's value that is not among those that are known, so that they stay few."""

LOOKS = ("converged", "changes", "written", "failed", "unreachable")
RUNS = ("done", "waiting", "undone", "kept", "failed", "unknown")
FETCHES = TOLD = ("ok", "failed")
LINES = ("opened", "lost", "refused")
SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)

COUNTED = (
    Metric("trueup_looks_total", "counter", "Looks at a router, by what they came to.", ("outcome",)),
    Metric("trueup_runs_total", "counter", "Runs that wrote, by what they came to.", ("outcome",)),
    Metric("trueup_changes_applied_total", "counter", "Changes that were done on routers."),
    Metric("trueup_connections_total", "counter", "Connections to routers: opened, lost, refused.", ("outcome",)),
    Metric("trueup_remote_fetches_total", "counter", "Fetches from the git remote.", ("outcome",)),
    Metric("trueup_notifications_total", "counter", "Notifications, by whether they were taken.", ("outcome",)),
    Metric("trueup_webhook_requests_total", "counter", "Requests to the webhook, by their answer.", ("status",)),
    Metric("trueup_events_total", "counter", "What happened, by kind.", ("event",)),
    Metric("trueup_look_seconds", "histogram", "How long a look at one router took."),
    Metric("trueup_round_seconds", "histogram", "How long a whole round over the fleet took."),
    Metric("trueup_build_info", "gauge", "The versions that run.", ("version", "python")),
)

METRICS: tuple[Metric, ...] = (*GAUGES, *COUNTED)
"""Every metric by the name that Prometheus stores; besides these there are the process's own, process_…"""

KINDS = frozenset(get_args(Happening)) | {"action", "applied", "daemon", "notify"}
UNCOUNTED = ("status", "doing")
"""Kinds of events that only draw the page anew."""


class Metrics:
    """One daemon's figures. Its methods are called as things happen; `exposition` is what Prometheus reads."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(registry=self._registry)
        self._registry.register(_Fleet(self))
        self._status: FleetStatus | None = None
        self._counters = {each.name: self._counter(each) for each in COUNTED if each.kind == "counter"}
        self._histograms = {each.name: self._histogram(each) for each in COUNTED if each.kind == "histogram"}
        for name, outcomes in (
            ("trueup_looks_total", LOOKS),
            ("trueup_runs_total", RUNS),
            ("trueup_connections_total", LINES),
            ("trueup_remote_fetches_total", FETCHES),
            ("trueup_notifications_total", TOLD),
            ("trueup_events_total", sorted(KINDS)),
        ):
            for outcome in outcomes:  # a series that begins at 0 shows its first increase
                self._counters[name].labels(outcome)
        build = next(each for each in COUNTED if each.name == "trueup_build_info")
        info = Gauge(build.name, build.help, build.labels, registry=self._registry)
        info.labels(__version__, ".".join(map(str, sys.version_info[:3]))).set(1)

    def listen(self, bus: Bus) -> None:
        """Count every event from now on."""
        bus.listen(self.heard)

    def heard(self, event: Event) -> None:
        if event.kind not in UNCOUNTED:
            self._count("trueup_events_total", event.kind, KINDS)

    def looked(self, outcome: str, seconds: float) -> None:
        """A router was looked at: it came to one of LOOKS."""
        self._count("trueup_looks_total", outcome, LOOKS)
        self._histograms["trueup_look_seconds"].observe(seconds)

    def rounded(self, seconds: float) -> None:
        """Every router was looked at once more."""
        self._histograms["trueup_round_seconds"].observe(seconds)

    def ran(self, outcome: str, changes: int) -> None:
        """A run has written to a router: what it came to in the words of its record, and how many changes were done."""
        self._count("trueup_runs_total", outcome, RUNS)
        self._counters["trueup_changes_applied_total"].inc(changes)

    def connected(self, outcome: str) -> None:
        """A connection to a router was opened, lost or refused."""
        self._count("trueup_connections_total", outcome, LINES)

    @asynccontextmanager
    async def counted(self, connection: AbstractAsyncContextManager[T]) -> AsyncIterator[T]:
        """A connection that is counted as opened or refused, and as lost where an error ends it."""
        opened = False
        try:
            async with connection as session:
                opened = True
                self.connected("opened")
                yield session
        except RouterError:
            self.connected("lost" if opened else "refused")
            raise

    def fetched(self, *, ok: bool) -> None:
        """The remote was asked."""
        self._count("trueup_remote_fetches_total", "ok" if ok else "failed", FETCHES)

    def told(self, *, ok: bool) -> None:
        """A notification was taken, or given up."""
        self._count("trueup_notifications_total", "ok" if ok else "failed", TOLD)

    def hooked(self, status: int) -> None:
        """The webhook was asked, and answered with this status."""
        self._counters["trueup_webhook_requests_total"].labels(str(status)).inc()

    def exposition(self, status: FleetStatus) -> bytes:
        """All figures in Prometheus's text format."""
        self._status = status
        return generate_latest(self._registry)

    def families(self) -> Iterator[GaugeMetricFamily]:
        """What the status says now."""
        found = {each.name: GaugeMetricFamily(each.name, each.help, labels=each.labels) for each in GAUGES}
        if self._status is not None:
            for name, labels, figure in readings(self._status, datetime.now(UTC)):
                found[name].add_metric(labels, float(figure))
        yield from found.values()

    def _count(self, name: str, value: str, known: tuple[str, ...] | frozenset[str]) -> None:
        self._counters[name].labels(value if value in known else OTHER).inc()

    def _counter(self, metric: Metric) -> Counter:
        return Counter(metric.name, metric.help, metric.labels, registry=self._registry)

    def _histogram(self, metric: Metric) -> Histogram:
        return Histogram(metric.name, metric.help, metric.labels, registry=self._registry, buckets=SECONDS)


class _Fleet:
    """Asked by the registry for the figures of the status."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[GaugeMetricFamily]:
        return self._metrics.families()
