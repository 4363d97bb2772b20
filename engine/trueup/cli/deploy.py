"""`trueup deploy`: what runs the daemon as a service, filled in for this network, and the alerts on it."""

from __future__ import annotations

import os
import posixpath
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from trueup.audit import audit_path
from trueup.cli.beside import installed_package
from trueup.cli.selection import folder_option
from trueup.errors import DeclarationError, Problem
from trueup.load.network import Network, find_root, load_network
from trueup.load.start import repository_above
from trueup_templates import DEPLOYED, deployed

_HOMES = ("/home/", "/root/", "/run/user/")
"""What `ProtectHome` hides."""


@click.command("deploy")
@click.argument("what", type=click.Choice([*DEPLOYED]))
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write the file into DIR.")
@folder_option
def command(what: str, out: Path | None, folder: Path) -> None:
    """Print what runs the daemon of this network: a systemd unit, a Containerfile, or Prometheus alerts.

    The unit's first lines say how it is installed. With --out the file is written under its usual name; a file that is
    there is not overwritten.
    """
    text = deployed(what) if what == "alerts" else fill(deployed(what), words(load_network(find_root(folder))))
    if out is None:
        click.echo(text, nl=False)
        return
    _write(out / DEPLOYED[what], text)
    click.echo(f"written   {out / DEPLOYED[what]}")


def words(network: Network) -> dict[str, str]:
    """What is filled in, every path absolute; raises DeclarationError for one that a unit would read otherwise.

    In a container the repository is at /srv/NETWORK, and the audit where trueup.yaml looks for it from there.
    """
    root, top = network.root, repository_above(network.root) or network.root
    audit, program = audit_path(network).resolve(), _program()
    declared = network.settings.audit or f"../{network.name}-audit"
    inside = posixpath.normpath(f"/srv/{network.name}/{root.relative_to(top).as_posix()}")
    paths = {"@root@": root, "@top@": top, "@audit@": audit, "@secrets@": _secrets(network), "@program@": program}
    for path in paths.values():
        if not re.fullmatch(r"[\w./+-]+", str(path)):
            remedy = "use letters, digits, '.', '_' and '-' in the names of folders"
            raise DeclarationError(Problem("no unit can be written for a path with such characters", str(path), remedy))
    hidden = any(f"{path}/".startswith(_HOMES) for path in (top, audit, program))
    return {
        **{word: str(path) for word, path in paths.items()},
        "@network@": network.name,
        "@home@": "read-only" if hidden else "yes",
        "@root-inside@": inside,
        "@audit-inside@": posixpath.normpath(posixpath.join(inside, declared)),
        "@package@": installed_package() or '""',
    }


def _program() -> Path:
    """The program that runs, or else the one beside this interpreter."""
    called = Path(sys.argv[0])
    return (called if called.name == "trueup" else Path(sys.executable).parent / "trueup").absolute()


def fill(text: str, values: Mapping[str, str]) -> str:
    for word, value in values.items():
        text = text.replace(word, value)
    return text


def _secrets(network: Network) -> Path:
    """The secrets file as trueup would find it here."""
    named = os.environ.get("TRUEUP_SECRETS") or network.settings.secrets.file
    file = Path(named or f"~/.config/trueup/{network.name}.yaml").expanduser()
    return Path(os.path.normpath(network.root / file))


def _write(target: Path, text: str) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise DeclarationError(Problem("it is there already", str(target), "remove it, or name another DIR")) from None
    except OSError as error:
        raise DeclarationError(Problem(f"cannot be written: {error.strerror}", str(target))) from None
