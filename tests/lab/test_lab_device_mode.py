"""Device-mode: what it forbids, and that only someone at the router changes it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from lab_client import Wire

from trueup.lab import Router, Spec, serve

REFUSED = ["!trap", "=message=failure: not allowed by device-mode"]
JOB = ["/system/scheduler/add", "=name=job", "=interval=10s", "=on-event=/system note set note=ran"]
SHOWN = {
    "advanced": {"scheduler": "true", "hotspot": "true", "fetch": "true", "container": "false", "routerboard": "false"},
    "basic": {"scheduler": "true", "hotspot": "false", "fetch": "true", "zerotier": "false", "romon": "true"},
    "home": {"scheduler": "false", "hotspot": "false", "fetch": "false", "email": "false", "l2tp": "true"},
    "rose": {"scheduler": "true", "hotspot": "true", "container": "true", "traffic-gen": "false"},
}


def router(mode: Mapping[str, str], version: str = "7.22") -> Router:
    return Router(Spec("hub", version=version, device_mode=mode))


def told(hub: Router) -> dict[str, str]:
    return hub.rows("/system/device-mode")[0]


@pytest.mark.parametrize("mode", list(SHOWN))
def test_each_mode_tells_what_it_allows(mode: str) -> None:
    shown = told(router({"mode": mode}))
    assert shown.items() >= {"mode": mode, "flagged": "false", "attempt-count": "0", **SHOWN[mode]}.items()


@pytest.mark.parametrize(("version", "mode"), [("7.16.2", "enterprise"), ("7.17", "advanced")])
def test_what_allows_most_was_called_otherwise(version: str, mode: str) -> None:
    assert told(router({}, version))["mode"] == mode


def test_versions_before_7_know_none() -> None:
    assert Router(Spec("hub", version="6.49")).execute(["/system/device-mode/print"])[0][0] == "!trap"
    assert Router(Spec("hub", version="6.49")).execute(JOB)[0][0] == "!done"


@pytest.mark.parametrize("command", [JOB, ["/system/scheduler/remove", "=.id=*1"], ["/tool/fetch", "=url=http://a/"]])
def test_what_runs_or_writes_is_refused(command: list[str]) -> None:
    hub = router({"mode": "home"})
    assert hub.execute(command)[0] == REFUSED
    assert hub.execute(["/system/scheduler/print"])[-1] == ["!done"]


def test_settings_of_the_board_are_refused_but_one() -> None:
    setting = "/system/routerboard/settings/set"
    hub = Router(Spec("hub", version="7.22", board="hex", device_mode={"mode": "advanced"}))
    assert hub.execute([setting, "=boot-device=nand-only"])[0] == REFUSED
    assert hub.execute([setting, "=auto-upgrade=yes"]) == [["!done"]]
    assert Router(Spec("hub", board="hex")).execute([setting, "=boot-device=nand-only"]) == [["!done"]]


def test_a_feature_allowed_beside_the_mode_works() -> None:
    assert router({"mode": "home", "scheduler": "yes"}).execute(JOB)[0][0] == "!done"
    assert router({"scheduler": "no"}).execute(JOB)[0] == REFUSED


def test_a_hotspot_can_be_written_and_is_shown_as_disabled() -> None:
    hub = router({"mode": "basic"})
    assert hub.execute(["/ip/hotspot/add", "=interface=ether1", "=disabled=no"])[0][0] == "!done"
    (row,) = hub.rows("/ip/hotspot")
    assert (row["disabled"], row[".about"]) == ("true", "inactivated, not allowed by device-mode")


def test_jobs_that_are_there_do_not_run() -> None:
    job = {"name": "job", "interval": "10s", "start-time": "startup", "on-event": "/system note set note=ran"}
    job |= {"owner": "admin", "policy": "read,write"}
    notes = []
    for mode in ("home", "advanced"):
        hub = Router(Spec("hub", version="7.22", device_mode={"mode": mode}, seed={"/system/scheduler": [job]}))
        hub.advance(60)
        notes.append(hub.rows("/system/note")[0]["note"])
    assert notes == ["", "ran"]


def test_an_update_waits_for_the_button_and_reboots() -> None:
    with serve([Spec("hub", version="7.22", tls_port=None, device_mode={"mode": "home", "email": "yes"})]) as lab:
        hub = lab["hub"]
        with Wire(hub.port) as wire:
            wire.login()
            assert "=status=please activate" in wire.ask("/system/device-mode/update", "=scheduler=yes")[0][1]
            assert told(hub.router)["scheduler"] == "false"
            hub.press_button()
            assert wire.receive() == []
        shown = told(hub.router)
        assert (shown["mode"], shown["scheduler"], shown["email"], shown["attempt-count"]) == (
            "home",
            "true",
            "true",
            "0",
        )


def test_another_mode_forgets_what_was_allowed_beside_the_old_one() -> None:
    hub = router({"mode": "home", "email": "yes"})
    hub.execute(["/system/device-mode/update", "=mode=basic"])
    assert hub.device_mode.confirm()
    hub.execute(["/system/device-mode/update", "=mode=home"])
    hub.device_mode.confirm()
    assert (told(hub)["mode"], told(hub)["email"]) == ("home", "false")


def test_one_that_nobody_confirms_is_over_after_five_minutes_and_after_three_none_is_taken() -> None:
    hub = router({"mode": "home"})
    for _ in range(3):
        assert "activate" in hub.execute(["/system/device-mode/update", "=mode=basic"])[0][1]
        hub.advance(301)
        assert told(hub)["mode"] == "home"
    assert "too many" in hub.execute(["/system/device-mode/update", "=mode=basic"])[0][1]
    assert (hub.device_mode.confirm(), told(hub)["mode"], told(hub)["attempt-count"]) == (False, "home", "0")


def test_two_at_once_cancel_each_other_and_a_plain_reboot_confirms_nothing() -> None:
    hub = router({"mode": "home"})
    for _ in range(2):
        reply = hub.execute(["/system/device-mode/update", "=mode=basic"])
    assert reply[0][0] == "!trap"
    assert not hub.device_mode.confirm()
    hub.execute(["/system/device-mode/update", "=mode=basic"])
    hub.restart()
    assert not hub.device_mode.confirm()


@pytest.mark.parametrize(
    "words", [[], ["=mode=none"], ["=speed=yes"], ["=fetch=perhaps"], ["=mode=home", "=activation-timeout=5s"]]
)
def test_nonsense_is_refused(words: list[str]) -> None:
    assert router({}).execute(["/system/device-mode/update", *words])[0][0] == "!trap"


def test_taking_the_power_away_confirms_it() -> None:
    with serve([Spec("hub", version="7.22", tls_port=None)]) as lab:
        lab["hub"].router.execute(["/system/device-mode/update", "=mode=home"])
        lab["hub"].cut_power(20)
        lab["hub"].router.advance(21)
        assert told(lab["hub"].router)["mode"] == "home"


@pytest.mark.parametrize("path", ["/file", "/system/script"])
def test_a_full_disk_takes_nothing_more(path: str) -> None:
    text = {"/file": "contents", "/system/script": "source"}[path]
    hub = Router(Spec("hub", free_space=100))
    assert hub.rows("/system/resource")[0]["free-hdd-space"] == "100"
    assert hub.execute([f"{path}/add", "=name=a", f"={text}={'x' * 80}"])[0][0] == "!done"
    assert hub.rows("/system/resource")[0]["free-hdd-space"] == "20"
    assert (
        hub.execute([f"{path}/add", "=name=b", f"={text}={'x' * 21}"])[0][1]
        == "=message=failure: not enough disk space"
    )
    assert hub.execute([f"{path}/add", "=name=b", f"={text}={'x' * 20}"])[0][0] == "!done"
    assert hub.execute([f"{path}/add", "=name=c"])[0][0] == "!trap"
    assert hub.execute([f"{path}/remove", "=.id=a"])[0] == ["!done"]
    assert hub.rows("/system/resource")[0]["free-hdd-space"] == "80"


def test_files_take_the_ftp_policy() -> None:
    hub = Router(Spec("hub"))
    reply = hub.execute(["/file/add", "=name=a", "=contents=b"], frozenset({"read", "write"}))
    assert reply[0][1] == "=message=not enough permissions (9)"
    assert hub.execute(["/file/print"], frozenset({"read"}))[-1] == ["!done"]
