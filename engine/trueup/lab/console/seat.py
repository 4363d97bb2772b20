"""Who sits at a console: the login name with its terminal flags."""

from __future__ import annotations

import re
from dataclasses import dataclass

FLAGS = re.compile(r"(?:[a-z]|[0-9]{1,4}[wh])*")
"""Letters, and numbers with w or h, behind the last plus sign of a name (MikroTik documentation, Console login)."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A user and what they asked of the terminal: `plain` without colours, `dumb` without queries and cursor moves."""

    user: str
    plain: bool = False
    dumb: bool = False


def seat(login: str) -> Seat:
    """The seat that a login name asks for, such as `admin+ct511w4098h`; what is no flags is part of the name."""
    name, plus, flags = login.rpartition("+")
    if not plus or not name or not FLAGS.fullmatch(flags):
        return Seat(login)
    letters = set(re.sub(r"[0-9]{1,4}[wh]", "", flags))
    return Seat(name, plain="c" in letters, dumb=bool(letters & {"e", "t"}))
