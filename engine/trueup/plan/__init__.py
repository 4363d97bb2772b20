"""Plans and reports: what will be done to a router, and what was; data only, JSON in and out."""

from trueup.plan.change import (
    Add,
    Change,
    Created,
    Existing,
    Move,
    PersonalValue,
    PlanValue,
    Remove,
    SecretValue,
    Set,
    Target,
)
from trueup.plan.plan import Neighbour, Neighbourhood, Note, Plan
from trueup.plan.report import Outcome, Report, Result

__all__ = [
    "Add",
    "Change",
    "Created",
    "Existing",
    "Move",
    "Neighbour",
    "Neighbourhood",
    "Note",
    "Outcome",
    "PersonalValue",
    "Plan",
    "PlanValue",
    "Remove",
    "Report",
    "Result",
    "SecretValue",
    "Set",
    "Target",
]
