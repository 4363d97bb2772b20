"""TLS on a virtual router: every new connection is shown the certificate that the service names then."""

from __future__ import annotations

import ssl
from tempfile import NamedTemporaryFile
from typing import Any

from trueup.lab.certificates import presented
from trueup.lab.machine import Machine

SERVICE = "api-ssl"


class Presenting(ssl.SSLContext):
    """A server's context that stands for another at each handshake."""

    _machine: Machine
    _otherwise: ssl.SSLContext
    _made: tuple[str, ssl.SSLContext] | None

    @classmethod
    def over(cls, otherwise: ssl.SSLContext, machine: Machine) -> Presenting:
        """The certificate that the machine's api-ssl names; `otherwise` where it names none."""
        made = cls(ssl.PROTOCOL_TLS_SERVER)
        made._machine, made._otherwise, made._made = machine, otherwise, None
        return made

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        return self._now().wrap_bio(*args, **kwargs)

    def _now(self) -> ssl.SSLContext:
        pem = presented(self._machine, SERVICE)
        if not pem:
            return self._otherwise
        if self._made is None or self._made[0] != pem:
            self._made = pem, _context(pem)
        return self._made[1]


def _context(pem: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with NamedTemporaryFile(suffix=".pem") as file:
        file.write(pem.encode())
        file.flush()
        context.load_cert_chain(file.name)
    return context
