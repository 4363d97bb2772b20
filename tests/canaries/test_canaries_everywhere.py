"""No secret gets out anywhere, and nobody's personal data beyond the operator's terminal and the network's own git."""

from __future__ import annotations

import base64
import html
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from canary_story import Story, story, tell
from canary_words import BY_HAND, CHAT, PAGE, PERSONAL, SECRETS, found

ALL = (*SECRETS.values(), BY_HAND, PAGE, CHAT)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with story(tmp_path_factory.mktemp("canaries")) as told:
        tell(told)
        told.told["the daemon's log"] = told.log.read_bytes()
        told.told["status.json"] = (told.made.network / ".trueup/status.json").read_bytes()
        told.told["the chat"] = json.dumps(told.chat.got).encode()
        requests = [(each.method, each.path, dict(each.query), each.body) for each in told.forge.requests]
        told.told["the forge"] = json.dumps(requests).encode() + repr(told.forge.pulls).encode()
        told.told["the forge's statuses"] = repr(told.forge.statuses).encode()
        told.told["what was started"] = (told.made.folder / "started.txt").read_bytes()
        yield told


def objects(folder: Path) -> bytes:
    """All that a repository's objects hold, reachable or not, and the files beside them."""
    command = ["git", "-C", str(folder), "cat-file", "--batch-all-objects", "--batch", "--unordered"]
    listed = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return b"\n".join([listed.stdout, *files(folder)])


def files(folder: Path) -> list[bytes]:
    """The files of a folder and their names, git's objects left out."""
    inside = [path for path in folder.rglob("*") if path.is_file() and "objects" not in path.parts]
    return [str(path).encode() + b"\n" + path.read_bytes() for path in inside]


def test_the_story_went_as_it_should(here: Story) -> None:
    """What would not have happened could not have told anything."""
    status = here.status()
    assert here.router("edge")["drift"][0]["author"] == "anna"
    assert "(personal)" in status["past"][0]["reason"] if "rollout" not in status else status["rollout"]["reason"]
    assert "login" in here.router("bad")["reason"]
    kinds = {json.loads(line)["event"] for line in here.log.read_text().splitlines() if line.startswith("{")}
    assert {"drift", "failed", "proposed", "stopped", "action", "unreachable"} <= kinds
    assert here.forge.ours(1)
    assert here.forge.tip("trueup/adopt/edge")
    assert "Set-Cookie" not in here.told["the stream"].decode()
    assert here.told["the daemon's end"] == b"0"
    assert here.chat.got
    assert here.made.lab["edge"].rows("/radius")[0]["secret"] == BY_HAND


def test_no_secret_is_told_to_anybody(here: Story) -> None:
    assert found({**here.told, **here.own}, ALL) == []


def test_no_secret_is_in_git_or_in_local_files(here: Story) -> None:
    kept = {
        "the audit": objects(here.made.audit),
        "the network and its proposals": objects(here.made.network),
        "the remote": objects(here.remote),
        "the home folder": b"\n".join(files(Path(os.environ["HOME"]))),
    }
    assert b"routers/edge/snapshot.json" in b"".join(files(here.made.audit))
    assert found(kept, ALL) == []


def test_nobodys_data_is_told_beyond_the_operators_terminal(here: Story) -> None:
    assert found(here.told, PERSONAL) == []


def test_nobodys_data_is_in_the_audit_or_in_local_files(here: Story) -> None:
    local = b"\n".join(files(here.made.network / ".trueup"))
    assert found({"the audit": objects(here.made.audit), "local files": local}, PERSONAL) == []


def test_the_operators_own_terminal_and_the_proposals_branch_say_whom_it_is_about(here: Story) -> None:
    """So that the search is known to find what there is to find."""
    command = ["git", "-C", str(here.remote), "show", "trueup/adopt/edge:harbour/edge.yaml"]
    branch = subprocess.run(command, capture_output=True, check=True, timeout=30).stdout
    assert found({"terminal": b"".join(here.own.values())}, PERSONAL[:1])
    assert found({"branch": branch}, [PERSONAL[10]])


@pytest.mark.parametrize("word", [SECRETS["api"], PAGE, PERSONAL[3]])
def test_words_are_found_however_they_are_written(word: str) -> None:
    data = word.encode()
    written = [json.dumps({"x": word}).encode(), urlencode({"x": word}).encode(), html.escape(word).encode()]
    written += [base64.b64encode(b"." * before + data + b"." * after) for before in range(4) for after in range(4)]
    written += [json.dumps(json.dumps(word)).encode(), repr([word]).encode(), quote(word).encode(), data.hex().encode()]
    assert [each for each in written if not found({"x": each}, [word])] == []
    assert found({"x": b"nothing"}, [word]) == []
