"""Safe mode at a router's console: held while the API writes, and never a doubt about what became of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.device import Console, ConsoleTarget, open_console
from trueup.device.console_words import said, standing
from trueup.errors import RouterError
from trueup.lab import Spec, User, VirtualRouter, serve
from trueup.row import Secret

PASSWORD = "s3cret"
Story = Callable[[Console], Awaitable[Any]]


@pytest.fixture(params=["6.49.13", "7.9", "7.16"])
def hub(request: pytest.FixtureRequest) -> Iterator[VirtualRouter]:
    with serving(request.param) as hub:
        yield hub


@pytest.fixture
def old() -> Iterator[VirtualRouter]:
    with serving("6.49.13") as hub:
        yield hub


@contextmanager
def serving(version: str) -> Iterator[VirtualRouter]:
    groups = {"/user/group": [{"name": "reader", "policy": "ssh,read"}]}
    users = (User("reader", PASSWORD, "reader"), User("blank", ""))
    spec = Spec("hub", version=version, tls_port=None, ssh_port=0, password=PASSWORD, seed=groups, users=users)
    with serve([spec]) as lab:
        yield lab["hub"]


def target(hub: VirtualRouter, **changes: Any) -> ConsoleTarget:
    found = ConsoleTarget("edge-1", "127.0.0.1", hub.ssh_port, "admin", Secret(PASSWORD), hub.host_key, 20.0)
    return replace(found, **changes)


def play(hub: VirtualRouter, story: Story, **changes: Any) -> Any:
    async def go() -> Any:
        async with asyncio.timeout(60), open_console(target(hub, **changes)) as console:
            return await story(console)

    return asyncio.run(go())


def refused(hub: VirtualRouter, story: Story, **changes: Any) -> str:
    with pytest.raises(RouterError) as caught:
        play(hub, story, **changes)
    return str(caught.value)


async def nothing(console: Console) -> None:
    return None


def rename(hub: VirtualRouter, name: str) -> None:
    """As the API would."""
    assert hub.router.execute(["/system/identity/set", f"=name={name}"])[-1] == ["!done"]


def name(hub: VirtualRouter) -> str:
    return hub.rows("/system/identity")[0]["name"]


def held(hub: VirtualRouter) -> bool:
    return hub.router.safe_mode.holder is not None


def wait_until_left(hub: VirtualRouter) -> None:
    until = time.monotonic() + 20
    while hub.rows("/user/active"):
        assert time.monotonic() < until
        time.sleep(0.002)


def test_what_the_api_writes_meanwhile_is_kept_by_a_release(hub: VirtualRouter) -> None:
    async def story(console: Console) -> list[bool]:
        seen = [await console.held()]
        await console.take()
        await console.take()
        seen += [await console.held(), held(hub)]
        rename(hub, "kept")
        await console.release()
        return [*seen, await console.held(), held(hub)]

    assert play(hub, story) == [False, True, True, False, False]
    wait_until_left(hub)
    hub.router.advance(10_000)
    assert name(hub) == "kept"


def test_an_unroll_undoes_it_at_once_and_ends_the_session(hub: VirtualRouter) -> None:
    async def story(console: Console) -> tuple[bool, str, str]:
        await console.take()
        rename(hub, "mine")
        await console.unroll()
        with pytest.raises(RouterError) as again:
            await console.unroll()
        return await console.held(), name(hub), str(again.value)

    assert play(hub, story) == (False, "MikroTik", f"edge-1 (127.0.0.1:{hub.ssh_port}): the console is closed")
    assert not held(hub)


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_not_released_is_undone(old: VirtualRouter, fails: bool) -> None:
    async def story(console: Console) -> None:
        await console.take()
        rename(old, "mine")
        if fails:
            raise KeyError

    if fails:
        with pytest.raises(KeyError):
            play(old, story)
    else:
        play(old, story)
    wait_until_left(old)
    old.router.advance(3)
    assert (name(old), held(old)) == ("MikroTik", False)


def test_a_hold_of_another_session_is_left_alone(hub: VirtualRouter) -> None:
    async def story(first: Console) -> str:
        await first.take()
        rename(hub, "theirs")
        async with open_console(target(hub)) as second:
            with pytest.raises(RouterError) as caught:
                await second.take()
            assert not await second.held()
        assert await first.held()
        await first.release()
        return str(caught.value)

    told = play(hub, story)
    assert "another session holds safe mode" in told
    assert "Hijacking Safe Mode from someone" in told
    assert name(hub) == "theirs"


def test_what_comes_to_the_screen_unasked_is_no_answer(old: VirtualRouter) -> None:
    async def story(console: Console) -> list[bool]:
        await console.take()
        seen = []
        for number in range(5):
            with old.router.lock:
                old.router.presence.refuse(old.router.now, f"stranger-{number}", "192.0.2.9", "ssh")
            seen.append(await console.held())
        rename(old, "kept")
        with old.router.lock:
            old.router.presence.refuse(old.router.now, "stranger", "192.0.2.9", "ssh")
        await console.release()
        return seen

    assert play(old, story) == [True] * 5
    assert (name(old), held(old)) == ("kept", False)


def test_a_hold_that_was_taken_over_is_not_released_again(old: VirtualRouter) -> None:
    async def story(console: Console) -> str:
        await console.take()
        with old.router.lock:
            old.router.safe_mode.end(undo=True)
        with pytest.raises(RouterError) as caught:
            await console.release()
        assert not held(old)
        return str(caught.value)

    assert "safe mode is no longer held by this console" in play(old, story)


def test_the_hundred_and_first_change_is_noticed(old: VirtualRouter) -> None:
    async def story(console: Console) -> str:
        await console.take()
        for number in range(101):
            rename(old, f"n{number}")
        with pytest.raises(RouterError) as caught:
            await console.unroll()
        return str(caught.value)

    assert "no longer held" in play(old, story)
    assert name(old) == "n100"


@pytest.mark.parametrize(("kind", "key"), [("drop", "ctrl-x"), ("vanish", "ctrl-x"), ("drop", "ctrl-d")])
def test_a_line_that_is_lost_is_told_in_bounded_time(old: VirtualRouter, kind: Any, key: str) -> None:
    async def story(console: Console) -> bool:
        if key == "ctrl-x":
            old.faults.add(kind, key)
            with pytest.raises(RouterError):
                await console.take()
        else:
            await console.take()
            old.faults.add(kind, key)
            await console.unroll()
        return await console.held()

    started = time.monotonic()
    assert play(old, story, timeout=1.5) is False
    assert time.monotonic() - started < 25
    old.router.advance(3)
    assert not held(old)


def test_a_line_that_died_while_it_held_is_safe_to_use_and_to_close(old: VirtualRouter) -> None:
    async def story(console: Console) -> tuple[bool, str]:
        await console.take()
        rename(old, "mine")
        old.faults.add("drop", "ctrl-x")
        with pytest.raises(RouterError) as caught:
            await console.release()
        return await console.held(), str(caught.value)

    answered, told = play(old, story)
    assert not answered
    assert "the console is lost" in told
    wait_until_left(old)
    old.router.advance(3)
    assert name(old) == "MikroTik"


@pytest.mark.parametrize("pinned", ["", "SHA256:" + "A" * 43])
def test_another_host_key_is_refused_before_the_password_is_sent(old: VirtualRouter, pinned: str) -> None:
    told = refused(old, nothing, host_key=pinned)
    assert f"edge-1 (127.0.0.1:{old.ssh_port}): its SSH host key is not known: " in told
    assert (f"expected {pinned}, got {old.host_key}" if pinned else f"it showed {old.host_key}") in told
    assert f'pin it with `connect: {{ssh: {{host-key: "{old.host_key}"}}}}`' in told
    assert old.rows("/log") == []


def test_each_way_not_to_get_in_says_what_to_do(old: VirtualRouter) -> None:
    told = refused(old, nothing, password=Secret("wrong"))
    assert "refuses the login over SSH; correct `username` and `password`" in told
    assert "wrong" not in told
    assert "is no fingerprint of a host key" in refused(old, nothing, host_key="MD5:11:22")
    assert "no SSH server answers within 0.5 s" in refused(old, nothing, port=old.port, timeout=0.5)
    assert "no SSH server answers" in refused(old, nothing, port=1)
    assert "no SSH server answers" in refused(old, nothing, host="router.invalid")
    old.router.wedged = True
    assert "the console shows no prompt within 2 s" in refused(old, nothing, timeout=2.0)
    assert any(isinstance(each, logging.NullHandler) for each in logging.getLogger("paramiko").handlers)


def test_a_user_who_may_not_write_is_told(old: VirtualRouter) -> None:
    told = refused(old, lambda console: console.take(), username="reader")
    assert "safe mode was not taken: not enough permissions (9); the user needs the policy `write`" in told


def test_a_console_that_comes_too_late_is_hung_up(old: VirtualRouter) -> None:
    old.latency = 0.6  # a user without a password is asked for one, and the answer takes its time

    async def go() -> None:
        console = Console(target(old, username="blank", password=Secret("")))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.4):
                await console.open()
        await console.close()

    asyncio.run(go())
    until = time.monotonic() + 20
    while not any("logged out" in row["message"] for row in old.rows("/log")):
        assert time.monotonic() < until
        time.sleep(0.005)


def test_a_cancelled_request_hangs_up(old: VirtualRouter) -> None:
    async def story(console: Console) -> None:
        old.faults.add("vanish", "ctrl-x")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await console.take()

    started = time.monotonic()
    play(old, story)
    assert time.monotonic() - started < 20
    wait_until_left(old)


@pytest.mark.parametrize(
    ("screen", "stands"),
    [
        ("[admin@R] > ", "plain"),
        ("[admin@R] <SAFE> ", "safe"),
        ("[admin@R] <SAFE>", "safe"),
        ("\n[admin@R] /ip/address<SAFE> ", "safe"),
        ("[admin@R] /ip address> ", "plain"),
        ("[admin@a]b] > ", "plain"),
        ("Releasing Safe Mode... Success!\n\n[admin@R] > \nSafe Mode released", "plain"),
        ("[admin@R] <SAFE> \n[Safe Mode released]\n", "unknown"),
        ("Hijacking Safe Mode from someone - unroll/release/don't take it [u/r/d]: ", "asked"),
        ("Unroll, release or abort [u/r]? ", "asked"),
        ("Unroll, release or abort [u/r]? Action aborted.\n[admin@R] > ", "plain"),
        ("Quitting will unroll changes. Quit? [y/N]: ", "asked"),
        ("loading", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_end_of_a_screen_tells_where_a_console_stands(screen: str, stands: str) -> None:
    assert standing(screen) == stands


@given(st.text())
def test_any_screen_is_read(screen: str) -> None:
    assert standing(screen) in ("safe", "plain", "asked", "unknown")
    assert "\n" not in said(screen)
