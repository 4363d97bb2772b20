"""A router's API: reach it, talk to it, read rows, write changes; and its console, for safe mode."""

from trueup.device.connect import connect
from trueup.device.console import Console, open_console
from trueup.device.facts import check_identity
from trueup.device.faults import Lost, Refused, TimedOut, Trap
from trueup.device.line import Line
from trueup.device.mux import WINDOW, Reply
from trueup.device.read import read
from trueup.device.session import Session
from trueup.device.target import ConsoleTarget, Target, Tls
from trueup.device.write import sentences

__all__ = [
    "WINDOW",
    "Console",
    "ConsoleTarget",
    "Line",
    "Lost",
    "Refused",
    "Reply",
    "Session",
    "Target",
    "TimedOut",
    "Tls",
    "Trap",
    "check_identity",
    "connect",
    "open_console",
    "read",
    "sentences",
]
