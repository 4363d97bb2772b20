"""What a plan could break: pure."""

from trueup.risk.disruption import classify
from trueup.risk.lockout import MATTERING, analyse, matters
from trueup.risk.packet import Manager
from trueup.risk.reorder import make_before_break
from trueup.risk.sessions import Query, behind, counting, disruption

__all__ = [
    "MATTERING",
    "Manager",
    "Query",
    "analyse",
    "behind",
    "classify",
    "counting",
    "disruption",
    "make_before_break",
    "matters",
]
