"""Webhooks: only a delivery that the forge signed has the remote asked, and nothing else of it is believed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from trueup.daemon.webhook import AT_MOST, FOR, IN, LONGEST, SKEW, Webhook
from trueup.row import Secret

CANARY = "canary-webhook-secret-11aa"
RAW = b"0123456789abcdef0123456789abcdef"
SIGNING = "whsec_" + base64.b64encode(RAW).decode()
PUSH = json.dumps({"ref": "refs/heads/main", "after": "c0ffee"}).encode()
CLOCK = 1_800_000_000.0


class Hooked:
    """A webhook with a clock of its own, which counts how often the remote would be asked."""

    def __init__(self, secret: str | None = CANARY) -> None:
        self.woken, self.clock = 0, CLOCK
        self.hook = Webhook(Secret(secret) if secret is not None else None, "main", self.wake, lambda: self.clock)

    def wake(self) -> None:
        self.woken += 1

    def send(self, path: str, headers: Mapping[str, str], body: bytes = PUSH, method: str = "POST") -> int:
        told = {"Content-Length": str(len(body)), **headers}
        answer = self.hook.answer(method, path, told, body)
        assert CANARY not in repr(answer)
        return answer.status


def github(body: bytes = PUSH, secret: str = CANARY, event: str = "push", **more: str) -> dict[str, str]:
    mac = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={mac}", "X-GitHub-Event": event, "X-GitHub-Delivery": "a-b-c", **more}


def gitlab(token: str = CANARY, event: str = "Push Hook", **more: str) -> dict[str, str]:
    return {"X-Gitlab-Token": token, "X-Gitlab-Event": event, **more}


def signed(body: bytes = PUSH, key: bytes = RAW, when: float = CLOCK, id: str = "msg-1") -> dict[str, str]:
    mac = hmac.new(key, f"{id}.{int(when)}.".encode() + body, hashlib.sha256).digest()
    names = {"webhook-id": id, "webhook-timestamp": str(int(when))}
    return {**names, "webhook-signature": "v1," + base64.b64encode(mac).decode(), "X-Gitlab-Event": "Push Hook"}


def test_the_forges_own_examples_of_a_signature():
    """GitHub's documentation gives this secret, body and signature to test against."""
    hooked = Hooked("It's a Secret to Everybody")
    due = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    headers = {"x-hub-signature-256": due, "x-github-event": "ping"}
    assert hooked.send("/hooks/github", headers, b"Hello, World!") == 202
    assert hooked.send("/hooks/github", headers, b"Hello, World?") == 401


@pytest.mark.parametrize(
    ("path", "headers"), [("/hooks/github", github()), ("/hooks/gitlab", gitlab()), ("/hooks/gitlab", signed())]
)
def test_a_push_to_the_branch_has_the_remote_asked(path, headers):
    hooked = Hooked(SIGNING if "webhook-id" in headers else CANARY)
    assert hooked.send(path, headers) == 202
    assert hooked.woken == 1


def test_a_push_sent_as_a_form_counts_too():
    hooked, body = Hooked(), urlencode({"payload": PUSH.decode()}).encode()
    headers = github(body) | {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert hooked.send("/hooks/github", headers, body) == 202
    assert hooked.woken == 1


@pytest.mark.parametrize(
    "headers",
    [
        {},
        github(secret="another"),
        github(b"another body"),
        github() | {"X-Hub-Signature-256": "sha256="},
        github() | {"X-Hub-Signature-256": ""},
        github() | {"X-Hub-Signature-256": github()["X-Hub-Signature-256"].removeprefix("sha256=")},
        github() | {"X-Hub-Signature-256": "\u00e9\udcff"},
        {"X-Hub-Signature": "sha1=00", "X-GitHub-Event": "push"},
        gitlab(),
        signed(),
    ],
)
def test_githubs_path_wants_githubs_signature(headers):
    hooked = Hooked()
    assert hooked.send("/hooks/github", headers) == 401
    assert hooked.woken == 0


@pytest.mark.parametrize("headers", [gitlab(""), gitlab("canary"), gitlab(CANARY + "x"), github(), signed(), {}])
def test_gitlabs_path_wants_gitlabs_token(headers):
    hooked = Hooked()
    assert hooked.send("/hooks/gitlab", headers) == 401
    assert hooked.woken == 0


@pytest.mark.parametrize(
    "headers",
    [
        gitlab(SIGNING),
        signed(b"another body"),
        signed(key=b"another key"),
        signed(when=CLOCK - SKEW - 1),
        signed(when=CLOCK + SKEW + 1),
        signed() | {"webhook-timestamp": str(int(CLOCK) + 1)},
        signed() | {"webhook-timestamp": "9" * 400},
        signed() | {"webhook-timestamp": "now"},
        signed() | {"webhook-id": "msg-2"},
        signed() | {"webhook-signature": "v1,"},
    ],
)
def test_a_signing_token_is_never_taken_as_a_plain_one_and_signs_time_and_id(headers):
    hooked = Hooked(SIGNING)
    assert hooked.send("/hooks/gitlab", headers) == 401
    assert hooked.woken == 0


def test_one_of_several_signatures_is_enough():
    hooked, headers = Hooked(SIGNING), signed()
    assert (
        hooked.send("/hooks/gitlab", headers | {"webhook-signature": "v1,AAAA " + headers["webhook-signature"]}) == 202
    )
    assert hooked.woken == 1
    assert Hooked("whsec_???").send("/hooks/gitlab", headers) == 401


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("ping", b"{}"),
        ("pull_request", PUSH),
        ("push", b'{"ref": "refs/heads/topic"}'),
        ("push", b'{"ref": "refs/tags/main"}'),
    ],
)
def test_what_is_not_about_the_branch_is_taken_and_left(event, body):
    hooked = Hooked()
    assert hooked.send("/hooks/github", github(body, event=event), body) == 202
    assert hooked.woken == 0


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"ref": 7}', b"\xff\xfe", b"[" * 100_000, b'{"ref": ' * 50_000], ids=range(7)
)
def test_a_signed_body_that_is_no_push_is_a_bad_request(body):
    hooked = Hooked()
    assert hooked.send("/hooks/github", github(body), body) == 400
    assert hooked.woken == 0
    headers = github()
    del headers["X-GitHub-Event"]
    assert hooked.send("/hooks/github", headers) == 400


