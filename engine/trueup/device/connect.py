"""Reaching a router: hosts in order, TLS checked before the password is sent, every failure explained."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator

from librouteros import async_create_transport

from trueup.device.login import Wire, log_in
from trueup.device.mux import CLOSING, Mux
from trueup.device.session import Session
from trueup.device.target import Target, Tls
from trueup.device.tls import Context, check_pin, fingerprint, make_context
from trueup.device.words import Garbled
from trueup.errors import Problem, RouterError

KEEPALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}
"""Seconds and tries after which a silent peer counts as gone; RouterOS itself says nothing on an idle session."""


class LoginRefused(RouterError):
    """The router was reached and said no; trying its other addresses would only repeat the wrong password."""


@contextlib.asynccontextmanager
async def connect(target: Target) -> AsyncIterator[Session]:
    """A logged-in session with the first host that answers; raises RouterError with every host's reason."""
    session = await _first(target)
    try:
        yield session
    finally:
        await session.close()


async def _first(target: Target) -> Session:
    problems: list[Problem] = []
    for host in target.hosts:
        try:
            return await _open(target, host)
        except LoginRefused:
            raise
        except RouterError as error:
            problems.extend(error.problems)
    raise RouterError(problems or Problem("no host to connect to", target.name, "give `hosts` under `connect`"))


async def _open(target: Target, host: str) -> Session:
    port = target.port or target.tls.port
    where = f"{target.name} ({host}:{port})"
    context = make_context(target.tls, target.server_name, where)
    reader, writer = await _reach(target, host, port, context, where)
    try:
        if target.tls.mode == "pin":
            check_pin(target.tls, writer.get_extra_info("ssl_object").getpeercert(binary_form=True), where)
        _keep_alive(writer)
        wire = Wire(reader, writer)
        await _greet(wire, target, where)
    except BaseException:
        await _hang_up(writer)
        raise
    ends = (_address(writer, "sockname"), _address(writer, "peername"))
    return Session(target.name, host, Mux(reader, writer, where, wire.decoder), ends)


def _address(writer: StreamWriter, end: str) -> str:
    """The address of one end of the connection, "" where it is not known."""
    found = writer.get_extra_info(end)
    return str(found[0]) if found else ""


async def _reach(
    target: Target, host: str, port: int, context: Context | None, where: str
) -> tuple[StreamReader, StreamWriter]:
    """TCP and TLS, or a RouterError that says what is wrong and what to do."""
    try:
        transport = await async_create_transport(
            host, port=port, saddr=None, timeout=target.timeout, ssl_wrapper=context
        )
    except ssl.SSLCertVerificationError as error:
        found = await _fingerprint(target, host, port, where)
        reason = f"the certificate cannot be trusted: {error.verify_message}; its fingerprint is {found}"
        remedy = "name its CA with `tls: {ca: FILE}` or its name with `server-name`; or, if the router's own"
        remedy += " `/certificate print detail` shows that fingerprint, pin it with `tls: {fingerprint: ...}`"
        raise RouterError(Problem(reason, where, remedy)) from None
    except (OSError, TimeoutError) as error:
        problem = _explain_tls(error, target, where) if context and context.begun else _explain(error, target, where)
        raise RouterError(problem) from None
    return transport.reader, transport.writer


async def _fingerprint(target: Target, host: str, port: int, where: str) -> str:
    """The fingerprint of the certificate there, for the operator to compare; nothing is said to the router."""
    context = make_context(Tls("pin"), None, where)
    try:
        transport = await async_create_transport(
            host, port=port, saddr=None, timeout=target.timeout, ssl_wrapper=context
        )
    except (OSError, TimeoutError):
        return "not known"
    certificate = transport.writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    await _hang_up(transport.writer)
    return fingerprint(certificate)


def _explain(error: OSError, target: Target, where: str) -> Problem:
    """Why there is no TCP connection."""
    service = "api" if target.tls.mode == "off" else "api-ssl"
    if isinstance(error, TimeoutError):
        remedy = "is the router up, and does its firewall let us in?"
        return Problem(f"no answer within {target.timeout:g} s", where, remedy)
    if isinstance(error, ConnectionRefusedError):
        return Problem("connection refused", where, f"is the service `{service}` enabled on the router, on this port?")
    if isinstance(error, socket.gaierror):
        return Problem("the name cannot be resolved", where, "correct `hosts`, or give an address")
    return Problem(f"cannot be reached: {error.strerror or error}", where, "check the address and the route to it")


def _explain_tls(error: OSError, target: Target, where: str) -> Problem:
    """Why TLS did not come about on a connection that did."""
    if isinstance(error, TimeoutError):
        reason = f"TLS did not come about within {target.timeout:g} s"
    elif isinstance(error, ssl.SSLError) and error.reason == "WRONG_VERSION_NUMBER":
        reason = "what answers on this port does not speak TLS"
    elif isinstance(error, ssl.SSLError) and "EOF" not in str(error.reason):
        reason = f"TLS failed: {(error.reason or str(error)).lower().replace('_', ' ')}"
    else:
        reason = "the connection was closed before TLS came about"
    remedy = "is this the port of `api-ssl`, does that have a certificate, and does its `address` let us in?"
    return Problem(reason, where, remedy)


async def _greet(wire: Wire, target: Target, where: str) -> None:
    """Log in, or say why that failed."""
    try:
        async with asyncio.timeout(target.timeout):
            await log_in(wire, target, where)
    except RouterError as error:
        raise LoginRefused(error.problems) from None
    except TimeoutError:
        remedy = "is this the port of the API, and is the router not overloaded?"
        raise RouterError(Problem(f"no answer to the login within {target.timeout:g} s", where, remedy)) from None
    except Garbled as error:
        remedy = "give the port of the API: `api-ssl` (8729), or `api` (8728) with `tls: off`"
        raise RouterError(Problem(str(error), where, remedy)) from None
    except (EOFError, OSError) as error:
        inside = f" {error}" if isinstance(error, EOFError) and str(error) else ""
        remedy = "does the service's `address` on the router let us in, and is this the right port for this `tls`?"
        raise RouterError(Problem(f"the connection was closed at once{inside}", where, remedy)) from None


def _keep_alive(writer: StreamWriter) -> None:
    """Have the system notice a peer that is gone without a word; asyncio has set TCP_NODELAY already."""
    stream = writer.get_extra_info("socket")
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in KEEPALIVE.items():
        if option := getattr(socket, name, None):
            stream.setsockopt(socket.IPPROTO_TCP, option, value)


async def _hang_up(writer: StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        await asyncio.wait_for(writer.wait_closed(), CLOSING)
