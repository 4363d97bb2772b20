"""What a router holds before anybody configured it, as far as exports and the router's own flags do not tell.

Sources: MikroTik's documentation (Services, Hotspot, PPP, Queues, Log, SNMP, default configurations); the names behind
`set [ find default=yes ]` and behind internal numbers as they stand in published exports of RouterOS 6.39 to 7.14.
"""

from __future__ import annotations

from collections.abc import Mapping

Shipped = Mapping[str, str]

_SERVICES = {
    "telnet": 23,
    "ftp": 21,
    "www": 80,
    "ssh": 22,
    "www-ssl": 443,
    "api": 8728,
    "winbox": 8291,
    "api-ssl": 8729,
}
_TYPES = {
    "default": "pfifo",
    "ethernet-default": "pfifo",
    "wireless-default": "sfq",
    "synchronous-default": "red",
    "hotspot-default": "sfq",
    "pcq-upload-default": "pcq",
    "pcq-download-default": "pcq",
    "only-hardware-queue": "none",
    "multi-queue-ethernet-default": "mq-pfifo",
    "default-small": "pfifo",
}
_POLICY_6 = "local,telnet,ssh,reboot,read,test,winbox,password,web,sniff,sensitive,api,romon"
_POLICY = f"{_POLICY_6},rest-api"


def _groups(policy: str, *full: str) -> tuple[Shipped, ...]:
    """Groups by what all of them may; `full` are policies that only the group of that name has."""
    never = "".join(f",!{word}" for word in full)
    return (
        {"name": "read", "policy": f"{policy},!ftp,!write,!policy{never}"},
        {"name": "write", "policy": f"{policy},write,!ftp,!policy{never}"},
        {"name": "full", "policy": ",".join((policy, "ftp,write,policy", *full))},
    )


_TYPES_MORE: Mapping[str, Shipped] = {
    "pcq-upload-default": {"pcq-classifier": "src-address"},
    "pcq-download-default": {"pcq-classifier": "dst-address"},
    "default-small": {"pfifo-limit": "10"},
}

