"""Rows that every router has without anybody declaring them, as far as they are referred to.

Which names: RouterOS's default configuration objects, its reserved words for lists and tables, and the ports that
boards are built with. A name that is not here may still be on a router; only the router can tell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

NAMES: Mapping[str, frozenset[str]] = {
    "/interface": frozenset({"all", "none", "dynamic", "static", "lo"}),
    "/interface/list": frozenset({"all", "none", "dynamic", "static"}),
    "/interface/bridge": frozenset({"none"}),
    "/ip/pool": frozenset({"none", "static-only"}),
    "/ip/hotspot": frozenset({"all"}),
    "/ip/hotspot/profile": frozenset({"default"}),
    "/ip/hotspot/user/profile": frozenset({"default"}),
    "/ip/dhcp-server": frozenset({"all"}),
    "/ppp/profile": frozenset({"default", "default-encryption"}),
    "/queue/simple": frozenset({"none"}),
    "/queue/tree": frozenset({"global"}),
    "/queue/type": frozenset(
        {
            "default",
            "default-small",
            "ethernet-default",
            "hotspot-default",
            "multi-queue-ethernet-default",
            "only-hardware-queue",
            "pcq-download-default",
            "pcq-upload-default",
            "synchronous-default",
            "wireless-default",
        }
    ),
    "/routing/table": frozenset({"main"}),
    "/snmp/community": frozenset({"public"}),
    "/system/logging/action": frozenset({"memory", "disk", "echo", "remote"}),
    "/user/group": frozenset({"read", "write", "full"}),
    "/certificate": frozenset({"none"}),
}

_PORT = re.compile(r"(ether|sfp|sfp-sfpplus|sfpplus|sfp28-|qsfpplus|combo|wlan|wifi|lte)[0-9][0-9-]*")


def builtin(menu: str, name: str) -> bool:
    """Whether a router has such a row by itself: a default, a reserved word, a port of its board."""
    return name in NAMES.get(menu, ()) or (menu.startswith("/interface") and bool(_PORT.fullmatch(name)))
