"""Safe mode: router-wide, held by one session, undone when that session is lost, silently over after 100 actions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lab_client import Wire

from trueup.lab import Router, Spec, User, VirtualRouter, serve
from trueup.lab.history import KEPT

DONE = [["!done"]]
TAKEN = [["!trap", "=message=Safe Mode is taken by current user in another session."], ["!done"]]


@pytest.fixture
def hub() -> Iterator[VirtualRouter]:
    with serve([Spec("hub", tls_port=None, users=(User("eve", "e"),))]) as lab:
        yield lab["hub"]


@pytest.fixture
def wire(hub: VirtualRouter) -> Iterator[Wire]:
    with entered(hub) as wire:
        yield wire


def entered(hub: VirtualRouter) -> Wire:
    wire = Wire(hub.port)
    assert wire.login() == DONE
    return wire


def name(hub: VirtualRouter) -> str:
    return hub.rows("/system/identity")[0]["name"]


def rename(wire: Wire, to: str) -> None:
    assert wire.ask("/system/identity/set", f"=name={to}") == DONE


def annotate(wire: Wire, prefix: str, times: int) -> None:
    """So many actions."""
    for number in range(times):
        assert wire.ask("/system/note/set", f"=note={prefix}{number}") == DONE


def held(hub: VirtualRouter) -> bool:
    return hub.rows("/safe-mode")[0]["enabled"] == "true"


def wait_until_left(hub: VirtualRouter) -> None:
    """The router has seen the end of every connection; it sees it in its own time."""
    with entered(hub) as witness:
        for _ in range(1000):
            if len(witness.ask("/user/active/print")) == 2:
                return
        pytest.fail("the connection never ended")


def test_changes_of_every_session_are_undone_and_earlier_ones_are_not(hub: VirtualRouter, wire: Wire) -> None:
    rename(wire, "before")
    assert wire.ask("/safe-mode/take", "=on-error=abort") == DONE
    rename(wire, "mine")
    with entered(hub) as other:
        assert other.ask("/ip/pool/add", "=name=theirs", "=ranges=10.0.0.1")[0][0] == "!done"
        assert other.ask("/safe-mode/print")[0][3] == "=current=false"
    assert [row["floating-undo"] for row in hub.rows("/system/history")] == ["true", "true", "false", "false"]
    assert wire.ask("/safe-mode/unroll") == DONE
    assert (name(hub), hub.rows("/ip/pool"), held(hub)) == ("before", [], False)


def test_a_release_keeps_them_also_when_the_session_ends(hub: VirtualRouter, wire: Wire) -> None:
    wire.ask("/safe-mode/take")
    rename(wire, "kept")
    assert wire.ask("/safe-mode/release") == DONE
    wire.socket.close()
    wait_until_left(hub)
    hub.router.advance(10_000)
    assert name(hub) == "kept"


@pytest.mark.parametrize("word", ["", "/quit"])
def test_a_session_that_ends_is_undone_a_moment_later(hub: VirtualRouter, wire: Wire, word: str) -> None:
    wire.ask("/safe-mode/take")
    rename(wire, "lost")
    if word:
        wire.ask(word)
    wire.socket.close()
    wait_until_left(hub)
    assert (name(hub), held(hub)) == ("lost", True)
    hub.router.advance(3)
    assert (name(hub), held(hub)) == ("MikroTik", False)


def test_a_line_that_is_cut_is_noticed_after_nine_minutes(hub: VirtualRouter, wire: Wire) -> None:
    wire.ask("/safe-mode/take")
    hub.faults.add("vanish", "/system/identity", executed=True)
    wire.send(["/system/identity/set", "=name=cut"])
    with entered(hub) as witness:
        for _ in range(1000):
            if witness.ask("/system/identity/print")[0] == ["!re", "=name=cut"]:
                break
    wire.socket.close()  # a cut line carries no FIN either: what the simulation sees of it must not count
    wait_until_left(hub)
    hub.router.advance(500)
    assert (name(hub), held(hub)) == ("cut", True)
    hub.router.advance(41)
    assert (name(hub), held(hub)) == ("MikroTik", False)


def test_a_hold_of_another_session_is_refused_and_left_alone(hub: VirtualRouter, wire: Wire) -> None:
    wire.ask("/safe-mode/take")
    rename(wire, "mine")
    with entered(hub) as other:
        for words in ([], ["=on-error=abort"], ["=on-error=ask"]):
            assert other.ask("/safe-mode/take", *words) == TAKEN
        assert other.ask("/safe-mode/toggle") == TAKEN
    with Wire(hub.port) as eve:
        eve.login("eve", "e")
        assert eve.ask("/safe-mode/take")[0] == ["!trap", "=message=Safe Mode is taken by another user."]
    assert wire.ask("/safe-mode/take")[0][0] == "!trap"
    assert wire.ask("/safe-mode/get", "=value-name=current") == [["!done", "=ret=true"]]


@pytest.mark.parametrize(("word", "left"), [("unroll", "MikroTik"), ("release", "mine")])
def test_a_hold_can_be_taken_over(hub: VirtualRouter, wire: Wire, word: str, left: str) -> None:
    wire.ask("/safe-mode/take")
    rename(wire, "mine")
    with entered(hub) as other:
        assert other.ask("/safe-mode/take", f"=on-error={word}") == DONE
        assert other.ask("/safe-mode/get", "=value-name=current") == [["!done", "=ret=true"]]
        assert name(hub) == left
        rename(other, "theirs")
        assert wire.ask("/safe-mode/get", "=value-name=current") == [["!done", "=ret=false"]]
        wire.socket.close()
        hub.router.advance(10_000)
        assert name(hub) == "theirs"


def test_a_stale_hold_can_be_released_by_anyone(hub: VirtualRouter, wire: Wire) -> None:
    wire.ask("/safe-mode/take")
    rename(wire, "stale")
    wire.socket.close()
    wait_until_left(hub)
    with entered(hub) as other:
        assert other.ask("/safe-mode/take", "=on-error=abort") == TAKEN
        assert other.ask("/safe-mode/release") == DONE
    hub.router.advance(10_000)
    assert name(hub) == "stale"


@pytest.mark.parametrize(("changes", "left"), [(KEPT, ""), (KEPT + 1, str(KEPT))])
def test_one_action_too_many_ends_it_without_a_word(hub: VirtualRouter, wire: Wire, changes: int, left: str) -> None:
    wire.ask("/safe-mode/take")
    annotate(wire, "", changes)
    assert held(hub) == (changes == KEPT)
    wire.socket.close()
    wait_until_left(hub)
    hub.router.advance(10_000)
    assert hub.rows("/system/note")[0]["note"] == left


def test_actions_from_before_make_room_first(hub: VirtualRouter, wire: Wire) -> None:
    annotate(wire, "before-", KEPT)
    wire.ask("/safe-mode/take")
    annotate(wire, "", KEPT)
    assert wire.ask("/safe-mode/unroll") == DONE
    assert hub.rows("/system/note")[0]["note"] == f"before-{KEPT - 1}"


def test_a_reboot_ends_it_and_undoes_nothing(hub: VirtualRouter, wire: Wire) -> None:
    wire.ask("/safe-mode/take")
    rename(wire, "rebooted")
    assert wire.ask("/system/reboot") == []
    wait_until_left(hub)
    hub.router.advance(10_000)
    assert (name(hub), held(hub)) == ("rebooted", False)


def test_what_undo_took_back_is_not_taken_back_twice(hub: VirtualRouter, wire: Wire) -> None:
    rename(wire, "before")
    wire.ask("/safe-mode/take")
    for each in ("one", "two"):
        rename(wire, each)
    assert wire.ask("/undo") == DONE
    assert wire.ask("/safe-mode/unroll") == DONE
    assert name(hub) == "before"
    assert wire.ask("/redo")[0][0] == "!trap"


def test_reading_is_not_enough_to_take_it(hub: VirtualRouter) -> None:
    reply = hub.router.execute(["/safe-mode/take"], frozenset({"read"}))
    assert reply == [["!trap", "=message=not enough permissions (9)"], ["!done"]]
    assert not held(hub)


@pytest.mark.parametrize(("version", "there"), [("7.24", True), ("7.18", True), ("7.17.1", False)])
def test_the_tree_has_the_menu_where_the_router_has_it(version: str, there: bool) -> None:
    reply = Router(Spec("hub", version=version)).execute(["/console/inspect", "=request=child", "=path=safe-mode"])
    commands = {sentence[2] for sentence in reply if sentence[0] == "!re"}
    assert ({"=name=take", "=name=release", "=name=unroll", "=name=toggle"} <= commands) is there
