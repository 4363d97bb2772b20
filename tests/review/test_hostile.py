"""A change that means harm: it gets no secret, no file, no network and no more time and memory than it may have."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fleet_room import DIGEST_KEY, PASSWORD, Named, Room, git, logins
from review_room import POOL, InThisProcess, change, ci, ci_json, compared, reviewed

from trueup.load.held import Held
from trueup.review.change import open_change
from trueup.review.request import request_of
from trueup.review.sandbox import Sandbox

HIDDEN = "canary-in-a-file-51c2"


@pytest.fixture
def made(tmp_path: Path) -> object:
    with reviewed(tmp_path, "edge-1", confined=True) as made:
        made.lab["edge-1"].log.clear()
        yield made


@pytest.fixture
def offline(tmp_path: Path) -> object:
    """A network whose routers are never asked."""
    with reviewed(tmp_path, confined=True) as made:
        made.declare("edge-1", POOL)
        made.commit()
        yield made


LOOP = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}"
BAD = {
    "loop": (LOOP, "does a loop end?"),
    "long": ("{{ 'x' * 10000000 }}", "template"),
    "file": ("{% include '/etc/passwd' %}", "there is no template '/etc/passwd'"),
    "up": ("{% include '../../../../etc/passwd' %}", "there is no template"),
    "class": ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "template"),
    "globals": ("{{ cycler.__init__.__globals__.os.environ }}", "template"),
}


def templates(made: Room, **texts: str) -> None:
    """The change has a router for each template, which draws it."""
    (made.network / "templates").mkdir(exist_ok=True)
    for name, text in texts.items():
        (made.network / f"templates/{name}.yaml.j2").write_text(text)
        made.declare(f"edge-{name}", POOL, templates=[{"template": name}])


def test_templates_that_misbehave_are_problems_with_their_places(offline: Room) -> None:
    change(offline, lambda: templates(offline, **{name: text for name, (text, _) in BAD.items()}))
    said = ci(offline, "--offline")
    assert said.code == 1
    assert "Traceback" not in said.all
    for name, (_, told) in BAD.items():
        (line,) = (line for line in said.out.splitlines() if f"templates/{name}.yaml.j2" in line)
        assert told in line


def test_memory_is_bounded(offline: Room) -> None:
    levels = "\n".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))

    def edit() -> None:
        file = offline.network / "harbour/edge-1.yaml"
        file.write_text(f"{file.read_text()}vars:\n  a0: &a0 [x]\n{levels}\n")

    change(offline, edit)
    said = ci(offline, "--offline")
    assert said.code == 1
    assert "aliases of this anchor stand for more than" in said.out


def test_a_compiler_that_does_not_end_is_ended(offline: Room) -> None:
    change(offline, lambda: templates(offline, loop=LOOP))
    begun = time.monotonic()
    found = open_change(offline.network.resolve(), "main", "change", limits=0.2)
    assert time.monotonic() - begun < 10
    assert "took longer than" in found.head.problems[0].message


REACHING = (
    "print(open('/etc/hostname').read())",
    "print(open('/proc/self/environ').read())",
    "print(os.open('/etc/passwd', os.O_RDONLY))",
    "open(os.__file__, 'w')",
    "open('/tmp/canary', 'w')",
    "socket.create_connection(('127.0.0.1', 9), 1)",
    "socket.socket()",
    "subprocess.run(['true'])",
    "os.system('true')",
    "os.fork()",
    "os.kill(os.getppid(), 9)",
    "os.remove('/tmp/canary')",
    "os.execv('/bin/true', ['true'])",
    "ctypes.CDLL('libc.so.6').getpid()",
    "sys.addaudithook(print) or socket.socket()",
)
PROGRAM = """
import ctypes, json, os, socket, subprocess, sys
from trueup.review.confine import confine
told = {"walls": confine()}
for code in json.loads(sys.stdin.read()):
    try:
        exec(code)
        told[code] = "done"
    except BaseException as error:
        told[code] = type(error).__name__
