"""The commands of the language that do something (MikroTik documentation, Scripting language manual)."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias

from trueup.lab.scripting import operate
from trueup.lab.scripting.interpret import Flow, Returned, Run, Scope, Words
from trueup.lab.scripting.tree import Language, Literal, Node, Operation, Variable
from trueup.lab.scripting.trouble import Failure, Stopped
from trueup.lab.scripting.value import Array, Code, Time, Value, read, text

Naming: TypeAlias = "Generator[float, None, str]"

TOPICS = ("debug", "error", "info", "warning")
LONGEST = 1e7
"""Seconds that one `:delay` lasts at most here."""


def put(run: Run, command: Language, scope: Scope) -> Flow:
    node = command.unnamed[0]
    value = node.text if isinstance(node, Literal) else (yield from run.value(node, scope))
    run.write(text(value))
    return value


def log(run: Run, command: Language, scope: Scope) -> Flow:
    topic, message = yield from run.all(command.unnamed, scope)
    if topic not in TOPICS:
        raise Failure("input does not match any value of topics")
    run.log(text(topic), text(message))
    return None


def fail(run: Run, command: Language, scope: Scope) -> Flow:
    raise Failure(text((yield from run.value(command.unnamed[0], scope))))


def delay(run: Run, command: Language, scope: Scope) -> Flow:
    """Wait: seconds, or a time; a second where nothing is said."""
    wanted = (yield from run.value(command.unnamed[0], scope)) if command.unnamed else 1
    value = read(wanted) if isinstance(wanted, str) else wanted
    seconds = value.amount / 1_000_000 if isinstance(value, Time) else float(operate.whole(value))
    yield min(max(0.0, seconds), LONGEST)
    return None


def local(run: Run, command: Language, scope: Scope) -> Flow:
    """Declare a variable of this block."""
    name = yield from named(run, command.unnamed[0], scope)
    value = yield from told(run, command, scope)
    scope.shared.discard(name)
    scope.own[name] = value
    return None


def share(run: Run, command: Language, scope: Scope) -> Flow:
    """Make a global variable known here, and give it a value if there is one."""
    name = yield from named(run, command.unnamed[0], scope)
    value = yield from told(run, command, scope)
    scope.own.pop(name, None)
    scope.shared.add(name)
    if len(command.unnamed) > 1 or command.named:
        run.shared[name] = value
    else:
        run.shared.setdefault(name, None)
    return None


def set_(run: Run, command: Language, scope: Scope) -> Flow:
    """Give a variable, or a member of one, a value."""
    value = yield from told(run, command, scope)
    node = command.unnamed[0]
    while isinstance(node, Operation) and node.sign == "->":
        whole = yield from run.value(node.operands[0], scope)
        key = yield from run.value(node.operands[1], scope)
        value = (whole if isinstance(whole, Array) else Array()).put(key, value)
        node = node.operands[0]
    run.assign((yield from named(run, node, scope)), value, scope)
    return None


def named(run: Run, node: Node, scope: Scope) -> Naming:
    """A variable's name, which may be written with its `$`."""
    if isinstance(node, Variable):
        return node.name
    return node.text if isinstance(node, Literal) else text((yield from run.value(node, scope)))


def told(run: Run, command: Language, scope: Scope) -> Flow:
    """The value that a variable is given."""
    if "do" in command.named:
        return (yield from run.value(command.named["do"], scope))
    return (yield from run.value(command.unnamed[1], scope)) if len(command.unnamed) > 1 else None


def body(run: Run, command: Language, name: str, scope: Scope, own: dict[str, Value] | None = None) -> Flow:
    """Run what a command holds in braces."""
    node = command.named.get(name)
    code = (yield from run.value(node, scope)) if node is not None else None
    return (yield from run.block(code.block, scope, own)) if isinstance(code, Code) else None


def choice(run: Run, command: Language, scope: Scope) -> Flow:
    """`:if`"""
    holds = operate.truth((yield from run.value(command.unnamed[0], scope)))
    return (yield from body(run, command, "do" if holds else "else", scope))


def count(run: Run, command: Language, scope: Scope) -> Flow:
    """`:for`: every number from one to another, the other included."""
    name = yield from named(run, command.unnamed[0], scope)
    ends = [command.named.get(word, Literal("1" if word == "step" else "0")) for word in ("from", "to", "step")]
    at, last, step = [operate.whole(value) for value in (yield from run.all(ends, scope))]
    if "step" not in command.named and last < at:
        step = -1
    while step and (at <= last if step > 0 else at >= last):
        run.step()
        yield from body(run, command, "do", scope, {name: at})
        at += step
    return None


def each(run: Run, command: Language, scope: Scope) -> Flow:
    """`:foreach`: every member of an array; two names take the key too."""
    names = (yield from named(run, command.unnamed[0], scope)).split(",")
    value = (yield from run.value(command.named["in"], scope)) if "in" in command.named else None
    array = value if isinstance(value, Array) else Array(((None, value),) if value is not None else ())
    for number, (key, member) in enumerate(array.members):
        run.step()
        place: Value = number if key is None else key
        own = {names[0]: member} if len(names) == 1 else {names[0]: place, names[1]: member}
        yield from body(run, command, "do", scope, own)
    return None


def loop(run: Run, command: Language, scope: Scope) -> Flow:
    """`:while`"""
    while operate.truth((yield from run.value(command.unnamed[0], scope))):
        run.step()
        yield from body(run, command, "do", scope)
    return None


def do(run: Run, command: Language, scope: Scope) -> Flow:
    """Run a block, again while a condition holds; a failure in it is for `on-error`."""
    while True:
        run.step()
        code = yield from run.value(command.unnamed[0], scope)
        if not isinstance(code, Code):
            raise Failure("invalid argument command")
        try:
            last = yield from run.block(code.block, scope)
        except Stopped:
            raise
        except Failure:
            if "on-error" not in command.named:
                raise
            return (yield from body(run, command, "on-error", scope))
        again = (yield from run.value(command.named["while"], scope)) if "while" in command.named else False
        if not operate.truth(again):
            return last


def back(run: Run, command: Language, scope: Scope) -> Flow:
    raise Returned((yield from run.value(command.unnamed[0], scope)) if command.unnamed else None)


def resolve(run: Run, command: Language, scope: Scope) -> Flow:
    """The address of a name that the router itself was told; there is no other server here (mikrotik-mcp #133)."""
    name = text((yield from run.value(command.unnamed[0], scope)))
    for row in run.menus.rows("/ip/dns/static"):
        if row.get("name") == name and "address" in row and row.get("disabled") != "true":
            return read(row["address"])
    raise Failure("failure: dns name does not exist")


LANGUAGE: Words = {
    "put": put,
    "log": log,
    "error": fail,
    "delay": delay,
    "local": local,
    "global": share,
    "set": set_,
    "if": choice,
    "for": count,
    "foreach": each,
    "while": loop,
    "do": do,
    "return": back,
    "resolve": resolve,
}
"""Commands of the language that do something, by name."""
