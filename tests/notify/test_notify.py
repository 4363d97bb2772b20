"""Notifications: people are told over real HTTP and mail, again where it fails, and no failure or address gets out."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator

import pytest
from fleet_room import run_main
from notify_room import CANARY, Chat, Mail, eventually, serving

from trueup.daemon.events import Bus, Event
from trueup.daemon.messenger import LINE, TOLD, WAITING, Waits, message
from trueup.daemon.notify import REFUSED, UNKNOWN, Notifier, Target, send, targets
from trueup.errors import SecretError
from trueup.row import Secret
from trueup_schemas.operate import Notify
from trueup_schemas.secret import SecretRef

EVENTS = frozenset(("drift", "failed", "unreachable", "back", "fight"))
QUICK = Waits(gather=0.02, first=0.02, longest=0.05, tries=3)


@pytest.fixture
def chat() -> Iterator[Chat]:
    with serving(Chat()) as server:
        yield server


class Told:
    """A notifier with one target, and all that it says of itself."""

    def __init__(self, address: str, **parts: object) -> None:
        self.counted: list[bool] = []
        self.said: list[Event] = []
        self.bus = Bus()
        known = {"counted": self.counted.append, "say": self.said.append, "waits": QUICK, **parts}
        self.notifier = Notifier("example", **known)
        self.notifier.configure([Target("notify/chat", Secret(address), EVENTS, 3600.0)])
        self.notifier.listen(self.bus)

    def tell(self, kind: str, text: str = "something", router: str = "edge-1", level: str = "warning") -> None:
        self.bus.tell(Event(kind, text, router, level=level))

    def close(self) -> None:
        self.notifier.close()


def test_a_chat_is_told_what_happened_and_that_it_is_over(chat):
    told = Told(chat.address)
    told.tell("unreachable", "no answer from 10.20.0.1", level="error")
    eventually(lambda: chat.got)
    told.tell("unreachable", "no answer from 10.20.0.1")
    told.tell("back", "answers again", level="info")
    eventually(lambda: len(chat.got) == 2)
    told.close()
    first, second = chat.got
    assert first["title"] == "trueup example: unreachable edge-1"
    assert first["message"] == "edge-1: no answer from 10.20.0.1"
    assert (first["type"], second["type"]) == ("failure", "success")
    assert second["message"] == "edge-1: answers again"
    assert told.counted == [True, True]
    assert told.said == []


def test_what_happens_at_once_is_one_message(chat):
    told = Told(chat.address, waits=Waits(gather=0.3, first=0.02))
    for n in range(30):
        told.tell("unreachable", "no answer", f"edge-{n}")
    eventually(lambda: chat.got)
    told.close()
    [one] = chat.got
    assert one["title"] == "trueup example: 30 events"
    assert one["message"].count("\n") == TOLD
    assert one["message"].endswith(f"and {30 - TOLD} more")


def test_a_message_that_is_not_taken_is_sent_again_and_that_is_told_once(chat):
    chat.answers = [500, 503]
    told = Told(chat.address)
    told.tell("failed")
    eventually(lambda: chat.got)
    told.close()
    assert chat.asked == 3
    assert told.counted == [True]
    assert [event.level for event in told.said] == ["warning", "info"]
    assert told.said[0].text.startswith(f"notify: notify/chat cannot be told: {REFUSED}; correct the secret")
    assert told.notifier.troubles == ()


def test_it_gives_up_in_the_end_and_goes_on_with_what_comes_next(chat):
    chat.answers = [500] * QUICK.tries
    told = Told(chat.address)
    told.tell("failed")
    eventually(lambda: told.counted == [False])
    [trouble] = told.notifier.troubles
    assert "notify/chat" in trouble
    assert chat.got == []
    told.tell("fight")
    eventually(lambda: chat.got)
    told.close()
    assert told.counted == [False, True]
    assert told.notifier.troubles == ()


@pytest.mark.parametrize("address", ["nonsense", "weird://x", f"json://bot:{CANARY}@", "", f"slack://{CANARY}"])
def test_an_address_that_is_none_is_told_without_being_shown(address, caplog, capfd):
    told = Told(address, waits=Waits(gather=0, first=0.01, tries=1))
    with caplog.at_level(logging.DEBUG):
        told.tell("failed")
        eventually(lambda: told.counted == [False])
    told.close()
    assert UNKNOWN in told.notifier.troubles[0]
    shown = "".join(event.text for event in told.said) + repr(told.notifier.troubles) + caplog.text
    assert CANARY not in shown + "".join(capfd.readouterr())


def test_no_address_gets_out_when_nobody_answers(chat, caplog, capfd):
    address = chat.address
    chat.server_close()
    told = Told(address)
    with caplog.at_level(logging.DEBUG):
        told.tell("failed")
        eventually(lambda: told.counted == [False])
    told.close()
    shown = "".join(event.text for event in told.said) + repr(told.notifier.troubles) + caplog.text
    assert CANARY not in shown + "".join(capfd.readouterr())
    assert CANARY not in repr(Target("n", Secret("x"), EVENTS, 1).name)
    with pytest.raises(TypeError, match="secret"):
        repr(Target("n", Secret(CANARY), EVENTS, 1))


def test_a_service_that_raises_anything_is_a_failure_like_another(monkeypatch):
    import apprise

    class Odd(Exception):
        pass

    def raising(*_: object, **__: object) -> bool:
        raise Odd(CANARY)

    monkeypatch.setattr(apprise.Apprise, "notify", raising)
    assert send(Secret("json://127.0.0.1"), "title", "text", "info") == "sending it raised Odd"


def test_a_slow_service_delays_neither_the_daemon_nor_others(chat):
    held, slow = threading.Event(), []

    def sending(address: Secret, title: str, text: str, kind: str) -> str:
        if address == Secret("slow"):
            held.wait(10)
            slow.append(text)
            return ""
        return send(address, title, text, kind)

    told = Told("slow", send=sending)
    pair = [Target("a", Secret("slow"), EVENTS, 0), Target("b", Secret(chat.address), EVENTS, 0)]
    told.notifier.configure(pair)
    before = time.monotonic()
    for n in range(WAITING * 3):
        told.tell("failed", router=f"edge-{n}")
    assert time.monotonic() - before < 2
    eventually(lambda: chat.got)
    assert slow == []
    held.set()
    eventually(lambda: slow)
    told.close()
    assert sum(text.count("\n") for text in slow) <= 2 * (TOLD + 1), "what waits has an end"


def test_closing_sends_what_waits_and_takes_no_longer_than_it_may(chat):
    told = Told(chat.address, waits=Waits(gather=60, first=60))
    told.tell("failed")
    before = time.monotonic()
    told.notifier.close(5)
    assert time.monotonic() - before < 4
    assert len(chat.got) == 1
    told.tell("fight")
    assert len(chat.got) == 1, "nothing is taken after the end"


def test_targets_that_stay_keep_what_they_remember(chat):
    told = Told(chat.address)
    told.tell("failed")
    eventually(lambda: chat.got)
    same = Target("notify/chat", Secret(chat.address), EVENTS, 3600.0)
    told.notifier.configure([same])
    told.tell("failed")
    told.notifier.configure([same, Target("notify/more", Secret(chat.address), frozenset(["fight"]), 0)])
    told.tell("failed")
    told.tell("fight")
    eventually(lambda: len(chat.got) == 3)
    told.notifier.configure([])
    told.tell("fight", router="edge-2")
    told.close()
    assert len(chat.got) == 3


def test_mail_is_sent(monkeypatch):
    monkeypatch.setattr("socket.getfqdn", lambda name="": "localhost")
    with serving(Mail()) as mail:
        port = mail.server_address[1]
        address = f"mailto://127.0.0.1:{port}/?from=trueup@example.org&to=ops@example.org&mode=insecure&smtp=127.0.0.1"
        told = Told(address)
        told.tell("fight", "/ip/dns comes back after every revert", level="error")
        eventually(lambda: mail.got or told.counted)
        told.close()
        assert told.counted == [True]
        assert "trueup example: fight edge-1" in mail.got[0]
        assert "/ip/dns comes back after every revert" in mail.got[0]


def test_addresses_come_from_the_stores():
    declared = [Notify(url=SecretRef("notify/chat"), events=("fight",), repeat="10m")]
    [one] = targets(declared, lambda ref: Secret(f"json://{ref.name}"))
    assert (one.name, one.events, one.repeat) == ("notify/chat", frozenset(["fight"]), 600.0)
    assert one.address == Secret("json://notify/chat")

    def missing(ref: SecretRef) -> Secret:
        raise SecretError(f"secret '{ref.name}' is missing")

    with pytest.raises(SecretError, match="notify/chat"):
        targets(declared, missing)


def test_a_message_is_as_bad_as_its_worst_event_and_never_endless():
    events = [Event("drift", "x" * 9999, "edge-1"), Event("failed", "y", level="error"), Event("back", "z")]
    title, text, kind = message("example", events, 7)
    assert title == "trueup example: 10 events"
    assert kind == "failure"
    assert len(text) < LINE + 100
    assert text.endswith("y\nz\nand 7 more")
    assert message("example", [Event("drift", "edge-1 has drifted", "edge-1")])[1] == "edge-1 has drifted"
    assert message("example", [Event("drift", "a\nb")])[1] == "a b"


def test_a_test_message_can_be_sent_from_the_command_line(chat, tmp_path, monkeypatch):
    monkeypatch.setenv("TRUEUP_SECRET_NOTIFY_CHAT", chat.address)
    monkeypatch.setenv("TRUEUP_SECRET_NOTIFY_OTHER", f"weird://{CANARY}")
    (tmp_path / "trueup.yaml").write_text("network: net\nnotify: [{url: !secret notify/chat}]\n")
    said = run_main("notify", "--network", str(tmp_path))
    assert said.code == 0, said.err
    assert said.out.split() == ["notify/chat", "taken"]
    assert chat.got[0]["title"] == "trueup net: test"
    (tmp_path / "trueup.yaml").write_text(
        "network: net\nnotify: [{url: !secret notify/chat}, {url: !secret notify/other}]\n"
    )
    said = run_main("notify", "--network", str(tmp_path), "--json")
    assert said.code == 1
    assert [each["error"] for each in json.loads(said.out)["notify"]] == ["", UNKNOWN]
    assert CANARY not in said.all
    (tmp_path / "trueup.yaml").write_text("network: net\n")
    assert "nobody is to be notified; add `notify:" in run_main("notify", "--network", str(tmp_path)).err
