"""Keys come out the same however a stream is cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from trueup.lab.console.keyboard import BACKSPACE, END, ENTER, INTERRUPT, SAFE, Keyboard
from trueup.lab.console.seat import Seat, seat

PIECES = [
    (b"\r\n", [ENTER]),
    (b"\r", [ENTER]),
    (b"\x08", [BACKSPACE]),
    (b"\x03", [INTERRUPT]),
    (b"\x04", [END]),
    (b"\x18", [SAFE]),
    (b"\x1bOS", [SAFE]),
    (b"\x1b[14~", [SAFE]),
    (b"\x1b[24;80R", []),
    (b"\x1b[?1;2c", []),
    (b"\t", []),
    (b"/ip address", ["/ip address"]),
    ("ä€".encode(), ["ä€"]),
    (b"\xff", ["\udcff"]),
]


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.integers(1, 5))
def test_a_cut_stream_gives_the_same_keys(pieces: list[tuple[bytes, list[str]]], size: int) -> None:
    sent = b"".join(piece for piece, _ in pieces) + b"\r"
    wanted = "".join(key for _, keys in pieces for key in keys) + ENTER
    keyboard = Keyboard()
    keys = [key for at in range(0, len(sent), size) for key in keyboard.feed(sent[at : at + size])]
    assert "".join(keys) == wanted


@given(st.binary(max_size=200))
def test_any_bytes_are_keys(data: bytes) -> None:
    for key in Keyboard().feed(data):
        assert len(key) == 1 or key.isprintable() or not any(sign < " " or sign == "\x7f" for sign in key)


def test_a_login_name_carries_flags() -> None:
    assert seat("admin+ct511w4098h") == Seat("admin", plain=True, dumb=True)
    assert seat("admin") == Seat("admin")
    assert seat("a+b@c") == Seat("a+b@c")
    assert seat("a+b+c80w") == Seat("a+b", plain=True)
