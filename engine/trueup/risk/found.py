"""What a router tells of itself before a plan is carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SafeMode:
    """Safe mode as it is held now: by which user, from where (`api`, `console`), and whether by our own session."""

    user: str
    owner: str
    own: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One reading; what is None or "" the router did not tell, or does not have.

    `policies` are those of our user's group. `device_mode` are `mode` and its features as the router words them.
    `free` is in bytes. `clock` is the router's time in UTC. `schedulers` are names, of trueup's own rows alone;
    `history` counts the actions that can be undone.
    """

    user: str = ""
    group: str = ""
    policies: frozenset[str] | None = None
    device_mode: Mapping[str, str] = field(default_factory=dict)
    free: int | None = None
    clock: datetime | None = None
    safe_mode: SafeMode | None = None
    schedulers: tuple[str, ...] = ()
    history: int | None = None
