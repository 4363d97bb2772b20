"""Write docs/catalogue-menus.md: what is known of each property of the menus that an ISP uses, and from where."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import overlay
from settled import NAMES

HERE = Path(__file__).parent
DATA = HERE.parent / "trueup_schemas" / "catalogue" / "data"
FILE = HERE.parents[1] / "docs" / "catalogue-menus.md"
WORDS = 12
"""As many words of an enum are listed; `trueup catalogue show` lists all."""
HEAD = """\
# The menus that an ISP uses

Made by `python schemas/generator/tables.py` from the catalogue; [catalogue.md](catalogue.md) explains the words. Each
property has its type (`set` and `list` hold several, `!` may be negated), its default (`""` is empty or absent;
"unknown" is one that no source tells, so that an omitted property is not compared; "generated" is made up by the
router), how `~` takes it away (`!`; `=` for an empty text; nothing: its default is written) and what it refers to (`~`
before a reference that routers do not check). The last column says from where the four are known, in that order:

- `hand`: said in `schemas/generator/overlay/`, from documentation, published exports and other projects;
- `router`: reported by routers, in command trees, probes and what `add` demanded;
- `rule`: how RouterOS takes values away everywhere: a text by an empty one, what is absent by default with `!`;
- `-`: there is none, or nobody knows it.

Names, and the versions that have them, are from routers, but not where `hardware` stands among the marks: that is
there on some boards alone, no command tree shows it, and its name is written by hand too. The generator refuses to
write one of these menus where a type, a default, a key or a mark would be its own guess; `overlay/settled/` says which
menus these are. Of all others `trueup catalogue show` tells the same.
"""
Entry = dict[str, Any]


def main() -> int:
    """Write the file, or print it for `-`."""
    text = "\n".join([HEAD, *lines(overlay.load(HERE / "overlay"))])
    if sys.argv[1:] == ["-"]:
        sys.stdout.write(text)
    else:
        FILE.write_text(text, "utf-8")
    return 0


def lines(facts: overlay.Overlay) -> Iterator[str]:
    """A heading, the menu's own facts and a table for each settled menu."""
    for path in sorted(facts.settled):
        yield from _table(path, facts.menu(path))


def _table(path: str, known: overlay.Block) -> Iterator[str]:
    menu = json.loads((DATA / f"{path.lstrip('/')}.json").read_text("utf-8"))
    yield f"## {path}\n"
    yield f"{_menu(menu)}.\n"
    if not menu["properties"]:
        return
    yield "| property | type | default | unset | refers to | marks | from |"
    yield "|---|---|---|---|---|---|---|"
    for name, entry in menu["properties"].items():
        cells = (name, kind(entry), default(entry), entry.get("unset", ""), _refers(entry), _marks(entry))
        yield f"| {' | '.join(_code(cell) for cell in cells)} | {' '.join(sources(name, entry, known))} |"
    yield ""


def kind(entry: Entry) -> str:
    """The type as the overlay writes it."""
    words = entry.get("values", [])
    listed = " ".join(words[:WORDS]) + (" ..." if len(words) > WORDS else "")
    name = entry.get("type", "text")
    span = f" {entry.get('minimum', '')}..{entry.get('maximum', '')}" if {"minimum", "maximum"} & entry.keys() else ""
    several = f"{entry['many']} " if entry.get("many") else ""
    open_type = name not in ("enum", "topic", "policy")
    tail = f"{' or' if open_type else ':'} {listed}" if words else ""
    return f"{'!' if entry.get('negatable') else ''}{several}{name}{span}{tail}"


def default(entry: Entry) -> str:
    """The default; why there is none where there is none."""
    if "default" in entry:
        return entry["default"] or '""'
    return "required" if entry.get("required") else "generated" if entry.get("generated") else "unknown"


def sources(name: str, entry: Entry, known: overlay.Block) -> tuple[str, str, str, str]:
    """From where type, default, unset and references are."""
    return (
        "hand" if _said(name, known, "types", "hardware", "booleans", "plain", "refers") or name in NAMES else "router",
        "hand" if "default" in entry else "router" if entry.get("required") else "-",
        ("hand" if _said(name, known, "unset") else "rule") if entry.get("unset") else "-",
        ("hand" if _said(name, known, "refers") else "router") if entry.get("refers") else "-",
    )


def _said(name: str, known: overlay.Block, *aspects: str) -> bool:
    return any(name in known.get(aspect, ()) for aspect in aspects)


def _menu(menu: Entry) -> str:
    key = f"key {', '.join(menu['key'])}{', enforced' if menu.get('enforced') else ''}" if menu.get("key") else "no key"
    parts = [menu["kind"]] if menu["kind"] == "singleton" else [menu["kind"], key]
    if menu.get("ordered"):
        parts.append("order counts" + (f" within {', '.join(menu['strata'])}" if menu.get("strata") else ""))
    if menu.get("filled"):
        parts.append("the router adds rows of its own")
    return "; ".join(parts).capitalize()


def _refers(entry: Entry) -> str:
    return ", ".join(
        f"{'' if each.get('hard', True) else '~'}{each['menu']}{':' + each['property'] if 'property' in each else ''}"
        for each in entry.get("refers", ())
    )


def _marks(entry: Entry) -> str:
    flags = ("secret", "write_only", "personal", "generated", "read_only", "hardware")
    found = [flag.replace("_", "-") for flag in flags if entry.get(flag)]
    return " ".join([*found, *(f"{word} {entry[word]}" for word in ("since", "until") if word in entry)])


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    sys.exit(main())
