"""Questions that a console asks: one key, or a line, decides what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and who takes the answer and says what follows; None asks again.

    A `line` ends with Enter, else the first key is the answer; Ctrl-C is an answer too. What is `hidden` is not shown.
    """

    ask: str
    answer: Callable[[str], str | None]
    line: bool = False
    hidden: bool = False
