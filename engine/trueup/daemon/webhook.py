"""A forge says that the branch has moved: verified, and believed no more than that, so the remote is asked at once.

GitHub signs the body (X-Hub-Signature-256). GitLab sends the secret itself (X-Gitlab-Token), or, where the secret is a
signing token (whsec_…), signs the message's id, time and body as Standard Webhooks has it (webhook-signature).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from trueup.daemon.response import Response, plain
from trueup.row import Secret

LONGEST = 2 * 1024 * 1024
"""Bytes of a body: more than a push has, unless it has thousands of commits, which polling then finds."""

SKEW = 300.0
"""Seconds that a signed time may be off."""

REMEMBERED, FOR = 1000, 3600.0
"""Deliveries that are known when they come again, and for how many seconds."""

AT_MOST, IN = 60, 60.0
"""Verified deliveries that are taken within so many seconds."""

SIGNING = "whsec_"
FORGES = {"/hooks/github": ("x-github-event", "push"), "/hooks/gitlab": ("x-gitlab-event", "Push Hook")}
"""By path: the header that names the event, and the event that matters."""


class Webhook:
    """Answers deliveries; a new `secret` or `branch` counts at once. Without a secret there is no webhook."""

    def __init__(
        self, secret: Secret | None, branch: str, wake: Callable[[], None], now: Callable[[], float] = time.time
    ) -> None:
        self.secret, self.branch = secret, branch
        self._wake, self._now = wake, now
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._taken: list[float] = []

    def refuse(self, method: str, path: str, headers: Mapping[str, str]) -> Response | None:
        """Why a request is refused before its body is read; None where the body is wanted."""
        if path not in FORGES or self.secret is None or not self.secret.reveal():
            return plain(404, "there is no webhook here")
        if method != "POST":
            return plain(405, "a delivery is a POST", allow="POST")
        told = _lower(headers)
        length = told.get("content-length", "")
        if not length.isascii() or not length.isdigit():
            return plain(411, "a delivery says how long it is")
        if len(length) > 12 or int(length) > LONGEST:
            return plain(413, f"a delivery has at most {LONGEST} bytes", connection="close")
        if not any(name in told for name in ("x-hub-signature-256", "x-gitlab-token", "webhook-signature")):
            return plain(401, "the delivery is not signed")
        return None

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Verify a delivery and have the remote asked where it tells of the branch; never raises."""
        refused = self.refuse(method, path, headers)
        if refused is not None:
            return refused
        if len(body) > LONGEST:
            return plain(413, f"a delivery has at most {LONGEST} bytes", connection="close")
        told = _lower(headers)
        verified = self._github(told, body) if path.endswith("github") else self._gitlab(told, body)
        if not verified:
            return plain(401, "the signature is wrong")
        return self._take(path, told, body)

    def _take(self, path: str, told: Mapping[str, str], body: bytes) -> Response:
        """Answer a verified delivery."""
        header, wanted = FORGES[path]
        event = told.get(header, "")
        if not event:
            return plain(400, f"a delivery has the header {header}")
        if event != wanted:
            return plain(202, "pong" if event == "ping" else "nothing to do")
        try:
            ref = _ref(told, body)
        except ValueError:
            return plain(400, "the body is no push")
        if ref != f"refs/heads/{self.branch}":
            return plain(202, "another branch")
        if self._again(told, body):
            return plain(202, "seen already")
        if not self._may():
            return plain(429, "too many deliveries", retry_after="60")
        self._wake()
        return plain(202, "looking")

    def _github(self, told: Mapping[str, str], body: bytes) -> bool:
        return _same(told.get("x-hub-signature-256", ""), "sha256=" + _mac(self._key(), body).hex())

    def _gitlab(self, told: Mapping[str, str], body: bytes) -> bool:
        text = self._key().decode(errors="replace")
        if not text.startswith(SIGNING):
            return _same(told.get("x-gitlab-token", ""), text)
        when = told.get("webhook-timestamp", "")
        if not when.isascii() or not when.isdigit() or abs(self._now() - int(when[:12])) > SKEW:
            return False
        try:
            key = base64.b64decode(text.removeprefix(SIGNING), validate=True)
        except (binascii.Error, ValueError):
            return False
        message = f"{told.get('webhook-id', '')}.{when}.".encode(errors="replace") + body
        due = "v1," + base64.b64encode(_mac(key, message)).decode()
        return any(_same(given, due) for given in told.get("webhook-signature", "").split())

    def _key(self) -> bytes:
        return self.secret.reveal().encode(errors="surrogateescape") if self.secret is not None else b""

    def _again(self, told: Mapping[str, str], body: bytes) -> bool:
        """Whether this very delivery was taken already: its id is not signed by GitHub, its body is."""
        now = self._now()
        while self._seen and (len(self._seen) > REMEMBERED or next(iter(self._seen.values())) < now - FOR):
            self._seen.popitem(last=False)
        ids = told.get("webhook-id", "") or told.get("x-gitlab-event-uuid", "")
        known = hashlib.sha256(ids.encode(errors="replace") + b"\0" + body).hexdigest()
        if known in self._seen:
            return True
        self._seen[known] = now
        return False

    def _may(self) -> bool:
        now = self._now()
        self._taken = [when for when in self._taken if when > now - IN]
        if len(self._taken) >= AT_MOST:
            return False
        self._taken.append(now)
        return True


def _ref(told: Mapping[str, str], body: bytes) -> str:
    """The branch that a push is about; ValueError where the body is none."""
    text = body.decode()
    if told.get("content-type", "").partition(";")[0].strip() == "application/x-www-form-urlencoded":
        text = parse_qs(text, max_num_fields=8).get("payload", [""])[0]
    try:
        document = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    ref = document.get("ref") if isinstance(document, dict) else None
    if not isinstance(ref, str):
        raise ValueError("no ref")
    return ref


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def _same(given: str, due: str) -> bool:
    """Compared in a time that tells nothing of where they differ."""
    return hmac.compare_digest(given.encode(errors="replace"), due.encode(errors="replace"))
