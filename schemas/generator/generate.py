"""Write the catalogue's data from what machines reported and the overlay. docs/catalogue.md says how to run it."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import overlay
from build import menu_json, span
from evidence import Evidence, load
from settled import unsettled

from trueup_schemas.catalogue.version import exists, release

HERE = Path(__file__).parent


def main() -> int:
    """Generate every menu that can be configured or that the overlay names; complain about facts that fit nothing."""
    options = _options()
    evidence = load(options.tree, options.typed, options.required, options.unique)
    known = overlay.load(options.overlay)
    menus = {
        path: menu_json(evidence, path, known.menu(path)) for path in sorted({*evidence.configurable(), *known.paths})
    }
    problems = [problem for path in known.paths for problem in stray(path, menus[path], known.said(path))]
    problems += [problem for path in known.paths for problem in belied(evidence, path, known.menu(path))]
    problems += [
        problem for path in known.settled for problem in unsettled(evidence, path, menus[path], known.menu(path))
    ]
    if problems:
        sys.stderr.write("\n".join(problems) + "\n")
        return 1
    write(options.out, menus, {path: _seen(evidence, path, known.menu(path)) for path in menus})
    return 0


def stray(path: str, menu: dict[str, Any], facts: dict[str, Any]) -> list[str]:
    """Facts of the overlay about properties that the menu does not have."""
    names = {*menu["properties"], *menu["state"], *menu["flags"]}
    said = {
        each
        for aspect in ("defaults", "types", "refers", "unset", "versions", "exists")
        for each in facts.get(aspect, {})
    }
    listed = ("secret", "personal", "required", "key", "strata", "plain", "unknown")
    said |= {each for aspect in listed for each in facts.get(aspect, ())}
    return [f"{path}: the overlay speaks of {name}, which no version has" for name in sorted(said - names)]


def belied(evidence: Evidence, path: str, facts: overlay.Block) -> list[str]:
    """What the overlay says came later, or went earlier, than a tree shows."""
    seen = evidence.writable(path)
    return [
        f"{path}: {name} is in {version}, but not by the overlay"
        for name, span in facts.get("exists", {}).items()
        for version in seen.get(name, ())
        if not exists(span.get("since"), span.get("until"), release(version))
    ]


def _seen(evidence: Evidence, path: str, facts: overlay.Block) -> dict[str, str]:
    """The versions that have the menu: as the overlay says, else as the trees show."""
    if "seen" in facts:
        return dict(facts["seen"])
    seen = evidence.seen(path)
    return span(seen, evidence.versions) if seen else {}


def write(out: Path, menus: dict[str, dict[str, Any]], seen: dict[str, dict[str, str]]) -> None:
    """One file for each menu, one line for each property, and the index."""
    shutil.rmtree(out, ignore_errors=True)
    index: dict[str, dict[str, str]] = {}
    for path, menu in menus.items():
        index[path] = seen[path]
        if "namespace" in menu:
            index[path]["namespace"] = menu["namespace"]
        if menu.get("hardware"):
            index[path]["hardware"] = "yes"
        file = out / f"{path.lstrip('/')}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_lines(menu), "utf-8")
    (out / "index.json").write_text(_lines(index), "utf-8")


def _lines(entries: dict[str, Any]) -> str:
    rows = []
    for name, value in entries.items():
        if name == "properties" and value:
            inner = ",\n".join(f"  {_compact(key)}: {_compact(each)}" for key, each in value.items())
            rows.append(f' "properties": {{\n{inner}\n }}')
        elif value or name == "properties" or isinstance(value, dict):
            rows.append(f" {_compact(name)}: {_compact(value)}")
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=_tree, action="append", required=True, metavar="VERSION=FILE")
    parser.add_argument("--typed", type=Path, required=True, help="probed types of one version")
    parser.add_argument("--required", type=Path, help="arguments that `add` demands")
    parser.add_argument("--unique", type=Path, action="append", default=[], help="what became of rows with one key")
    parser.add_argument("--overlay", type=Path, default=HERE / "overlay")
    parser.add_argument("--out", type=Path, default=HERE.parent / "trueup_schemas" / "catalogue" / "data")
    return parser.parse_args()


def _tree(text: str) -> tuple[str, Path]:
    version, _, file = text.partition("=")
    return version, Path(file)


if __name__ == "__main__":
    sys.exit(main())
