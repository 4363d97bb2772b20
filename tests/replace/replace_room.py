"""A router whose box is replaced: the old box on one address, the new one on another, one network for both."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arriving_room import NAME, bootstrap, run_on
from fleet_room import Room, Said, room

from trueup.lab import Spec

OLD, NEW = "127.0.0.1", "127.0.0.2"
NEWCOMER = "newcomer"

DECLARED = """\
# The edge of the harbour.
router: edge-1
model: RB760iGS   # a hEX S
serial: SNedge-1
connect:
  hosts: [127.0.0.1]   # cable 7
  port: PORT
  password: !secret api
bridges:
  - name: bridge-lan
    ports:
      - interface: ether2
      - interface: "ether3"   # printer
rows:
  /system/identity: {name: edge-1}
  /interface/ethernet:
    - {default-name: sfp1, comment: uplink}   # fibre
    - default-name: ether5
      name: office
  /interface/list: [{name: WAN}]
  /interface/list/member:
    - {list: WAN, interface: sfp1}
    - {list: WAN, interface: office}
  /ip/address:
    - {address: 10.20.0.1/24, interface: sfp1}
    - {address: 10.21.0.1/24, interface: office}
  /ip/firewall/filter:
    - scope: {chain: forward}
      rows:
        - {in-interface: "!sfp1", out-interface: sfp1, action: accept, comment: out of sfp1}
  /snmp/community:
    - {name: watch, authentication-password: !secret snmp}
  /user:
    - {name: admin, group: full, password: !secret admin}
  /ppp/secret:
    - {name: guest, password: !secret guest}
"""
SECRETS = {
    "ADMIN": "canary-admin-password-92aa",
    "SNMP": "canary-snmp-password-31c8",
    "GUEST": "canary-guest-password-b0d4",
}


@dataclass
class Swap:
    """The room, and what is done in it."""

    made: Room

    @property
    def file(self) -> Path:
        return self.made.network / f"harbour/{NAME}.yaml"

    def replace(self, *words: str) -> Said:
        return self.made.trueup("replace", NAME, *words)

    def arrive(self) -> None:
        """The new box is bootstrapped: it has a certificate of its own, which is pinned, and trueup's user."""
        said = bootstrap(self.made, "--again", out="new.rsc")
        assert said.code == 0, said.err
        assert run_on(self.made, (self.made.folder / "new.rsc").read_text(), NEWCOMER) == "!done"
        self.made.commit("Pin the new box")

    def owned(self) -> dict[str, Any]:
        return json.loads(self.made.owned(NAME))


@contextlib.contextmanager
def swapping(
    folder: Path,
    text: str = DECLARED,
    *more: Spec,
    files: Mapping[str, str] | None = None,
    secrets: Mapping[str, str] | None = None,
    old: str = "hex-s",
    new: str = "crs326",
    **changes: Any,
) -> Iterator[Swap]:
    """An old box that was bootstrapped and applied to, and a blank new one beside it; `more` are further routers."""
    port = free()
    common = {"username": "admin", "anonymous": True, "port": None, "tls_port": port}
    boxes = (
        Spec(NAME, board=old, serial=f"SN{NAME}", address=OLD, **common),
        Spec(NEWCOMER, board=new, serial="SNnew", address=NEW, **(common | changes)),
    )
    with room(folder, *boxes, *more) as made:
        for name, value in {**SECRETS, **(secrets or {})}.items():
            made.patch.setenv(f"TRUEUP_SECRET_{name}", value)
        made.write("harbour/site.yaml", {"labels": []})
        swap = Swap(made)
        swap.file.write_text(text.replace("PORT", str(port)))
        for name, body in (files or {}).items():
            (made.network / name).write_text(body)
        for each in more:
            file = made.network / f"harbour/{each.name}.yaml"
            filled = file.read_text().replace("PORT", str(made.lab[each.name].tls_port))
            file.write_text(filled.replace("CA", str(made.lab.ca)))
        said = bootstrap(made, out="old.rsc")
        assert said.code == 0, said.err
        assert run_on(made, (folder / "old.rsc").read_text()) == "!done"
        made.commit()
        applied = made.trueup("apply", "--yes")
        assert applied.code == 0, applied.all
        yield swap


def free() -> int:
    """A port that nobody has on either address."""
    with socket.socket() as one:
        one.bind((OLD, 0))
        return int(one.getsockname()[1])
