"""Draw docs/plan.svg: a plan as the terminal shows it, of three virtual routers. Run `python docs/picture.py`."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from trueup.lab import Lab, Spec, serve

TRUEUP = Path(sys.executable).with_name("trueup")
ROUTERS = ("harbour-edge-1", "harbour-edge-2", "harbour-edge-3")

NETWORK = "network: harbour\naudit: ../audit\nsecrets: {file: ../secrets.yaml}\n"
SECRETS = "trueup/digest-key: a key for this picture alone\napi: pw\nradius/billing: first\nradius/new: second\n"

ROUTER = """\
router: NAME
connect:
  hosts: [127.0.0.1]
  source: 10.20.0.20
  destination: 10.20.0.1
  port: PORT
  password: !secret api
  tls: off
"""

SEED = {
    "/ip/address": [{"address": "10.20.0.1/24", "interface": "ether1"}],
    "/ip/firewall/address-list": [{"list": "managers", "address": "10.20.0.20"}],
}
"""How the manager gets to each router."""

BEFORE = """\
rows:
  /ip/firewall/filter:
    - scope: {chain: input}
      rows:
        - {connection-state: [established, related], action: accept, place: first}
        - {src-address-list: managers, action: accept}
        - {in-interface-list: all, action: drop, comment: the rest}
  /radius:
    - {address: 10.0.0.5, secret: !secret radius/billing, service: [hotspot, ppp], comment: billing}
  /ip/hotspot/user:
    - {name: guest-1, profile: default}
"""

AFTER = """\
rows:
  /ip/firewall/filter:
    - scope: {chain: input}
      rows:
        - {connection-state: [established, related], action: accept, place: first}
        - {protocol: icmp, action: accept}
        - {src-address-list: managers, action: accept}
        - {in-interface-list: all, action: drop, comment: the rest}
  /radius:
    - address: 10.0.0.5
      secret: !secret radius/new
      service: [hotspot, ppp]
      timeout: 1100ms
      comment: billing
  /ip/hotspot/user: []
"""


def main() -> None:
    """Tell the story on virtual routers, and draw what the last plan prints."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve([Spec(n, username="trueup", password="pw", seed=SEED) for n in ROUTERS]) as lab,
    ):
        network = prepare(Path(folder), lab)
        trueup(network, "apply", "--yes", "--allow-dirty")
        (network / "harbour/site.yaml").write_text(AFTER)
        lab[ROUTERS[2]].router.execute(["/ip/firewall/filter/set", "=.id=*3", "=disabled=yes"])
        drawn = trueup(network, "plan")
    Path(__file__).with_name("plan.svg").write_text(draw(drawn), encoding="utf-8")


def prepare(folder: Path, lab: Lab) -> Path:
    """A network of three routers of one site, its audit repository and its secrets."""
    network = folder / "network"
    (network / "harbour").mkdir(parents=True)
    (network / "trueup.yaml").write_text(NETWORK)
    (network / "harbour/site.yaml").write_text(BEFORE)
    for name in ROUTERS:
        text = ROUTER.replace("NAME", name).replace("PORT", str(lab[name].port))
        (network / f"harbour/{name.removeprefix('harbour-')}.yaml").write_text(text)
    secrets = folder / "secrets.yaml"
    secrets.write_text(SECRETS)
    secrets.chmod(0o600)
    subprocess.run(["git", "init", "--quiet", str(folder / "audit")], check=True)
    return network


def trueup(network: Path, *arguments: str) -> str:
    """What the command prints on a terminal, escape codes and all."""
    ours, terminal = pty.openpty()
    environment = {**os.environ, "COLUMNS": "100", "TERM": "xterm"}
    with subprocess.Popen(
        [TRUEUP, *arguments], cwd=network, stdout=terminal, stdin=subprocess.DEVNULL, env=environment
    ):
        os.close(terminal)
        pieces = list(iter(lambda: read(ours), b""))
    os.close(ours)
    return b"".join(pieces).decode().replace("\r\n", "\n")


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def draw(printed: str) -> str:
    """The printed text as an SVG that asks nobody for a font."""
    console = Console(record=True, width=104, file=io.StringIO())
    console.print(Text.from_ansi("$ trueup plan\n" + printed.rstrip()))
    local = re.sub(r"@font-face {{.*?}}\s*", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    local = re.sub(r"<!-- .*? -->\s*", "", local)
    drawn = console.export_svg(title="trueup plan", code_format=local.replace("Fira Code, ", ""), unique_id="plan")
    return drawn.replace("<text ", '<text xml:space="preserve" ')


if __name__ == "__main__":
    main()
