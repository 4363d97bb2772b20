"""What tests of rehearsals share: an export in a virtual router, read, adopted and exported again."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from export_room import network

from trueup.adopt import Adopted, adopt_export, adopt_live
from trueup.adopt.adoption import Place
from trueup.adopt.export import Exported, export_live
from trueup.adopt.prove import WithFile, load_tree, prove
from trueup.adopt.vault import Vault
from trueup.cli.lab import Rehearsed
from trueup.errors import Problem
from trueup.fleet.read import Whole, read_whole
from trueup.lab import serve
from trueup.load.network import load_network
from trueup.plan import Plan
from trueup.secrets import open_stores

PASSWORD = "rehearsal"
HEADS = re.compile(r"^(?:#|router:|connect:|version:|model:|serial:)[^\n]*\n", re.MULTILINE)


@dataclass(frozen=True)
class Rehearsal:
    """A virtual router that an export was loaded into, as it was read; `left` is what it could not hold."""

    export: Path
    whole: Whole
    place: Place
    left: list[Problem]

    def adopted(self) -> Adopted:
        """Its YAML, of what was read."""
        router = self.place.network.router("edge")
        return adopt_live(self.whole.live, router, self.place, self.whole.catalogue)

    def exported(self) -> Exported:
        """Its export, of what was read, secrets and all."""
        return export_live(self.whole.live, self.whole.catalogue, "edge", sensitive=True)


@contextmanager
def rehearsed(export: Path, folder: Path) -> Iterator[Rehearsal]:
    """The export in a virtual router, reached as any other."""
    found = Rehearsed(export.read_bytes(), export.name)
    spec = found.spec("edge", "127.0.0.1", PASSWORD, port=0)
    router, left = found.router(spec)
    with pytest.MonkeyPatch.context() as patch, serve([spec], make=lambda _: router) as lab:
        root = network(folder)
        patch.setenv("TRUEUP_SECRET_API", PASSWORD)
        connect = f"hosts: [127.0.0.1], port: {lab['edge'].port}, tls: off, password: !secret api"
        (root / "harbour/edge.yaml").write_text(f"router: edge\nconnect: {{{connect}}}\n")
        loaded = load_network(root)
        stores = open_stores(loaded.settings, loaded.root)
        declared = loaded.router("edge")
        whole = asyncio.run(read_whole(declared, loaded, stores.resolve, lambda *_: None))
        yield Rehearsal(export, whole, Place(loaded, stores, "harbour"), left)


def body(adopted: Adopted) -> str:
    """What a router's file declares, without what it says of the router itself."""
    return HEADS.sub("", adopted.text)


def adopted_again(exported: Exported) -> Adopted:
    """The export of a router, adopted outside of any network."""
    return adopt_export(exported.text.encode("utf-8", "surrogateescape"), "again.rsc", "edge", Place())


def plan_of_export(rehearsal: Rehearsal) -> Plan:
    """The plan that what an export declares has for the virtual router made of it."""
    adopted = adopt_export(rehearsal.export.read_bytes(), rehearsal.export.name, "edge", Place())
    network = load_tree(Path(), WithFile(None, adopted.file, adopted.text.encode()))
    vault = Vault("edge", adopted.secrets.get)
    known = rehearsal.whole.catalogue
    plan, _ = prove(network, "edge", known.version, rehearsal.whole.live, known, vault, None)
    return plan
