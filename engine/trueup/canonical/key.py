"""WireGuard private keys: as the router reads them back, with the bits set that Curve25519 asks for."""

from __future__ import annotations

import base64

from trueup.canonical.kind import ValueType
from trueup_schemas.catalogue.types import Property


def parse(_: Property, text: str) -> str:
    """The key clamped (RFC 7748, section 5); what is no key stays, for the router to refuse."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:
        return text
    if len(key) != 32:
        return text
    return base64.b64encode(bytes((key[0] & 248, *key[1:31], key[31] & 127 | 64))).decode()


PRIVATE_KEY = ValueType(parse, "private key", "a private key: 44 characters of base64")
