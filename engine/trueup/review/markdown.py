"""Strangers' texts in Markdown, HTML and workflow commands: shown as they are, and never obeyed."""

from __future__ import annotations

import html
import re

_RUNS = re.compile(r"`+")
_HIDDEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that nobody sees, or that turn the order of others round."""


def plain(text: str) -> str:
    """One line that can be printed: what cannot, or hides, is spelled out."""
    shown = " ".join(text.split())
    shown = _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", shown)
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in shown)


def code(text: str) -> str:
    """A text in a span of code, in which neither names nor numbers become links; also within a table."""
    shown = plain(text) or " "
    fence = "`" * (max(map(len, _RUNS.findall(shown)), default=0) + 1)
    pad = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{fence}{pad}{shown}{pad}{fence}".replace("|", "\\|")


def summary(text: str) -> str:
    """A text in an HTML summary; within <code> no name becomes a mention."""
    return f"<code>{html.escape(plain(text))}</code>"


def fenced(lines: list[str], language: str = "diff") -> str:
    """Lines in a block of code that nothing in them can end."""
    shown = [_line(line) for line in lines]
    longest = max((len(run) for line in shown for run in _RUNS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((f"{fence}{language}", *shown, fence))


def _line(line: str) -> str:
    shown = _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", line.rstrip())
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in shown)


def command_data(text: str) -> str:
    """A text as the message of a workflow command of GitHub Actions."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """A text as a property of a workflow command."""
    return command_data(text).replace(":", "%3A").replace(",", "%2C")
