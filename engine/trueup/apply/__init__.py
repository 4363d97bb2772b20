"""A plan carried out on one router under its safety net, and what came of it."""

from trueup.apply.armed import Armed, ArmedUndo, guard
from trueup.apply.carry import Carrier, Nets
from trueup.apply.hold import ApiHold, ConsoleHold, Hold
from trueup.apply.journal import Journal, read_journal
from trueup.apply.outcome import outcomes
from trueup.apply.write import Attempt, Stop, Writer

__all__ = [
    "ApiHold",
    "Armed",
    "ArmedUndo",
    "Attempt",
    "Carrier",
    "ConsoleHold",
    "Hold",
    "Journal",
    "Nets",
    "Stop",
    "Writer",
    "guard",
    "outcomes",
    "read_journal",
]
