"""Validating: a network of many routers of a hundred rows each, as an operator's `trueup validate` reads it.

Each router has intents (addresses, DHCP, RADIUS, a hotspot), firewall rules and users of its own, and shares rules with
its group and its site. `python benchmarks/validating.py [ROUTERS ...]` measures networks of so many routers.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from trueup.compile import compile_router
from trueup.load.network import load_network

SIZES = (50, 250, 1_000)
SITE = 20
USERS, RULES, LEASES = 40, 15, 10
MAIN = """\
network: benchmark
defaults:
  version: "7.24"
  connect: {username: trueup, password: !secret routers/api}
  system:
    timezone: Europe/Lisbon
    ntp: {servers: [192.0.2.123]}
"""
EDGE = """\
rows:
  /interface/list:
    - {name: WAN}
    - {name: LAN}
  /ip/firewall/filter:
    - scope: {chain: input}
      unmanaged: remove
      rows:
        - {action: accept, connection-state: "established,related,untracked"}
        - {action: drop, connection-state: invalid}
        - {action: accept, protocol: icmp}
        - {action: accept, src-address-list: managers}
        - slot: own
        - {action: drop, in-interface-list: WAN}
    - {chain: forward, action: accept, connection-state: [established, related, untracked]}
    - {chain: forward, action: drop, connection-state: invalid}
  /ip/service:
    - {name: telnet, disabled: yes}
    - {name: ftp, disabled: yes}
"""
SITE_YAML = """\
system:
  snmp: {{location: "site {site}"}}
rows:
  /ip/firewall/address-list:
    - {{list: managers, address: 10.255.{site}.0/24, comment: office}}
    - {{list: managers, address: 10.254.0.0/24, comment: operations}}
"""
ROUTER = """\
router: site-{site}-edge-{n}
groups: [edge]
labels: [hotspot]
connect: {{hosts: [10.{site}.{n}.1]}}
system: {{identity: site-{site}-edge-{n}}}
bridges:
  - {{name: guests}}
radius:
  - {{name: billing, address: 192.0.2.5, secret: !secret radius/billing, service: [hotspot], timeout: 1s}}
hotspots:
  - name: lobby
    interface: guests
    address: 10.{site}.{n}.1/24
    address-pool: 10.{site}.{n}.10-10.{site}.{n}.254
    login-by: [http-chap, cookie]
    authenticate: radius
    walled-garden: ["*.harbour.example", 192.0.2.0/24]
rows:
  /ip/firewall/filter:
"""


def build(folder: Path, routers: int) -> None:
    """A network of so many routers in `folder`."""
    write(folder / "trueup.yaml", MAIN)
    write(folder / "groups/edge.yaml", EDGE)
    for number in range(routers):
        site, n = number // SITE + 1, number % SITE + 1
        if n == 1:
            write(folder / f"site-{site}/site.yaml", SITE_YAML.format(site=site))
        write(folder / f"site-{site}/edge-{n}.yaml", ROUTER.format(site=site, n=n) + "\n".join(own(site, n)) + "\n")


def own(site: int, n: int) -> list[str]:
    """The lines of a router's own rows."""
    lines = [
        f"    - {{chain: input, action: accept, protocol: tcp, dst-port: {1000 + each}, "
        f"src-address: 10.{site}.{n}.{each}, comment: service {each}, slot: own}}"
        for each in range(RULES)
    ]
    lines.append("  /ip/hotspot/user/profile:\n    - {name: hour, session-timeout: 1h, shared-users: 2}")
    lines.append("  /ip/hotspot/user:")
    for each in range(USERS):
        lines.append(f"    - name: room-{each}\n      password: !secret hotspot/room-{each}")
        lines.append(f"      profile: hour\n      limit-uptime: {each + 1}h\n      comment: room {each}, floor {n}")
    lines.append("  /ip/dhcp-server/lease:")
    lines += [
        f"    - {{address: 10.{site}.{n}.{each + 2}, mac-address: 02:00:00:{site:02X}:{n:02X}:{each:02X}}}"
        for each in range(LEASES)
    ]
    lines.append("  /ip/firewall/address-list:")
    return lines + [f"    - {{list: blocked, address: 198.51.{n}.{each}}}" for each in range(LEASES)]


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def validated(folder: Path) -> tuple[float, float]:
    """Seconds, and the peak of memory in MB, of `trueup validate` from its start to its end."""
    command = [Path(sys.executable).with_name("trueup"), "validate", "--network", folder]
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    taken = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, "the network must be one without problems"
    return taken, usage.ru_maxrss / 1024 if usage else resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def rows(folder: Path) -> int:
    """How many rows each router has."""
    network = load_network(folder)
    return sum(len(table.rows) for table in compile_router(network, network.routers[0]).desired.tables.values())


def main(sizes: list[int]) -> None:
    figures = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder), size)
            figures.append((size, rows(Path(folder)), *validated(Path(folder))))
    for size, each, taken, peak in figures:
        print(
            f"{size:>6,} routers of {each} rows: {taken:6.2f} s, {taken / size * 1000:5.2f} ms a router, {peak:.0f} MB"
        )
    start, end = figures[0], figures[-1]
    print(f"  {end[0] / start[0]:.0f} times the routers, {end[2] / start[2]:.1f} times the time")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or list(SIZES))
