"""Our own comments below a pull request: changed in place, never written twice, taken away where no longer needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from trueup.forge.answers import Refused


@dataclass(frozen=True, slots=True)
class Note:
    """One comment: its number at the forge, its text, where it is."""

    id: int
    body: str
    url: str

    @property
    def marker(self) -> str:
        """Its first line."""
        return self.body.partition("\n")[0].rstrip("\r")


class Thread(Protocol):
    """What a forge does with one pull request's comments."""

    def own(self) -> AsyncIterator[Note]:
        """The comments that our token's user has written, oldest first."""

    async def write(self, text: str, arrived: Callable[[], Awaitable[Note | None]]) -> Note:
        """A new comment; `arrived` tells, where no answer came, whether it is there."""

    async def change(self, note: Note, text: str) -> Note:
        """Another text for a comment."""

    async def remove(self, note: Note) -> None:
        """Take a comment away."""


async def upsert(thread: Thread, markers: Sequence[str], texts: Sequence[str]) -> Note:
    """Have exactly these texts as our comments among those with these markers; returns the first."""
    there: dict[str, list[Note]] = {}
    async for note in thread.own():
        if note.marker in markers:
            there.setdefault(note.marker, []).append(note)
    notes = [await _put(thread, text, there.get(text.partition("\n")[0], [])) for text in texts]
    kept = {note.id for note in notes}
    for note in (each for found in there.values() for each in found):
        if note.id not in kept:
            await _gone(thread.remove(note))
    return notes[0]


async def _put(thread: Thread, text: str, there: Sequence[Note]) -> Note:
    for note in there[:1]:
        if _same(note.body, text):
            return note
        changed = await _gone(thread.change(note, text))
        if changed is not None:
            return changed

    async def arrived() -> Note | None:
        before = {note.id for note in there}
        async for note in thread.own():
            if note.id not in before and _same(note.body, text):
                return note
        return None

    return await thread.write(text, arrived)


async def _gone(step: Awaitable[Note | None]) -> Note | None:
    """What the step gives, None where somebody else has removed the comment meanwhile."""
    try:
        return await step
    except Refused as refused:
        if refused.status != 404:
            raise
        return None


def _same(one: str, other: str) -> bool:
    """Whether two texts are the same to a forge, which may change how lines end."""
    return one.replace("\r\n", "\n").rstrip() == other.replace("\r\n", "\n").rstrip()
