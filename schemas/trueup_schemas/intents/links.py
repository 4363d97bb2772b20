"""`bridges`, `vlans` and `addresses`: how a router's ports hang together, and what is on them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from trueup_schemas.declared import Declared
from trueup_schemas.intents.object import Object, Place, Words

VlanId = Annotated[int, Field(ge=1, le=4094)]


class Port(Declared):
    """An interface in a bridge."""

    interface: str
    pvid: VlanId | None = None
    frame_types: str | None = None
    ingress_filtering: bool | None = None
    edge: str | None = None
    horizon: str | None = None
    bpdu_guard: bool | None = None
    hw: bool | None = None
    place: Place | None = None
    comment: str | None = None
    disabled: bool | None = None


class BridgeVlan(Declared):
    """Which ports of a bridge carry a VLAN, with its tag or without."""

    vlan_ids: Words
    tagged: Words | None = None
    untagged: Words | None = None
    comment: str | None = None


def _port(value: Any) -> Any:
    return {"interface": value} if isinstance(value, str) else value


class Bridge(Object):
    """A bridge with its ports (by name, or with settings) and VLANs."""

    name: str
    protocol_mode: str | None = None
    priority: str | None = None
    vlan_filtering: bool | None = None
    pvid: VlanId | None = None
    igmp_snooping: bool | None = None
    dhcp_snooping: bool | None = None
    mtu: str | None = None
    admin_mac: str | None = None
    auto_mac: bool | None = None
    ports: tuple[Annotated[Port, BeforeValidator(_port)], ...] = ()
    vlans: tuple[BridgeVlan, ...] = ()


class Vlan(Object):
    """A VLAN interface."""

    name: str
    vlan_id: VlanId
    interface: str
    mtu: int | None = None
    arp: str | None = None
    use_service_tag: bool | None = None


class Address(Object):
    """An address of the router, with its prefix."""

    address: str
    interface: str
    network: str | None = None
