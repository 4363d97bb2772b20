"""BundleWrap's routeros items through `bw` itself: what the router then holds, and that a second run finds all well."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from trueup.lab import Spec, serve
from trueup.lab.server import VirtualRouter

ADDRESS, PORT = "127.41.0.1", 8728
"""BundleWrap knows no other port, so the virtual router has a loopback address of its own."""
PASSWORD = "peer-password"
WITHIN = 60.0
WRITES = {"add", "set", "remove", "move", "unset"}

SEED = {
    "/interface/bridge": [{"name": "bridge-lan"}],
    "/interface/vlan": [
        {"name": "vlan10", "vlan-id": "10", "interface": "ether2", "mtu": "1500"},
        {"name": "vlan99", "vlan-id": "99", "interface": "ether3"},
    ],
    "/ip/pool": [{"name": "old", "ranges": "10.0.0.2-10.0.0.9"}],
    "/ip/firewall/address-list": [
        {"list": "managers", "address": "192.0.2.9", "comment": "nobody knows"},
        {"list": "seen", "address": "192.0.2.77", "dynamic": "true"},
    ],
}
ITEMS: dict[str, dict[str, Any]] = {
    "/system/identity": {"name": "edge-1"},
    "/ip/dns": {"servers": ["192.0.2.53", "198.51.100.53"], "allow-remote-requests": True, "cache-size": "4096KiB"},
    "/interface/vlan?name=vlan10": {"vlan-id": 10, "interface": "ether2", "mtu": 1400, "_comment": "guests"},
    "/interface/vlan?name=vlan20": {"vlan-id": 20, "interface": "ether2", "disabled": True},
    "/interface/vlan": {"purge": {"id-by": "name"}},
    "/interface/bridge/vlan?bridge=bridge-lan&vlan-ids=10": {"tagged": {"ether3", "bridge-lan"}, "untagged": "ether4"},
    "/ip/pool?name=old": {"delete": True},
    "/ip/firewall/address-list?address=192.0.2.1": {"list": "managers"},
    "/ip/firewall/address-list": {"purge": {"id-by": "address", "keep": {"dynamic": True}}},
}


@pytest.fixture(params=["6.49", "7.16", "7.24"])
def served(request) -> Iterator[VirtualRouter]:
    given = {"address": ADDRESS, "port": PORT, "tls_port": None, "username": "peer", "password": PASSWORD}
    with serve([Spec("edge-1", request.param, seed=SEED, **given)]) as lab:
        yield lab["edge-1"]


class Repository:
    """A repository of one node with one bundle, and `bw` run on it."""

    def __init__(self, folder: Path, items: Mapping[str, Mapping[str, Any]]) -> None:
        self.folder = folder
        node = {"os": "routeros", "hostname": ADDRESS, "username": "peer", "password": PASSWORD, "bundles": ["router"]}
        (folder / "bundles" / "router").mkdir(parents=True)
        (folder / "nodes.py").write_text(f"nodes = { ({'edge-1': node})!r}\n")
        (folder / "groups.py").write_text("groups = {}\n")
        self.declare(items)

    def declare(self, items: Mapping[str, Mapping[str, Any]]) -> None:
        (self.folder / "bundles" / "router" / "items.py").write_text(f"routeros = {items!r}\n")

    def bw(self, *words: str) -> tuple[int, str]:
        """Its exit code and all it said, without colours."""
        command = [Path(sys.executable).with_name("bw"), "--repo-path", self.folder, *words]
        environment = os.environ | {"LC_ALL": "C.UTF-8"}
        quiet = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
        done = subprocess.run(command, env=environment, timeout=WITHIN, check=False, **quiet)
        return done.returncode, re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)

    def apply(self) -> tuple[int, dict[str, int]]:
        """The exit code of an apply, and how many items were OK, fixed, skipped, failed."""
        code, said = self.bw("apply", "edge-1")
        counts = re.search(r"completed after .*?\((.*)\)", said)
        assert counts, said
        return code, {what: int(number) for number, what in re.findall(r"(\d+) (\w+)", counts[1])}


@pytest.fixture
def repository(served, tmp_path) -> Repository:
    return Repository(tmp_path, ITEMS)


def written(served: VirtualRouter) -> list[str]:
    """The commands so far that change something, and forget them."""
    commands = [sentence[0] for sentence in served.log if sentence[0].rpartition("/")[2] in WRITES]
    served.log.clear()
    return commands


def rows(served: VirtualRouter, menu: str, *names: str) -> list[tuple[str, ...]]:
    return [tuple(row.get(name, "") for name in names) for row in served.rows(menu)]


def all_of(count: int, what: str) -> tuple[int, dict[str, int]]:
    return 0, {"OK": 0, "fixed": 0, "skipped": 0, "failed": 0} | {what: count}


def test_creates_changes_deletes_and_purges_and_a_second_run_finds_all_well(served, repository):
    assert repository.apply() == all_of(len(ITEMS), "fixed")
    assert written(served)
    assert rows(served, "/system/identity", "name") == [("edge-1",)]
    assert rows(served, "/ip/dns", "servers", "allow-remote-requests") == [("192.0.2.53,198.51.100.53", "true")]
    assert rows(served, "/interface/vlan", "name", "vlan-id", "mtu", "comment", "disabled") == [
        ("vlan10", "10", "1400", "guests", "false"),
        ("vlan20", "20", "1500", "", "true"),
    ]
    assert rows(served, "/interface/bridge/vlan", "bridge", "vlan-ids", "tagged", "untagged") == [
        ("bridge-lan", "10", "bridge-lan,ether3", "ether4")
    ]
    assert rows(served, "/ip/pool", "name") == []
    assert rows(served, "/ip/firewall/address-list", "list", "address") == [
        ("seen", "192.0.2.77"),
        ("managers", "192.0.2.1"),
    ]
    assert repository.apply() == all_of(len(ITEMS), "OK")
    assert written(served) == []


def test_what_somebody_changed_by_hand_is_seen_and_put_right(served, repository):
    repository.apply()
    served.router.execute(["/interface/vlan/set", "=.id=vlan10", "=mtu=1300", "=comment="])
    written(served)
    said = repository.bw("verify", "edge-1")[1]
    assert "/interface/vlan?name=vlan10" in said
    assert "1300" in said
    assert written(served) == []
    code, counts = repository.apply()
    assert (code, counts["fixed"], counts["OK"]) == (0, 1, len(ITEMS) - 1)
    assert written(served) == ["/interface/vlan/set"]
    assert "/interface/vlan?name=vlan10" not in repository.bw("verify", "edge-1")[1]


def test_a_refusal_is_told_and_the_other_items_are_applied(served, repository):
    repository.declare(
        {
            "/interface/vlan?name=vlan30": {"vlan-id": 30, "interface": "nowhere"},
            "/system/identity": {"name": "edge-2"},
        }
    )
    code, said = repository.bw("apply", "edge-1")
    assert code == 1
    assert "input does not match any value of interface" in said
    assert rows(served, "/system/identity", "name") == [("edge-2",)]
    assert ("vlan30",) not in rows(served, "/interface/vlan", "name")


def test_an_item_that_could_be_two_rows_is_refused_by_bundlewrap(served, repository):
    repository.declare({"/interface/vlan?disabled=no": {"mtu": 1400}})
    code, said = repository.bw("apply", "edge-1")
    assert code == 1
    assert "ambiguous data" in said
    assert written(served) == []
