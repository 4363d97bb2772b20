"""Blank virtual routers that a bootstrap script is run on, beside the network that they are to belong to."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fleet_room import PASSWORD, Named, Room, Said, room

from trueup.lab import Spec

SHIPPED = {
    "/interface/bridge": [{"name": "bridge", "comment": "defconf"}],
    "/interface/bridge/port": [{"bridge": "bridge", "interface": "ether2", "comment": "defconf"}],
    "/interface/list": [{"name": "WAN"}, {"name": "LAN"}],
    "/interface/list/member": [{"list": "LAN", "interface": "bridge"}, {"list": "WAN", "interface": "ether1"}],
    "/ip/address": [{"address": "192.168.88.1/24", "interface": "bridge", "comment": "defconf"}],
    "/ip/firewall/filter": [
        {"chain": "input", "action": "accept", "connection-state": "established,related,untracked"},
        {"chain": "input", "action": "drop", "connection-state": "invalid"},
        {"chain": "input", "action": "drop", "in-interface-list": "!LAN", "comment": "defconf: drop all not from LAN"},
    ],
}
"""The part of a shipped configuration that stands in a manager's way."""

NAME = "edge-1"


def blank(name: str = NAME, **changes: Any) -> Spec:
    """A router as it comes out of the box: one user without a password, no certificate."""
    return Spec(**{"name": name, "username": "admin", "anonymous": True, "serial": f"SN{name}"} | changes)


@contextlib.contextmanager
def arriving(folder: Path, *specs: Spec, timeout: str = "3s") -> Iterator[Room]:
    """A network whose routers are declared, and whose boxes are blank."""
    with room(folder, *specs or (blank(),)) as made:
        for name, served in made.lab.items():
            connect = {"hosts": [served.spec.address], "password": Named("api"), "timeout": timeout}
            if served.tls_port != 8729:
                connect["port"] = served.tls_port
            body = {"router": name, "connect": connect, "rows": {"/system/identity": {"name": name}}}
            made.write(f"harbour/{name}.yaml", body)
        made.commit()
        yield made


def bootstrap(made: Room, *words: str, name: str = NAME, out: str = "boot.rsc", source: str = "127.0.0.0/8") -> Said:
    return made.trueup("bootstrap", name, "--from", source, "--out", str(made.folder / out), *words)


def script(made: Room, out: str = "boot.rsc") -> str:
    return (made.folder / out).read_text()


def run_on(made: Room, text: str, name: str = NAME) -> str:
    """Put the script on the router as a file, import it there as its operator would; what the router said."""
    router = made.lab[name].router
    with router.lock:
        rows = router.menu("/file").table.rows
        rows[:] = [row for row in rows if row.values["name"] != "boot.rsc"]
    router.seed("/file", [{"name": "boot.rsc", "contents": text}])
    return " ".join(" ".join(words) for words in router.execute(["/import", "=file-name=boot.rsc"]))


def own_text(made: Room, name: str = NAME) -> str:
    return (made.network / f"harbour/{name}.yaml").read_text()


__all__ = ["NAME", "PASSWORD", "SHIPPED", "Said", "arriving", "blank", "bootstrap", "own_text", "run_on", "script"]
