"""Words that must not get out, and every form in which they could."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

from fleet_room import Named

SECRETS = {
    "api": 'canary-api/pass word+7f3a"&<Ä>',
    "api-bad": "canary-wrong/password+bad1",
    "trueup/digest-key": "canary-digest+key/0123456789abcdef",
    "radius": "canary-radius/secret+51c2",
    "radius-new": "canary-radius/secret+new&",
    "wireguard": "cGNhbmFyeS13aXJlZ3VhcmQtcHJpdmF0ZS1rZXktMHA=",
    "guest": "canary-guest/password+9",
    "ppp": "canary-ppp/password+<4>",
    "forge/token": "canary-forge-token-5b1e",
    "forge/webhook": "canary-webhook/secret+a1",
}
"""By name; `notify/chat` comes when its stand-in has an address."""

BY_HAND = "canary-by-hand/secret+77"
"""A secret that somebody types into a router."""

PAGE = "canary page-password/+77é"
"""The password of a user of the page."""

CHAT = "canary-chat-token-9d4e"

PERSONAL = (
    "canary-person-alice", "canary-person-mail@guests.example", "02:CA:9A:12:9A:01", "+49 170 5550199 canary",
    "canary-person-dialer", "canary-person-caller", "10.99.77.66", "02:CA:9A:12:9A:02", "canary-person-bob",
    "canary-person-stranger", "canary-person-new", "canary-person-contact",
)  # fmt: skip

ROWS = {
    "/radius": [{"address": "10.0.0.5", "service": ["login"], "secret": Named("radius")}],
    "/interface/wireguard": [{"name": "wg", "listen-port": 13231, "private-key": Named("wireguard")}],
    "/ip/hotspot/user": [
        {"name": PERSONAL[0], "password": Named("guest"), "email": PERSONAL[1], "mac-address": PERSONAL[2],
         "comment": PERSONAL[3]},
    ],
    "/ppp/secret": [{"name": PERSONAL[4], "service": "pppoe", "password": Named("ppp"), "caller-id": PERSONAL[5]}],
    "/ip/dhcp-server/lease": [{"address": PERSONAL[6], "mac-address": PERSONAL[7], "comment": PERSONAL[3]}],
    "/snmp": {"contact": PERSONAL[11]},
}  # fmt: skip
"""What a router declares."""

CHANGED = {
    **ROWS,
    "/radius": [{"address": "10.0.0.5", "service": ["login"], "secret": Named("radius-new")}],
    "/ip/hotspot/user": [{"name": PERSONAL[8], "password": Named("radius-new"), "comment": PERSONAL[3]}],
    "/ppp/secret": [],
}
"""What a pull request makes of it."""

REPEATED = (
    f"failure: not {SECRETS['radius']}, {SECRETS['ppp']}, {BY_HAND} nor {', '.join((*PERSONAL[:6], PERSONAL[9]))}"
)
"""A refusal in which a router says all that it was ever told."""

OTHERS = {
    "/ip/hotspot/user": [{"name": name, "comment": PERSONAL[3]} for name in (PERSONAL[0], PERSONAL[8])],
    "/radius": CHANGED["/radius"],
}
"""What a router holds beside what a plan is about."""

REPEATED_TOO = f"failure: not {SECRETS['radius-new']} nor {PERSONAL[0]}, {PERSONAL[8]} ({PERSONAL[3]})"


def forms(word: str) -> set[bytes]:
    """A word as it would stand in texts, JSON, addresses, HTML, Markdown, hexadecimal and base64 at any offset."""
    data = word.encode()
    texts = {word, json.dumps(word)[1:-1], json.dumps(word, ensure_ascii=False)[1:-1], html.escape(word), quote(word)}
    texts |= {quote(word, safe=""), quote_plus(word), repr(word)[1:-1], data.hex(), html.escape(word, quote=False)}
    texts |= {json.dumps(json.dumps(word))[3:-3], word.lower(), word.upper()}
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + data).decode()
        texts.add(coded[-(-shift * 8 // 6) : len(coded) - 4])
    return {text.encode() for text in texts} | {data.decode().encode("utf-16-le")}


def found(outputs: Mapping[str, bytes], words: Iterable[str]) -> list[tuple[str, str, str]]:
    """Which outputs hold which words, with what stands around them."""
    wanted = [(word, form) for word in words for form in forms(word)]
    return [
        (name, word, data[max(0, data.index(form) - 60) : data.index(form) + 60].decode("utf-8", "replace"))
        for name, data in outputs.items()
        for word, form in wanted
        if form in data
    ]
