"""What a router tells of itself: in every version, in its own formats, and from routers that tell less or refuse."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from scripted_router import Peer, session
from test_on_virtual_router import spec, with_router

from trueup.device import Lost
from trueup.device.preflight import clock_of, preflight, size
from trueup.lab import User
from trueup.risk import schedules
from trueup.risk.found import Found, SafeMode

SAID = {
    "/user/print": [{"name": "trueup", "group": "robots"}],
    "/user/group/print": [
        {"name": "full", "policy": "local,write"},
        {"name": "robots", "policy": "read,write,api,!ftp,!sensitive"},
    ],
    "/system/device-mode/print": [{"mode": "home", "hotspot": "no", "flagged": "no"}],
    "/system/resource/print": [{"free-hdd-space": "1048576"}],
    "/system/clock/print": [{"date": "2026-11-28", "time": "12:00:00", "gmt-offset": "+02:00"}],
    "/safe-mode/print": [{"enabled": "true", "user": "admin", "owner": "console", "current": "false"}],
    "/system/scheduler/print": [{"name": "backup"}, {"name": "trueup-undo-1a2b"}],
}


def told(
    said: dict[str, list[dict[str, str]]], lacking: str = "no such command prefix"
) -> tuple[Found, list[list[str]]]:
    """What is found on a router that says this, and refuses everything else; and what it heard."""
    heard: list[list[str]] = []

    async def script(peer: Peer) -> None:
        while True:
            path, tag, words = await peer.command()
            heard.append([path, *words])
            if path == "/system/history/print":
                peer.done(tag, "=ret=17")
            elif path in said:
                for row in said[path]:
                    peer.say("!re", f".tag={tag}", *(f"={name}={value}" for name, value in row.items()))
                peer.done(tag)
            else:
                peer.say("!trap", f".tag={tag}", f"=message={lacking}")
                peer.done(tag)

    async def go() -> Found:
        async with session(script) as (opened, _):
            return await preflight(opened, "trueup")

    return asyncio.run(asyncio.wait_for(go(), 20)), heard


def test_everything_is_read_in_one_pass():
    found, heard = told(SAID)
    assert found == Found(
        user="trueup",
        group="robots",
        policies=frozenset({"read", "write", "api"}),
        device_mode={"mode": "home", "hotspot": "no", "flagged": "no"},
        free=1048576,
        clock=datetime(2026, 11, 28, 10, tzinfo=UTC),
        safe_mode=SafeMode("admin", "console", own=False),
        schedulers=("trueup-undo-1a2b",),
        history=17,
    )
    assert len(heard) == 8
    assert all("password" not in word for words in heard for word in words)


@pytest.mark.parametrize("lacking", ["no such command prefix", "not enough permissions (9)"])
def test_what_a_router_lacks_or_refuses_is_left_out(lacking):
    found, _ = told({}, lacking)
    assert found == Found(user="trueup", history=17)


def test_a_router_that_is_lost_is_no_router_that_lacks_something():
    async def script(peer: Peer) -> None:
        await peer.command()

    async def go() -> None:
        async with session(script) as (opened, _):
            with pytest.raises(Lost):
                await preflight(opened, "trueup")

    asyncio.run(asyncio.wait_for(go(), 20))


@pytest.mark.parametrize("version", ["7.24", "7.16", "7.9", "6.49"])
def test_virtual_routers_of_every_version_tell_what_they_have(version):
    async def client(opened, served):
        return await preflight(opened, "trueup")

    found = with_router(client, spec(version=version))
    assert found.group == "full"
    assert {"write", "sensitive"} <= (found.policies or set())
    assert found.clock is not None
    assert abs(found.clock - datetime.now(UTC)) < timedelta(seconds=30)
    assert found.free is None or found.free > 0
    assert (found.safe_mode, found.schedulers) == (None, ())


def test_a_small_boxs_device_mode_and_disk_are_told():
    async def client(opened, served):
        return await preflight(opened, "trueup")

    found = with_router(client, spec(device_mode={"mode": "home", "hotspot": "yes"}, free_space=20000))
    assert found.device_mode["mode"] == "home"
    assert found.device_mode["hotspot"] in ("yes", "true")
    assert schedules(found, "7.24") == "device-mode home does not allow the scheduler"
    assert found.free is not None
    assert found.free <= 20000


def test_a_user_with_few_policies_reads_what_it_may():
    seed = {"/user/group": [{"name": "looker", "policy": "read,api,!write,!policy,!sensitive"}]}

    async def client(opened, served):
        return await preflight(opened, "eyes")

    eyes = spec(seed=seed, users=(User("eyes", "canary-correct-horse", "looker"),))
    found = with_router(client, eyes, username="eyes")
    assert found.policies == frozenset({"read", "api"})


def test_safe_mode_that_the_session_holds_is_its_own():
    async def client(opened, served):
        await opened.talk(["/safe-mode/take"])
        return await preflight(opened, "trueup")

    held = with_router(client).safe_mode
    assert held is not None
    assert held.own


@pytest.mark.parametrize(
    ("date", "time", "offset", "clock"),
    [
        ("2026-01-31", "23:30:00", "+00:00", "2026-01-31 23:30"),
        ("2026-01-31", "23:30:00", "-03:30", "2026-02-01 03:00"),
        ("jan/31/2026", "01:00:00", "+02:00", "2026-01-30 23:00"),
        ("jan/02/1970", "00:00:10", "+00:00", "1970-01-02 00:00"),
        ("2026-01-31", "23:30:00", "", None),
        ("", "", "+00:00", None),
        ("tomorrow", "noon", "+00:00", None),
    ],
)
def test_the_clock_in_every_form(date, time, offset, clock):
    found = clock_of({"date": date, "time": time, "gmt-offset": offset})
    assert (f"{found:%Y-%m-%d %H:%M}" if found else None) == clock


@pytest.mark.parametrize(
    ("text", "bytes"),
    [("0", 0), ("1048576", 1 << 20), ("9.5MiB", 9961472), ("12 KiB", 12288), ("", None), ("plenty", None)],
)
def test_sizes_in_every_form(text, bytes):
    assert size(text) == bytes
