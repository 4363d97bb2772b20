"""Write docs/catalogue-menus.md: what is known of each property, for every menu that the overlay says something of."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import overlay

HERE = Path(__file__).parent
DATA = HERE.parent / "trueup_schemas" / "catalogue" / "data"
FILE = HERE.parents[1] / "docs" / "catalogue-menus.md"
WORDS = 12
"""As many words of an enum are listed; `trueup catalogue show` lists all."""
HEAD = """\
# The menus that an ISP uses

Made by `python schemas/generator/tables.py` from the catalogue; [catalogue.md](catalogue.md) explains the words. Each
property has its type (`set` and `list` hold several, `!` may be negated), its default (`?` is not known: then it is
compared only where it is declared; `""` is empty or absent), how `~` takes it away (`!`; `=` for an empty text;
nothing: its default is written), what it refers to (`~` before a reference that routers do not check), and from where
that is known: by hand (the overlay) or from what routers reported. Names, and the versions that have them, are always
from routers.
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
    """A heading, the menu's own facts and a table for each menu."""
    for path in sorted(path for path, block in facts.menus.items() if block.keys() - {"seen"}):
        menu = json.loads((DATA / f"{path.lstrip('/')}.json").read_text("utf-8"))
        yield f"## {path}\n"
        yield f"{_menu(menu)}.\n"
        if not menu["properties"]:
            continue
        yield "| property | type | default | unset | refers to | marks | from |"
        yield "|---|---|---|---|---|---|---|"
        known = facts.menu(path)
        for name, entry in menu["properties"].items():
            cells = (name, kind(entry), default(entry), entry.get("unset", ""), _refers(entry), _marks(entry))
            yield f"| {' | '.join(_code(cell) for cell in cells)} | {source(name, known)} |"
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
    """The default; `required` where there is none because a value must be given."""
    if entry.get("required"):
        return "required"
    return "?" if "default" not in entry else entry["default"] or '""'


def source(name: str, known: overlay.Block) -> str:
    """Whether somebody said something of the property, or all is from reports."""
    said = any(name in known.get(aspect, {}) for aspect in ("types", "defaults", "refers", "booleans", "secret"))
    return "hand" if said or "blank" in known else "routers"


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
    flags = [flag.replace("_", "-") for flag in ("secret", "write_only", "personal", "generated", "read_only")]
    found = [flag for flag in flags if entry.get(flag.replace("-", "_"))]
    return " ".join([*found, *(f"{word} {entry[word]}" for word in ("since", "until") if word in entry)])


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    sys.exit(main())
