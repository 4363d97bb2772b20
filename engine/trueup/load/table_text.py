"""The text of a table's file, and what no table may hold."""

from __future__ import annotations

import codecs
import re
from itertools import islice

from trueup.errors import Problem, Source

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FEW = 100
"""As many odd characters need to be found, since fewer are told."""


def decode_table(data: bytes, file: str, problems: list[Problem]) -> str:
    """The text; what is not UTF-8, and control characters, go to `problems`."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        problems.append(Problem("the file is UTF-16, not UTF-8", Source(file), "save it as UTF-8"))
        return ""
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        text = data.decode(errors="replace")
        offset = len(data[: error.start].decode())
        message = f"the file is not UTF-8 (byte {data[error.start]:#04x})"
        problems.append(Problem(message, place(text, offset, file), "save it as UTF-8"))
    for found in islice(_CONTROL.finditer(text), _FEW):
        message = f"a control character ({ord(found[0]):#04x})"
        problems.append(Problem(message, place(text, found.start(), file), "remove it: a table is text"))
    return text


def place(text: str, offset: int, file: str) -> Source:
    """Where a character of a text stands."""
    return Source(file, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
