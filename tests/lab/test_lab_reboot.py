"""A reboot takes its time: everyone is refused meanwhile, and the router begins anew."""

from __future__ import annotations

import pytest
from lab_client import Wire
from lab_manager import DROP, MANAGER, SEED, answers, by_hand, silent, wait_until

from trueup.lab import Router, Spec, serve

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


def test_what_came_with_a_reboot_is_not_heard_by_the_router_that_is_up_again() -> None:
    with serve([Spec("hub", tls_port=None, seed=SEED)]) as lab:
        hub = lab["hub"]
        with Wire(hub.port) as wire:
            wire.login()
            before = len(hub.rows("/ip/pool"))
            hub.faults.add("reboot", skip=1)
            wire.send(*(["/ip/pool/add", f"=name=p{n}", f"=ranges=10.9.{n}.2-10.9.{n}.9"] for n in range(4)))
            wire.receive(4)
            assert wire.ended
        assert len(hub.rows("/ip/pool")) - before == 1


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
            by_hand(hub, "/ip/firewall/filter/remove", "=.id=*1")  # the rule's number since the reboot
            with pytest.raises(ConnectionResetError):
                wire.receive()


@pytest.mark.parametrize("fresh", [True, False])
def test_ids_of_rows_without_names_are_for_one_start(fresh: bool) -> None:
    router = Router(Spec("hub", seed=SEED, fresh_ids=fresh))
    router.execute(DROP)
    assert [row[".id"] for row in router.rows("/ip/firewall/filter")] == ["*4", "*1", "*2", "*3"]
    names = router.rows("/ip/service")
    router.restart()
    assert [row[".id"] for row in router.rows("/ip/firewall/filter")] == (
        ["*1", "*2", "*3", "*4"] if fresh else ["*4", "*1", "*2", "*3"]
    )
    assert router.rows("/ip/service") == names
    assert router.execute([*DROP[:-1]])[0] == ["!done", "=ret=*5"]


def test_timed_entries_go_at_their_moment_and_with_a_reboot() -> None:
    router = Router(Spec("hub"))
    add = ["/ip/firewall/address-list/add", "=list=a"]
    for address, timeout in (("10.0.0.1", ["=timeout=1m"]), ("10.0.0.2", ["=timeout=1h"]), ("10.0.0.3", [])):
        router.execute([*add, f"=address={address}", *timeout])
    router.advance(59)
    assert len(router.rows("/ip/firewall/address-list")) == 3
    router.advance(2)
    assert [row["address"] for row in router.rows("/ip/firewall/address-list")] == ["10.0.0.2", "10.0.0.3"]
    router.advance(3600)
    assert [row["address"] for row in router.rows("/ip/firewall/address-list")] == ["10.0.0.3"]
    router.execute([*add, "=address=10.0.0.4", "=timeout=1m"])
    router.restart()
    router.advance(100)
    assert [row["address"] for row in router.rows("/ip/firewall/address-list")] == ["10.0.0.3"]


def test_a_timed_entry_that_let_the_manager_in_cuts_it_when_it_goes() -> None:
    with serve([Spec("hub", tls_port=None, seed=SEED, manager=MANAGER)]) as lab:
        hub = lab["hub"]
        by_hand(hub, "/ip/firewall/address-list/add", "=list=managers", "=address=10.9.9.9", "=timeout=5m")
        by_hand(hub, "/ip/firewall/filter/set", "=.id=*2", "=src-address-list=managers")
        assert answers(hub) == "open"
        hub.router.advance(301)
        assert answers(hub) == "nothing"


def test_power_that_goes_is_heard_of_only_when_it_comes_back() -> None:
    with serve([Spec("hub", tls_port=None)]) as lab:
        hub = lab["hub"]
        with Wire(hub.port) as wire:
            wire.login()
            hub.cut_power(30)
            assert silent(wire)
            assert answers(hub) == "nothing"
            hub.router.advance(31)
            with pytest.raises(ConnectionResetError):
                wire.receive()
        assert answers(hub) == "open"
