"""A router's API: reach it, talk to it, read rows, write changes."""

from trueup.device.connect import connect
from trueup.device.facts import check_identity
from trueup.device.faults import Lost, Refused, TimedOut, Trap
from trueup.device.mux import WINDOW, Reply
from trueup.device.read import read
from trueup.device.session import Session
from trueup.device.target import Target, Tls
from trueup.device.write import sentences

__all__ = [
    "WINDOW",
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
    "read",
    "sentences",
]
