"""Counting on a virtual router: numbers alone, in one pass, and what a router lacks is left out."""

from __future__ import annotations

from test_on_virtual_router import spec, with_router

from trueup.device.counts import count

SEED = {
    "/ip/hotspot/active": [
        {"server": "lobby", "user": "anna", "dynamic": "yes"},
        {"server": "lobby", "user": "bert", "dynamic": "yes"},
        {"server": "pool", "user": "cleo", "dynamic": "yes"},
    ],
    "/ip/dhcp-server/lease": [
        {"address": "10.0.0.2", "server": "guests", "status": "bound"},
        {"address": "10.0.0.3", "server": "guests", "status": "waiting"},
    ],
}


def test_what_meets_the_words_is_counted_and_nothing_else_is_told():
    queries = [
        ("/ip/hotspot/active", ()),
        ("/ip/hotspot/active", ("?server=lobby",)),
        ("/ip/dhcp-server/lease", ("?status=bound", "?server=guests")),
        ("/ppp/active", ()),
        ("/no/such/menu", ()),
    ]

    async def client(session, served):
        counted = await count(session, queries)
        return counted, [sentence for sentence in served.log if "print" in sentence[0]]

    counted, sent = with_router(client, spec(seed=SEED))
    assert [counted.get(query) for query in queries] == [3, 2, 1, 0, None]
    assert all("=count-only=" in sentence for sentence in sent)


def test_nothing_asked_is_nothing_sent():
    async def client(session, served):
        before = len(served.log)
        return await count(session, []), len(served.log) - before

    assert with_router(client) == ({}, 0)
