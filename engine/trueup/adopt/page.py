"""A router's YAML file: rows as people write them, values as trueup reads them back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from trueup.adopt.choose import Declared
from trueup.canonical import canonical
from trueup_schemas.catalogue import Catalogue, Menu, Property
from trueup_schemas.secret import SecretRef

WIDTH = 118
"""Columns that a row on one line may fill."""

_PLAIN = re.compile(r"(?:[A-Za-z0-9_/+.](?:[A-Za-z0-9_./+@*%=-]|:(?=[^ ])| (?=[A-Za-z0-9_./+=-]))*|-[0-9]+)\Z")
_NOT_TEXT = frozenset(("", "~", "null", "true", "false"))
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_THOUSANDS = re.compile(r"\b([0-9]*[1-9][0-9]*?)((?:000){1,3})\b")
_KEY = re.compile(r"[a-z0-9][a-z0-9.-]*\Z")


def head_lines(head: Mapping[str, str], remark: str) -> Iterator[str]:
    """The lines of a new file before its intents and rows; `head` are the router's own words, in order."""
    yield f"# {remark}"
    yield from (f"{name}: {quoted_head(name, text)}" for name, text in head.items())


def quoted_head(name: str, text: str) -> str:
    """A head's value; versions in quotes, as everywhere in the documentation."""
    return quoted(text) if name == "version" else scalar(text)


def row_lines(rows: Mapping[str, Sequence[Declared]], catalogue: Catalogue) -> Iterator[str]:
    """The lines of `rows:`."""
    yield "rows:" if rows else "rows: {}"
    for path, declared in rows.items():
        menu = catalogue.menu(path)
        if menu.kind == "singleton":
            text = flow_row(menu, declared[0])
            if len(text) + len(path) + 4 <= WIDTH and "\n" not in text:
                yield f"  {path}: {text}"
            else:
                yield f"  {path}:"
                yield from block_row(menu, declared[0], 4)
            continue
        yield f"  {path}:"
        for stratum, members in _strata(menu, declared):
            yield from _stratum(menu, stratum, members)


def scalar(text: str, indent: int = 0) -> str:
    """One text so that it is read back as the same text: plain where that is safe, else in double quotes.

    A text of several lines is a block, or in quotes that go on below; `indent` is where its lines begin.
    """
    if text not in _NOT_TEXT and _PLAIN.match(text) and not text.endswith(":"):
        return text
    if indent and "\n" in text.strip("\n"):
        return _literal(text, indent) or _folded(text, indent)
    return quoted(text)


def quoted(text: str) -> str:
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _literal(text: str, indent: int) -> str:
    """A text of lines as a YAML block; "" where only quotes can hold it."""
    lines = text.split("\n")
    printable = all(line.isprintable() for line in lines)
    if not printable or text[0] in " \n" or text.endswith("\n\n"):
        return ""
    mark = "|" if text.endswith("\n") else "|-"
    body = lines[:-1] if text.endswith("\n") else lines
    return "\n".join([mark, *(f"{' ' * indent}{line}" if line else "" for line in body)])


def _folded(text: str, indent: int) -> str:
    """A text of lines in quotes, one line of the file for each; a line's leading blanks need a backslash."""
    parts = [part for part in re.split(r"(?<=\n)", text) if part]
    shown = ["".join(map(_escaped, part)) for part in parts]
    shown = [shown[0], *(f"\\{part}" if part.startswith(" ") else part for part in shown[1:])]
    return '"' + f"\\\n{' ' * indent}".join(shown) + '"'


def _strata(menu: Menu, rows: Sequence[Declared]) -> Iterator[tuple[dict[str, str], list[Declared]]]:
    """Rows of one stratum together, strata in the order of their first rows; rows without one stand alone."""
    groups: dict[tuple[str, ...], list[Declared]] = {}
    for row in rows:
        key = tuple(str(row.values.get(name, "")) for name in menu.strata)
        groups.setdefault(key, []).append(row)
    for key, members in groups.items():
        yield dict(zip(menu.strata, key, strict=True)) if all(key) else {}, members


def _stratum(menu: Menu, stratum: Mapping[str, str], rows: Iterable[Declared]) -> Iterator[str]:
    if not stratum:
        for row in rows:
            yield from _item(menu, row, 4)
        return
    match = ", ".join(f"{name}: {scalar(text)}" for name, text in stratum.items())
    yield f"    - scope: {{{match}}}"
    yield "      rows:"
    for row in rows:
        rest = {name: value for name, value in row.values.items() if name not in stratum}
        yield from _item(menu, Declared(rest, row.ignore), 8)


def _item(menu: Menu, row: Declared, indent: int) -> Iterator[str]:
    flow = flow_row(menu, row)
    if indent + 2 + len(flow) <= WIDTH and "\n" not in flow and not _has_lines(row):
        yield f"{' ' * indent}- {flow}"
        return
    lines = list(block_row(menu, row, indent + 2))
    yield f"{' ' * indent}- {lines[0].lstrip()}"
    yield from lines[1:]


def _has_lines(row: Declared) -> bool:
    return any(isinstance(value, str) and "\n" in value.strip("\n") for value in row.values.values())


def flow_row(menu: Menu, row: Declared) -> str:
    """A row on one line, in braces."""
    parts = [f"{key_text(name)}: {value_text(menu.properties[name], value)}" for name, value in row.values.items()]
    return "{" + ", ".join([*parts, *_ignore(row)]) + "}"


def block_row(menu: Menu, row: Declared, indent: int) -> Iterator[str]:
    """A row on lines of its own, one for each property."""
    for name, value in row.values.items():
        yield f"{' ' * indent}{key_text(name)}: {value_text(menu.properties[name], value, indent + 2)}"
    yield from (f"{' ' * indent}{line}" for line in _ignore(row))


def _ignore(row: Declared) -> Iterator[str]:
    if row.ignore:
        yield f"ignore: [{', '.join(row.ignore)}]"


def key_text(name: str) -> str:
    """A property's name as a key."""
    return name if _KEY.match(name) else quoted(name)


def value_text(property: Property, value: str | SecretRef, indent: int = 0) -> str:
    """A property's value; a list of several as a YAML list."""
    if isinstance(value, SecretRef):
        return str(value)
    value = short_text(property, value)
    items = value.split(",")
    if property.many and len(items) > 1 and all(items) and not value.startswith("!"):
        return f"[{', '.join(map(scalar, items))}]"
    return scalar(value, indent)


def short_text(property: Property, value: str) -> str:
    """A value as people write it: a rate with its unit, `10M` for 10000000, where that means the same."""
    if "rate" not in property.type.split("/"):
        return value
    short = _THOUSANDS.sub(lambda found: found[1] + "kMG"[len(found[2]) // 3 - 1], value)
    return short if canonical(property, short) == value else value
