"""`enable`, `disable` and `comment`: short ways to set one property."""

from __future__ import annotations

from dataclasses import replace

from trueup.lab.call import Call, Reply
from trueup.lab.commands.write import set_


def enable(call: Call) -> Reply:
    return written(call, "disabled", "no")


def disable(call: Call) -> Reply:
    return written(call, "disabled", "yes")


def comment(call: Call) -> Reply:
    return written(call, "comment", call.arguments.get("comment", ""))


def written(call: Call, name: str, value: str) -> Reply:
    """The rows of the call with one property set."""
    return set_(replace(call, arguments={".id": call.ids(), name: value}))
