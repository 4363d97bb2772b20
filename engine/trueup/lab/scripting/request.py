"""`/system/script/run`, `/execute` and `/import` as the API has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from trueup.lab.call import Reply, Words
from trueup.lab.scripting.console import As, Scripting
from trueup.lab.scripting.trouble import Failure
from trueup.lab.trap import Trap, unknown_parameter

Request = Callable[[Scripting, Mapping[str, str], As], Reply]
DONE: Reply = [["!done"]]
DRY_SINCE = (7, 16)


def execute(scripting: Scripting, given: Mapping[str, str], who: As) -> Reply:
    """Run a text; with `as-string` the answer is what it said, a refusal too, else its job's id comes at once."""
    source = needed(given, "script", {"as-string"})
    if "as-string" not in given:
        return [["!done", f"=ret={scripting.start(scripting.run(source, who), '', who.user)}"]]
    try:
        said = scripting.finish(scripting.run(source, who))
    except Failure as failure:
        said = failure.message
    return [["!done", f"=ret={said}"]]


def run(scripting: Scripting, given: Mapping[str, str], who: As) -> Reply:
    """Run a script of the repository to its end."""
    name = ".id" if ".id" in given else "number"
    scripting.finish(scripting.stored(needed(given, name, {"use-script-permissions"}), who))
    return DONE


def imported(scripting: Scripting, given: Mapping[str, str], who: As) -> Reply:
    """Run a file: what cannot be read changes nothing, what fails stops there and leaves what it did.

    A dry run only reads it; it is there from 7.16 on, and with `verbose` alone (command trees; MikroTik documentation).
    """
    name = needed(given, "file-name", {"verbose", *(["dry-run"] if scripting.version >= DRY_SINCE else [])})
    run = scripting.run(scripting.contents(name), who)
    if given.get("dry-run", "no") in ("no", "false"):
        scripting.finish(run)
    elif given.get("verbose", "no") in ("no", "false"):
        raise Trap("dry-run requires verbose")
    return DONE


def needed(given: Mapping[str, str], name: str, besides: set[str]) -> str:
    """An argument that must be there, among those that may."""
    for other in given.keys() - {name} - besides:
        raise unknown_parameter(other)
    if name not in given:
        raise Trap(f"missing value(s) of argument(s) {name}")
    return given[name]


REQUESTS: Mapping[tuple[str, str], Request] = {
    ("", "execute"): execute,
    ("", "import"): imported,
    ("/system/script", "run"): run,
}


def answer(scripting: Scripting, parts: Words, who: As) -> Reply:
    """The reply to a command that runs a script; raises Trap."""
    if "read" not in who.policies:
        raise Trap("not enough permissions (9)")
    try:
        return REQUESTS[parts.path, parts.command](scripting, parts.arguments, who)
    except Failure as failure:
        raise Trap(failure.message) from failure
