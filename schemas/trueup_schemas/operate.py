"""What a network may say about how it is run: forge, approvals, daemon, windows, rollout, notifications, the page.

In trueup.yaml, but for `reconcile`, which every layer may say of its routers.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from trueup_schemas.declared import Declared, Host, Name, Secret, seconds, share, wrong

Mode = Literal["observe", "propose", "enforce"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Happening = Literal[
    "drift",
    "reverted",
    "proposed",
    "fight",
    "failed",
    "unreachable",
    "back",
    "rollout",
    "stopped",
    "revision",
    "invalid",
    "remote",
    "audit",
]
"""What a notification may be about."""


def _menu(text: str) -> str:
    if not re.fullmatch(r"(/[a-z0-9-]+)+", text):
        raise wrong(f"expected a menu such as /ip/firewall/filter, got '{text[:40]}'")
    return text


def _plain(value: Any) -> Any:
    """A property's value as RouterOS writes it: true and false are yes and no, as in rows."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _time(text: Any) -> Any:
    if not isinstance(text, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", text):
        raise wrong('expected a time of the day in quotes, such as "22:30"')
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise wrong(f"expected a time zone such as Europe/Berlin, got '{text[:40]}'") from None
    return text


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", text):
        raise wrong("expected an http or https address without a user in it")
    return text.rstrip("/")


def _end(text: str) -> str:
    match = re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]+\]):(\d{1,5})", text)
    if not match or not 0 < int(match[2]) < 65536:
        raise wrong(f"expected HOST:PORT, such as 10.0.0.5:1812, got '{text[:60]}'")
    return text


def _wave(value: Any) -> Any:
    """A wave: a number of routers, a share such as 20%, or {label: NAME}."""
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return {"count": value}
    if isinstance(value, str):
        return {"share": share(value)}
    if isinstance(value, dict) and set(value) == {"label"}:
        return value
    raise wrong("expected a number of routers, a share such as 20%, or {label: NAME}")


def _failures(value: Any) -> Any:
    """How many routers may fail: a number, or a share of the wave."""
    return {"share": share(value)} if isinstance(value, str) else {"count": value}


Menu = Annotated[str, AfterValidator(_menu)]
Time = Annotated[str, BeforeValidator(_time)]
Zone = Annotated[str, AfterValidator(_zone)]
Url = Annotated[str, AfterValidator(_url)]
Seconds = Annotated[float, BeforeValidator(seconds)]
Share = Annotated[float, BeforeValidator(share)]


class Ignore(Declared):
    """What of a menu's live rows is not trueup's business.

    Without `where` every row is meant, else those that have all of these values (`*` and `?` stand for any text).
    Without `properties` the rows themselves, which are then neither compared nor removed. `leave`: trueup never
    writes these properties; `keep`: it writes them when it adds the row, and keeps what is there afterwards.
    """

    menu: Menu
    where: dict[str, Annotated[str, BeforeValidator(_plain)]] = Field(default_factory=dict)
    properties: tuple[str, ...] = ()
    policy: Literal["leave", "keep"] = "leave"


class Probe(Declared):
    """What must answer for a router to count as healthy; exactly one of these is said.

    `ping`: the router reaches this address. `tcp`: HOST:PORT answers from where trueup runs. `netwatch`: the entry of
    this name, comment or host on the router is up.
    """

    ping: Host | None = None
    tcp: Annotated[str, AfterValidator(_end)] | None = None
    netwatch: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Probe:
        if sum(each is not None for each in (self.ping, self.tcp, self.netwatch)) != 1:
            raise wrong("expected exactly one of ping, tcp and netwatch")
        return self


class Reconcile(Declared):
    """What the daemon does about a router's drift; `menus` says otherwise for some menus.

    `listen`: menus whose changes are told by the router at once. `after`: routers that a rollout does before.
    """

    mode: Mode | None = None
    menus: dict[Menu, Mode] = Field(default_factory=dict)
    listen: tuple[Menu, ...] = ()
    after: tuple[Name, ...] = ()
    ignore: tuple[Ignore, ...] = ()
    probes: tuple[Probe, ...] = ()

    def mode_of(self, menu: str) -> Mode:
        """The mode of a menu: what is said of it, else of the router, else `observe`."""
        return self.menus.get(menu) or self.mode or "observe"


