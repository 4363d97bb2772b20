"""How each declared thing becomes RouterOS rows: one template for each intent, and the starter network."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

SUFFIX = ".yaml.j2"


@cache
def templates() -> dict[str, str]:
    """The texts of the built-in templates by name."""
    folder = files("trueup_templates")
    found = (entry for entry in folder.iterdir() if entry.name.endswith(SUFFIX))
    return {entry.name.removesuffix(SUFFIX): entry.read_text("utf-8") for entry in found}


@cache
def starter() -> dict[str, str]:
    """The starter network's files by path; NETWORK and SECRETS in their texts are to be filled in."""
    folder = files("trueup_templates") / "starter"
    texts: dict[str, str] = {}
    for entry in folder.iterdir():
        if entry.is_dir():
            texts |= {f"{entry.name}/{each.name}": each.read_text("utf-8") for each in entry.iterdir()}
        else:
            # A wheel may leave out files whose names begin with a dot.
            texts[".gitignore" if entry.name == "gitignore" else entry.name] = entry.read_text("utf-8")
    return texts
