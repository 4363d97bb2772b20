"""Reaching a router: each way it can fail says where and what to do, and the password goes to nobody else."""

from __future__ import annotations

import asyncio
import base64
import errno
import hashlib
import logging
import socket
import ssl
from binascii import unhexlify
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from scripted_router import PASSWORD, PLAIN, Peer, scripted

from trueup.device.connect import connect
from trueup.device.target import Tls
from trueup.errors import RouterError
from trueup.row import Secret

OAKLEY_2 = (
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b"
    "302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe6"
    "49286651ece65381ffffffffffffffff"
)
"""The prime of RFC 2409's second group: a server without a certificate needs one."""


async def modern(peer: Peer) -> None:
    words = await peer.hear()
    right = f"=password={PASSWORD}" in words
    if not right:
        peer.say("!trap", "=message=invalid user name or password (6)")
    peer.say("!done")
    await peer.reader.read()


def attempt(script, tls=None, **changes) -> object:
    """Connect once to a scripted router; what it heard, or the RouterError."""

    async def go():
        async with scripted(script, tls) as router:
            try:
                async with connect(router.target(**changes)):
                    return router.peers[-1].heard
            except RouterError as error:
                return error

    result = asyncio.run(asyncio.wait_for(go(), 20))
    if isinstance(result, RouterError):
        assert "edge-1 (127.0.0.1:" in str(result) or "hosts" in changes
        assert PASSWORD not in str(result)
        assert all(problem.remedy for problem in result.problems), "it says what to do"
    return result


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "edge-1")])
    start = datetime.now(UTC) - timedelta(days=1)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("edge-1.example")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + timedelta(days=30))
    built = builder.add_extension(names, False).add_extension(x509.BasicConstraints(True, 0), True)
    path = tmp_path_factory.mktemp("tls") / "router.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


def serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def fingerprint(certificate: Path) -> str:
    return hashlib.sha256(
        ssl.PEM_cert_to_DER_cert(certificate.read_text().partition("-----END PRIVATE KEY-----\n")[2])
    ).hexdigest()


def test_the_plain_login():
    assert attempt(modern) == [["/login", "=name=trueup", f"=password={PASSWORD}"]]


@pytest.mark.parametrize("password", ["00123", "yes", "true", "a=b", "\udcfcber"])
def test_a_password_is_sent_byte_by_byte_as_it_is(password):
    async def script(peer: Peer):
        raw = await peer.reader.read(200)
        assert b"=password=" + password.encode("utf-8", "surrogateescape") + b"\x00" in raw
        peer.say("!done")
        await peer.reader.read()

    assert attempt(script, password=Secret(password)) == []


def test_the_login_before_6_43():
    challenge = "0123456789abcdef0123456789abcdef"
    expected = hashlib.md5(b"\x00" + b"old-password" + unhexlify(challenge), usedforsecurity=False).hexdigest()

    async def old(peer: Peer):
        await peer.hear()
        peer.say("!done", f"=ret={challenge}")
        assert await peer.hear() == ["/login"]
        peer.say("!done", f"=ret={challenge}")
        assert await peer.hear() == ["/login", "=name=trueup", f"=response=00{expected}"]
        peer.say("!done")
        await peer.reader.read()

    assert isinstance(attempt(old, password=Secret("old-password")), list)
    assert "ASCII" in str(attempt(old_challenge_only))


async def old_challenge_only(peer: Peer) -> None:
    for _ in range(2):
        await peer.hear()
        peer.say("!done", "=ret=0123456789abcdef0123456789abcdef")
    await peer.reader.read()


@pytest.mark.parametrize("text", ["invalid user name or password (6)", "cannot log in", f"bad password {PASSWORD}"])
def test_a_wrong_password_is_told_in_the_routers_words_and_not_tried_elsewhere(text):
    async def script(peer: Peer):
        await peer.hear()
        peer.say("!trap", f"=message={text}")
        peer.say("!done")
        await peer.reader.read()

    async def go():
        async with scripted(script) as router:
            with pytest.raises(RouterError, match="refused the login") as caught:
                async with connect(router.target(hosts=("127.0.0.1", "127.0.0.1"))):
                    pass
            assert len(router.peers) == 1
            return str(caught.value)

    message = asyncio.run(go())
    assert text.replace(PASSWORD, "(hidden)") in message
    assert "username` (trueup)" in message


