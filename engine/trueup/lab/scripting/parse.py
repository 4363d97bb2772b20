"""Commands of a script: those of the language, and those of the router's menus."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Protocol

from trueup.lab.scripting import scan, tree
from trueup.lab.scripting.express import Expressions
from trueup.lab.scripting.signature import LANGUAGE, POSITIONS, SHOWING, SOURCES, Signature
from trueup.lab.scripting.tree import Block, Node
from trueup.lab.scripting.trouble import BRACE, END, SYNTAX, bad_command

NAMED = re.compile(r"([A-Za-z0-9.][A-Za-z0-9._/-]*)=")
REMOVED = re.compile(r"!([a-z][a-z0-9./-]*)(?=[\s;\]}]|\Z)")
FLAG = re.compile(r"[a-z][a-z-]*(?=[\s;\]}]|\Z)")
WHERE = re.compile(r"where(?=[\s(!\]])")
LOOPED = re.compile(r"[A-Za-z0-9_,]+")


class Grammar(Protocol):
    """What menus and commands a router has."""

    def menu(self, path: str) -> bool:
        """Whether a path is a menu, or leads to one."""

    def command(self, path: str, name: str) -> bool:
        """Whether a menu has a command."""

    def parameters(self, path: str, name: str) -> Set[str] | None:
        """The arguments that a command takes, None where any will do."""

    def flags(self, path: str, name: str) -> Set[str]:
        """The bare words that a command takes."""

    def single(self, path: str) -> bool:
        """Whether a menu has values instead of rows."""


def parse(text: str, grammar: Grammar, path: str = "") -> tuple[Block, str]:
    """A whole script, read before anything of it runs, and the menu that it leads to from `path`; raises Malformed."""
    reader = Reader(text, grammar, path)
    block = reader.commands("")
    if reader.next:
        raise reader.trouble(END)
    return block, reader.path


class Reader(Expressions):
    """Reads commands; knows the menu that they are relative to, and which variables there are."""

    def __init__(self, text: str, grammar: Grammar, path: str) -> None:
        super().__init__(text)
        self._grammar = grammar
        self._path = path
        self._declared: set[str] = set()

    @property
    def path(self) -> str:
        """The menu that a path alone has led to."""
        return self._path

    def block(self, end: str) -> Block:
        """A scope of its own, up to its bracket."""
        path, declared = self._path, set(self._declared)
        with self.nested():
            block = self.commands(end)
        if not self.skips(end):
            raise self.trouble(BRACE if end == "}" and not self.next else END)
        self._path, self._declared = path, declared
        return block

    def commands(self, end: str) -> Block:
        """Commands up to a bracket or the end of the text."""
        start, found = self.at, list[tree.Command]()
        self.take(scan.BETWEEN)
        while self.next and (not end or not self.sees(end)):
            command = self.command()
            if command is not None:
                found.append(command)
            self.blank()
            if not self.ended and not isinstance(command, Block):
                raise self.trouble(END)
            if self.next in ("}", "]", ")") and self.next != end:
                raise self.trouble(END)
            self.take(scan.BETWEEN)
        return Block(tuple(found), self.text[start : self.at])

    def command(self) -> tree.Command | None:
        """One command; None is a path alone, which the next ones are relative to."""
        if self.skips("{"):
            return self.block("}")
        if self.next in ("$", "[", "("):
            return self.called()
        if self.skips(":"):
            return self.language(self.take(scan.NAME))
        return self.of_menu("" if self.skips("/") else self._path)

    def called(self) -> tree.CallOf:
        """A function with its arguments, or a value by itself."""
        function = self.bracketed()
        unnamed, named = self.arguments(Signature(unnamed=99, any=True))
        return tree.CallOf(function, unnamed, named)

    def of_menu(self, path: str) -> tree.Command | None:
        """A path, and the command at its end."""
        begun = self.at
        while True:
            self.blank()
            if self.skips(".."):
                path = path.rpartition("/")[0]
                self.skips("/")
                continue
            at, word = self.at, self.take(scan.NAME)
            if word and self._grammar.menu(f"{path}/{word}"):
                path = f"{path}/{word}"
                self.skips("/")
                continue
            if word and self._grammar.command(path, word):
                return self.given(path, word)
            if word in LANGUAGE and at == begun and self.text[begun - 1 : begun] != "/":
                return self.language(word)
            if word or not self.ended:
                raise self.trouble(bad_command(word) if word else SYNTAX, at)
            self._path = path
            return None

    def language(self, name: str) -> tree.Command:
        """A command of the language with its arguments."""
        at = self.at - len(name)
        if name not in LANGUAGE:
            raise self.trouble(bad_command(name) if name else SYNTAX, at)
        signature = LANGUAGE[name]
        unnamed, named = self.arguments(signature)
        if len(unnamed) < signature.least:
            raise self.trouble()
        self.declare(name, unnamed, at)
        return tree.Language(name, unnamed, named)

    def declare(self, name: str, unnamed: tuple[Node, ...], at: int) -> None:
        """Note new variables; setting one that was never declared is refused."""
        if name in ("local", "global"):
            self._declared.add(target(unnamed[0]))
        elif name == "set" and target(unnamed[0]) not in self._declared:
            raise self.trouble(at=at + len(name) + 1)

    def arguments(self, signature: Signature) -> tuple[tuple[Node, ...], Mapping[str, Node]]:
        """What a command of the language is given."""
        unnamed: list[Node] = []
        named: dict[str, Node] = {}
        while self.goes():
            at = self.at
            name = self.take(NAMED).rstrip("=")
            if name and (name in signature.named or signature.any):
                self.blank()
                named[name] = self.argument(name in signature.code)
            elif len(unnamed) < signature.unnamed and (not name or signature.free):
                self.at = at
                if signature.loops and not unnamed:
                    self.loop()
                unnamed.append(self.argument(signature.block))
            else:
                raise self.trouble(END, at)
        return tuple(unnamed), named

    def goes(self) -> bool:
        """Whether the command has something more."""
        self.blank()
        return not self.ended

    def loop(self) -> None:
        """The first argument of a loop declares its variables for what follows."""
        found = LOOPED.match(self.text, self.at)
        self._declared.update(found[0].split(",") if found else ())

    def argument(self, code: bool) -> Node:
        """One argument; braces hold commands where the command runs them."""
        if code and self.skips("{"):
            return tree.Body(self.block("}"))
        return self.value()

    def given(self, path: str, name: str) -> tree.Command:
        """A command of a menu with its arguments; `[…]` among them is relative to that menu."""
        before, self._path = self._path, path
        try:
            if name == "export":
                return self.exporting(path)
            return self.choosing(path, name) if name in ("find", "print") else self.writing(path, name)
        finally:
            self._path = before

    def choosing(self, path: str, name: str) -> tree.OfMenu:
        """`print` and `find`: flags, then conditions."""
        flags: set[str] = set()
        named: dict[str, Node] = {}
        where = None
        while where is None and self.goes():
            if name == "print" and (parameter := self.known(SHOWING)):
                named[parameter] = self.value()
            elif name == "print" and (flag := self.flag()):
                flags.add(flag)
            else:
                self.take(WHERE)
                if self.goes():
                    where = self.where()
        return tree.OfMenu(path, name, named, frozenset(flags), where=where)

    def exporting(self, path: str) -> tree.OfMenu:
        """`export`: bare words, and a file."""
        flags: set[str] = set()
        named: dict[str, Node] = {}
        while self.goes():
            at = self.at
            if parameter := self.known({"file"}):
                named[parameter] = self.value()
            elif (flag := self.take(FLAG)) in self._grammar.flags(path, "export"):
                flags.add(flag)
            else:
                raise self.trouble(END, at)
        return tree.OfMenu(path, "export", named, frozenset(flags))

    def flag(self) -> str:
        """A bare word that print takes."""
        at, word = self.at, self.take(FLAG)
        if word in SHOWING:
            return word
        self.at = at
        return ""

    def known(self, names: Set[str]) -> str:
        """The name of an argument with `=` behind it, "" where none of these follows."""
        at, name = self.at, self.take(NAMED).rstrip("=")
        if name in names:
            self.blank()
            return name
        self.at = at
        return ""

    def writing(self, path: str, name: str) -> tree.OfMenu:
        """Any other command: named arguments, and those that their place names."""
        places = self.places(path, name)
        known = self._grammar.parameters(path, name)
        named: dict[str, Node] = {}
        removed: list[str] = []
        while self.goes():
            at = self.at
            if gone := self.take(REMOVED):
                parameter = gone[1:]
                removed.append(parameter)
            elif parameter := self.take(NAMED).rstrip("="):
                self.blank()
                named[parameter] = self.text_of(parameter)
            else:
                parameter = next((place for place in places if place not in named), "")
                if not parameter:
                    raise self.trouble(END, at)
                named[parameter] = self.value()
            if known is not None and parameter not in known and parameter not in places:
                raise self.trouble(END, at)
        return tree.OfMenu(path, name, named, removed=tuple(removed))

    def places(self, path: str, name: str) -> list[str]:
        """The arguments that may go without their names."""
        if not self._grammar.single(path):
            return list(POSITIONS.get(name, ()))
        return ["value-name"] if name == "get" else []

    def text_of(self, parameter: str) -> Node:
        """The value of an argument; where scripts are kept, braces hold a script's text."""
        if parameter in SOURCES and self.skips("{"):
            return tree.Literal(self.block("}").source, quoted=True)
        return tree.Literal("", quoted=True) if self.ended else self.value()


def target(node: Node) -> str:
    """The variable that a command sets: a name, a variable, or a member of one."""
    if isinstance(node, tree.Operation) and node.sign == "->":
        return target(node.operands[0])
    if isinstance(node, tree.Variable):
        return node.name
    return node.text if isinstance(node, tree.Literal) else ""
