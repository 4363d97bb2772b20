"""librouteros, used as its own documentation says, against virtual routers: synchronous and asynchronous."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Iterator

import librouteros
import pytest
from librouteros.exceptions import MultiTrapError, TrapError
from librouteros.login import async_plain, plain, token
from librouteros.query import And, Key, Or

from trueup.lab import Router, Spec, serve
from trueup.lab.server import VirtualRouter

PASSWORD = "peer-password"
FILTER = "/ip/firewall/filter"
POOL = "/ip/pool"


@contextlib.contextmanager
def router(make: type[Router] = Router, **changes) -> Iterator[VirtualRouter]:
    with serve([Spec(**({"name": "edge-1", "username": "peer", "password": PASSWORD} | changes))], make=make) as lab:
        yield lab["edge-1"]


@contextlib.contextmanager
def api(served: VirtualRouter, **changes) -> Iterator[librouteros.api.Api]:
    given = {"host": served.spec.address, "username": "peer", "password": PASSWORD, "port": served.port}
    client = librouteros.connect(**(given | {"encoding": "utf-8", "timeout": 10} | changes))
    try:
        yield client
    finally:
        client.close()


def column(served: VirtualRouter, menu: str, name: str) -> list[str]:
    return [row.get(name, "") for row in served.rows(menu) if row.get("dynamic") != "true"]


@pytest.mark.parametrize(("login", "method"), [("plain", plain), ("challenge", token)])
def test_both_logins(login, method):
    with router(login=login) as served, api(served, login_method=method) as client:
        assert [row["name"] for row in client.path("system", "identity")]


def test_a_wrong_password_is_a_trap():
    with (
        router() as served,
        pytest.raises(TrapError, match="invalid user name or password"),
        api(served, password="no"),
    ):
        pass


def test_tls_with_the_labs_certificate():
    with router() as served:
        context = ssl.create_default_context(cafile=str(served.ca))

        def wrap(plain_socket):
            return context.wrap_socket(plain_socket, server_hostname=served.spec.address)

        with api(served, port=served.tls_port, ssl_wrapper=wrap) as client:
            assert len(list(client.path("system", "resource"))) == 1


def test_add_update_and_remove():
    with router() as served, api(served) as client:
        pools = client.path("ip", "pool")
        ids = [pools.add(name=name, ranges="10.0.0.2-10.0.0.9") for name in ("guests", "staff", "spare")]
        assert all(id.startswith("*") for id in ids)
        pools.update(**{".id": ids[0], "ranges": "10.1.0.2-10.1.0.9"})
        pools.remove(ids[1], ids[2])
        assert [(row["name"], row["ranges"]) for row in pools] == [("guests", "10.1.0.2-10.1.0.9")]
        assert column(served, POOL, "ranges") == ["10.1.0.2-10.1.0.9"]


def test_values_are_cast_as_librouteros_does_it():
    with router() as served, api(served) as client:
        rules = client.path("ip", "firewall", "filter")
        rules.add(chain="input", action="drop", disabled=True)
        rules.add(chain="input", action="accept", disabled=False, **{"src-port": 80, "protocol": "tcp"})
        off, on = (row for row in rules if not row.get("dynamic"))
        assert (off["disabled"], on["disabled"], on["src-port"]) == (True, False, 80)


@pytest.mark.parametrize("version", ["7.16", "7.24"])
def test_a_query_finds_its_rows_and_nothing_is_no_error(version):
    with router(version=version) as served, api(served) as client:
        pools = client.path("ip", "pool")
        for name in ("a", "b", "c"):
            pools.add(name=name, ranges="10.0.0.2-10.0.0.9")
        name, ranges = Key("name"), Key("ranges")
        assert [row["name"] for row in pools.select(name).where(Or(name == "a", name == "c"))] == ["a", "c"]
        assert [dict(row) for row in pools.select(name).where(name == "b")] == [{"name": "b"}]
        assert list(pools.select(name).where(And(name == "a", ranges == "10.0.0.1"))) == []
        assert list(pools.select(name).where(name.In("b", "z"))) == [{"name": "b"}]


def test_move_goes_before_its_destination_and_an_unknown_one_means_the_end():
    with router() as served, api(served) as client:
        rules = client.path("ip", "firewall", "filter")
        first, second, third = (rules.add(chain="forward", action="accept", comment=c) for c in ("1", "2", "3"))
        tuple(rules("move", numbers=third, destination=first))
        assert column(served, FILTER, "comment") == ["3", "1", "2"]
        tuple(rules("move", numbers=f"{second},{third}", destination=first))
        assert column(served, FILTER, "comment") == ["2", "3", "1"]
        tuple(rules("move", numbers=second, destination="*FFFFFF"))
        assert column(served, FILTER, "comment") == ["3", "1", "2"]
        with pytest.raises(TrapError, match="can not move object before itself"):
            tuple(rules("move", numbers=first, destination=first))
        rules.add(chain="forward", action="drop", comment="0", **{"place-before": third})
        assert column(served, FILTER, "comment") == ["0", "3", "1", "2"]


def test_text_that_is_not_ascii_comes_back():
    text = "Gäste, Café «Zur Möwe» ☕ 客人"
    with router() as served, api(served) as client:
        rules = client.path("ip", "firewall", "filter")
        rules.add(chain="input", action="accept", comment=text)
        assert [row["comment"] for row in rules if not row.get("dynamic")] == [text]
        assert [row["comment"] for row in rules.select().where(Key("comment") == text)] == [text]


def test_refusals_are_traps_and_the_connection_goes_on():
    with router() as served, api(served) as client:
        pools = client.path("ip", "pool")
        pools.add(name="guests", ranges="10.0.0.2-10.0.0.9")
        for arguments, text in (
            ({"name": "guests", "ranges": "10.9.0.2-10.9.0.9"}, "pool with such name exists"),
            ({"name": "other", "ranges": "10.0.0.2-10.0.0.9", "colour": "blue"}, "unknown parameter"),
        ):
            with pytest.raises(TrapError, match=text):
                pools.add(**arguments)
        with pytest.raises(TrapError, match="no such item"):
            pools.remove("*FFFFFF")
        assert [row["name"] for row in pools] == ["guests"]


class WithoutBoard(Router):
    """A router that answers for a missing menu with two traps, as some have been seen to do."""

    def execute(self, words, *arguments, **named):
        if words[0].startswith("/system/routerboard"):
            texts = ("no such command or directory (routerboard)", "no such command prefix")
            return [*(["!trap", f"=message={text}"] for text in texts), ["!done"]]
        return super().execute(words, *arguments, **named)


def test_two_traps_in_one_reply_are_both_reported():
    with router(make=WithoutBoard) as served, api(served) as client:
        with pytest.raises(MultiTrapError) as caught:
            tuple(client.path("system", "routerboard"))
        assert [trap.message for trap in caught.value.traps] == [
            "no such command or directory (routerboard)",
            "no such command prefix",
        ]
        assert len(list(client.path("system", "identity"))) == 1


def test_the_same_on_asyncio():
    async def go(served: VirtualRouter) -> None:
        client = await librouteros.async_connect(
            served.spec.address, "peer", PASSWORD, port=served.port, encoding="utf-8", login_method=async_plain
        )
        pools = client.path("ip", "pool")
        first = await pools.add(name="gäste", ranges="10.0.0.2-10.0.0.9")
        second = await pools.add(name="staff", ranges="10.0.1.2-10.0.1.9")
        await pools.update(**{".id": first, "comment": "für alle"})
        assert [row["comment"] async for row in pools.select().where(Key("name") == "gäste")] == ["für alle"]
        with pytest.raises(TrapError, match="such name"):
            await pools.add(name="staff", ranges="10.0.2.2-10.0.2.9")
        await pools.remove(second)
        assert [row["name"] async for row in pools] == ["gäste"]
        rules = client.path("ip", "firewall", "filter")
        ids = [await rules.add(chain="input", action="accept", comment=comment) for comment in ("1", "2")]
        async for _ in rules("move", numbers=ids[1], destination=ids[0]):
            pass
        await client.close()

    with router() as served:
        asyncio.run(asyncio.wait_for(go(served), 20))
        assert column(served, POOL, "name") == ["gäste"]
        assert column(served, FILTER, "comment") == ["2", "1"]
