"""Time on a virtual router passes when it is told to, and everything happens at its own moment."""

from __future__ import annotations

from trueup.lab import Router, Spec
from trueup.lab.timeline import Timeline


def timeline() -> Timeline:
    return Timeline(lambda: 1000.0)


def test_what_is_due_happens_in_order_each_at_its_own_moment() -> None:
    time, seen = timeline(), []
    for seconds in (7, 3, 5):
        time.after(seconds, lambda seconds=seconds: seen.append((seconds, time.now())))
    time.advance(6)
    assert seen == [(3, 1003.0), (5, 1005.0)]
    time.advance(1)
    assert (seen[-1], time.now()) == ((7, 1007.0), 1007.0)


def test_a_job_that_puts_down_its_next_run_runs_as_often_as_it_would_have() -> None:
    time, runs = timeline(), []

    def job() -> None:
        runs.append(time.now())
        time.after(10, job)

    time.after(10, job)
    time.advance(35)
    assert runs == [1010.0, 1020.0, 1030.0]


def test_what_is_called_off_does_not_happen() -> None:
    time, seen = timeline(), []
    time.after(1, lambda: seen.append("off")).cancel()
    time.after(1, lambda: seen.append("on"))
    time.advance(2)
    assert seen == ["on"]


def test_time_that_stands_still_passes_only_when_it_is_told_to() -> None:
    now = [1000.0]
    time = Timeline(lambda: now[0])
    time.advance(2)
    time.stand_still()
    now[0] += 60
    assert time.now() == 1002
    time.advance(3)
    assert time.now() == 1005


def test_a_router_catches_up_before_it_answers_and_a_restart_forgets() -> None:
    now = [1000.0]
    router = Router(Spec("hub"), clock=lambda: now[0])
    note = lambda text: router.execute(["/system/note/set", f"=note={text}"])  # noqa: E731
    router.timeline.after(5, lambda: note("due"))
    now[0] += 6
    assert router.rows("/system/note")[0]["note"] == "due"
    router.timeline.after(5, lambda: note("forgotten"))
    router.restart()
    router.advance(10)
    assert router.rows("/system/note")[0]["note"] == "due"
    assert router.uptime == 10
