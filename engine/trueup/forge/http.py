"""HTTP to a forge: one host, bounded in time and size, repeated only where repeating is safe."""

from __future__ import annotations

import asyncio
import json
import os
import ssl
from asyncio import sleep
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import httpx

from trueup.errors import ForgeError
from trueup.forge.answers import About, Refused, Unsure, limited, odd, refusal, said_in, waiting
from trueup.forge.pace import turn
from trueup.row import Secret

T = TypeVar("T")
Json = dict[str, Any]

TRIES = 4
FIRST = 0.5
"""Seconds before the second try; each further one waits twice as long."""

EXCHANGE = 30.0
"""Seconds that one request and its answer may take."""

LARGEST = 1 << 24
"""Bytes of the largest answer that is read."""

PAGES = 100
"""Pages of a list that are read, 100 entries each."""

HOPS = 3
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What happens before anything was sent, so that anything may be repeated."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came: its status, its data where it was JSON, what it said, and the query of the next page."""

    status: int
    headers: Mapping[str, str]
    data: Any
    said: str
    following: Mapping[str, str] = field(default_factory=dict)


class _Bearer(httpx.Auth):
    """Adds the token as a request leaves, so that nothing that is shown or logged holds it."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        yield request


class Http:
    """The way to one forge's API. `plain` is HTTP on loopback, where no proxy is asked."""

    def __init__(self, address: str, token: Secret, about: About, *, plain: bool, patience: float) -> None:
        self._address, self._token, self.about = address.rstrip("/"), token, about
        self._plain, self._patience = plain, patience

    @asynccontextmanager
    async def line(self, headers: Mapping[str, str]) -> AsyncIterator[Line]:
        """Connections for one call, which takes no longer than the forge is given patience for."""
        until = asyncio.get_running_loop().time() + self._patience
        async with httpx.AsyncClient(
            auth=_Bearer(self._token),
            headers={"User-Agent": "trueup", "Accept": "application/json", **headers},
            timeout=httpx.Timeout(EXCHANGE, connect=10.0),
            verify=False if self._plain else _authorities(),
            trust_env=not self._plain,
            follow_redirects=False,
        ) as client:
            yield Line(client, self._address, self.about, until, self._token)


