"""A tunnel of which both ends change: what would cut the far one off is refused for both."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from fleet_room import Room, room, spec
from lockout_room import shut

from trueup.lab import Manager

OLD, NEW = "l7mx7hnZTxG3TrBoGyOfyRhhkkN5SvF9R5CFHnTzXFo=", "8mkcOm3tiA0yVS9mxvhN3bkZ1TAgkqWDfOTkPKXjwgo="
PEERS = "/interface/wireguard/peers"
HUB = {"source": "10.9.9.9", "destination": "203.0.113.1"}
SPOKE = {"source": "10.9.9.9", "destination": "10.20.0.1"}


def peer(key: str, **more: str) -> dict[str, str]:
    return {"interface": "wg", "public-key": key, "name": "other", **more}


def both(folder: Path) -> AbstractContextManager[Room]:
    """A hub beside the manager, and a spoke to which the manager's session goes through the hub's tunnel."""
    to_hub = peer(OLD, **{"allowed-address": "10.9.0.0/16", "endpoint-address": "203.0.113.1"})
    wireguard = {"/interface/wireguard": [{"name": "wg", "listen-port": "13231"}]}
    hub = {
        **wireguard,
        PEERS: [peer(OLD, **{"allowed-address": "10.20.0.1/32"})],
        "/ip/address": [{"address": "203.0.113.1/24", "interface": "ether1"}],
        "/ip/route": [{"gateway": "203.0.113.254"}],
    }
    spoke = {
        **wireguard,
        PEERS: [to_hub],
        "/ip/address": [
            {"address": "10.20.0.1/32", "interface": "wg"},
            {"address": "203.0.113.2/24", "interface": "ether1"},
        ],
        "/ip/route": [{"dst-address": "10.9.0.0/16", "gateway": "wg"}],
    }
    return room(
        folder,
        spec("hub", seed=hub, manager=Manager(**HUB)),
        spec("spoke", seed=spoke, manager=Manager(**SPOKE, tunnel="wg")),
    )


def declare(made: Room, hub_key: str, spoke_key: str) -> None:
    made.declare("hub", {PEERS: [peer(hub_key, **{"allowed-address": "10.20.0.1/32"})]}, connect=HUB)
    there = {"allowed-address": "10.9.0.0/16", "endpoint-address": "203.0.113.1"}
    made.declare("spoke", {PEERS: [peer(spoke_key, **there)]}, connect=SPOKE)
    made.commit()


def test_both_ends_of_a_tunnel_are_left_alone_where_one_would_be_cut_off(tmp_path: Path) -> None:
    with both(tmp_path) as made:
        declare(made, NEW, NEW)
        said = made.trueup("apply")
        assert said.code == 1
        assert "spoke: the manager's path cut" in said.err
        assert "hub: the manager's path" not in said.err
        assert made.wrote("hub") == made.wrote("spoke") == []
        assert shut(made.lab["hub"].router) == shut(made.lab["spoke"].router) == ""


def test_the_near_end_alone_is_changed_as_far_as_its_own_way_is_kept(tmp_path: Path) -> None:
    with both(tmp_path) as made:
        declare(made, NEW, OLD)
        said = made.trueup("plan")
        assert said.code == 2
        assert "manager's path cut" not in said.out
