"""WireGuard keys when a box is replaced: those in the secret store travel, those that a box made itself do not."""

from __future__ import annotations

from pathlib import Path

from arriving_room import NAME
from fleet_room import PASSWORD
from replace_room import DECLARED, NEW, NEWCOMER, swapping

from trueup.lab import Spec

HUB = Spec("hub", username="trueup", password=PASSWORD, serial="SNhub")
HEAD = """\
router: hub
connect: {hosts: [127.0.0.1], port: PORT, password: !secret api, tls: {ca: CA}}
"""
WG = {
    "HUB_WG": "qGpqZ0yF6Y1mVhX3v2m0o0bqR1C0m0Kf5rY7mJ1pO1E=",
    "EDGE_WG": "AFwXKRtuTnfZhQlhpTQmWG6zYMfkbtmgm6kGTbqBUWs=",
}
OTHER = "TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0="
KEYS = ("AFwXKRtuTnfZhQlhpTQmWG6zYMfkbtmgm6kGTbqBUWs=", "mNQ5mHHlAHy6RkCJ0LpmiTqH5uQm7m1pQqhAB7J0QGc=")


def test_a_key_that_the_old_box_made_is_told_with_the_peer_that_holds_it(tmp_path: Path) -> None:
    own = DECLARED + "  /interface/wireguard: [{name: wg-hub}]\n"
    address = "    - {address: 10.9.0.2/30, interface: wg-hub}\n"
    own = own.replace("  /ip/firewall/filter:", f"{address}  /ip/firewall/filter:")
    old_key = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="
    rows = f"""\
rows:
  /interface/wireguard: [{{name: wg-edge, private-key: !secret hub-wg}}]
  /interface/wireguard/peers:
    - interface: wg-edge
      name: harbour
      public-key: {old_key}
      allowed-address: 10.9.0.2/32
    - {{interface: wg-edge, name: other, public-key: {OTHER}, allowed-address: 10.9.9.9/32}}
"""
    with swapping(tmp_path, own, HUB, files={"harbour/hub.yaml": HEAD + rows}, new="hex-s", secrets=WG) as swap:
        swap.arrive()
        said = swap.replace("--host", NEW, "--yes")
        assert said.code == 0, said.all
        assert "WireGuard wg-hub: the new box makes another key" in said.out
        assert "hub /interface/wireguard/peers harbour: holds the old one" in said.out
        assert "harbour/hub.yaml:8" in said.out
        assert "peers other" not in said.out
        swap.made.commit()
        assert swap.made.trueup("apply", "--yes", NAME).code == 0
        (row,) = swap.made.lab[NEWCOMER].router.rows("/interface/wireguard")
        hub = swap.made.network / "harbour/hub.yaml"
        hub.write_text(hub.read_text().replace(old_key, row["public-key"]))
        swap.made.commit()
        changed = swap.made.trueup("plan")
        assert changed.out.count("public-key") == 1
        assert swap.made.trueup("apply", "--yes").code == 0
        assert swap.made.trueup("plan").code == 0


def test_the_pinned_host_key_of_the_console_is_told(tmp_path: Path) -> None:
    key = f"SHA256:{'A' * 43}"
    text = DECLARED.replace("connect:\n", f'connect:\n  ssh: {{port: 22, host-key: "{key}"}}\n')
    with swapping(tmp_path, text, new="hex-s") as swap:
        swap.arrive()
        said = swap.replace("--host", NEW, "--dry-run")
        assert said.code == 2
        assert "ssh host-key: the old box's is pinned" in said.out
        assert "harbour/edge-1.yaml:6" in said.out


def test_a_declared_key_travels_and_a_new_one_reaches_both_ends(tmp_path: Path) -> None:
    tunnel = """
tunnels:
  - wireguard: wg-hub
    private-key: !secret edge-wg
    address: 10.9.0.2/30
    peer: {router: hub, interface: wg-edge, private-key: !secret hub-wg, address: 10.9.0.1/30, listen-port: 13231}
rows:
"""
    own = DECLARED.replace("\nrows:\n", tunnel)
    with swapping(tmp_path, own, HUB, files={"harbour/hub.yaml": HEAD}, new="hex-s", secrets=WG) as swap:
        swap.arrive()
        said = swap.replace("--host", NEW, "--yes")
        assert said.code == 0, said.all
        assert "WireGuard" not in said.out
        assert "edge-wg" in said.out  # among what the old box still holds
        swap.made.commit()
        assert swap.made.trueup("apply", "--yes").code == 0
        swap.made.patch.setenv("TRUEUP_SECRET_EDGE_WG", KEYS[1])
        planned = swap.made.trueup("plan")
        assert planned.code == 2
        assert "public-key" in planned.out
        assert "private-key" in planned.out
        assert swap.made.trueup("apply", "--yes").code == 0
        assert swap.made.trueup("plan").code == 0
        (row,) = swap.made.lab[NEWCOMER].router.rows("/interface/wireguard")
        (peer,) = swap.made.lab["hub"].router.rows("/interface/wireguard/peers")
        assert peer["public-key"] == row["public-key"]
        told = (said.all, planned.all)
        assert [each for each in told for key in KEYS if key in each] == []
