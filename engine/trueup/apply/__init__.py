"""A plan carried out on one router, and what came of it."""

from trueup.apply.outcome import outcomes
from trueup.apply.write import Attempt, Stop, write

__all__ = ["Attempt", "Stop", "outcomes", "write"]
