"""One menu's JSON, from the evidence and the overlay; the overlay has the last word."""

from __future__ import annotations

import re
from typing import Any

from evidence import Evidence
from overlay import Block, reference, type_facts
from probe import closed_words, minor, plain_words, probed_type, words_over_time

from trueup_schemas.catalogue.sensitive import sounds_personal, sounds_secret

WORDY = ("enum", "enum-or-number", "topic", "policy")
INTERFACES = "/interface"
"""The menu that all interfaces stand in, whose names are one namespace."""
REFERRING = re.compile(r"(?:.*[-.])?(?:interfaces?|interface-list|bridge-port(?:-list)?)|list|include|exclude|slaves")
"""Properties that name interfaces or lists of them wherever completion offers some."""
_LISTS = {"all", "dynamic", "none", "static"}
_FLAGS = ("secret", "write-only", "personal", "generated", "read-only")


def menu_json(evidence: Evidence, path: str, facts: Block) -> dict[str, Any]:
    """The whole menu in the catalogue's format."""
    commands = evidence.commands(path)
    menu: dict[str, Any] = {"kind": facts.get("kind") or _kind(evidence, path, commands)}
    facts = _named(evidence, path, menu["kind"]) | facts
    menu |= {name: facts[name] for name in ("key", "unique", "namespace", "strata") if facts.get(name)}
    key = menu.get("key", [])
    enforced = bool(key) and evidence.unique(path) == key
    known = {"enforced": enforced, "ordered": "move" in commands, "filled": False}
    menu |= {name: True for name, seen in known.items() if _yes(facts, name, seen)}
    hardware = facts.get("hardware", {})
    if hardware and not evidence.seen(path):
        menu["hardware"] = True
    if "at" in facts:
        menu["versions"] = [_menu_change(change) for change in facts["at"]]
    state = _state(evidence, path, facts)
    omitted = set(facts.get("omit", ()))
    menu["state"] = sorted(name for name, flag in state.items() if not flag and name not in omitted)
    menu["flags"] = sorted(name for name, flag in state.items() if flag and name not in omitted)
    menu["properties"] = {
        name: facts.get("exists", {}).get(name, span(seen, evidence.seen(path)))
        | property_json(evidence, path, name, facts)
        for name, seen in sorted((dict.fromkeys(hardware, ()) | evidence.writable(path)).items())
        if name not in omitted
    }
    return menu


def _named(evidence: Evidence, path: str, kind: str) -> Block:
    """The key that probes show; else the name, unless the router took one twice or some versions have none."""
    if kind == "singleton":
        return {}
    shared = {"namespace": INTERFACES} if "already have interface with" in evidence.refused_name(path) else {}
    if key := evidence.unique(path):
        return {"key": key} | shared
    always = evidence.writable(path).get("name") == evidence.seen(path)
    return {"key": ["name"]} if always and evidence.tested(path).get("name") != "DUPLICATE" else {}


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
    """`since` and `until` as major.minor, where something was not seen in all versions reported, but in some."""
    facts: dict[str, str] = {}
    if not seen:
        return facts
    if seen[0] != among[0]:
        facts["since"] = minor(seen[0])
    if seen[-1] != among[-1]:
        facts["until"] = minor(seen[-1])
    return facts


def property_json(evidence: Evidence, path: str, name: str, facts: Block) -> dict[str, Any]:
    """One property: the probed type, then what the overlay says of it."""
    entry = _typed(evidence, path, name, facts)
    if name in facts.get("defaults", {}):
        entry["default"] = facts["defaults"][name]
    elif "blank" in facts and name not in ("name", *facts.get("generated", ()), *facts.get("unsure", ())):
        entry["default"] = ""
    if unset := unset_way(entry, facts.get("unset", {}).get(name), facts.get("absent", "")):
        entry["unset"] = unset
    if name in _required(evidence, path, facts):
        entry["required"] = True
    listed = facts.get("refers", {}).get(name) or _offered(evidence, path, name)
    if listed and name not in facts.get("public", ()):
        entry["refers"] = [reference(each) for each in ([listed] if isinstance(listed, str) else listed)]
    entry |= {flag.replace("-", "_"): True for flag in _FLAGS if _flagged(flag, name, entry, facts)}
    if name in facts.get("versions", {}):
        entry["versions"] = facts["versions"][name]
    if name in facts.get("hardware", {}) and name not in evidence.writable(path):
        entry["hardware"] = True
    return entry


def _typed(evidence: Evidence, path: str, name: str, facts: Block) -> Block:
    """The type that the overlay gives, with probed words where it names none; else the probed type."""
    if name in facts.get("booleans", ()):
        return {"type": "boolean"}
    if name in facts.get("hardware", {}):
        return type_facts(facts["hardware"][name])
    if name not in facts.get("types", {}):
        entry = probed_type(evidence, path, name, name in facts.get("refers", {}))
    else:
        entry = type_facts(facts["types"][name])
        if entry["type"] not in WORDY or "values" in entry:
            return entry
        entry["values"] = plain_words(evidence.fields(path).get(name, {}))
        entry["values"] = entry["values"] or closed_words(evidence, path, name).get("values", [])
    changes = words_over_time(evidence, path, name, entry.get("values", [])) if entry.get("type") == "enum" else []
    return entry | ({"versions": changes} if changes else {})


def _flagged(flag: str, name: str, entry: Block, facts: Block) -> bool:
    if name in facts.get(flag, ()):
        return True
    sounds = {"secret": sounds_secret, "personal": sounds_personal}.get(flag)
    return sounds is not None and name not in facts.get("public", ()) and sounds(name, entry)


def _offered(evidence: Evidence, path: str, name: str) -> list[str]:
    """What a property refers to where completion offered the router's interfaces or interface lists."""
    words = set(plain_words(evidence.fields(path).get(name, {})))
    if not words or not REFERRING.fullmatch(name):
        return []
    interfaces, lists = "ether1" in words, words >= _LISTS
    return [menu for menu, offered in ((INTERFACES, interfaces), (f"{INTERFACES}/list", lists)) if offered]


def _kind(evidence: Evidence, path: str, commands: set[str]) -> str:
    if "add" in commands:
        return "list"
    return "fixed" if evidence.takes_numbers(path) else "singleton"


def _required(evidence: Evidence, path: str, facts: Block) -> set[str]:
    demanded = {*evidence.required.get(path, ()), *facts.get("required", ())}
    return demanded - set(facts.get("optional", ()))


def unset_way(entry: dict[str, Any], given: str | None, absent: str) -> str:
    """How a value goes away: as the overlay says; else a text by an empty one, what is absent by default by `!`."""
    if given is not None:
        return given
    if entry.get("default") != "":
        return ""
    if absent:
        return absent
    return "=" if entry.get("type", "text") == "text" or entry.get("many") else "!"