print(json.dumps(told))
"""


def confined(*codes: str) -> dict[str, str]:
    """What becomes of statements in a process that has been confined as the compiler is."""
    command = [sys.executable, "-I", "-c", PROGRAM]
    done = subprocess.run(command, input=json.dumps(codes), capture_output=True, text=True, timeout=60, env={})
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_confined_process_reaches_nothing() -> None:
    told = confined(*REACHING, "bytearray(8 * 2**30)")
    assert {code: told[code] for code in REACHING} == dict.fromkeys(REACHING, "Refused")
    assert told["bytearray(8 * 2**30)"] == "MemoryError"
    assert {"limits", "no new privileges", "audit hook"} <= set(told["walls"])


ALONE = """
import ctypes, json, os, socket, subprocess, sys, threading, _posixsubprocess
from trueup.review import confine as walls
libc = ctypes.CDLL(None, use_errno=True)
known = libc.open, libc.socket
told = {"walls": [*walls._drop_privileges(), walls.forbid()]}
read, write = os.pipe()
for code in json.loads(sys.stdin.read()):
    try:
        exec(code)
        told[code] = "done"
    except BaseException as error:
        told[code] = getattr(error, "strerror", None) or str(error)
print(json.dumps(told))
"""
CALLS = (
    "socket.socket()",
    "socket.socketpair()",
    "os.fork()",
    "os.posix_spawn('/bin/true', ['true'], {})",
    "os.execv('/bin/true', ['true'])",
    "os.kill(os.getppid(), 0)",
    "open('/tmp/canary', 'w')",
    "open(os.__file__, 'r+')",
    "os.open('/tmp', os.O_TMPFILE | os.O_RDWR)",
    "os.remove('/tmp/canary')",
    "os.rename('/tmp/canary', '/tmp/other')",
    "os.truncate(os.__file__, 0)",
    "os.close(known[0](b'/tmp/canary', os.O_WRONLY | os.O_CREAT, 0o600))",
    "os.close(known[1](socket.AF_INET, socket.SOCK_STREAM, 0))",
)


def test_the_kernel_refuses_it_too_without_any_namespace_and_without_the_hook() -> None:
    """Code that has got out of Python's hands meets the same wall, also where a user may have no namespace."""
    command = [sys.executable, "-I", "-c", ALONE]
    given = json.dumps([*CALLS, "open(os.__file__).close()"])
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=60, env={})
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told.pop("walls") == ["no new privileges", True]
    assert told.pop("open(os.__file__).close()") == "done"
    native = {code: told.pop(code) for code in CALLS[-2:]}
    assert dict.fromkeys(native, "Bad file descriptor") == native
    assert told == dict.fromkeys(CALLS[:-2], "Operation not permitted")


def test_a_wall_that_is_missing_is_told(offline: Room) -> None:
    change(offline, lambda: offline.declare("edge-1", POOL, labels=["other"]))
    offline.patch.setattr("trueup.review.change.Sandbox", InThisProcess)
    offline.patch.setattr(InThisProcess, "walls", ["limits", "audit hook"])
    assert "an audit hook stood alone" in ci(offline, "--offline").out.replace("audit\n", "audit ")
    offline.patch.setattr(InThisProcess, "walls", ["limits", "filtered calls"])
    assert "stood alone" not in ci(offline, "--offline").out


def test_the_compiler_is_given_no_environment_and_no_secret() -> None:
    held = Held({"trueup.yaml": b"network: net\n"}, ("trueup.yaml",), {}, "")
    with Sandbox(request_of(held, (), {})) as sandbox:
        environment = Path(f"/proc/{sandbox._process.pid}/environ").read_bytes()
        answer = sandbox.answer()
    assert environment in (b"LC_ALL=C.UTF-8\0", b"")
    assert "audit hook" in answer["walls"]


def test_time_zones_and_every_catalogue_are_there_for_the_compiler(offline: Room) -> None:
    def edit() -> None:
        window = {"kind": "deny", "time-zone": "America/Sao_Paulo"}
        offline.write("trueup.yaml", {"network": "net", "windows": [window]})
        offline.declare("edge-1", POOL, version="7.16")

    change(offline, edit)
    assert ci(offline, "--offline").code == 0


