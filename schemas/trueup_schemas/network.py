"""What the heads of a network's files may say: trueup.yaml, and each layer's own words about its routers.

Intents and `rows` are the rest of a layer; they are checked where they are compiled.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from trueup_schemas.declared import Declared, Host, Name, Secret, seconds, share, wrong
from trueup_schemas.operate import Approvals, Daemon, Forge, Notify, Reconcile, Rollout, Web, Window


def _fingerprint(text: str) -> str:
    match = re.fullmatch(r"sha256:((?:[0-9a-fA-F]{2}:?){32})", text)
    if not match or text.endswith(":"):
        raise wrong("expected 'sha256:' and the 64 hex digits of the certificate's SHA-256")
    return "sha256:" + match[1].replace(":", "").lower()


def _host_key(text: str) -> str:
    if not re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}=?", text):
        raise wrong("expected 'SHA256:' and the 43 characters that `ssh-keygen -lf` shows of the host key")
    return text.rstrip("=")


def _version(text: str) -> str:
    if not re.fullmatch(r"\d+\.\d+(\.\d+)?((alpha|beta|rc)\d+)?( \([a-z-]+\))?", text):
        raise wrong(f"expected a RouterOS version such as \"7.24\", got '{text[:40]}'")
    return text


def _tls(value: Any) -> Any:
    if isinstance(value, str):
        return {"mode": value}
    if not isinstance(value, dict) or len(value) != 1 or not value.keys() <= {"ca", "fingerprint"}:
        raise wrong('expected verify, anonymous, off, {ca: PATH} or {fingerprint: "sha256:HEX"}')
    return value


class Tls(Declared):
    """How a router's certificate is checked: against a CA, against one fingerprint, or (said outright) not at all."""

    mode: Literal["verify", "anonymous", "off"] = "verify"
    ca: str | None = None
    fingerprint: Annotated[str, AfterValidator(_fingerprint)] | None = None


class Ssh(Declared):
    """How a router's console is reached, for safe mode on releases before 7.18: the port, and the pinned host key."""

    port: Annotated[int, Field(ge=1, le=65535)] = 22
    host_key: Annotated[str, AfterValidator(_host_key)]


class Connect(Declared):
    """How a router is reached: `hosts` are tried in order; `timeout` is in seconds.

    `source` and `destination` are the connection's addresses as the router sees them, where those are not our end's.
    """

    hosts: tuple[Host, ...] = ()
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    username: str = "trueup"
    password: Secret | None = None
    tls: Annotated[Tls, BeforeValidator(_tls)] = Tls()
    server_name: Host | None = None
    ssh: Ssh | None = None
    source: IPv4Address | IPv6Address | None = None
    destination: IPv4Address | IPv6Address | None = None
    timeout: Annotated[float, BeforeValidator(seconds), Field(ge=0.1, le=600)] = 10.0

    @property
    def api_port(self) -> int:
        """The declared port, else RouterOS's own: 8729 for TLS, 8728 for plain text."""
        return self.port or (8728 if self.tls.mode == "off" else 8729)


def _mode(value: Any) -> Any:
    return {"mode": value} if isinstance(value, str) else value


class DeviceMode(Declared):
    """A router's device-mode, and the features that were allowed or forbidden beside it; some layer says the mode."""

    mode: Literal["advanced", "basic", "enterprise", "home", "rose"] | None = None
    bandwidth_test: bool | None = None
    container: bool | None = None
    email: bool | None = None
    fetch: bool | None = None
    hotspot: bool | None = None
    install_any_version: bool | None = None
    ipsec: bool | None = None
    l2tp: bool | None = Field(default=None, alias="l2tp")
    partitions: bool | None = None
    pptp: bool | None = None
    proxy: bool | None = None
    romon: bool | None = None
    routerboard: bool | None = None
    scheduler: bool | None = None
    smb: bool | None = None
    sniffer: bool | None = None
    socks: bool | None = None
    traffic_gen: bool | None = None
    zerotier: bool | None = None

    @property
    def said(self) -> dict[str, bool]:
        """The features that are allowed or forbidden beside the mode."""
        return {name: value for name, value in self.model_dump(by_alias=True).items() if isinstance(value, bool)}


class LayerHead(Declared):
    """What every layer may say of its routers, intents and rows aside."""

    labels: tuple[Name, ...] = ()
    version: Annotated[str, AfterValidator(_version)] | None = None
    model: str | None = None
    serial: str | None = None
    device_mode: Annotated[DeviceMode, BeforeValidator(_mode)] | None = None
    connect: Connect | None = None
    reconcile: Reconcile = Reconcile()
    vars: dict[str, Any] = Field(default_factory=dict)
    rows: dict[str, Any] = Field(default_factory=dict)


class SiteHead(LayerHead):
    """A site's own words; its name is its folder's, `site` may only repeat it."""

    site: str | None = None


class GroupHead(LayerHead):
    """A group's own words; its name is its file's, `group` may only repeat it."""

    group: str | None = None


class RouterHead(LayerHead):
    """A router's own words."""

    router: Name
    groups: tuple[Name, ...] = ()


class Stores(Declared):
    """Where secrets are looked up, after the environment."""

    file: str | None = None


class Guards(Declared):
    """How many rows, and which share of a menu's, a plan may remove before its hash has to be named."""

    remove_rows: Annotated[int, Field(ge=0)] = 50
    remove_share: Annotated[float, BeforeValidator(share)] = 0.3


class NetworkHead(Declared):
    """trueup.yaml; `audit` is relative to the network's folder; `defaults` is the network layer."""

    network: Name
    audit: str | None = None
    secrets: Stores = Stores()
    guards: Guards = Guards()
    forge: Forge | None = None
    approvals: Approvals = Approvals()
    daemon: Daemon = Daemon()
    windows: tuple[Window, ...] = ()
    rollout: Rollout = Rollout()
    notify: tuple[Notify, ...] = ()
    web: Web | None = None
    defaults: dict[str, Any] = Field(default_factory=dict)
