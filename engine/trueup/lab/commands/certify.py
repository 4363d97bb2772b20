"""`/certificate/import`."""

from __future__ import annotations

from collections.abc import Mapping

from trueup.lab import certificates
from trueup.lab.call import Call, Command, Reply
from trueup.lab.derive import settle
from trueup.lab.fact import holds
from trueup.lab.trap import Trap, no_match, unknown_parameter

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


CERTIFYING: Mapping[str, Mapping[str, Command]] = {certificates.MENU: {"import": take_in}}
"""Commands of the menu of certificates."""
