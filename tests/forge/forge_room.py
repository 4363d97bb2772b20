"""A forge of trueup's own kind at a stand-in, without long waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from stand_in import StandIn, stand_in

from trueup.forge import Forge, open_forge
from trueup.row import Secret
from trueup_schemas.operate import Forge as Declared
from trueup_schemas.secret import SecretRef

T = TypeVar("T")
BOTH = pytest.mark.parametrize("kind", ["github", "gitlab"])


def declared(at: StandIn, **said: Any) -> Declared:
    """What trueup.yaml would say of the stand-in."""
    return Declared(**{**at.settings, "token": SecretRef("forge/token"), **said})


def forge_at(at: StandIn, token: str | None = None, patience: float = 5.0, **said: Any) -> Forge:
    return open_forge(declared(at, **said), Secret(at.token if token is None else token), patience=patience)


@contextmanager
def running(kind: str, **said: Any) -> Iterator[tuple[StandIn, Forge]]:
    """A stand-in, and the forge that trueup sees in it."""
    with pytest.MonkeyPatch.context() as patch, stand_in(kind, **said) as at:
        patch.setattr("trueup.forge.http.FIRST", 0.01)
        patch.setattr("trueup.forge.pace._free", {})
        yield at, forge_at(at)


def run(call: Callable[[], Awaitable[T]]) -> T:
    """What a call comes to, in a loop of its own."""

    async def main() -> T:
        return await call()

    return asyncio.run(main())
