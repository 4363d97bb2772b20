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
from trueup.cli.selection import json_option
from trueup.errors import DeclarationError, Problem
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
  trueup validate      check the files
  trueup plan          see what would change; nothing is written
"""


@click.command("init")
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@json_option
def command(directory: Path, as_json: bool) -> int:
    """Write a starter network into DIR, with its audit repository beside it and its secrets outside both.

    The network is named for the folder. Nothing that is already there is overwritten.
    """
    root = directory.resolve()
    audit, file = root.parent / f"{root.name}-audit", Path(f"~/.config/trueup/{root.name}.yaml")
    _refuse(root, audit, file.expanduser())
    _write_network(root, file)
    _write_secrets(root.name, file.expanduser())
    Audit.create(audit, root.name)
    started = start_repository(root, starter(), "Start the network")
    if as_json:
        places = {"network": str(root), "audit": str(audit), "secrets": str(file.expanduser())}
        answer = {"format-version": FORMAT_VERSION, **places, "repository-started": started}
        click.echo(json.dumps(answer, indent=2))
    else:
        click.echo(_NEXT.format(root=root, audit=audit, file=file.expanduser(), shown=directory), nl=False)
    return 0


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
