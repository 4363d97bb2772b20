"""What people ask the daemon to do, left in the audit repository: it is found there, and answered there.

One document for each router, and one for the rollout, apart for what is pending, so that a look costs nothing; of each
kind the newest request and the newest answer are kept, git has the older ones. What a killed daemon had not answered is
pending still, so each may be carried out twice, to one effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from trueup.audit import Audit
from trueup.audit.layout import safe
from trueup.errors import AuditError, Problem
from trueup.fleet.remarks import moment, said

FORMAT_VERSION = "1.0"

RECONCILE, CONFIRM, ROLL_BACK, RETRY = "reconcile", "confirm", "roll-back", "retry"
KINDS = (RECONCILE, CONFIRM, ROLL_BACK, RETRY)
"""To look at a router now; to keep, or to take back, what waits to be confirmed; to try a stopped rollout again."""

PENDING, ANSWERED = "requests/pending", "requests/answered"


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `router` is "" where it is about the rollout; `answer` is "" until the daemon has given one.

    After `until` it is not carried out any more; None: whenever the daemon finds it.
    """

    kind: str
    router: str
    who: str
    why: str
    asked: datetime
    until: datetime | None = None
    answer: str = ""
    answered: datetime | None = None

    @property
    def pending(self) -> bool:
        return self.answered is None


def ask(
    audit: Audit, kind: str, router: str = "", who: str = "", why: str = "", until: datetime | None = None
) -> Request:
    """Leave a request for the daemon; raises AuditError. `who` is whoever runs this unless told."""
    if kind not in KINDS:
        raise AuditError(Problem(f"nothing is called '{kind[:40]}'", router, f"known: {', '.join(KINDS)}"))
    request = Request(kind, router, who or audit.who, said(why), _now(), until)

    def change() -> dict[str, dict[str, Any] | None]:
        waiting = {each.kind: each for each in _read(audit, PENDING, router)} | {kind: request}
        return {_path(PENDING, router): _document(waiting)}

    audit.documents.revise(change, f"Ask: {kind} {router}".rstrip(), request.who)
    return request


def pending(audit: Audit) -> tuple[Request, ...]:
    """The requests without an answer, the oldest first, however old; raises AuditError."""
    names = ("", *audit.documents.names(f"{PENDING}/routers"))
    return tuple(sorted((each for name in names for each in _read(audit, PENDING, name)), key=lambda each: each.asked))


def found(audit: Audit, request: Request) -> Request | None:
    """A request as it is now; None where a newer one has taken its place."""
    there = (each for folder in (ANSWERED, PENDING) for each in _read(audit, folder, request.router))
    return next((each for each in there if (each.kind, each.asked) == (request.kind, request.asked)), None)


def answer(audit: Audit, request: Request, text: str, who: str = "trueup") -> None:
    """Say what came of a request, which ends it; a newer one of its kind stays pending. Raises AuditError."""
    done = replace(request, answer=said(text), answered=_now())

    def change() -> dict[str, dict[str, Any] | None]:
        waiting = {each.kind: each for each in _read(audit, PENDING, request.router)}
        if request.kind in waiting and waiting[request.kind].asked == request.asked:
            del waiting[request.kind]
        answers = {each.kind: each for each in _read(audit, ANSWERED, request.router)} | {request.kind: done}
        return {_path(PENDING, request.router): _document(waiting), _path(ANSWERED, request.router): _document(answers)}

    audit.documents.revise(change, f"Answer: {request.kind} {request.router}".rstrip(), who)


def expired(request: Request, now: datetime) -> bool:
    """Whether it is too late to carry a request out."""
    return request.until is not None and now >= request.until


def _path(folder: str, router: str) -> str:
    return f"{folder}/routers/{safe(router)}.json" if router else f"{folder}/rollout.json"


def _read(audit: Audit, folder: str, router: str) -> list[Request]:
    return list(_requests(audit.documents.read(_path(folder, router)) or {}, router))


def _document(requests: Mapping[str, Request]) -> dict[str, Any] | None:
    """The document of requests by kind, None where there are none."""
    if not requests:
        return None
    return {"format-version": FORMAT_VERSION, **{kind: _plain(each) for kind, each in sorted(requests.items())}}


def _plain(request: Request) -> dict[str, str]:
    parts = {"who": request.who, "why": request.why, "answer": request.answer}
    times = {"asked": request.asked, "until": request.until, "answered": request.answered}
    parts |= {name: when.isoformat() for name, when in times.items() if when is not None}
    return {name: text for name, text in parts.items() if text}


def _requests(document: Mapping[str, Any], router: str) -> Iterator[Request]:
    """The requests of a document; one that nobody could have written is left out, since it can be asked again."""
    for kind in KINDS:
        part = document.get(kind)
        if not isinstance(part, dict):
            continue
        try:
            yield Request(
                kind,
                router,
                str(part.get("who", "")),
                said(str(part.get("why", ""))),
                moment(part["asked"]),
                moment(part["until"]) if "until" in part else None,
                said(str(part.get("answer", ""))),
                moment(part["answered"]) if "answered" in part else None,
            )
        except (KeyError, ValueError):
            continue


def _now() -> datetime:
    return datetime.now(UTC)
