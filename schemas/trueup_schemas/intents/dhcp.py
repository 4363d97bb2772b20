"""`dhcp`: a server, its pool, its network and its leases in one."""

from __future__ import annotations

from trueup_schemas.declared import Declared
from trueup_schemas.intents.object import Object, Words


class Lease(Declared):
    """An address that one device always gets."""

    address: str
    mac_address: str
    comment: str | None = None
    rate_limit: str | None = None
    lease_time: str | None = None
    disabled: bool | None = None


class DhcpNetwork(Declared):
    """What clients are told besides their address; `address` is the network with its prefix.

    `comment` is the server's name where it is not given, none where it is empty.
    """

    address: str
    gateway: str | None = None
    dns_server: Words | None = None
    ntp_server: Words | None = None
    domain: str | None = None
    dhcp_option: Words | None = None
    comment: str | None = None


class DhcpServer(Object):
    """A DHCP server; its pool has its name, or that of `pool`, which alone is one that is declared elsewhere."""

    name: str
    interface: str
    address_pool: Words | None = None
    pool: str | None = None
    network: DhcpNetwork
    lease_time: str | None = None
    authoritative: str | None = None
    add_arp: bool | None = None
    use_radius: str | None = None
    leases: tuple[Lease, ...] = ()
