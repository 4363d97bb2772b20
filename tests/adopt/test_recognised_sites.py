"""The example network, applied to virtual routers and adopted into an empty one: it comes back as intents."""

from __future__ import annotations

import base64
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from export_room import network, trueup

from trueup.audit import Audit
from trueup.lab import serve
from trueup.lab.network import read_network

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


def test_the_example_comes_back_as_intents_and_the_next_plan_is_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    first = tmp_path / "saltmarsh"
    shutil.copytree(SITES, first)
    values = secrets(first)
    store = tmp_path / "saltmarsh.yaml"
    store.write_text(yaml.safe_dump(values))
    store.chmod(0o600)
    monkeypatch.setenv("TRUEUP_SECRETS", str(store))
    for name in ("saltmarsh/api", "trueup/digest-key"):
        monkeypatch.setenv(f"TRUEUP_SECRET_{re.sub('[^A-Z0-9]+', '_', name.upper())}", values[name])
    specs = [each.spec for each in read_network(first / "lab.yaml")]
    served = [replace(spec, address="127.0.0.1", port=0, tls_port=0, password=PASSWORD) for spec in specs]
    with serve(served) as lab:
        ports = {name: lab[name].tls_port for name in EXPECTED}
        for file in first.rglob("*.yaml"):
            text = file.read_text().replace("ca: .trueup/lab/ca.pem", f"ca: {lab.ca}")
            if found := re.search(r"^router: (\S+)", text, re.MULTILINE):
                text = re.sub(r"hosts: \[\S+\]", f"hosts: [127.0.0.1]\n  port: {ports[found[1]]}", text)
            file.write_text(text)
        Audit.create(tmp_path / "saltmarsh-audit", "saltmarsh")
        code, out, err = trueup("apply", "--yes", "--allow-dirty", "--network", str(first))
        assert code == 0, out + err
        monkeypatch.delenv("TRUEUP_SECRETS")
        second = network(tmp_path)
        for name, port in ports.items():
            (second / f"harbour/{name}.yaml").write_text(
                f"router: {name}\nconnect: {{hosts: [127.0.0.1], port: {port}, password: !secret saltmarsh/api, "
                f"tls: {{ca: {lab.ca}}}}}\n"
            )
            code, out, err = trueup("adopt", name, "--json", "--network", str(second))
            assert code == 0, out + err
            adopted = json.loads(out)
            assert {each: adopted["intents"].get(each) for each in EXPECTED[name]} == EXPECTED[name]
            assert OWN.intersection(adopted["rows"]) == set()
        code, out, err = trueup("plan", "--network", str(second))
        assert code == 0, out + err
