"""What a plan could break: pure."""

from trueup.risk.lockout import MATTERING, analyse, matters
from trueup.risk.packet import Manager
from trueup.risk.reorder import make_before_break

__all__ = ["MATTERING", "Manager", "analyse", "make_before_break", "matters"]
