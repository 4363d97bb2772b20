"""A forge for tests: an HTTP server on loopback that answers as GitHub's and GitLab's published APIs say.

`stand_in("github")` gives a running one. It keeps pull requests, comments and statuses in memory; with a bare
repository it also knows the branches in it and can merge. Faults are told to it before the requests that they meet.
"""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import stand_in_git

Kind = Literal["github", "gitlab"]
TOKEN = "canary-forge-token-5b1e"
OURS = "trueup-bot"
EXPIRED = "canary-expired-token-9d20"
READING = "canary-reading-token-77aa"
"""A token that may read and not write."""


@dataclass
class Comment:
    """One comment; `system` is GitLab's own about what happened."""

    id: int
    author: str
    body: str
    system: bool = False


@dataclass
class Pull:
    """One pull request; `fork` is the owner of another repository that the branch is in."""

    number: int
    branch: str
    base: str = "main"
    title: str = ""
    body: str = ""
    author: str = "ann"
    state: Literal["open", "merged", "closed"] = "open"
    sha: str = ""
    fork: str = ""
    labels: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)


@dataclass
class Status:
    """What one check said of one commit."""

    sha: str
    context: str
    state: str
    description: str = ""
    url: str = ""


@dataclass
class Fault:
    """What goes wrong with the next `times` requests of this method whose path holds `path`.

    `error` answers with `status` and does nothing, `lost` does it and closes the connection without an answer,
    `refused` closes it without doing it, `limited` asks to wait `seconds`, `spent` is GitHub's way of that with the end
    of the limit in a header, `slow` waits `seconds` before it answers, `odd` answers with a page, `moved` with a
    redirect to `to`.
    """

    kind: Literal["error", "lost", "refused", "limited", "spent", "slow", "odd", "moved"]
    method: str = ""
    path: str = ""
    times: int = 1
    status: int = 502
    seconds: float = 0.0
    to: str = ""


@dataclass(frozen=True)
class Request:
    """One request as it came, its path still quoted."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """What is answered: JSON, or bytes as they are."""

    status: int
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Api(Protocol):
    """One forge's API over the state of a stand-in."""

    prefix: str

    def refuse(self, request: Request) -> Reply | None:
        """Why the request is not let in."""

    def answer(self, request: Request) -> Reply: ...


@dataclass
class StandIn:
    """The state, and what was asked; `git` is a bare repository that pull requests are about."""

    kind: Kind
    repository: str = "example/network"
    token: str = TOKEN
    app: bool = False
    """The token is an app's, which cannot ask who it is."""

    git: Path | None = None
    address: str = ""
    pulls: dict[int, Pull] = field(default_factory=dict)
    statuses: list[Status] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    most_statuses: int = 1000
    lock: threading.RLock = field(default_factory=threading.RLock)
    _last: int = 100

    @property
    def url(self) -> str:
        """The API's address, as `forge: url:` names it."""
        return f"{self.address}{'/api/v3' if self.kind == 'github' else '/api/v4'}"

    @property
    def settings(self) -> dict[str, Any]:
        """What trueup.yaml says of this forge; its token is a secret's name, which the caller writes as one."""
        return {"kind": self.kind, "repository": self.repository, "url": self.url}

    def open(self, branch: str, **said: Any) -> Pull:
        """A pull request that somebody has opened."""
        with self.lock:
            sha = said.pop("sha", "") or self.tip(branch) or "0" * 40
            pull = Pull(len(self.pulls) + 1, branch, sha=sha, **said)
            self.pulls[pull.number] = pull
            return pull

    def comment(self, number: int, body: str, author: str = "ann", *, system: bool = False) -> Comment:
        """A comment that somebody has written."""
        with self.lock:
            comment = Comment(self.next(), author, body, system)
            self.pulls[number].comments.append(comment)
            return comment

    def merge(self, number: int) -> str:
        """Merge a pull request in the bare repository, as the forge's button does; returns the new commit."""
        with self.lock:
            pull = self.refreshed(self.pulls[number])
            assert self.git is not None
            pull.state = "merged"
            return stand_in_git.merge(self.git, pull.branch, pull.base, f"Merge #{number}: {pull.title}")

    def fault(self, kind: str, **said: Any) -> None:
        """Have something go wrong; see Fault."""
        self.faults.append(Fault(kind, **said))  # type: ignore[arg-type]

    def ours(self, number: int) -> list[str]:
        """The texts that the token's user has written to a pull request."""
        return [each.body for each in self.pulls[number].comments if each.author == OURS]

    def asked(self, method: str, path: str = "") -> int:
        """How many requests of a method came for paths that hold this."""
        return sum(each.method == method and path in each.path for each in self.requests)

    def next(self) -> int:
        self._last += 1
        return self._last

    def tip(self, branch: str) -> str:
        """The newest commit of a branch, "" where there is no repository or no such branch."""
        return stand_in_git.tip(self.git, branch) if self.git else ""

    def refreshed(self, pull: Pull) -> Pull:
        """The pull request with the newest commit of its branch; GitHub closes one whose branch is gone."""
        if pull.state == "open" and not pull.fork and self.git:
            tip = self.tip(pull.branch)
            pull.sha = tip or pull.sha
            pull.state = "closed" if self.kind == "github" and not tip else "open"
        return pull

    def fault_of(self, request: Request) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.times > 0 and fault.method in ("", request.method) and fault.path in request.path:
                    fault.times -= 1
                    return fault
        return None


@contextmanager
def stand_in(kind: Kind, tls: ssl.SSLContext | None = None, **said: Any) -> Iterator[StandIn]:
    """A running one; it ends with the context."""
    from stand_in_http import Server

    state = StandIn(kind, **said)
    server = Server(state)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    state.address = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def paged(rows: list[Any], request: Request, address: str, usual: int) -> Reply:
    """One page of a list, with the links that both forges send."""
    size = min(100, int(request.query.get("per_page", usual)))
    page = int(request.query.get("page", 1))
    last = max(1, -(-len(rows) // size))
    query = "&".join(f"{name}={value}" for name, value in request.query.items() if name != "page")
    wanted = {"next": page + 1 if page < last else 0, "last": last if page < last else 0, "first": 1}
    links = [f'<{address}{request.path}?{query}&page={n}>; rel="{rel}"' for rel, n in wanted.items() if n]
    return Reply(200, rows[(page - 1) * size : page * size], {"Link": ", ".join(links)})


def matched(pattern: str, path: str) -> tuple[str, ...] | None:
    """The parts of a path that stand in a pattern's braces."""
    found = re.fullmatch(re.sub(r"\{\w+\}", "([^/]+)", pattern), path)
    return found.groups() if found else None
