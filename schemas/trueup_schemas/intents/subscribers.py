"""`pppoe` and `queues`: subscribers and their shares of a line."""

from __future__ import annotations

from typing import Literal

from trueup_schemas.declared import Declared, Secret
from trueup_schemas.intents.object import Object, Place, Words


class Subscriber(Declared):
    """Somebody whom the router itself knows; RADIUS is asked about all others."""

    name: str
    password: Secret
    remote_address: str | None = None
    profile: str | None = None
    routes: str | None = None
    comment: str | None = None
    disabled: bool | None = None


class Plan(Declared):
    """A further PPP profile, such as a tariff."""

    name: str
    rate_limit: str | None = None
    address_list: str | None = None
    comment: str | None = None


class PppoeServer(Object):
    """A PPPoE server; its pool and default profile have its service name, or the names `pool` and `profile`.

    A `pool` without `address-pool` is one that is declared elsewhere, as is a `profile` of which nothing else is said.
    """

    service_name: str
    interface: str
    local_address: str | None = None
    address_pool: Words | None = None
    pool: str | None = None
    profile: str | None = None
    authentication: Words | None = None
    authenticate: Literal["radius", "local"] = "local"
    interim_update: str | None = None
    dns_server: Words | None = None
    rate_limit: str | None = None
    only_one: str | None = None
    change_tcp_mss: str | None = None
    one_session_per_host: bool | None = None
    max_mtu: str | None = None
    max_mru: str | None = None
    keepalive_timeout: str | None = None
    pado_delay: str | None = None
    plans: tuple[Plan, ...] = ()
    subscribers: tuple[Subscriber, ...] = ()


class Queue(Object):
    """A simple queue; the first that fits a packet counts."""

    name: str
    target: Words
    max_limit: str | None = None
    limit_at: str | None = None
    burst_limit: str | None = None
    burst_threshold: str | None = None
    burst_time: str | None = None
    priority: str | None = None
    parent: str | None = None
    queue: str | None = None
    dst: str | None = None
    packet_marks: Words | None = None
    place: Place | None = None
