"""Routers and settings for tests of windows, waves and rollouts."""

from __future__ import annotations

from typing import Any

from trueup.errors import Source
from trueup.load.node import MappingNode
from trueup.load.router import Router
from trueup_schemas.operate import Reconcile, Rollout, Window

NOTHING = MappingNode({}, {}, Source("edge.yaml"))


def router(name: str, labels: tuple[str, ...] = (), after: tuple[str, ...] = (), site: str = "harbour") -> Router:
    return Router(
        name=name,
        file=f"{site}/{name}.yaml",
        site=site,
        groups=(),
        labels=labels,
        version=None,
        model=None,
        serial=None,
        connect=None,
        layers=(),
        document=NOTHING,
        reconcile=Reconcile(after=after),
    )


def window(**said: Any) -> Window:
    return Window.model_validate({"kind": "allow", **said})


def rollout(**said: Any) -> Rollout:
    return Rollout.model_validate(said)
