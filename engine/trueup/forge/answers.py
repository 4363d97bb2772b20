"""What a forge's answers mean, and what to do where they refuse: each error names the forge and its remedy."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from trueup.errors import ForgeError, Problem

LONGEST = 200
"""Characters of a forge's own message that are repeated."""

UNSAID = 60.0
"""Seconds to wait where a forge limits the rate and does not say for how long (GitHub asks for a minute)."""

_PERMISSIONS = {
    "github": "the permissions Commit statuses, Issues, Pull requests and Contents (read and write) of the repository",
    "gitlab": "the scope api and the role Developer",
}
_ADDRESSES = {
    "github": "https://api.github.com, or https://HOST/api/v3",
    "gitlab": "https://HOST/api/v4",
}


@dataclass(frozen=True, slots=True)
class About:
    """Which forge it is, for messages; `secret` is the name of the token's secret."""

    kind: Literal["github", "gitlab"]
    repository: str
    secret: str

    @property
    def where(self) -> str:
        return f"{'GitHub' if self.kind == 'github' else 'GitLab'} {self.repository}"

    def problem(self, message: str, remedy: str = "") -> Problem:
        return Problem(message, self.where, remedy)


class Refused(ForgeError):
    """The forge's answer was a refusal; `status` is HTTP's, `said` what it said."""

    def __init__(self, problem: Problem, status: int, said: str) -> None:
        super().__init__(problem)
        self.status, self.said = status, said


class Unsure(ForgeError):
    """No usable answer came, so that nobody knows whether what was asked was done."""


def refusal(status: int, said: str, about: About) -> Refused:
    """The error for an answer of 300 or more; `said` is what the forge said, which may be empty."""
    told = f": {said}" if said else ""
    if status == 401:
        message = f"the token has expired, was revoked, or is none (401{told})"
        remedy = f"make a new one and put it into the secret '{about.secret}'"
    elif status == 403:
        message = f"the token may not do this (403{told})"
        remedy = f"give it {_PERMISSIONS[about.kind]}"
    elif status == 404:
        message = f"not found (404{told}): there is no such repository or pull request, or the token may not see it"
        remedy = f"see that forge: repository: is right and that the token has {_PERMISSIONS[about.kind]}"
    elif status < 400:
        message = f"it is somewhere else now ({status})"
        remedy = f"name its new place in forge: repository: and url: ({_ADDRESSES[about.kind]})"
    elif "maximum number of statuses" in said:
        message = f"the commit has as many statuses as a commit may have (422{told})"
        remedy = "push a new commit"
    else:
        message, remedy = f"refused ({status}{told})", ""
    return Refused(about.problem(message, remedy), status, said)


def odd(about: About, what: str) -> ForgeError:
    """The error for an answer that is none of the API's."""
    remedy = f"see that forge: url: is the address of the API: {_ADDRESSES[about.kind]}"
    return ForgeError(about.problem(f"the answer is not the API's: {what}", remedy))


def limited(about: About, seconds: float) -> ForgeError:
    """The error for a rate limit that lasts longer than we wait."""
    until = datetime.fromtimestamp(time.time() + seconds, UTC).isoformat(timespec="minutes")
    remedy = "try again then; a token of trueup's own shares its limit with nobody"
    return ForgeError(about.problem(f"the rate of requests is limited until {until}", remedy))


def waiting(status: int, headers: Mapping[str, str], said: str) -> float | None:
    """Seconds that a rate limit asks to wait for, None where the answer is no rate limit.

    GitHub limits with 403 or 429, GitLab with 429; the end is in Retry-After, else in (X-)RateLimit-Reset, in seconds
    since 1970 by the forge's clock.
    """
    after = headers.get("retry-after", "")
    spent = headers.get("x-ratelimit-remaining") == "0"
    if status != 429 and not (status == 403 and (after or spent or "rate limit" in said.lower())):
        return None
    now = _date(headers.get("date", "")) or time.time()
    if after:
        if after.isdecimal():
            return float(after[:9])
        return max(0.0, (_date(after) or now + UNSAID) - now)
    reset = headers.get("x-ratelimit-reset", "") or headers.get("ratelimit-reset", "")
    return max(0.0, float(reset[:12]) - now) + 1 if reset.isdecimal() else UNSAID


def said_in(data: Any) -> str:
    """A forge's own message: GitHub's `message` and `errors`, GitLab's `message` or `error`, of any shape."""
    if not isinstance(data, Mapping):
        return ""
    found = [data.get(key) for key in ("message", "errors", "error", "error_description")]
    texts = dict.fromkeys(text for part in found for text in _texts(part))
    joined = "; ".join("".join(letter if letter.isprintable() else " " for letter in text) for text in texts)
    return joined if len(joined) <= LONGEST else f"{joined[:LONGEST]}…"


def _texts(part: Any) -> list[str]:
    if isinstance(part, str):
        return [part.strip()] if part.strip() else []
    if isinstance(part, list):
        return [text for each in part[:5] for text in _texts(each)]
    if isinstance(part, Mapping):
        if isinstance(part.get("message"), str):
            return [part["message"]]
        return [f"{name} {text}" for name, each in list(part.items())[:5] for text in _texts(each)]
    return []


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        return None
