"""Secrets that are trueup's own, and that no router's row may name: whatever a row names is sent to its router."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from trueup.errors import Problem
from trueup.row import Tables
from trueup_schemas.network import NetworkHead
from trueup_schemas.secret import PublicKeyOf, SecretRef, variable

DIGESTS = "trueup/digest-key"
"""The key of all digests."""


def own_secrets(settings: NetworkHead) -> frozenset[str]:
    """The variables of secrets with which trueup talks to forge, webhook and people: several names may share one."""
    refs = [settings.daemon.webhook, *(each.url for each in settings.notify)]
    refs += [settings.forge.token] if settings.forge is not None else []
    return frozenset({variable(DIGESTS)}) | frozenset(variable(ref.name) for ref in refs if isinstance(ref, SecretRef))


def misplaced(tables: Tables, own: Collection[str]) -> Iterator[Problem]:
    """A problem for each value that names a secret of trueup's own; `own` are variables."""
    for path, table in tables.items():
        for row in table:
            for name, value in row.values.items():
                ref = value.private if isinstance(value, PublicKeyOf) else value
                if isinstance(ref, SecretRef) and variable(ref.name) in own:
                    message = f"{path}: {name}: '{ref.name}' is a secret of trueup's own, which goes to no router"
                    yield Problem(message, row.where(name), "name a secret of the router's")
