"""`trueup user`: who may log in to the page."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from trueup.cli.selection import folder_option, json_option
from trueup.cli.terminal import echo
from trueup.errors import DeclarationError
from trueup.load.network import find_root, read_network
from trueup.web.password import LONGEST, SHORTEST
from trueup.web.users import ROLES, UserError, Users, users_path

FORMAT_VERSION = "1.0"


@click.group("user")
def command() -> None:
    """Say who may log in to the page of `trueup daemon`.

    Users are in a file that `web: {users: FILE}` in trueup.yaml names, else in ~/.config/trueup/NETWORK-users.yaml,
    with their passwords as hashes only. The daemon takes notice of changes by itself.
    """


@command.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), required=True, help="A viewer looks, an operator has things done.")
@folder_option
def add(name: str, role: str, folder: Path) -> None:
    """Add a user; the password is asked for, or is the first line of standard input.

    It needs 12 characters at least.
    """
    users = _users(folder)
    users.refuse_new(name)
    users.add(name, role, _password(name))
    echo(f"{name} may log in as {role}; written to {users.path}")


@command.command("remove")
@click.argument("name")
@folder_option
def remove(name: str, folder: Path) -> None:
    """Take a user away, and end the user's sessions."""
    _users(folder).remove(name)
    echo(f"{name} may no longer log in")


@command.command("password")
@click.argument("name")
@folder_option
def password(name: str, folder: Path) -> None:
    """Give a user another password, and end the user's sessions."""
    users = _users(folder)
    users.refuse_unknown(name)
    users.change(name, _password(name))
    echo(f"{name} has a new password")


@command.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@folder_option
def role(name: str, role: str, folder: Path) -> None:
    """Make a user a viewer or an operator."""
    _users(folder).give(name, role)
    echo(f"{name} is {'an operator' if role == 'operator' else 'a viewer'} now")


@command.command("list")
@folder_option
@json_option
def list_users(folder: Path, as_json: bool) -> None:
    """Show who may log in, and as what."""
    users = _users(folder)
    found = sorted(users.all().values(), key=lambda user: user.name)
    if as_json:
        named = [{"name": user.name, "role": user.role} for user in found]
        click.echo(json.dumps({"format-version": FORMAT_VERSION, "file": str(users.path), "users": named}, indent=2))
    elif not found:
        echo(f"nobody may log in yet; there are no users in {users.path}")
    for user in () if as_json else found:
        echo(f"{user.name:<24}  {user.role}")


def _users(folder: Path) -> Users:
    network, problems = read_network(find_root(folder))
    if network is None:
        raise DeclarationError(problems)
    return Users(users_path(network.settings, network.root))


def _password(name: str) -> str:
    """A password from the terminal, asked for twice, or the first line of standard input; never an argument."""
    if sys.stdin.isatty():
        prompt = f"Password for {name} ({SHORTEST} characters at least)"
        found: str = click.prompt(prompt, hide_input=True, confirmation_prompt="Once more", err=True)
        return found
    line = sys.stdin.readline(LONGEST + 2)
    if not line:
        raise UserError("no password on standard input; give it as the first line")
    return line.rstrip("\r\n")
