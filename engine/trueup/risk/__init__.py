"""What a plan could break: pure."""

from trueup.risk.disruption import classify
from trueup.risk.guards import Limits, guards
from trueup.risk.lockout import analyse
from trueup.risk.packet import Manager
from trueup.risk.relevance import mattering, matters
from trueup.risk.reorder import make_before_break
from trueup.risk.sessions import Query, behind, counting, disruption

__all__ = [
    "Limits",
    "Manager",
    "Query",
    "analyse",
    "behind",
    "classify",
    "counting",
    "disruption",
    "guards",
    "make_before_break",
    "mattering",
    "matters",
]