def test_refused():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = attempt(modern, port=unused.getsockname()[1])
    assert "connection refused" in str(error)
    assert "`api` enabled" in str(error)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (TimeoutError(), "no answer within 5 s; is the router up"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "cannot be reached: No route to host; check the address"),
        (OSError("Multiple exceptions: a, b"), "cannot be reached: Multiple exceptions"),
    ],
)
def test_unreachable(error, text, monkeypatch):
    async def fail(*_, **__):
        raise error

    monkeypatch.setattr(asyncio, "open_connection", fail)
    assert text in str(attempt(modern))


def test_a_name_that_does_not_exist(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "cannot be resolved" in str(attempt(modern, hosts=("router.invalid",)))


def test_no_host_at_all():
    assert "give `hosts`" in str(attempt(modern, hosts=()))


def test_hosts_are_tried_in_order_and_each_gives_its_reason():
    async def go():
        async with scripted(modern) as router:
            async with connect(router.target(hosts=("127.0.0.2", "127.0.0.1"))) as session:
                assert session.host == "127.0.0.1"
            with pytest.raises(RouterError) as caught:
                async with connect(router.target(hosts=("127.0.0.3", "127.0.0.2"))):
                    pass
            return caught.value.problems

    first, second = asyncio.run(go())
    assert "127.0.0.3" in str(first)
    assert "127.0.0.2" in str(second)


async def silence(peer: Peer) -> None:
    await peer.reader.read()


async def close_at_once(peer: Peer) -> None:
    return


async def close_inside(peer: Peer) -> None:
    await peer.hear()
    peer.writer.write(b"\x05!do")


async def answer_with_fatal(peer: Peer) -> None:
    await peer.hear()
    peer.say("!fatal", "too many sessions")
    await peer.reader.read()


def garbage(data: bytes):
    async def script(peer: Peer) -> None:
        peer.writer.write(data)
        await peer.reader.read()

    return script


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (silence, "no answer to the login within 0.2 s"),
        (close_at_once, "closed at once; does the service's `address`"),
        (close_inside, "closed at once in the middle of a sentence"),
        (answer_with_fatal, "refused the login: too many sessions"),
        (garbage(b"SSH-2.0-ROSSSH\r\n"), "an SSH server answers"),
        (garbage(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "a web server answers"),
        (garbage(bytes(range(200, 256))), "not the RouterOS API"),
        (garbage(b"\x05hello\x00"), "not the RouterOS API"),
        (garbage(b"\x05!what\x00"), "begins with no reply word"),
    ],
)
def test_what_answers_wrongly_is_named(script, text):
    assert text in str(attempt(script, timeout=0.2 if script is silence else 5.0))


def test_plain_text_on_the_tls_port(certificate):
    assert "right port for this `tls`" in str(attempt(modern, serving(certificate)))
    assert "TLS answers on this port" in str(attempt(garbage(bytes.fromhex("15030300020246"))))


@pytest.mark.parametrize(
    ("script", "text"),
    [
        (silence, "TLS did not come about within 0.2 s"),
        (close_at_once, "closed before TLS came about"),
        (garbage(b"\x06!fatal\x00"), "does not speak TLS"),
    ],
)
def test_tls_on_the_plain_port(script, text):
    error = asyncio.run(over_tls(script, 0.2 if script is silence else 5.0))
    assert text in str(error)
    assert "`api-ssl`" in str(error)


async def over_tls(script, timeout: float) -> RouterError:
    async with scripted(script) as router:
        with pytest.raises(RouterError) as caught:
            async with connect(router.target(tls=Tls(), timeout=timeout)):
                pass
        return caught.value


async def reach(certificate: Path, tls: Tls, **changes: object) -> list[list[str]]:
    """Log in over TLS; what the router heard."""
    async with scripted(modern, serving(certificate)) as router:
        try:
            async with connect(router.target(tls=tls, **changes)):
                return router.peers[0].heard
        except RouterError:
            assert all(not peer.heard for peer in router.peers), "nothing is said to a router that isn't believed"
            raise


