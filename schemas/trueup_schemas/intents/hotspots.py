"""`hotspots`: a captive portal on one interface, with all that belongs to it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from trueup_schemas.declared import Declared, Secret
from trueup_schemas.intents.object import Marked, Object, Place, Words


class Open(Declared):
    """What guests reach without logging in.

    Without `protocol` or `dst-address` it is a rule for the web proxy (plain HTTP, names and paths); with one of them,
    or where `https` is said, it is a rule for packets.
    """

    dst_host: str | None = None
    dst_port: str | None = None
    path: str | None = None
    method: str | None = None
    dst_address: str | None = None
    protocol: str | None = None
    https: bool = False
    action: str | None = None
    comment: str | None = None
    place: Place | None = None


def _open(value: Any) -> Any:
    """A text is a host name, an address or network, or `https://NAME`."""
    if not isinstance(value, str):
        return value
    if value.startswith("https://"):
        return {"dst-host": value.removeprefix("https://").rstrip("/"), "https": True}
    bare = value.replace("/", "").replace("-", "").replace(".", "")
    return {"dst-address" if bare.isdigit() else "dst-host": value}


class Binding(Declared):
    """A device that the hotspot lets through, keeps out, or gives another address."""

    mac_address: str | None = None
    address: str | None = None
    to_address: str | None = None
    type: Literal["regular", "bypassed", "blocked"] = "regular"
    comment: str | None = None
    place: Place | None = None
    disabled: bool | None = None


class UserProfile(Marked):
    """What its users get; the name `default` is the one that every router has."""

    name: str
    rate_limit: str | None = None
    shared_users: str | None = None
    session_timeout: str | None = None
    idle_timeout: str | None = None
    keepalive_timeout: str | None = None
    status_autorefresh: str | None = None
    address_list: str | None = None
    add_mac_cookie: bool | None = None
    mac_cookie_timeout: str | None = None


class HotspotUser(Object):
    """Somebody whom the router itself knows; RADIUS is asked about all others."""

    name: str
    password: Secret | None = None
    profile: str | None = None
    mac_address: str | None = None
    limit_uptime: str | None = None
    limit_bytes_total: str | None = None


class HotspotDhcp(Declared):
    """How guests get their addresses; `true` takes what the hotspot itself says."""

    name: str | None = None
    comment: str | None = None
    lease_time: str | None = None
    dns_server: Words | None = None
    domain: str | None = None


def _dhcp(value: Any) -> Any:
    return {} if value is True else None if value is False else value


class Hotspot(Object):
    """A hotspot; its pool, profile and DHCP server have its name where they are given none of their own.

    A `pool` without `address-pool` is one that is declared elsewhere.

    `address` is the router's address among the guests, with its prefix. `comment` is that of the address and of the
    DHCP network: the hotspot's name where it is not given, none where it is empty.
    """

    name: str
    interface: str
    address: str
    address_pool: Words | None = None
    pool: str | None = None
    profile: str | None = None
    dns_name: str | None = None
    html_directory: str | None = None
    login_by: Words | None = None
    authenticate: Literal["radius", "local"] = "local"
    interim_update: str | None = None
    ssl_certificate: str | None = None
    http_cookie_lifetime: str | None = None
    mac_auth_mode: str | None = None
    rate_limit: str | None = None
    radius_location_name: str | None = None
    radius_default_domain: str | None = None
    trial_uptime_limit: str | None = None
    trial_uptime_reset: str | None = None
    trial_user_profile: str | None = None
    addresses_per_mac: str | None = None
    idle_timeout: str | None = None
    keepalive_timeout: str | None = None
    login_timeout: str | None = None
    dhcp: Annotated[HotspotDhcp | None, BeforeValidator(_dhcp)] = None
    walled_garden: tuple[Annotated[Open, BeforeValidator(_open)], ...] = ()
    ip_bindings: tuple[Binding, ...] = ()
    user_profiles: tuple[UserProfile, ...] = ()
    users: tuple[HotspotUser, ...] = ()
