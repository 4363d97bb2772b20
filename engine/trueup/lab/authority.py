"""The lab's own certificate authority, and a certificate and an SSH host key for each virtual router."""

from __future__ import annotations

import base64
import datetime
import hashlib
import ipaddress
import os
import ssl
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

GROUP_14 = bytes.fromhex(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AACAA68FFFFFFFFFFFFFFFF"
)
"""The 2048-bit prime of RFC 3526, which anonymous Diffie-Hellman needs on the server's side."""

YEARS = datetime.timedelta(days=3650)
HOUR = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Identity:
    """A router's certificate: the file that holds it with its key, and its SHA-256 in hex."""

    pem: Path
    fingerprint: str


@dataclass(frozen=True, slots=True)
class HostKey:
    """A router's SSH host key: the file that holds it, and its fingerprint as OpenSSH shows it (`SHA256:…`)."""

    file: Path
    fingerprint: str


class Authority:
    """A CA in a folder: `ca.pem` for clients, `ca.key` (0600) for itself; made once, then kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.certificate_file = folder / "ca.pem"
        key_file = folder / "ca.key"
        if not (key_file.exists() and self.certificate_file.exists()):
            key = ec.generate_private_key(ec.SECP256R1())
            write_private(key_file, private_pem(key))
            self.certificate_file.write_bytes(root(key).public_bytes(serialization.Encoding.PEM))
        loaded = serialization.load_pem_private_key(key_file.read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)  # noqa: S101
        self._key = loaded
        self._certificate = x509.load_pem_x509_certificate(self.certificate_file.read_bytes())

    def identity(self, name: str, address: str) -> Identity:
        """The certificate for a router's name and address, made when first asked for."""
        file = self.folder / f"{name}.{address.replace(':', '_')}.pem"
        if not file.exists():
            key = ec.generate_private_key(ec.SECP256R1())
            write_private(file, self._leaf(name, address, key) + private_pem(key))
        leaf = x509.load_pem_x509_certificate(file.read_bytes())
        return Identity(file, hashlib.sha256(leaf.public_bytes(serialization.Encoding.DER)).hexdigest())

    def host_key(self, name: str) -> HostKey:
        """The SSH host key for a router's name, made when first asked for."""
        file = self.folder / f"{name}.ssh"
        if not file.exists():
            write_private(file, openssh(ed25519.Ed25519PrivateKey.generate()))
        key = serialization.load_ssh_private_key(file.read_bytes(), None)
        public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        digest = hashlib.sha256(base64.b64decode(public.split()[1])).digest()
        return HostKey(file, f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}")

    def _leaf(self, name: str, address: str, key: ec.EllipticCurvePrivateKey) -> bytes:
        names = [x509.DNSName(name), x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(address))]
        builder = begin(name, self._certificate.subject, key).add_extension(x509.SubjectAlternativeName(names), False)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), False
        )
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def root(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """The CA's certificate, signed by itself."""
    name = "trueup lab"
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = begin(name, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), key)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), True).add_extension(usage, True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    return builder.sign(key, hashes.SHA256())


def begin(name: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    """What every certificate of the lab has in common."""
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - HOUR)
        .not_valid_after(now + YEARS)
    )


def private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def openssh(key: ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )


def write_private(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
        stream.write(content)


def group_pem() -> bytes:
    """The group with generator 2 as PKCS #3: a sequence of two integers in DER."""
    der = bytes.fromhex("308201080282010100") + GROUP_14 + bytes.fromhex("020102")
    return b"-----BEGIN DH PARAMETERS-----\n" + base64.encodebytes(der) + b"-----END DH PARAMETERS-----\n"


def server_context(pem: Path | None) -> ssl.SSLContext:
    """TLS as api-ssl offers it: with a certificate, or, without one, anonymous Diffie-Hellman."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if pem is None:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with NamedTemporaryFile(suffix=".pem") as group:
            group.write(group_pem())
            group.flush()
            context.load_dh_params(group.name)
        context.set_ciphers("ADH:@SECLEVEL=0")
    else:
        context.load_cert_chain(pem)
    return context
