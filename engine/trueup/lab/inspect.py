"""`/console/inspect`: a router tells its own command tree.

The replies' form is that of the examples in the documentation of terraform-provider-routeros (`child` and `syntax` of
/interface/list) and of MikroTik's forum, topic 169237 (`syntax` of a menu, `completion`); which menus, commands and
arguments there are is what this router has. Explanations of menus and commands are left empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from typing import NamedTuple

from trueup.lab.call import Reply
from trueup.lab.commands.show import EMPTY_SINCE
from trueup.lab.machine import Machine
from trueup.lab.safety import SAFE_MODE
from trueup.lab.trap import Trap, no_match, unknown_parameter
from trueup_schemas.catalogue.types import Property

REQUESTS = ("self", "child", "completion", "highlight", "syntax", "error")
TAKES = frozenset({"request", "path", "input", "as-value", ".proplist", "without-paging"})

HANGS = frozenset({"where", "do", "else", "rule", "command", "on-error"})
SAFE_SINCE = (7, 21, 4)
"""`syntax` and `completion` of paths with these words hung routers up to 7.21.3 (tikoci/restraml, report of a bug in
/console/inspect); of some of them reports differ, and here all do."""

PATHS = frozenset({"/file", "/interface", "/ip", "/ipv6", "/system", "/tool", "/user"})
"""What the command trees call a path, not a dir."""

OTHERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "": {"do": ("command", "on-error"), "if": ("condition", "do", "else"), "put": ("message",), "redo": (), "undo": ()},
    SAFE_MODE: {"get": ("value-name",), "print": ("proplist",), "release": (), "take": ("on-error",)}
    | {"toggle": (), "unroll": ()},
    "/console": {"inspect": ("as-value", "input", "path", "proplist", "request", "without-paging")},
}
"""Some commands that no menu of the catalogue has, as in the trees."""

EVERYWHERE = frozenset({"export", "find", "get", "print"})
CHANGES = frozenset({"edit", "reset"})
"""Commands that the trees have in menus, and in those with `set`."""

ADDS, SETS, NUMBERED = ("copy-from",), ("numbers",), ("numbers",)
SHOWS = ("where", "proplist", "as-value", "count-only")

RANGE = "A.B.C.D[-A.B.C.D |0..32 |/A.B.C.D ]    (IP address range)"
TEXTS = {
    "text": "string value",
    "duration": "time interval",
    "address": "A.B.C.D    (IP address)",
    "mac": "AB[:|-|.]CD[:|-|.]EF[:|-|.]GH[:|-|.]IJ[:|-|.]KL    (MAC address)",
    "target": RANGE,
    "address-range": RANGE,
    "interface-address": "A.B.C.D/M    (IP prefix)",
    "subnet-address": "A.B.C.D/M    (IP prefix)",
}
"""Words of the command trees; of numbers and of single words they say nothing."""

Rows = list[dict[str, str]]
Steps = tuple[str, ...]


class Node(NamedTuple):
    """One word of the tree; `property` is what an argument of `add` and `set` is of."""

    name: str
    kind: str
    property: Property | None = None


def inspect(tree: Tree, arguments: Mapping[str, str], policies: Set[str]) -> Reply:
    """Answer one request; [] is no answer, ever."""
    machine = tree.machine
    if machine.version < (7,):
        raise Trap("no such command prefix")  # a command new in 7 (MikroTik's forum, topic 169237)
    for name in arguments.keys() - TAKES:
        raise unknown_parameter(name)
    if "read" not in policies:
        raise Trap("not enough permissions (9)")
    request = arguments.get("request", "")
    if request not in REQUESTS:
        raise no_match("request") if request else Trap("missing value(s) of argument(s) request")
    steps = tuple(step for step in arguments.get("path", "").split(",") if step)
    if request in ("syntax", "completion") and not HANGS.isdisjoint(steps) and machine.version < SAFE_SINCE:
        return []
    rows = ANSWERS[request](tree, steps) if request in ANSWERS else []
    wanted = arguments.get(".proplist", "")
    cut = [{name: row[name] for name in row if not wanted or name in wanted.split(",")} for row in rows]
    sentences = [["!re", *(f"={name}={value}" for name, value in row.items())] for row in cut]
    if not sentences and machine.version >= EMPTY_SINCE:
        sentences = [["!empty"]]
    return [*sentences, ["!done"]]


class Tree:
    """One router's tree: menus by path, and below them commands and arguments."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self._menus: dict[str, set[str]] = {}
        for path in (*machine.shapes.paths, "/console"):
            above, _, name = path.rpartition("/")
            while name:
                self._menus.setdefault(above, set()).add(name)
                above, _, name = above.rpartition("/")

    def node(self, steps: Steps) -> Node | None:
        """The node at a path."""
        if not steps:
            return Node("", "dir")
        return next((each for each in self.below(steps[:-1]) if each.name == steps[-1]), None)

    def below(self, steps: Steps) -> list[Node]:
        """What is right below a path: menus and commands, or a command's arguments; in the order of the alphabet."""
        path = "".join(f"/{step}" for step in steps)
        found = [Node(name, "path" if f"{path}/{name}" in PATHS else "dir") for name in self._menus.get(path, ())]
        found += (Node(name, "cmd") for name in self._commands(path))
        if not found and steps and steps[-1] in self._commands(path.rpartition("/")[0]):
            found = list(self._arguments(path.rpartition("/")[0], steps[-1]))
        return sorted(found, key=lambda each: each.name)

    def _commands(self, path: str) -> Set[str]:
        if path in OTHERS and (path != SAFE_MODE or path in self.machine.shapes):
            return OTHERS[path].keys()
        if path not in self.machine.shapes:
            return frozenset()
        commands = self.machine.menu(path).behaviour.commands
        return commands | EVERYWHERE | (CHANGES if "set" in commands else frozenset())

    def _arguments(self, path: str, command: str) -> Iterator[Node]:
        if path in OTHERS:
            yield from (Node(name, "arg") for name in OTHERS[path][command])
            return
        menu = self.machine.menu(path)
        names = {"add": ADDS, "set": SETS}.get(command, SHOWS if command in ("find", "print") else NUMBERED)
        if command == "add" and "move" in menu.behaviour.commands:
            names = (*names, "place-before")
        yield from (Node(name, "arg") for name in names if not (menu.single and name == "numbers"))
        if command in ("add", "set"):
            yield from (Node(each.name, "arg", each) for each in menu.shape.writable)


