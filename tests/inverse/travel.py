"""A plan with every kind of change, for a router that holds rows of others too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bench import Bench, first

from trueup.row import Place
from trueup_schemas.secret import SecretRef

FILTER, MANGLE = "/ip/firewall/filter", "/ip/firewall/mangle"
QUEUE, DNS = "/queue/simple", "/ip/dns/static"
SECRETS = {"old": "canary-old-secret-1", "new": "canary-new-secret-2"}
FOREIGN: Mapping[str, Any] = {
    "/ip/pool": [{"name": "theirs", "ranges": "192.168.9.2-192.168.9.9"}],
    FILTER: [
        {"chain": "input", "action": "accept", "comment": "theirs, first"},
        {"chain": "input", "action": "accept", "comment": "theirs, last"},
    ],
    "/ip/firewall/address-list": [{"list": "theirs", "address": "10.77.0.1"}],
    DNS: [{"name": "theirs.example", "address": "10.0.0.77"}],
}


def rule(comment: str, **more: Any) -> dict[str, Any]:
    return {"chain": "input", "action": "accept", **more, "comment": comment}


BEFORE: Mapping[str, Any] = {
    "/system/identity": [{"name": "before"}],
    "/ip/pool": [
        {"name": "kept", "ranges": "10.0.1.2-10.0.1.9"},
        {"name": "changed", "ranges": "10.0.2.2-10.0.2.9"},
        {"name": "gone", "ranges": "10.0.3.2-10.0.3.9"},
        {"name": "named", "ranges": "10.0.5.2-10.0.5.9"},
    ],
    "/interface/list": [{"name": "old-list"}],
    FILTER: [
        rule("one", place=Place("after", {"comment": "theirs, first"})),
        rule("two", protocol="tcp", **{"dst-port": "22"}),
        rule("three", **{"in-interface-list": "old-list"}),
        rule("four"),
        rule("five"),
    ],
    "/interface/ethernet": [
        {"default-name": "ether2", "name": "left"},
        {"default-name": "ether3", "name": "right"},
    ],
    "/radius": [
        {"address": "10.0.0.5", "service": "login", "secret": SecretRef("old"), "comment": "billing"},
        {"address": "10.0.0.6", "service": "ppp", "secret": SecretRef("old"), "comment": "retired"},
    ],
    DNS: [
        {"name": "a.example", "address": "10.0.0.1", "place": first()},
        {"name": "c.example", "address": "10.0.0.3"},
    ],
    "/ip/firewall/address-list": [{"list": "ours", "address": "10.0.7.0/24", "comment": 'quote " $here \\ ?'}],
    MANGLE: [{"chain": "prerouting", "action": "accept", "comment": "going", "place": first()}],
    QUEUE: [
        {"name": "q1", "target": "10.1.0.0/24", "place": first()},
        {"name": "q2", "target": "10.2.0.0/24"},
        {"name": "q3", "target": "10.3.0.0/24", "comment": "café"},
    ],
}

AFTER: Mapping[str, Any] = {
    "/system/identity": [{"name": "after"}],
    "/ip/pool": [
        {"name": "kept", "ranges": "10.0.1.2-10.0.1.9"},
        {"name": "changed", "ranges": "10.0.2.2-10.0.2.99"},
        {"name": "fresh", "ranges": "10.0.4.2-10.0.4.9"},
        {"name": "renamed", "ranges": "10.0.5.2-10.0.5.99", "was": {"name": "named"}},
    ],
    "/ppp/profile": [{"name": "subscribers", "remote-address": "fresh"}],
    "/interface/list": [{"name": "new-list", "was": {"name": "old-list"}}],
    FILTER: [
        rule("one", place=Place("after", {"comment": "theirs, first"})),
        rule("five"),
        rule("two", protocol="tcp"),
        rule("twins"),
        rule("twins"),
        rule("four", **{"log-prefix": "x", "in-interface-list": "new-list"}),
    ],
    "/interface/ethernet": [
        {"default-name": "ether2", "name": "right"},
        {"default-name": "ether3", "name": "left"},
    ],
    "/radius": [{"address": "10.0.0.5", "service": "login", "secret": SecretRef("new"), "comment": "billing"}],
    DNS: [
        {"name": "a.example", "address": "10.0.0.1", "place": first()},
        {"name": "b.example", "address": "10.0.0.2"},
    ],
    "/ip/firewall/address-list": [
        {"list": "ours", "address": "10.0.8.0/24"},
        {"list": "ours", "address": "10.0.9.1-10.0.9.7"},
        {"list": "ours", "address": "host.example"},
    ],
    MANGLE: [{"chain": "forward", "action": "accept", "comment": "twin", "place": first()}] * 2,
    QUEUE: [
        {"name": "q3", "target": "10.3.0.0/24", "comment": "café", "place": first()},
        {"name": "q4", "target": "10.4.0.0/24"},
        {"name": "q1", "target": "10.1.0.0/24", "comment": "moved"},
    ],
}
MENUS = (*BEFORE, "/ppp/profile")


def traveller(version: str = "7.24") -> Bench:
    """A router with BEFORE applied and AFTER to come."""
    bench = Bench(version, FOREIGN, dict(SECRETS))
    bench.apply(BEFORE)
    return bench
