"""The command line as a newcomer meets it."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from trueup.cli import COMMANDS, group

HEAVY = {"pydantic", "git", "rich", "librouteros", "yaml", "jinja2", "cryptography", "deepdiff", "asyncio"}


def commands() -> list[tuple[str, ...]]:
    """Every command and subcommand, by its words."""
    context = click.Context(group)
    found: list[tuple[str, ...]] = []
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        assert command is not None
        found.append((word,))
        if isinstance(command, click.Group):
            found.extend((word, each) for each in command.list_commands(context))
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_explains_itself(words):
    answer = CliRunner().invoke(group, [*words, "--help"], prog_name="trueup", terminal_width=80, max_content_width=80)
    assert answer.exit_code == 0, answer.output
    usage, promise = answer.output.split("\n\n")[:2]
    assert usage.startswith(f"Usage: trueup {' '.join(words)}")
    assert promise.strip()
    assert max(map(len, answer.output.splitlines())) <= 80


def test_the_list_of_commands_shows_each():
    output = CliRunner().invoke(group, ["--help"]).output
    assert [word for word in COMMANDS if f"  {word}  " not in output] == []


def test_help_and_version_load_nothing_heavy():
    program = (
        "import json, sys\n"
        "from trueup.cli import group\n"
        "group.main(['--help'], standalone_mode=False)\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30)
    assert set(json.loads(done.stdout.splitlines()[-1])) & HEAVY == set()


def test_misuse_is_told_in_one_line_without_a_traceback():
    command = [sys.executable, "-m", "trueup.cli", "plam"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode != 0
    assert "plam" in done.stderr
    assert "Traceback" not in done.stderr
