"""Regular expressions of `~`, matched in time that grows with pattern and text alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from trueup.lab.scripting.trouble import Failure, Stopped

LONGEST, LARGEST, WORK = 1000, 10_000, 2_000_000
"""Characters of a pattern, places that it may have, steps of one search."""

DEEPEST, MOST_REPEATS = 20, 255
"""Groups within one another, repetitions that braces may ask for."""

CLASS = re.compile(r"\[\^?\]?(?:\[:[a-z]+:\]|[^\]])*\]")
BRACES = re.compile(r"\{(\d{1,3})(,(\d{0,3}))?\}")
NAMES = {"digit": "0-9", "alpha": "a-zA-Z", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "space": r"\s"} | {
    "xdigit": "0-9a-fA-F"
}
INVALID = "invalid regular expression"


@dataclass(slots=True)
class Place:
    """A place in a pattern: what it takes (None: nothing), and where that leads."""

    takes: str | None = None
    leads: list[Place] = field(default_factory=list)


Part = tuple[Place, Place]
"""Where a part of a pattern begins and ends."""


class Pattern:
    """A POSIX extended expression; raises Failure where it is none."""

    def __init__(self, source: str) -> None:
        if len(source) > LONGEST:
            raise Stopped("a regular expression too long for this simulation")
        self._source, self._at, self._depth, self._places = source, 0, 0, 0
        self._begin, self._end = self._either()
        if self._at < len(source):
            raise Failure(INVALID)

    def found(self, text: str) -> bool:
        """Whether the pattern matches anywhere in a text."""
        work, here = 0, dict[int, Place]()
        for at in range(len(text) + 1):
            reach(self._begin, here, at == 0, at == len(text))
            if id(self._end) in here:
                return True
            work += len(here) + 1
            if work > WORK:
                raise Stopped("a regular expression too costly for this simulation")
            ahead: dict[int, Place] = {}
            for place in here.values() if at < len(text) else ():
                if place.takes is not None and takes(place.takes, text[at]):
                    reach(place.leads[0], ahead, False, at + 1 == len(text))
            here = ahead
        return False

    def _new(self, takes: str | None = None) -> Place:
        self._places += 1
        if self._places > LARGEST:
            raise Stopped("a regular expression too large for this simulation")
        return Place(takes)

    def _either(self) -> Part:
        begin, end = self._new(), self._new()
        while True:
            first, last = self._row()
            begin.leads.append(first)
            last.leads.append(end)
            if not self._skip("|"):
                return begin, end

    def _row(self) -> Part:
        begin = last = self._new()
        while self._at < len(self._source) and self._source[self._at] not in "|)":
            start = self._at
            first, end = self._atom()
            first, end = self._repeated(first, end, start)
            last.leads.append(first)
            last = end
        return begin, last

    def _atom(self) -> Part:
        sign = self._source[self._at]
        if sign == "(":
            return self._group()
        if sign == "[":
            found = CLASS.match(self._source, self._at)
            if found is None:
                raise Failure(INVALID)
            self._at = found.end()
            return self._taking(found[0])
        self._at += 1
        if sign == "\\":
            self._at += 1
            return self._taking("\\" + self._source[self._at - 1 : self._at])
        if sign in "*+?{":
            raise Failure(INVALID)
        return self._taking(sign)

    def _group(self) -> Part:
        self._at += 1
        self._depth += 1
        if self._depth > DEEPEST:
            raise Stopped("a regular expression too deep for this simulation")
        part = self._either()
        if not self._skip(")"):
            raise Failure(INVALID)
        self._depth -= 1
        return part

    def _taking(self, what: str) -> Part:
        begin, end = self._new(what), self._new()
        begin.leads.append(end)
        return begin, end

    def _repeated(self, first: Place, end: Place, start: int) -> Part:
        """The part with the sign behind it that says how often."""
        if found := BRACES.match(self._source, self._at):
            self._at = found.end()
            least, most = int(found[1]), int(found[3] or -1) if found[2] else int(found[1])
            return self._counted(start, least, most)
        for sign in "*+?":
            if self._skip(sign):
                return self._looped((first, end), sign != "+", sign != "?")
        return first, end

    def _looped(self, part: Part, none: bool, again: bool) -> Part:
        begin, last = self._new(), self._new()
        begin.leads.append(part[0])
        part[1].leads.append(last)
        if none:
            begin.leads.append(last)
        if again:
            part[1].leads.append(part[0])
        return begin, last

    def _counted(self, start: int, least: int, most: int) -> Part:
        """A part as often as braces say, read again for each time."""
        if max(least, most) > MOST_REPEATS:
            raise Failure(INVALID)
        after, begin = self._at, self._new()
        last = begin
        for number in range(max(least, most) + (most < 0)):
            self._at = start
            part = self._atom()
            if number >= least:
                part = self._looped(part, True, most < 0)
            last.leads.append(part[0])
            last = part[1]
        self._at = after
        return begin, last

    def _skip(self, sign: str) -> bool:
        found = self._source.startswith(sign, self._at)
        self._at += found
        return found


def reach(place: Place, into: dict[int, Place], first: bool, last: bool) -> None:
    """All places that a place leads to without taking a character."""
    waiting = [place]
    while waiting:
        one = waiting.pop()
        if id(one) in into:
            continue
        into[id(one)] = one
        if one.takes is None or (one.takes == "^" and first) or (one.takes == "$" and last):
            waiting += one.leads


def takes(what: str, sign: str) -> bool:
    """Whether a place takes a character."""
    if len(what) == 1:
        return what == "." or (what == sign and what not in "^$")
    return bool(compiled(what).fullmatch(sign))


@cache
def compiled(what: str) -> re.Pattern[str]:
    """A class of characters, or a character behind a backslash."""
    if what.startswith("\\"):
        return re.compile(re.escape(what[1:]))
    inner = what[1:-1]
    head, inner = ("^", inner[1:]) if inner.startswith("^") else ("", inner)
    named = re.split(r"\[:([a-z]+):\]", inner)
    parts = [NAMES.get(part, "") if at % 2 else escaped(part) for at, part in enumerate(named)]
    try:
        return re.compile(f"[{head}{''.join(parts)}]")
    except re.error as error:
        raise Failure(INVALID) from error


def escaped(part: str) -> str:
    """Characters of a class, ranges left as they are."""
    return re.sub(r"([\\\[\]^&~|])", r"\\\1", part)
