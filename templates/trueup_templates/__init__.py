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


OF_THE_REPOSITORY = {
    ".github/workflows/trueup.yml": "github.yml",
    ".gitlab-ci.yml": "gitlab.yml",
    ".githooks/pre-commit": "pre-commit",
}
"""What forges and git look for at the top of a repository, and the file of ours that holds it."""
_OF_THE_NETWORK = {".vscode/settings.json": "vscode.json", ".editorconfig": "editorconfig"}


@cache
def beside() -> dict[str, str]:
    """What stands beside a network's own files, by path; words between two @ in their texts are to be filled in."""
    folder = files("trueup_templates") / "beside"
    named = {**OF_THE_REPOSITORY, **_OF_THE_NETWORK}
    return {path: (folder / name).read_text("utf-8") for path, name in named.items()}


DEPLOYED = {"systemd": "trueup.service", "container": "Containerfile", "alerts": "alerts.yaml"}
"""What runs a daemon, or watches it, and the usual name of its file."""


def deployed(what: str) -> str:
    """The text of one of DEPLOYED; words between two @ are to be filled in."""
    return (files("trueup_templates") / "deploy" / DEPLOYED[what]).read_text("utf-8")


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