def child(tree: Tree, steps: Steps) -> Rows:
    """The node itself, and what is right below it; nothing where there is no such node."""
    found = tree.node(steps)
    if found is None:
        return []
    own = [{"type": "self", "name": found.name, "node-type": found.kind}]
    return own + [{"type": "child", "name": each.name, "node-type": each.kind} for each in tree.below(steps)]


def syntax(tree: Tree, steps: Steps) -> Rows:
    """What may be written: of an argument its type, of all else the words below it."""
    found = tree.node(steps)
    if found is None:
        return []
    if found.kind == "arg":
        return [word("", "definition", 0, "no", text_of(found.property))]
    below = (word(each.name, "explanation", 1, "no", "") for each in tree.below(steps))
    return [word("", "collection", 0, "yes", ""), *below]


def word(symbol: str, kind: str, nested: int, nonorm: str, text: str) -> dict[str, str]:
    row = {"type": "syntax", "symbol": symbol, "symbol-type": kind, "nested": str(nested), "nonorm": nonorm}
    return row | {"text": text}


def text_of(property: Property | None) -> str:
    """The router's words about a type, where the command trees show any; "" where they show none."""
    if property is None or property.refers:
        return ""
    if property.type == "enum" and property.many:
        return f"{'|'.join(property.values)}[,Words*]"
    if property.type == "duration" and property.maximum:
        return f"{property.minimum}..{property.maximum}    (time interval)"
    return TEXTS.get(property.type, "")


def completion(tree: Tree, steps: Steps) -> Rows:
    """The words that an argument offers; none where it takes any."""
    found = tree.node(steps)
    known = found.property if found else None
    words = () if known is None else ("no", "yes") if known.type == "boolean" else known.values
    about = {"style": "none", "offset": "0", "preference": "96", "show": "yes", "text": ""}
    return [{"type": "completion", "completion": each} | about for each in words]


ANSWERS: Mapping[str, Callable[[Tree, Steps], Rows]] = {
    "child": child,
    "syntax": syntax,
    "completion": completion,
    "self": lambda tree, steps: child(tree, steps)[:1],
}
