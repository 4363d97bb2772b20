"""What the base revision gives a review to work with, and nothing that the change could have put in its way."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from trueup.audit import Audit, audit_path
from trueup.diff import Keys
from trueup.errors import DeclarationError, Problem, TrueupError
from trueup.load.history import is_inside, read_file
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.secrets import Stores, open_stores


@dataclass(frozen=True, slots=True)
class Authority:
    """The stores and the audit that the base names; `lacking` says why there are no secrets to work with."""

    stores: Stores | None
    audit: Audit | None
    lacking: str = ""
    notes: tuple[str, ...] = ()

    @property
    def keys(self) -> Keys | None:
        return Keys(self.stores.resolve, self.stores.public_key, self.stores.digester()) if self.stores else None


def open_authority(network: Network, *, offline: bool) -> Authority:
    """What there is here of what the base names."""
    audit, notes = _audit(network)
    if offline:
        return Authority(None, audit, "offline, as asked for", notes)
    try:
        stores = open_stores(network.settings, network.root)
        stores.digester()
    except TrueupError as error:
        return Authority(None, audit, f"no secrets here: {error.problems[0].message}", notes)
    return Authority(stores, audit, "", notes)


def _audit(network: Network) -> tuple[Audit | None, tuple[str, ...]]:
    """The audit for reading; one in the network's own repository could be the change's, and is left alone."""
    path = audit_path(network)
    if is_inside(network.root, path):
        return None, (f"the audit {network.settings.audit} is in the network's own repository, and is not read",)
    return Audit.find(path), ()


def base_ca(router: Router, network: Network, ref: str, folder: Path) -> Path | None:
    """The router's CA as the base's commit holds it, written to a file of ours; None where it is nothing of the
    repository's. Raises DeclarationError where it lies in the repository and not in the base.
    """
    named = router.connect.tls.ca if router.connect else None
    if not named:
        return None
    path = Path(os.path.normpath(Path(network.root, named).expanduser()))
    if not is_inside(network.root, path) and not is_inside(network.root, path.resolve()):
        return None
    data = read_file(network.root, ref, path) if is_inside(network.root, path) else None
    if data is None:
        remedy = "commit it, or keep it outside of the repository"
        raise DeclarationError(Problem(f"its CA {named} is not in the base's commit", router.name, remedy))
    own = folder / f"{router.name}.pem"
    own.write_bytes(data)
    return own
