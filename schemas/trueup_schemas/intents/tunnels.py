"""`tunnels`: declared once, on one of the two routers; the other gets its half as well."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from trueup_schemas.declared import Declared, Name, Secret
from trueup_schemas.intents.object import Object, Words

PORT = Field(ge=1, le=65535)


def _end(value: Any) -> str:
    return "external" if isinstance(value, dict) and "external" in value else "router"


def _kind(value: Any) -> str:
    keys = value if isinstance(value, dict) else ()
    return "sstp" if "sstp" in keys else "peers" if "peers" in keys else "wireguard"


class WireguardHalf(Declared):
    """The other router's half of a WireGuard tunnel.

    `interface` is its WireGuard interface, which several tunnels may share if they say the same of it.
    `endpoint-address` is where this router finds it; without one, it is the other that calls.
    """

    router: Name
    interface: str
    private_key: Secret
    address: str | None = None
    listen_port: Annotated[int, PORT] | None = None
    mtu: int | None = None
    endpoint_address: str | None = None
    allowed_address: Words | None = None
    persistent_keepalive: str | None = None


class WireguardStranger(Declared):
    """The other end of a WireGuard tunnel, where it isn't ours: all that we know of it."""

    public_key: str
    endpoint_address: str | None = None
    endpoint_port: Annotated[int, PORT] | None = None


class WireguardPeer(Declared):
    """One of several peers that aren't ours, such as somebody's telephone."""

    name: str | None = None
    public_key: str
    preshared_key: Secret | None = None
    allowed_address: Words
    endpoint_address: str | None = None
    endpoint_port: Annotated[int, PORT] | None = None
    persistent_keepalive: str | None = None
    responder: bool | None = None
    comment: str | None = None
    disabled: bool | None = None


class SstpServerHalf(Declared):
    """The router that the SSTP client calls: it gets the PPP secret and the interface for this caller."""

    router: Name
    interface: str
    connect_to: str
    address: str
    profile: str | None = None


class SstpStranger(Declared):
    """An SSTP server that isn't ours."""

    connect_to: str


class External(Declared):
    """An end that isn't ours."""

    external: WireguardStranger


class ExternalSstp(Declared):
    """An end that isn't ours."""

    external: SstpStranger


class Wireguard(Object):
    """A WireGuard tunnel: `wireguard` is its interface here, `address` this end with its prefix.

    `allowed-address` is what lies behind the other end, besides the other end's own address.
    """

    wireguard: str
    private_key: Secret
    address: str | None = None
    listen_port: Annotated[int, PORT] | None = None
    mtu: int | None = None
    endpoint_address: str | None = None
    allowed_address: Words | None = None
    persistent_keepalive: str | None = None
    preshared_key: Secret | None = None
    peer: Annotated[Annotated[WireguardHalf, Tag("router")] | Annotated[External, Tag("external")], Discriminator(_end)]


class WireguardHub(Object):
    """A WireGuard interface for many: `peers` are ends that aren't ours, `address` is this end with its prefix."""

    wireguard: str
    private_key: Secret
    address: str | None = None
    listen_port: Annotated[int, PORT] | None = None
    mtu: int | None = None
    peers: tuple[WireguardPeer, ...]


class Sstp(Object):
    """An SSTP tunnel: `sstp` is the client's interface here, `address` this end without a prefix."""

    sstp: str
    user: str
    password: Secret
    address: str | None = None
    port: Annotated[int, PORT] | None = None
    profile: str | None = None
    authentication: Words | None = None
    certificate: str | None = None
    verify_server_certificate: str | None = None
    add_default_route: bool | None = None
    keepalive_timeout: str | None = None
    peer: Annotated[
        Annotated[SstpServerHalf, Tag("router")] | Annotated[ExternalSstp, Tag("external")], Discriminator(_end)
    ]


Tunnel = Annotated[
    Annotated[Wireguard, Tag("wireguard")] | Annotated[WireguardHub, Tag("peers")] | Annotated[Sstp, Tag("sstp")],
    Discriminator(_kind),
]
