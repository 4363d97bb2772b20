"""What an operator sees of a run over many routers: identical plans once, and a failed one beside the others."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from case_story import SECRETS, shown

from trueup.audit import Audit
from trueup.fleet.run import FleetRun
from trueup.lab import Lab, Spec, serve
from trueup.load.network import load_network
from trueup.secrets import open_stores
from trueup.show import Show

FILTER = "/ip/firewall/filter"
SITE = """\
rows:
  /ip/firewall/filter:
    - {chain: input, action: accept, protocol: icmp, place: first}
"""


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """Four routers: east and west alike, north with a rule of its own, south with another password."""
    theirs = {FILTER: [{"chain": "input", "action": "drop"}]}
    specs = [
        Spec(name="east", tls_port=None, username="trueup", password=SECRETS["api"], seed=theirs),
        Spec(name="north", tls_port=None, username="trueup", password=SECRETS["api"]),
        Spec(name="south", tls_port=None, username="trueup", password="another"),
        Spec(name="west", tls_port=None, username="trueup", password=SECRETS["api"], seed=theirs),
    ]
    with serve(specs, tmp_path) as lab:
        write_network(tmp_path, lab)
        yield lab


def write_network(folder: Path, lab: Lab) -> None:
    site = folder / "net" / "s"
    site.mkdir(parents=True)
    (folder / "net" / "trueup.yaml").write_text("network: net\nsecrets: {file: ../secrets.yaml}\n")
    (site / "site.yaml").write_text(SITE)
    for name, served in lab.items():
        connect = f"{{hosts: [127.0.0.1], port: {served.port}, tls: off, password: !secret api}}"
        (site / f"{name}.yaml").write_text(f'router: {name}\nversion: "7.24"\nconnect: {connect}\n')
    (folder / "secrets.yaml").write_text(yaml.safe_dump(SECRETS))
    (folder / "secrets.yaml").chmod(0o600)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "begin"]):
        subprocess.run(["git", "-C", str(folder / "net"), *words], check=True, capture_output=True)
    Audit.create(folder / "net-audit", "net")


async def go(folder: Path, *, write: bool) -> tuple[list[str], dict[str, str]]:
    """What is shown of one run, and the first problem of every router that failed."""
    network = load_network(folder / "net")
    audit = Audit.open(folder / "net-audit", network.root)
    stores = open_stores(network.settings, network.root, {})
    async with FleetRun(network, network.routers, stores, audit, lambda *_: None) as run:
        await run.plan()
        lines = shown(Show(private=False).plans(run.plans)).splitlines()
        if write:
            lines += shown(Show(private=False).reports(await run.apply())).splitlines()
        return lines, {failure.router: failure.problems[0].message for failure in run.failures}


def test_identical_plans_are_shown_once(lab: Lab, tmp_path: Path) -> None:
    lines, _ = asyncio.run(go(tmp_path, write=False))
    assert lines == [
        "east   127.0.0.1   RouterOS 7.24   net: safe mode",
        "  /ip/firewall/filter   chain=input",
        "    +   1   accept   protocol=icmp  s/site.yaml:3",
        "        2   drop",
        "  ! no record of earlier runs: nothing on this router counts as ours",
        "  nothing blinks",
        "",
        "west: the same as east",
        "",
        "north   127.0.0.1   RouterOS 7.24   net: safe mode",
        "  /ip/firewall/filter   chain=input",
        "    +   1   accept   protocol=icmp  s/site.yaml:3",
        "  ! no record of earlier runs: nothing on this router counts as ours",
        "  nothing blinks",
        "",
        "Plan: 3 routers, 3 rows to add",
    ]
    assert not any(sentence[0].endswith("/add") for served in lab.values() for sentence in served.log)


def test_a_router_that_fails_does_not_stop_the_others(lab: Lab, tmp_path: Path) -> None:
    lines, failed = asyncio.run(go(tmp_path, write=True))
    assert lines[-1] == "Applied: 3 changes on 3 routers; 3 of 3 routers as declared, read back"
    assert list(failed) == ["south"]
    assert "password" in failed["south"]
    assert [len(lab[name].rows(FILTER)) for name in ("east", "north", "south", "west")] == [2, 1, 0, 2]
    again, _ = asyncio.run(go(tmp_path, write=False))
    assert again == ["3 routers: nothing to do"]
