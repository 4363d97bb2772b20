"""Faults strike the command they are meant for, as often as they are told, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from lab_client import Wire

from trueup.lab import Lab, Spec, VirtualRouter, serve

ADD = ["/ip/pool/add", "=name=p", "=ranges=10.0.0.1"]


@pytest.fixture
def hub() -> Iterator[VirtualRouter]:
    with serve([Spec("hub", tls_port=None)]) as lab:
        yield lab["hub"]


def names(hub: VirtualRouter) -> list[str]:
    return [row["name"] for row in hub.rows("/ip/pool")]


@pytest.mark.parametrize("executed", [False, True])
def test_a_drop_ends_the_connection(hub: VirtualRouter, executed: bool) -> None:
    hub.faults.add("drop", "/ip/pool/add", executed=executed)
    with Wire(hub.port) as wire:
        wire.login()
        assert wire.ask(*ADD) == []
        assert wire.ended
    assert names(hub) == (["p"] if executed else [])


def test_a_router_that_vanishes_neither_answers_nor_hangs_up(hub: VirtualRouter) -> None:
    hub.faults.add("vanish", "/ip/pool")
    with Wire(hub.port) as wire:
        wire.login()
        wire.send(ADD, ["/system/identity/print"])
        wire.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            wire.receive()
    assert names(hub) == []


def test_a_trap_refuses_without_effect(hub: VirtualRouter) -> None:
    hub.faults.add("trap", "/ip/pool/add", message="action timed out (13)")
    with Wire(hub.port) as wire:
        wire.login()
        assert wire.ask(*ADD, ".tag=1") == [["!trap", "=message=action timed out (13)", ".tag=1"], ["!done", ".tag=1"]]
        assert wire.ask(*ADD)[0][0] == "!done"


def test_a_lost_reply_hides_that_the_command_took_effect(hub: VirtualRouter) -> None:
    hub.faults.add("lost", "/ip/pool/add")
    with Wire(hub.port) as wire:
        wire.login()
        wire.send(ADD)
        assert wire.ask("/system/identity/print")[-1] == ["!done"]
    assert names(hub) == ["p"]


def test_garbage_is_no_sentence(hub: VirtualRouter) -> None:
    hub.faults.add("garbage", "/ip/pool/print")
    with Wire(hub.port) as wire:
        wire.login()
        wire.send(["/ip/pool/print"])
        assert wire.socket.recv(1) == b"\xff"


def test_a_fault_counts_commands(hub: VirtualRouter) -> None:
    hub.faults.add("trap", "/ip/pool/print", skip=1, times=2)
    with Wire(hub.port) as wire:
        wire.login()
        heads = [wire.ask("/ip/pool/print")[0][0] for _ in range(5)]
    assert heads == ["!empty", "!trap", "!trap", "!empty", "!empty"]


@pytest.mark.parametrize("executed", [False, True])
def test_a_cancelled_command_says_that_it_was_interrupted(hub: VirtualRouter, executed: bool) -> None:
    hub.faults.add("stall", "/ip/pool/add", executed=executed)
    with Wire(hub.port) as wire:
        wire.login()
        wire.send([*ADD, ".tag=slow"], ["/system/identity/print", ".tag=quick"])
        assert wire.receive()[-1] == ["!done", ".tag=quick"]
        interrupted = ["!trap", "=category=2", "=message=interrupted", ".tag=slow"]
        wire.send(["/cancel", "=tag=slow", ".tag=c"])
        assert wire.receive(2) == [interrupted, ["!done", ".tag=c"], ["!done", ".tag=slow"]]
    assert names(hub) == (["p"] if executed else [])


def test_a_cancel_without_a_tag_ends_all_that_runs(hub: VirtualRouter) -> None:
    hub.faults.add("stall", "/ip/pool/print", times=2)
    with Wire(hub.port) as wire:
        wire.login()
        wire.send(["/ip/pool/print", ".tag=1"], ["/ip/pool/print", ".tag=2"], ["/cancel", ".tag=c"])
        replies = wire.receive(3)
    assert {sentence[-1] for sentence in replies if sentence[0] == "!trap"} == {".tag=1", ".tag=2"}


def test_a_cancel_of_nothing_is_done(hub: VirtualRouter) -> None:
    with Wire(hub.port) as wire:
        wire.login()
        assert wire.ask("/cancel", "=tag=none", ".tag=c") == [["!done", ".tag=c"]]


def test_a_stalled_command_answers_in_the_end(hub: VirtualRouter) -> None:
    hub.faults.add("stall", "/ip/pool/add", seconds=0.05)
    with Wire(hub.port) as wire:
        wire.login()
        assert wire.ask(*ADD) == [["!done", "=ret=*1"]]


def test_a_round_trip_takes_at_least_its_latency() -> None:
    with serve([Spec("far", tls_port=None, latency=0.1)]) as lab, Wire(lab["far"].port) as wire:
        wire.login()
        begun = time.monotonic()
        wire.send(*(["/ip/pool/print", f".tag={n}"] for n in range(8)))
        wire.receive(8)
        assert time.monotonic() - begun >= 0.1


def test_each_command_costs_its_own_time() -> None:
    with serve([Spec("slow", tls_port=None, per_command=0.03)]) as lab, Wire(lab["slow"].port) as wire:
        wire.login()
        begun = time.monotonic()
        wire.send(*(["/ip/pool/print", f".tag={n}"] for n in range(5)))
        wire.receive(5)
        assert time.monotonic() - begun >= 0.15


def test_many_routers_share_a_process_and_nothing_else() -> None:
    with serve([Spec("a", tls_port=None), Spec("b", address="127.0.0.2", tls_port=None)]) as lab:
        lab["a"].router.execute(ADD)
        assert (names(lab["a"]), names(lab["b"])) == (["p"], [])
        assert set(lab) == {"a", "b"}


def test_an_address_that_is_taken_is_an_error_and_leaves_nothing_open() -> None:
    with serve([Spec("a", tls_port=None)]) as lab:
        taken = lab["a"].port
        with pytest.raises(OSError, match="address already in use"), serve([Spec("b", port=taken, tls_port=None)]):
            pytest.fail("a port cannot be had twice")


def test_a_lab_ends_with_clients_still_connected(hub: VirtualRouter) -> None:
    lab: Lab
    with serve([Spec("x", tls_port=None)]) as lab:
        wire = Wire(lab["x"].port)
        wire.login()
    assert wire.receive() == []
    wire.socket.close()