class Forge(Declared):
    """Where the network's pull requests are; `repository` is OWNER/NAME, or a GitLab project's path."""

    kind: Literal["github", "gitlab"]
    url: Url | None = None
    repository: Annotated[str, Field(pattern=r"^[\w.-]+(/[\w.-]+)+$")]
    token: Secret

    @property
    def api(self) -> str:
        """The API's address."""
        return self.url or ("https://api.github.com" if self.kind == "github" else "https://gitlab.com/api/v4")


class Approvals(Declared):
    """Who may approve a plan: by the e-mail of the commit that approves it; nobody named means anybody."""

    other_than_author: bool = False
    approvers: tuple[str, ...] = ()


class Daemon(Declared):
    """How the daemon runs; times in seconds."""

    remote: str = "origin"
    branch: str = "main"
    poll: Annotated[Seconds, Field(ge=0.1, le=86400)] = 60.0
    interval: Annotated[Seconds, Field(ge=0.1, le=86400)] = 180.0
    connections: Annotated[int, Field(ge=1, le=500)] = 20
    webhook: Secret | None = None


class Window(Declared):
    """When the daemon may write (`allow`), or may not (`deny`, which wins); routers without any `allow` are open.

    On `days`, from `from` to `to` (past midnight where `to` is not later), of the days from `since` to `until`.
    `edge`: what happens to a run that is still writing at the end.
    """

    kind: Literal["allow", "deny"]
    name: str = ""
    days: tuple[Day, ...] = DAYS
    from_: Annotated[Time, Field(alias="from")] = "00:00"
    to: Time = "24:00"
    since: date | None = None
    until: date | None = None
    time_zone: Zone = "UTC"
    edge: Literal["finish", "stop"] = "finish"
    routers: tuple[Name, ...] = ()
    sites: tuple[str, ...] = ()
    labels: tuple[Name, ...] = ()


class Wave(Declared):
    """One wave: so many routers, such a share of all, or those with a label; the rest comes last."""

    count: int | None = None
    share: float | None = None
    label: Name | None = None


class Failures(Declared):
    """How many routers of a wave may fail."""

    count: Annotated[int, Field(ge=0)] | None = None
    share: float | None = None


class Rollout(Declared):
    """How merged changes reach the routers. `settle`: seconds before a wave's health is judged, `patience`: how long.

    `sessions`: the share of a router's sessions that must be back. `on_failure`: what happens to the failed wave.
    """

    waves: tuple[Annotated[Wave, BeforeValidator(_wave)], ...] = (
        Wave(count=1),
        Wave(count=5),
        Wave(share=0.2),
        Wave(share=1.0),
    )
    max_failures: Annotated[Failures, BeforeValidator(_failures)] = Failures(count=0)
    settle: Annotated[Seconds, Field(ge=0, le=86400)] = 10.0
    patience: Annotated[Seconds, Field(ge=0.1, le=86400)] = 300.0
    sessions: Share = 0.9
    on_failure: Literal["roll-back", "hold"] = "roll-back"


class Notify(Declared):
    """Whom to tell of what: `url` is a secret, since addresses of notification services hold credentials.

    The same thing is told once in `repeat` seconds.
    """

    url: Secret
    events: tuple[Happening, ...] = (
        "fight",
        "failed",
        "unreachable",
        "back",
        "stopped",
        "invalid",
        "remote",
        "audit",
    )
    repeat: Annotated[Seconds, Field(ge=0, le=604800)] = 3600.0


class Web(Declared):
    """The page: off unless it is declared. Files are relative to the network's folder; `users` is made with `trueup
    user`."""

    address: Host = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    certificate: str | None = None
    key: str | None = None
    users: str | None = None
    names: tuple[Host, ...] = ()
    """By which names it is reached besides its address and the certificate's; with any, looking needs a login too."""
    links: Url | None = None
    """Where commits can be looked at: this address and /commit/SHA."""
