"""GitHub, and GitHub Enterprise Server, through REST API version 2022-11-28."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from trueup.forge.answers import Refused, odd
from trueup.forge.forge import Pull, State
from trueup.forge.http import Http, Json, Line
from trueup.forge.text import comments, cut, markers
from trueup.forge.thread import Note, upsert

LIMIT = 65_536
"""Characters that a comment, or a pull request's text, may have."""

TITLE = 256
DESCRIPTION = 140
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


class GitHub:
    """One repository. Checks are commit statuses: check runs are for GitHub Apps alone."""

    def __init__(self, http: Http, repository: str) -> None:
        self._http, self._repository = http, repository
        self._path = f"/repos/{quote(repository)}"

    @property
    def name(self) -> str:
        return self._http.about.where

    async def upsert_comment(self, number: int, marker: str, body: str) -> str:
        async with self._http.line(HEADERS) as line:
            thread = _Comments(line, self._path, number)
            return (await upsert(thread, markers(marker), comments(marker, body, LIMIT))).url

    async def set_status(self, sha: str, state: State, description: str, context: str, url: str = "") -> None:
        wanted = {"state": state, "description": cut(description, DESCRIPTION), "context": context, "target_url": url}
        if not url:
            del wanted["target_url"]
        async with self._http.line(HEADERS) as line:

            async def said() -> Json | None:
                """The status as it is wanted, None where the newest of its context is another; GitHub keeps 1,000."""
                async for each in line.pages(f"{self._path}/commits/{quote(sha, safe='')}/statuses"):
                    if each.get("context") == context:
                        same = all((each.get(name) or "") == value for name, value in wanted.items())
                        return each if same else None
                return None

            if await said() is None:
                await line.create(f"{self._path}/statuses/{quote(sha, safe='')}", wanted, said)

    async def open_pull(self, branch: str, base: str, title: str, body: str, labels: Sequence[str] = ()) -> Pull:
        title, body = cut(title, TITLE), cut(body, LIMIT)
        async with self._http.line(HEADERS) as line:

            async def there() -> Pull | None:
                return await self._newest(line, branch, "open")

            pull = await there()
            if pull is None:
                wanted = {"head": branch, "base": base, "title": title, "body": body}
                made = await line.create(f"{self._path}/pulls", wanted, there, taken=422)
                pull = made if isinstance(made, Pull) else self._pull(made)
            if (pull.title, pull.body.replace("\r\n", "\n")) != (title, body):
                changed = await line.change(
                    "PATCH", f"{self._path}/pulls/{pull.number}", {"title": title, "body": body}
                )
                pull = self._pull(changed)
            await self._label(line, pull, labels)
            return pull

    async def pull_of(self, branch: str) -> Pull | None:
        async with self._http.line(HEADERS) as line:
            return await self._newest(line, branch, "open")

    async def last_pull(self, branch: str) -> Pull | None:
        async with self._http.line(HEADERS) as line:
            return await self._newest(line, branch, "all")

    async def pull(self, number: int) -> Pull:
        async with self._http.line(HEADERS) as line:
            return self._pull(await line.get(f"{self._path}/pulls/{number}"))

    async def find_pull(self, sha: str) -> Pull | None:
        found: list[Pull] = []
        async with self._http.line(HEADERS) as line:
            async for each in line.pages(f"{self._path}/commits/{quote(sha, safe='')}/pulls"):
                pull = self._pull(each)
                if pull.state == "open":
                    found.append(pull)
        return next((pull for pull in found if pull.sha == sha), found[0] if found else None)

    async def close_pull(self, number: int, comment: str = "") -> None:
        async with self._http.line(HEADERS) as line:
            if self._pull(await line.get(f"{self._path}/pulls/{number}")).state != "open":
                return
            if comment:
                thread = _Comments(line, self._path, number)
                await upsert(thread, markers("closed"), comments("closed", comment, LIMIT))
            await line.change("PATCH", f"{self._path}/pulls/{number}", {"state": "closed"})

    async def label(self, number: int, labels: Sequence[str]) -> None:
        async with self._http.line(HEADERS) as line:
            await self._label(line, self._pull(await line.get(f"{self._path}/pulls/{number}")), labels)

    async def _label(self, line: Line, pull: Pull, labels: Sequence[str]) -> None:
        new = [label for label in labels if label not in pull.labels]
        if new:
            await line.add(f"{self._path}/issues/{pull.number}/labels", {"labels": new})

    async def _newest(self, line: Line, branch: str, state: str) -> Pull | None:
        """A fork's branch may have the same name, and a filter that is not understood lists everything."""
        head = f"{self._repository.partition('/')[0]}:{branch}"
        async for each in line.pages(f"{self._path}/pulls", head=head, state=state, sort="created", direction="desc"):
            source = each.get("head") or {}
            owner = str((source.get("repo") or {}).get("full_name", ""))
            if source.get("ref") == branch and owner.lower() == self._repository.lower():
                return self._pull(each)
        return None

    def _pull(self, data: Json) -> Pull:
        try:
            head, base = data["head"], data["base"]
            merged = data.get("merged_at") or data.get("merged")
            return Pull(
                int(data["number"]),
                str(data.get("html_url", "")),
                str(head["ref"]),
                str(base["ref"]),
                str(head["sha"]),
                "open" if data["state"] == "open" else "merged" if merged else "closed",
                str(data.get("title") or ""),
                str(data.get("body") or ""),
                tuple(str(label["name"]) for label in data.get("labels") or ()),
            )
        except (KeyError, TypeError, ValueError):
            raise odd(self._http.about, "a pull request was expected") from None


@dataclass(frozen=True, slots=True)
class _Comments:
    """The comments of one pull request, which are an issue's."""

    line: Line
    path: str
    number: int

    async def own(self) -> AsyncIterator[Note]:
        login = await self._login()
        async for each in self.line.pages(f"{self.path}/issues/{self.number}/comments"):
            user = each.get("user") or {}
            # An app's token cannot ask who it is; what it writes is a bot's.
            if user.get("login") == login if login else user.get("type") == "Bot":
                yield self._note(each)

    async def write(self, text: str, arrived: Callable[[], Awaitable[Note | None]]) -> Note:
        made = await self.line.create(f"{self.path}/issues/{self.number}/comments", {"body": text}, arrived)
        return made if isinstance(made, Note) else self._note(made)

    async def change(self, note: Note, text: str) -> Note:
        return self._note(await self.line.change("PATCH", f"{self.path}/issues/comments/{note.id}", {"body": text}))

    async def remove(self, note: Note) -> None:
        await self.line.change("DELETE", f"{self.path}/issues/comments/{note.id}")

    async def _login(self) -> str:
        try:
            return str((await self.line.get("/user")).get("login", ""))
        except Refused as refused:
            if refused.status != 403:
                raise
            return ""

    def _note(self, data: Json) -> Note:
        number: Any = data.get("id")
        if not isinstance(number, int):
            raise odd(self.line.about, "a comment was expected")
        return Note(number, str(data.get("body") or ""), str(data.get("html_url", "")))
