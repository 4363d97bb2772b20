"""Certificates on virtual routers: imported from files, with keys, and shown to whoever connects to api-ssl."""

from __future__ import annotations

import datetime
import hashlib
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lab_client import Wire

from trueup.lab import Spec, serve
from trueup.lab.router import Router
from trueup.lab.state import restore, save

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def pair(kind: str = "rsa", password: bytes = b"") -> tuple[str, str, str]:
    """A certificate and its key as PEM, and the certificate's SHA-256."""
    key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "edge")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(NOW).not_valid_after(NOW + datetime.timedelta(3650))
    certificate = builder.sign(key, hashes.SHA256())
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock).decode()
    public = certificate.public_bytes(serialization.Encoding.PEM).decode()
    return public, pem, certificate.fingerprint(hashes.SHA256()).hex()


def imported(router: Router, text: str, **words: str) -> dict[str, str]:
    """What a router says of the import of a file with this text."""
    router.seed("/file", [{"name": "a.pem", "contents": text}])
    given = [f"={name}={value}" for name, value in words.items()]
    reply = router.execute(["/certificate/import", "=file-name=a.pem", *given])
    router.execute(["/file/remove", "=.id=a.pem"])
    return dict(word[1:].split("=", 1) for word in reply[0][1:])


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_certificate_and_then_its_key_become_one_row(kind: str) -> None:
    router = Router(Spec("edge"))
    certificate, key, fingerprint = pair(kind)
    assert imported(router, certificate, passphrase="")["certificates-imported"] == "1"
    (row,) = router.rows("/certificate")
    assert (row["name"], row["common-name"], row["fingerprint"]) == ("a.pem_0", "edge", fingerprint)
    assert "private-key" not in row
    assert imported(router, key, passphrase="")["private-keys-imported"] == "1"
    (row,) = router.rows("/certificate")
    assert (row["private-key"], row["key-type"]) == ("true", kind)


def test_what_is_there_already_and_keys_that_fit_nothing_are_counted() -> None:
    router = Router(Spec("edge"))
    certificate, _, _ = pair()
    _, other, _ = pair()
    imported(router, certificate)
    assert imported(router, certificate)["certificates-imported"] == "0"
    assert imported(router, other)["keys-with-no-certificate"] == "1"
    assert len(router.rows("/certificate")) == 1


def test_a_locked_key_needs_its_passphrase() -> None:
    router = Router(Spec("edge"))
    certificate, key, _ = pair(password=b"open")
    imported(router, certificate)
    assert imported(router, key, passphrase="wrong")["decryption-failures"] == "1"
    assert imported(router, key, passphrase="open")["private-keys-imported"] == "1"


def test_no_print_shows_a_key_and_a_restart_keeps_it(tmp_path: Path) -> None:
    router = Router(Spec("edge"))
    certificate, key, _ = pair()
    imported(router, certificate + key, name="own")
    said = str(router.execute(["/certificate/print"]))
    assert key.splitlines()[1] not in said
    save(router, tmp_path / "state")
    kept = restore(Spec("edge"), tmp_path / "state")
    assert kept.rows("/certificate") == router.rows("/certificate")
    assert kept.tables["#certificates"].rows == router.tables["#certificates"].rows


@pytest.mark.parametrize("anonymous", [True, False])
def test_new_connections_are_shown_the_certificate_that_the_service_names(anonymous: bool) -> None:
    with serve([Spec("edge", anonymous=anonymous)]) as lab:
        router = lab["edge"].router
        certificate, key, fingerprint = pair()
        imported(router, certificate, name="own")
        router.execute(["/ip/service/set", "=.id=api-ssl", "=certificate=own"])
        assert shown(lab["edge"].tls_port) != fingerprint  # a certificate without its key cannot be shown
        imported(router, key)
        assert shown(lab["edge"].tls_port) == fingerprint
        router.execute(["/ip/service/set", "=.id=api-ssl", "=certificate=none"])
        assert shown(lab["edge"].tls_port) != fingerprint


def shown(port: int) -> str:
    """The fingerprint of what api-ssl shows, "" where no certificate is shown."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with Wire(port, context) as wire:
            assert wire.login() == [["!done"]]
            certificate = wire.socket.getpeercert(True)
    except ssl.SSLError:
        return ""
    return hashlib.sha256(certificate).hexdigest() if certificate else ""


def test_an_authority_signs_itself_and_then_others() -> None:
    with serve([Spec("edge")]) as lab:
        router = lab["edge"].router
        for words in (
            ["add", "=name=ca", "=common-name=ca", "=key-usage=key-cert-sign,crl-sign"],
            ["sign", "=number=ca", "=name=root"],
            [
                "add",
                "=name=own",
                "=common-name=edge",
                "=key-usage=tls-server",
                "=key-size=prime256v1",
                "=days-valid=10",
            ],
            ["set", "=.id=own", "=subject-alt-name=IP:127.0.0.1,DNS:edge.example"],
            ["sign", "=number=own", "=ca=root"],
        ):
            reply = router.execute([f"/certificate/{words[0]}", *words[1:]])
            assert reply[-1][0] == "!done"
            assert reply[0][0] != "!trap", (words, reply)
        root, own = router.rows("/certificate")
        assert (root["name"], root["authority"], root["trusted"]) == ("root", "true", "true")
        assert (own["private-key"], own["key-type"], own["key-usage"]) == ("true", "ec", "tls-server")
        router.execute(["/ip/service/set", "=.id=api-ssl", "=certificate=own"])
        held = next(row for row in router.tables["#certificates"] if row.id == root[".id"])
        trusting = ssl.create_default_context(cadata=held.values["certificate"])
        with Wire(lab["edge"].tls_port, trusting) as wire:
            assert wire.login() == [["!done"]]


def test_only_an_authority_signs_and_only_once() -> None:
    router = Router(Spec("edge"))
    router.execute(["/certificate/add", "=name=a", "=common-name=a", "=key-usage=tls-server"])
    router.execute(
        ["/certificate/add", "=name=b", "=common-name=b", "=key-usage=key-cert-sign", "=key-size=prime256v1"]
    )
    asked = [["=number=a"], ["=number=a", "=ca=b"], ["=number=b"], ["=number=b"], ["=number=none"], []]
    told = [router.execute(["/certificate/sign", *words])[0] for words in asked]
    assert [sentence[-1] for sentence in told] == [
        "=message=failure: CA not found",
        "=message=failure: CA not found",
        "=progress=done",
        "=message=failure: certificate is already signed",
        "=message=no such item",
        "=message=missing value(s) of argument(s) number",
    ]
