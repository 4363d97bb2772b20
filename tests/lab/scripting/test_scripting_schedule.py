"""The scheduler runs scripts in the router's own time, as their owner, and as often as it should."""

from __future__ import annotations

import subprocess
import sys

import pytest

from trueup.lab import Router, Spec
from trueup.lab.spec import User

NOON = 1_800_014_400.0  # 2027-01-15 12:00:00
LATER = ("=start-date=2027-01-15", "=start-time=12:01:00")
BACK = "/system scheduler remove [find name=back]; /system identity set name=old"


def router(version: str = "7.16.2", **more: object) -> Router:
    return Router(Spec("hub", version=version, **more), clock=lambda: NOON)  # type: ignore[arg-type]


def schedule(on: Router, script: str, *words: str, user: str = "admin") -> None:
    reply = on.execute(["/system/scheduler/add", "=name=back", f"=on-event={script}", *words], user=user)
    assert reply[-1][0] == "!done", reply
    assert len(reply) == 1, reply


def row(of: Router) -> dict[str, str]:
    return of.rows("/system/scheduler")[0]


def messages(of: Router) -> list[str]:
    return [each["message"] for each in of.rows("/log")]


def identity(of: Router) -> str:
    return of.rows("/system/identity")[0]["name"]


def test_a_single_start_runs_once_at_its_moment() -> None:
    hub = router()
    schedule(hub, ":log info x", *LATER)
    assert row(hub)["next-run"] == "2027-01-15 12:01:00"
    hub.advance(59)
    assert (messages(hub), row(hub)["run-count"]) == ([], "0")
    hub.advance(3600)
    assert (messages(hub), row(hub)["run-count"]) == (["x"], "1")
    assert "next-run" not in row(hub)
    assert hub.rows("/log")[0]["time"] == "2027-01-15 12:01:00"


def test_an_interval_runs_again_and_again_until_it_is_disabled() -> None:
    hub = router()
    schedule(hub, ":log info x", "=interval=20s")
    hub.advance(65)
    assert (messages(hub), row(hub)["next-run"]) == (["x"] * 3, "2027-01-15 12:01:20")
    hub.execute(["/system/scheduler/disable", "=.id=back"])
    hub.advance(60)
    assert len(messages(hub)) == 3
    hub.execute(["/system/scheduler/set", "=.id=back", "=disabled=no", "=interval=1h"])
    assert row(hub)["next-run"] == "2027-01-15 13:00:00"


def test_an_event_may_remove_its_own_row_first_and_goes_on() -> None:
    hub = router()
    schedule(hub, BACK, *LATER, "=interval=10s")
    hub.advance(600)
    assert (hub.rows("/system/scheduler"), identity(hub)) == ([], "old")


def test_what_undo_brings_back_waits_again() -> None:
    hub = router()
    schedule(hub, ":log info x", *LATER)
    hub.execute(["/system/scheduler/remove", "=.id=back"])
    hub.execute(["/undo"])
    hub.advance(60)
    assert messages(hub) == ["x"]


def test_a_delay_lets_other_things_happen_and_the_job_is_there_meanwhile() -> None:
    hub = router()
    schedule(hub, ":log info first; :delay 30s; :log info second", *LATER)
    hub.advance(75)
    assert messages(hub) == ["first"]
    assert [job["script"] for job in hub.rows("/system/script/job")] == ["back"]
    hub.advance(20)
    assert (messages(hub), hub.rows("/system/script/job")) == (["first", "second"], [])
    assert hub.rows("/log")[1]["time"] == "2027-01-15 12:01:30"


def test_a_job_that_is_removed_goes_no_further() -> None:
    hub = router()
    schedule(hub, ":delay 30s; :log info never", *LATER)
    hub.advance(61)
    (job,) = hub.rows("/system/script/job")
    hub.execute(["/system/script/job/remove", f"=.id={job['.id']}"])
    hub.advance(60)
    assert messages(hub) == []


@pytest.mark.parametrize(("interval", "after_boot"), [("0s", 1), ("1m", 0)])
def test_startup_runs_three_seconds_after_boot_unless_it_has_an_interval(interval: str, after_boot: int) -> None:
    hub = router()
    schedule(hub, ":log info x", "=start-time=startup", f"=interval={interval}")
    hub.advance(10)
    assert messages(hub) == []
    hub.restart()
    hub.advance(2)
    assert messages(hub) == []
    hub.advance(2)
    assert len(messages(hub)) == after_boot
    hub.advance(60)
    assert len(messages(hub)) == 1


def test_a_restart_keeps_what_is_planned_and_ends_what_runs() -> None:
    hub = router()
    schedule(hub, ":log info x; :delay 1h; :log info y", *LATER)
    hub.restart()
    hub.advance(61)
    assert messages(hub) == ["x"]
    hub.restart()
    hub.advance(7200)
    assert (messages(hub), hub.rows("/system/script/job")) == ([], [])


@pytest.mark.parametrize(("words", "fired"), [((), False), (("=interval=10m",), True)])
def test_a_clock_that_jumps_passes_a_single_start_but_no_interval(words: tuple[str, ...], fired: bool) -> None:
    hub = router()
    schedule(hub, ":log info x", *LATER, *words)
    hub.jump(3600)
    hub.advance(1200)
    assert bool(messages(hub)) is fired
    assert hub.uptime == 1200


