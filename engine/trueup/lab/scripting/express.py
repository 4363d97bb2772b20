"""Values and expressions of a script (MikroTik documentation, Scripting language manual)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from trueup.lab.scripting import scan
from trueup.lab.scripting.scan import Scanner
from trueup.lab.scripting.tree import Block, Filled, Listed, Literal, Node, Operation, Property, Substitution, Variable
from trueup.lab.scripting.trouble import BRACE
from trueup.lab.scripting.value import joined_bytes

DEEPEST = 40
"""How deep brackets may stand within one another; routers may go deeper."""

LEVELS: tuple[tuple[str, ...], ...] = (
    ("||", "or"),
    ("&&", "and"),
    ("!=", "<=", ">=", "=", "<", ">", "~", "in"),
    ("|", "^", "&"),
    ("<<", ">>"),
    (".", ","),
    ("+", "-"),
    ("*", "/", "%"),
)
"""Operators from those that bind least to those that bind most."""

COMPARING = LEVELS[2]
ALIASES = {"or": "||", "and": "&&"}
TERM = re.compile(
    r"\d+\.\d+\.\d+\.\d+(?:/\d+)?|[0-9A-Fa-f]*::?[0-9A-Fa-f:]*:[0-9A-Fa-f:/]*|\d+:\d+(?::\d+(?:\.\d+)?)?"
    r"|0x[0-9a-fA-F]+|(?:\d+(?:ms|us|[wdhms]))+(?:\d+:\d+:\d+)?|\d+|\*[0-9A-Fa-f]+|[A-Za-z_][A-Za-z0-9_-]*"
)
FIELD = re.compile(r"\.?[A-Za-z][A-Za-z0-9-]*")
OR, AND = (re.compile(rf"{word}(?![A-Za-z0-9=~-])") for word in ("or", "and"))


class Expressions(Scanner):
    """Reads values; blocks of commands are read by who knows commands."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def block(self, end: str) -> Block:
        """The commands up to a bracket that closes them."""
        raise self.trouble()

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Within a bracket; too many of them are refused."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.trouble()
        yield
        self._depth -= 1

    def value(self, bare: re.Pattern[str] = scan.BARE) -> Node:
        """A value as it is given to a command."""
        if self.sees("{"):
            return self.listed()
        if self.bracketing:
            return self.bracketed()
        word = self.take(bare)
        if not word:
            raise self.trouble()
        return Literal(word)

    def bracketed(self) -> Node:
        """A text in quotes, a variable, a substitution, or an expression in brackets."""
        at = self.at
        if self.skips('"'):
            return self.quoted()
        if self.skips("$"):
            return self.variable()
        with self.nested():
            if self.skips("["):
                return Substitution(self.block("]"))
            self.at += 1
            inner = self.expression()
            self.take(scan.ANY_BLANK)
            if not self.skips(")"):
                raise self.trouble(at=None if self.next else at)
        return inner

    def variable(self) -> Node:
        """What stands behind a `$`."""
        if self.sees("[") or self.sees("("):
            return self.bracketed()
        if self.skips('"'):
            name = self.quoted()
            if isinstance(name, Literal):
                return Variable(name.text)
            raise self.trouble()
        found = self.take(scan.VARIABLE)
        if not found:
            raise self.trouble()
        return Variable(found)

    def quoted(self) -> Literal | Filled:
        """A text up to its closing quote, with what `$` puts into it."""
        opened, parts = self.at - 1, list[Node]()
        while not self.skips('"'):
            if plain := self.take(scan.PLAIN):
                parts.append(Literal(plain, quoted=True))
            elif self.skips("$"):
                parts.append(self.variable())
            elif self.skips("\\"):
                parts.append(Literal(self.escaped(), quoted=True))
            else:
                raise self.trouble(at=opened)
        if all(isinstance(part, Literal) for part in parts):
            whole = "".join(part.text for part in parts if isinstance(part, Literal))
            return Literal(joined_bytes(whole), quoted=True)
        return Filled(tuple(parts))

    def escaped(self) -> str:
        """What stands for the characters behind a backslash; a line end stands for nothing, with the next indent."""
        if found := self.take(scan.HEX):
            return bytes([int(found, 16)]).decode("ascii", "surrogateescape")
        if self.take(scan.CONTINUED):
            return ""
        if self.next not in scan.ESCAPES:
            raise self.trouble()
        self.at += 1
        return scan.ESCAPES[self.text[self.at - 1]]

    def listed(self) -> Listed:
        """An array: members between braces, keys before `=`."""
        members: list[tuple[str | None, Node]] = []
        with self.nested():
            self.at += 1
            self.take(scan.BETWEEN)
            while not self.skips("}"):
                if not self.next:
                    raise self.trouble(BRACE)
                value, key = self.value(scan.MEMBER), None
                if isinstance(value, Literal) and self.skips("="):
                    key, value = value.text, self.value()
                members.append((key, value))
                self.blank()
                if self.next not in (";", "}", "\n", ""):
                    raise self.trouble()
                self.take(scan.BETWEEN)
        return Listed(tuple(members))

    def expression(self, level: int = 0) -> Node:
        """An expression in brackets, from the operators that bind least."""
        if level == len(LEVELS):
            return self.term()
        left = self.expression(level + 1)
        while sign := self.operator(LEVELS[level]):
            left = Operation(ALIASES.get(sign, sign), (left, self.expression(level + 1)))
        return left

    def operator(self, signs: tuple[str, ...]) -> str:
        """The operator of a level that is at hand, "" for none."""
        self.take(scan.ANY_BLANK)
        for sign in signs:
            if not self.sees(sign) or self.sees("->"):
                continue
            after = self.text[self.at + len(sign) : self.at + len(sign) + 1]
            if sign.isalpha() and (after.isalnum() or after in ("-", "_")):
                continue
            if sign in ("|", "&", "<", ">") and after == sign:
                continue
            self.at += len(sign)
            return sign
        return ""

    def term(self) -> Node:
        """One operand, with the operators before it and the keys behind it."""
        self.take(scan.ANY_BLANK)
        with self.nested():
            for sign in ("!", "-", "~"):
                if self.skips(sign):
                    return Operation(sign, (self.term(),))
        found = self.listed() if self.sees("{") else self.member()
        while self.arrow():
            self.take(scan.ANY_BLANK)
            found = Operation("->", (found, self.member()))
        return found

    def arrow(self) -> bool:
        at = self.at
        self.take(scan.ANY_BLANK)
        if self.skips("->"):
            return True
        self.at = at
        return False

    def member(self) -> Node:
        """An operand by itself, or the key behind `->`."""
        if self.bracketing:
            return self.bracketed()
        found = self.take(TERM)
        if not found:
            raise self.trouble()
        return Literal(found)

    def where(self) -> Node:
        """What follows `where`: conditions joined by `and`, `or`, or nothing, which is `and`."""
        left = self.both()
        while self.joined(OR, "||"):
            left = Operation("||", (left, self.both()))
        return left

    def both(self) -> Node:
        left = self.condition()
        while self.joined(AND, "&&") or self.goes_on():
            left = Operation("&&", (left, self.condition()))
        return left

    def goes_on(self) -> bool:
        """Whether another condition follows without a word between."""
        return not self.ended and not self.sees("||") and not OR.match(self.text, self.at)

    def joined(self, word: re.Pattern[str], sign: str) -> bool:
        self.blank()
        return self.skips(sign) or bool(self.take(word))

    def condition(self) -> Node:
        """One condition on a row: a flag, or a property and what it is compared with."""
        self.blank()
        with self.nested():
            if self.skips("!"):
                return Operation("!", (self.condition(),))
            if self.skips("("):
                return self.grouped()
        left = self.bracketed() if self.bracketing else self.field()
        self.blank()
        sign = next((sign for sign in COMPARING[:-1] if self.skips(sign)), "")
        if not sign:
            return left
        self.blank()
        return Operation(sign, (left, self.value()))

    def grouped(self) -> Node:
        inner = self.where()
        self.blank()
        if not self.skips(")"):
            raise self.trouble()
        return inner

    def field(self) -> Property:
        name = self.take(FIELD)
        if not name:
            raise self.trouble()
        return Property(name)
