"""The whole way once, on virtual routers: lab up, validate, plan, apply, plan again, log, lab down.

Every command is the one an operator would type, shown before it runs. It all happens in a copy of this folder, below
a new temporary folder, or below the FOLDER that is named on the command line, which is then kept.
"""

from __future__ import annotations

import base64
import json
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

TRUEUP = Path(sys.executable).with_name("trueup")
SITES = Path(__file__).parent
SECRET = re.compile(r"!secret ([\w./-]+)")
COMMAND_WITHIN = 60.0
IDENTITY = (
    "-c",
    "user.name=Demo Operator",
    "-c",
    "user.email=operator@saltmarsh.example",
    "-c",
    "commit.gpgsign=false",
)


class DemoFailed(Exception):
    """A step did not end as it must."""


def main(arguments: Sequence[str]) -> int:
    """0 when every step ended as it must; the last line then tells what was done."""
    with tempfile.TemporaryDirectory(prefix="trueup-demo-") as temporary:
        folder = Path(arguments[0] if arguments else temporary).resolve()
        try:
            print(f"\n{demonstrate(folder)}")
        except (DemoFailed, subprocess.TimeoutExpired) as error:
            print(f"demo: failed: {error}", file=sys.stderr)
            return 1
    return 0


def demonstrate(folder: Path) -> str:
    """Do every step below `folder`; returns the closing line."""
    network, audit = prepare(folder)
    values = write_secrets(network, folder / "secrets.yaml")
    trueup = Trueup(network, folder / "secrets.yaml", values)
    try:
        trueup("lab", "up")
        trueup("validate")
        trueup("plan", "--out", "../plan.json", ends=2)
        # Two routers ask for a yes to what they have been shown; it is the hash that the plan ends with.
        agreed = json.loads((folder / "plan.json").read_text())["hash"]
        trueup("apply", "--yes", "--accept", agreed)
        trueup("plan")
        trueup("log")
        done = trueup.applied()
    except DemoFailed:
        log = network / ".trueup" / "lab" / "lab.log"
        print(log.read_text() if log.exists() else "", file=sys.stderr)
        raise
    finally:
        trueup("lab", "down")
    commit = git(audit, "rev-parse", "--short", "HEAD")
    return f"demo: {len(done)} routers, {sum(done.values())} changes applied, second plan empty, audit at {commit}"


def prepare(folder: Path) -> tuple[Path, Path]:
    """A copy of the example network in a git repository of its own, and beside it one for the audit."""
    network = folder / "saltmarsh"
    audit = folder / "saltmarsh-audit"
    leave_out = shutil.ignore_patterns("*.py", "__pycache__", ".trueup")
    shutil.copytree(SITES, network, ignore=leave_out)
    audit.mkdir()
    for repository in (network, audit):
        git(repository, "init", "--quiet")
    git(network, "add", ".")
    git(network, *IDENTITY, "commit", "--quiet", "--message", "The example network")
    print(f"a copy of the example network is in {network}, its secrets and its audit repository are beside it")
    return network, audit


def write_secrets(network: Path, file: Path) -> dict[str, str]:
    """Random values for every secret that the network names, in a file that only its owner can read."""
    text = "\n".join(path.read_text() for path in sorted(network.rglob("*.yaml")))
    values = {name: random_secret() for name in ("trueup/digest-key", *SECRET.findall(text))}
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.writelines(f'{name}: "{value}"\n' for name, value in values.items())
    return values


def random_secret() -> str:
    """32 random bytes in base64: a long password, and a WireGuard key in the form that RouterOS keeps."""
    raw = bytearray(secrets.token_bytes(32))
    raw[0] &= 0b11111000
    raw[31] = raw[31] & 0b01111111 | 0b01000000
    return base64.b64encode(raw).decode()


class Trueup:
    """The command line, in the network's folder; `silent` shows what a command answers only where it fails."""

    def __init__(self, network: Path, secrets_file: Path, values: dict[str, str], *, silent: bool = False) -> None:
        self.network, self.silent = network, silent
        self.environment = os.environ | {"TRUEUP_SECRETS": str(secrets_file)}
        # The virtual routers share no code with the secret stores; they find their passwords in the environment.
        for name, value in values.items():
            self.environment["TRUEUP_SECRET_" + re.sub(r"[^A-Z0-9]+", "_", name.upper())] = value

    def __call__(self, *words: str, ends: int = 0, typed: str = "") -> None:
        """Show a command and run it; raises DemoFailed when it doesn't end with this exit code."""
        print(f"{'' if self.silent else chr(10)}$ {shlex.join(('trueup', *words))}", flush=True)
        done = subprocess.run(
            [TRUEUP, *words],
            cwd=self.network,
            env=self.environment,
            timeout=COMMAND_WITHIN,
            check=False,
            text=True,
            input=typed or None,
            stdout=subprocess.PIPE if self.silent else None,
            stderr=subprocess.STDOUT if self.silent else None,
        )
        if done.returncode != ends:
            print(done.stdout or "", file=sys.stderr)
            raise DemoFailed(f"`trueup {' '.join(words)}` ended with exit code {done.returncode}, not {ends}")

    def applied(self) -> dict[str, int]:
        """How many changes each router of the last run got."""
        answer = subprocess.run(
            [TRUEUP, "log", "--json"], cwd=self.network, env=self.environment, capture_output=True, check=True
        )
        routers = json.loads(answer.stdout)["runs"][0]["routers"]
        kinds = ("add", "change", "move", "remove")
        return {name: sum(counts[kind] for kind in kinds) for name, counts in routers.items()}


def git(repository: Path, *words: str) -> str:
    """What git answers, in a repository."""
    done = subprocess.run(["git", *words], cwd=repository, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DemoFailed(f"`git {' '.join(words)}` failed: {done.stderr.strip()}")
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
