"""WireGuard's keys."""

from __future__ import annotations

import base64
import binascii

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from trueup.errors import Problem, SecretError
from trueup.row import Secret


def public_key(private: Secret) -> str:
    """The public key (base64, 44 characters) of a WireGuard private key; raises SecretError for what is none."""
    try:
        raw = base64.b64decode(private.reveal(), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        message = "not a WireGuard private key, which is 44 characters of base64"
        raise SecretError(Problem(message, remedy="make one with `wg genkey`"))
    return base64.b64encode(X25519PrivateKey.from_private_bytes(raw).public_key().public_bytes_raw()).decode()
