"""How many rows a router has that meet a query: numbers alone, so that nobody's data comes along."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from trueup.device.faults import Refused
from trueup.device.mux import Reply
from trueup.device.session import Session

Query = tuple[str, tuple[str, ...]]
"""A menu, and query words that its counted rows must meet."""


async def count(session: Session, queries: Iterable[Query]) -> Mapping[Query, int]:
    """How many rows meet each query, pipelined; one that the router refuses, or has no menu for, is left out.

    Raises RouterError where the router is lost or takes too long.
    """
    asked = list(dict.fromkeys(queries))
    words = ([f"{menu}/print", "=count-only=", *rows] for menu, rows in asked)
    answers = await asyncio.gather(*(session.talk(sentence) for sentence in words), return_exceptions=True)
    found: dict[Query, int] = {}
    for query, answer in zip(asked, answers, strict=True):
        if isinstance(answer, Reply):
            if (number := answer.ret).isdigit():
                found[query] = int(number)
        elif not isinstance(answer, Refused):
            raise answer
    return found
