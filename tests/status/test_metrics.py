"""Figures for Prometheus: every one is listed, means what its name says, and there is no end of none of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from status_room import COMMIT, NOW, ago, everything, fleet, rollout, router

from trueup import __version__
from trueup.daemon.events import Bus, Event
from trueup.daemon.gauges import readings
from trueup.daemon.metrics import METRICS, Metrics
from trueup.daemon.status import FleetStatus, State
from trueup.errors import RouterError

Figures = Mapping[tuple[str, tuple[str, ...]], float]


def figures(metrics: Metrics, status: FleetStatus) -> Figures:
    """Samples by name and label values, in the order of the labels' names."""
    text = metrics.exposition(status).decode()
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


def test_every_metric_is_listed_and_every_listed_one_is_there(metrics):
    metrics.hooked(202)
    text = metrics.exposition(everything()).decode()
    kinds = {}
    for family in text_string_to_metric_families(text):
        stored = f"{family.name}_total" if family.type == "counter" else family.name
        kinds[stored] = family.type
        assert family.documentation
        assert family.samples or stored.startswith("process_"), stored
    ours = {name: kind for name, kind in kinds.items() if not name.startswith("process_")}
    assert ours == {each.name: each.kind for each in METRICS}
    assert "process_resident_memory_bytes" in kinds
    labels = {each.name: set(each.labels) for each in METRICS}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            stored = f"{family.name}_total" if family.type == "counter" else family.name
            if stored in labels and family.type != "histogram":
                assert set(sample.labels) == labels[stored]


def test_every_metric_is_in_the_documents():
    text = (Path(__file__).parents[2] / "docs/watching.md").read_text()
    rows = [f"| `{each.name}` | {', '.join(each.labels)} | {each.help} |" for each in METRICS]
    assert [row for row in rows if row not in text] == []


def test_the_fleet_in_figures(metrics):
    found = figures(metrics, everything())
    assert found["trueup_routers", ("drifted",)] == 1
    assert found["trueup_routers", ("unknown",)] == 0, "a state without routers is 0, not absent"
    assert found["trueup_router_changes", ("drift", "edge-2")] == 2
    assert found["trueup_router_changes", ("declared", "edge-6")] == 3
    assert found["trueup_router_changes", ("drift", "edge-1")] == 0
    assert found["trueup_router_suspended", ("edge-3",)] == 1
    assert found["trueup_router_fights", ("edge-4",)] == 1
    assert found["trueup_router_failures", ("edge-5",)] == 4
    assert found["trueup_router_window_open", ("edge-6",)] == 0
    assert found["trueup_troubles", ()] == 1
    assert found["trueup_revision_info", (COMMIT,)] == 1
    assert found["trueup_build_info", (next(k[1][0] for k in found if k[0] == "trueup_build_info"), __version__)] == 1


def test_ages_and_times():
    status = fleet(
        router("edge-1", converged=ago(seconds=90), tried=ago(seconds=30)),
        router("edge-2", State.UNKNOWN, converged=None, seen=None, tried=None),
        started=ago(seconds=500),
    )
    found = {(name, labels): figure for name, labels, figure in readings(status, NOW)}
    assert found["trueup_router_convergence_age_seconds", ("edge-1",)] == 90
    assert found["trueup_router_last_converged_timestamp_seconds", ("edge-1",)] == ago(seconds=90).timestamp()
    never = found["trueup_router_convergence_age_seconds", ("edge-2",)]
    assert never == 500, "since the start, where it never was"
    assert found["trueup_router_last_seen_timestamp_seconds", ("edge-2",)] == 0
    assert found["trueup_oldest_reconcile_age_seconds", ()] == 500


def test_a_clock_that_went_back_gives_no_negative_age(metrics):
    found = figures(metrics, fleet(router("edge-1", converged=NOW + timedelta(hours=1))))
    assert found["trueup_router_convergence_age_seconds", ("edge-1",)] == 0


