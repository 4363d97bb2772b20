"""`trueup init`: a starter network, its audit repository, and a secrets file with a digest key."""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
from pathlib import Path

import click

from trueup.audit import Audit
from trueup.cli.beside import HOOKS, Written, write_beside
from trueup.cli.selection import json_option
from trueup.errors import DeclarationError, Problem
from trueup.load.network import find_root, load_network
from trueup.load.start import start_repository
from trueup.plan.plan import FORMAT_VERSION
from trueup.secrets import DIGEST_KEY
from trueup_templates import starter

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")

_SECRETS = """\
# Secrets of the network {name}, by name. This file stays out of every repository; only its owner may read it.
# Lose the digest key, and trueup no longer knows which rows on the routers are its own.
{key}: {value}
# office/router-1/api: the password of the user `trueup` on that router
"""

_NEXT = """\
network   {root}
audit     {audit}
secrets   {file}

Next:
  cd {shown}
  put your router's address into office/router-1.yaml, and its password into the secrets file
  trueup validate      check the files; so does each commit
  trueup plan          see what would change; nothing is written

The pipelines for GitHub and GitLab check pull requests; docs/operating.md says what they need. Delete what you don't.
"""


@click.command("init")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--ci", "add", is_flag=True, help="Only add pipelines, hook and editors' settings to the network in DIR.")
@json_option
def command(directory: Path, add: bool, as_json: bool) -> int:
    """Write a starter network into DIR, with its audit repository beside it and its secrets outside both.

    The network is named for the folder. Pipelines for GitHub and GitLab, a commit's hook and settings for editors come
    with it. Nothing that is already there is overwritten.
    """
    if add:
        return _add(directory, as_json)
    root = directory.resolve()
    audit, file = root.parent / f"{root.name}-audit", Path(f"~/.config/trueup/{root.name}.yaml")
    _refuse(root, audit, file.expanduser())
    _write_network(root, file)
    _write_secrets(root.name, file.expanduser())
    Audit.create(audit, root.name)
    more = write_beside(root, root.name)
    inside = (each.relative_to(root).as_posix() for each in more.written if each.is_relative_to(root))
    started = start_repository(root, (*starter(), *inside), "Start the network", HOOKS)
    if as_json:
        places = {"network": str(root), "audit": str(audit), "secrets": str(file.expanduser())}
        click.echo(json.dumps({**_document(more), **places, "repository-started": started}, indent=2))
        return 0
    click.echo(_NEXT.format(root=root, audit=audit, file=file.expanduser(), shown=directory), nl=False)
    _show(more, [] if started else [*more.written])
    return 0


def _add(directory: Path, as_json: bool) -> int:
    """What a network that exists lacks beside its own files; told is what was there already, too."""
    root = find_root(directory)
    network = load_network(root)
    more = write_beside(root, network.name, network.settings.audit or "", network.settings.daemon.branch)
    if as_json:
        click.echo(json.dumps({**_document(more), "network": str(root)}, indent=2))
        return 0
    _show(more, [*more.written])
    click.echo(f"each clone switches the hook on with: git config core.hooksPath {HOOKS}")
    return 0


def _show(more: Written, written: list[Path]) -> None:
    for path in written:
        click.echo(f"written   {path}")
    for path in more.left:
        click.echo(f"left      {path}   it is there already")
    if not more.package:
        click.echo("the pipelines need a variable TRUEUP that says what pip installs: docs/operating.md")


def _document(more: Written) -> dict[str, object]:
    written, left = [str(path) for path in more.written], [str(path) for path in more.left]
    return {"format-version": FORMAT_VERSION, "written": written, "left": left, "package": more.package or None}


def _refuse(root: Path, audit: Path, file: Path) -> None:
    """Raise DeclarationError with everything that is in the way, before anything is written."""
    problems: list[Problem] = []
    if not _NAME.fullmatch(root.name):
        remedy = "use letters, digits, '.', '_' and '-', beginning with a letter or digit"
        problems.append(Problem("the folder's name cannot name a network", str(root), remedy))
    problems += [
        Problem("it is there already and not empty", str(folder), "name another folder")
        for folder in (root, audit)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    ]
    if file.exists():
        problems.append(Problem("a network of this name has its secrets here", str(file), "name the folder otherwise"))
    if problems:
        raise DeclarationError(problems)


def _write_network(root: Path, secrets_file: Path) -> None:
    try:
        for path, text in starter().items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            filled = text.replace("NETWORK", root.name).replace("SECRETS", str(secrets_file))
            target.write_text(filled, encoding="utf-8")
    except OSError as error:
        raise DeclarationError(Problem(f"cannot be written: {error.strerror}", str(root))) from None


def _write_secrets(name: str, file: Path) -> None:
    value = base64.b64encode(secrets.token_bytes(32)).decode()
    text = _SECRETS.format(name=name, key=DIGEST_KEY.name, value=value)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise DeclarationError(Problem(f"cannot be written: {error.strerror}", str(file))) from None
