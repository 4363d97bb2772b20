"""What plan and apply share: the network, the chosen routers, the stores, the audit, one run over them."""

from __future__ import annotations

from pathlib import Path

from trueup.audit import Audit
from trueup.cli.selection import Selection, select
from trueup.cli.terminal import NOBODY
from trueup.fleet.peers import with_peers
from trueup.fleet.run import FleetRun
from trueup.load.network import Network, load_network
from trueup.load.router import Router
from trueup.secrets import open_stores


class Chosen:
    """A network and the routers of it that a command is about."""

    def __init__(self, folder: Path, ref: str | None, selection: Selection, *, peers: bool) -> None:
        self.network: Network = load_network(folder, ref)
        self.routers: tuple[Router, ...] = select(self.network, *selection)
        if peers:
            self.routers = with_peers(self.network, self.routers)

    def run(self, audit: Audit | None) -> FleetRun:
        """A run over the chosen routers, which nobody watches yet."""
        stores = open_stores(self.network.settings, self.network.root)
        return FleetRun(self.network, self.routers, stores, audit, NOBODY)
