"""A router's key and certificate, made here so that the fingerprint is known before the router has it."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from trueup.arrive.bootstrap_script import KeyPair
from trueup.row import Secret

BITS = 2048
"""An RSA key: every release since 6 takes one, and its PEM fits into a file that a script can write (4095 bytes)."""

BEGINS, ENDS = datetime(1970, 1, 1, tzinfo=UTC), datetime(2037, 12, 31, 23, 59, 59, tzinfo=UTC)
"""Always, as far as 32 bits of seconds count: a new board without a clock believes that it is 1970, and who pins a
certificate does not ask for its dates."""


def make_key_pair(router: str, hosts: tuple[str, ...]) -> KeyPair:
    """A new pair for a router, whose certificate names it and its hosts."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, router[:64])])
    usage = x509.KeyUsage(
        digital_signature=True, key_encipherment=True, content_commitment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGINS)
        .not_valid_after(ENDS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([_name(host) for host in hosts]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.TraditionalOpenSSL
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
    public = certificate.public_bytes(serialization.Encoding.PEM).decode()
    return KeyPair(public, Secret(private), certificate.fingerprint(hashes.SHA256()).hex())


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
