"""What `trueup init` puts beside a network's own files: pipelines, a commit's hook, editors' settings."""

from __future__ import annotations

import functools
import json
import posixpath
import re
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from trueup.cli.schema import FOLDER, write_schemas
from trueup.errors import DeclarationError, Problem
from trueup.load.start import repository_above
from trueup_schemas.published import shipped
from trueup_templates import OF_THE_REPOSITORY, beside

HOOKS = ".githooks"
"""The folder of the hooks, which `core.hooksPath` of a clone has to name."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written and what was there already, as paths; `package` is what pip installs, "" where nobody knows."""

    written: tuple[Path, ...]
    left: tuple[Path, ...]
    package: str


def write_beside(root: Path, name: str, audit: str = "", branch: str = "main") -> Written:
    """Write the files that are not there yet: those that forges and git look for at the top of the repository.

    `audit` is where trueup.yaml says that the audit is, `branch` the one that the daemon follows. Raises
    DeclarationError where a file cannot be written.
    """
    top = repository_above(root) or root
    within = root.relative_to(top).as_posix()
    audit = audit or f"../{name}-audit"
    _refuse_odd(within, audit, branch)
    package = installed_package()
    written, left = [], []
    for path, text in beside().items():
        target = (top if path in OF_THE_REPOSITORY else root) / path
        if target.exists() or target.is_symlink():
            left.append(target)
            continue
        words = {**_words(path.startswith(".github/"), name, within, audit, package), "@branch@": branch}
        _write(target, functools.reduce(lambda filled, word: filled.replace(*word), words.items(), text))
        written.append(target)
    write_schemas(root / FOLDER, shipped())
    return Written(tuple(written), tuple(left), package)


def _refuse_odd(*paths: str) -> None:
    """Raise DeclarationError for a path that a pipeline's shell could read otherwise than as it stands."""
    for path in paths:
        if not re.fullmatch(r"[\w ./~+-]+", path):
            remedy = "use letters, digits, '.', '_' and '-' in the names of folders"
            raise DeclarationError(Problem("no pipeline can be written for a path with such characters", path, remedy))


def _words(on_github: bool, name: str, within: str, audit: str, package: str) -> dict[str, str]:
    """What is filled in; a variable of the forge stands for what is not known here.

    On GitHub the network is checked out into a folder of its name, so that the audit can lie beside it.
    """
    if on_github:
        installed = json.dumps(package) if package else "${{ vars.TRUEUP }}"
    else:
        installed = f"TRUEUP: {json.dumps(package)}" if package else "# Here, TRUEUP is a variable of the project."
    beside_it = posixpath.normpath(posixpath.join(name if on_github else "", within, audit))
    if audit.startswith(("/", "~")) or (on_github and beside_it.startswith("../")):
        # A runner has no such place: what is found there counts only where trueup.yaml looks for it.
        beside_it = f"{name}-audit" if on_github else f"../{name}-audit"
    return {"@network@": name, "@within@": within, "@audit@": beside_it, "@package@": installed}


def installed_package() -> str:
    """What pip would install to get this very trueup, where it came from git or a wheel's address; "" otherwise.

    pip keeps it in direct_url.json (PEP 610). A name alone is never guessed: whose package it is, nobody here knows.
    """
    try:
        told = json.loads(metadata.distribution("trueup").read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        return ""
    address, vcs = str(told.get("url", "")), told.get("vcs_info")
    if not address.startswith("https://") or "@" in address:
        return ""
    if isinstance(vcs, dict) and vcs.get("vcs") == "git":
        return f"git+{address}@{vcs.get('commit_id', '')}"
    return address if "archive_info" in told else ""


def _write(target: Path, text: str) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        if target.parent.name == HOOKS:
            target.chmod(0o755)
    except OSError as error:
        raise DeclarationError(Problem(f"cannot be written: {error.strerror}", str(target))) from None
