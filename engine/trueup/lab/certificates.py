"""Certificates that a virtual router holds: real X.509, their PEM beside the rows, where no print shows it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from trueup.lab.machine import Machine
from trueup.lab.menu import Menu
from trueup.lab.table import Row, Table
from trueup.lab.values.moment import ISO_SINCE

MENU = "/certificate"
HELD = "#certificates"
"""The table of what is behind the rows, by their ids; no menu has such a name."""

USAGES = {
    "digital_signature": "digital-signature",
    "content_commitment": "content-commitment",
    "key_encipherment": "key-encipherment",
    "data_encipherment": "data-encipherment",
    "key_agreement": "key-agreement",
    "key_cert_sign": "key-cert-sign",
    "crl_sign": "crl-sign",
}
PURPOSES = {ExtendedKeyUsageOID.SERVER_AUTH: "tls-server", ExtendedKeyUsageOID.CLIENT_AUTH: "tls-client"}
"""What X.509 says of a key's use, and RouterOS's words for it."""

BEGIN, END = "-----BEGIN ", "-----END "


@dataclass(slots=True)
class Imported:
    """What came of an import; the router tells it in these numbers."""

    certificates: int = 0
    keys: int = 0
    undecrypted: int = 0
    alone: int = 0


def take_in(machine: Machine, menu: Menu, text: str, file: str, name: str, passphrase: str) -> Imported:
    """Put the certificates and keys of a file into the menu; a key finds the certificate that it belongs to."""
    done = Imported()
    for block in blocks(text):
        if "PRIVATE KEY" in block.partition("\n")[0]:
            _take_key(machine, menu, block, passphrase, done)
            continue
        try:
            certificate = x509.load_pem_x509_certificate(block.encode())
        except ValueError:
            continue
        if _row(menu, fingerprint(certificate)) is None:
            _add(machine, menu, certificate, name or f"{file}_{done.certificates}")
            done.certificates += 1
    return done


def blocks(text: str) -> Iterator[str]:
    """The PEM blocks of a text, each with its first and last line."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith(BEGIN):
            lines = []
        lines.append(line)
        if line.startswith(END) and lines[0].startswith(BEGIN):
            yield "\n".join(lines) + "\n"


def presented(machine: Machine, service: str) -> str:
    """Certificate and key (PEM) that a service is to show; "" where it names none that has a key."""
    with machine.lock:
        named = next((row for row in machine.menu("/ip/service").table if row.values.get("name") == service), None)
        wanted = named.values.get("certificate", "none") if named is not None else "none"
        row = next((each for each in machine.menu(MENU).table if each.values.get("name") == wanted), None)
        held = _held(machine).by_id(row.id) if row is not None else None
    if held is None or not held.values.get("key"):
        return ""
    return held.values["certificate"] + held.values["key"]


def fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(hashes.SHA256()).hex()


def _held(machine: Machine) -> Table:
    return machine.tables.setdefault(HELD, Table(HELD))


def _row(menu: Menu, print_: str) -> Row | None:
    return next((row for row in menu.table if row.marks.get("fingerprint") == print_), None)


def _take_key(machine: Machine, menu: Menu, block: str, passphrase: str, done: Imported) -> None:
    try:
        key = serialization.load_pem_private_key(block.encode(), passphrase.encode() or None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        done.undecrypted += 1
        return
    public = _public(key)
    for held in _held(machine):
        certificate = x509.load_pem_x509_certificate(held.values["certificate"].encode())
        row = menu.table.by_id(held.id)
        if row is not None and public == _public(certificate):
            held.values["key"] = _unlocked(key)
            row.marks["private-key"] = "true"
            done.keys += 1
            return
    done.alone += 1


def _public(holder: PrivateKeyTypes | x509.Certificate) -> bytes:
    return holder.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _unlocked(key: PrivateKeyTypes) -> str:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def authority(machine: Machine, row: Row) -> tuple[str, str] | None:
    """Certificate and key (PEM) of a row that may sign others; None where it may not."""
    held = _held(machine).by_id(row.id)
    usable = "key-cert-sign" in row.values.get("key-usage", "").split(",")
    if held is None or not held.values.get("key") or not usable:
        return None
    return held.values["certificate"], held.values["key"]


def put_in(machine: Machine, row: Row, certificate: x509.Certificate, key: str) -> None:
    """Let a template be the certificate that it has become."""
    row.values |= _said(certificate)
    row.marks |= _told(machine, certificate) | {"private-key": "true"}
    if "key-cert-sign" in row.values.get("key-usage", "").split(","):
        row.marks["authority"] = "true"
        row.values["trusted"] = "true"
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    _held(machine).rows.append(Row(row.id, {"certificate": pem, "key": key}))


def _add(machine: Machine, menu: Menu, certificate: x509.Certificate, name: str) -> None:
    row = machine.new_row(menu)
    taken = {each.values.get("name") for each in menu.table}
    names = (name, *(f"{name}_{number}" for number in range(1, len(taken) + 2)))
    row.values = {"name": next(each for each in names if each not in taken), **_said(certificate), "trusted": "false"}
    row.marks = _told(machine, certificate)
    menu.table.rows.append(row)
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    _held(machine).rows.append(Row(row.id, {"certificate": pem}))


def _said(certificate: x509.Certificate) -> dict[str, str]:
    """What the row has of the certificate's own words."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    key = certificate.public_key()
    size = key.curve.name.replace("secp256r1", "prime256v1") if isinstance(key, ec.EllipticCurvePublicKey) else ""
    if isinstance(key, rsa.RSAPublicKey):
        size = str(key.key_size)
    lasts = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    said = {"common-name": str(names[0].value) if names else "", "key-size": size}
    said |= {"days-valid": str(lasts.days), "key-usage": ",".join(_usages(certificate))}
    return {name: text for name, text in said.items() if text}


def _usages(certificate: x509.Certificate) -> Iterator[str]:
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.KeyUsage):
            yield from (word for name, word in USAGES.items() if getattr(extension.value, name))
        elif isinstance(extension.value, x509.ExtendedKeyUsage):
            yield from (PURPOSES[each] for each in extension.value if each in PURPOSES)


def _told(machine: Machine, certificate: x509.Certificate) -> dict[str, str]:
    """What the router tells of the certificate besides."""
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    now = datetime.datetime.fromtimestamp(machine.clock(), datetime.UTC)
    rsa_key = isinstance(certificate.public_key(), rsa.RSAPublicKey)
    return {
        "key-type": "rsa" if rsa_key else "ec",
        "serial-number": f"{certificate.serial_number:X}",
        "fingerprint": fingerprint(certificate),
        "invalid-before": _moment(machine, begins),
        "invalid-after": _moment(machine, ends),
        **({"expired": "true"} if now > ends else {}),
    }


def _moment(machine: Machine, when: datetime.datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S}" if machine.version >= ISO_SINCE else f"{when:%b/%d/%Y %H:%M:%S}".lower()
