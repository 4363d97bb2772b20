"""Names of secrets: what YAML and plans may hold instead of a secret's value."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SecretRef:
    """A secret's name in the stores, such as `radius/billing`; never its value."""

    name: str

    def __str__(self) -> str:
        return f"!secret {self.name}"


@dataclass(frozen=True, slots=True)
class PublicKeyOf:
    """The WireGuard public key (base64, 44 characters) of the private key that a secret holds."""

    private: SecretRef

    def __str__(self) -> str:
        return f"public key of {self.private}"


def variable(name: str) -> str:
    """The environment variable of a secret: radius/billing is in TRUEUP_SECRET_RADIUS_BILLING."""
    return "TRUEUP_SECRET_" + re.sub(r"[^A-Z0-9]+", "_", name.upper())
