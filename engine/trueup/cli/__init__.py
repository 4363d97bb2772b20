"""The command line: one file per command, each imported only when it runs."""

from __future__ import annotations

import importlib
import os
import sys

import click
from click.shell_completion import CompletionItem

from trueup import __version__
from trueup.errors import TrueupError

COMMANDS = {
    "init": "Write a starter network with its audit repository and digest key.",
    "validate": "Check every file of the network, without a router.",
    "render": "Show the rows that a router's declaration becomes.",
    "plan": "Show what would change; writes nothing.",
    "ci": "Check a change before it is merged, for a pull request.",
    "approve": "Agree to a plan, by a file in the network's repository.",
    "apply": "Plan, write, read back, and record it in the audit repository.",
    "confirm": "Keep what `apply --confirm-within` did.",
    "rollback": "Take back at once what `apply --confirm-within` did.",
    "recover": "End what an apply has left behind that died in the middle.",
    "drill": "Fire every safety net of a router with a harmless change.",
    "status": "Show what the daemon knows of the fleet.",
    "watch": "Show it live, with a rollout's progress.",
    "reconcile": "Have the daemon look at routers now instead of at their time.",
    "suspend": "Have the daemon write nothing to routers until a time, or until resumed.",
    "resume": "Have the daemon write to suspended routers again.",
    "rollout": "Show how far a merge has come, or try a stopped one again.",
    "override": "Open closed windows for a while, with a reason.",
    "notify": "Send a test message to everybody whom the daemon would notify.",
    "daemon": "Keep the routers as git says, on a schedule.",
    "log": "Show what was done to the routers, from the audit repository.",
    "adopt": "Write the YAML of a router that exists already, or of its export.",
    "bootstrap": "Write the script that makes a new router manageable.",
    "replace": "Let a new box take a router's place: serial number, ports, ownership.",
    "export": "Write a router's state, live or declared, as a script that RouterOS imports.",
    "catalogue": "Show what RouterOS is: its menus and properties, and what versions changed.",
    "deploy": "Print a unit, a Containerfile or alerts for the daemon of this network.",
    "completion": "Print the script that completes commands and names in a shell.",
    "schema": "Write JSON Schemas of the network's files, for editors.",
    "user": "Say who may log in to the page, and as what.",
    "lab": "Run virtual routers to rehearse on.",
}
"""Every command with its one-line help, so that `trueup --help` imports none of them."""


class LazyGroup(click.Group):
    """A group that imports `trueup.cli.NAME` when NAME is called; the command there is named `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"trueup.cli.{cmd_name}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [CompletionItem(name, help=help) for name, help in COMMANDS.items() if name.startswith(incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="trueup")
def group() -> None:
    """Declare what your MikroTik routers should be; trueup makes the smallest safe change that gets them there.

    A network is a folder with a trueup.yaml; start one with `trueup init`, see what would change with
    `trueup plan`, and make it so with `trueup apply`.
    """


def main() -> None:
    """Run the command line; exit 0 done or nothing to do, 1 error or misuse, 2 changes (plan)."""
    if "_TRUEUP_COMPLETE" in os.environ:
        from trueup.cli.complete import answer

        sys.exit(answer(group))
    try:
        sys.exit(group.main(standalone_mode=False) or 0)
    except TrueupError as error:
        for problem in error.problems:
            click.echo(f"{problem.severity}: {problem}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(1)
