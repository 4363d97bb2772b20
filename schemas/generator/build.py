"""One menu's JSON, from the evidence and the overlay; the overlay has the last word."""

from __future__ import annotations

from typing import Any

from evidence import Evidence
from overlay import Block, reference, type_facts

_SIMPLE = {
    "string": "text",
    "integer number": "integer",
    "decimal number": "decimal",
    "time interval": "duration",
    "MAC address": "mac",
    "IP address": "address",
    "IPv6 address": "address",
    "IP prefix": "prefix",
    "IPv6 prefix": "prefix",
    "IP address range": "target",
}
_WORDS = frozenset({"none", "all", "unlimited", "auto", "static", "dynamic", "global", "disabled", "static-only"})
"""Words that stand beside the names of rows; other words of a reference are rows that the probed router had."""
_FLAGS = ("secret", "write-only", "personal", "generated", "read-only")


def menu_json(evidence: Evidence, path: str, facts: Block) -> dict[str, Any]:
    """The whole menu in the catalogue's format."""
    commands = evidence.commands(path)
    menu: dict[str, Any] = {"kind": facts.get("kind") or _kind(evidence, path, commands)}
    menu |= {name: facts[name] for name in ("key", "unique", "namespace", "strata") if facts.get(name)}
    known = {"enforced": evidence.unique(path) == menu.get("key", []), "ordered": "move" in commands, "filled": False}
    menu |= {name: True for name, seen in known.items() if _yes(facts, name, seen)}
    if "at" in facts:
        menu["versions"] = [_menu_change(change) for change in facts["at"]]
    state = _state(evidence, path, facts)
    omitted = set(facts.get("omit", ()))
    menu["state"] = sorted(name for name, flag in state.items() if not flag and name not in omitted)
    menu["flags"] = sorted(name for name, flag in state.items() if flag and name not in omitted)
    menu["properties"] = {
        name: facts.get("exists", {}).get(name, span(seen, evidence.seen(path)))
        | property_json(evidence, path, name, facts)
        for name, seen in evidence.writable(path).items()
        if name not in omitted
    }
    return menu


def _yes(facts: Block, name: str, otherwise: bool) -> bool:
    return bool(facts[name] == "yes") if name in facts else otherwise


def _menu_change(change: Block) -> Block:
    """What is different about a menu in some versions, with yes and no as booleans."""
    return {name: value == "yes" if value in ("yes", "no") else value for name, value in change.items()}


def _state(evidence: Evidence, path: str, facts: Block) -> dict[str, bool]:
    """What can only be read, true for booleans: as the overlay lists it, else as the typed report does."""
    if "reads" not in facts:
        return evidence.read_only(path)
    return dict.fromkeys(facts["reads"], False) | dict.fromkeys(facts.get("reads-yes-no", ()), True)


def span(seen: tuple[str, ...], among: tuple[str, ...]) -> dict[str, str]:
    """`since` and `until` as major.minor, where something was not seen in all versions reported."""
    facts = {}
    if seen[0] != among[0]:
        facts["since"] = _minor(seen[0])
    if seen[-1] != among[-1]:
        facts["until"] = _minor(seen[-1])
    return facts


def property_json(evidence: Evidence, path: str, name: str, facts: Block) -> dict[str, Any]:
    """One property: the probed type, then what the overlay says of it."""
    entry: dict[str, Any] = {}
    if name in facts.get("types", {}):
        entry |= type_facts(facts["types"][name])
        if entry["type"] in ("enum", "enum-or-number", "topic", "policy") and "values" not in entry:
            entry["values"] = _probed_words(evidence, path, name)
    else:
        entry |= _probed(evidence, path, name, refers=name in facts.get("refers", {}))
    if name in facts.get("defaults", {}):
        entry["default"] = facts["defaults"][name]
    if unset := _unset(entry, facts.get("unset", {}).get(name), facts.get("absent", "")):
        entry["unset"] = unset
    if name in _required(evidence, path, facts):
        entry["required"] = True
    entry |= {flag.replace("-", "_"): True for flag in _FLAGS if name in facts.get(flag, ())}
    if name in facts.get("refers", {}):
        listed = facts["refers"][name]
        entry["refers"] = [reference(each) for each in ([listed] if isinstance(listed, str) else listed)]
    if name in facts.get("versions", {}):
        entry["versions"] = facts["versions"][name]
    return entry


def _kind(evidence: Evidence, path: str, commands: set[str]) -> str:
    if "add" in commands:
        return "list"
    return "fixed" if evidence.takes_numbers(path) else "singleton"


def _required(evidence: Evidence, path: str, facts: Block) -> set[str]:
    demanded = {*evidence.required.get(path, ()), *facts.get("required", ())}
    return demanded - set(facts.get("optional", ()))


def _unset(entry: dict[str, Any], given: str | None, absent: str) -> str:
    """How a value goes away: as the overlay says; else a text by an empty one, what is absent by default by `!`."""
    if given is not None:
        return given
    if entry.get("default") != "":
        return ""
    if absent:
        return absent
    return "=" if entry.get("type", "text") == "text" or entry.get("many") else "!"


def _probed(evidence: Evidence, path: str, name: str, refers: bool) -> dict[str, Any]:
    """The type that the typed report shows, else the router's syntax text."""
    field = evidence.fields(path).get(name, {})
    values = _probed_words(evidence, path, name)
    if refers:
        words = [word for word in values if word in _WORDS]
        return {"values": words} if words else {}
    if field.get("bool"):
        return {"type": "boolean"}
    if field.get("kind") == "enum" and values:
        many = {"many": "set"} if evidence.is_words(path, name) else {}
        return {"type": "enum", **many, "values": values}
    simple = _SIMPLE.get(field.get("type", "").split("|")[0])
    if simple is None:
        return {"type": "duration"} if "(time interval)" in f"({evidence.syntax(path, name)})" else {}
    words = [word for word in values if word in _WORDS]
    facts = {"values": words} if words else {}
    return {"type": simple, **_range(field.get("ranges", ()), simple), **facts} if simple != "text" else facts


def _range(ranges: list[str], simple: str) -> dict[str, str]:
    if len(ranges) != 1 or simple not in ("integer", "decimal", "duration"):
        return {}
    low, _, high = ranges[0].partition("..")
    if any(digit in "ABCDEF" for digit in high):
        return {"type": "hex", "minimum": f"0x{low}", "maximum": f"0x{high}"}
    return {"minimum": low, "maximum": high}


def _probed_words(evidence: Evidence, path: str, name: str) -> list[str]:
    field = evidence.fields(path).get(name, {})
    return [word for word in field.get("values", ()) if word.strip("!,")]  # completion offers these signs as well


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
