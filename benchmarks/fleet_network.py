"""A network of many routers of 20 menus and 300 rows, as files and as what virtual routers hold when all is well."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from trueup.lab import Spec

SITE = 20
"""Routers of one site."""
SECRETS = 30
PASSWORD = "benchmark-password"
LATENCY = 0.05

Rows = dict[str, list[dict[str, str]]]

SERVICES = (
    "tcp 22",
    "tcp 80",
    "tcp 443",
    "tcp 8291",
    "tcp 8728",
    "udp 53",
    "udp 123",
    "udp 161",
    "udp 500",
    "udp 1701",
)


def shared() -> Rows:
    """What a group declares for all routers."""
    filters = [{"chain": "input", "action": "accept", "connection-state": "established,related,untracked"}]
    filters += [{"chain": "input", "action": "drop", "connection-state": "invalid"}]
    filters += [
        {"chain": "input", "action": "accept", "protocol": each.split()[0], "dst-port": each.split()[1],
         "src-address-list": "managers", "comment": f"service {number}"}
        for number, each in enumerate(SERVICES)
    ]  # fmt: skip
    filters += [
        {"chain": "forward", "action": "drop", "src-address": f"10.{n}.0.0/16", "out-interface-list": "LAN"}
        for n in range(100, 110)
    ]
    nat = [
        {"chain": "dstnat", "action": "dst-nat", "protocol": "tcp", "dst-port": str(2000 + n),
         "to-addresses": f"192.168.88.{n + 2}", "to-ports": "80", "comment": f"forward {n}"}
        for n in range(14)
    ]  # fmt: skip
    return {
        "/system/clock": [{"time-zone-name": "Europe/Lisbon"}],
        "/system/ntp/client": [{"enabled": "yes"}],
        "/ip/dns": [{"servers": "192.0.2.53,192.0.2.54"}],
        "/interface/list": [{"name": "WAN"}, {"name": "LAN"}],
        "/ip/firewall/filter": filters,
        "/ip/firewall/nat": [{"chain": "srcnat", "action": "masquerade", "out-interface-list": "WAN"}, *nat],
        "/ip/firewall/address-list": [{"list": "bogons", "address": f"198.18.{n}.0/24"} for n in range(20)],
        "/ip/hotspot/user/profile": [
            {"name": name, "shared-users": str(n)} for n, name in enumerate(("hour", "day", "week"), 1)
        ],
        "/ppp/profile": [{"name": name, "comment": f"plan {name}"} for name in ("basic", "fast", "business")],
        "/ip/dns/static": [{"name": f"host-{n}.example.net", "address": f"192.0.2.{n}"} for n in range(1, 16)],
    }


def own(number: int) -> Rows:
    """What a router declares itself."""
    net, vlans = f"10.{number // 250}.{number % 250}", range(10, 20)
    return {
        "/system/identity": [{"name": name_of(number)}],
        "/interface/bridge": [{"name": "guests"}, {"name": "office"}],
        "/interface/vlan": [{"name": f"vlan{n}", "vlan-id": str(n), "interface": "office"} for n in vlans],
        "/interface/list/member": [
            {"list": "WAN", "interface": "ether1"},
            *({"list": "LAN", "interface": f"vlan{n}"} for n in vlans),
        ],
        "/ip/address": [{"address": f"{net}.{n * 8 + 1}/29", "interface": f"vlan{n}"} for n in vlans],
        "/ip/pool": [{"name": f"pool{n}", "ranges": f"{net}.{n * 8 + 2}-{net}.{n * 8 + 6}"} for n in vlans],
        "/ip/dhcp-server/lease": [
            {"address": f"{net}.{n + 1}", "mac-address": f"02:00:00:{number >> 8:02X}:{number & 255:02X}:{n:02X}",
             "comment": f"device {n} of {name_of(number)}"}
            for n in range(40)
        ],
        "/ip/firewall/address-list": [
            {"list": "managers", "address": f"10.255.{number // SITE}.{n}", "comment": f"operator {n}"}
            for n in range(20)
        ],
        "/ip/hotspot/user": [
            {"name": f"room-{n}", "password": f"!rooms/{n % SECRETS}", "profile": "day", "comment": f"floor {n % 7}"}
            for n in range(45)
        ],
        "/ppp/secret": [
            {"name": f"customer-{number}-{n}", "password": f"!rooms/{n % SECRETS}", "service": "pppoe",
             "profile": "basic"}
            for n in range(40)
        ],
        "/queue/simple": [
            {"name": f"limit-{n}", "target": f"{net}.{n + 1}/32", "max-limit": f"{n + 1}M/{2 * n + 2}M"}
            for n in range(28)
        ],
    }  # fmt: skip


def name_of(number: int) -> str:
    return f"edge-{number}"


def write_network(folder: Path, ports: Mapping[str, int], ca: Path) -> None:
    """The network's files; each router is reached at its virtual one."""
    write(folder / "trueup.yaml", MAIN.format(ca=ca))
    write(folder / "groups/edge.yaml", "\n".join(yaml_of(shared())) + "\n")
    for number, (name, port) in enumerate(ports.items()):
        site = folder / f"site-{number // SITE}"
        if number % SITE == 0:
            write(site / "site.yaml", "labels: [hotspot]\n")
        head = [f"router: {name}", "groups: [edge]", f"connect: {{port: {port}}}"]
        write(site / f"{name}.yaml", "\n".join([*head, *yaml_of(own(number))]) + "\n")


MAIN = """\
network: fleet
audit: ../audit
rollout: {{waves: ["100%"], settle: 0}}
daemon: {{interval: 1s, poll: 1h}}
defaults:
  reconcile: {{mode: enforce}}
  version: "7.24"
  connect: {{hosts: [127.0.0.1], username: trueup, password: !secret api, tls: {{ca: {ca}}}}}
"""


def yaml_of(rows: Rows) -> list[str]:
    """Rows as an operator writes them."""
    lines = ["rows:"]
    for path, each in rows.items():
        single = path.startswith(("/system/", "/ip/dns")) and path != "/ip/dns/static"
        lines.append(f"  {path}:")
        for row in each:
            lines += [
                f"    {'- ' if not (single or at) else '  '}{k}: {scalar(v)}" for at, (k, v) in enumerate(row.items())
            ]
    return lines


def scalar(text: str) -> str:
    return f"!secret {text[1:]}" if text.startswith("!") else f'"{text}"'


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def secrets() -> dict[str, str]:
    """Every secret of the network by its name."""
    rooms = {f"rooms/{n}": f"canary-{n:04d}" for n in range(SECRETS)}
    return {"api": PASSWORD, "trueup/digest-key": "benchmark-digest-key-0123456789abcdef", **rooms}


def spec(number: int) -> Spec:
    """The virtual router that holds just what is declared."""
    known = secrets()
    seed: dict[str, list[dict[str, str]]] = {}
    for path, rows in [*shared().items(), *own(number).items()]:
        told = [{k: known[v[1:]] if v.startswith("!") else v for k, v in row.items()} for row in rows]
        seed[path] = [*seed.get(path, ()), *told]
    return Spec(name_of(number), username="trueup", password=PASSWORD, seed=seed, latency=LATENCY, port=None)
