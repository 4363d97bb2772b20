"""No secret is ever shown or kept, and personal data only on the operator's own terminal: every one is a canary."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import DIGEST_KEY, PASSWORD, Named, Room, Said, room, spec

SECRETS = {
    "api": PASSWORD,
    "digest": DIGEST_KEY,
    "radius": "canary-secret-radius",
    "wireguard": "cGNhbmFyeS13aXJlZ3VhcmQtcHJpdmF0ZS1rZXktMHA=",
    "guest": "canary-secret-guest",
    "ppp": "canary-secret-ppp",
    "user": "canary-secret-user",
    "community": "canary-secret-community",
    "changed": "canary-secret-changed",
}
PERSONAL = (
    *("canary-person-alice", "canary-person-mail", "02:CA:9A:12:9A:01", "10.99.77.55", "canary-person-note"),
    *("canary-person-dialer", "canary-person-caller", "canary-person-contact", "canary-person-lease", "10.99.77.66"),
    *("02:CA:9A:12:9A:02", "canary-person-bob", "canary-person-stranger"),
)

ROWS = {
    "/radius": [{"address": "10.0.0.5", "service": ["login"], "secret": Named("radius")}],
    "/interface/wireguard": [{"name": "wg", "listen-port": 13231, "private-key": Named("wireguard")}],
    "/ip/hotspot/user": [
        {"name": "canary-person-alice", "password": Named("guest"), "email": "canary-person-mail@guests.example",
         "mac-address": "02:CA:9A:12:9A:01", "address": "10.99.77.55", "comment": "canary-person-note"},
    ],
    "/ppp/secret": [
        {"name": "canary-person-dialer", "service": "pppoe", "password": Named("ppp"),
         "caller-id": "canary-person-caller"},
    ],
    "/user": [
        {"name": "trueup", "password": Named("api"), "group": "full"},
        {"name": "operator", "password": Named("user"), "group": "read"},
    ],
    "/snmp": {"contact": "canary-person-contact"},
    "/snmp/community": [{"name": "watch", "authentication-password": Named("community")}],
    "/ip/dhcp-server/lease": [
        {"address": "10.99.77.66", "mac-address": "02:CA:9A:12:9A:02", "comment": "canary-person-lease"},
    ],
}  # fmt: skip

CHANGED = {
    **ROWS,
    "/radius": [{"address": "10.0.0.5", "service": ["login"], "secret": Named("changed")}],
    "/ip/hotspot/user": [
        {"name": "canary-person-alice", "password": Named("changed"), "comment": "canary-person-bob"},
    ],
    "/ppp/secret": [],
}  # fmt: skip


def repeats(name: str) -> str:
    """A refusal in which the router repeats all that it was told."""
    return f"failure: {name} will not do, nor {SECRETS['changed']}, canary-person-bob or canary-person-alice"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Room, dict[str, Said], dict[str, str]]]:
    """What each command said, and what it left in files."""
    stranger = {"/ip/hotspot/user": [{"name": "canary-person-stranger"}]}
    folder = tmp_path_factory.mktemp("canaries")
    with room(folder, spec("edge", seed=stranger), spec("bad")) as made:
        for name, value in SECRETS.items():
            if name not in ("api", "digest"):
                made.patch.setenv(f"TRUEUP_SECRET_{name.upper()}", value)
        made.declare("edge", ROWS)
        made.declare(
            "bad", {"/ip/pool": [{"name": "p", "ranges": "10.0.0.2-10.0.0.9"}]}, connect={"username": "nobody"}
        )
        made.commit()
        saved = folder / "saved.json"
        runs = {"validate": made.trueup("validate", "--secrets"), "render": made.trueup("render", "edge")}
        runs |= {"render --json": made.trueup("render", "edge", "--json")}
        runs |= {"plan": made.trueup("plan"), "plan --json": made.trueup("plan", "--json")}
        runs |= {"plan --out": made.trueup("plan", "--out", str(saved), "--json")}
        files = {"saved plan": saved.read_text()}
        runs |= {"apply": made.trueup("apply", "edge")}
        made.declare("edge", CHANGED)
        made.commit()
        faults = made.lab["edge"].faults
        faults.add("trap", "/ip/hotspot/user/set", message=repeats("alice"))
        runs |= {"failing apply": made.trueup("apply", "edge")}
        faults.add("trap", "/ip/hotspot/user/set", message=repeats("alice"))
        runs |= {"failing apply --json": made.trueup("apply", "edge", "--json")}
        faults.add("trap", "/ip/hotspot/user/print")
        runs |= {"failing plan --json": made.trueup("plan", "edge", "--json")}
        faults.clear()
        runs |= {
            "plan of the change": made.trueup("plan", "edge"),
            "apply --json": made.trueup("apply", "edge", "--json"),
        }
        runs |= {"log": made.trueup("log"), "log --json": made.trueup("log", "--json")}
        [identifier] = [run["id"] for run in json.loads(runs["log --json"].out)["runs"]][:1]
        runs |= {"log --run": made.trueup("log", "--run", identifier)}
        yield made, runs, files


def objects(folder: Path) -> str:
    """All that a repository's history holds, reachable or not, and its work tree."""
    git = ["git", "-C", str(folder)]
    listed = subprocess.run([*git, "cat-file", "--batch-all-objects", "--batch"], capture_output=True, check=True)
    history = subprocess.run([*git, "log", "--patch", "--all"], capture_output=True, check=True)
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts]
    return b"\n".join([listed.stdout, history.stdout, *files]).decode("utf-8", "replace")


