"""The page's certificate, and the addresses on which it may do without one."""

from __future__ import annotations

import ssl
from pathlib import Path

from cryptography import x509

from trueup.errors import Problem, TrueupError
from trueup.web.names import is_loopback
from trueup_schemas.operate import Web


class PageError(TrueupError):
    """The page cannot be served as it is declared."""


def refuse_plain(settings: Web) -> None:
    """Raise PageError where the page would leave this machine without TLS."""
    if bool(settings.certificate) != bool(settings.key):
        missing = "key" if settings.certificate else "certificate"
        raise PageError(Problem(f"web: the {missing} is missing", "trueup.yaml", "declare both certificate and key"))
    if not settings.certificate and not is_loopback(settings.address):
        remedy = "declare `certificate` and `key` under `web`, or leave the address at 127.0.0.1"
        text = f"web: without TLS the page is not served on {settings.address}, where others could read passwords"
        raise PageError(Problem(text, "trueup.yaml", remedy))


def files_of(settings: Web, root: Path) -> tuple[Path, Path] | None:
    """Certificate and key, None without TLS."""
    if not settings.certificate or not settings.key:
        return None
    return root / Path(settings.certificate).expanduser(), root / Path(settings.key).expanduser()


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 or newer with this certificate; raises PageError where it cannot be used."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    load_pair(context, certificate, key)
    return context


def load_pair(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    """Use this certificate from the next connection on."""
    for file in (certificate, key):
        if not file.is_file():
            raise PageError(Problem("web: there is no such file", str(file), "correct `certificate` and `key`"))
    try:
        # An encrypted key must not ask for its password on a terminal.
        context.load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, OSError, ValueError) as error:
        text = f"web: certificate and key cannot be used: {getattr(error, 'reason', None) or error}"
        remedy = "both must be PEM, belong together, and the key be without a password"
        raise PageError(Problem(text, str(certificate), remedy)) from None


def certified_names(certificate: Path) -> list[str]:
    """The DNS names that a certificate is for; none where it cannot be read."""
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (OSError, ValueError, x509.ExtensionNotFound):
        return []
    return names.get_values_for_type(x509.DNSName)
