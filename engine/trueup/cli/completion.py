"""`trueup completion`: the script that lets a shell complete commands and the network's names."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import ShellComplete, get_completion_class

from trueup.cli.complete import PROGRAM, VARIABLE
from trueup.errors import Problem, TrueupError

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", required=False, metavar="[bash|zsh|fish]", type=click.Choice(SHELLS))
def command(shell: str | None) -> None:
    """Print the script that completes commands, routers, sites, groups and labels in a shell.

    Without a name it is for the shell that $SHELL names. Put `eval "$(trueup completion bash)"` into ~/.bashrc, the
    same with zsh into ~/.zshrc, or `trueup completion fish | source` into ~/.config/fish/config.fish.
    """
    chosen = shell or Path(os.environ.get("SHELL", "")).name
    kind = get_completion_class(chosen) if chosen in SHELLS else None
    if kind is None:
        remedy = f"name one of {', '.join(SHELLS)}"
        raise TrueupError(Problem(f"no completion for the shell '{chosen}'", "SHELL", remedy))
    # click's own asks the shell for its version first, which this machine's need not be the one that reads it.
    click.echo(ShellComplete.source(kind(click.Group(), {}, PROGRAM, VARIABLE)))
