"""The page at the server: views of fleets of 500 and 5000 routers, from the request to the whole answer; no wire."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "web"))

import web_fleet

from trueup.web.app import make_app
from trueup.web.users import Users
from trueup_schemas.operate import Web

RUNS = 20
VIEWS = {
    "fleet": "/",
    "fleet, last page": "/?page=99999",
    "fleet, searched": "/?q=hq-4",
    "one router": "/router/harbour-edge-1",
    "rollout": "/rollouts/r-9a41e77",
    "trends": "/trends",
}


async def asked(app: Any, path: str) -> tuple[float, int]:
    """Seconds and bytes of one view."""
    size = 0
    where, _, query = path.partition("?")
    head = [(b"host", b"127.0.0.1")]
    scope = {"type": "http", "method": "GET", "path": where, "query_string": query.encode(), "headers": head}
    scope |= {"scheme": "http", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "http_version": "1.1"}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal size
        size += len(message.get("body", b""))
        assert message.get("status", 200) == 200

    start = time.perf_counter()
    await app(dict(scope), receive, send)
    return time.perf_counter() - start, size


async def measure(count: int, folder: Path) -> None:
    """Print the first and the median time of each view of a fleet of so many routers."""
    board = web_fleet.HandMade(web_fleet.fleet(count - 8))
    users = Users(folder / "users.yaml")
    app = make_app(board, web_fleet.Remembered(board), users, Web(), None, root=folder)
    for name, path in VIEWS.items():
        found = [await asked(app, path) for _ in range(RUNS)]
        times = sorted(taken for taken, _ in found)
        first, middle = found[0][0] * 1000, times[len(times) // 2] * 1000
        print(f"{count:5} routers   {name:18} {first:7.1f} ms first {middle:7.1f} ms then   {found[0][1] // 1024:4} kB")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for count in (500, 5000):
            await measure(count, Path(folder))


if __name__ == "__main__":
    asyncio.run(main())
