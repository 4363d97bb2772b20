"""Recognising within a network: what its layers and other routers declare already is not declared once more."""

from __future__ import annotations

import json
from pathlib import Path

from export_room import network, trueup
from recognise_room import export_of, tables_of

from trueup.row import Secret
from trueup.secrets.keys import public_key

KEY, FAR = "MEVxdWl0ZSBhIGtleSBmb3IgYSB0ZXN0ISEhISEhISE=", "cOVxdWl0ZSBhIGtleSBmb3IgYSB0ZXN0ISEhISEhIUA="
RADIUS = "radius:\n  - {name: billing, address: 10.0.0.5, secret: !secret billing, service: [hotspot]}\n"
OTHER = "  - {address: 10.0.0.6, secret: !secret other, service: [login]}\n"


def adopted(root: Path, body: str, **values: str) -> tuple[dict[str, object], str]:
    """What `adopt --json` says of the export of a router with these intents, and its file."""
    export = root.parent / "edge.rsc"
    text = export_of(tables_of(body)).decode()
    for name, value in values.items():
        text = text.replace(f"canary-{name}", f'"{value}"')
    export.write_text(text)
    code, out, err = trueup("adopt", "--network", str(root), "--export", str(export), "--as", "edge", "--json")
    assert code == 0, out + err
    return json.loads(out), (root / "harbour/edge.yaml").read_text()


def stored(root: Path, **values: str) -> None:
    store = root.parent / "secrets.yaml"
    store.write_text("".join(f'{name}: "{value}"\n' for name, value in values.items()))
    store.chmod(0o600)


def test_what_a_layer_declares_is_left_to_it(tmp_path: Path):
    root = network(tmp_path)
    (root / "harbour/site.yaml").write_text(f"{RADIUS}system: {{timezone: Europe/Lisbon}}\n")
    stored(root, billing="canary-billing")
    said, text = adopted(root, f"{RADIUS}system: {{identity: edge, timezone: Europe/Lisbon}}\n")
    assert said["intents"] == {"system": 1}
    assert "radius" not in text
    assert "timezone" not in text
    assert "canary-billing" not in (tmp_path / "secrets.yaml").read_text().replace('billing: "canary-billing"', "", 1)


def test_what_a_layer_declares_is_not_replaced_by_what_it_lacks(tmp_path: Path):
    root = network(tmp_path)
    (root / "harbour/site.yaml").write_text(RADIUS)
    stored(root, billing="canary-billing")
    said, text = adopted(root, RADIUS + OTHER)
    assert said["intents"] == {}
    assert "- {address: 10.0.0.6, secret: !secret edge/radius/10.0.0.6/secret, service: login}" in text
    assert "10.0.0.5" not in text


TUNNEL = """\
router: hub
tunnels:
  - wireguard: wg-edge
    private-key: !secret near
    address: 10.9.0.1/30
    listen-port: 13231
    peer: {router: edge, interface: wg-hub, private-key: !secret far, address: 10.9.0.2/30, listen-port: 13232}
"""


def other_end(address: str, port: int) -> str:
    """The tunnel as the other router has it."""
    return (
        f"tunnels:\n  - wireguard: wg-hub\n    private-key: !secret far\n    address: {address}\n"
        f"    listen-port: {port}\n    peers:\n      - {{name: hub, public-key: {public_key(Secret(KEY))}, "
        f"allowed-address: 10.9.0.1/32}}\n"
    )


def test_a_tunnel_that_its_other_end_declares_is_joined(tmp_path: Path):
    root = network(tmp_path)
    (root / "harbour/hub.yaml").write_text(TUNNEL)
    stored(root, near=KEY, far=FAR)
    said, text = adopted(root, other_end("10.9.0.2/30", 13232), far=FAR)
    assert said["intents"] == {}
    assert set(said["rows"]) == {"/ppp/secret"}
    assert "wg-hub" not in text


def test_a_tunnel_that_its_other_end_declares_otherwise_is_not(tmp_path: Path):
    root = network(tmp_path)
    (root / "harbour/hub.yaml").write_text(TUNNEL)
    stored(root, near=KEY, far=FAR)
    _, text = adopted(root, other_end("10.9.0.2/30", 13299), far=FAR)
    assert "listen-port: 13299" in text


def test_a_template_of_ones_own_is_what_a_guess_is_compiled_with(tmp_path: Path):
    root = network(tmp_path)
    (root / "templates").mkdir()
    own = "/radius:\n{% for it in radius %}\n  - address: {{ it.address }}\n    secret: {{ it.secret }}\n{% endfor %}\n"
    (root / "templates/radius.yaml.j2").write_text(own)
    said, text = adopted(root, RADIUS)
    assert said["intents"] == {}
    assert "comment: billing" in text


def test_many_of_a_kind_stay_rows(tmp_path: Path):
    body = "queues:\n" + "".join(f"  - {{name: q{number}, target: 10.0.0.0/24}}\n" for number in range(251))
    said, _ = adopted(network(tmp_path), body)
    assert (said["intents"], said["rows"]) == ({}, {"/queue/simple": 251, "/ppp/secret": 1})
