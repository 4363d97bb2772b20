"""The HTTP of a stand-in: requests in, replies out, and what goes wrong on the way."""

from __future__ import annotations

import json
import socket
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from stand_in import Api, Fault, Reply, Request, StandIn
from stand_in_github import GitHubApi
from stand_in_gitlab import GitLabApi


class Server(ThreadingHTTPServer):
    """Serves one stand-in on a port of 127.0.0.1."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, state: StandIn) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.state = state
        self.api: Api = GitHubApi(state) if state.kind == "github" else GitLabApi(state)


class Handler(BaseHTTPRequestHandler):
    """One connection, which is kept for further requests."""

    protocol_version = "HTTP/1.1"
    timeout = 20
    disable_nagle_algorithm = True
    server: Server

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def serve(self) -> None:
        state, request = self.server.state, self._request()
        if request is None:
            self._reply(Reply(400, {"message": "Problems parsing JSON"}))
            return
        state.requests.append(request)
        fault = state.fault_of(request)
        if fault is not None and fault.kind in ("lost", "refused"):
            if fault.kind == "lost":
                self._act(request)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault is not None and fault.kind == "slow":
            time.sleep(fault.seconds)
            fault = None
        self._reply(self._act(request) if fault is None else failing(state, fault))

    def _act(self, request: Request) -> Reply:
        with self.server.state.lock:
            return self.server.api.refuse(request) or self.server.api.answer(request)

    def _request(self) -> Request | None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            return None
        headers = {name.lower(): value for name, value in self.headers.items()}
        return Request(self.command, parts.path, dict(parse_qsl(parts.query)), body, headers)

    def _reply(self, reply: Reply) -> None:
        data = reply.data if isinstance(reply.data, bytes) else json.dumps(reply.data).encode()
        data = b"" if reply.status == 204 else data
        self.send_response(reply.status)
        kind = "text/html" if isinstance(reply.data, bytes) else "application/json; charset=utf-8"
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


for verb in ("GET", "POST", "PATCH", "PUT", "DELETE"):
    setattr(Handler, f"do_{verb}", Handler.serve)


def failing(state: StandIn, fault: Fault) -> Reply:
    if fault.kind == "limited":
        after = {"Retry-After": f"{fault.seconds:.0f}", "RateLimit-Remaining": "0"}
        if state.kind == "gitlab":
            return Reply(429, b"Retry later\n", after)
        text = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
        return Reply(403, {"message": text, "documentation_url": "https://docs.github.com/rest"}, after)
    if fault.kind == "spent":
        end = str(int(time.time() + fault.seconds))
        spent = {"RateLimit-Reset": end, "RateLimit-Remaining": "0"}
        if state.kind == "gitlab":
            return Reply(429, b"Retry later\n", spent)
        headers = {f"X-{name}": value for name, value in spent.items()}
        return Reply(403, {"message": "API rate limit exceeded for user ID 1."}, headers)
    if fault.kind == "odd":
        return Reply(200, b"<!DOCTYPE html><title>Sign in</title>")
    if fault.kind == "moved":
        return Reply(fault.status, {"message": "Moved Permanently", "url": fault.to}, {"Location": fault.to})
    return Reply(fault.status, b"<html>upstream</html>" if fault.status >= 500 else {"message": "refused"})
