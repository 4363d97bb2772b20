"""A RouterOS export as commands, each with its place; what is no plain `add` or `set` is kept apart, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from trueup.adopt.scan import Broken, Line, Scanner, Token
from trueup.errors import DeclarationError, Problem, Source
from trueup.load.compose import too_large

PROBLEMS = 50
"""As many problems of one file are told."""

VERBS = frozenset(
    (
        "add",
        "set",
        "remove",
        "unset",
        "reset",
        "enable",
        "disable",
        "move",
        "comment",
        "print",
        "export",
        "import",
        "find",
        "get",
        "edit",
        "run",
    )
)
"""Commands that end a path; other words are parts of it."""
_PATH = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]*\Z")
_MADE = re.compile(r".* by RouterOS ([0-9]{1,4}\.[0-9][0-9A-Za-z.-]*)")
_FACT = re.compile(r"\s*(model|serial number)\s*=\s*(\S.*?)\s*\Z")
_FAILED = re.compile(r"\s*(?:error exporting|interrupted)\s*\"?(/[a-z0-9/ -]*)?")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_END = re.compile("\r+\n")
_OTHERS = {
    b"\x88\xac\xa1\xb1": "a binary backup",
    b"\xef\xa8\x91\x72": "an encrypted backup",
    b"<": "a web page",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive",
    b"\x1f\x8b": "a compressed file",
    b"--BEGIN ROUTEROS SUPOUT": "a supout file",
}
"""What people take for an export, by how it begins; the two backups as published tools that convert them tell."""
_NO_EXPORT = "write it on the router with `/export file=NAME`"


@dataclass(frozen=True, slots=True)
class Pair:
    """`name=text`; `text` is None for `!name`. A `bare` name stands without a value, as flags do: it means yes."""

    name: str
    text: str | None
    source: Source
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One `add` or `set`. `items` are what a `set` names (`ether1`, `0`, `*1`), `find` the pairs that it looks for."""

    menu: str
    verb: str
    pairs: tuple[Pair, ...]
    source: Source
    items: tuple[str, ...] = ()
    find: tuple[Pair, ...] | None = None


@dataclass(slots=True)
class Script:
    """What an export says. `left` is what it holds beyond commands, with places; `headings` are menus without any."""

    version: str = ""
    model: str = ""
    serial: str = ""
    commands: list[Command] = field(default_factory=list)
    headings: dict[str, Source] = field(default_factory=dict)
    left: list[Problem] = field(default_factory=list)


def read_script(data: bytes, file: str) -> Script:
    """The export in a file's bytes; raises DeclarationError with every place where it cannot be read."""
    reader = _Reader(Scanner(_text(data, file), file))
    reader.run()
    script = reader.script
    if not script.commands and not script.version and not reader.problems:
        reader.problems.append(Problem("this is no RouterOS export", Source(file), _NO_EXPORT))
    if reader.problems:
        raise DeclarationError(reader.problems)
    if not script.commands and not script.left:
        script.left.append(Problem("the export holds no command", file, "is the file cut off?", "warning"))
    return script


