"""Policies: what users of a group may do."""

from __future__ import annotations

from collections.abc import Collection

POLICIES = (
    *("local", "telnet", "ssh", "ftp", "reboot", "read", "write", "policy", "test", "winbox", "password", "web"),
    *("sniff", "sensitive", "api", "romon", "rest-api"),
)
"""In the order in which groups list them."""

EVERY_POLICY = frozenset(POLICIES)


def partition(policy: str, known: Collection[str] = POLICIES) -> str:
    """Every known policy once, the ones not granted with `!`, behind (terraform-provider-routeros #544)."""
    granted = {word for word in policy.split(",") if word and not word.startswith("!")}
    every = [p for p in POLICIES if p in known] + [p for p in known if p not in POLICIES]
    return ",".join([*(p for p in every if p in granted), *(f"!{p}" for p in every if p not in granted)])