def test_the_story_went_as_it_should(said):
    made, runs, _ = said
    codes = {name: run.code for name, run in runs.items()}
    assert codes == {
        "validate": 0, "render": 0, "render --json": 0, "plan": 1, "plan --json": 1, "plan --out": 1, "apply": 0,
        "failing apply": 1, "failing apply --json": 1, "failing plan --json": 1, "plan of the change": 2,
        "apply --json": 0, "log": 0, "log --json": 0, "log --run": 0,
    }, runs["apply"].out + runs["apply --json"].out  # fmt: skip
    assert made.lab["edge"].rows("/radius")[0]["secret"] == SECRETS["changed"]
    assert "(hidden)" in runs["failing apply"].out, "the refusal is told, without what it repeats"


def test_no_secret_is_said_by_any_command(said):
    _, runs, files = said
    told = {name: run.all for name, run in runs.items()} | files
    assert [(name, secret) for name, text in told.items() for secret in SECRETS.values() if secret in text] == []
    assert all("Traceback" not in run.err for run in runs.values())


def test_no_personal_data_is_in_json_or_in_files(said):
    _, runs, files = said
    told = {name: run.out for name, run in runs.items() if "--json" in name and not name.startswith("render")} | files
    told |= {"log": runs["log"].all, "log --run": runs["log --run"].all}
    assert [(name, person) for name, text in told.items() for person in PERSONAL if person in text] == []


def test_the_operators_own_terminal_shows_whom_it_is_about(said):
    _, runs, _ = said
    assert "canary-person-alice" in runs["plan"].out
    assert "canary-person-bob" in runs["plan of the change"].out


def test_the_audit_holds_neither(said):
    made, _, _ = said
    text = objects(made.audit)
    assert "/ip/hotspot/user" in text
    assert [word for word in (*SECRETS.values(), *PERSONAL) if word in text] == []


def test_the_networks_folder_holds_no_secret_and_the_labs_log_neither(said):
    made, _, _ = said
    text = objects(made.network) + "".join(map(repr, made.lab["edge"].log))
    assert [secret for secret in SECRETS.values() if secret in text] == []


def test_a_wrong_login_repeats_no_password(said):
    _, runs, _ = said
    assert "the router refused the login" in runs["plan"].err
    assert "bad (127.0.0.1" in runs["plan"].err
