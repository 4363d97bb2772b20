"""What a plan could break: pure."""

from trueup.risk.disruption import classify
from trueup.risk.found import Found
from trueup.risk.guards import Limits, guards
from trueup.risk.lockout import analyse
from trueup.risk.packet import Manager
from trueup.risk.preflight import checks, declared_ids, schedules
from trueup.risk.relevance import mattering, matters
from trueup.risk.reorder import make_before_break
from trueup.risk.sessions import Query, behind, counting, disruption

__all__ = [
    "Found",
    "Limits",
    "Manager",
    "Query",
    "analyse",
    "behind",
    "checks",
    "classify",
    "counting",
    "declared_ids",
    "disruption",
    "guards",
    "make_before_break",
    "mattering",
    "matters",
    "schedules",
]
