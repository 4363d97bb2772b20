"""Passwords as they are kept: salted and made slow to guess."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass

SHORTEST = 12
"""Characters; shorter passwords are refused."""

LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """scrypt's parameters: `log_n` decides memory (2 ** log_n * r * 128 bytes) and time, `p` time alone."""

    log_n: int = 15
    r: int = 8
    p: int = 3

    @property
    def memory(self) -> int:
        """Bytes."""
        return 128 * self.r * ((1 << self.log_n) + self.p + 2)

    @property
    def sound(self) -> bool:
        """Whether this is worth anything, and no more than a small machine can do."""
        return 10 <= self.log_n <= 20 and 1 <= self.r <= 32 and 1 <= self.p <= 16


DEFAULT = Cost()
"""32 MiB and three passes, as strong as OWASP's first choice in less memory (Password Storage Cheat Sheet, 2024)."""

_DIGEST = 32


def hash_password(password: str, cost: Cost = DEFAULT) -> str:
    """`scrypt LOG-N R P SALT HASH`, with a new salt."""
    salt = os.urandom(16)
    made = _derive(password, salt, cost)
    return f"scrypt {cost.log_n} {cost.r} {cost.p} {_text(salt)} {_text(made)}"


def check_password(password: str, kept: str) -> bool:
    """Whether this is the password that was kept; takes as long for a wrong one, and False where `kept` is no hash."""
    parts = _parse(kept)
    if parts is None or len(password) > LONGEST:
        return False
    cost, salt, digest = parts
    return hmac.compare_digest(_derive(password, salt, cost), digest)


def is_hash(kept: str) -> bool:
    """Whether `hash_password` could have made this."""
    return _parse(kept) is not None


def _derive(password: str, salt: bytes, cost: Cost) -> bytes:
    data = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(data, salt=salt, n=2**cost.log_n, r=cost.r, p=cost.p, maxmem=2 * cost.memory, dklen=_DIGEST)


def _parse(kept: str) -> tuple[Cost, bytes, bytes] | None:
    parts = kept.split(" ")
    if len(parts) != 6 or parts[0] != "scrypt":
        return None
    try:
        cost = Cost(*map(int, parts[1:4]))
        salt, digest = (base64.b64decode(each, validate=True) for each in parts[4:])
    except (ValueError, binascii.Error):
        return None
    return (cost, salt, digest) if cost.sound and len(digest) == _DIGEST and len(salt) >= 8 else None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
