"""The example network, applied to virtual routers and adopted into an empty one: it comes back as intents."""

from __future__ import annotations

import base64
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from export_room import network, trueup

from trueup.audit import Audit
from trueup.lab import serve
from trueup.lab.network import read_network
from trueup.lab.server import Lab
from trueup.secrets import variable

SITES = Path(__file__).parents[2] / "sites"
PASSWORD = "canary-api-password"
OWN = {"/ip/hotspot", "/ip/hotspot/profile", "/radius", "/interface/wireguard", "/interface/wireguard/peers"}
"""Menus of which nothing may be left as rows."""
EXPECTED = {
    "hq-hub": {"tunnels": 2, "dhcp": 3, "queues": 3, "bridges": 1, "vlans": 3, "system": 1},
    "harbour-edge-1": {"radius": 3, "hotspots": 1, "tunnels": 1, "dhcp": 1, "queues": 2, "bridges": 2, "system": 1},
    "marina-edge-1": {"radius": 2, "hotspots": 1, "tunnels": 1, "dhcp": 1, "queues": 1, "vlans": 2, "system": 1},
    "hill-tower-1": {"radius": 1, "pppoe": 1, "tunnels": 1, "system": 1},
}
"""What comes back, whichever intent, group or template it was declared with; one RADIUS client was there before."""


def secrets(folder: Path) -> dict[str, str]:
    """A value for each secret that the example names; keys of WireGuard are keys."""
    names = {name for path in folder.rglob("*.yaml") for name in re.findall(r"!secret ([\w./-]+)", path.read_text())}
    keys = {name: base64.b64encode(bytes([0, *name.encode()[:30].ljust(30), 64])).decode() for name in names}
    return {
        name: keys[name] if "wireguard" in name else f"canary-{number}" for number, name in enumerate(sorted(names))
    } | {"saltmarsh/api": PASSWORD, "trueup/digest-key": "0123456789abcdef"}


def pointed(folder: Path, lab: Lab) -> dict[str, int]:
    """The example's files, made to reach these virtual routers; their ports by name."""
    ports = {name: lab[name].tls_port for name in EXPECTED}
    for file in folder.rglob("*.yaml"):
        text = file.read_text().replace("ca: .trueup/lab/ca.pem", f"ca: {lab.ca}")
        if found := re.search(r"^router: (\S+)", text, re.MULTILINE):
            text = re.sub(r"hosts: \[\S+\]", f"hosts: [127.0.0.1]\n  port: {ports[found[1]]}", text)
        file.write_text(text)
    return ports


@contextmanager
def applied(folder: Path) -> Iterator[tuple[Lab, dict[str, int]]]:
    """The example's routers as virtual ones that hold what it declares, with their ports."""
    root, store = folder / "saltmarsh", folder / "saltmarsh.yaml"
    shutil.copytree(SITES, root)
    values = secrets(root)
    store.write_text(yaml.safe_dump(values))
    store.chmod(0o600)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("saltmarsh/api", "trueup/digest-key"):
            patch.setenv(variable(name), values[name])
        specs = [each.spec for each in read_network(root / "lab.yaml")]
        with serve(replace(each, address="127.0.0.1", port=0, tls_port=0, password=PASSWORD) for each in specs) as lab:
            ports = pointed(root, lab)
            Audit.create(folder / "saltmarsh-audit", "saltmarsh")
            patch.setenv("TRUEUP_SECRETS", str(store))
            _, out, _ = trueup("plan", "--json", "--network", str(root))
            agreed = json.loads(out)["hash"]
            code, out, err = trueup("apply", "--yes", "--accept", agreed, "--allow-dirty", "--network", str(root))
            assert code == 0, out + err
            patch.delenv("TRUEUP_SECRETS")
            yield lab, ports


def test_the_example_comes_back_as_intents_and_the_next_plan_is_empty(tmp_path: Path):
    with applied(tmp_path) as (lab, ports):
        root = network(tmp_path)
        for name, port in ports.items():
            (root / f"harbour/{name}.yaml").write_text(
                f"router: {name}\nconnect: {{hosts: [127.0.0.1], port: {port}, password: !secret saltmarsh/api, "
                f"tls: {{ca: {lab.ca}}}}}\n"
            )
            code, out, err = trueup("adopt", name, "--json", "--network", str(root))
            assert code == 0, out + err
            adopted = json.loads(out)
            assert {each: adopted["intents"].get(each) for each in EXPECTED[name]} == EXPECTED[name]
            assert OWN.intersection(adopted["rows"]) == set()
        code, out, err = trueup("plan", "--network", str(root))
        assert code == 0, out + err
