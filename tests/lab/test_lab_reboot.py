"""A reboot takes its time: everyone is refused meanwhile, and the router begins anew."""

from __future__ import annotations

import pytest
from lab_client import Wire
from lab_manager import DROP, MANAGER, SEED, answers, by_hand, silent, wait_until

from trueup.lab import Spec, serve

DONE = [["!done"]]


def test_everyone_is_refused_until_it_is_up_again() -> None:
    with serve([Spec("hub", tls_port=None, boot_time=40)]) as lab:
        hub = lab["hub"]
        with Wire(hub.port) as wire:
            wire.login()
            hub.router.advance(1000)
            assert wire.ask("/system/reboot") == []
        wait_until(lambda: answers(hub) == "refused")
        hub.router.advance(39)
        assert answers(hub) == "refused"
        hub.router.advance(2)
        with Wire(hub.port) as wire:
            assert wire.login() == DONE
            assert int(hub.rows("/system/resource")[0]["uptime"].rstrip("s")) < 10


def test_time_that_passes_by_itself_is_enough() -> None:
    with serve([Spec("hub", tls_port=None)]) as lab:
        lab["hub"].reboot(0.2)
        assert answers(lab["hub"]) == "refused"
        wait_until(lambda: answers(lab["hub"]) == "open")


def test_what_waits_for_a_start_runs_when_it_is_up_and_not_before() -> None:
    with serve([Spec("hub", version="7.23", tls_port=None)]) as lab:
        hub = lab["hub"]
        job = ["/system/scheduler/add", "=name=boot", "=start-time=startup", "=on-event=/system note set note=up"]
        by_hand(hub, *job)
        hub.reboot(60)
        hub.router.advance(61)
        assert hub.rows("/system/note")[0]["note"] == ""
        hub.router.advance(5)
        assert hub.rows("/system/note")[0]["note"] == "up"


def test_a_client_that_was_cut_off_hears_of_the_reboot_when_it_is_let_in_again() -> None:
    with serve([Spec("hub", tls_port=None, seed=SEED, manager=MANAGER)]) as lab:
        hub = lab["hub"]
        with Wire(hub.port) as wire:
            wire.login()
            wire.send(DROP)
            assert silent(wire)
            hub.reboot(5)
            assert silent(wire)
            hub.router.advance(10)
            assert silent(wire)
            by_hand(hub, "/ip/firewall/filter/remove", "=.id=*4")
            with pytest.raises(ConnectionResetError):
                wire.receive()
