"""One row of a snapshot as one line of text: `chain=input action=drop comment="by hand" .id=*5`.

What may not be written down stands as its kind and a keyed digest: `password=(secret 3f9a1b2c3d4e5f60)`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from trueup.diff.content import Keys, whole
from trueup.row import Row, Secret, Value
from trueup_schemas.catalogue import Menu, Property

SECRET, PERSONAL, HIDDEN = "secret", "personal", "hidden"

DIGITS = 16
"""Hex digits of a digest: enough to tell a change."""

LONGEST = 2000
"""Characters of a value; of a longer one the digest is kept."""

SCRIPT = re.compile(r"source|on-[a-z]+|([a-z]+-)?script")
LIKE_A_SECRET = re.compile(r".*(password|passphrase|secret|psk|token|otp|community|(?<!public)(?<!remote)-key)")
DELICATE = {("/snmp/community", "name"), ("/file", "contents")}
"""What may hold a password although the catalogue marks none: what scripts do, what sounds like one, and these."""

ID = ".id"
FLAGS = ("builtin", "default")
BARE = re.compile(r'[^\s"(\\][^\s"\\]*')
PART = re.compile(
    r'(?P<name>[^\s="]+)=(?:\((?P<kind>secret|personal|hidden)(?: (?P<digest>[0-9a-f]+))?\)'
    r'|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<bare>[^\s"(\\][^\s"\\]*))(?: |$)'
)


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands for a value that was not written down; without a digest the router did not show it either."""

    kind: str
    digest: str = ""

    def __str__(self) -> str:
        return f"({self.kind} {self.digest})" if self.digest else f"({self.kind})"


def row_line(menu: Menu, row: Row, keys: Keys) -> str:
    """The row without read-only properties; without defaults but in its key and in rows that are always there."""
    first = (*menu.key, *menu.strata)
    said = {*menu.key, "action"}
    names = [name for name in dict.fromkeys((*first, *sorted(row.values))) if name in row.values]
    parts: list[str] = [row.fixed] if row.fixed in FLAGS else []
    for name in names:
        property = menu.properties[name]
        if property.read_only and name not in menu.key:
            continue
        value = row.values[name]
        told = told_of(menu, property, value, keys)
        if told is None or (menu.addable and name not in said and value == property.default):
            continue
        parts.append(f"{name}={told if isinstance(told, Stand) else quoted(told)}")
    return " ".join((*parts, f"{ID}={row.id}") if row.id else parts)


def without_id(line: str) -> str:
    """The line without its row's id, which may be another one after a restart."""
    return line.rpartition(f" {ID}=")[0] or line


def parsed(line: str) -> tuple[str, dict[str, str | Stand]]:
    """A line's flag and values; ValueError where it is none."""
    values: dict[str, str | Stand] = {}
    flag = next((each for each in FLAGS if line == each or line.startswith(f"{each} ")), "")
    at = len(flag) + 1 if flag else 0
    while at < len(line):
        found = PART.match(line, at)
        if found is None:
            raise ValueError(f"unreadable from character {at + 1} on")
        if found["kind"]:
            values[found["name"]] = Stand(found["kind"], found["digest"] or "")
        else:
            values[found["name"]] = json.loads(found["quoted"]) if found["quoted"] else found["bare"]
        at = found.end()
    return flag, values


def told_of(menu: Menu, property: Property, value: Value, keys: Keys) -> str | Stand | None:
    """A value as it may be written down; None where there is nothing to tell."""
    if isinstance(value, Secret):
        if not value.reveal():
            return None
        return Stand(SECRET) if value.masked else Stand(SECRET, keys.secret_digest(property, value)[:DIGITS])
    if not isinstance(value, str):
        return None
    if property.secret or property.write_only:
        return told_of(menu, property, Secret(value), keys)
    kind = _kind(menu, property, value)
    return Stand(kind, digest_of(kind, property, value, keys)) if kind and value else value


def digest_of(kind: str, property: Property, text: str, keys: Keys) -> str:
    """The digest that stands for a text; a personal one is the same as in plans, but shorter."""
    return keys.digest(whole(kind, property.name, text))[:DIGITS]


def quoted(text: str) -> str:
    """A text as it stands in a line: as it is where nothing in it could be mistaken."""
    if text.isprintable() and BARE.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _kind(menu: Menu, property: Property, text: str) -> str:
    """Why a text may not be written down, "" where it may."""
    if property.personal:
        return PERSONAL
    if len(text) > LONGEST or (menu.path, property.name) in DELICATE:
        return HIDDEN
    named = SCRIPT.fullmatch(property.name) or LIKE_A_SECRET.fullmatch(property.name)
    return HIDDEN if named and property.type == "text" and not property.refers else ""