def test_ten_megabytes_are_refused_before_they_are_read():
    hooked = Hooked()
    told = github() | {"Content-Length": str(10 * 1024 * 1024)}
    refused = hooked.hook.refuse("POST", "/hooks/github", told)
    assert refused is not None
    assert refused.status == 413
    assert refused.headers["connection"] == "close"
    for length, status in (("", 411), ("many", 411), ("-1", 411), ("9" * 500, 413)):
        answer = hooked.hook.refuse("POST", "/hooks/github", github() | {"Content-Length": length})
        assert answer is not None
        assert answer.status == status
    body = b"x" * (LONGEST + 1)
    lying = github(body) | {"Content-Length": "10"}
    assert hooked.hook.answer("POST", "/hooks/github", lying, body).status == 413
    assert hooked.woken == 0


def test_without_a_secret_there_is_no_webhook():
    for secret in (None, ""):
        hooked = Hooked(secret)
        mac = github(secret="")
        assert hooked.send("/hooks/github", mac) == 404
        assert hooked.send("/hooks/gitlab", gitlab("")) == 404
        assert hooked.woken == 0
    assert Hooked().send("/hooks/other", github()) == 404
    assert Hooked().send("/hooks/github", github(), method="GET") == 405


def test_the_same_delivery_again_does_nothing_whatever_its_id_says_now():
    hooked = Hooked()
    assert hooked.send("/hooks/github", github()) == 202
    assert hooked.send("/hooks/github", github() | {"X-GitHub-Delivery": "d-e-f"}) == 202
    assert hooked.woken == 1
    other = PUSH.replace(b"c0ffee", b"facade")
    assert hooked.send("/hooks/github", github(other), other) == 202
    assert hooked.woken == 2
    hooked.clock += FOR + 1
    assert hooked.send("/hooks/github", github()) == 202
    assert hooked.woken == 3


def test_a_flood_is_limited_and_over_after_a_while():
    hooked = Hooked()
    bodies = [json.dumps({"ref": "refs/heads/main", "after": n}).encode() for n in range(AT_MOST + 10)]
    answers = [hooked.send("/hooks/github", github(body), body) for body in bodies]
    assert answers.count(429) == 10
    assert hooked.woken == AT_MOST
    hooked.clock += IN + 1
    body = b'{"ref": "refs/heads/main", "after": "later"}'
    assert hooked.send("/hooks/github", github(body), body) == 202


def test_forged_deliveries_keep_nobody_out():
    hooked = Hooked()
    for _ in range(AT_MOST * 3):
        assert hooked.send("/hooks/github", github(secret="guess")) == 401
    assert hooked.send("/hooks/github", github()) == 202
    assert hooked.woken == 1


def test_a_new_secret_and_another_branch_count_at_once():
    hooked = Hooked()
    hooked.hook.secret, hooked.hook.branch = Secret("another"), "live"
    assert hooked.send("/hooks/github", github()) == 401
    body = b'{"ref": "refs/heads/live"}'
    assert hooked.send("/hooks/github", github(body, "another"), body) == 202
    assert hooked.woken == 1
