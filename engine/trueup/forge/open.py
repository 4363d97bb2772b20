"""From what trueup.yaml says of a forge to the forge itself."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from trueup.errors import ForgeError, Problem
from trueup.forge.answers import About
from trueup.forge.forge import Forge
from trueup.forge.github import GitHub
from trueup.forge.gitlab import GitLab
from trueup.forge.http import Http
from trueup.row import Secret
from trueup_schemas.operate import Forge as Declared

PATIENCE = 120.0
"""Seconds that one call may take in all, waiting for a rate limit's end included."""


def open_forge(declared: Declared, token: Secret, *, patience: float = PATIENCE) -> Forge:
    """The forge that is declared; nothing is sent yet. Raises ForgeError where the token may not be sent there."""
    about = About(declared.kind, declared.repository, declared.token.name)
    address = urlsplit(declared.api)
    plain = address.scheme == "http"
    if plain and not _on_loopback(address.hostname or ""):
        message = "forge: url: a token is never sent over http"
        raise ForgeError(Problem(message, about.where, "write https://, as the forge's own address begins"))
    value = token.reveal().strip()
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        remedy = f"put the token alone into the secret '{about.secret}'"
        raise ForgeError(Problem("the token is empty, or has letters that no token has", about.where, remedy))
    http = Http(declared.api, Secret(value), about, plain=plain, patience=patience)
    return GitHub(http, declared.repository) if declared.kind == "github" else GitLab(http, declared.repository)


def _on_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
