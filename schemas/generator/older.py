"""Write the menus of RouterOS 6.49, which no router reported: those of 7.9, with what overlay-6/ says was different.

A menu of overlay-6 is that of the same path in 7.9, or the one that `like` names; `like: none` begins empty. `gone`
lists what 7 brought, `came` maps what 7 dropped to its type, `once` maps a name of 6 to the one it has in 7, `unsure`
lists properties whose default in 6 is not known. Every other aspect is as in overlay/. docs/catalogue.md says more.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import overlay
from build import unset_way
from generate import write

from trueup_schemas.catalogue.sensitive import sounds_personal, sounds_secret
from trueup_schemas.catalogue.version import OLDEST, exists, release

HERE = Path(__file__).parent
CATALOGUE = HERE.parent / "trueup_schemas" / "catalogue"
_FLAGS = ("secret", "write-only", "personal", "generated", "read-only", "required")
_WHOLE = ("kind", "key", "unique", "namespace", "strata")
_CERTAIN = ("enforced", "ordered", "filled")

Entry = dict[str, Any]


def main() -> int:
    """Write every menu of the overlay; complain about facts that fit nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--overlay", type=Path, default=HERE / "overlay-6")
    parser.add_argument("--out", type=Path, default=CATALOGUE / "data-6")
    options = parser.parse_args()
    facts = overlay.load(options.overlay)
    problems: list[str] = []
    menus = {path: menu_json(path, facts.menu(path), problems) for path in sorted(facts.menus)}
    if problems:
        sys.stderr.write("\n".join(problems) + "\n")
        return 1
    for menu in menus.values():
        for entry in menu["properties"].values():
            _drop_references(entry, menus)
    write(options.out, menus, {path: {} for path in menus})
    return 0


def menu_json(path: str, facts: overlay.Block, problems: list[str]) -> Entry:
    """The menu of 7.9 as it was in 6.49."""
    source = _later(facts.get("like", path))
    menu = source | {name: facts[name] for name in _WHOLE if name in facts}
    menu |= {name: facts[name] == "yes" for name in _CERTAIN if name in facts}
    properties: Entry = {name: dict(each) for name, each in source["properties"].items()}
    problems += [
        f"{path}: {name} is gone, but 7.9 has none" for name in facts.get("gone", ()) if name not in properties
    ]
    properties = {name: each for name, each in properties.items() if name not in facts.get("gone", ())}
    for name, later in facts.get("once", {}).items():
        properties[name] = properties.pop(later)
    problems += [f"{path}: {name} came, but 7.9 has it" for name in facts.get("came", {}) if name in properties]
    properties |= {name: overlay.type_facts(each) for name, each in facts.get("came", {}).items()}
    problems += [f"{path}: the overlay speaks of {name}, which it does not have" for name in _said(facts, properties)]
    menu["properties"] = {name: property_json(name, properties[name], facts) for name in sorted(properties)}
    read = {*facts.get("reads", source.get("state", ()))} - properties.keys()
    flags = {*facts.get("reads-yes-no", source.get("flags", ()))} - properties.keys()
    problems += [f"{path}: no {name} for its key" for name in menu.get("key", ()) if name not in {*properties, *read}]
    menu |= {"state": sorted(read), "flags": sorted(flags)}
    ordered = ("kind", "key", "unique", "namespace", "strata", *_CERTAIN, "hardware", "state", "flags", "properties")
    return {name: menu[name] for name in ordered if name in menu and menu[name] is not False}


def property_json(name: str, later: Entry, facts: overlay.Block) -> Entry:
    """One property, as the overlay changes it."""
    entry = dict(later)
    if name in facts.get("types", {}):
        typed = ("type", "many", "values", "minimum", "maximum", "negatable")
        entry = {key: each for key, each in entry.items() if key not in typed}
        entry = overlay.type_facts(facts["types"][name]) | entry
    if name in facts.get("booleans", ()):
        entry = {"type": "boolean"} | {key: each for key, each in entry.items() if key not in ("type", "values")}
    if name in facts.get("unsure", ()):
        entry = {key: each for key, each in entry.items() if key not in ("default", "unset")}
    listed = facts.get("refers", {}).get(name, [])
    if listed:
        entry["refers"] = [overlay.reference(each) for each in ([listed] if isinstance(listed, str) else listed)]
    blank = "blank" in facts and name in facts.get("came", {}) and name not in ("name", *facts.get("generated", ()))
    if name in facts.get("defaults", {}) or (blank and "default" not in entry):
        entry.pop("unset", None)
        entry["default"] = facts.get("defaults", {}).get(name, "")
    if unset := unset_way(entry, facts.get("unset", {}).get(name, entry.get("unset")), facts.get("absent", "")):
        entry["unset"] = unset
    _flag(name, entry, facts)
    return entry


def _flag(name: str, entry: Entry, facts: overlay.Block) -> None:
    """Mark what the overlay marks, and what sounds secret or personal."""
    for flag in _FLAGS:
        if name in facts.get(flag, ()):
            entry[flag.replace("-", "_")] = True
    if name in facts.get("came", {}) and name not in facts.get("public", ()):
        sounds = {"secret": sounds_secret(name, entry), "personal": sounds_personal(name, entry)}
        entry |= {flag: True for flag, there in sounds.items() if there}
    if name in facts.get("optional", ()):
        entry.pop("required", None)


def _later(path: str) -> Entry:
    """A menu's JSON cut to the oldest version that a router reported; an empty one for "none"."""
    file = CATALOGUE / "data" / f"{path.lstrip('/')}.json"
    if path == "none" or not file.exists():
        return {"kind": "list", "properties": {}}
    menu: Entry = json.loads(file.read_text("utf-8"))
    known = menu["properties"].items()
    menu["properties"] = {name: _cut(each) for name, each in known if _exists(each)}
    return _cut(menu)


def _cut(entry: Entry) -> Entry:
    changed = dict(entry)
    for change in entry.get("versions", ()):
        if _exists(change):
            changed |= change
    return {name: each for name, each in changed.items() if name not in ("since", "until", "versions")}


def _exists(entry: Entry) -> bool:
    return exists(entry.get("since"), entry.get("until"), release(OLDEST))


def _said(facts: overlay.Block, properties: Entry) -> list[str]:
    """What the overlay speaks of beside the menu's properties; `comment` is said everywhere."""
    said = {name for aspect in ("defaults", "types", "refers", "unset") for name in facts.get(aspect, {})}
    said |= {name for aspect in (*_FLAGS, "booleans", "optional", "unsure") for name in facts.get(aspect, ())}
    return sorted(said - properties.keys() - {"comment"})


def _drop_references(entry: Entry, menus: dict[str, Entry]) -> None:
    """Forget references to menus that 6 has not: nothing can be named there."""
    spaces = {menu["namespace"] for menu in menus.values() if "namespace" in menu}
    kept = [each for each in entry.pop("refers", ()) if each["menu"] in menus or each["menu"] in spaces]
    if kept:
        entry["refers"] = kept


if __name__ == "__main__":
    sys.exit(main())
