"""A team's network: a bare repository over HTTP, a forge, an operator's clone, and a daemon that runs by itself."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fleet_room import Named, Room, git, room, spec
from git_over_http import Served, git_over_http
from stand_in import StandIn, stand_in

from trueup.audit import Audit

POOL = "/ip/pool"
WITHIN = 90.0
STEP = 0.1


class Team:
    """What the operators have: their clone (the room's network), the forge, and the daemon's clone and process."""

    def __init__(self, made: Room, served: Served, forge: StandIn) -> None:
        self.made, self.served, self.forge = made, served, forge
        self.clone = made.folder / "daemon" / "net"
        self.log = made.folder / "daemon.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def audit(self) -> Path:
        return self.clone.parent / "net-audit"

    def declare(self, name: str, pools: int, **body: Any) -> None:
        rows = {POOL: [{"name": f"p{i}", "ranges": f"10.{i}.0.2-10.{i}.0.9"} for i in range(pools)]}
        self.made.declare(name, rows, **{"connect": {"timeout": "20s"}, **body})

    def push(self, branch: str = "main", message: str = "Declare") -> str:
        commit = self.made.commit(message)
        git(self.made.network, "push", "--quiet", "origin", branch)
        return commit

    def branch(self, name: str) -> None:
        """Begin a branch at what main is now."""
        git(self.made.network, "fetch", "--quiet", "origin", "main")
        git(self.made.network, "checkout", "--quiet", "-B", name, "origin/main")

    def ci(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `trueup ci` in a clone of its own, as a runner of the forge does."""
        command = [sys.executable, "-m", "trueup.cli", "ci", "--network", str(self.clone), *words]
        git(self.clone, "fetch", "--quiet", "origin")
        return subprocess.run(command, capture_output=True, text=True, timeout=WITHIN, check=False)

    def start(self) -> None:
        """Start the daemon in its clone, which is made where there is none."""
        if not self.clone.exists():
            self.clone.parent.mkdir()
            git(self.made.folder, "clone", "--quiet", self.served.url, str(self.clone))
            Audit.create(self.audit, "net")
        command = [sys.executable, "-m", "trueup.cli", "daemon", "--network", str(self.clone)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, stderr=log, stdout=log)

    @property
    def pid(self) -> int:
        """The daemon's process."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(30)

    def stop(self) -> int:
        """Ask the daemon to end; its exit code."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(60)

    def status(self) -> dict[str, Any]:
        """The daemon's status file, empty where there is none."""
        try:
            found: dict[str, Any] = json.loads((self.clone / ".trueup/status.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def router(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.status().get("routers", {}).get(name, {})
        return found

    def events(self, kind: str, router: str = "") -> list[dict[str, Any]]:
        """What the daemon's log tells of a kind."""
        lines = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [each for each in lines if each["event"] == kind and router in ("", each.get("router"))]

    def until(self, holds: Callable[[], Any], what: str) -> None:
        """Wait until something holds; fails with the daemon's last words."""
        end = time.monotonic() + WITHIN
        while not holds():
            last = "\n".join(self.log.read_text().splitlines()[-15:])
            assert time.monotonic() < end, f"{what}\n{last}\n{json.dumps(self.status())[:3000]}"
            time.sleep(STEP)

    def pools(self, name: str) -> int:
        return len(self.made.lab[name].rows(POOL))


@contextmanager
def team(folder: Path, *names: str, **settings: Any) -> Iterator[Team]:
    """Virtual routers of these names, declared with one pool each, and pushed; the daemon is not started yet."""
    with (
        room(folder, *map(spec, names)) as made,
        git_over_http(folder / "net.git") as served,
        stand_in("github", git=served.path) as forge,
    ):
        made.patch.setenv("TRUEUP_SECRET_FORGE_TOKEN", forge.token)
        said = {"forge": {**forge.settings, "token": Named("forge/token")}}
        made.write("trueup.yaml", {"network": "net", **said, **settings})
        git(made.network, "remote", "add", "origin", served.url)
        both = Team(made, served, forge)
        for name in names:
            both.declare(name, 1, labels=["canary"] if name == names[0] else [])
        both.push()
        try:
            yield both
        finally:
            if both._process is not None:
                both.stop()
