"""Tells people what happens, through apprise: chat, mail, webhooks. That it fails is told too, and disturbs nothing.

Addresses of notification services hold credentials, so an address is a secret: nothing here shows one, and what
apprise and its libraries would log is not let out.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType

from trueup.daemon.events import Bus, Event
from trueup.daemon.messenger import Messenger, Waits
from trueup.row import Resolver, Secret
from trueup_schemas.operate import Notify

TALKATIVE = ("apprise", "urllib3", "requests")
"""Libraries whose log may hold an address."""

UNKNOWN = "it is no address of a kind that apprise knows"
REFUSED = "it was refused, or nobody answered"


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to tell of what: an address by the name of its secret; the same thing once in `repeat` seconds."""

    name: str
    address: Secret
    events: frozenset[str]
    repeat: float


Sender = Callable[[Secret, str, str, str], str]
"""Sends to an address a title, a text and its kind (info, success, warning, failure); "" where it was taken, else
why not, in words without the address."""


def targets(declared: Iterable[Notify], resolve: Resolver) -> tuple[Target, ...]:
    """The targets of a network's `notify`; raises SecretError where an address is in no store."""
    return tuple(Target(each.url.name, resolve(each.url), frozenset(each.events), each.repeat) for each in declared)


def send(address: Secret, title: str, text: str, kind: str) -> str:
    """Send by apprise, which is loaded with the first message. Never raises."""
    with _Whatever() as caught:
        import apprise

        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        asset = apprise.AppriseAsset(
            app_id="trueup", app_desc="trueup", app_url="", async_mode=False, secure_logging=True, storage_mode="memory"
        )
        made = apprise.Apprise(asset=asset)
        if not made.add(address.reveal()):
            return UNKNOWN
        for service in made:
            if service.overflow_mode == apprise.OverflowMode.UPSTREAM:
                service.overflow_mode = apprise.OverflowMode.SPLIT
        if made.notify(text, title, notify_type=kind, body_format="text"):
            return ""
    return caught.what or REFUSED


class Notifier:
    """Hears a bus and tells its targets, each in a thread of its own."""

    def __init__(
        self,
        network: str,
        *,
        counted: Callable[[bool], None] = lambda _: None,
        say: Callable[[Event], None] = lambda _: None,
        send: Sender = send,
        waits: Waits | None = None,
    ) -> None:
        """For each message `counted` is told whether it was taken; `say` takes what to log. Both come from threads."""
        self._network, self._counted, self._say = network, counted, say
        self._send, self._waits = send, waits or Waits()
        self._messengers: list[tuple[Target, Messenger]] = []

    def configure(self, wanted: Iterable[Target]) -> None:
        """Tell these targets from now on; those that stay as they are go on with what they remember."""
        there, self._messengers = self._messengers, []
        for target in wanted:
            same = next((pair for pair in there if pair[0] == target), None)
            if same is not None:
                there.remove(same)
            self._messengers.append(same or (target, self._messenger(target)))
        for _, messenger in there:
            messenger.close(0)

    def listen(self, bus: Bus) -> None:
        """Tell of every event from now on."""
        bus.listen(self.heard)

    def heard(self, event: Event) -> None:
        """Hand an event to whom it concerns; never waits, never raises."""
        for _, messenger in self._messengers:
            messenger.heard(event, time.monotonic())

    @property
    def troubles(self) -> tuple[str, ...]:
        """The targets that could not be told the last time, with why."""
        return tuple(messenger.trouble for _, messenger in self._messengers if messenger.trouble)

    def close(self, wait: float = 5.0) -> None:
        """Send what waits, within so many seconds for all targets together."""
        until = time.monotonic() + wait
        for _, messenger in self._messengers:
            messenger.closing()
        for _, messenger in self._messengers:
            messenger.close(max(until - time.monotonic(), 0))

    def _messenger(self, target: Target) -> Messenger:
        def deliver(title: str, text: str, kind: str) -> str:
            return self._send(target.address, title, text, kind)

        return Messenger(
            target.name, target.events, target.repeat, self._network, deliver, self._counted, self._say, self._waits
        )


class _Whatever:
    """Notes the name of whatever is raised within: a plug-in of apprise may raise anything, with its address in it."""

    what = ""

    def __enter__(self) -> _Whatever:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        if kind is None or not issubclass(kind, Exception):
            return False
        self.what = f"sending it raised {kind.__name__}"
        return True
