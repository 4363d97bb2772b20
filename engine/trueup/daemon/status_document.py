"""The fleet's status as JSON, for the terminal and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trueup.daemon.status import FORMAT_VERSION, FleetStatus
from trueup.fleet.as_json import built, plain


def status_to_document(status: FleetStatus) -> dict[str, Any]:
    """JSON-ready: kebab-case keys, times in ISO 8601; what is empty is left out."""
    return {"format-version": FORMAT_VERSION, **plain(status)}


def status_from_document(document: Mapping[str, Any]) -> FleetStatus:
    """What `status_to_document` made; raises ValueError, TypeError or AttributeError where it is something else."""
    found: FleetStatus = built(FleetStatus, document)
    return found
