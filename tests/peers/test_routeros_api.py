"""RouterOS-api, the library behind several exporters, against virtual routers: logins, rows, types, tags, refusals."""

from __future__ import annotations

import collections
import contextlib
import datetime
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
import routeros_api
from routeros_api.api_structure import BooleanField, ListField, StringField, TimedeltaField
from routeros_api.exceptions import RouterOsApiCommunicationError, RouterOsApiConnectionError
from routeros_api.query import AndQuery, IsEqualQuery, IsLessQuery, OrQuery

from trueup.lab import Spec, serve
from trueup.lab.server import VirtualRouter

PASSWORD = "peer-password"
RANGES = "10.0.0.2-10.0.0.9"


@contextlib.contextmanager
def router(**changes: Any) -> Iterator[VirtualRouter]:
    with serve([Spec(**({"name": "edge-1", "username": "peer", "password": PASSWORD} | changes))]) as lab:
        yield lab["edge-1"]


@contextlib.contextmanager
def api(served: VirtualRouter, **changes: Any) -> Iterator[Any]:
    given = {"username": "peer", "password": PASSWORD, "port": served.port, "plaintext_login": True}
    pool = routeros_api.RouterOsApiPool(served.spec.address, **(given | changes))
    try:
        yield pool.get_api()
    finally:
        pool.disconnect()


@pytest.fixture(params=["6.49", "7.16", "7.24"])
def served(request) -> Iterator[VirtualRouter]:
    with router(version=request.param) as one:
        yield one


@pytest.mark.parametrize(("login", "plain"), [("plain", True), ("challenge", True), ("challenge", False)])
def test_both_logins_and_the_way_from_one_to_the_other(login, plain):
    with router(login=login) as served, api(served, plaintext_login=plain) as client:
        assert len(client.get_resource("/system/identity").get()) == 1


def test_a_wrong_password_is_told():
    with (
        router() as served,
        pytest.raises(RouterOsApiCommunicationError, match="invalid user name or password"),
        api(served, password="no"),
    ):
        pass


def test_tls_with_the_labs_certificate_and_without_a_look_at_it():
    with router() as served:
        context = ssl.create_default_context(cafile=str(served.ca))
        for tls in ({"ssl_context": context}, {"use_ssl": True, "ssl_verify": False, "ssl_verify_hostname": False}):
            with api(served, port=served.tls_port, **tls) as client:
                assert len(client.get_resource("/system/resource").get()) == 1


def test_add_get_set_and_remove(served):
    with api(served) as client:
        pools = client.get_resource("/ip/pool")
        ids = [pools.add(name=name, ranges=RANGES).done_message["ret"] for name in ("guests", "staff")]
        assert pools.get(name="staff") == [{"id": ids[1], "name": "staff", "ranges": RANGES}]
        assert pools.get(name="nobody") == []
        pools.set(id=ids[0], ranges="10.1.0.2-10.1.0.9", comment="für Gäste")
        pools.remove(id=ids[1])
        assert [(row["name"], row["ranges"], row["comment"]) for row in pools.get()] == [
            ("guests", "10.1.0.2-10.1.0.9", "für Gäste")
        ]
        assert pools.call("print", {"count-only": ""}).done_message == {"ret": "1"}


def test_a_structure_turns_values_into_types_and_back(served):
    service = ListField(StringField())
    known = {"disabled": BooleanField(), "service": service, "timeout": TimedeltaField()}
    structure = collections.defaultdict(StringField, known)
    with api(served) as client:
        clients = client.get_resource("/radius", structure)
        timeout = datetime.timedelta(seconds=2)
        clients.add(address="10.0.0.5", service=["hotspot", "ppp"], disabled=True, timeout=timeout)
        (row,) = clients.get()
        assert (row["disabled"], sorted(row["service"]), row["timeout"]) == (True, ["hotspot", "ppp"], timeout)
        assert [each["address"] for each in clients.get(disabled=True)] == ["10.0.0.5"]
        assert clients.get(disabled=False) == []


def test_queries_of_several_conditions(served):
    with api(served) as client:
        pools = client.get_resource("/ip/pool")
        for name in ("a", "b", "c"):
            pools.add(name=name, ranges=RANGES)

        def found(query: object) -> list[str]:
            return [row["name"] for row in pools.call("print", additional_queries=[query])]

        assert found(OrQuery(IsEqualQuery("name", "a"), IsEqualQuery("name", "c"))) == ["a", "c"]
        assert found(AndQuery(IsEqualQuery("name", "a"), IsEqualQuery("ranges", RANGES))) == ["a"]
        assert found(IsLessQuery("name", "b")) == ["a"]


def test_calls_in_flight_get_their_own_answers(served):
    with api(served) as client:
        pools, identity = client.get_resource("/ip/pool"), client.get_resource("/system/identity")
        added = [pools.add_async(name=f"pool-{number}", ranges=RANGES) for number in range(8)]
        name = identity.get_async()
        assert len({promise.get().done_message["ret"] for promise in added}) == len(added)
        assert [row["name"] for row in name.get()] == ["MikroTik"]
        assert {row["name"] for row in pools.get()} == {f"pool-{number}" for number in range(8)}


def test_refusals_are_errors_and_the_connection_goes_on(served):
    with api(served) as client:
        pools = client.get_resource("/ip/pool")
        pools.add(name="guests", ranges=RANGES)
        for text, call in (
            ("pool with such name exists", lambda: pools.add(name="guests", ranges=RANGES)),
            ("unknown parameter", lambda: pools.add(name="other", ranges=RANGES, colour="blue")),
            ("no such item", lambda: pools.remove(id="*FFFFFF")),
            ("no such command", lambda: client.get_resource("/ip/nowhere").get()),
        ):
            with pytest.raises(RouterOsApiCommunicationError, match=text):
                call()
        assert [row["name"] for row in pools.get()] == ["guests"]


def test_a_restart_is_a_connection_error():
    with router() as served, api(served) as client:
        served.restart()
        with pytest.raises(RouterOsApiConnectionError):
            client.get_resource("/system/identity").get()
