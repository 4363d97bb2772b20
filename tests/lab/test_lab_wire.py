"""The framing holds for every length and however the bytes are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from librouteros.protocol import encode_word

from trueup.lab.wire import Decoder, Garbage, encode, encode_length

WORDS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1, max_size=6)
EDGES = (0, 1, 0x7F, 0x80, 0x3FFF, 0x4000, 0x1FFFFF, 0x200000, 0xFFFFFFF, 0x10000000, 0xFFFFFFFF)


@given(st.lists(WORDS, max_size=5), st.integers(1, 9))
def test_sentences_survive_any_cut(sentences: list[list[str]], size: int) -> None:
    stream = b"".join(map(encode, sentences))
    decoder = Decoder()
    cut = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert [sentence for chunk in cut for sentence in decoder.feed(chunk)] == sentences


@given(st.binary(min_size=1, max_size=300))
def test_bytes_that_are_no_text_come_back_as_they_were(raw: bytes) -> None:
    word = raw.decode("utf-8", "surrogateescape")
    (sentence,) = Decoder().feed(encode([word]))
    assert sentence[0].encode("utf-8", "surrogateescape") == raw


@pytest.mark.parametrize("length", EDGES)
def test_a_length_takes_the_shortest_form_that_the_documentation_gives(length: int) -> None:
    size = 1 + (length >= 0x80) + (length >= 0x4000) + (length >= 0x200000) + (length >= 0x10000000)
    assert len(encode_length(length)) == size


@pytest.mark.parametrize("length", [1, 0x7F, 0x80, 0x3FFF, 0x4000, 0x1FFFFF, 0x200000])
def test_words_are_framed_as_another_client_frames_them(length: int) -> None:
    assert encode(["x" * length])[:-1] == encode_word("x" * length, "ASCII")


@pytest.mark.parametrize("size", [0x80, 0x4000, 0x200000])
def test_long_words_survive_cuts_in_their_length(size: int) -> None:
    stream = encode(["a" * size, "b"])
    decoder = Decoder()
    found = [*decoder.feed(stream[:1]), *decoder.feed(stream[1:2]), *decoder.feed(stream[2:])]
    assert found == [["a" * size, "b"]]


def test_a_word_of_five_length_bytes_is_understood() -> None:
    (sentence,) = Decoder().feed(b"\xf0\x00\x00\x00\x02hi\x00")
    assert sentence == ["hi"]


@pytest.mark.parametrize("first", [0xF8, 0xFF])
def test_a_reserved_control_byte_ends_the_stream(first: int) -> None:
    with pytest.raises(Garbage):
        list(Decoder().feed(bytes([first])))


def test_a_stranger_cannot_send_more_than_the_limit() -> None:
    with pytest.raises(Garbage):
        list(Decoder(limit=100).feed(encode(["x" * 101])))


def test_empty_sentences_are_passed_over() -> None:
    assert list(Decoder().feed(b"\0\0" + encode(["/quit"]) + b"\0")) == [["/quit"]]
