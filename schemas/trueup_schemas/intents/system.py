"""`system`: what a router is by itself: name, time, DNS, users, services, logging, SNMP."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from trueup_schemas.declared import Declared, Secret
from trueup_schemas.intents.object import Commented, Object, Place, Words


class Ntp(Declared):
    """Time from servers; `servers` may be names or addresses."""

    enabled: bool = True
    mode: str | None = None
    servers: Words = ()


class StaticName(Object):
    """A name that the router's DNS answers by itself: `address`, `cname` or `forward-to`."""

    name: str
    type: str | None = None
    address: str | None = None
    cname: str | None = None
    forward_to: str | None = None
    match_subdomain: bool | None = None
    ttl: str | None = None
    place: Place | None = None


class Dns(Declared):
    """Which servers the router asks, and whether it answers others."""

    servers: Words | None = None
    allow_remote_requests: bool | None = None
    cache_size: str | None = None
    cache_max_ttl: str | None = None
    static: tuple[StaticName, ...] = ()


class User(Object):
    """Somebody who may log in."""

    name: str
    group: str
    password: Secret
    address: Words | None = None


class UserGroup(Commented):
    """What its users may do."""

    name: str
    policy: Words


class Service(Declared):
    """One of the router's own services, by its name in /ip/service."""

    disabled: bool | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    address: Words | None = None
    certificate: str | None = None
    tls_version: str | None = None


class LogAction(Commented):
    """Where log messages go; `remote` is a syslog server."""

    name: str
    target: str
    remote: str | None = None
    remote_port: int | None = None
    src_address: str | None = None
    syslog_facility: str | None = None


class LogRule(Object):
    """Which messages go to which action."""

    topics: Words
    action: str | None = None
    prefix: str | None = None


class Logging(Declared):
    """Where log messages go, and which."""

    actions: tuple[LogAction, ...] = ()
    rules: tuple[LogRule, ...] = ()


class Community(Object):
    """Who may ask over SNMP; a version 2c community is known by its name alone."""

    name: str
    addresses: Words | None = None
    security: str | None = None
    read_access: bool | None = None
    write_access: bool | None = None
    authentication_protocol: str | None = None
    authentication_password: Secret | None = None
    encryption_protocol: str | None = None
    encryption_password: Secret | None = None


class Snmp(Declared):
    """Whether the router answers SNMP, and whom."""

    enabled: bool = True
    contact: str | None = None
    location: str | None = None
    trap_version: int | None = None
    trap_community: str | None = None
    communities: tuple[Community, ...] = ()


class System(Declared):
    """What a router is by itself."""

    identity: str | None = None
    note: str | None = None
    timezone: str | None = None
    ntp: Ntp | None = None
    dns: Dns | None = None
    groups: tuple[UserGroup, ...] = ()
    users: tuple[User, ...] = ()
    services: dict[str, Service] = Field(default_factory=dict)
    logging: Logging | None = None
    snmp: Snmp | None = None
