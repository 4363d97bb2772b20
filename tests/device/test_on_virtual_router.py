"""The device side against virtual routers: both logins, TLS, whole reads, writes and ordered faults."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import ssl

import pytest

from trueup.device import Lost, Refused, Target, TimedOut, Tls, connect, read, sentences
from trueup.errors import RouterError
from trueup.lab import Spec, serve
from trueup.plan import Add, Created, Existing, Move, Remove, Set
from trueup.row import Secret
from trueup_schemas.catalogue import catalogue

PASSWORD = "canary-correct-horse"
FILTER = "/ip/firewall/filter"


def spec(**changes) -> Spec:
    return Spec(**({"name": "edge-1", "username": "trueup", "password": PASSWORD} | changes))


def target(served, **changes) -> Target:
    given = {"name": "edge-1", "hosts": (served.spec.address,), "username": "trueup", "password": Secret(PASSWORD)}
    port = served.port if changes.get("tls") == Tls("off") else served.tls_port
    return Target(**(given | {"port": port, "tls": Tls(ca=served.ca), "timeout": 5.0} | changes))


def with_router(client, given: Spec | None = None, **changes):
    """What `client(session, virtual router)` returns."""
    with serve([given or spec()]) as lab:
        served = lab["edge-1"]

        async def go():
            async with connect(target(served, **changes)) as session:
                return await client(session, served)

        return asyncio.run(asyncio.wait_for(go(), 20))


async def nothing(session, served):
    return served.log


def pin(served_fingerprint: str) -> Tls:
    return Tls("pin", fingerprint=served_fingerprint)


@pytest.mark.parametrize("login", ["plain", "challenge"])
def test_both_logins_over_tls_and_in_the_clear(login):
    with_router(nothing, spec(login=login))
    with_router(nothing, spec(login=login), tls=Tls("off"))


def test_pinned_tls():
    with serve([spec()]) as lab:
        served = lab["edge-1"]
        der = ssl.get_server_certificate((served.spec.address, served.tls_port))
        print_ = hashlib.sha256(ssl.PEM_cert_to_DER_cert(der)).hexdigest()

        async def go():
            async with connect(target(served, tls=pin(print_))):
                pass

        asyncio.run(go())


def test_a_wrong_password_is_in_no_message_and_no_log(caplog):
    caplog.set_level(logging.DEBUG)
    for changes in ({}, {"login": "challenge"}):
        with pytest.raises(RouterError, match="refused the login") as caught:
            with_router(nothing, spec(**changes), password=Secret("canary-wrong"))
        assert "canary" not in str(caught.value)
    assert "canary" not in caplog.text


@pytest.mark.parametrize(("tls", "port"), [(Tls("off"), "tls_port"), (Tls(), "port")])
def test_tls_and_plain_ports_mistaken_for_each_other(tls, port):
    with serve([spec()]) as lab:
        served = lab["edge-1"]

        async def go():
            async with connect(target(served, tls=tls, port=getattr(served, port), timeout=0.5)):
                pass

        with pytest.raises(RouterError, match="port"):
            asyncio.run(go())


@pytest.mark.parametrize("version", ["7.24", "7.16"])
def test_every_menu_of_the_catalogue_can_be_read_in_one_go(version):
    menus = [catalogue(version).menu(path) for path in catalogue(version).paths]

    async def client(session, served):
        live = await read(session, menus)
        assert live.facts.version == version
        assert live.facts.serial
        assert live.facts.uptime >= 0
        return live

    live = with_router(client, spec(version=version, serial="HGE0A1B2C3D"))
    assert live.tables["/system/identity"].rows
    assert live.tables["/ip/firewall/filter"].rows == ()


def test_written_rows_read_back_in_their_order():
    menu = catalogue("7.24").menu(FILTER)

    async def client(session, served):
        ids = {}

        async def make(change, n):
            for words in sentences(change, menu, lambda target: ids.get(target) or target.id, Secret):
                ids[Created(n)] = (await session.talk(words)).ret

        await make(Add(FILTER, {"chain": "input", "action": "accept", "comment": "first"}, {}), 0)
        await make(Add(FILTER, {"chain": "input", "action": "drop", "comment": "last"}, {}), 1)
        await make(Add(FILTER, {"chain": "input", "action": "accept", "comment": "new"}, {}, before=Created(1)), 2)
        assert all(id.startswith("*") for id in ids.values())
        last = Existing(ids[Created(1)], "")
        await make(Move(FILTER, (last,), (), Created(0)), 3)
        await make(Set(FILTER, last, {"action": "reject", "comment": None}, {}, {}), 4)
        await make(Remove(FILTER, Existing(ids[Created(0)], ""), {}, "was ours"), 5)
        return (await read(session, [menu])).tables[FILTER]

    rows = with_router(client)
    assert [(row.text("action"), row.text("comment")) for row in rows] == [("reject", ""), ("accept", "new")]


def test_a_refusal_is_the_routers_own_text():
    async def client(session, served):
        with pytest.raises(Refused) as caught:
            await session.talk(["/ip/pool/add", "=name=x", "=nonsense=1"])
        return caught.value

    refused = with_router(client)
    assert "unknown parameter" in refused.traps[0].message
    assert not refused.absent


@pytest.mark.parametrize(
    ("kind", "error", "text"),
    [
        ("drop", Lost, "closed the connection"),
        ("garbage", Lost, "not the RouterOS API"),
        ("vanish", TimedOut, "no answer within 0.2 s"),
        ("lost", TimedOut, "no answer within 0.2 s"),
        ("trap", Refused, "refused by the lab"),
    ],
)
def test_faults_have_one_outcome_each(kind, error, text):
    async def client(session, served):
        served.faults.add(kind, "/ip/pool/add")
        with pytest.raises(error, match=text) as caught:
            await session.talk(["/ip/pool/add", "=name=x", "=ranges=10.0.0.2-10.0.0.9"], deadline=0.2)
        assert getattr(caught.value, "sent", True)
        assert "edge-1 (127.0.0.1" in str(caught.value)

    with_router(client)


def test_a_thousand_adds_are_pipelined_and_all_arrive():
    async def client(session, served):
        adds = (session.talk(["/ip/pool/add", f"=name=p{n}", f"=ranges=10.0.{n >> 8}.{n & 255}"]) for n in range(1000))
        replies = await asyncio.gather(*adds)
        assert len({reply.ret for reply in replies}) == 1000
        return len(served.rows("/ip/pool"))

    assert with_router(client) == 1000
