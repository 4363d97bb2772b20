"""A router with something to tell to monitoring, in the menus of each version."""

from __future__ import annotations

SEED = {
    "/system/identity": [{"name": "edge-1"}],
    "/interface/bridge": [{"name": "bridge-lan", "comment": "all of us", "rx-byte": "4096", "tx-packet": "17"}],
    "/interface/bridge/vlan": [
        {"bridge": "bridge-lan", "vlan-ids": "10,20", "tagged": "bridge-lan,ether2", "untagged": "ether3"}
    ],
    "/interface/bridge/host": [
        {
            "mac-address": "48:A9:8A:00:00:02",
            "bridge": "bridge-lan",
            "interface": "ether2",
            "vid": "10",
            "on-interface": "ether2",
            "dynamic": "true",
            "invalid": "false",
            "local": "false",
            "external": "false",
        },
        {
            "mac-address": "48:A9:8A:00:00:03",
            "bridge": "bridge-lan",
            "interface": "ether3",
            "on-interface": "ether3",
            "dynamic": "false",
            "invalid": "true",
            "local": "false",
            "external": "false",
        },
    ],
    "/ip/address": [
        {"address": "192.0.2.1/24", "interface": "ether1"},
        {"address": "10.5.50.1/25", "interface": "bridge-lan"},
        {"address": "10.6.0.1/32", "interface": "bridge-lan"},
    ],
    "/ipv6/address": [{"address": "2001:db8::1/64", "interface": "ether1"}],
    "/ip/arp": [
        {"address": "192.0.2.7", "mac-address": "48:A9:8A:00:00:07", "interface": "ether1", "dynamic": "true"},
        {"address": "10.5.50.9", "mac-address": "48:A9:8A:00:00:09", "interface": "bridge-lan", "dynamic": "true"},
        {"address": "10.5.50.8", "interface": "bridge-lan", "dynamic": "true"},
    ],
    "/ipv6/neighbor": [
        {
            "address": "2001:db8::7",
            "mac-address": "48:A9:8A:00:00:07",
            "interface": "ether1",
            "status": "reachable",
            "dynamic": "true",
        },
        {"address": "2001:db8::8", "interface": "ether1", "status": "failed", "dynamic": "true"},
    ],
    "/ip/neighbor": [
        {
            "interface": "ether2,bridge-lan",
            "address": "10.5.50.2",
            "mac-address": "48:A9:8A:00:00:02",
            "identity": "switch-1",
            "platform": "MikroTik",
            "interface-name": "ether8",
            "age": "12s",
            "system-description": "MikroTik RouterOS 7.16 CRS112",
            "system-caps": "bridge,router",
            "system-caps-enabled": "bridge",
        },
        {"interface": "ether1", "mac-address": "48:A9:8A:00:00:07", "identity": "upstream", "age": "3s"},
    ],
    "/snmp": [{"contact": "noc@harbour.example", "location": "harbour"}],
    "/snmp/community": [{"name": "graphs", "addresses": "10.0.0.0/8", "read-access": "yes", "write-access": "no"}],
}
"""What every version has; what a data plane would learn is seeded as dynamic rows, as is anything counted."""

SESSION = {
    "name": "transit-1",
    "established": "true",
    "remote.address": "192.0.2.7",
    "remote.as": "65002",
    "remote.id": "192.0.2.7",
    "remote.afi": "ip",
    "remote.messages": "12",
    "remote.capabilities": "mp,rr,as4",
    "local.address": "192.0.2.1",
    "local.as": "65001",
    "local.id": "192.0.2.1",
    "local.messages": "11",
    "hold-time": "3m",
    "keepalive-time": "1m",
    "prefix-count": "3",
    "uptime": "1h1m1s",
}
CONNECTION = {"name": "transit", "remote.address": "192.0.2.7", "remote.as": "65002", "local.role": "ebgp"}
OWN_BGP = {"as": "65001", "router-id": "192.0.2.1"}


def seed(version: str) -> dict[str, list[dict[str, str]]]:
    """The same network in the menus of each version."""
    if version == "6.49":
        peer = {"name": "transit", "instance": "default", "remote-address": "192.0.2.7", "remote-as": "65002"}
        up = {"established": "true", "remote-id": "192.0.2.7", "prefix-count": "3", "uptime": "1h1m1s"}
        return SEED | {
            "/routing/bgp/peer": [
                {"address-families": "ip", "disabled": "false", **peer, **up, "state": "established"}
            ],
            "/routing/bgp/advertisements": [{"peer": "transit", "prefix": "10.5.50.0/25", "nexthop": "192.0.2.1"}],
            "/ip/route/vrf": [
                {"routing-mark": "blue", "interfaces": "bridge-lan,ether4", "route-distinguisher": "65001:1"}
            ],
            "/system/ntp/client": [{"primary-ntp": "192.0.2.123", "server-dns-names": "time.harbour.example"}],
        }
    rows = {"/ip/vrf": [{"name": "blue", "interfaces": "bridge-lan,ether4"}], "/routing/bgp/session": [SESSION]}
    if version == "7.24":  # instances have a menu of their own since 7.20
        instance = {"/routing/bgp/instance": [{"name": "own", **OWN_BGP}]}
        return SEED | rows | instance | {"/routing/bgp/connection": [CONNECTION | {"instance": "own"}]}
    return SEED | rows | {"/routing/bgp/connection": [CONNECTION | OWN_BGP]}
