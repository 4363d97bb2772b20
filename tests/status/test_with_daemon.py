"""What surrounds the daemon, around one that runs: status, suspension, notifications, metrics, the webhook."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon_room import POOL, Kept, keeping, pools
from fleet_room import Named, Said, spec
from notify_room import CANARY, Chat, serving

from trueup.daemon.status import State

HOOK = "canary-hook-secret-3e"


@pytest.fixture
def chat() -> Iterator[Chat]:
    with serving(Chat()) as server:
        yield server


@pytest.fixture
def kept(tmp_path: Path, chat: Chat) -> Iterator[Kept]:
    """Two routers in the mode enforce, a chat that is told of drift, and a webhook."""
    notify = [{"url": Named("chat"), "events": ["drift", "unreachable", "back"]}]
    daemon = {"interval": "300ms", "poll": "1h", "webhook": Named("hook")}
    with keeping(tmp_path, spec("edge-1"), spec("edge-2"), notify=notify, daemon=daemon) as made:
        made.made.patch.setenv("TRUEUP_SECRET_CHAT", chat.address)
        made.made.patch.setenv("TRUEUP_SECRET_HOOK", HOOK)
        for name in ("edge-1", "edge-2"):
            made.declare(name, pools(2), reconcile={"mode": "enforce"})
        made.made.commit()
        yield made


async def trueup(kept: Kept, *words: str) -> Said:
    """A command of the terminal, while the daemon goes on."""
    return await asyncio.to_thread(kept.made.trueup, *words)


async def shown(kept: Kept, text: str, *words: str) -> Said:
    """What `trueup status` says once a text is in it: the file follows the daemon within about a second."""
    for _ in range(100):
        said = await trueup(kept, "status", *words)
        if text in said.out:
            return said
        await asyncio.sleep(0.1)
    raise AssertionError(said.all)


def drift(kept: Kept, router: str) -> None:
    [id] = [row[".id"] for row in kept.made.lab[router].rows(POOL) if row["name"] == "p0"]
    kept.edit(router, f"{POOL}/set", f"=.id={id}", "=ranges=10.99.0.2-10.99.0.9")


def figures(kept: Kept) -> dict[str, float]:
    text = kept.daemon.outlets.endpoints.answer("GET", "/metrics", {}, b"").body.decode()
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(figure) for name, _, figure in lines}


def test_a_suspended_router_is_told_everywhere_and_reverted_once_it_is_resumed(kept: Kept, chat: Chat) -> None:
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge-1", "edge-2")
        said = await shown(kept, "2 converged")
        assert said.code == 0
        assert said.out.splitlines()[-1] == "2 routers: 2 converged"
        await trueup(kept, "suspend", "edge-1", "--why", "the mast is moved")
        await kept.until(lambda: kept.status("edge-1").suspended is not None)
        drift(kept, "edge-1")
        await kept.until(lambda: kept.status("edge-1").drift, "the drift is seen")
        said = await shown(kept, "by anna", "edge-1")
        assert said.code == 2
        assert "the mast is moved" in said.out
        await kept.until(lambda: chat.got, "the chat is told")
        assert "by anna" in chat.got[0]["message"]
        found = figures(kept)
        assert found['trueup_router_changes{cause="drift",router="edge-1"}'] == 1
        assert found['trueup_router_suspended{router="edge-1"}'] == 1
        await trueup(kept, "resume", "edge-1")
        await kept.is_in(State.CONVERGED, "edge-1")
        await kept.until(lambda: figures(kept)['trueup_runs_total{outcome="done"}'] >= 1)
        said = await trueup(kept, "reconcile", "edge-2", "--wait", "20")
        assert said.out == "edge-2: it is looked at now\n", said.all
        assert kept.daemon.outlets.endpoints.answer("GET", "/readyz", {}, b"").status == 200

    kept.run(story)
    held = b"".join(path.read_bytes() for path in kept.made.audit.rglob("*") if path.is_file())
    assert CANARY.encode() not in held
    assert not [event for event in kept.events if CANARY in repr(event) or HOOK in repr(event)]
    assert CANARY not in (kept.made.network / ".trueup/status.json").read_text()


def test_a_signed_push_has_the_next_commit_in_force_long_before_the_poll(kept: Kept) -> None:
    async def story(kept: Kept) -> None:
        await kept.is_in(State.CONVERGED, "edge-1", "edge-2")
        kept.declare("edge-1", pools(3), reconcile={"mode": "enforce"})
        commit = kept.made.commit()
        body = json.dumps({"ref": "refs/heads/main"}).encode()
        mac = hmac.new(HOOK.encode(), body, hashlib.sha256).hexdigest()
        told = {"content-length": str(len(body)), "x-github-event": "push", "x-hub-signature-256": f"sha256={mac}"}
        answer = kept.daemon.outlets.endpoints.answer
        assert answer("POST", "/hooks/github", {**told, "x-hub-signature-256": "sha256=00"}, body).status == 401
        assert answer("POST", "/hooks/github", told, body).status == 202
        await kept.force(commit)
        await kept.until(lambda: len(kept.made.lab["edge-1"].rows(POOL)) == 3)
        assert figures(kept)['trueup_webhook_requests_total{status="401"}'] == 1

    kept.run(story)
