"""Commands of menus as scripts give them: each becomes a sentence that the router answers like any other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from trueup.lab.call import Reply
from trueup.lab.scripting.host import Host
from trueup.lab.scripting.tree import OfMenu
from trueup.lab.scripting.trouble import Failure
from trueup.lab.scripting.value import Array, Id, Value, read, text

Ask = Callable[[Sequence[str]], Reply]
Rows = list[dict[str, str]]
NUMBERED = frozenset({"set", "remove", "enable", "disable", "comment", "unset", "move"})


class Menus:
    """Asks one router on behalf of one user."""

    def __init__(self, host: Host, ask: Ask) -> None:
        self._host = host
        self._ask = ask

    def done(self, words: Sequence[str]) -> Reply:
        """The reply to a sentence; a refusal is a failure."""
        reply = self._ask(words)
        for sentence in reply:
            if sentence[0] == "!trap":
                raise Failure(of(sentence).get("message", ""))
        return reply

    def rows(self, path: str) -> Rows:
        """The rows of a menu as a print shows them."""
        return [of(sentence) for sentence in self.done([f"{path}/print"]) if sentence[0] == "!re"]

    def value(self, path: str, name: str, written: str) -> Value:
        """A row's value as scripts see it: typed, lists as arrays."""
        known = self._host.menu(path).shape.properties.get(name)
        if known is not None and known.many == "list" and "," in written:
            return Array(tuple((None, read(part)) for part in written.split(",")))
        if known is not None and known.type == "text" and written not in ("true", "false"):
            return written
        return read(written)

    def array(self, path: str, row: Mapping[str, str]) -> Array:
        """A whole row, by its properties."""
        return Array(tuple((name, self.value(path, name, value)) for name, value in row.items()))

    def get(self, path: str, given: Mapping[str, Value]) -> Value:
        """One value of a row, or all of them."""
        number = text(given.get("number", given.get(".id")))
        single = self._host.menu(path).single
        if "value-name" in given:
            name = text(given["value-name"])
            words = [f"{path}/get", f"=value-name={name}", *([] if single else [f"=.id={number}"])]
            return self.value(path, name, of(self.done(words)[-1]).get("ret", ""))
        names = self._host.menu(path).behaviour.names
        found = [row for row in self.rows(path) if single or number in (row.get(".id"), names and row.get(names))]
        if not found:
            raise Failure("no such item")
        return self.array(path, found[0])

    def keep(self, file: str, lines: Sequence[str]) -> None:
        """Write lines into a file, which ends in .txt (scripts of juanfi and others wait for that name)."""
        name, contents = file if file.endswith(".txt") else f"{file}.txt", "\n".join(lines)
        known = any(row.get("name") == name for row in self.rows("/file"))
        words = ["/file/set", f"=.id={name}"] if known else ["/file/add", f"=name={name}"]
        self.done([*words, f"=contents={contents}"])

    def run(self, command: OfMenu, given: Mapping[str, Value]) -> Value:
        """Any other command; a new row's id is what `add` returns. An empty `[find]` changes nothing."""
        numbered = command.name in NUMBERED
        if numbered and "numbers" in given and given["numbers"] in (None, Array()):
            return None
        words = [f"{command.path}/{command.name}"]
        for name, value in given.items():
            words.append(f"={'.id' if numbered and name == 'numbers' else name}={text(value, ',')}")
        words += [f"=!{name}=" for name in command.removed]
        returned = of(self.done(words)[-1]).get("ret")
        return read(returned) if returned is not None and command.name == "add" else returned


def of(sentence: Sequence[str]) -> dict[str, str]:
    """The `=name=value` words of a sentence."""
    return {name: value for word in sentence if word[:1] == "=" for name, _, value in [word[1:].partition("=")]}


def ids(rows: Rows) -> Array:
    """What `find` returns."""
    return Array(tuple((None, Id(row[".id"])) for row in rows if ".id" in row))
