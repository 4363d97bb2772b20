"""A network that has a canary in every place, and the story of everything that trueup does with it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlencode

from canary_words import BY_HAND, CHANGED, CHAT, OTHERS, PAGE, PERSONAL, REPEATED, REPEATED_TOO, ROWS, SECRETS
from fleet_room import Named, Room, git, room, run_main, spec
from notify_room import Chat
from notify_room import serving as chatting
from stand_in import StandIn, stand_in

from trueup.lab.server import VirtualRouter
from trueup.web.password import Cost
from trueup.web.users import Users
from trueup_schemas.operate import Happening

WITHIN = 60.0
POOL = {"/ip/pool": [{"name": "p", "ranges": "10.0.0.2-10.0.0.9"}]}
NEXT = {"/ip/pool": [{"name": "p", "ranges": "10.0.0.2-10.0.0.19"}]}
SHIM = '#!/bin/sh\n{{ printf "%s\\n" "$@"; export -p; }} >> {log}\nexec {git} "$@"\n'
"""Stands before git, and writes down what each is started with."""


@dataclass
class Story:
    """What was said where: `told` goes to others, `own` to the operator's terminal alone."""

    made: Room
    chat: Chat
    forge: StandIn
    remote: Path
    told: dict[str, bytes] = field(default_factory=dict)
    own: dict[str, bytes] = field(default_factory=dict)
    address: tuple[str, int] = ("", 0)
    _daemon: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.made.folder / "daemon.log"

    def run(self, *words: str, own: bool = False, code: int | None = None) -> str:
        """One command; what it says is kept."""
        said = run_main(*words[:1], "--network", str(self.made.network), *words[1:])
        assert code in (None, said.code), said.all
        (self.own if own else self.told)[" ".join(words)] = said.all.encode()
        return said.out

    def status(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.made.network / ".trueup/status.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def router(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.status().get("routers", {}).get(name, {})
        return found

    def until(self, holds: Callable[[], Any], what: str) -> None:
        end = time.monotonic() + WITHIN
        while not holds():
            assert time.monotonic() < end, f"{what}\n{self.log.read_text()[-3000:]}\n{json.dumps(self.status())[:3000]}"
            time.sleep(0.05)

    def push(self, message: str) -> str:
        commit = self.made.commit(message)
        git(self.made.network, "push", "--quiet", "origin", "HEAD")
        return commit

    @contextlib.contextmanager
    def daemon(self) -> Iterator[None]:
        """The daemon as a process of its own, until the context ends."""
        command = [sys.executable, "-m", "trueup.cli", "daemon", "--network", str(self.made.network)]
        with self.log.open("ab") as log:
            self._daemon = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            self.until(lambda: "the page is at" in self.log.read_text(), "the page is served")
            host, port = re.findall(r"the page is at http://([\d.]+):(\d+)/", self.log.read_text())[-1]
            self.address = host, int(port)
            yield
        finally:
            self._daemon.send_signal(signal.SIGTERM)
            self.told["the daemon's end"] = str(self._daemon.wait(60)).encode()

    def ask(self, path: str, form: dict[str, str] | bytes | None = None, **headers: str) -> tuple[int, str, str]:
        """A request to the page: status, what came back with its head, and the session's cookie."""
        line = http.client.HTTPConnection(*self.address, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Origin"] = f"http://{self.address[0]}:{self.address[1]}"
        body = urlencode(form) if isinstance(form, dict) else form
        with contextlib.closing(line):
            line.request("GET" if form is None else "POST", path, body, named)
            answer = line.getresponse()
            text = f"{answer.msg}\n{answer.read().decode()}"
        cookies = "; ".join(each.split(";")[0] for each in answer.msg.get_all("Set-Cookie") or ())
        who = "by an operator " if "trueup=" in named.get("Cookie", "") else ""
        shown = text.replace(cookies.partition("=")[2], "") if cookies else text
        self.told[f"{'GET' if form is None else 'POST'} {path} {who}{answer.status} {len(self.told)}"] = shown.encode()
        return answer.status, text, cookies


@contextlib.contextmanager
def story(folder: Path) -> Iterator[Story]:
    """The network with its routers, forge, chat and users; nothing has happened yet."""
    password = SECRETS["api"]
    seed = {"/ip/hotspot/user": [{"name": PERSONAL[9], "password": BY_HAND, "comment": PERSONAL[3]}]}
    specs = [spec("edge", seed=seed, password=password), spec("odd", password=password), spec("bad", password=password)]
    with room(folder, *specs) as made, chatting(Chat()) as chat, stand_in("github", git=folder / "hub.git") as forge:
        users = Users(folder / "users.yaml", Cost(10, 8, 1))
        users.add("maria", "operator", PAGE)
        _store(made, chat)
        _shim(made)
        git(made.network, "init", "--quiet", "--bare", "--initial-branch=main", str(folder / "hub.git"))
        git(made.network, "remote", "add", "origin", str(folder / "hub.git"))
        made.write("trueup.yaml", _settings(folder, forge))
        yield Story(made, chat, forge, folder / "hub.git")


def _store(made: Room, chat: Chat) -> None:
    """The secrets are in a file, so that the environment has none of them."""
    for name in ("API", "TRUEUP_DIGEST_KEY"):
        made.patch.delenv(f"TRUEUP_SECRET_{name}")
    address = f"json://bot:{CHAT}@127.0.0.1:{chat.server_port}/{CHAT}"
    lines = [f"{name}: {json.dumps(text)}\n" for name, text in {**SECRETS, "notify/chat": address}.items()]
    file = made.folder / "secrets.yaml"
    file.touch(0o600)
    file.write_text("".join(lines))
    made.patch.setenv("TRUEUP_SECRETS", str(file))


def _shim(made: Room) -> None:
    real, folder = shutil.which("git"), made.folder / "bin"
    folder.mkdir()
    shim = folder / "git"
    shim.write_text(SHIM.format(log=made.folder / "started.txt", git=real))
    shim.chmod(0o755)
    made.patch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    # It found git before.
    made.patch.setattr("git.Git.GIT_PYTHON_GIT_EXECUTABLE", str(shim))


def _settings(folder: Path, forge: StandIn) -> dict[str, Any]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    events = list(get_args(Happening))
    return {
        "network": "net",
        "forge": {**forge.settings, "token": Named("forge/token")},
        "daemon": {"interval": "700ms", "poll": "500ms", "webhook": Named("forge/webhook")},
        "rollout": {"settle": 0, "waves": ["100%"]},
        "notify": [{"url": Named("notify/chat"), "events": events, "repeat": "1s"}],
        "web": {"port": port, "users": str(folder / "users.yaml")},
    }


def tell(here: Story) -> None:
    """Everything, once."""
    _by_hand(here)
    _in_review(here)
    with here.daemon():
        _on_schedule(here)
        _on_the_page(here)
        here.run("status", code=2)
        for words in (("--all",), ("--json",), ("edge",), ("odd",), ("bad",)):
            here.run("status", *words)
        here.run("rollout")
    here.run("log", code=0)
    runs = json.loads(here.run("log", "--json", code=0))["runs"]
    for each in runs[:4]:
        here.run("log", "--run", each["id"], code=0)


def _by_hand(here: Story) -> None:
    """An operator's own commands, one of which the router refuses in its own words."""
    made = here.made
    keeping = {"reconcile": {"mode": "propose"}, "connect": {"timeout": "20s"}}
    made.declare("edge", ROWS, **keeping)
    made.declare("odd", {**POOL, **OTHERS}, reconcile={"mode": "enforce"}, connect={"timeout": "20s"})
    made.declare("bad", POOL, connect={"timeout": "20s", "password": Named("api-bad")})
    here.push("Declare")
    here.run("validate", "--secrets", code=0)
    here.run("plan", own=True, code=1)
    saved = made.folder / "saved.json"
    here.run("plan", "edge", "odd", "--json", "--out", str(saved), code=2)
    here.told["saved plan"] = saved.read_bytes()
    made.lab["edge"].faults.add("trap", "/ip/hotspot/user/add", message=REPEATED)
    here.run("apply", "edge", "odd", "--yes", "--json", code=1)
    made.lab["edge"].faults.add("trap", "/ip/hotspot/user/add", message=REPEATED)
    here.run("apply", "edge", own=True, code=1)
    made.lab["edge"].faults.clear()
    here.run("apply", "edge", "odd", "--yes", own=True, code=0)


def _in_review(here: Story) -> None:
    """A pull request that adds secrets and people."""
    made, folder = here.made, here.made.folder
    git(made.network, "checkout", "--quiet", "-b", "change")
    made.declare("edge", CHANGED, reconcile={"mode": "propose"}, connect={"timeout": "20s"})
    made.declare("odd", {**NEXT, **OTHERS}, reconcile={"mode": "enforce"}, connect={"timeout": "20s"})
    here.push("Change")
    here.forge.open("change", base="main", title="Change")
    files = {name: folder / f"ci-{name}" for name in ("comment", "out", "code-quality")}
    words = [word for name, file in files.items() for word in (f"--{name}", str(file))]
    made.patch.setenv("GITHUB_ACTIONS", "true")
    here.run("ci", "--base", "main", "--head", "change", "--publish", "--number", "1", *words, code=0)
    made.patch.delenv("GITHUB_ACTIONS")
    here.run("ci", "--base", "main", "--head", "change", "--json", code=0)
    here.told |= {f"ci --{name}": file.read_bytes() for name, file in files.items()}
    git(made.network, "checkout", "--quiet", "main")


def edit(served: VirtualRouter, menu: str, key: str, value: str, *words: str) -> None:
    """Change one row of a router by hand."""
    (row,) = (row for row in served.rows(menu) if row.get(key) == value)
    served.router.execute([f"{menu}/set", f"=.id={row['.id']}", *words], user="anna")


def _on_schedule(here: Story) -> None:
    """The daemon finds drift and proposes it, fails at one router, and is not let in at another."""
    made = here.made
    here.until(lambda: here.router("edge").get("state") == "converged", "edge is as declared")
    edge = made.lab["edge"]
    edit(edge, "/ip/hotspot/user", "name", PERSONAL[0], f"=comment={PERSONAL[10]}")
    edit(edge, "/radius", "address", "10.0.0.5", f"=secret={BY_HAND}")
    edge.router.execute(["/snmp/set", "=contact=somebody else"], user="anna")
    made.lab["odd"].faults.add("trap", "/ip/pool/set", message=REPEATED_TOO)
    made.declare("odd", {**NEXT, **OTHERS}, reconcile={"mode": "enforce"}, connect={"timeout": "20s"})
    here.push("A larger pool")
    here.until(lambda: here.status().get("rollout", {}).get("state") == "stopped", "the rollout has stopped")
    here.until(lambda: here.router("bad").get("failures", 0) > 1, "bad is not let in")
    here.until(lambda: any(pull.branch.endswith("edge") for pull in here.forge.pulls.values()), "it is proposed")
    here.until(lambda: any(each.get("proposal") for each in here.router("edge").get("drift", ())), "it is shown")
    here.until(lambda: any("edge" in json.dumps(each) for each in here.chat.got), "the chat was told")


def _on_the_page(here: Story) -> None:
    """Every page, by nobody and by an operator; a wrong password, a wrong signature, an open stream, an action."""
    paths = ["/", "/attention", "/router/edge", "/router/odd", "/router/bad", "/rollouts", "/windows", "/trends"]
    paths += ["/history", "/log", "/login", "/router/nobody", "/metrics", "/healthz", "/readyz", "/static/page.js"]
    status, text, _ = here.ask("/history")
    paths += sorted(set(re.findall(r'href="(/history/[0-9a-f]+)"', text)))[:4]
    paths += sorted(set(re.findall(r'href="(/rollouts/[^"/]+)"', here.ask("/rollouts")[1])))[:2]
    for path in paths:
        assert here.ask(path)[0] < 500
    assert _log_in(here, f"{PAGE}-not")[0] == 401
    status, _, cookies = _log_in(here, PAGE)
    assert status == 303
    session = re.findall(r"trueup=[^;]+", cookies)[0]
    for path in [*paths, "/router/edge/suspend"]:
        assert here.ask(path, Cookie=session)[0] < 500
    token = re.findall(r'name="csrf" value="([^"]+)"', here.ask("/router/edge/reconcile", Cookie=session)[1])[0]
    form = {"Content_Type": "application/x-www-form-urlencoded", "Cookie": session}
    assert here.ask("/router/edge/reconcile", {"csrf": token}, **form)[0] == 303
    assert here.ask("/hooks/github", b"{}", X_Hub_Signature_256=f"sha256={SECRETS['forge/webhook']}")[0] == 401
    with socket.create_connection(here.address, 10) as line:
        line.sendall(f"GET /live HTTP/1.1\r\nHost: {here.address[0]}\r\n\r\n".encode())
        seen = b""
        while b"event: changed" not in seen:
            seen += line.recv(4096)
    here.told["the stream"] = seen


def _log_in(here: Story, password: str) -> tuple[int, str, str]:
    _, text, cookies = here.ask("/login")
    token = re.findall(r'name="csrf" value="([^"]+)"', text)[0]
    form = {"csrf": token, "name": "maria", "password": password, "next": "/"}
    return here.ask("/login", form, Cookie=cookies, Content_Type="application/x-www-form-urlencoded")