def test_a_rollout_in_figures_while_it_runs_and_after(metrics):
    found = figures(metrics, fleet(rollout=rollout()))
    assert (found["trueup_rollout_wave", ()], found["trueup_rollout_waves", ()]) == (2, 3)
    assert found["trueup_rollout_state", ("running",)] == 1
    assert found["trueup_rollout_state", ("stopped",)] == 0
    assert found["trueup_rollout_routers", ("waiting",)] == 4
    found = figures(metrics, fleet(past=(rollout("stopped"), rollout("done"))))
    assert found["trueup_rollout_state", ("stopped",)] == 1
    assert figures(metrics, fleet())["trueup_rollout_waves", ()] == 0


def test_a_refused_revision_can_be_told_from_one_in_force(metrics):
    assert figures(metrics, fleet())["trueup_revision_refused", ()] == 0
    assert figures(metrics, fleet(head="f" * 40))["trueup_revision_refused", ()] == 1
    assert figures(metrics, fleet(commit=""))["trueup_revision_in_force", ()] == 0


def test_what_happens_is_counted(metrics):
    metrics.looked("converged", 0.3)
    metrics.looked("unreachable", 5)
    metrics.rounded(12)
    metrics.ran("done", 7)
    metrics.ran("failed", 0)
    metrics.connected("lost")
    metrics.fetched(ok=False)
    metrics.told(ok=True)
    metrics.hooked(401)
    found = figures(metrics, fleet())
    assert found["trueup_looks_total", ("converged",)] == 1
    assert found["trueup_look_seconds_count", ()] == 2
    assert found["trueup_look_seconds_sum", ()] == pytest.approx(5.3)
    assert found["trueup_round_seconds_count", ()] == 1
    assert (found["trueup_runs_total", ("done",)], found["trueup_runs_total", ("failed",)]) == (1, 1)
    assert found["trueup_changes_applied_total", ()] == 7
    assert found["trueup_connections_total", ("lost",)] == 1
    fetches = {outcome: found["trueup_remote_fetches_total", (outcome,)] for outcome in ("ok", "failed")}
    assert fetches == {"ok": 0, "failed": 1}
    assert found["trueup_webhook_requests_total", ("401",)] == 1


def test_connections_are_counted_as_opened_refused_or_lost(metrics):
    @asynccontextmanager
    async def line(*, refused: bool) -> AsyncIterator[str]:
        if refused:
            raise RouterError("no answer")
        yield "session"

    async def use(*, refused: bool = False, lost: bool = False) -> None:
        async with metrics.counted(line(refused=refused)) as session:
            assert session == "session"
            if lost:
                raise RouterError("the connection was lost")

    asyncio.run(use())
    for parts in ({"refused": True}, {"lost": True}):
        with pytest.raises(RouterError):
            asyncio.run(use(**parts))
    found = figures(metrics, fleet())
    counts = [found["trueup_connections_total", (word,)] for word in ("opened", "refused", "lost")]
    assert counts == [2, 1, 1]


def test_events_are_counted_by_kind_and_unknown_kinds_together(metrics):
    bus = Bus()
    metrics.listen(bus)
    for kind in ("drift", "drift", "status", *(f"made-up-{n}" for n in range(100))):
        bus.tell(Event(kind, "text", "edge-1"))
    found = figures(metrics, fleet())
    assert found["trueup_events_total", ("drift",)] == 2
    assert found["trueup_events_total", ("other",)] == 100
    assert ("trueup_events_total", ("status",)) not in found
    for n in range(50):
        metrics.looked(f"odd-{n}", 1)
        metrics.ran(f"odd-{n}", 1)
    assert len([key for key in figures(metrics, fleet()) if key[0] == "trueup_looks_total"]) <= 6


def test_a_router_that_is_gone_has_no_figures_any_more(metrics):
    figures(metrics, fleet(router("edge-1"), router("edge-2")))
    found = figures(metrics, fleet(router("edge-2")))
    assert not [key for key in found if "edge-1" in key[1]]


def test_five_hundred_routers_are_told_in_time(metrics):
    status = fleet(*(router(f"edge-{n}") for n in range(500)))
    text = metrics.exposition(status)
    assert text.count(b"\n") > 500 * 9
    assert len(text) < 1_000_000
