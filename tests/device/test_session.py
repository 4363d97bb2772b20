"""A session: many commands at once, each with its own reply, whatever the router or the line does."""

from __future__ import annotations

import asyncio

import pytest
from scripted_router import Peer, pack, session

from trueup.device import mux
from trueup.device.faults import Lost, Refused, TimedOut, Trap
from trueup.device.words import Hidden


def run(script, client):
    async def both():
        async with session(script) as (opened, router):
            return await client(opened, router)

    return asyncio.run(asyncio.wait_for(both(), 20))


def test_a_reply_has_its_rows_and_its_returned_id():
    async def script(peer: Peer):
        _, tag, words = await peer.command()
        assert words == ["=name=x"]
        peer.say("!re", f".tag={tag}", "=name=yes", "=comment=12")
        peer.done(tag, "=ret=*1A")

    async def client(opened, router):
        reply = await opened.talk(["/ip/pool/add", "=name=x"])
        assert reply.rows == [{"name": "yes", "comment": "12"}]
        assert reply.ret == "*1A"

    run(script, client)


def test_interleaved_replies_reach_the_commands_they_belong_to():
    async def script(peer: Peer):
        tags = {(await peer.command())[0]: peer.heard[-1][-1][5:] for _ in range(3)}
        for round in range(2):
            for path, tag in reversed(tags.items()):
                peer.say("!re", f"=name={path}-{round}", f".tag={tag}")
        for tag in tags.values():
            peer.done(tag)

    async def client(opened, router):
        paths = ["/a/print", "/b/print", "/c/print"]
        replies = await asyncio.gather(*(opened.talk([path]) for path in paths))
        assert [[row["name"] for row in reply.rows] for reply in replies] == [[f"{p}-0", f"{p}-1"] for p in paths]

    run(script, client)


def test_eight_commands_are_in_flight_and_the_window_slides():
    seen = []

    async def script(peer: Peer):
        waiting = []
        for n in range(20):
            _, tag, _ = await peer.command()
            waiting.append(tag)
            if len(waiting) == 8 or n >= 8:
                seen.append(len(waiting))
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(peer.reader.read(1), 0.02)
                peer.done(waiting.pop(0))
        for tag in waiting:
            peer.done(tag)

    async def client(opened, router):
        await asyncio.gather(*(opened.talk([f"/n{n}"]) for n in range(20)))

    run(script, client)
    assert set(seen) == {8}


def test_no_rows_may_be_said_with_empty():
    async def script(peer: Peer):
        _, tag, _ = await peer.command()
        peer.say("!empty", f".tag={tag}")
        peer.done(tag)

    async def client(opened, router):
        assert (await opened.talk(["/ip/pool/print"])).rows == []

    run(script, client)


def test_all_traps_of_a_refusal_are_told_and_the_session_goes_on():
    async def script(peer: Peer):
        _, tag, _ = await peer.command()
        peer.say("!trap", "=category=0", "=message=no such command or directory (routerboard)", f".tag={tag}")
        peer.say("!trap", "=message=no such command prefix", f".tag={tag}")
        peer.done(tag)
        _, tag, _ = await peer.command()
        peer.done(tag)

    async def client(opened, router):
        with pytest.raises(Refused) as caught:
            await opened.talk(["/system/routerboard/print"])
        assert caught.value.traps == (
            Trap("no such command or directory (routerboard)", 0),
            Trap("no such command prefix", None),
        )
        assert caught.value.absent
        assert "edge-1 (127.0.0.1" in str(caught.value)
        assert "/system/routerboard/print" in str(caught.value)
        await opened.talk(["/ip/pool/print"])

    run(script, client)


def test_a_secret_that_the_router_repeats_is_not_shown():
    async def script(peer: Peer):
        _, tag, words = await peer.command()
        assert words == ["=password=hunter2"]
        peer.say("!trap", "=message=value hunter2 of password is too short", f".tag={tag}")
        peer.done(tag)

    async def client(opened, router):
        with pytest.raises(Refused, match="of password is too short") as caught:
            await opened.talk(["/user/add", Hidden("=password=hunter2")])
        assert "hunter2" not in str(caught.value)
        assert "hunter2" not in repr(caught.value.traps)

    run(script, client)


def fatal(peer: Peer, tag: str) -> None:
    peer.say("!fatal", "not logged in")


def hang_up(peer: Peer, tag: str) -> None:
    peer.writer.close()


def hang_up_inside(peer: Peer, tag: str) -> None:
    peer.writer.write(pack("!re", f".tag={tag}", "=name=x")[:-4])
    peer.writer.close()


