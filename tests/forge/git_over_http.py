"""A bare git repository served over HTTP on loopback, through git's own `http-backend`, with faults."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

Trouble = Literal["", "unreachable", "error", "slow"]


@dataclass
class Served:
    """A repository that is served. `trouble`: every connection is closed at once, every request is answered with 503,
    or only after `seconds`. With `user` and `password` nobody is let in without them."""

    path: Path
    user: str = ""
    password: str = ""
    trouble: Trouble = ""
    seconds: float = 0.0
    address: str = ""
    requests: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The remote's address, without a user."""
        return f"{self.address}/{self.path.name}"

    @property
    def url_with_user(self) -> str:
        return self.url.replace("://", f"://{self.user}:{self.password}@")

    def git(self, *words: str) -> str:
        """Run git in the repository itself."""
        command = ["git", "-C", str(self.path), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()

    def tip(self, branch: str) -> str:
        """The newest commit of a branch, "" where there is none."""
        return self.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")


@contextmanager
def git_over_http(path: Path, **said: Any) -> Iterator[Served]:
    """Serve the bare repository at `path`, made where there is none, for fetching and pushing."""
    if not path.exists():
        command = ["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)]
        subprocess.run(command, check=True, timeout=30)
    served = Served(path, **said)
    served.git("config", "http.receivepack", "true")
    server = _Server(served)
    served.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, served: Served) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.served = served


class _Handler(BaseHTTPRequestHandler):
    """Each request is one run of git's CGI program (RFC 3875)."""

    server: _Server
    timeout = 20

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""

    def handle_one_request(self) -> None:
        if self.server.served.trouble == "unreachable":
            self.close_connection = True
            return
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def do_GET(self) -> None:
        served = self.server.served
        served.requests.append(f"{self.command} {self.path}")
        body = self._body()
        if served.trouble == "error":
            self.send_error(503)
        elif served.user and not self._let_in():
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.end_headers()
        else:
            if served.trouble == "slow":
                time.sleep(served.seconds)
            self._answer(body)

    def do_POST(self) -> None:
        self.do_GET()

    def _let_in(self) -> bool:
        known = base64.b64encode(f"{self.server.served.user}:{self.server.served.password}".encode()).decode()
        return self.headers.get("Authorization", "") == f"Basic {known}"

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        data = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            data += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return data

    def _answer(self, body: bytes) -> None:
        head, _, data = self._run(body).partition(b"\r\n\r\n")
        lines = [line.partition(": ") for line in head.decode("latin-1").split("\r\n")]
        status = next((value for name, _, value in lines if name.lower() == "status"), "200 OK")
        self.send_response(int(status.split()[0]))
        for name, _, value in lines:
            if name.lower() != "status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _run(self, body: bytes) -> bytes:
        parts = urlsplit(self.path)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ["HOME"],
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_PROJECT_ROOT": str(self.server.served.path.parent),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": "127.0.0.1",
            "REMOTE_USER": self.server.served.user or "anybody",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        command = ["git", "http-backend"]
        return subprocess.run(command, input=body, env=environment, capture_output=True, check=True, timeout=30).stdout
