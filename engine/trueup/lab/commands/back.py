"""`/undo`, `/redo`, and the commands of `/safe-mode`."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.lab import device_mode
from trueup.lab.call import Call, Command, Reply
from trueup.lab.device_mode import DEVICE_MODE
from trueup.lab.safety import SAFE_MODE, Holder
from trueup.lab.trap import Trap, failure, unknown_parameter
from trueup.lab.values.moment import microseconds

WATCHING = ("once", "interval", "duration")
"""Arguments of commands that go on telling; here each tells once."""

DONE: Reply = [["!done"]]


def undo(call: Call) -> Reply:
    """Take back the last action, whoever did it."""
    bare(call)
    history = call.machine.history
    if not history.done:
        raise failure("nothing to undo")
    call.require(history.done[-1].action.policy)
    history.undo()
    return DONE


def redo(call: Call) -> Reply:
    """Do again what was undone last."""
    bare(call)
    history = call.machine.history
    if not history.undone:
        raise failure("nothing to redo")
    call.require(history.undone[0].action.policy)
    history.redo()
    return DONE


def take(call: Call) -> Reply:
    """Hold safe mode for this session; nobody can be asked over the API, so `ask` refuses like `abort`."""
    bare(call, "on-error")
    call.machine.safe_mode.take(holder(call), call.arguments.get("on-error", "ask"))
    return DONE


def release(call: Call) -> Reply:
    """End safe mode, whoever holds it, and keep what was changed."""
    bare(call)
    call.machine.safe_mode.end(undo=False)
    return DONE


def unroll(call: Call) -> Reply:
    """End safe mode, whoever holds it, and undo what anyone changed meanwhile."""
    bare(call)
    call.machine.safe_mode.end(undo=True)
    return DONE


def toggle(call: Call) -> Reply:
    """Release safe mode where this session holds it, else take it."""
    held = call.machine.safe_mode.holder
    return release(call) if held is not None and held.session == call.session else take(call)


def update(call: Call) -> Reply:
    """Ask for another device-mode; someone at the router has to confirm it."""
    call.require("policy")
    given = {name: text for name, text in call.arguments.items() if name not in (*WATCHING, "activation-timeout")}
    asked = device_mode.checked(call.machine.version, given)
    amount = microseconds(call.arguments.get("activation-timeout", "5m"))
    if amount is None or not 10 <= amount / 1_000_000 <= 86400:
        raise Trap("value of activation-timeout out of range (10s..1d)")
    return [["!re", f"=status={call.machine.device_mode.update(asked, amount / 1_000_000)}"], ["!done"]]


def holder(call: Call) -> Holder:
    """The session that asks; a console is told when its hold ends."""
    if call.session in call.machine.consoles:
        return Holder(call.session, call.user, "ssh", call.machine.consoles[call.session])
    return Holder(call.session, call.user, "api" if call.session else "script")


def bare(call: Call, *allowed: str) -> None:
    """Refuse arguments that the command does not have."""
    for name in (*call.arguments, *call.removed):
        if name not in allowed:
            raise unknown_parameter(name)


ROOT: Mapping[str, Command] = {"undo": undo, "redo": redo}
"""Commands of no menu."""

OWN: Mapping[str, Mapping[str, Command]] = {
    SAFE_MODE: {"take": take, "release": release, "unroll": unroll, "toggle": toggle},
    DEVICE_MODE: {"update": update},
}
"""Commands of safe mode."""
