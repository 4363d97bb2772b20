"""`trueup notify`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from trueup.cli.selection import folder_option, json_option
from trueup.cli.terminal import echo, show_json
from trueup.daemon.notify import send, targets
from trueup.errors import DeclarationError, Problem
from trueup.load.network import load_network
from trueup.secrets import open_stores


@click.command("notify")
@folder_option
@json_option
def command(folder: Path, as_json: bool) -> None:
    """Send a test message to every address of `notify` in trueup.yaml, and say whether it was taken.

    Exit code: 0 all were taken, 1 one was not.
    """
    network = load_network(folder)
    if not network.settings.notify:
        remedy = "add `notify: [{url: !secret NAME}]`"
        raise DeclarationError(Problem("nobody is to be notified", "trueup.yaml", remedy))
    text = "This is a test. What the daemon would tell here comes from now on."
    found = {}
    for target in targets(network.settings.notify, open_stores(network.settings, network.root).resolve):
        found[target.name] = send(target.address, f"trueup {network.name}: test", text, "info")
        if not as_json:
            word = click.style("not taken", fg="red") if found[target.name] else click.style("taken", fg="green")
            echo(f"{target.name:<24} {word}{f': {found[target.name]}' if found[target.name] else ''}")
    if as_json:
        show_json({"format-version": "1.0", "notify": [{"name": name, "error": why} for name, why in found.items()]})
    sys.exit(1 if any(found.values()) else 0)
