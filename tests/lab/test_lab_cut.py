"""A change that shuts the manager out really does: nothing arrives either way, until the way is mended."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest
from lab_client import Wire
from lab_manager import DROP, MANAGER, MEND, SEED, SHORT, answers, by_hand, silent, wait_until

from trueup.lab import Spec, VirtualRouter, serve

DONE = [["!done"]]


@pytest.fixture
def hub() -> Iterator[VirtualRouter]:
    with serve([Spec("hub", version="7.23", tls_port=None, seed=SEED, manager=MANAGER)]) as lab:
        yield lab["hub"]


@pytest.fixture
def wire(hub: VirtualRouter) -> Iterator[Wire]:
    with Wire(hub.port) as wire:
        assert wire.login() == DONE
        yield wire


def name(hub: VirtualRouter) -> str:
    return hub.rows("/system/identity")[0]["name"]


def rename(to: str) -> list[str]:
    return ["/system/identity/set", f"=name={to}"]


def test_a_drop_before_everything_cuts_what_stands_and_what_comes(hub: VirtualRouter, wire: Wire) -> None:
    wire.send(DROP)
    assert silent(wire)
    assert answers(hub) == "nothing"


def test_a_drop_behind_the_rule_for_what_stands_cuts_what_comes_alone(hub: VirtualRouter, wire: Wire) -> None:
    assert wire.ask(*DROP[:-1], "=place-before=*2")[0][0] == "!done"
    assert wire.ask("/system/identity/print")[-1:] == DONE
    assert answers(hub) == "nothing"


def test_commands_that_came_with_the_cut_are_done_and_their_answers_lost(hub: VirtualRouter, wire: Wire) -> None:
    wire.send(DROP, rename("late"))
    wait_until(lambda: name(hub) == "late")
    assert silent(wire)


def test_what_was_sent_into_the_cut_is_done_once_it_is_mended(hub: VirtualRouter, wire: Wire) -> None:
    wire.send([*DROP, ".tag=cut"])
    assert silent(wire)
    wire.send([*rename("late"), ".tag=late"])
    assert silent(wire)
    assert name(hub) == "MikroTik"
    by_hand(hub, *MEND)
    assert wire.receive(2)[-1] == ["!done", ".tag=late"]
    assert (name(hub), answers(hub)) == ("late", "open")


def test_a_client_that_gives_up_is_heard_of_when_the_way_is_mended(hub: VirtualRouter, wire: Wire) -> None:
    wire.ask("/safe-mode/take")
    wire.send(DROP)
    assert silent(wire)
    wire.socket.close()
    hub.router.advance(500)
    assert hub.rows("/safe-mode")[0]["enabled"] == "true"
    by_hand(hub, *MEND)
    wait_until(lambda: hub.rows("/user/active") == [])
    hub.router.advance(3)
    assert hub.rows("/safe-mode")[0]["enabled"] == "false"


def test_safe_mode_undoes_a_cut_after_nine_minutes_and_the_way_is_open_again(hub: VirtualRouter, wire: Wire) -> None:
    assert wire.ask("/safe-mode/take", "=on-error=abort") == DONE
    wire.send(DROP)
    assert silent(wire)
    hub.router.advance(539)
    assert (answers(hub), len(hub.rows("/user/active"))) == ("nothing", 1)
    hub.router.advance(2)
    assert (answers(hub), len(hub.rows("/ip/firewall/filter")), hub.rows("/user/active")) == ("open", 3, [])
    with pytest.raises(ConnectionResetError):
        wire.ask("/system/identity/print")
    with Wire(hub.port) as again:
        assert again.login() == DONE


def test_a_session_that_is_heard_of_in_time_keeps_its_hold(hub: VirtualRouter, wire: Wire) -> None:
    assert wire.ask("/safe-mode/take", "=on-error=abort") == DONE
    wire.send(DROP)
    assert silent(wire)
    hub.router.advance(500)
    by_hand(hub, *MEND)
    assert wire.receive()[-1][0] == "!done"
    hub.router.advance(5000)
    assert wire.ask("/safe-mode/get", "=value-name=current") == [["!done", "=ret=true"]]


@pytest.mark.parametrize("undoing", ["/safe-mode/unroll", "/ip/firewall/filter/remove [find comment=cut]"])
def test_the_scheduler_mends_it_at_its_moment(hub: VirtualRouter, wire: Wire, undoing: str) -> None:
    job = ["/system/scheduler/add", "=name=net", "=interval=60s", f"=on-event={undoing}"]
    assert wire.ask(*job)[0][0] == "!done"
    if "safe-mode" in undoing:
        assert wire.ask("/safe-mode/take", "=on-error=abort") == DONE
    wire.send([*DROP, "=comment=cut"])
    assert silent(wire)
    hub.router.advance(50)
    assert answers(hub) == "nothing"
    hub.router.advance(11)
    assert answers(hub) == "open"
    assert wire.receive()[-1][0] == "!done"
    assert len(wire.ask("/ip/firewall/filter/print")) == 4


def test_time_passes_on_a_router_that_nobody_can_ask(wire: Wire, hub: VirtualRouter) -> None:
    wire.ask(
        "/system/scheduler/add", "=name=net", "=interval=1s", "=on-event=/ip/firewall/filter/remove [find comment=cut]"
    )
    wire.send([*DROP, "=comment=cut"])
    assert wire.receive()[-1][0] == "!done"


@pytest.mark.parametrize(
    ("command", "new"),
    [
        (["/ip/service/disable", "=.id=api"], "refused"),
        (["/ip/service/set", "=.id=api", "=port=8730"], "refused"),
        (["/ip/service/set", "=.id=api", "=address=10.8.0.0/16"], "refused"),
        (["/ip/service/set", "=.id=api", "=max-sessions=1"], "refused"),
        (["/ip/firewall/filter/add", "=chain=input", "=action=reject", "=place-before=*2"], "refused"),
    ],
)
def test_what_concerns_new_connections_leaves_those_that_stand(
    hub: VirtualRouter, wire: Wire, command: list[str], new: str
) -> None:
    assert wire.ask(*command)[-1][0] == "!done"
    assert answers(hub) == new
    assert wire.ask("/system/identity/print")[-1:] == DONE


def test_a_service_that_moves_is_found_where_it_is_now() -> None:
    spec = Spec("hub", address="127.0.0.31", port=8728, tls_port=None, seed=SEED, manager=MANAGER)
    with serve([spec]) as lab:
        hub = lab["hub"]
        by_hand(hub, "/ip/service/set", "=.id=api", "=port=8730")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.31", 8728), 5)
        wait_until(lambda: reached("127.0.0.31", 8730))
        by_hand(hub, *DROP, "=protocol=tcp", "=dst-port=8730")
        with pytest.raises(TimeoutError):
            socket.create_connection(("127.0.0.31", 8730), SHORT)


def reached(address: str, port: int) -> bool:
    with contextlib.suppress(ConnectionRefusedError):
        socket.create_connection((address, port), 5).close()
        return True
    return False


def test_a_refusal_is_over_when_its_reason_is(hub: VirtualRouter, wire: Wire) -> None:
    wire.ask("/ip/service/disable", "=.id=api")
    assert answers(hub) == "refused"
    wire.ask("/ip/service/enable", "=.id=api")
    with Wire(hub.port) as other:
        assert other.login() == DONE


def test_a_reset_by_a_rule_ends_what_stands_when_it_speaks(hub: VirtualRouter, wire: Wire) -> None:
    reject = ["=action=reject", "=protocol=tcp", "=reject-with=tcp-reset"]
    wire.send([*DROP[:2], *reject, "=place-before=*1"])
    with contextlib.suppress(ConnectionResetError):
        assert wire.receive() == []
    assert answers(hub) == "refused"
    assert len(hub.rows("/user/active")) == 1
    hub.router.advance(541)
    assert hub.rows("/user/active") == []


def test_a_router_without_a_manager_lets_everyone_in() -> None:
    with serve([Spec("hub", tls_port=None, seed=SEED)]) as lab, Wire(lab["hub"].port) as wire:
        assert wire.login() == DONE
        assert wire.ask(*DROP)[0][0] == "!done"
        assert answers(lab["hub"]) == "open"


def test_users_are_bound_to_their_addresses_when_they_log_in(hub: VirtualRouter, wire: Wire) -> None:
    wire.ask("/user/set", "=.id=admin", "=address=10.8.0.0/16")
    assert wire.ask("/system/identity/print")[-1:] == DONE
    with Wire(hub.port) as other:
        assert other.login()[0] == ["!trap", "=message=invalid user name or password (6)"]
