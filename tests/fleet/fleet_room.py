"""A network on disk whose routers are virtual ones, driven through the command line."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from trueup.audit import Audit
from trueup.cli import main
from trueup.lab import Spec, serve
from trueup.lab.server import Lab, VirtualRouter

PASSWORD = "canary-api-password-7f3a"
DIGEST_KEY = "canary-digest-key-0123456789abcdef"
READING = ("print", "getall")


class Names(yaml.SafeDumper):
    """Writes `!secret NAME` for secrets."""


class Named(str):
    """The name of a secret."""


Names.add_representer(Named, lambda dumper, name: dumper.represent_scalar("!secret", str(name)))


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


@dataclass
class Room:
    """A network, its audit beside it, and the virtual routers that it is about."""

    folder: Path
    lab: Lab
    patch: pytest.MonkeyPatch

    @property
    def network(self) -> Path:
        return self.folder / "net"

    @property
    def audit(self) -> Path:
        return self.folder / "net-audit"

    def declare(self, name: str, rows: Mapping[str, Any] | None = None, **body: Any) -> None:
        """Write a router's file; it is reached at the virtual router of its name, over verified TLS."""
        connect = {"hosts": ["127.0.0.1"], "username": "trueup", "password": Named("api"), "timeout": "3s"}
        if name in self.lab:
            connect |= {"port": self.lab[name].tls_port, "tls": {"ca": str(self.lab.ca)}}
        body = {"router": name, **body}
        body["connect"] = connect | body.get("connect", {})
        if rows is not None:
            body["rows"] = rows
        self.write(f"{body.pop('site', 'harbour')}/{name}.yaml", body)

    def write(self, path: str, body: Any) -> None:
        file = self.network / path
        file.parent.mkdir(parents=True, exist_ok=True)
        site = file.parent / "site.yaml"
        if file.parent != self.network and file.parent.name != "groups" and not site.exists():
            site.write_text("labels: []\n")
        file.write_text(yaml.dump(body, Dumper=Names, sort_keys=False))

    def commit(self, message: str = "Declare") -> str:
        git(self.network, "add", "--all")
        git(self.network, "commit", "--quiet", "--message", message)
        return git(self.network, "rev-parse", "HEAD").strip()

    def trueup(self, command: str, *words: str) -> Said:
        """Run one command of the command line in this process."""
        return run_main(command, "--network", str(self.network), *words)

    def wrote(self, name: str) -> list[list[str]]:
        """The commands that changed something, or tried to."""
        return [words for words in self.lab[name].log if is_write(words[0])]

    def owned(self, name: str) -> str:
        return (self.audit / "routers" / name / "owned.json").read_text()


def is_write(command: str) -> bool:
    if not command.startswith("/") or command in ("/login", "/cancel", "/quit"):
        return False
    return command.rpartition("/")[2] not in READING


@contextlib.contextmanager
def writing(served: VirtualRouter, count: int) -> Iterator[threading.Event]:
    """An event that is set once the router has been told to write so many times."""
    reached, seen = threading.Event(), 0
    remember = served.remember

    def watch(sentence: list[str]) -> None:
        nonlocal seen
        remember(sentence)
        seen += is_write(sentence[0])
        if seen >= count:
            reached.set()

    served.remember = watch
    try:
        yield reached
    finally:
        served.remember = remember


def run_main(*words: str) -> Said:
    out, err = io.StringIO(), io.StringIO()
    before = sys.argv
    sys.argv = ["trueup", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
            main()
    finally:
        sys.argv = before
    return Said(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], capture_output=True, text=True, check=True)
    return done.stdout


def spec(name: str, **changes: Any) -> Spec:
    return Spec(**{"name": name, "username": "trueup", "password": PASSWORD, "serial": f"SN{name}"} | changes)


@contextlib.contextmanager
def room(folder: Path, *specs: Spec) -> Iterator[Room]:
    """A network called net in `folder`, not yet with any router, and these virtual routers; secrets are set."""
    with pytest.MonkeyPatch.context() as patch, serve(specs) as lab:
        patch.setenv("TRUEUP_SECRET_API", PASSWORD)
        patch.setenv("TRUEUP_SECRET_TRUEUP_DIGEST_KEY", DIGEST_KEY)
        for wait in ("apply.carry.ALONE", "apply.carry.CLEAN", "fleet.router.BACK"):
            patch.setattr(f"trueup.{wait}", 1.0)
        made = Room(folder, lab, patch)
        made.write("trueup.yaml", {"network": "net"})
        git(made.network, "init", "--quiet", "--initial-branch=main")
        Audit.create(made.audit, "net")
        yield made


def logins(served: VirtualRouter) -> int:
    """Connections that got as far as a login."""
    return sum(words[0] == "/login" for words in served.log)


IDENTITY = {"/system/identity": {"name": "trued-up"}}
