"""The script that makes a new router manageable, in words that RouterOS 6.49 to 7.24 have alike. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from trueup.adopt.export_text import Statement, command, value
from trueup.arrive.wish import Reach, Wish
from trueup.row import Secret

GROUP = "trueup"
MARK = "trueup bootstrap"
"""How the comments of rows begin that the script makes, so that it finds them when it runs again."""

PLAIN = ("telnet", "ftp", "www", "api")
"""Services that send passwords as plain text: off."""

CERTIFICATE_FILE, KEY_FILE = "trueup-certificate.txt", "trueup-key.txt"
"""Files that the script makes and takes away; a script can only make files that end so on RouterOS 6."""

PATIENCE = 30
"""Seconds to wait for a port to appear after a first boot; a script after a reset has 120 for everything."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A certificate signed by its own key, both as PEM; `fingerprint` is the certificate's SHA-256 in hex."""

    certificate: str
    key: Secret = field(repr=False)
    fingerprint: str = ""

    @property
    def name(self) -> str:
        """What the router shall call it."""
        return f"trueup-{self.fingerprint[:8]}"


@dataclass(frozen=True, slots=True)
class Account:
    """The user that trueup logs in as."""

    username: str
    password: Secret
    policies: tuple[str, ...]


def write_script(router: str, identity: str, account: Account, pair: KeyPair, wish: Wish) -> str:
    """The whole script. It holds the password and the private key; every part of it may run twice."""
    parts = (
        _reached(wish.reach) if wish.reach else (),
        _account(account, wish),
        _certificate(pair),
        _service(pair, wish),
        _firewall(wish),
        [f"/system identity set name={value(identity)}"],
        [f"/ip service set {service} disabled=yes" for service in PLAIN],
        _farewell(pair),
    )
    lines = [*_head(router), "{", *(line for part in parts for line in part), "}"]
    return "\n".join(lines) + "\n"


def _head(router: str) -> Iterator[str]:
    yield f"# trueup bootstrap {router}"
    yield "# Import this on the new router, or have Netinstall or /system reset-configuration run it after the reset."
    yield "# It holds the password of trueup's user and the key of the router's certificate: delete it afterwards."
    yield "# Running it again changes nothing."


def _text(text: str) -> str:
    """A text in quotes, also where it could stand without: a bare word may be read as a number or an address."""
    said = value(text)
    return said if said.startswith('"') else f'"{said}"'


def _failing(text: str) -> str:
    said = value(f"{MARK}: {text}")
    return f":log error {said}; :error {said}"


def _reached(reach: Reach) -> Iterator[str]:
    """The management address; on a bridge where the port is one of its ports, since it would not work on the port."""
    address = value(str(reach.address))
    # No variable is called as a property of the menus that it is used in: RouterOS would take the property.
    yield f":local nic {_text(reach.interface)}"
    yield ":local waited 0"
    yield f":while ([:len [/interface find name=$nic]] = 0 && $waited < {PATIENCE}) do={{"
    yield "  :delay 1s; :set waited ($waited + 1)"
    yield "}"
    missing = _failing(f"there is no interface {reach.interface}")
    yield f":if ([:len [/interface find name=$nic]] = 0) do={{ {missing} }}"
    yield ":local bridged [/interface bridge port find interface=$nic]"
    yield ":if ([:len $bridged] > 0) do={ :set nic [/interface bridge port get [:pick $bridged 0] bridge] }"
    yield f":local held [/ip address find address={address} dynamic=no]"
    yield ":if ([:len $held] = 0) do={"
    yield f"  /ip address add address={address} interface=$nic comment={value(MARK)}"
    yield "} else={ /ip address set [:pick $held 0] interface=$nic disabled=no }"
    if reach.gateway is not None:
        gateway = str(reach.gateway)
        yield f":local way [/ip route find comment={value(MARK)}]"
        yield ":if ([:len $way] = 0) do={"
        yield f"  /ip route add dst-address=0.0.0.0/0 gateway={gateway} comment={value(MARK)}"
        yield f"}} else={{ /ip route set [:pick $way 0] gateway={gateway} }}"