class Line:
    """Requests to one host within one call; paths are below the API's address, each part already quoted."""

    def __init__(self, client: httpx.AsyncClient, address: str, about: About, until: float, token: Secret) -> None:
        self._client, self._address, self.about = client, address, about
        self._until, self._token = until, token

    async def get(self, path: str, **query: str) -> Json:
        """One object; raises ForgeError where the answer is none."""
        answer = await self._repeat("GET", path, query, None)
        return self._object(answer.data)

    async def pages(self, path: str, **query: str) -> AsyncIterator[Json]:
        """The objects of a list, page by page. Only the query of a next page's link counts, so that it stays here."""
        following: Mapping[str, str] = {"per_page": "100", **query}
        for _ in range(PAGES):
            answer = await self._repeat("GET", path, following, None)
            if not isinstance(answer.data, list):
                raise odd(self.about, "a list was expected")
            for each in answer.data:
                yield self._object(each)
            following = answer.following
            if not following:
                return
        raise ForgeError(self.about.problem(f"more than {PAGES * 100} entries were listed"))

    async def change(self, method: str, path: str, body: Json | None = None) -> Json:
        """Send what may be repeated without doing it twice: PUT, PATCH, DELETE."""
        answer = await self._repeat(method, path, {}, body)
        return self._object(answer.data) if answer.data is not None else {}

    async def add(self, path: str, body: Json) -> None:
        """POST what makes no difference when it is sent again."""
        await self._repeat("POST", path, {}, body)

    async def create(
        self, path: str, body: Json, arrived: Callable[[], Awaitable[T | None]], taken: int = 0
    ) -> Json | T:
        """POST what must not be made twice: where no answer came, it is sent again only if it has not arrived.

        `taken` is the status by which the forge says that it is there, since another process has made it meanwhile.
        """
        for attempt in range(TRIES):
            try:
                answer = await self._exchange("POST", path, {}, body)
                return self._object(answer.data)
            except Refused as refused:
                found = await arrived() if refused.status == taken else None
                if found is None:
                    raise
                return found
            except Unsure as error:
                if attempt == TRIES - 1:
                    raise
                await self._pause(FIRST * 2**attempt, error)
                found = await arrived()
                if found is not None:
                    return found
        raise AssertionError

    async def _repeat(self, method: str, path: str, query: Mapping[str, str], body: Json | None) -> Answer:
        for attempt in range(TRIES - 1):
            try:
                return await self._exchange(method, path, query, body)
            except Unsure as error:
                await self._pause(FIRST * 2**attempt, error)
        return await self._exchange(method, path, query, body)

    async def _exchange(self, method: str, path: str, query: Mapping[str, str], body: Json | None) -> Answer:
        """One request that was answered, after as much waiting as its rate limit asks for."""
        address, hops = self._address + path, 0
        if method != "GET" and (seconds := turn(self._address)):
            await self._pause(seconds, limited(self.about, seconds))
        for attempt in range(TRIES * 2):
            answer = await self._send(method, address, query, body)
            asked = waiting(answer.status, answer.headers, answer.said)
            if asked is not None:
                await self._pause(max(asked, FIRST * 2**attempt), limited(self.about, asked))
            elif answer.status >= 500:
                raise Unsure(self.about.problem(f"it answers {answer.status}", "try again later"))
            elif answer.status < 300:
                return answer
            elif (elsewhere := self._moved(method, address, answer)) and hops < HOPS:
                address, query, hops = elsewhere, {}, hops + 1
            else:
                raise refusal(answer.status, answer.said, self.about)
        raise limited(self.about, 60)

    async def _send(self, method: str, address: str, query: Mapping[str, str], body: Json | None) -> Answer:
        request = self._client.build_request(method, address, params=dict(query) or None, json=body)
        try:
            async with asyncio.timeout(min(EXCHANGE, max(0.01, self._until - asyncio.get_running_loop().time()))):
                response = await self._client.send(request, stream=True)
                try:
                    data = await self._read(response)
                finally:
                    await response.aclose()
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.DecodingError) as error:
            raise odd(self.about, type(error).__name__) from None
        except UNSENT as error:
            raise self._unreached(error) from None
        except httpx.TransportError as error:
            reason = (
                "the connection broke off" if not isinstance(error, httpx.TimeoutException) else "no answer in time"
            )
            raise Unsure(self.about.problem(reason, "try again later")) from None
        except TimeoutError:
            raise Unsure(self.about.problem("no answer in time", "try again later")) from None
        return self._answer(response, data)

    def _unreached(self, error: Exception) -> ForgeError:
        text = self._clean(str(error)) or "no connection came about"
        remedy = "see that forge: url: is right, and that the forge can be reached from here"
        if "CERTIFICATE" in text.upper():
            remedy = "add the authority to the system's certificates, or name its file in SSL_CERT_FILE"
            return ForgeError(self.about.problem(f"cannot be reached: {text}", remedy))
        return Unsure(self.about.problem(f"cannot be reached: {text}", remedy))

    async def _read(self, response: httpx.Response) -> bytes:
        data = bytearray()
        async for part in response.aiter_bytes():
            data += part
            if len(data) > LARGEST:
                raise odd(self.about, f"it is larger than {LARGEST >> 20} MiB")
        return bytes(data)

    def _answer(self, response: httpx.Response, data: bytes) -> Answer:
        try:
            parsed = json.loads(data) if data.strip() else None
        except (ValueError, RecursionError):
            if response.status_code < 300:
                raise odd(self.about, "no JSON came") from None
            parsed = None
        link = response.links.get("next", {}).get("url", "")
        following = dict(parse_qsl(urlsplit(link).query)) if link else {}
        return Answer(response.status_code, response.headers, parsed, self._clean(said_in(parsed)), following)

    def _moved(self, method: str, address: str, answer: Answer) -> str:
        """Where a redirect leads, "" unless it stays on this host and may be followed with this method."""
        if answer.status not in ((301, 302, 307, 308) if method == "GET" else (307, 308)):
            return ""
        here = httpx.URL(address)
        try:
            there = here.join(answer.headers.get("location", ""))
        except httpx.InvalidURL:
            return ""
        same = (there.scheme, there.host, there.port) == (here.scheme, here.host, here.port)
        return str(there) if same and not there.userinfo else ""

    def _object(self, data: Any) -> Json:
        if not isinstance(data, dict):
            raise odd(self.about, "an object was expected")
        return data

    def _clean(self, text: str) -> str:
        return text.replace(self._token.reveal(), "(token)")

    async def _pause(self, seconds: float, otherwise: ForgeError) -> None:
        if asyncio.get_running_loop().time() + seconds >= self._until:
            raise otherwise
        await sleep(seconds)


def _authorities() -> ssl.SSLContext:
    """The authorities that come with httpx and the system's; those that SSL_CERT_FILE or SSL_CERT_DIR names alone."""
    context = httpx.create_ssl_context()
    if not os.environ.get("SSL_CERT_FILE") and not os.environ.get("SSL_CERT_DIR"):
        context.load_default_certs()
    return context
