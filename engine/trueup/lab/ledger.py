"""The history and safe mode as rows; neither is a table."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from trueup.lab.call import Call
from trueup.lab.device_mode import DEVICE_MODE
from trueup.lab.history import KEPT, Entry
from trueup.lab.machine import Machine
from trueup.lab.safety import SAFE_MODE
from trueup.lab.table import Row
from trueup.lab.values.moment import ISO_SINCE, month_first

START = {"redo": "", "undo": "", "action": "---", "by": "", "policy": "write"}
"""What stands at the bottom of the history (MikroTik documentation, Configuration Management)."""


def history(call: Call) -> list[Row]:
    """The actions, the newest first, above what the start left there, until there are 100."""
    machine, open = call.machine, "sensitive" in call.policies
    past = machine.history
    rows = [action(machine, entry, open, done=False) for entry in reversed(past.undone)]
    rows += [action(machine, entry, open, done=True) for entry in reversed(past.done)]
    if len(rows) < KEPT:
        rows.append(Row("*0", START | {"time": moment(machine, machine.booted)} | flags(undoable=True)))
    return rows


def action(machine: Machine, entry: Entry, open: bool, done: bool) -> Row:
    """One action; the names are those of MikroTik's CLI reference."""
    what = entry.action
    about = {"redo": what.redoing(open), "undo": what.undoing(open), "action": what.told, "by": entry.user}
    about |= {"policy": what.policy, "time": moment(machine, entry.when)}
    marks = flags(undoable=done and not entry.floating, redoable=not done, floating=entry.floating)
    return Row(f"*{entry.number:X}", about | marks)


def flags(undoable: bool = False, redoable: bool = False, floating: bool = False) -> dict[str, str]:
    """U, R and F; the documentation shows no action with two of them."""
    said = {"undoable": undoable, "redoable": redoable, "floating-undo": floating}
    return {name: "true" if is_so else "false" for name, is_so in said.items()}


def moment(machine: Machine, when: float) -> str:
    """A moment as the version writes it."""
    day, hour = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(when)).split()
    return f"{day if machine.version >= ISO_SINCE else month_first(day)} {hour}"


def safe_mode(call: Call) -> list[Row]:
    """Who holds safe mode; `current` says whether it is the session that asks."""
    held = call.machine.safe_mode.holder
    current = held is not None and held.session == call.session
    values = {"enabled": "true" if held else "false", "user": held.user if held else ""}
    return [Row("*1", values | {"current": "true" if current else "false", "owner": held.owner if held else ""})]


def device_mode(call: Call) -> list[Row]:
    """What is allowed."""
    return [Row("*1", call.machine.device_mode.shown())]


KEPT_BESIDE: Mapping[str, Callable[[Call], list[Row]]] = {
    "/system/history": history,
    SAFE_MODE: safe_mode,
    DEVICE_MODE: device_mode,
}
