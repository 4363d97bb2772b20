"""GitLab, hosted or of one's own, through REST API version 4: pull requests are merge requests, comments are notes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from trueup.forge.answers import Refused, odd
from trueup.forge.forge import Pull, State
from trueup.forge.http import Http, Json, Line
from trueup.forge.text import comments, cut, markers, without_commands
from trueup.forge.thread import Note, upsert

LIMIT = 1_000_000
"""Characters that a note, or a merge request's text, may have."""

TITLE = 255
DESCRIPTION = 255
_STATES: dict[State, str] = {"pending": "pending", "success": "success", "failure": "failed", "error": "failed"}


class GitLab:
    """One project. Its quick actions are never carried out from a text of ours."""

    def __init__(self, http: Http, repository: str) -> None:
        self._http = http
        self._path = f"/projects/{quote(repository, safe='')}"

    @property
    def name(self) -> str:
        return self._http.about.where

    async def upsert_comment(self, number: int, marker: str, body: str) -> str:
        async with self._http.line({}) as line:
            return await self._comment(line, number, marker, body)

    async def set_status(self, sha: str, state: State, description: str, context: str, url: str = "") -> None:
        wanted = {"state": _STATES[state], "description": cut(description, DESCRIPTION), "name": context}
        link = url if len(url) <= DESCRIPTION else ""
        wanted |= {"target_url": link} if link else {}
        async with self._http.line({}) as line:

            async def said() -> Json | None:
                path = f"{self._path}/repository/commits/{quote(sha, safe='')}/statuses"
                same = {"status": wanted["state"], "description": wanted["description"], "target_url": link}
                async for each in line.pages(path, name=context):
                    if each.get("name") == context and all((each.get(key) or "") == same[key] for key in same):
                        return each
                return None

            if await said() is not None:
                return
            try:
                await line.create(f"{self._path}/statuses/{quote(sha, safe='')}", wanted, said)
            except Refused as refused:  # GitLab refuses the state that a check is in already
                if "Cannot transition status" not in refused.said:
                    raise

    async def open_pull(self, branch: str, base: str, title: str, body: str, labels: Sequence[str] = ()) -> Pull:
        title, body = cut(title, TITLE), cut(without_commands(body), LIMIT)
        async with self._http.line({}) as line:

            async def there() -> Pull | None:
                return await self._newest(line, branch, "opened")

            pull = await there()
            if pull is None:
                wanted = {"source_branch": branch, "target_branch": base, "title": title, "description": body}
                made = await line.create(f"{self._path}/merge_requests", wanted, there, taken=409)
                pull = made if isinstance(made, Pull) else self._pull(made)
            changes: Json = {} if (pull.title, pull.body) == (title, body) else {"title": title, "description": body}
            if new := [label for label in labels if label not in pull.labels]:
                changes["add_labels"] = ",".join(new)
            return self._pull(await self._change(line, pull.number, changes)) if changes else pull

    async def pull_of(self, branch: str) -> Pull | None:
        async with self._http.line({}) as line:
            return await self._newest(line, branch, "opened")

    async def last_pull(self, branch: str) -> Pull | None:
        async with self._http.line({}) as line:
            return await self._newest(line, branch, "all")

    async def pull(self, number: int) -> Pull:
        async with self._http.line({}) as line:
            return self._pull(await line.get(f"{self._path}/merge_requests/{number}"))

    async def find_pull(self, sha: str) -> Pull | None:
        found: list[Pull] = []
        async with self._http.line({}) as line:
            path = f"{self._path}/repository/commits/{quote(sha, safe='')}/merge_requests"
            async for each in line.pages(path):
                pull = self._pull(each)
                if pull.state == "open":
                    found.append(pull)
        return next((pull for pull in found if pull.sha == sha), found[0] if found else None)

    async def close_pull(self, number: int, comment: str = "") -> None:
        async with self._http.line({}) as line:
            if self._pull(await line.get(f"{self._path}/merge_requests/{number}")).state != "open":
                return
            if comment:
                await self._comment(line, number, "closed", comment)
            await self._change(line, number, {"state_event": "close"})

    async def label(self, number: int, labels: Sequence[str]) -> None:
        async with self._http.line({}) as line:
            await self._change(line, number, {"add_labels": ",".join(labels)})

    async def _comment(self, line: Line, number: int, marker: str, body: str) -> str:
        pull = self._pull(await line.get(f"{self._path}/merge_requests/{number}"))
        thread = _Notes(line, f"{self._path}/merge_requests/{number}/notes", pull.url)
        return (await upsert(thread, markers(marker), comments(marker, without_commands(body), LIMIT))).url

    async def _change(self, line: Line, number: int, changes: Json) -> Json:
        return await line.change("PUT", f"{self._path}/merge_requests/{number}", changes)

    async def _newest(self, line: Line, branch: str, state: str) -> Pull | None:
        """A fork's branch may have the same name."""
        query = {"source_branch": branch, "state": state, "order_by": "created_at", "sort": "desc"}
        async for each in line.pages(f"{self._path}/merge_requests", **query):
            own = each.get("source_project_id") == each.get("target_project_id")
            if own and each.get("source_branch") == branch:
                return self._pull(each)
        return None

    def _pull(self, data: Json) -> Pull:
        try:
            state: Literal["open", "merged", "closed"] = "open" if data["state"] in ("opened", "locked") else "closed"
            return Pull(
                int(data["iid"]),
                str(data.get("web_url", "")),
                str(data["source_branch"]),
                str(data["target_branch"]),
                str(data.get("sha") or ""),
                "merged" if data["state"] == "merged" else state,
                str(data.get("title") or ""),
                str(data.get("description") or ""),
                tuple(str(label) for label in data.get("labels") or ()),
            )
        except (KeyError, TypeError, ValueError):
            raise odd(self._http.about, "a merge request was expected") from None


@dataclass(frozen=True, slots=True)
class _Notes:
    """The notes of one merge request; `url` is where people read it."""

    line: Line
    path: str
    url: str

    async def own(self) -> AsyncIterator[Note]:
        user = (await self.line.get("/user")).get("id")
        async for each in self.line.pages(self.path, sort="asc", order_by="created_at"):
            if not each.get("system") and (each.get("author") or {}).get("id") == user:
                yield self._note(each)

    async def write(self, text: str, arrived: Callable[[], Awaitable[Note | None]]) -> Note:
        made = await self.line.create(self.path, {"body": text}, arrived)
        return made if isinstance(made, Note) else self._note(made)

    async def change(self, note: Note, text: str) -> Note:
        return self._note(await self.line.change("PUT", f"{self.path}/{note.id}", {"body": text}))

    async def remove(self, note: Note) -> None:
        await self.line.change("DELETE", f"{self.path}/{note.id}")

    def _note(self, data: Json) -> Note:
        number: Any = data.get("id")
        if not isinstance(number, int):
            raise odd(self.line.about, "a note was expected")
        return Note(number, str(data.get("body") or ""), f"{self.url}#note_{number}")
