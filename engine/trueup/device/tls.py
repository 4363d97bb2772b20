"""TLS towards routers: which certificate is believed, decided before any password is sent."""

from __future__ import annotations

import hashlib
import hmac
import ssl
from typing import Any

from trueup.device.target import Tls
from trueup.errors import Problem, RouterError


class Context(ssl.SSLContext):
    """A client's context that may expect another name than the host's, and knows whether a handshake was begun."""

    expected: str | None = None
    begun: bool = False

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        self.begun = True
        if self.expected:
            kwargs["server_hostname"] = self.expected
        return super().wrap_bio(*args, **kwargs)


def make_context(tls: Tls, server_name: str | None, where: str) -> Context | None:
    """The context for one connection; None for plain text. Raises RouterError where the CA file is no use."""
    if tls.mode == "off":
        return None
    context = Context(ssl.PROTOCOL_TLS_CLIENT)
    context.expected = server_name
    if tls.mode == "verify":
        _trust(context, tls, where)
        return context
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if tls.mode == "anonymous":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ADH:@SECLEVEL=0")
    return context


def _trust(context: Context, tls: Tls, where: str) -> None:
    if tls.ca is None:
        context.load_default_certs()
        return
    try:
        context.load_verify_locations(cafile=tls.ca)
    except (OSError, ssl.SSLError) as error:
        text = f"cannot use the CA file {tls.ca}: {error.strerror or error}"
        remedy = "`ca` under `tls` must name a readable file of PEM certificates"
        raise RouterError(Problem(text, where, remedy)) from None


def normal_fingerprint(text: str) -> str:
    """A SHA-256 fingerprint as 64 lower-case hex digits; raises ValueError."""
    digits = text.strip().lower().removeprefix("sha256:").replace(":", "")
    if len(digits) != 64 or not set(digits) <= set("0123456789abcdef"):
        raise ValueError("a SHA-256 fingerprint has 64 hexadecimal digits")
    return digits


def fingerprint(certificate: bytes | None) -> str:
    """A certificate's (DER) SHA-256 fingerprint, as it may be pinned."""
    return f"sha256:{hashlib.sha256(certificate).hexdigest()}" if certificate else "none at all"


def check_pin(tls: Tls, certificate: bytes | None, where: str) -> None:
    """Refuse a certificate (DER) whose fingerprint is not the pinned one; raises RouterError."""
    try:
        expected = normal_fingerprint(tls.fingerprint)
    except ValueError as error:
        raise RouterError(Problem(str(error), where, "correct `fingerprint` under `tls`")) from None
    found = fingerprint(certificate)
    if not hmac.compare_digest(f"sha256:{expected}", found):
        remedy = "if the router was given a new certificate, pin that one; else something else answers at this address"
        raise RouterError(Problem(f"another certificate: expected sha256:{expected}, got {found}", where, remedy))
