"""GitLab's REST API v4, as far as its documentation and its known refusals say, over a stand-in's state.

Sources: docs.gitlab.com/api (notes, commits, merge_requests, rest); GitLab's own tests for the refusals of statuses.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from stand_in import EXPIRED, OURS, READING, Comment, Pull, Reply, Request, StandIn, Status, matched, paged
from stand_in_git import holds, tip

LIMIT = 1_000_000
ACTION = re.compile(r"^/(close|merge|label|assign|approve|title|lock)\b", re.MULTILINE)


class GitLabApi:
    """Answers requests below /api/v4; a project is named by its quoted path."""

    prefix = "/api/v4"

    def __init__(self, state: StandIn) -> None:
        self.state = state

    def refuse(self, request: Request) -> Reply | None:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        token = request.headers.get("private-token", "") or bearer
        if token == EXPIRED:
            text = "Token is expired. You can either do re-authorization or token refresh."
            return Reply(401, {"error": "invalid_token", "error_description": text})
        if token not in (self.state.token, READING):
            return Reply(401, {"message": "401 Unauthorized"})
        if token == READING and request.method != "GET":
            text = "The request requires higher privileges than provided by the access token."
            return Reply(403, {"error": "insufficient_scope", "error_description": text, "scope": "api"})
        return None

    def answer(self, request: Request) -> Reply:
        path = request.path.removeprefix(self.prefix)
        if path == "/user":
            return Reply(200, _user(OURS))
        within = f"/projects/{quote(self.state.repository, safe='')}"
        if not path.startswith(f"{within}/"):
            return Reply(404, {"message": "404 Project Not Found"})
        rest = path[len(within) :]
        for method, pattern, act in self._routes():
            found = matched(pattern, rest)
            if found is not None and method == request.method:
                if "{n}" in pattern and (not found[0].isdecimal() or int(found[0]) not in self.state.pulls):
                    return Reply(404, {"message": "404 Not found"})
                reply: Reply = act(request, *found)
                return reply
        return Reply(404, {"error": "404 Not Found"})

    def _routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("GET", "/merge_requests/{n}/notes", self._notes),
            ("POST", "/merge_requests/{n}/notes", self._note),
            ("PUT", "/merge_requests/{n}/notes/{id}", self._edit),
            ("DELETE", "/merge_requests/{n}/notes/{id}", self._delete),
            ("GET", "/repository/commits/{sha}/statuses", self._statuses),
            ("POST", "/statuses/{sha}", self._status),
            ("GET", "/repository/commits/{sha}/merge_requests", self._pulls_of_commit),
            ("GET", "/merge_requests", self._pulls),
            ("POST", "/merge_requests", self._open),
            ("GET", "/merge_requests/{n}", lambda request, n: Reply(200, self._pull(self.state.pulls[int(n)]))),
            ("PUT", "/merge_requests/{n}", self._change),
        ]

    def _notes(self, request: Request, number: str) -> Reply:
        notes = self.state.pulls[int(number)].comments
        asc = request.query.get("sort", "desc") == "asc"
        return self._page(request, [_shown(each) for each in (notes if asc else reversed(notes))])

    def _note(self, request: Request, number: str) -> Reply:
        body = request.body.get("body")
        if refused := _too_long("note", body):
            return refused
        if ACTION.search(body):
            self.state.pulls[int(number)].state = "closed"
        return Reply(201, _shown(self.state.comment(int(number), body, OURS)))

    def _edit(self, request: Request, number: str, id: str) -> Reply:
        for comment in self.state.pulls[int(number)].comments:
            if str(comment.id) == id:
                if comment.author != OURS:
                    return Reply(403, {"message": "403 Forbidden"})
                if refused := _too_long("note", request.body.get("body")):
                    return refused
                comment.body = request.body["body"]
                return Reply(200, _shown(comment))
        return Reply(404, {"message": "404 Note Not Found"})

    def _delete(self, request: Request, number: str, id: str) -> Reply:
        notes = self.state.pulls[int(number)].comments
        for comment in notes:
            if str(comment.id) == id:
                notes.remove(comment)
                return Reply(204)
        return Reply(404, {"message": "404 Note Not Found"})

    def _statuses(self, request: Request, sha: str) -> Reply:
        name = request.query.get("name")
        newest = {
            each.context: each for each in self.state.statuses if each.sha == sha and name in (None, each.context)
        }
        return self._page(request, [_status(each) for each in newest.values()])

    def _status(self, request: Request, sha: str) -> Reply:
        said, state = request.body, self.state
        if not self._known(sha):
            return Reply(404, {"message": "404 Commit Not Found"})
        if said.get("state") not in ("pending", "running", "success", "failed", "canceled", "skipped"):
            return Reply(400, {"error": "state does not have a valid value"})
        for name in ("description", "target_url"):
            if len(said.get(name) or "") > 255:
                return Reply(400, {"message": {name: ["is too long (maximum is 255 characters)"]}})
        context = said.get("name") or said.get("context") or "default"
        going = [each for each in state.statuses if (each.sha, each.context) == (sha, context)]
        status = Status(sha, context, said["state"], said.get("description") or "", said.get("target_url") or "")
        if going and going[-1].state in ("pending", "running"):
            if going[-1].state == said["state"]:
                event = {"pending": "enqueue", "running": "run"}[said["state"]]
                text = f"Cannot transition status via :{event} from :{said['state']}"
                return Reply(400, {"message": f'{text} (Reason(s): Status cannot transition via "{event}")'})
            state.statuses.remove(going[-1])
        state.statuses.append(status)
        return Reply(201, _status(status))

    def _known(self, sha: str) -> bool:
        git = self.state.git
        branches = ["main", *(pull.branch for pull in self.state.pulls.values())]
        return git is None or any(holds(git, branch, sha) for branch in branches)

    def _pulls_of_commit(self, request: Request, sha: str) -> Reply:
        if not self._known(sha):
            return Reply(404, {"message": "404 Commit Not Found"})
        pulls = [self.state.refreshed(each) for each in self.state.pulls.values()]
        return self._page(request, [self._pull(each) for each in pulls if each.sha == sha])

    def _pulls(self, request: Request) -> Reply:
        query = request.query
        wanted = {"opened": "open", "merged": "merged", "closed": "closed"}.get(query.get("state", "all"))
        found = [
            each
            for each in self.state.pulls.values()
            if wanted in (None, each.state) and query.get("source_branch", each.branch) == each.branch
        ]
        found.sort(key=lambda each: each.number, reverse=query.get("sort", "desc") == "desc")
        return self._page(request, [self._pull(each) for each in found])

    def _open(self, request: Request) -> Reply:
        said, state = request.body, self.state
        missing = [name for name in ("source_branch", "target_branch", "title") if not said.get(name)]
        if missing:
            return Reply(400, {"error": ", ".join(f"{name} is missing" for name in missing)})
        branch = said["source_branch"]
        for each in state.pulls.values():
            if each.state == "open" and not each.fork and (each.branch, each.base) == (branch, said["target_branch"]):
                text = f"Another open merge request already exists for this source branch: !{each.number}"
                return Reply(409, {"message": [text]})
        if state.git and not tip(state.git, branch):
            return Reply(400, {"message": {"source_branch": ["does not exist"]}})
        if refused := _too_long("description", said.get("description") or ""):
            return refused
        text = said.get("description") or ""
        pull = state.open(branch, base=said["target_branch"], title=said["title"], body=text, author=OURS)
        pull.labels += [each for each in said.get("labels", "").split(",") if each]
        return Reply(201, self._pull(pull))

    def _change(self, request: Request, number: str) -> Reply:
        pull, said = self.state.pulls[int(number)], request.body
        if not said:
            return Reply(400, {"error": "at least one parameter must be provided"})
        pull.title, pull.body = said.get("title", pull.title), said.get("description", pull.body)
        pull.labels += [each for each in said.get("add_labels", "").split(",") if each and each not in pull.labels]
        if pull.state != "merged":
            pull.state = {"close": "closed", "reopen": "open"}.get(said.get("state_event", ""), pull.state)
        return Reply(200, self._pull(pull))

    def _page(self, request: Request, rows: list[Any]) -> Reply:
        return paged(rows, request, self.state.address, 20)

    def _pull(self, pull: Pull) -> dict[str, Any]:
        self.state.refreshed(pull)
        return {
            "id": 5000 + pull.number,
            "iid": pull.number,
            "web_url": f"https://forge.example/{self.state.repository}/-/merge_requests/{pull.number}",
            "state": "opened" if pull.state == "open" else pull.state,
            "title": pull.title,
            "description": pull.body or None,
            "author": _user(pull.author),
            "labels": list(pull.labels),
            "source_branch": pull.branch,
            "target_branch": pull.base,
            "sha": pull.sha,
            "source_project_id": 8 if pull.fork else 7,
            "target_project_id": 7,
        }


def _user(name: str) -> dict[str, Any]:
    return {"id": sum(name.encode()), "username": name, "name": name, "state": "active"}


def _shown(comment: Comment) -> dict[str, Any]:
    return {"id": comment.id, "body": comment.body, "author": _user(comment.author), "system": comment.system}


def _status(status: Status) -> dict[str, Any]:
    said = {"status": status.state, "name": status.context, "description": status.description or None}
    return {**said, "target_url": status.url or None, "sha": status.sha}


def _too_long(name: str, body: Any) -> Reply | None:
    if not isinstance(body, str) or (name == "note" and not body):
        return Reply(400, {"error": "body is missing"})
    if len(body) > LIMIT:
        return Reply(400, {"message": {name: [f"is too long (maximum is {LIMIT} characters)"]}})
    return None