@pytest.mark.parametrize(("version", "fires"), [("7.24", False), ("7.24.4", False), ("7.24.5", True), ("7.16.2", True)])
def test_some_releases_never_fire_a_start_that_was_left_out(version: str, fires: bool) -> None:
    hub = router(version)
    schedule(hub, ":log info x", "=interval=10s")
    assert ("next-run" in row(hub)) is fires
    hub.advance(35)
    assert bool(messages(hub)) is fires
    hub.execute(["/system/scheduler/set", "=.id=back", *LATER])
    hub.advance(60)
    assert "x" in messages(hub)


def test_older_versions_write_the_month_first() -> None:
    hub = router("7.9.2")
    schedule(hub, "", *LATER)
    assert row(hub)["next-run"] == "jan/15/2027 12:01:00"


READER = {
    "seed": {"/user/group": [{"name": "some", "policy": "read,write,api,test"}]},
    "users": (User("ann", "", "some"),),
}


def test_an_owner_needs_every_policy_that_the_row_lists() -> None:
    hub = router(**READER)
    schedule(hub, "/system identity set name=new", *LATER, user="ann")
    hub.advance(60)
    assert identity(hub) != "new"
    assert messages(hub)[-1] == "not enough permissions (9)"
    hub.execute(["/system/scheduler/set", "=.id=back", "=policy=read,write", "=start-time=12:02:00"])
    hub.advance(60)
    assert identity(hub) == "new"


def test_an_event_can_do_no_more_than_its_policies() -> None:
    hub = router()
    schedule(hub, "/system identity set name=new", *LATER, "=policy=read")
    hub.advance(60)
    assert identity(hub) != "new"
    assert messages(hub) == [
        "executing script back from scheduler failed, please check it manually",
        "not enough permissions (9)",
    ]


@pytest.mark.parametrize("free", ["no", "yes"])
def test_a_stored_script_needs_its_policies_of_the_event_unless_it_asks_for_none(free: str) -> None:
    hub = router()
    source = "=source=/system identity set name=new"
    hub.execute(["/system/script/add", "=name=s", source, f"=dont-require-permissions={free}"])
    schedule(hub, "s", *LATER, "=policy=read")
    hub.advance(60)
    assert (identity(hub) == "new") is (free == "yes")
    assert hub.rows("/system/script")[0]["run-count"] == ("1" if free == "yes" else "0")


def test_a_script_of_the_repository_is_run_by_name_over_the_api() -> None:
    hub = router(**READER)
    hub.execute(["/system/script/add", "=name=s", "=source=:global seen yes; /system identity set name=new"])
    refused = hub.execute(["/system/script/run", "=number=s"], hub.policies("ann"), "ann")
    assert refused[0] == ["!trap", "=message=not enough permissions (9)"]
    assert hub.execute(["/system/script/run", "=number=s"]) == [["!done"]]
    assert identity(hub) == "new"
    assert [(each["name"], each["value"]) for each in hub.rows("/system/script/environment")] == [("seen", "true")]
    assert hub.execute(["/system/script/run", "=number=t"])[0] == ["!trap", "=message=no such item"]


def test_scripts_that_run_themselves_come_to_an_end() -> None:
    hub = router()
    hub.execute(["/system/script/add", "=name=s", "=source=/system script run s"])
    assert hub.execute(["/system/script/run", "=number=s"])[0][0] == "!trap"


def imported(hub: Router, text: str) -> list[list[str]]:
    hub.execute(["/file/add", "=name=change.rsc", f"=contents={text}"])
    return hub.execute(["/import", "=file-name=change.rsc"])


def test_an_import_that_cannot_be_read_changes_nothing() -> None:
    hub = router()
    reply = imported(hub, "/system identity\nset name=new\n/ip nonsense\n")
    assert reply[0] == ["!trap", "=message=bad command name nonsense (line 3 column 5)"]
    assert identity(hub) != "new"


def test_an_import_that_fails_leaves_what_it_did() -> None:
    hub = router()
    reply = imported(hub, "/system identity\nset name=new\n/ip address add address=10.0.0.1/24 interface=none\n/undo\n")
    assert reply[0][0] == "!trap"
    assert identity(hub) == "new"


def test_a_script_that_waits_holds_up_its_caller_while_time_passes() -> None:
    hub = router()
    schedule(hub, ":log info meanwhile", *LATER)
    reply = hub.execute(["/execute", "=script=:delay 2m; :put [/log print count-only]", "=as-string="])
    assert reply == [["!done", "=ret=1\n1"]]
    assert hub.uptime == 120


def test_a_router_without_scripts_never_loads_the_language() -> None:
    program = (
        "import sys; from trueup.lab import Router, Spec; hub = Router(Spec('hub'));"
        "hub.execute(['/system/script/add', '=source=:put 1']); hub.rows('/system/scheduler'); hub.restart();"
        "assert not [name for name in sys.modules if 'lab.scripting' in name]"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_an_event_can_unroll_a_hold_of_safe_mode() -> None:
    hub = router("7.24.5")
    schedule(hub, "/system scheduler remove [find name=back]; /safe-mode unroll", *LATER)
    assert hub.execute(["/safe-mode/take", "=on-error=abort"], session=1) == [["!done"]]
    hub.execute(["/system/identity/set", "=name=new"], session=1)
    hub.advance(59)
    assert identity(hub) == "new"
    hub.advance(1)
    assert identity(hub) == "MikroTik"