ROWS: Mapping[str, tuple[Shipped, ...]] = {
    "/caps-man/manager/interface": ({"interface": "all"},),
    "/interface/ethernet/switch": ({"name": "switch1"}, {"name": "switch2"}),
    "/interface/ethernet/switch/qos/map": ({"name": "default"},),
    "/interface/ethernet/switch/qos/profile": ({"name": "default"},),
    "/interface/ethernet/switch/qos/tx-manager": ({"name": "default"},),
    "/interface/ethernet/switch/qos/tx-manager/queue": tuple(
        {"traffic-class": str(number), "tx-manager": "default"} for number in range(8)
    ),
    "/interface/lte/apn": ({"name": "default", "apn": "internet"},),
    "/ip/dhcp-client/option": (
        {"name": "hostname", "code": "12", "value": "$(HOSTNAME)"},
        {"name": "clientid", "code": "61", "value": "0x01$(CLIENT_MAC)"},
    ),
    "/ip/firewall/service-port": (
        {"name": "ftp", "ports": "21", "disabled": "no"},
        {"name": "tftp", "ports": "69", "disabled": "no"},
        {"name": "irc", "ports": "6667", "disabled": "yes"},
        {"name": "h323", "disabled": "no"},
        {"name": "sip", "ports": "5060-5061", "disabled": "no"},
        {"name": "pptp", "disabled": "no"},
        {"name": "rtsp", "ports": "554", "disabled": "yes"},
        *({"name": name, "disabled": "no"} for name in ("udplite", "dccp", "sctp")),
    ),
    "/ip/hotspot/profile": ({"name": "default"},),
    "/ip/hotspot/user/profile": ({"name": "default"},),
    "/ip/hotspot/user": ({"name": "default-trial", "comment": "counters and limits for trial users"},),
    "/ip/ipsec/mode-config": ({"name": "request-only", "responder": "no"},),
    "/ip/ipsec/policy/group": ({"name": "default"},),
    "/ip/ipsec/policy": ({"template": "yes", "group": "default", "src-address": "::/0", "dst-address": "::/0"},),
    "/ip/ipsec/profile": ({"name": "default"},),
    "/ip/ipsec/proposal": ({"name": "default"},),
    "/ip/service": tuple(
        {"name": name, "port": str(port), "disabled": "yes" if name == "www-ssl" else "no"}
        for name, port in _SERVICES.items()
    ),
    "/interface/wireless/security-profiles": ({"name": "default", "supplicant-identity": "MikroTik"},),
    "/ip/smb/shares": ({"name": "pub", "directory": "/pub"},),
    "/ip/smb/users": ({"name": "guest", "read-only": "yes"},),
    "/ppp/profile": (
        {"name": "default", "change-tcp-mss": "yes"},
        {"name": "default-encryption", "change-tcp-mss": "yes", "use-encryption": "yes"},
    ),
    "/queue/type": tuple({"name": name, "kind": kind, **_TYPES_MORE.get(name, {})} for name, kind in _TYPES.items()),
    "/user/group": _groups(_POLICY),
    "/ipv6/nd": ({"interface": "all"},),
    "/tool/romon/port": ({"interface": "all"},),
    "/snmp/community": ({"name": "public", "addresses": "::/0"},),
    "/system/clock": ({"time-zone-name": "manual"},),
    "/ip/neighbor/discovery-settings": ({"discover-interface-list": "static"},),
    "/ip/hotspot/service-port": ({"name": "ftp", "ports": "21"},),
    "/system/logging": (
        {"topics": "info"},
        {"topics": "error"},
        {"topics": "warning"},
        {"topics": "critical", "action": "echo"},
    ),
    "/system/logging/action": tuple({"name": name, "target": name} for name in ("memory", "disk", "echo", "remote")),
}
"""Rows as they come with a router, in its order: the properties that are not their menu's defaults."""

ROWS_6: Mapping[str, tuple[Shipped, ...]] = {
    "/user/group": _groups(f"{_POLICY_6},tikapp", "dude"),
    "/mpls/interface": ({"interface": "all"},),
    "/routing/bfd/interface": ({"interface": "all"},),
    "/routing/bgp/instance": ({"name": "default", "as": "65530"},),
    "/routing/ospf/instance": ({"name": "default"},),
    "/routing/ospf/area": ({"name": "backbone", "instance": "default"},),
    "/system/ntp/client": ({"mode": "unicast"},),
}
"""The same for menus that RouterOS 7 ships empty."""


def shipped_rows(path: str, version: str) -> tuple[Shipped, ...]:
    """The rows that a menu comes with in a version, as far as they are known."""
    return (ROWS_6.get(path) if version.startswith("6.") else None) or ROWS.get(path, ())


INTERNAL: Mapping[str, Mapping[str, str]] = {
    "/ppp/profile": {"*0": "default", "*FFFFFFFE": "default-encryption"},
}
"""The names behind internal numbers that are the same on every router."""

EVERY: Mapping[str, Shipped] = {"/queue/interface": {"queue": "only-hardware-queue"}}
"""What each row of a menu is shipped with, however many a board has of them."""

BOARD: Mapping[str, frozenset[str]] = {
    "/interface/ethernet": frozenset(
        (
            "advertise",
            "cable-settings",
            "combo-mode",
            "disable-running-check",
            "fec-mode",
            "l2mtu",
            "mdix-enable",
            "sfp-ignore-rx-los",
            "sfp-rate-select",
            "sfp-shutdown-temperature",
            "speed",
        )
    ),
}
"""Properties whose value depends on the board; of a live router nobody can tell whether they were ever set."""

LEFT_OUT: Mapping[str, str] = {
    "/certificate": "certificates and their keys are no rows that a declaration could make again",
    "/file": "files are no rows that a declaration could make again",
}
"""Menus that are never adopted, with the reason."""
