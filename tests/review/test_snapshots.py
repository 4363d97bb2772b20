"""A router that does not answer is planned against what it was when it was last seen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fleet_room import Named, Room, git
from review_room import POOL, change, ci, ci_json, compared, reviewed
from strangers import unused_port

from trueup.audit import Audit
from trueup.diff import Keys
from trueup.fleet.run import FleetRun
from trueup.fleet.snapshot import SNAPSHOT, snapshot_to_document
from trueup.load.network import load_network
from trueup.secrets import open_stores

CANARY = "canary-guest@example.net"


@pytest.fixture
def made(tmp_path: Path) -> object:
    with reviewed(tmp_path, "edge-1") as made:
        yield made


async def taken(made: Room) -> dict[str, Any]:
    """A snapshot of the router as it is now, as the daemon keeps it."""
    network = load_network(made.network)
    stores = open_stores(network.settings, network.root)
    keys = Keys(stores.resolve, stores.public_key, stores.digester())
    audit = Audit.open(made.audit)
    async with FleetRun(network, network.routers, stores, audit, lambda *_: None) as run:
        await run.plan()
        (only,) = run.runs
        document: dict[str, Any] = snapshot_to_document(only.live, only.catalogue, keys)
    audit.keep("edge-1", SNAPSHOT, document, "Snapshot")
    return document


def as_seen(made: Room, rows: Mapping[str, Any], planned: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """What a change from `rows` to `planned` comes to: with the router there, and by its snapshot alone."""
    made.declare("edge-1", rows)
    made.commit()
    assert made.trueup("apply", "--yes").code == 0
    asyncio.run(taken(made))
    change(made, lambda: made.declare("edge-1", planned))
    live = ci_json(made)
    assert compared(live) == {"edge-1": "router"}
    return live, away(made, rows, planned)


def away(made: Room, rows: Mapping[str, Any], planned: Mapping[str, Any]) -> str:
    """The comment of the same change where nobody listens at the router's port."""
    nobody: dict[str, Any] = {"connect": {"port": unused_port()}}
    git(made.network, "checkout", "--quiet", "main")
    made.declare("edge-1", rows, **nobody)
    made.commit()
    change(made, lambda: made.declare("edge-1", planned, **nobody))
    said = ci(made)
    assert said.code == 0, said.all
    return said.out


def test_the_plan_is_that_of_the_router_itself(made: Room) -> None:
    rules = [{"chain": "input", "action": "accept", "comment": name} for name in ("a", "b", "c")]
    users = [{"name": CANARY, "password": Named("api"), "profile": "default"}]
    rows = {**POOL, "/ip/firewall/filter": rules, "/ip/hotspot/user": users}
    planned = {**rows, "/ip/firewall/filter": [rules[2], rules[0]], "/ip/pool": [{**POOL["/ip/pool"][0], "name": "x"}]}
    live, comment = as_seen(made, rows, planned)
    counts = live["plans"][0]["counts"]
    told = {"add": "+", "change": "~", "move": ">", "remove": "-"}
    rows_told = " ".join(f"{mark}{counts[kind]}" for kind, mark in told.items() if counts[kind])
    assert f"| `edge-1` | {rows_told} | " in comment
    assert "its last snapshot" in comment
    assert "connection refused; the snapshot is of 20" in comment
    assert CANARY not in comment


def test_drift_that_the_snapshot_holds_is_in_the_plan(made: Room) -> None:
    router = made.lab["edge-1"].router
    router.execute(["/ip/pool/set", "=.id=*1", "=ranges=10.5.50.10-10.5.50.20"])
    asyncio.run(taken(made))
    comment = away(made, POOL, {**POOL, "/system/identity": {"name": "other"}})
    assert "ranges   10.5.50.10-10.5.50.20 -> 10.5.50.10-10.5.50.99" in comment


def test_menus_that_the_snapshot_lacks_are_told(made: Room) -> None:
    asyncio.run(taken(made))
    comment = away(made, POOL, {**POOL, "/ip/dns/static": [{"name": "a.example.net", "address": "192.0.2.1"}]})
    assert "/ip/dns/static: not in the snapshot; taken to be as declared until now" in comment


@pytest.mark.parametrize("damage", [{"format-version": "9.0"}, {"menus": {"/ip/pool": ["name=("]}}, {"key": "other"}])
def test_a_snapshot_that_does_not_do_is_left_for_the_base(made: Room, damage: dict[str, Any]) -> None:
    document = asyncio.run(taken(made))
    Audit.open(made.audit).keep("edge-1", SNAPSHOT, {**document, **damage}, "Damage")
    comment = away(made, POOL, {"/ip/pool": [{"name": "guests", "ranges": "10.5.50.10-10.5.50.20"}]})
    assert "its snapshot does not do" in comment
    assert "compared with the base alone" in comment


def test_an_audit_in_the_networks_own_repository_is_not_read(made: Room) -> None:
    asyncio.run(taken(made))
    made.write("trueup.yaml", {"network": "net", "audit": "inside"})
    made.commit()
    comment = away(made, POOL, {"/ip/pool": [{"name": "guests", "ranges": "10.5.50.10-10.5.50.20"}]})
    assert "The audit inside is in the network's own repository, and is not read." in comment
    assert "the base alone" in comment
