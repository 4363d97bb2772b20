"""GitHub's REST API 2022-11-28, as far as its documentation and its known refusals say, over a stand-in's state.

Sources: docs.github.com/en/rest (issues/comments, commits/statuses, commits/commits, pulls/pulls, issues/labels,
using-the-rest-api); the texts of refusals as they are quoted in public bug reports.
"""

from __future__ import annotations

from typing import Any

from stand_in import OURS, READING, Comment, Pull, Reply, Request, StandIn, Status, matched, paged
from stand_in_git import holds, tip

LIMIT = 65_536
DOCS = "https://docs.github.com/rest"


class GitHubApi:
    """Answers requests below /api/v3, as GitHub Enterprise Server does."""

    prefix = "/api/v3"

    def __init__(self, state: StandIn) -> None:
        self.state = state

    def refuse(self, request: Request) -> Reply | None:
        if not request.headers.get("user-agent"):
            return Reply(403, b"Request forbidden by administrative rules. Please make sure to send a User-Agent.")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in ("bearer", "token") or token not in (self.state.token, READING):
            return _message(401, "Bad credentials")
        if request.headers.get("x-github-api-version", "2022-11-28") != "2022-11-28":
            return _message(400, "Not a supported version")
        if token == READING and request.method != "GET":
            return _message(403, "Resource not accessible by personal access token")
        if self.state.app and request.path == f"{self.prefix}/user":
            return _message(403, "Resource not accessible by integration")
        return None

    def answer(self, request: Request) -> Reply:
        path = request.path.removeprefix(self.prefix)
        if path == "/user":
            return Reply(200, self._user(OURS))
        within = f"/repos/{self.state.repository}"
        if not path.lower().startswith(f"{within.lower()}/"):
            return _message(404, "Not Found")
        rest = path[len(within) :]
        for method, pattern, act in self._routes():
            found = matched(pattern, rest)
            if found is not None and method == request.method:
                numbered = pattern.startswith(("/issues/{n}", "/pulls/{n}"))
                if numbered and (not found[0].isdecimal() or int(found[0]) not in self.state.pulls):
                    return _message(404, "Not Found")
                reply: Reply = act(request, *found)
                return reply
        return _message(404, "Not Found")

    def _routes(self) -> list[tuple[str, str, Any]]:
        return [
            ("GET", "/issues/{n}/comments", self._comments),
            ("POST", "/issues/{n}/comments", self._comment),
            ("PATCH", "/issues/comments/{id}", self._edit),
            ("DELETE", "/issues/comments/{id}", self._delete),
            ("POST", "/issues/{n}/labels", self._label),
            ("GET", "/commits/{sha}/statuses", self._statuses),
            ("POST", "/statuses/{sha}", self._status),
            ("GET", "/commits/{sha}/pulls", self._pulls_of_commit),
            ("GET", "/pulls", self._pulls),
            ("POST", "/pulls", self._open),
            ("GET", "/pulls/{n}", lambda request, n: Reply(200, self._pull(self.state.pulls[int(n)]))),
            ("PATCH", "/pulls/{n}", self._change),
        ]

    def _comments(self, request: Request, number: str) -> Reply:
        pull = self.state.pulls[int(number)]
        return self._page(request, [self._shown(pull, each) for each in pull.comments])

    def _comment(self, request: Request, number: str) -> Reply:
        if refused := _too_long("IssueComment", request.body.get("body")):
            return refused
        comment = self.state.comment(int(number), request.body["body"], OURS)
        return Reply(201, self._shown(self.state.pulls[int(number)], comment))

    def _edit(self, request: Request, id: str) -> Reply:
        for pull, comment in self._all():
            if str(comment.id) == id:
                if refused := _too_long("IssueComment", request.body.get("body")):
                    return refused
                comment.body = request.body["body"]
                return Reply(200, self._shown(pull, comment))
        return _message(404, "Not Found")

    def _delete(self, request: Request, id: str) -> Reply:
        for pull, comment in self._all():
            if str(comment.id) == id:
                pull.comments.remove(comment)
                return Reply(204)
        return _message(404, "Not Found")

    def _all(self) -> list[tuple[Pull, Comment]]:
        return [(pull, comment) for pull in self.state.pulls.values() for comment in pull.comments]

    def _label(self, request: Request, number: str) -> Reply:
        labels = self.state.pulls[int(number)].labels
        labels += [each for each in request.body["labels"] if each not in labels]
        return Reply(200, [{"name": each} for each in labels])

    def _statuses(self, request: Request, sha: str) -> Reply:
        if not self._known(sha):
            return _message(422, f"No commit found for SHA: {sha}")
        found = [each for each in reversed(self.state.statuses) if each.sha == sha]
        return self._page(request, [_status(each) for each in found])

    def _status(self, request: Request, sha: str) -> Reply:
        said = request.body
        if not self._known(sha):
            return _message(422, f"No commit found for SHA: {sha}")
        if said.get("state") not in ("error", "failure", "pending", "success"):
            return _invalid("Status", "state", "invalid", "")
        if len(said.get("description") or "") > 140:
            return _invalid("Status", "description", "custom", "description is too long (maximum is 140 characters)")
        if "target_url" in said and not str(said["target_url"]).startswith(("http://", "https://")):
            return _invalid("Status", "target_url", "custom", "target_url must use http(s) scheme")
        context = said.get("context", "default")
        there = sum(each.sha == sha and each.context == context for each in self.state.statuses)
        if there >= self.state.most_statuses:
            text = "Validation failed: This SHA and context has reached the maximum number of statuses."
            return Reply(422, {"message": "Validation Failed", "errors": text, "status": "422"})
        status = Status(sha, context, said["state"], said.get("description") or "", said.get("target_url") or "")
        self.state.statuses.append(status)
        return Reply(201, _status(status))

    def _known(self, sha: str) -> bool:
        git = self.state.git
        return (
            git is None
            or any(holds(git, pull.branch, sha) for pull in self.state.pulls.values())
            or (holds(git, "main", sha))
        )

    def _pulls_of_commit(self, request: Request, sha: str) -> Reply:
        if not self._known(sha):
            return _message(422, f"No commit found for SHA: {sha}")
        git, pulls = self.state.git, [self.state.refreshed(each) for each in self.state.pulls.values()]
        found = [
            each
            for each in pulls
            if each.sha == sha or (git and tip(git, each.branch) and holds(git, each.branch, sha))
        ]
        return self._page(request, [self._pull(each) for each in found])

    def _pulls(self, request: Request) -> Reply:
        query = request.query
        found = [self.state.refreshed(each) for each in self.state.pulls.values()]
        if ":" in query.get("head", ""):  # a head of another form is not heeded
            owner, _, branch = query["head"].partition(":")
            found = [each for each in found if each.branch == branch and self._owner(each) == owner]
        wanted = query.get("state", "open")
        found = [each for each in found if wanted == "all" or (each.state == "open") == (wanted == "open")]
        found.sort(key=lambda each: each.number, reverse=query.get("direction", "desc") == "desc")
        return self._page(request, [self._pull(each) for each in found])

    def _open(self, request: Request) -> Reply:
        said, state = request.body, self.state
        branch = str(said.get("head", "")).rpartition(":")[2]
        if not said.get("title"):
            return _invalid("PullRequest", "title", "missing_field", "")
        for name, there in (("head", branch), ("base", said.get("base", ""))):
            if state.git and not tip(state.git, there):
                return _invalid("PullRequest", name, "invalid", "")
        if state.git and holds(state.git, said["base"], tip(state.git, branch)):
            return _invalid("PullRequest", "", "custom", f"No commits between {said['base']} and {branch}")
        pulls = [state.refreshed(each) for each in state.pulls.values()]
        if any(each.state == "open" and each.branch == branch and not each.fork for each in pulls):
            owner = state.repository.partition("/")[0]
            text = f"A pull request already exists for {owner}:{branch}."
            return _invalid("PullRequest", "", "custom", text)
        if refused := _too_long("PullRequest", said.get("body") or ""):
            return refused
        pull = state.open(branch, base=said["base"], title=said["title"], body=said.get("body") or "", author=OURS)
        return Reply(201, self._pull(pull))

    def _change(self, request: Request, number: str) -> Reply:
        pull, said = self.state.pulls[int(number)], request.body
        if refused := _too_long("PullRequest", said.get("body") or ""):
            return refused
        pull.title, pull.body = said.get("title", pull.title), said.get("body", pull.body)
        if said.get("state") in ("open", "closed") and pull.state != "merged":
            pull.state = said["state"]
        return Reply(200, self._pull(pull))

    def _page(self, request: Request, rows: list[Any]) -> Reply:
        return paged(rows, request, self.state.address, 30)

    def _owner(self, pull: Pull) -> str:
        return pull.fork or self.state.repository.partition("/")[0]

    def _user(self, name: str) -> dict[str, Any]:
        bot = self.state.app and name == OURS
        return {"login": f"{name}[bot]" if bot else name, "type": "Bot" if bot else "User", "id": len(name)}

    def _shown(self, pull: Pull, comment: Comment) -> dict[str, Any]:
        url = f"https://forge.example/{self.state.repository}/pull/{pull.number}#issuecomment-{comment.id}"
        return {"id": comment.id, "user": self._user(comment.author), "body": comment.body, "html_url": url}

    def _pull(self, pull: Pull) -> dict[str, Any]:
        self.state.refreshed(pull)
        owner = self._owner(pull)
        full = f"{owner}/{self.state.repository.partition('/')[2]}"
        return {
            "number": pull.number,
            "html_url": f"https://forge.example/{self.state.repository}/pull/{pull.number}",
            "state": "open" if pull.state == "open" else "closed",
            "merged_at": "2026-11-28T12:00:00Z" if pull.state == "merged" else None,
            "title": pull.title,
            "body": pull.body or None,
            "user": self._user(pull.author),
            "labels": [{"name": each} for each in pull.labels],
            "head": {
                "ref": pull.branch,
                "sha": pull.sha,
                "label": f"{owner}:{pull.branch}",
                "repo": {"full_name": full},
            },
            "base": {"ref": pull.base, "sha": "", "repo": {"full_name": self.state.repository}},
        }


def _status(status: Status) -> dict[str, Any]:
    said = {"state": status.state, "context": status.context, "description": status.description or None}
    return {**said, "target_url": status.url or None, "created_at": "2026-11-28T12:00:00Z"}


def _message(status: int, text: str) -> Reply:
    return Reply(status, {"message": text, "documentation_url": DOCS, "status": str(status)})


def _invalid(resource: str, name: str, code: str, text: str) -> Reply:
    error = (
        {"resource": resource, "code": code} | ({"field": name} if name else {}) | ({"message": text} if text else {})
    )
    return Reply(422, {"message": "Validation Failed", "errors": [error], "documentation_url": DOCS, "status": "422"})


def _too_long(resource: str, body: Any) -> Reply | None:
    if not isinstance(body, str):
        return _invalid(resource, "body", "missing_field", "")
    if len(body) > LIMIT:
        return _invalid(resource, "body", "custom", f"body is too long (maximum is {LIMIT} characters)")
    return None
