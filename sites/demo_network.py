"""What `make demo-daemon` makes of its copy of the example network: a further site, and how the daemon runs it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

ROUTERS = ("quay-1", "quay-2", "quay-3", "quay-4", "quay-5", "quay-6")
"""Small routers of the further site, so that a rollout has waves to look at."""

CONTACT = "noc@saltmarsh.example"
OTHER_CONTACT = "duty@saltmarsh.example"

ROUTER = """\
router: {name}
version: "7.24"
connect: {{hosts: [127.66.0.{host}]}}
system: {{identity: {name}}}
bridges:
  - {{name: bridge-berths, protocol-mode: rstp, ports: [ether2, ether3]}}
rows:
  /interface/list/member:
    - {{interface: ether1, list: WAN}}
    - {{interface: bridge-berths, list: LAN}}
  /ip/dhcp-client:
    - {{interface: ether1, comment: the quay's line}}
"""

LAB = """\
  - name: {name}
    version: "7.24"
    board: hex
    address: 127.66.0.{host}
    username: trueup
    password: !secret saltmarsh/api
"""

SETTINGS = """
daemon: {{poll: 2s, interval: 5s}}
rollout:
  waves: [{{label: canary}}, {{label: hub}}, {{label: quay}}, 100%]
  settle: 4s
  patience: 1m
windows:
  - {{kind: allow, name: nights at the marina, sites: [marina], from: "{begin:%H}:00", to: "{end:%H}:00"}}
web:
  address: 127.0.0.1
  port: {port}
  users: {users}
"""

MODES = {
    "hq/hub.yaml": "enforce",
    "harbour/edge-1.yaml": "propose",
    "marina/edge-1.yaml": "propose",
    "hill/tower-1.yaml": "observe",
    "quay/site.yaml": "enforce",
}


def add_site(network: Path, addresses: str) -> None:
    """Declare the further site and its virtual routers, and give all of them addresses that begin so."""
    site = network / "quay"
    site.mkdir()
    (site / "site.yaml").write_text("site: quay\nlabels: [quay]\n")
    with (network / "lab.yaml").open("a") as lab:
        for host, name in enumerate(ROUTERS, start=21):
            (site / f"{name}.yaml").write_text(ROUTER.format(name=name, host=host))
            lab.write(LAB.format(name=name, host=host))
    for file in network.rglob("*.yaml"):
        file.write_text(file.read_text().replace("127.66.0.", addresses))


def set_up_daemon(network: Path, port: int, users: Path) -> None:
    """Say how the daemon runs the network: modes, a window that is closed now, waves, and the page."""
    begin = datetime.now(UTC) + timedelta(hours=11)
    with (network / "trueup.yaml").open("a") as top:
        top.write(SETTINGS.format(begin=begin, end=begin + timedelta(hours=2), port=port, users=users))
    for file, mode in MODES.items():
        with (network / file).open("a") as layer:
            layer.write(f"reconcile: {{mode: {mode}}}\n")


def change_contact(network: Path) -> str:
    """Make a small change that comes to every router; returns what it does."""
    file = network / "trueup.yaml"
    text = file.read_text()
    old, new = (CONTACT, OTHER_CONTACT) if CONTACT in text else (OTHER_CONTACT, CONTACT)
    file.write_text(text.replace(f"contact: {old}", f"contact: {new}"))
    return f"Name {new} as the routers' contact"