def test_links_out_of_the_network_are_problems(offline: Room, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text(f"router: leak\nvars: {{x: {HIDDEN}}}\n")
    change(offline, lambda: (offline.network / "harbour/edge-2.yaml").symlink_to(secret))
    said = ci(offline, "--offline")
    assert said.code == 1
    assert "the link leads out of the network's folder" in said.out
    assert HIDDEN not in said.all


def test_what_runs_the_network_comes_from_the_base(made: Room, tmp_path: Path) -> None:
    """Neither another audit, nor other secrets, guards or approvals of the change count."""
    stolen = tmp_path / "stolen.yaml"
    stolen.write_text("api: wrong\ntrueup/digest-key: wrong\n")
    stolen.chmod(0o600)

    def edit() -> None:
        settings = {
            "network": "net",
            "audit": "../elsewhere",
            "secrets": {"file": str(stolen)},
            "guards": {"remove-rows": 1000, "remove-share": "100%"},
            "approvals": {"approvers": ["mallory@example.net"]},
            "forge": {
                "kind": "github",
                "repository": "mallory/net",
                "token": Named("api"),
                "url": "http://127.0.0.1:9",
            },
        }
        made.write("trueup.yaml", settings)
        made.declare("edge-1", {"/ip/pool": []})

    change(made, edit)
    document = ci_json(made)
    assert compared(document) == {"edge-1": "router"}
    # The audit of the base knows the pool as ours, and only therefore it goes; the guard of the base wants to be asked.
    assert [change["kind"] for stage in document["plans"][0]["stages"] for change in stage] == ["remove"]
    assert document["approvals"][0]["reasons"] == ["nothing is declared any more, though 1 row was ours"]


@pytest.mark.parametrize("name", ["forge/token", "forge-Token", "trueup/digest-key", "trueup.digest-key"])
def test_no_row_names_a_secret_of_trueups_own(made: Room, name: str) -> None:
    """It would be sent to the router; what is trueup's own says the base, whatever the change makes of it."""
    forge = {"kind": "github", "repository": "example/net", "token": Named("forge/token"), "url": "http://127.0.0.1:9"}
    made.write("trueup.yaml", {"network": "net", "forge": forge})
    made.commit()
    radius = {"/radius": [{"address": "10.0.0.5", "secret": Named(name), "service": "hotspot"}]}

    def edit() -> None:
        made.write("trueup.yaml", {"network": "net"})
        made.declare("edge-1", {**POOL, **radius})

    change(made, edit)
    said = ci(made)
    assert said.code == 1
    assert f"/radius: secret: '{name}' is a secret of trueup's own, which goes to no router" in said.out
    assert logins(made.lab["edge-1"]) == 0


def test_approvals_that_the_change_brings_itself_do_not_count_and_are_told(made: Room) -> None:
    change(made, lambda: made.declare("edge-1", {"/ip/pool": []}))
    (wanted,) = ci_json(made, "--require-approval")["approvals"]
    text = f'plan: "{wanted["hash"]}"\nwhy: trust me\nlock-out: true\n'
    (made.network / "approvals").mkdir()
    (made.network / f"approvals/{wanted['hash']}.yaml").write_text(text)
    made.commit("Approve\n\nSigned-off-by: the boss")
    said = ci(made, "--require-approval")
    assert said.code == 1
    assert "**needs an approval**" in said.out
    assert "The change brings 1 approval of its own" in said.out


def test_a_ca_that_the_change_replaces_is_not_used(made: Room) -> None:
    (made.network / "ca.pem").write_text(Path(str(made.lab.ca)).read_text())
    made.declare("edge-1", POOL, connect={"tls": {"ca": "ca.pem"}})
    made.commit()

    def edit() -> None:
        (made.network / "ca.pem").write_text("no certificate\n")
        made.declare("edge-1", {"/ip/pool": []}, connect={"tls": {"ca": "ca.pem"}})

    change(made, edit)
    assert compared(ci_json(made)) == {"edge-1": "router"}


def test_a_folder_that_looks_like_a_repository_is_only_files(offline: Room, tmp_path: Path) -> None:
    """Files of a bare repository in the network would let its own configuration start programs."""
    trap = tmp_path / "trapped"

    def edit() -> None:
        for name in ("objects", "refs"):
            (offline.network / name).mkdir()
            (offline.network / name / "keep").write_text("")
        (offline.network / "HEAD").write_text("ref: refs/heads/main\n")
        (offline.network / "config").write_text(f"[core]\n\tbare = false\n\tfsmonitor = touch {trap}\n")
        offline.declare("edge-1", {"/ip/pool": [{"name": "guests", "ranges": "10.5.50.10-10.5.50.20"}]})

    change(offline, edit)
    assert ci(offline, "--offline").code == 0
    assert not trap.exists()


def test_no_program_of_the_repositorys_settings_is_started(offline: Room, tmp_path: Path) -> None:
    trap = tmp_path / "trapped"
    program = tmp_path / "trap.sh"
    program.write_text(f"#!/bin/sh\ntouch {trap}\n")
    program.chmod(0o755)
    change(offline, lambda: offline.declare("edge-1", POOL, system={"identity": "other"}))
    (offline.network / ".gitattributes").write_text("* diff=trap filter=trap\n")
    offline.commit()
    for name in ("core.fsmonitor", "diff.trap.textconv", "filter.trap.smudge", "filter.trap.clean", "core.sshCommand"):
        git(offline.network, "config", name, str(program))
    assert ci(offline, "--offline").code == 0
    assert not trap.exists()


EVIL = "x` </details> @everyone <img src=x> ::error::owned\n::set-output name=a::b"


def test_texts_of_the_change_are_shown_and_never_obeyed(offline: Room) -> None:
    change(
        offline,
        lambda: offline.declare(
            "edge-1", {"/ip/pool": [{"name": "guests", "ranges": "10.5.50.10-10.5.50.90", "comment": EVIL}]}
        ),
    )
    offline.patch.setenv("GITHUB_ACTIONS", "true")
    said = ci(offline, "--offline")
    lines = said.out.splitlines()
    shield = lines.index(next(line for line in lines if line.startswith("::stop-commands::")))
    token = lines[shield].removeprefix("::stop-commands::")
    assert len(token) >= 32
    inside = lines[shield + 1 : lines.index(f"::{token}::")]
    assert any("everyone" in line for line in inside)
    rest = [*lines[:shield], *lines[lines.index(f"::{token}::") + 1 :]]
    assert not any("owned" in line and not line.startswith("::") for line in rest)
    assert not any(line.startswith("::set-output") for line in lines)


def test_json_holds_no_command_either(offline: Room) -> None:
    rows = {"/ip/dns/static": [{"name": "##[add-mask]x", "address": "192.0.2.1", "##[error]": "x"}]}
    change(offline, lambda: offline.declare("edge-1", rows))
    offline.patch.setenv("GITHUB_ACTIONS", "true")
    said = ci(offline, "--offline", "--json")
    assert "##[" not in said.out
    assert any("##[error]" in problem for problem in json.loads(said.out)["problems"])


def test_no_secret_is_in_anything_that_is_told(made: Room, tmp_path: Path) -> None:
    made.patch.setenv("TRUEUP_SECRET_RADIUS", "canary-radius-77aa")
    radius = {"/radius": [{"address": "10.0.0.5", "secret": Named("radius"), "service": "hotspot"}]}
    change(made, lambda: made.declare("edge-1", {**POOL, **radius}))
    out, comment = tmp_path / "plan.json", tmp_path / "comment.md"
    said = ci(made, "--out", str(out), "--comment", str(comment))
    assert logins(made.lab["edge-1"]) == 1
    told = said.all + out.read_text() + comment.read_text()
    assert "Secrets that were not named here before: `radius`" in told
    for canary in (PASSWORD, DIGEST_KEY, "canary-radius-77aa"):
        assert canary not in told
    assert json.loads(out.read_text())["plans"]
    assert out.stat().st_mode & 0o077 == 0
