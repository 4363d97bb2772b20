"""Runs a script that was read: a generator that stops wherever the script waits, and says for how long."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from trueup.lab.scripting import operate, tree
from trueup.lab.scripting.display import shown
from trueup.lab.scripting.functions import FUNCTIONS
from trueup.lab.scripting.host import Host
from trueup.lab.scripting.menus import Menus, ids
from trueup.lab.scripting.tree import Block, Node
from trueup.lab.scripting.trouble import Failure, Stopped
from trueup.lab.scripting.value import MOST, Array, Code, Value, bounded, read, text

STEPS, DEEPEST = 500_000, 60
"""Commands and values that a script may go through between two waits, and how deep within one another."""

SAYS = {
    ("/safe-mode", "release"): "Releasing Safe Mode... Success!",
    ("/safe-mode", "take"): "Taking Safe Mode session... Success!",
    ("/safe-mode", "unroll"): "Unrolling Safe Mode... Success!",
}
"""What commands say that succeed (a published script guide)."""

IMPORTED = "Script file loaded and executed successfully"
"""What `/import` says in the end (quoted by many operators)."""

Flow: TypeAlias = "Generator[float, None, Value]"


class Returned(Exception):
    """`:return` ends a function."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


@dataclass(slots=True)
class Scope:
    """The variables of a block; `shared` are names of the router's global ones, `row` is the one that is judged."""

    outer: Scope | None = None
    own: dict[str, Value] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    row: Mapping[str, Value] = field(default_factory=dict)

    def holder(self, name: str) -> Scope | None:
        """The innermost scope that knows a name."""
        scope: Scope | None = self
        while scope is not None and name not in scope.own and name not in scope.shared:
            scope = scope.outer
        return scope


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a script runs: the router, the global variables, the log, how it starts other scripts, and exports."""

    host: Host
    menus: Menus
    shared: dict[str, Value]
    log: Callable[[str, str], None]
    starts: Callable[[tree.OfMenu, Mapping[str, Value]], Run | None]
    export: Callable[[tree.OfMenu, Mapping[str, Value]], str]


class Run:
    """One script on its way; what it writes is in `output`."""

    def __init__(self, block: Block, setting: Setting, language: Words) -> None:
        self._host = setting.host
        self.menus = setting.menus
        self.shared = setting.shared
        self.log = setting.log
        self._starts = setting.starts
        self._export = setting.export
        self._language = language
        self._steps = 0
        self._depth = 0
        self._written = 0
        self.output: list[str] = []
        self.flow: Flow = self._script(block)

    def rest(self, seconds: float) -> None:
        """The script waits; after a second and more it may take as many steps again."""
        if seconds >= 1:
            self._steps = 0

    def _script(self, block: Block) -> Flow:
        """The whole script; its value is what it returns. Raises Failure."""
        try:
            return (yield from self.block(block, Scope()))
        except Returned as returned:
            return returned.value

    def step(self, depth: int = 0) -> None:
        """One step further, and deeper; too many end the script."""
        self._steps += 1
        if self._steps > STEPS:
            raise Stopped("more steps than this simulation lets a script take")
        if self._depth + depth > DEEPEST:
            raise Stopped("deeper than this simulation lets a script go")
        self._depth += depth

    def block(self, block: Block, outer: Scope, own: dict[str, Value] | None = None) -> Flow:
        """A scope of its own; its value is that of its last command."""
        scope, last = Scope(outer, own or {}, row=outer.row), None
        self.step(1)
        try:
            for command in block.commands:
                last = yield from self.command(command, scope)
        finally:
            self._depth -= 1
        return last

    def command(self, command: tree.Command, scope: Scope) -> Flow:
        """One command; its value is what it returns."""
        self.step()
        if isinstance(command, Block):
            return (yield from self.block(command, scope))
        if isinstance(command, tree.OfMenu):
            return (yield from self.of_menu(command, scope))
        if isinstance(command, tree.CallOf):
            return (yield from self.call(command, scope))
        if command.name in FUNCTIONS:
            return FUNCTIONS[command.name]((yield from self.all(command.unnamed, scope)))
        return (yield from self._language[command.name](self, command, scope))

    def all(self, nodes: Sequence[Node], scope: Scope) -> Generator[float, None, list[Value]]:
        """The values of several nodes."""
        values: list[Value] = []
        for node in nodes:
            values += [(yield from self.value(node, scope))]
        return values

    def value(self, node: Node, scope: Scope) -> Flow:
        """What a node stands for here."""
        if isinstance(node, tree.Literal):
            return node.text if node.quoted else read(node.text)
        if isinstance(node, tree.Variable):
            return self.variable(node.name, scope)
        if isinstance(node, tree.Property):
            return scope.row.get(node.name)
        if isinstance(node, tree.Body):
            return Code(node.block)
        self.step(1)
        try:
            return (yield from self.inner(node, scope))
        finally:
            self._depth -= 1

    def inner(self, node: tree.Filled | tree.Substitution | tree.Listed | tree.Operation, scope: Scope) -> Flow:
        """A node with others in it."""
        if isinstance(node, tree.Substitution):
            return (yield from self.block(node.block, scope))
        if isinstance(node, tree.Filled):
            return bounded("".join(text(value) for value in (yield from self.all(node.parts, scope))))
        if isinstance(node, tree.Listed):
            values = yield from self.all([member for _, member in node.members], scope)
            return Array(tuple((key, value) for (key, _), value in zip(node.members, values, strict=True)))
        left = yield from self.value(node.operands[0], scope)
        if len(node.operands) == 1:
            return operate.one(node.sign, left)
        if node.sign in ("&&", "||"):
            if operate.truth(left) == (node.sign == "||"):
                return node.sign == "||"
            return operate.truth((yield from self.value(node.operands[1], scope)))
        return operate.two(node.sign, left, (yield from self.value(node.operands[1], scope)))

    def variable(self, name: str, scope: Scope) -> Value:
        """A variable's value; nothing where there is none."""
        holder = scope.holder(name)
        if holder is None:
            return None
        return self.shared.get(name) if name in holder.shared else holder.own[name]

    def assign(self, name: str, value: Value, scope: Scope) -> None:
        """Give a variable that is known a value."""
        holder = scope.holder(name)
        if holder is None:
            raise Failure(f"variable {name} not defined")
        if name in holder.shared:
            self.shared[name] = value
        else:
            holder.own[name] = value

    def call(self, command: tree.CallOf, scope: Scope) -> Flow:
        """A function with its arguments as $1, $2 and by name; it sees nothing else of its caller."""
        function = yield from self.value(command.function, scope)
        if not isinstance(function, Code):
            return function
        unnamed = yield from self.all(command.unnamed, scope)
        named = yield from self.all(tuple(command.named.values()), scope)
        own = {str(number): value for number, value in enumerate(unnamed, 1)}
        try:
            return (yield from self.block(function.block, Scope(), own | dict(zip(command.named, named, strict=True))))
        except Returned as returned:
            return returned.value

    def of_menu(self, command: tree.OfMenu, scope: Scope) -> Flow:
        """A command of the router's menus."""
        given: dict[str, Value] = {}
        for name, node in command.named.items():
            given[name] = node.text if isinstance(node, tree.Literal) else (yield from self.value(node, scope))
        if command.path == "/log" and command.name not in ("print", "find", "get"):
            self.log(command.name, text(given.get("message")))
            return None
        if command.name in ("find", "print"):
            return (yield from self.choose(command, given, scope))
        if command.name == "get":
            return self.menus.get(command.path, given)
        if command.name == "export":
            for line in self._export(command, given).splitlines():
                self.write(line)
            return None
        other = self._starts(command, given)
        if other is None:
            done = self.menus.run(command, given)
            if (command.path, command.name) in SAYS:
                self.write(SAYS[command.path, command.name])
            return done
        value = yield from other.flow
        for line in other.output:
            self.write(line)
        if command.name == "import":
            self.write(IMPORTED)
        return value

    def choose(self, command: tree.OfMenu, given: Mapping[str, Value], scope: Scope) -> Flow:
        """`find` and `print`: the rows for which the condition holds."""
        rows = []
        for row in self.menus.rows(command.path):
            self.step()
            held = Scope(scope, row={name: self.menus.value(command.path, name, one) for name, one in row.items()})
            if command.where is None or present((yield from self.value(command.where, held))):
                rows.append(row)
        return ids(rows) if command.name == "find" else self.show(command, given, rows)

    def show(self, command: tree.OfMenu, given: Mapping[str, Value], rows: list[dict[str, str]]) -> Value:
        """What `print` writes and returns."""
        if "count-only" in command.flags:
            self.write(str(len(rows)))
            return len(rows)
        if "as-value" in command.flags:
            whole = Array(tuple((None, self.menus.array(command.path, row)) for row in rows))
            return whole.get(0) if self._host.menu(command.path).single else whole
        wanted = [name for name in text(given.get("proplist"), ",").split(",") if name]
        lines = shown(self._host.menu(command.path), rows, wanted, command.flags)
        if "file" in given:
            self.menus.keep(text(given["file"]), lines)
            return None
        for line in lines:
            self.write(line)
        return None

    def write(self, line: str) -> None:
        """A line for whoever reads what the script says; too much of it ends the script."""
        self._written += len(line) + 1
        if self._written > MOST:
            raise Stopped("more words than this simulation lets a script say")
        self.output.append(line)


def present(value: Value) -> bool:
    """What a condition on a row comes to: a value that is there counts as true."""
    return value if isinstance(value, bool) else text(value) not in ("", "0")


Words: TypeAlias = Mapping[str, Callable[[Run, tree.Language, Scope], Flow]]
"""Commands of the language that do something, by name."""
