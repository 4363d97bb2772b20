"""The log: a line of JSON for each event, words on a terminal, no secret of any library, and no way to stop a run."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from trueup.daemon.events import Bus, Event
from trueup.daemon.log import EventLog, take_over

CANARY = "canary-in-a-library-5c"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, given back as it was."""
    found = logging.getLogger()
    handlers = list(found.handlers)
    yield found
    found.handlers[:] = handlers


def lines(stream: io.StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_a_line_of_json_with_what_is_known():
    bus, stream = Bus(), io.StringIO()
    EventLog(stream).listen(bus)
    bus.tell(Event("reverted", "2 rows of /ip/dns", "edge-1", run="0a1b2c3d", commit="c0ffee", level="warning"))
    bus.tell(Event("remote", "the remote answers again"))
    first, second = lines(stream)
    assert first.pop("time").endswith("+00:00")
    assert first == {
        "level": "warning",
        "event": "reverted",
        "router": "edge-1",
        "run": "0a1b2c3d",
        "commit": "c0ffee",
        "text": "2 rows of /ip/dns",
    }
    assert set(second) == {"time", "level", "event", "text"}


def test_text_with_line_ends_stays_one_line():
    stream = io.StringIO()
    EventLog(stream).heard(Event("drift", 'a\n{"level": "forged"}\x1b[2J\udcff'))
    assert stream.getvalue().count("\n") == 1
    assert lines(stream)[0]["level"] == "info"
    words = io.StringIO()
    EventLog(words, words=True).heard(Event("drift", "a\nb\x1b[2J"))
    assert words.getvalue().count("\n") == 1
    assert "\x1b" not in words.getvalue()


def test_on_a_terminal_it_is_words():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    EventLog(stream).heard(Event("drift", "2 rows by bob", "edge-1", run="0a1b2c3d", level="warning"))
    assert stream.getvalue()[8:] == " warning edge-1 drift: 2 rows by bob (run 0a1b2c3d)\n"


def test_what_only_the_page_wants_and_what_is_too_small_stays_out():
    stream = io.StringIO()
    log = EventLog(stream, least="warning")
    for kind, level in (("status", "error"), ("drift", "info"), ("drift", "debug"), ("failed", "error")):
        log.heard(Event(kind, "x", level=level))
    assert [line["event"] for line in lines(stream)] == ["failed"]


def test_steps_are_for_debugging_and_details_for_whoever_mends_it():
    stream, words = io.StringIO(), io.StringIO()
    step = Event("doing", "reading", "edge-1")
    EventLog(stream).heard(step)
    assert stream.getvalue() == ""
    EventLog(stream, least="debug").heard(step)
    fault = Event("failed", "a fault", level="error", detail="File x\nline y\x1b[2J")
    EventLog(stream).heard(fault)
    assert [line.get("detail", "") for line in lines(stream)] == ["", fault.detail]
    EventLog(words, words=True).heard(fault)
    assert words.getvalue().splitlines()[1:] == ["    File x", "    line y [2J"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), BrokenPipeError(), ValueError("closed")])
def test_a_log_that_cannot_be_written_disturbs_nobody(error):
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise error

    heard: list[Event] = []
    bus = Bus()
    EventLog(Full()).listen(bus)
    bus.listen(heard.append)
    bus.tell(Event("drift", "x"))
    assert len(heard) == 1


def test_libraries_speak_in_the_same_log_and_those_with_secrets_are_only_named(root):
    stream = io.StringIO()
    take_over(EventLog(stream))
    logging.getLogger("uvicorn.error").warning("closing\nan idle %s", "connection")
    logging.getLogger("uvicorn.error").info("not this")
    logging.getLogger("some.library").error("cannot send to json://u:%s@host", CANARY)
    try:
        raise RuntimeError(CANARY)
    except RuntimeError:
        logging.getLogger("asyncio").exception("a task has failed")
    logging.getLogger("asyncio").warning("%s %s", "too few")
    logging.getLogger("trueup.web").warning("login refused: address=%s", "192.0.2.7")
    assert CANARY not in stream.getvalue()
    told = [(line["library"], line["level"], line["text"]) for line in lines(stream)]
    assert told == [
        ("uvicorn.error", "warning", "closing an idle connection"),
        ("some.library", "error", "said something"),
        ("asyncio", "error", "a task has failed (RuntimeError)"),
        ("asyncio", "warning", "said something"),
        ("trueup.web", "warning", "login refused: address=192.0.2.7"),
    ]
