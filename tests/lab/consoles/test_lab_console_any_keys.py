"""Whatever is typed at a console, it answers, and safe mode stays what the prompt says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.lab import Router, Spec
from trueup.lab.console.console import Console
from trueup.lab.console.keyboard import Keyboard
from trueup.lab.console.seat import seat

TYPED = [
    *("/ip address", "print", "/", "..", "export", "/quit", "quit", "/system reboot", "/system identity set name=a>b"),
    *(":put", " ", "\r", "\r\n", "\x03", "\x04", "\x18", "\x1bOS", "\x7f", "y", "n", "u", "r", "d", "{", "}", "[", "$"),
    *('"', "/safe-mode take", "/undo", "/ip pool add name=p ranges=10.0.0.1", "ä", "\x1b[6n", "/import x", "\udcff"),
]


@pytest.mark.parametrize("version", ["6.49.13", "7.24.4"])
@settings(max_examples=60)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from(TYPED)), max_size=40))
def test_any_keys_are_answered(version: str, typed: list[tuple[bool, str]]) -> None:
    router = Router(Spec("hub", version=version, password="s"))
    shown: list[str] = []
    consoles = [Console(router, seat(name), shown.append) for name in ("admin+ct", "admin")]
    keyboards = [Keyboard(), Keyboard()]
    for second, text in typed:
        console = consoles[second]
        for key in keyboards[second].feed(text.encode("utf-8", "surrogateescape")):
            if not console.ended:
                console.sets_off(key)
                console.press(key)
    holds = [console for console in consoles if "<SAFE>" in console.prompt()]
    held = router.safe_mode.holder
    assert [console.number for console in holds] == ([held.session] if held else [])
    for console in consoles:
        console.leave()
    router.advance(10_000)
    assert router.safe_mode.holder is None or router.wedged


@given(st.binary(max_size=300))
@settings(max_examples=100)
def test_any_bytes_are_answered(data: bytes) -> None:
    router = Router(Spec("hub", version="7.24", password="s"))
    console = Console(router, seat("admin+ct"))
    for key in Keyboard().feed(data):
        if not console.ended:
            console.press(key)
    console.leave()
