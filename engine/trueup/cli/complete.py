"""What a shell is told when somebody presses Tab: commands, and names of the network, without loading commands."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import click
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

from trueup.cli.known_names import groups, labels, network_above, routers, sites

VARIABLE = "_TRUEUP_COMPLETE"
"""What the shells' scripts set, such as `bash_complete`."""
PROGRAM = "trueup"

SUBCOMMANDS: Mapping[str, tuple[str, ...]] = {
    "catalogue": ("capture", "diff", "show"),
    "lab": ("down", "load", "show", "status", "up"),
    "rollout": ("retry", "show"),
    "user": ("add", "list", "password", "remove", "role"),
}
ABOUT_ROUTERS = frozenset(
    {"render", "plan", "apply", "confirm", "rollback", "recover", "drill", "suspend", "resume", "override", "log"}
    | {"adopt", "bootstrap", "replace", "export", "status", "reconcile"}
)
"""Commands whose arguments are routers, so that nothing of them has to be loaded to complete those."""

Names = Callable[[Path], Iterable[str]]
_VALUES: Mapping[str, Names] = {"--site": sites, "--group": groups, "--label": labels, "--router": routers}


def answer(group: click.Group) -> int:
    """Print what may stand at the cursor; a failure is no word on the prompt, but no completion."""
    sys.excepthook = lambda *_: None
    sys.stderr = io.StringIO()
    shell, _, what = os.environ.get(VARIABLE, "").partition("_")
    kind = get_completion_class(shell)
    if kind is None or what != "complete":
        return 1
    complete = kind(group, {}, PROGRAM, VARIABLE)
    args, incomplete = complete.get_completion_args()
    for item in completions(complete, args, incomplete):
        click.echo(complete.format_completion(item))
    return 0


def completions(complete: ShellComplete, args: Sequence[str], incomplete: str) -> Iterable[CompletionItem]:
    """What may stand at the cursor: names where these are meant, else what click knows of the command."""
    command, last = (args[0] if args else ""), (args[-1] if args else "")
    if not args or incomplete.startswith("-"):
        return complete.get_completions([*args], incomplete)
    if last in _VALUES:
        return _items(_VALUES[last], args, incomplete)
    if len(args) == 1 and command in SUBCOMMANDS:
        return [CompletionItem(word) for word in SUBCOMMANDS[command] if word.startswith(incomplete)]
    if command in ABOUT_ROUTERS and not last.startswith("-"):
        return _items(routers, args, incomplete)
    found = complete.get_completions([*args], incomplete)
    return found or (_items(routers, args, incomplete) if _is_about_routers(complete.cli, args) else [])


def _is_about_routers(group: click.Command, args: Sequence[str]) -> bool:
    """Whether the command, which is loaded for this, has an argument that names a router."""
    context, command = click.Context(group), group
    for word in args:
        found = command.get_command(context, word) if isinstance(command, click.Group) else None
        command = found or command
    arguments = [each for each in command.params if isinstance(each, click.Argument)]
    return any("ROUTER" in each.make_metavar(context) for each in arguments) and not args[-1].startswith("-")


def _items(names: Names, args: Sequence[str], incomplete: str) -> Iterator[CompletionItem]:
    """The names that begin so, but for those that stand there already."""
    root = network_above(_folder(args).resolve())
    found = {*names(root)} - {*args} if root else set()
    return (CompletionItem(name) for name in sorted(found) if name.startswith(incomplete))


def _folder(args: Sequence[str]) -> Path:
    """The network's folder as the line names it, else the one that we are in."""
    for at, word in enumerate(args):
        if word == "--network" and at + 1 < len(args):
            return Path(args[at + 1]).expanduser()
        if word.startswith("--network="):
            return Path(word.removeprefix("--network=")).expanduser()
    return Path()
