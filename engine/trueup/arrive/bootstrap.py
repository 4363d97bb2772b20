"""Bootstrapping: the script for a new router, and the pin of its certificate in the router's file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trueup.adopt.keep import Writing
from trueup.arrive.bootstrap_script import PLAIN, Account, KeyPair, write_script
from trueup.arrive.key_pair import make_key_pair
from trueup.arrive.own_file import edited, pin
from trueup.arrive.policies import needed
from trueup.arrive.wish import Wish
from trueup.compile import Compiler
from trueup.errors import DeclarationError, Problem, SecretError
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.row import Desired, Secret
from trueup.secrets import Stores
from trueup_schemas.catalogue import NEWEST
from trueup_schemas.network import Connect

IDENTITY = "/system/identity"


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """What bootstrapping makes: the script, which is a secret as a whole, and the router's file with the pin."""

    router: str
    script: Secret = field(repr=False)
    fingerprint: str
    policies: Mapping[str, str]
    file: Writing
    services: tuple[str, ...] = PLAIN

    def at(self, out: Path) -> Writing:
        """The script as a new file that its owner alone may read."""
        return Writing(out, self.script.reveal().encode("utf-8", "surrogateescape"), None, 0o600)


def rows_of(network: Network, router: Router) -> Desired:
    """The router's rows, for its version or the newest; raises DeclarationError."""
    return Compiler(network).compile(router, router.version or NEWEST).desired


def make_bootstrap(
    network: Network, router: Router, desired: Desired, stores: Stores, wish: Wish, *, again: bool
) -> Bootstrap:
    """Everything ready to be written; raises DeclarationError or SecretError.

    `again` replaces a certificate that is pinned already.
    """
    connect = connect_of(router)
    if connect.tls.fingerprint and not again:
        remedy = "give --again to make a new one, if the router is to get a new certificate"
        raise DeclarationError(Problem("a certificate of this router is pinned already", router.file, remedy))
    password = _password(connect, stores)
    policies = needed(desired, router.version, console=connect.ssh is not None)
    hosts = tuple(dict.fromkeys((*connect.hosts, *([connect.server_name] if connect.server_name else []))))
    pair = make_key_pair(router.name, hosts)
    file = _pinned(network, router, pair)
    account = Account(connect.username, password, tuple(policies))
    text = write_script(router.name, _identity(router, desired), account, pair, wish)
    return Bootstrap(router.name, Secret(text), pair.fingerprint, policies, file)


def connect_of(router: Router) -> Connect:
    """How the router is reached; raises DeclarationError where nothing says that."""
    if router.connect is None:
        remedy = "declare `connect` with `hosts` and `password`"
        raise DeclarationError(Problem("nothing says how to reach this router", router.file, remedy))
    return router.connect


def refuse_inside(out: Path, network: Network) -> None:
    """Refuse a file within the network's repository: what is in there may be committed, and the script is secret."""
    root = network.root.resolve()
    repository = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    if out.resolve().is_relative_to(repository):
        message = f"the script would lie in the network's repository {repository}, and it holds secrets"
        raise DeclarationError(Problem(message, str(out), "name a file elsewhere"))


def _password(connect: Connect, stores: Stores) -> Secret:
    if connect.password is None:
        raise DeclarationError(Problem("`password` is missing under `connect`", remedy="add `password: !secret NAME`"))
    password = stores.resolve(connect.password)
    if not password.reveal():
        raise SecretError(Problem(f"secret '{connect.password.name}' is empty", remedy="give it a value"))
    return password


def _identity(router: Router, desired: Desired) -> str:
    """The declared identity, else the router's name."""
    table = desired.tables.get(IDENTITY)
    named = [row.text("name") for row in table.rows] if table is not None else []
    return next(filter(None, named), router.name)


def _pinned(network: Network, router: Router, pair: KeyPair) -> Writing:
    line = f'tls: {{fingerprint: "sha256:{pair.fingerprint[:8]}…"}}'
    remedy = f"write `connect` as plain lines, so that `{line}` can be put there"
    file, then = edited(network, router, pin(pair.fingerprint), remedy)
    connect = then.router(router.name).connect
    if connect is None or connect.tls.fingerprint != f"sha256:{pair.fingerprint}":
        raise DeclarationError(Problem("the pin would not count", router.file, remedy))
    return file
