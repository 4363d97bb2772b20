"""The safety nets on the router: what `trueup drill` does, through a network folder that is gone afterwards."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from contract_asked import Asked

from trueup.errors import TrueupError
from trueup.fleet.drill import Drill, Drilled
from trueup.load.network import Network, load_network
from trueup.row import Secret


def network_of(asked: Asked) -> Network:
    """A network of this one router; raises DeclarationError where what was asked cannot be said in one."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "trueup.yaml").write_text("network: contract\n")
        (root / "site").mkdir()
        (root / "site" / "site.yaml").touch()
        (root / "site" / "router.yaml").write_text(f"router: router\nconnect:\n{_connect(asked)}")
        return load_network(root)


def drill(asked: Asked, network: Network, say: Callable[[str], None]) -> list[Drilled]:
    """Every net that the router can have; one that says why where none could be tried."""
    password = Secret(asked.password or "")
    try:
        return asyncio.run(Drill(network, network.router("router"), lambda _: password, say).run())
    except TrueupError as error:
        return [Drilled("every net", False, note=str(error))]


def _connect(asked: Asked) -> str:
    """The body of `connect`; the password is but named, and never written anywhere."""
    tls: Any = asked.tls
    if asked.tls == "fingerprint":
        tls = {"fingerprint": asked.fingerprint}
    elif asked.ca:
        tls = {"ca": str(Path(asked.ca).expanduser().absolute())}
    said: dict[str, Any] = {"hosts": [asked.router], "port": asked.port, "username": asked.user, "tls": tls}
    if asked.ssh:
        said["ssh"] = {"port": asked.ssh[0], "host-key": asked.ssh[1]}
    lines = yaml.safe_dump(said, width=1000).splitlines()
    return "".join(f"  {line}\n" for line in [*lines, "password: !secret contract"])
