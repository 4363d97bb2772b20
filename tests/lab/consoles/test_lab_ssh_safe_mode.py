"""Safe mode at the console: on every version, router-wide, undone when the session is lost and kept by /quit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import netmiko
import pytest
from console_client import CTRL_D, CTRL_X, F4, press, terminal, wait_until_left
from lab_client import Wire

from trueup.lab import Router, Spec, User, VirtualRouter, serve
from trueup.lab.console.console import Console
from trueup.lab.console.keyboard import Keyboard
from trueup.lab.console.seat import seat

TAKEN = dict.fromkeys(("6.49.13", "7.9", "7.17.1"), "[Safe Mode taken]")
TAKEN |= dict.fromkeys(("7.18", "7.24.4"), "Taking Safe Mode session... Success!")
SAFE, PLAIN = r"<SAFE> $", r"\] > (?:\nSafe Mode released)?$"
ASKED = r"\[u/r(?:/d)?\][?:] $"


@pytest.fixture(params=("6.49.13", "7.17.1", "7.24.4"))
def hub(request: pytest.FixtureRequest) -> Iterator[VirtualRouter]:
    with serving(request.param) as hub:
        yield hub


@contextmanager
def serving(version: str) -> Iterator[VirtualRouter]:
    users = (User("eve", "e"),)
    with serve([Spec("hub", version=version, tls_port=None, ssh_port=0, password="s3cret", users=users)]) as lab:
        yield lab["hub"]


def name(hub: VirtualRouter) -> str:
    return hub.rows("/system/identity")[0]["name"]


def rename(console: netmiko.BaseConnection, to: str) -> None:
    press(console, f"/system identity set name={to}\r\n", rf"@{to}\][^\n]*$")


def held(hub: VirtualRouter) -> bool:
    return hub.router.safe_mode.holder is not None


@pytest.mark.parametrize("version", list(TAKEN))
@pytest.mark.parametrize("key", [CTRL_X, F4])
def test_a_key_takes_it_and_releases_it(version: str, key: str) -> None:
    router = Router(Spec("hub", version=version, password="s3cret"))
    console = Console(router, seat("admin+ct"))
    assert TAKEN[version] in typed(console, key)
    typed(console, "/system identity set name=kept\r")
    assert console.prompt().endswith("[admin@kept] <SAFE> ")
    assert "elease" in typed(console, key)
    assert console.prompt().endswith("[admin@kept] > ")
    console.leave()
    router.advance(10_000)
    assert router.rows("/system/identity") == [{"name": "kept"}]


def typed(console: Console, keys: str) -> str:
    return "".join(console.press(key) for key in Keyboard().feed(keys.encode()))


def test_a_release_is_kept_when_the_session_is_lost(hub: VirtualRouter) -> None:
    with terminal(hub) as console:
        assert TAKEN[hub.spec.version] in press(console, CTRL_X, SAFE)
        assert held(hub)
        rename(console, "kept")
        said = press(console, CTRL_X, PLAIN)
        assert "elease" in said
        assert not held(hub)
    wait_until_left(hub)
    hub.router.advance(10_000)
    assert name(hub) == "kept"


@pytest.mark.parametrize("quits", [False, True])
def test_whoever_leaves_undoes_at_once(hub: VirtualRouter, quits: bool) -> None:
    with terminal(hub) as console:
        press(console, CTRL_X, SAFE)
        rename(console, "mine")
        if quits:
            press(console, "/quit\r\n", r"Quitting will unroll chan?ges\. Quit\? \[y/N\]: $")
            press(console, "n", SAFE)
            assert held(hub)
            press(console, "/quit\r\n", r"\[y/N\]: $")
        console.write_channel("y" if quits else CTRL_D)
        wait_until_left(hub)
    assert (name(hub), held(hub)) == ("MikroTik", False)


def test_leaving_within_that_question_wedges_the_console_of_routeros_6() -> None:
    with serving("6.49.13") as hub:
        with terminal(hub) as console:
            press(console, CTRL_X, SAFE)
            rename(console, "mine")
            press(console, "/quit\r\n", r"\[y/N\]: $")
        wait_until_left(hub)
        hub.router.advance(10_000)
        assert name(hub) == "mine"
        with pytest.raises(netmiko.ReadTimeout), terminal(hub, read_timeout_override=0.5):
            pass
        hub.router.restart()
        with terminal(hub) as console:
            assert console.find_prompt() == "[admin@mine] >"


def test_a_lost_session_is_undone_a_moment_later_with_what_the_api_wrote(hub: VirtualRouter) -> None:
    with terminal(hub) as console, Wire(hub.port) as api:
        press(console, CTRL_X, SAFE)
        rename(console, "mine")
        api.login("admin", "s3cret")
        assert api.ask("/ip/pool/add", "=name=theirs", "=ranges=10.0.0.1")[0][0] == "!done"
    wait_until_left(hub)
    assert (name(hub), held(hub)) == ("mine", True)
    hub.router.advance(3)
    assert (name(hub), held(hub), hub.rows("/ip/pool")) == ("MikroTik", False, [])


@pytest.mark.parametrize("executed", [True, False])
def test_a_line_that_is_cut_is_noticed_after_nine_minutes(hub: VirtualRouter, executed: bool) -> None:
    with terminal(hub) as console:
        press(console, CTRL_X, SAFE)
        rename(console, "mine")
        hub.faults.add("vanish", "/system identity", executed=executed)
        console.write_channel("/system identity set name=cut\r\n")
        with Wire(hub.port) as witness:
            witness.login("admin", "s3cret")
            for _ in range(2000):
                if not hub.faults.waiting():
                    break
                witness.ask("/system/identity/print")
    wait_until_left(hub)
    hub.router.advance(500)
    assert (name(hub), held(hub)) == ("cut" if executed else "mine", True)
    hub.router.advance(41)
    assert (name(hub), held(hub)) == ("MikroTik", False)


@pytest.mark.parametrize(("key", "left"), [("u", "MikroTik"), ("r", "mine"), ("\r\n", "mine")])
def test_a_hold_of_another_session_is_asked_about(hub: VirtualRouter, key: str, left: str) -> None:
    with terminal(hub) as first, terminal(hub) as second:
        press(first, CTRL_X, SAFE)
        rename(first, "mine")
        assert "Safe Mode" in press(second, CTRL_X, ASKED)
        declined = key == "\r\n"
        said = press(second, key, PLAIN if declined else SAFE)
        assert (TAKEN[hub.spec.version] in said) is not declined
        assert ("Action aborted." in said or "Safe mode not taken" in said) is declined
        assert name(hub) == left
        if declined:
            assert "<SAFE>" in press(first, "\r\n", SAFE)
        else:
            press(first, "", r"\[Safe mode released by another user\]")
            press(first, "\r\n", PLAIN)
            assert hub.router.safe_mode.holder is not None


def test_the_question_says_whose_hold_it_is() -> None:
    asks = {
        "6.49.13": ["Hijacking Safe Mode from someone - unroll/release/don't take it [u/r/d]:"] * 2,
        "7.24.4": [
            "Safe Mode is taken by current user in another session.\nUnroll, release or abort [u/r]?",
            "Safe Mode is taken by another user.\nUnroll, release or abort [u/r]?",
        ],
    }
    for version, wordings in asks.items():
        with serving(version) as hub, terminal(hub) as first:
            press(first, CTRL_X, SAFE)
            for (user, password), wording in zip((("admin", "s3cret"), ("eve", "e")), wordings, strict=True):
                with terminal(hub, user, password) as second:
                    assert wording in press(second, CTRL_X, ASKED)


def test_console_and_api_know_each_others_holds() -> None:
    with serving("7.24.4") as hub, terminal(hub) as console, Wire(hub.port) as api:
        api.login("admin", "s3cret")
        press(console, CTRL_X, SAFE)
        assert api.ask("/safe-mode/take", "=on-error=abort")[0][0] == "!trap"
        row = hub.rows("/safe-mode")[0]
        assert (row["enabled"], row["user"], row["owner"]) == ("true", "admin", "ssh")
        assert api.ask("/safe-mode/release") == [["!done"]]
        press(console, "", r"\[Safe mode released by another user\]")
        assert api.ask("/safe-mode/take", "=on-error=abort") == [["!done"]]
        press(console, CTRL_X, ASKED)
        press(console, "u", SAFE)
        assert api.ask("/safe-mode/get", "=value-name=current")[0] == ["!done", "=ret=false"]


def test_the_menus_commands_hold_for_the_console_that_gives_them() -> None:
    with serving("7.24.4") as hub:
        with terminal(hub) as console:
            assert "Taking Safe Mode session... Success!" in press(console, "/safe-mode take\r\n", SAFE)
            rename(console, "mine")
            assert "Unrolling Safe Mode... Success!" in press(console, "/safe-mode unroll\r\n", PLAIN)
            said = press(console, "/safe-mode release\r\n", r"aborted\.\n+\[[^\n]*\] > $")
            assert "Safe Mode has not been taken. Action aborted." in said
            assert name(hub) == "MikroTik"
            press(console, "/safe-mode take\r\n", SAFE)
            rename(console, "lost")
        wait_until_left(hub)
        hub.router.advance(3)
        assert name(hub) == "MikroTik"


def test_one_action_too_many_ends_it_without_a_word() -> None:
    router = Router(Spec("hub", version="7.9", password="s3cret"))
    console = Console(router, seat("admin+ct"))
    typed(console, CTRL_X)
    said = typed(console, ':for i from=1 to=101 do={/system identity set name="n$i"}\r')
    assert said.endswith("[admin@n101] > ")
    assert router.safe_mode.holder is None
