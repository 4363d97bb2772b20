"""A template becomes a certificate: real X.509, signed by itself or by another certificate of the router."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Iterator, Mapping

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from trueup.lab.certificates import PURPOSES, USAGES
from trueup.lab.trap import Trap, failure

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

CURVES: Mapping[str, type[ec.EllipticCurve]] = {
    "prime256v1": ec.SECP256R1,
    "secp384r1": ec.SECP384R1,
    "secp521r1": ec.SECP521R1,
}
SUBJECT = {
    "common-name": NameOID.COMMON_NAME,
    "country": NameOID.COUNTRY_NAME,
    "state": NameOID.STATE_OR_PROVINCE_NAME,
    "locality": NameOID.LOCALITY_NAME,
    "organization": NameOID.ORGANIZATION_NAME,
    "unit": NameOID.ORGANIZATIONAL_UNIT_NAME,
}
LONGEST = 36500
"""Days that a certificate lasts at most here: X.509 has no dates after the year 9999."""

NO_CA = "CA not found"
"""What a router says to a certificate that is no authority and names none (quoted in lanowl's documentation)."""


def signed(template: Mapping[str, str], ca: tuple[str, str] | None, now: float) -> tuple[x509.Certificate, str]:
    """The certificate of a template, and its key as PEM; `ca` are the issuer's, None where it signs itself."""
    words = template.get("key-usage", "").split(",")
    if ca is None and "key-cert-sign" not in words:
        raise failure(NO_CA)
    own = _new_key(template.get("key-size", "2048"))
    subject = _subject(template)
    issuer, key = (subject, own) if ca is None else _issuer(*ca)
    begins = datetime.datetime.fromtimestamp(int(now), datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + datetime.timedelta(days=min(int(template.get("days-valid", "365")), LONGEST)))
        .add_extension(x509.BasicConstraints(ca="key-cert-sign" in words, path_length=None), critical=True)
    )
    for extension in _extensions(template, words):
        builder = builder.add_extension(extension, critical=isinstance(extension, x509.KeyUsage))
    form = serialization.PrivateFormat.PKCS8
    pem = own.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()
    return builder.sign(key, hashes.SHA256()), pem


def _new_key(size: str) -> Key:
    if size in CURVES:
        return ec.generate_private_key(CURVES[size]())
    return rsa.generate_private_key(public_exponent=65537, key_size=int(size))


def _subject(template: Mapping[str, str]) -> x509.Name:
    named = [(SUBJECT[name], template[name]) for name in SUBJECT if template.get(name)]
    try:
        return x509.Name([x509.NameAttribute(oid, text) for oid, text in named])
    except ValueError as error:
        raise failure(f"invalid certificate data: {error}") from error


def _issuer(certificate: str, key: str) -> tuple[x509.Name, Key]:
    loaded = serialization.load_pem_private_key(key.encode(), None)
    if not isinstance(loaded, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise failure(NO_CA)
    return x509.load_pem_x509_certificate(certificate.encode()).subject, loaded


def _extensions(template: Mapping[str, str], words: list[str]) -> Iterator[x509.ExtensionType]:
    used = {name: word in words for name, word in USAGES.items()}
    if any(used.values()):
        yield x509.KeyUsage(encipher_only=False, decipher_only=False, **used)
    purposes = [oid for oid, word in PURPOSES.items() if word in words]
    if purposes:
        yield x509.ExtendedKeyUsage(purposes)
    names = [_name(each) for each in template.get("subject-alt-name", "").split(",") if each]
    if names:
        yield x509.SubjectAlternativeName(names)


def _name(text: str) -> x509.GeneralName:
    kind, _, name = text.partition(":")
    try:
        if kind == "IP":
            return x509.IPAddress(ipaddress.ip_address(name))
        return x509.RFC822Name(name) if kind == "email" else x509.DNSName(name)
    except ValueError as error:
        raise Trap("invalid value for argument subject-alt-name") from error
