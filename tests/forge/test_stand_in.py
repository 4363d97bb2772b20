"""The stand-in answers as the forges' documentation says, asked without trueup's own client."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote

import pytest
from forge_room import BOTH
from stand_in import EXPIRED, READING, StandIn, Status, stand_in

SHA = "a" * 40
COMMENTS = {"github": "issues/1/comments", "gitlab": "merge_requests/1/notes"}


def ask(at: StandIn, method: str, path: str, body: Any = None, token: str | None = None) -> tuple[int, Any, Any]:
    """The status, the data and the headers of one answer."""
    base = f"repos/{at.repository}" if at.kind == "github" else f"projects/{quote(at.repository, safe='')}"
    url = f"{at.url}/{path}" if path == "user" else f"{at.url}/{base}/{path}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Authorization": f"Bearer {token or at.token}"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read() or b"null"), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read()), error.headers


@BOTH
def test_lists_come_in_pages_with_links(kind):
    with stand_in(kind) as at:
        at.open("feature")
        for number in range(65):
            at.comment(1, str(number))
        usual = 30 if kind == "github" else 20
        _, rows, headers = ask(at, "GET", COMMENTS[kind])
        assert len(rows) == usual
        assert 'rel="next"' in headers["Link"]
        assert 'rel="last"' in headers["Link"]
        _, rows, headers = ask(at, "GET", f"{COMMENTS[kind]}?per_page=500&page=1")
        assert len(rows) == 65
        assert 'rel="next"' not in headers["Link"]


def test_refusals_have_the_shapes_of_github():
    with stand_in("github") as at:
        at.open("feature")
        assert ask(at, "GET", "pulls/1", token="none")[0] == 401
        assert ask(at, "GET", "pulls/1", token="none")[1]["message"] == "Bad credentials"
        assert ask(at, "POST", "pulls", {}, READING)[0] == 403
        assert ask(at, "GET", "pulls/9")[1]["message"] == "Not Found"
        status, said, _ = ask(at, "POST", "issues/1/comments", {"body": "x" * 65_537})
        assert (status, said["errors"][0]["message"]) == (422, "body is too long (maximum is 65536 characters)")
        assert ask(at, "POST", "issues/1/comments", {"body": "x" * 65_536})[0] == 201
        status, said, _ = ask(at, "POST", "pulls", {"head": "feature", "base": "main", "title": "again"})
        assert (status, said["errors"][0]["message"]) == (422, "A pull request already exists for example:feature.")
        status, said, _ = ask(at, "POST", f"statuses/{SHA}", {"state": "success", "description": "x" * 141})
        assert (status, said["errors"][0]["field"]) == (422, "description")
        at.statuses += [Status(SHA, "ci", "pending")] * 1000
        status, said, _ = ask(at, "POST", f"statuses/{SHA}", {"state": "success", "context": "ci"})
        assert status == 422
        assert "maximum number of statuses" in said["errors"]


def test_refusals_have_the_shapes_of_gitlab():
    with stand_in("gitlab") as at:
        at.open("feature")
        assert ask(at, "GET", "merge_requests/1", token="none")[:2] == (401, {"message": "401 Unauthorized"})
        assert ask(at, "GET", "merge_requests/1", token=EXPIRED)[1]["error"] == "invalid_token"
        assert ask(at, "POST", "merge_requests", {}, READING)[1]["error"] == "insufficient_scope"
        status, said, _ = ask(at, "POST", "merge_requests/1/notes", {"body": "x" * 1_000_001})
        assert (status, said["message"]) == (400, {"note": ["is too long (maximum is 1000000 characters)"]})
        wanted = {"source_branch": "feature", "target_branch": "main", "title": "again"}
        status, said, _ = ask(at, "POST", "merge_requests", wanted)
        assert status == 409
        assert said["message"] == ["Another open merge request already exists for this source branch: !1"]
        assert ask(at, "POST", f"statuses/{SHA}", {"state": "pending", "name": "ci"})[0] == 201
        status, said, _ = ask(at, "POST", f"statuses/{SHA}", {"state": "pending", "name": "ci"})
        assert status == 400
        assert said["message"].startswith("Cannot transition status via :enqueue from :pending")
        assert ask(at, "POST", f"statuses/{SHA}", {"state": "success", "name": "ci"})[0] == 201
        assert ask(at, "POST", f"statuses/{SHA}", {"state": "pending", "name": "ci"})[0] == 201


@BOTH
def test_what_was_done_before_a_connection_dropped_stays_done(kind):
    with stand_in(kind) as at:
        at.open("feature")
        at.fault("lost", method="POST")
        with pytest.raises(OSError):
            ask(at, "POST", COMMENTS[kind], {"body": "once"})
        assert at.ours(1) == ["once"]
        at.fault("refused", method="POST")
        with pytest.raises(OSError):
            ask(at, "POST", COMMENTS[kind], {"body": "twice"})
        assert at.ours(1) == ["once"]


@BOTH
def test_a_user_is_told_whose_token_it_is(kind):
    with stand_in(kind) as at:
        assert ask(at, "GET", "user")[1]["login" if kind == "github" else "username"] == "trueup-bot"
    with stand_in("github", app=True) as at:
        assert ask(at, "GET", "user")[0] == 403
