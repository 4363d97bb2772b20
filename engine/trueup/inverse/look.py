"""What a row looks like: a text that the script makes of a row on the router, and the engine of a row it has read.

Scripts see values typed: lists as arrays, times as clocks. A property takes part with its text only where that text is
the same on both sides: words, booleans, whole numbers, MAC addresses, texts, IPv4 addresses and networks. Others take
part with being there, where their default is absence; the rest does not take part.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from trueup.canonical.quote import quoted
from trueup.inverse.words import keyed
from trueup.row import Value
from trueup_schemas.catalogue import Menu, Property

SAME, BOOLEAN, CAREFUL, ADDRESS, THERE = "=", "+", "~", "@", "?"
"""How a property takes part: by its text, as a boolean, by a text that may read as another type, as an address, by
being there."""

_KINDS = {
    **dict.fromkeys(("enum", "integer", "enum-or-number", "mac"), SAME),
    "boolean": BOOLEAN,
    **dict.fromkeys(
        ("address", "address-or-name", "host", "list-entry", "prefix", "prefix-or-name", "target", "interface-address"),
        ADDRESS,
    ),
    "text": CAREFUL,
}
_PLAIN = ("comment", "name")
"""Texts that are never read as another type."""
_SHOWN = {"yes": "true", "no": "false"}

_V4 = re.compile(r"[0-9.]+(/[0-9]+)?\Z")
_HOST = re.compile(r"[a-zA-Z0-9._-]*[a-zA-Z][a-zA-Z0-9._-]*\Z")
_ODD = re.compile(r"[,;]|^[0-9]+[wdhms:][0-9wdhms:.]*\Z")

FUNCTION = r"""
:local look do={
:local s ""
:foreach n,k in=$2 do={
:local v [:tostr ($1->$n)]
:local t [:pick $k 0 1]
:if (($v!="") && (($t . $v)!=$k)) do={
:if (($t="@") && ($v~"/32\$")) do={:set v [:pick $v 0 ([:len $v]-3)]}
:if ($t="@") do={
:if ((!($v~"^[0-9.]+(/[0-9]+)\?\$")) && (!($v~"^[a-zA-Z0-9._-]*[a-zA-Z][a-zA-Z0-9._-]*\$"))) do={:set t "\?"}
}
:if (($t="~") && ($v~"[,;]|^[0-9]+[wdhms:][0-9wdhms:.]*\$")) do={:set t "\?"}
:if ([:pick $v 0 1]="!") do={:set t "\?"}
:if ($t="\?") do={:set s ($s . $n . "\n")} else={:set s ($s . $n . "=" . $v . "\n")}
}
}
:return $s
}
""".strip()
"""`$look ROW KINDS` on the router: `Look.of` in the script's words."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the properties of a menu take part: by name, its kind and the text of its default."""

    kinds: Mapping[str, str]

    def of(self, values: Mapping[str, Value]) -> str:
        """A row's look, from its canonical values."""
        return "".join(self._part(name, values.get(name)) for name in sorted(self.kinds))

    def script(self) -> str:
        """The kinds as an array of a script."""
        return keyed({name: quoted(kind) for name, kind in self.kinds.items()})

    def _part(self, name: str, value: Value) -> str:
        kind, default = self.kinds[name][0], self.kinds[name][1:]
        text = shown(value, kind) if isinstance(value, str) else ""
        if text in ("", default):
            return ""
        if kind == ADDRESS:
            text = text.removesuffix("/32")
        compared = text[0] != "!" and _compared(kind, text)
        return f"{name}={text}\n" if compared else f"{name}\n"


def shown(text: str, kind: str) -> str:
    """A canonical text as scripts see it."""
    return _SHOWN.get(text, text) if kind == BOOLEAN else text


def look_of(menu: Menu, given: Iterable[Mapping[str, Value]], renamed: Collection[str], key: bool) -> Look:
    """What tells the rows of a menu apart: its key, or all that takes part.

    A property without a known default takes part where all of the `given` rows have it. Names of rows that are
    `renamed` (by menu or namespace) change by themselves, so that such references take part with being there.
    """
    rows = list(given)
    kinds: dict[str, str] = {}
    for property in menu.properties.values():
        if key and property.name not in menu.key:
            continue
        always = bool(rows) and all(isinstance(row.get(property.name), str) for row in rows)
        if kind := _kind(property, renamed, always, key):
            kinds[property.name] = kind
    return Look(kinds)


def _kind(property: Property, renamed: Collection[str], always: bool, key: bool) -> str:
    hidden = property.secret or property.write_only
    if hidden or (property.read_only and not key) or (property.generated and not always):
        return ""
    kind = "" if property.many else _KINDS.get(property.type, "")
    if property.name in _PLAIN and kind:
        kind = SAME
    if property.type != "boolean" and _SHOWN.keys() & {*property.values}:
        kind = ""  # whether such a word is a boolean to scripts is not known
    if any(each.menu in renamed for each in property.refers):
        kind = ""
    if not kind:
        return THERE if property.default == "" or always else ""
    if property.default is None and not always:
        return ""
    return kind + shown(property.default or "", kind)


def _compared(kind: str, text: str) -> bool:
    if kind == ADDRESS:
        return bool(_V4.match(text) or _HOST.match(text))
    return kind in (SAME, BOOLEAN) or (kind == CAREFUL and not _ODD.search(text))
