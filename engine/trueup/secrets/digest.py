"""Keyed digests, which stand for values that may not be written down."""

from __future__ import annotations

import hashlib
import hmac

from trueup.errors import Problem, SecretError
from trueup.row import Digester, Secret

SHORTEST = 16
"""The fewest characters of a digest key: a shorter one could be guessed from the digests in the audit repository."""


def digester(key: Secret) -> Digester:
    """HMAC-SHA-256 under `key`, 64 hex digits; raises SecretError where the key is too short to keep anything."""
    if len(key.reveal()) < SHORTEST:
        message = f"the digest key is shorter than {SHORTEST} characters"
        raise SecretError(Problem(message, remedy="make one with `openssl rand -hex 32`"))
    keyed = hmac.new(key.reveal().encode(errors="surrogateescape"), digestmod=hashlib.sha256)

    def digest(text: str) -> str:
        one = keyed.copy()
        one.update(text.encode(errors="surrogateescape"))
        return one.hexdigest()

    return digest
