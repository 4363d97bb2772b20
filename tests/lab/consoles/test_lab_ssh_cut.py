"""Consoles are cut and mended as the API's connections are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from console_client import CTRL_X, press, terminal, wait_until_left
from lab_manager import DROP, MANAGER, MEND, SEED, answers, by_hand, wait_until

from trueup.lab import Spec, VirtualRouter, serve

PROMPT = r"\] (?:<SAFE> |> )$"


@pytest.fixture
def hub() -> Iterator[VirtualRouter]:
    with serve([Spec("hub", "7.23", port=None, tls_port=None, ssh_port=0, seed=SEED, manager=MANAGER)]) as lab:
        yield lab["hub"]


def name(hub: VirtualRouter) -> str:
    return hub.rows("/system/identity")[0]["name"]


def test_keys_pressed_into_the_cut_arrive_once_it_is_mended(hub: VirtualRouter) -> None:
    with terminal(hub) as console:
        by_hand(hub, *DROP)
        console.write_channel("/system identity set name=late\r\n")
        assert answers(hub, hub.ssh_port) == "nothing"
        assert (name(hub), console.read_channel()) == ("MikroTik", "")
        by_hand(hub, *MEND)
        wait_until(lambda: name(hub) == "late")
        press(console, "\r\n", PROMPT)
    assert answers(hub, hub.ssh_port) == "open"


def test_a_hold_of_a_console_that_is_cut_ends_after_nine_minutes(hub: VirtualRouter) -> None:
    with terminal(hub) as console:
        press(console, CTRL_X, PROMPT)
        press(console, "/system identity set name=mine\r\n", r"mine\]")
        console.write_channel("/ip firewall filter add chain=input action=drop place-before=0\r\n")
        wait_until(lambda: answers(hub, hub.ssh_port) == "nothing")
        hub.router.advance(530)
        assert (name(hub), len(hub.rows("/user/active"))) == ("mine", 1)
        hub.router.advance(11)
        assert (name(hub), answers(hub, hub.ssh_port)) == ("MikroTik", "open")
    wait_until_left(hub)


def test_a_hold_that_is_heard_of_in_time_stays(hub: VirtualRouter) -> None:
    with terminal(hub) as console:
        press(console, CTRL_X, PROMPT)
        by_hand(hub, *DROP)
        hub.router.advance(530)
        by_hand(hub, *MEND)
        hub.router.advance(1000)
        assert hub.rows("/safe-mode")[0]["enabled"] == "true"
        press(console, "\r\n", PROMPT)


def test_a_disabled_service_refuses_new_consoles(hub: VirtualRouter) -> None:
    with terminal(hub) as console:
        press(console, "/ip service disable ssh\r\n", PROMPT)
        assert answers(hub, hub.ssh_port) == "refused"
        press(console, "/ip service enable ssh\r\n", PROMPT)
        assert answers(hub, hub.ssh_port) == "open"
