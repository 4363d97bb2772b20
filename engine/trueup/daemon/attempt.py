"""Work whose failure is told and ends nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def attempt(work: Awaitable[T]) -> T | Exception:
    """What the work came to, or what it raised; being told to end is passed on."""
    (ended,) = await asyncio.gather(work, return_exceptions=True)
    if isinstance(ended, BaseException) and not isinstance(ended, Exception):
        raise ended
    return ended