def talk_nonsense(peer: Peer, tag: str) -> None:
    peer.writer.write(b"\xff\xfe nonsense")


def answer_what_was_not_asked(peer: Peer, tag: str) -> None:
    peer.done("9999")


def answer_without_a_tag(peer: Peer, tag: str) -> None:
    peer.say("!done")


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (fatal, "ended the session: not logged in"),
        (hang_up, "closed the connection;"),
        (hang_up_inside, "closed the connection in the middle of a sentence"),
        (talk_nonsense, "not the RouterOS API"),
        (answer_what_was_not_asked, "not sent"),
        (answer_without_a_tag, "not sent"),
    ],
)
def test_a_lost_connection_ends_every_command_at_once(fault, text):
    async def script(peer: Peer):
        tags = [(await peer.command())[1] for _ in range(8)]
        fault(peer, tags[0])
        await peer.reader.read()

    async def client(opened, router):
        answers = await asyncio.gather(*(opened.talk(["/x"]) for _ in range(12)), return_exceptions=True)
        assert all(isinstance(answer, Lost) and text in f"{answer};" for answer in answers), answers
        assert [answer.sent for answer in answers] == [True] * 8 + [False] * 4
        assert len(router.peers[0].heard) == 9, "nothing was sent after the loss"
        with pytest.raises(Lost) as caught:
            await opened.talk(["/y"])
        assert not caught.value.sent

    run(script, client)


def test_a_late_command_is_cancelled_and_its_reply_never_reaches_another():
    async def script(peer: Peer):
        path, slow, _ = await peer.command()
        assert path == "/slow"
        path, cancel, words = await peer.command()
        assert (path, words) == ("/cancel", [f"=tag={slow}"])
        path, tag, _ = await peer.command()
        assert tag not in (slow, cancel), "a zombie keeps its tag"
        peer.say("!re", f".tag={slow}", "=name=late")
        peer.say("!trap", "=category=2", "=message=interrupted", f".tag={slow}")
        peer.done(slow)
        peer.done(cancel)
        peer.say("!re", f".tag={tag}", "=name=mine")
        peer.done(tag)

    async def client(opened, router):
        with pytest.raises(TimedOut, match="not known") as caught:
            await opened.talk(["/slow"], deadline=0.05)
        assert caught.value.sent
        assert (await opened.talk(["/next"])).rows == [{"name": "mine"}]
        await opened.settle()

    run(script, client)


def test_a_cancelled_caller_cancels_its_command():
    heard = asyncio.Event()

    async def script(peer: Peer):
        _, tag, _ = await peer.command()
        heard.set()
        path, cancel, words = await peer.command()
        assert (path, words) == ("/cancel", [f"=tag={tag}"])
        peer.done(tag)
        peer.done(cancel)
        _, tag, _ = await peer.command()
        peer.done(tag)

    async def client(opened, router):
        task = asyncio.create_task(opened.talk(["/listen"]))
        await heard.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await opened.talk(["/next"])

    run(script, client)


def test_zombies_fill_the_window_until_their_end():
    async def script(peer: Peer):
        slow = [(await peer.command())[1] for _ in range(8)]
        cancels = [(await peer.command())[1] for _ in range(8)]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(peer.reader.read(1), 0.05)
        for tag in slow + cancels:
            peer.done(tag)
        path, tag, _ = await peer.command()
        assert path == "/next"
        peer.done(tag)

    async def client(opened, router):
        slow = (opened.talk([f"/slow{n}"], deadline=0.05) for n in range(8))
        late = await asyncio.gather(*slow, return_exceptions=True)
        assert all(isinstance(answer, TimedOut) for answer in late)
        await opened.talk(["/next"])

    run(script, client)


def test_a_zombie_that_never_ends_ends_the_connection(monkeypatch):
    monkeypatch.setattr(mux.Mux.__init__, "__defaults__", (None, 0.05))

    async def script(peer: Peer):
        await peer.reader.read()
        await asyncio.sleep(5)

    async def client(opened, router):
        with pytest.raises(TimedOut):
            await opened.talk(["/slow"], deadline=0.05)
        await opened.settle()
        with pytest.raises(Lost, match="told to stop"):
            await opened.talk(["/next"])

    run(script, client)


def test_a_stalled_router_costs_the_deadline_and_no_more():
    async def script(peer: Peer):
        await asyncio.sleep(30)

    async def client(opened, router):
        answers = await asyncio.gather(*(opened.talk(["/x"], deadline=0.05) for _ in range(3)), return_exceptions=True)
        assert all(isinstance(answer, TimedOut) for answer in answers)

    run(script, client)
