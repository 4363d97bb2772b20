"""TLS on a virtual router: every new connection is shown the certificate that the service names then."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from trueup.lab.authority import server_context
from trueup.lab.certificates import presented
from trueup.lab.machine import Machine
from trueup.lab.packets.service import certificate

SERVICE = "api-ssl"


class Presenting(ssl.SSLContext):
    """A server's context that stands for another at each handshake."""

    _machine: Machine
    _otherwise: ssl.SSLContext
    _issue: Callable[[str], Path]
    _made: tuple[str, ssl.SSLContext] | None

    @classmethod
    def over(cls, otherwise: ssl.SSLContext, machine: Machine, issue: Callable[[str], Path]) -> Presenting:
        """The certificate that the machine's api-ssl names; `otherwise` where it names none.

        `issue` makes up a certificate for a row that has none, and says in which file it is.
        """
        made = cls(ssl.PROTOCOL_TLS_SERVER)
        made._machine, made._otherwise, made._issue, made._made = machine, otherwise, issue, None
        return made

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        return self._now().wrap_bio(*args, **kwargs)

    def _now(self) -> ssl.SSLContext:
        pem = presented(self._machine, SERVICE)
        if not pem:
            return self._unmade(certificate(self._machine, SERVICE))
        if self._made is None or self._made[0] != pem:
            self._made = pem, _context(pem)
        return self._made[1]

    def _unmade(self, named: str | None) -> ssl.SSLContext:
        """TLS for a row without a certificate of its own; one that is gone makes every handshake fail."""
        if named is None:
            return self._otherwise
        if named.startswith("*"):
            return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        return server_context(None if named == "none" else self._issue(named))


def _context(pem: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with NamedTemporaryFile(suffix=".pem") as file:
        file.write(pem.encode())
        file.flush()
        context.load_cert_chain(file.name)
    return context
