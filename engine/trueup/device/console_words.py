"""What a console's screen says: which prompt stands at its end, and what a refusal was."""

from __future__ import annotations

import re
from typing import Literal

Standing = Literal["safe", "plain", "asked", "unknown"]
"""The prompt within safe mode, the one outside it, a question that waits for a key, or nothing that is known."""

_QUESTION = re.compile(r"\[(?:u/r(?:/d)?|y/N)\]\s*[?:]?\s*\Z")
_PROMPT = re.compile(r"\[[^\n]*@[^\n]*\] ?(?:/[^\n<>]*)?(?P<end><SAFE>|>)\s*\Z")
_LATE = re.compile(r"\nSafe Mode released\s*\Z")
"""7.23.7 writes this behind the prompt that follows a release."""


def standing(screen: str) -> Standing:
    """What stands at the end of a screen; line ends are single, colours and cursor moves are gone."""
    if _QUESTION.search(screen):
        return "asked"
    last = _LATE.sub("", screen).rstrip("\n").rpartition("\n")[2]
    found = _PROMPT.search(last)
    if found is None:
        return "unknown"
    return "safe" if found["end"] == "<SAFE>" else "plain"


def said(screen: str) -> str:
    """The lines of a screen that are no prompts, as one line, for an error."""
    lines = [line.strip() for line in screen.splitlines()]
    return " ".join(line for line in lines if line and not _PROMPT.search(line))[:200]
