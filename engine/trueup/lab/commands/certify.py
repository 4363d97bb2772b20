"""`/certificate/import` and `/certificate/sign`."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.lab import certificates, references
from trueup.lab.call import Call, Command, Reply
from trueup.lab.commands import refuse
from trueup.lab.derive import settle
from trueup.lab.fact import holds
from trueup.lab.signing import NO_CA, signed
from trueup.lab.table import Row
from trueup.lab.trap import Trap, failure, no_match, unknown_parameter

TAKES = {
    "file-name": "",
    "passphrase": "",
    "name": "7.0",
    "trusted": "7.16",
    "no-key-export": "7.16",
    "trust-store": "7.24",
}
"""What `import` takes, and from which version on (command trees of CHR 7.9.2, 7.16.2 and 7.24)."""


def take_in(call: Call) -> Reply:
    """Certificates and keys out of a file; what it holds besides is passed over."""
    for name in (*call.arguments, *call.removed):
        if name not in TAKES or not holds(call.machine.version, TAKES[name], ""):
            raise unknown_parameter(name)
    file = call.arguments.get("file-name", "")
    if not file:
        raise Trap("missing value(s) of argument(s) file-name")
    found = call.machine.menu("/file").table.where({"name": file})
    if not found:
        raise no_match("file-name")
    given = (call.arguments.get("name", ""), call.arguments.get("passphrase", ""))
    done = certificates.take_in(call.machine, call.menu, found[0].values.get("contents", ""), file, *given)
    settle(call.machine, call.menu.path)
    told = {
        "certificates-imported": done.certificates,
        "private-keys-imported": done.keys,
        "files-imported": 1 if done.certificates or done.keys else 0,
        "decryption-failures": done.undecrypted,
        "keys-with-no-certificate": done.alone,
    }
    return [["!re", *(f"={name}={number}" for name, number in told.items())], ["!done"]]


def sign(call: Call) -> Reply:
    """A template becomes a certificate, by itself where it is an authority, else by the one that `ca` names."""
    for name in (*call.arguments, *call.removed):
        if name not in ("number", ".id", "ca", "name", "ca-crl-host"):
            raise unknown_parameter(name)
    item = call.arguments.get("number", call.arguments.get(".id", ""))
    if not item:
        raise Trap("missing value(s) of argument(s) number")
    row = call.menu.table.find(item, call.menu.behaviour.names)
    if row.marks.get("fingerprint"):
        raise failure("certificate is already signed")
    ca = None
    if wanted := call.arguments.get("ca"):
        by = call.menu.table.where({"name": wanted})
        ca = certificates.authority(call.machine, by[0]) if by else None
        if ca is None:
            raise failure(NO_CA)
    certificate, key = signed(row.values, ca, call.machine.clock())
    _rename(call, row, call.arguments.get("name", ""))
    certificates.put_in(call.machine, row, certificate, key)
    settle(call.machine, call.menu.path)
    return [["!re", "=progress=done"], ["!done"]]


def _rename(call: Call, row: Row, name: str) -> None:
    if name:
        before = dict(row.values)
        refuse.taken(call.machine, call.menu, row, {**row.values, "name": name})
        row.values["name"] = name
        references.follow(call.machine, call.menu, before, row)


CERTIFYING: Mapping[str, Mapping[str, Command]] = {certificates.MENU: {"import": take_in, "sign": sign}}
"""Commands of the menu of certificates."""
