"""What a router's device-mode forbids: each mode's features by version, and the menus that they are about.

From MikroTik's manual, Device-mode; `rose` as a router of 7.19.4 showed it. A mode's list is changed feature by
feature, which takes a button press or a cold start at the router.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from trueup_schemas.catalogue.version import exists, release

FIRST = (7, 0)
"""RouterOS 6 has no device-mode."""
_NEVER = frozenset({"container", "install-any-version", "partitions", "routerboard", "traffic-gen"})
_HOME = frozenset(
    {"bandwidth-test", "container", "email", "fetch", "hotspot", "proxy", "romon", "scheduler", "sniffer", "socks"}
    | {"traffic-gen", "zerotier"}
)
_BASIC = frozenset({"bandwidth-test", "hotspot", "proxy", "socks", "zerotier"})

_FORBIDS: tuple[tuple[str, str | None, str | None, frozenset[str]], ...] = (
    ("enterprise", None, "7.16", frozenset({"container"})),
    ("home", None, "7.16", _HOME),
    ("advanced", "7.17", None, _NEVER),
    ("basic", "7.17", None, _NEVER | _BASIC),
    ("home", "7.17", None, _NEVER | _HOME),
    ("rose", "7.17", None, _NEVER - {"container"}),
)
"""Each mode, first and last version that has it so, and the features that it forbids."""

MENUS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bandwidth-test": ("/tool/bandwidth-server",),
        "container": ("/app", "/container"),
        "email": ("/tool/e-mail",),
        "hotspot": ("/ip/hotspot",),
        "ipsec": ("/ip/ipsec",),
        "l2tp": ("/interface/l2tp-client", "/interface/l2tp-server"),
        "pptp": ("/interface/pptp-client", "/interface/pptp-server"),
        "proxy": ("/ip/proxy",),
        "romon": ("/tool/romon",),
        "routerboard": ("/system/routerboard/settings",),
        "scheduler": ("/system/scheduler",),
        "smb": ("/ip/smb",),
        "sniffer": ("/tool/sniffer",),
        "socks": ("/ip/socks",),
        "traffic-gen": ("/tool/traffic-generator",),
        "zerotier": ("/zerotier",),
    }
)
"""The menus of a feature, each with all below it; a feature that is not here (fetch, say) is about commands alone."""


def modes(version: str) -> tuple[str, ...]:
    """The modes that a version has, sorted."""
    at = release(version)
    return tuple(sorted({mode for mode, since, until, _ in _FORBIDS if at >= FIRST and exists(since, until, at)}))


def forbidden(mode: str, said: Mapping[str, bool], version: str) -> frozenset[str]:
    """The features that a mode of a version forbids where `said` allows and forbids some beside it."""
    at = release(version)
    there = (found for name, since, until, found in _FORBIDS if name == mode and exists(since, until, at))
    by_mode = next(there, frozenset())
    allowed = {name for name, allows in said.items() if allows}
    return (by_mode - allowed) | (said.keys() - allowed)


def features(path: str) -> Iterator[str]:
    """The features that a menu belongs to."""
    for feature, menus in MENUS.items():
        if any(f"{path}/".startswith(f"{menu}/") for menu in menus):
            yield feature
