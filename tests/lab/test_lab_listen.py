"""What `listen` depends on besides rows: who asks, who changes, how long words take, and how it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from lab_client import Wire

from trueup.lab import Spec, User, serve
from trueup.lab.server import VirtualRouter

ADD = ["/ip/pool/add", "=name=p", "=ranges=10.0.0.1"]
USERS = (User("anna", "a"), User("nobody", "n", "none"), User("reader", "r", "readers"))
GROUPS = [{"name": "readers", "policy": "api,read"}, {"name": "none", "policy": "api"}]


@pytest.fixture
def hub() -> Iterator[VirtualRouter]:
    seed = {"/user/group": GROUPS}
    with serve([Spec("hub", tls_port=None, users=USERS, seed=seed)]) as lab:
        yield lab["hub"]


def listening(wire: Wire, name: str, password: str, *words: str) -> None:
    """Log in and begin; the login that follows shows that it has begun, for commands are taken as they come."""
    wire.login(name, password)
    wire.send([*words, ".tag=l"])
    wire.ask("/login", f"=name={name}", f"=password={password}")


def test_others_changes_are_told(hub: VirtualRouter) -> None:
    with Wire(hub.port) as wire, Wire(hub.port) as other:
        listening(wire, "admin", "", "/ip/pool/listen", "=.proplist=name")
        other.login("anna", "a")
        other.ask(*ADD)
        assert wire.sentence() == ["!re", "=name=p", ".tag=l"]
        hub.done_by("anna", "/ip/pool/set", "=.id=p", "=name=q")
        assert wire.sentence() == ["!re", "=name=q", ".tag=l"]


def test_the_read_policy_is_needed(hub: VirtualRouter) -> None:
    with Wire(hub.port) as wire:
        wire.login("nobody", "n")
        assert wire.ask("/ip/pool/listen") == [["!trap", "=message=not enough permissions (9)"], ["!done"]]


def test_secrets_are_asterisks_for_those_who_may_not_see_them(hub: VirtualRouter) -> None:
    with Wire(hub.port) as wire:
        listening(wire, "reader", "r", "/ppp/secret/listen", "=.proplist=name,password")
        hub.done_by("anna", "/ppp/secret/add", "=name=guest", "=password=canary")
        assert wire.sentence() == ["!re", "=name=guest", "=password=*****", ".tag=l"]


def test_news_takes_half_a_round_trip(hub: VirtualRouter) -> None:
    with Wire(hub.port) as wire:
        listening(wire, "admin", "", "/ip/pool/listen", "=.proplist=name")
        hub.latency = 0.2
        begun = time.monotonic()
        hub.done_by("anna", *ADD)
        assert wire.sentence()[1] == "=name=p"
        assert time.monotonic() - begun > 0.099


def test_nothing_more_is_heard_from_a_router_that_vanished(hub: VirtualRouter) -> None:
    hub.faults.add("vanish", "/system/identity/print")
    with Wire(hub.port) as wire:
        listening(wire, "admin", "", "/ip/pool/listen")
        wire.send(["/system/identity/print"])
        wire.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            wire.receive()
        hub.done_by("anna", *ADD)
        with pytest.raises(TimeoutError):
            wire.receive()


def test_a_connection_that_ends_listens_no_more(hub: VirtualRouter) -> None:
    with Wire(hub.port) as wire:
        listening(wire, "admin", "", "/ip/pool/listen")
        assert len(hub.router.watchers) == 1
    deadline = time.monotonic() + 3
    while hub.router.watchers and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not hub.router.watchers


def test_the_history_tells_who_did_what(hub: VirtualRouter) -> None:
    with Wire(hub.port) as wire:
        wire.login("anna", "a")
        wire.ask("/system/identity/set", "=name=renamed")
    hub.done_by("bela", *ADD)
    told = ("action", "by", "undo", "redo")
    rows = [{name: row[name] for name in told} for row in hub.rows("/system/history")[:2]]
    assert rows == [
        {"action": "pool added", "by": "bela", "undo": "/ip pool remove *1",
         "redo": "/ip pool add name=p ranges=10.0.0.1"},
        {"action": "identity changed", "by": "anna", "undo": "/system identity set name=MikroTik",
         "redo": "/system identity set name=renamed"},
    ]  # fmt: skip


def test_what_is_refused_to_others_raises(hub: VirtualRouter) -> None:
    with pytest.raises(ValueError, match="no such item"):
        hub.done_by("anna", "/ip/pool/remove", "=.id=*99")
