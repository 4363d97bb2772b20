"""The script that undoes a plan on the router itself, without a restart. Pure."""

from trueup.inverse.statements import Uncovered
from trueup.inverse.undo import Undo, undo

__all__ = ["Uncovered", "Undo", "undo"]
