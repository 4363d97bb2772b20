"""The framing: every length form, bytes cut anywhere, any bytes in values, and refusal of what is no API."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.device.words import (
    WORD_LIMIT,
    Decoder,
    Garbled,
    Hidden,
    decode_length,
    encode_length,
    encode_sentence,
    parse,
)

WORDS = st.lists(
    st.binary(min_size=1, max_size=300).map(lambda raw: raw.decode("utf-8", "surrogateescape")), min_size=1
)


@pytest.mark.parametrize(
    ("length", "data"),
    [
        (0, "00"),
        (0x7F, "7f"),
        (0x80, "8080"),
        (0x3FFF, "bfff"),
        (0x4000, "c04000"),
        (0x1FFFFF, "dfffff"),
        (0x200000, "e0200000"),
        (0xFFFFFFF, "efffffff"),
        (0x10000000, "f010000000"),
    ],
)
def test_lengths_are_written_in_the_shortest_of_five_forms(length, data):
    assert encode_length(length).hex() == data


@pytest.mark.parametrize("data", ["03", "8003", "c00003", "e0000003", "f000000003"])
def test_every_form_is_read_and_waits_for_its_bytes(data):
    raw = bytes.fromhex(data)
    assert decode_length(raw, 0) == (3, len(raw))
    if len(raw) > 1:
        assert decode_length(raw[:-1], 0) is None
    assert Decoder().feed(raw + b"abc\x00") == [["abc"]]


@pytest.mark.parametrize("data", [b"\xf1", b"\xf8", b"\xff", encode_length(WORD_LIMIT + 1)])
def test_control_bytes_and_giant_words_are_refused(data):
    with pytest.raises(Garbled):
        Decoder().feed(data)


@given(st.lists(WORDS), st.lists(st.integers(1, 200)))
def test_sentences_come_back_whole_wherever_the_bytes_are_cut(sentences, cuts):
    data = b"".join(map(encode_sentence, sentences))
    decoder, found, position = Decoder(), [], 0
    for cut in cuts:
        found += decoder.feed(data[position : position + cut])
        position += cut
    found += decoder.feed(data[position:])
    assert found == sentences
    assert not decoder.inside


def test_one_byte_at_a_time_and_long_words():
    data = encode_sentence(["!re", "=comment=" + "x" * 20000, "=name=" + "y" * 200])
    decoder = Decoder()
    found = [sentence for byte in data for sentence in decoder.feed(bytes([byte]))]
    assert found == [["!re", "=comment=" + "x" * 20000, "=name=" + "y" * 200]]


def test_bytes_that_are_no_utf_8_survive_the_way_there_and_back():
    raw = "=comment=Büro".encode("cp1252")
    [[word]] = Decoder().feed(bytes([len(raw)]) + raw + b"\x00")
    assert encode_sentence([word]) == bytes([len(raw)]) + raw + b"\x00"


def test_empty_sentences_are_ignored_and_an_open_one_is_known():
    decoder = Decoder()
    assert decoder.feed(b"\x00\x00") == []
    assert not decoder.inside
    decoder.feed(b"\x03!re")
    assert decoder.inside


def test_values_may_hold_equals_signs_newlines_and_nothing():
    answer = parse(["!re", ".tag=7", "=.id=*1", "=on-event=:put a=b\r\nc", "=comment="])
    assert answer == ("!re", "7", {".id": "*1", "on-event": ":put a=b\r\nc", "comment": ""}, "")


def test_a_fatal_reply_has_plain_words():
    assert parse(["!fatal", "session terminated on request"]).text == "session terminated on request"


@pytest.mark.parametrize("words", [["HTTP/1.1 400"], ["!re", "=name"], [".tag=1"]])
def test_what_no_router_says_is_garbled(words):
    with pytest.raises(Garbled):
        parse(words)


def test_a_hidden_word_is_sent_but_not_shown():
    word = Hidden("=password=a=b")
    assert word.value == "a=b"
    assert "a=b" not in repr([word])
    assert encode_sentence([word]) == encode_sentence(["=password=a=b"])