def test_a_certificate_of_a_trusted_ca(certificate):
    assert asyncio.run(reach(certificate, Tls(ca=certificate)))


def test_a_certificate_that_names_something_else_than_the_host(certificate):
    assert asyncio.run(reach(certificate, Tls(ca=certificate), server_name="edge-1.example"))
    with pytest.raises(RouterError, match=r"cannot be trusted.*edge-2\.example.*server-name"):
        asyncio.run(reach(certificate, Tls(ca=certificate), server_name="edge-2.example"))


def test_an_untrusted_certificates_fingerprint_is_told_and_can_be_pinned(certificate):
    with pytest.raises(RouterError, match=f"its fingerprint is sha256:{fingerprint(certificate)}; "):
        asyncio.run(reach(certificate, Tls()))


def test_a_certificate_of_nobody_is_refused_by_default(certificate):
    with pytest.raises(RouterError, match=r"cannot be trusted: self.signed certificate.*fingerprint"):
        asyncio.run(reach(certificate, Tls()))


def test_a_ca_file_that_is_missing_or_no_pem(certificate, tmp_path):
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for path in (tmp_path / "missing.pem", empty):
        with pytest.raises(RouterError, match="cannot use the CA file"):
            asyncio.run(reach(certificate, Tls(ca=path)))


def test_a_pinned_certificate(certificate):
    digits = fingerprint(certificate)
    colons = ":".join(digits[n : n + 2] for n in range(0, 64, 2)).upper()
    for text in (digits, f"sha256:{digits}", colons):
        assert asyncio.run(reach(certificate, Tls("pin", fingerprint=text)))


def test_another_certificate_than_the_pinned_one_is_refused_before_the_password_is_sent(certificate):
    with pytest.raises(RouterError) as caught:
        asyncio.run(reach(certificate, Tls("pin", fingerprint="ab" * 32)))
    assert f"expected sha256:{'ab' * 32}, got sha256:{fingerprint(certificate)}" in str(caught.value)


def test_a_pin_that_is_none(certificate):
    with pytest.raises(RouterError, match="64 hexadecimal digits"):
        asyncio.run(reach(certificate, Tls("pin", fingerprint="ab:cd")))


def test_anonymous_tls_only_when_asked_for(tmp_path):
    parameters = tmp_path / "dh.pem"
    body = base64.b64encode(bytes.fromhex(f"30818702818100{OAKLEY_2}020102")).decode()
    parameters.write_text(f"-----BEGIN DH PARAMETERS-----\n{body}\n-----END DH PARAMETERS-----\n")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ADH:@SECLEVEL=0")
    context.load_dh_params(parameters)

    async def go(tls: Tls):
        async with scripted(modern, context) as router, connect(router.target(tls=tls)):
            return router.peers[0].heard

    assert asyncio.run(go(Tls("anonymous")))
    with pytest.raises(RouterError, match="does that have a certificate"):
        asyncio.run(go(Tls()))


def test_the_connection_notices_a_peer_that_is_gone():
    async def go():
        async with scripted(modern) as router, connect(router.target()) as session:
            stream = session._mux._writer.get_extra_info("socket")
            return [
                stream.getsockopt(level, option)
                for level, option in [
                    (socket.SOL_SOCKET, socket.SO_KEEPALIVE),
                    (socket.IPPROTO_TCP, socket.TCP_NODELAY),
                    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
                ]
            ]

    assert asyncio.run(go()) == [1, 1, 30]


def test_the_password_is_in_no_log_and_no_repr(caplog):
    caplog.set_level(logging.DEBUG)
    attempt(modern)
    attempt(modern, password=Secret("wrong-" + PASSWORD))

    async def go():
        async with scripted(modern) as router:
            return repr(replace(router.target(), tls=PLAIN))

    assert PASSWORD not in asyncio.run(go())
    assert PASSWORD not in caplog.text


def test_leaving_the_session_ends_the_connection():
    async def go():
        gone = asyncio.Event()

        async def script(peer: Peer):
            await modern(peer)
            gone.set()

        async with scripted(script) as router:
            async with connect(router.target()):
                assert not gone.is_set()
            await asyncio.wait_for(gone.wait(), 5)

    asyncio.run(go())
