"""Tab: commands and the network's names, at once, and never an error on the prompt."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from trueup.cli import COMMANDS, group
from trueup.cli.complete import ABOUT_ROUTERS, SUBCOMMANDS
from trueup.errors import TrueupError
from trueup.load.network import load_network

SITES = Path(__file__).parents[2] / "sites"
BIN = Path(sys.executable).parent
HEAVY = {"pydantic", "git", "rich", "librouteros", "yaml", "jinja2", "cryptography", "asyncio", "starlette"}
NETWORK = load_network(SITES)
ROUTERS = [router.name for router in NETWORK.routers]


def at_tab(shell: str, line: str, folder: Path = SITES) -> subprocess.CompletedProcess[str]:
    """What the program tells a shell whose cursor stands at the line's end."""
    words = line.split(" ")
    cursor = {"fish": words[-1]}.get(shell, str(len(words) - 1))
    told = {"COMP_WORDS": "\n".join(words), "COMP_CWORD": cursor, "_TRUEUP_COMPLETE": f"{shell}_complete"}
    command = [sys.executable, "-m", "trueup.cli"]
    environment = {**os.environ, **told}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=30)


def offered(line: str, folder: Path = SITES) -> list[str]:
    done = at_tab("bash", line, folder)
    assert (done.returncode, done.stderr) == (0, "")
    return [answer.partition(",")[2] for answer in done.stdout.splitlines()]


def test_commands_and_their_commands():
    assert offered("trueup ") == [*COMMANDS]
    assert offered("trueup va") == ["validate"]
    assert offered("trueup lab ") == ["down", "load", "show", "status", "up"]


def test_names_are_those_that_the_network_has():
    assert offered("trueup plan ") == ROUTERS
    assert offered("trueup plan hq-hub h") == ["harbour-edge-1", "hill-tower-1"]
    assert offered("trueup apply --site ") == sorted({router.site for router in NETWORK.routers})
    assert offered("trueup apply --group s") == ["subscribers"]
    assert offered("trueup plan --label ") == sorted({label for router in NETWORK.routers for label in router.labels})


def test_the_network_is_found_as_commands_find_it(tmp_path: Path):
    assert offered("trueup plan ", SITES / "harbour") == ROUTERS
    assert offered(f"trueup plan --network {SITES} h", tmp_path) == ["harbour-edge-1", "hill-tower-1", "hq-hub"]


def test_labels_in_lines_and_names_in_quotes(tmp_path: Path):
    (tmp_path / "north/harbour").mkdir(parents=True)
    (tmp_path / "trueup.yaml").write_text("network: coast\ndefaults:\n  labels: [all]  # everything\n")
    (tmp_path / "north/harbour/site.yaml").write_text("labels:\n  - sea  # salt\n  - north\nmodel: x\n")
    (tmp_path / "north/harbour/edge.yaml").write_text("# the first\nrouter: 'edge-1'\n")
    (tmp_path / "north/stray.yaml").write_text("router: stray\n")
    assert offered("trueup plan ", tmp_path) == ["edge-1"]
    assert offered("trueup plan --site ", tmp_path) == ["north/harbour"]
    assert offered("trueup plan --label ", tmp_path) == ["all", "north", "sea"]


def test_options_are_those_of_the_command():
    assert "--confirm-within" in offered("trueup apply --")


def test_a_command_that_has_to_be_loaded_completes_routers_too():
    assert offered("trueup catalogue capture ha") == ["harbour-edge-1"]


def test_outside_of_a_network_nothing_is_said(tmp_path: Path):
    for line in (
        "trueup plan ",
        "trueup plan --label ",
        "trueup plan --nonsense ",
    ):
        done = at_tab("bash", line, tmp_path)
        assert (done.stdout, done.stderr) == ("", "")


def test_what_cannot_be_read_is_no_error_on_the_prompt(tmp_path: Path):
    (tmp_path / "s").mkdir()
    (tmp_path / "trueup.yaml").write_text("network: [\n")
    (tmp_path / "s/site.yaml").write_text("")
    (tmp_path / "s/bad.yaml").write_bytes(b"router: bad\xff\x00")
    (tmp_path / "s/gone.yaml").symlink_to("nowhere")
    assert offered("trueup plan ", tmp_path) == ["bad"]
    for shell in ("bash", "tcsh", ""):
        assert at_tab(shell, "trueup", tmp_path).stderr == ""


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_are_told_in_their_own_way(shell: str):
    lines = at_tab(shell, "trueup plan ha").stdout.split()
    assert lines == {"zsh": ["plain", "harbour-edge-1", "_"], "fish": ["plain,harbour-edge-1"]}[shell]
    assert COMMANDS["validate"] in at_tab(shell, "trueup va").stdout


def test_names_load_nothing_heavy():
    program = (
        "import json, os, sys\n"
        "os.environ |= {'COMP_WORDS': 'trueup\\nplan\\n', 'COMP_CWORD': '2', '_TRUEUP_COMPLETE': 'bash_complete'}\n"
        "from trueup.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n"
        "    print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=SITES, capture_output=True, text=True, check=True, timeout=30)
    *names, loaded = done.stdout.splitlines()
    assert len(names) == len(ROUTERS)
    assert set(json.loads(loaded)) & HEAVY == set()


def test_bash_completes_with_the_script():
    lines = [
        'eval "$(trueup completion bash)"',
        "complete -p trueup",
        "COMP_WORDS=(trueup plan ha) COMP_CWORD=2",
        "_trueup_completion trueup plan plan",
        'printf "%s\\n" "${COMPREPLY[@]}"',
    ]
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        cwd=SITES,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["complete -o nosort -F _trueup_completion trueup", "harbour-edge-1"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_a_script(shell: str):
    script = CliRunner().invoke(group, ["completion", shell]).output
    assert f"_TRUEUP_COMPLETE={shell}_complete" in script
    assert CliRunner().invoke(group, ["completion"], env={"SHELL": f"/usr/bin/{shell}"}).output == script
    if found := shutil.which(shell):
        read = subprocess.run([found, "-n"], input=script, capture_output=True, text=True, check=False, timeout=30)
        assert (read.returncode, read.stderr) == (0, "")


def test_a_shell_without_one_is_told():
    with pytest.raises(TrueupError, match="name one of bash, zsh, fish"):
        CliRunner().invoke(group, ["completion"], env={"SHELL": "/bin/dash"}, catch_exceptions=False)


def test_commands_are_as_completion_takes_them():
    context = click.Context(group)
    for word, words in SUBCOMMANDS.items():
        command = group.get_command(context, word)
        assert isinstance(command, click.Group)
        assert sorted(command.list_commands(context)) == [*words]
    for word in ABOUT_ROUTERS:
        found = group.get_command(context, word)
        assert found is not None
        first = next(each for each in found.params if isinstance(each, click.Argument))
        assert "ROUTER" in (first.make_metavar(context) or ""), word