def _text(data: bytes, file: str) -> str:
    if problem := too_large(len(data), file):
        raise DeclarationError(problem)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DeclarationError(Problem("the file is UTF-16", Source(file), "save it as the router wrote it"))
    if other := next((what for begin, what in _OTHERS.items() if data.lstrip().startswith(begin)), None):
        raise DeclarationError(Problem(f"this is {other}, no RouterOS export", Source(file), _NO_EXPORT))
    text = _LINE_END.sub("\n", data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape"))
    if "\n" not in text:
        text = text.replace("\r", "\n")
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        column = found.start() - text.rfind("\n", 0, found.start())
        message = f"this is no RouterOS export: it holds a control character ({ord(found[0]):#04x})"
        raise DeclarationError(Problem(message, Source(file, line, column), _NO_EXPORT))
    return text


class _Reader:
    """Turns lines of tokens into commands, keeping the menu that the script is in."""

    def __init__(self, scanner: Scanner) -> None:
        self.scanner = scanner
        self.script = Script()
        self.problems: list[Problem] = []
        self.menu = ""

    def run(self) -> None:
        while len(self.problems) < PROBLEMS:
            try:
                for line in self.scanner.lines():
                    self._line(line)
                return
            except Broken as broken:
                where = self.scanner.source(broken.offset)
                self.problems.append(Problem(f"syntax error: {broken.message}", where, broken.remedy))
                self.scanner.skip()

    def _line(self, line: Line) -> None:
        where = self.scanner.source(line.offset)
        if line.remark is not None:
            self._remark(line.remark, where)
            return
        first = line.tokens[0]
        if first.kind == "code" and first.text.startswith(":"):
            self._leave(f"the command {first.text} is not run", where)
            return
        path, verb, rest = self._split(line.tokens)
        if not verb and not rest:
            self.menu = path
            self.script.headings.setdefault(path, where)
        elif verb in ("add", "set"):
            self._command(path, verb, rest, line.offset)
        elif verb in VERBS:
            self._leave(f"{path} {verb}: only add and set declare something; this is not run", where)
        else:
            self._leave(f"the command {path.rpartition('/')[2] or '/'} is not run", where)

    def _split(self, tokens: tuple[Token, ...]) -> tuple[str, str, list[Token]]:
        """The menu, the verb ("" for none) and what follows it; raises Broken for what is no command."""
        absolute = tokens[0].kind == "word" and tokens[0].text.startswith("/")
        parts: list[str] = [] if absolute else [part for part in self.menu.split("/") if part]
        for index, token in enumerate(tokens):
            words = [word for word in token.text.split("/") if word] if token.kind == "word" else []
            for word in words:
                if word in VERBS and word == words[-1]:
                    return "/" + "/".join(parts), word, list(tokens[index + 1 :])
                if not _PATH.match(word):
                    raise Broken(token.offset, "expected a menu such as /ip/address, or add or set", _NO_EXPORT)
                parts.append(word)
            if token.kind != "word":
                if index == 0:
                    raise Broken(token.offset, "expected add or set before this", _NO_EXPORT)
                return "/" + "/".join(parts), "", list(tokens[index:])
        if not absolute:
            raise Broken(tokens[0].offset, "expected a menu such as /ip/address, or add or set", _NO_EXPORT)
        return "/" + "/".join(parts), "", []

    def _command(self, path: str, verb: str, rest: list[Token], offset: int) -> None:
        if path == "/":
            raise Broken(offset, f"{verb} without a menu", "write the menu before it, such as /ip/address")
        where = self.scanner.source(offset)
        pairs: dict[str, Pair] = {}
        items: list[str] = []
        find: tuple[Pair, ...] | None = None
        within = ""
        for token in rest:
            place = self.scanner.source(token.offset)
            if token.kind == "code":
                what = token.name or "what it is about"
                self._leave(f"{path} {verb}: {what} is worked out by a script, so the command is left out", place)
                return
            if token.kind == "find":
                find = self._find(token)
                if find is None:
                    self._leave(f"{path} {verb}: `find` with more than `name=value` is not run", place)
                    return
            elif token.kind == "word" and (verb == "add" or find is not None or pairs):
                _put(pairs, Pair(token.text, "yes", place, bare=True), token.offset)
            elif token.kind == "word":
                items += (item for item in token.text.split(",") if item)
            else:
                name = f"{within}{token.name}" if token.name.startswith(".") and within else token.name
                within = name.rpartition(".")[0]
                _put(pairs, Pair(name, token.text if token.kind == "pair" else None, place), token.offset)
        if verb == "set" and (named := pairs.pop("numbers", None)) and named.text:
            items += named.text.split(",")
        if verb == "add" and find is not None:
            raise Broken(offset, "add takes only name=value", "remove the rest")
        self.script.commands.append(Command(path, verb, tuple(pairs.values()), where, tuple(items), find))

    def _find(self, token: Token) -> tuple[Pair, ...] | None:
        """The pairs of `[ find name=value and … ]`; None where it says more than that."""
        pairs: list[Pair] = []
        for part in token.inner:
            if part.kind == "pair" and _NAME.match(part.name):
                pairs.append(Pair(part.name, part.text, self.scanner.source(part.offset)))
            elif part.kind != "word" or part.text not in ("where", "and"):
                return None
        return tuple(pairs)

    def _remark(self, text: str, where: Source) -> None:
        """Header lines tell the router's facts; other remarks are the router's own about what it exported."""
        if found := _MADE.match(text):
            self.script.version = found[1]
        elif (fact := _FACT.match(text)) and not set(fact[2]) <= set("#*"):
            setattr(self.script, "model" if fact[1] == "model" else "serial", fact[2])
        elif found := _FAILED.match(text):
            message = f"the router could not export {found[1] or 'the rest'}"
            self._leave(message, where, "export that menu again, with its path")
        elif self.script.commands and text.strip():
            self._leave("a remark is not kept", where)

    def _leave(self, message: str, where: Source, remedy: str = "") -> None:
        self.script.left.append(Problem(message, where, remedy, "warning"))


def _put(pairs: dict[str, Pair], pair: Pair, offset: int) -> None:
    if not _NAME.match(pair.name):
        raise Broken(offset, "expected name=value", "put odd characters into quotes")
    if pair.name in pairs:
        raise Broken(offset, f"{pair.name} stands twice in one command", "keep one of them")
    pairs[pair.name] = pair


def left_headings(script: Script) -> Iterator[tuple[str, Source]]:
    """Menus that the script goes to without saying anything there."""
    used = {command.menu for command in script.commands}
    yield from ((path, where) for path, where in script.headings.items() if path not in used)
