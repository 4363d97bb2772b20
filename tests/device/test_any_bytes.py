"""Whatever bytes come, however they are cut, a command ends with a reply or an error that says what happened."""

from __future__ import annotations

import asyncio

from hypothesis import example, given
from hypothesis import strategies as st
from scripted_router import pack

from trueup.device.faults import Lost, Refused
from trueup.device.mux import Mux, Reply

TAG = st.sampled_from([".tag=1", ".tag=2", ".tag=9", ".tag="])
ATTRIBUTE = st.sampled_from(["=name=x", "=comment=a=b", "=message=no", "=category=4", "=category=?", "=ret=*1", "=bad"])
KIND = st.sampled_from(["!re", "!done", "!trap", "!empty", "!fatal", "!new", "plain"])
SENTENCE = st.builds(lambda kind, tag, rest: pack(kind, tag, *rest), KIND, TAG, st.lists(ATTRIBUTE, max_size=3))
BYTES = st.lists(SENTENCE | st.binary(max_size=12), max_size=12).map(b"".join)


class Nowhere:
    """A writer whose bytes go nowhere."""

    def write(self, data: bytes) -> None:
        pass

    def close(self) -> None:
        pass

    async def wait_closed(self) -> None:
        pass


async def outcomes(data: bytes, cut: int) -> list[object]:
    """What comes of two commands that are answered with these bytes and then the end of the connection."""
    reader = asyncio.StreamReader()
    mux = Mux(reader, Nowhere(), "edge-1")
    commands = [asyncio.create_task(mux.talk([f"/n{n}"], 60)) for n in range(2)]
    await asyncio.sleep(0)
    for position in range(0, len(data), cut):
        reader.feed_data(data[position : position + cut])
        await asyncio.sleep(0)
    reader.feed_eof()
    found = await asyncio.wait_for(asyncio.gather(*commands, return_exceptions=True), 10)
    await mux.close()
    return found


@given(BYTES, st.integers(1, 40))
def test_every_command_ends(data, cut):
    for outcome in asyncio.run(outcomes(data, cut)):
        assert isinstance(outcome, Reply | Refused | Lost), outcome


@given(BYTES, st.integers(1, 40), st.integers(1, 40))
@example(b"\x03!re\x06.tag=9\x00\xe1\x00\x00\x01", 1, 8)
def test_where_the_bytes_are_cut_makes_no_difference(data, one, other):
    first, second = (asyncio.run(outcomes(data, cut)) for cut in (one, other))
    assert list(map(str, first)) == list(map(str, second))