def _account(account: Account, wish: Wish) -> Iterator[str]:
    group, name = _text(GROUP), _text(account.username)
    policies = ",".join(account.policies)
    yield f":if ([:len [/user group find name={group}]] = 0) do={{"
    yield f"  /user group add name={group} policy={policies}"
    yield f"}} else={{ /user group set [/user group find name={group}] policy={policies} }}"
    rights = {"group": GROUP, "password": account.password.reveal(), "address": _managers(wish)}
    yield f":if ([:len [/user find name={name}]] = 0) do={{"
    yield command(Statement("/user", "/user add", "", {"name": account.username, **rights}))
    yield "} else={"
    yield command(Statement("/user", "/user set", f"[/user find name={name}]", {**rights, "disabled": "no"}))
    yield "}"


def _certificate(pair: KeyPair) -> Iterator[str]:
    """Both halves through files, which are gone before anything can stop the script; the key attaches by itself."""
    found = f'[/certificate find fingerprint="{pair.fingerprint}"]'
    yield ":local keyed false"
    yield f":foreach one in={found} do={{ :if ([/certificate get $one private-key] = true) do={{ :set keyed true }} }}"
    yield ":if (!$keyed) do={"
    for file, pem in ((CERTIFICATE_FILE, pair.certificate), (KEY_FILE, pair.key.reveal())):
        yield from (f"  {line}" for line in _imported(file, pem))
    yield "}"
    yield f":local certificate {found}"
    yield f":if ([:len $certificate] = 0) do={{ {_failing('the certificate could not be imported')} }}"
    yield ":set keyed [/certificate get [:pick $certificate 0] private-key]"
    yield f":if (!($keyed = true)) do={{ {_failing('the key of the certificate could not be imported')} }}"
    yield f"/certificate set [:pick $certificate 0] name={pair.name}"


def _imported(file: str, pem: str) -> Iterator[str]:
    """One file made, filled, imported, and removed whatever came of it; RouterOS takes a moment for each."""
    there = f'[/file find name="{file}"]'
    yield f'/file print file="{file}" where name=""'
    yield ":local waited 0"
    yield f":while ([:len {there}] = 0 && $waited < 10) do={{ :delay 1s; :set waited ($waited + 1) }}"
    yield command(Statement("/file", "/file set", there, {"contents": pem}))
    yield ":delay 1s"
    yield f':do {{ /certificate import file-name="{file}" passphrase="" }} on-error={{}}'
    yield ":delay 1s"
    yield f"/file remove {there}"


def _service(pair: KeyPair, wish: Wish) -> Iterator[str]:
    values = {"certificate": pair.name, "address": _managers(wish), "port": str(wish.port), "disabled": "no"}
    yield command(Statement("/ip/service", "/ip service set", "api-ssl", values))


def _firewall(wish: Wish) -> Iterator[str]:
    """A way in before whatever the input chain holds already, which on a shipped board drops the WAN."""
    yield f"/ip firewall filter remove [/ip firewall filter find comment={value(MARK)}]"
    yield ":local first [/ip firewall filter find chain=input dynamic=no]"
    yield ":if ([:len $first] > 0) do={"
    for network in wish.managers:
        values = {"chain": "input", "action": "accept", "protocol": "tcp", "dst-port": str(wish.port)}
        values |= {"src-address": _prefix(network), "comment": MARK}
        yield f"  {command(Statement('', '/ip firewall filter add', 'place-before=[:pick $first 0]', values))}"
    yield "}"


def _managers(wish: Wish) -> str:
    return ",".join(map(str, wish.managers))


def _prefix(network: object) -> str:
    return str(network).removesuffix("/32")


def _farewell(pair: KeyPair) -> Iterable[str]:
    said = value(f"{MARK}: ready; the certificate is sha256:{pair.fingerprint}")
    return (f":log info {said}", f":put {said}")
