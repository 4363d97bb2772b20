"""Adopting a virtual router: its file gets the rows it holds, and the plan after that is empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from export_room import CASES, files, network, trueup

from trueup.audit import Audit
from trueup.lab import Spec, User, serve
from trueup.lab.server import VirtualRouter
from trueup_schemas.catalogue import catalogue

PASSWORD = "canary-api-password"
SEED: Mapping[str, Sequence[Mapping[str, str]]] = {
    "/system/identity": [{"name": "harbour"}],
    "/interface/bridge": [{"name": "guests"}],
    "/interface/list": [{"name": "WAN"}],
    "/ip/pool": [{"name": "guests", "ranges": "10.5.50.10-10.5.50.254"}],
    "/ip/address": [{"address": "10.5.50.1/24", "interface": "guests"}],
    "/ip/firewall/filter": [
        {"chain": "forward", "action": "passthrough", "dynamic": "true"},
        {"chain": "input", "action": "accept", "connection-state": "established,related"},
        {"chain": "forward", "action": "drop", "connection-state": "invalid", "comment": "broken: no use"},
        {"chain": "input", "action": "drop", "in-interface-list": "WAN"},
    ],
    "/radius": [{"address": "10.0.0.5", "service": "hotspot", "secret": "canary-radius"}],
    "/ppp/secret": [{"name": "anna", "service": "pppoe", "password": "canary-anna"}],
    "/queue/simple": [{"name": "anna", "target": "10.5.50.9/32", "max-limit": "10M/20M"}],
    "/system/logging": [{"topics": "hotspot", "action": "memory"}],
}
BODY = """\
system:
  identity: harbour
  logging:
    rules:
      - {topics: hotspot}
bridges:
  - {name: guests}
addresses:
  - {address: 10.5.50.1/24, interface: guests}
radius:
  - {address: 10.0.0.5, secret: !secret edge/radius/10.0.0.5/secret, service: [hotspot]}
queues:
  - {name: anna, target: 10.5.50.9/32, max-limit: 10M/20M}
rows:
  /interface/list:
    - {name: WAN}
  /ip/firewall/filter:
    - scope: {chain: input}
      rows:
        - {action: accept, connection-state: [established, related]}
        - {action: drop, in-interface-list: WAN}
    - scope: {chain: forward}
      rows:
        - {action: drop, comment: "broken: no use", connection-state: invalid}
  /ip/pool:
    - {name: guests, ranges: 10.5.50.10-10.5.50.254}
  /ppp/secret:
    - {service: pppoe, name: anna, password: !secret edge/ppp-secret/anna/password}
"""


@contextmanager
def edge(folder: Path, username: str = "trueup", **changes: object) -> Iterator[tuple[Path, VirtualRouter]]:
    """A network whose one router is declared with nothing but `connect`, with a remark, and is a virtual one."""
    reader = User("reader", PASSWORD, "nosecrets")
    spec = Spec("edge", username="trueup", password=PASSWORD, users=(reader,), serial="SN1", **{"seed": SEED} | changes)
    with pytest.MonkeyPatch.context() as patch, serve([spec]) as lab:
        root = network(folder)
        patch.setenv("TRUEUP_SECRET_API", PASSWORD)
        patch.setenv("TRUEUP_SECRET_TRUEUP_DIGEST_KEY", "0123456789abcdef")
        (root / "harbour/edge.yaml").write_text(
            f"router: edge   # on the mast\nlabels: [canary]\nconnect: {{hosts: [127.0.0.1], username: {username}, "
            f"password: !secret api, port: {lab['edge'].tls_port}, tls: {{ca: {lab.ca}}}}}\n"
        )
        yield root, lab["edge"]


class Plain(yaml.SafeLoader):
    """Reads `!secret NAME` as the name, and every other word as text."""

    yaml_implicit_resolvers = {}  # noqa: RUF012


Plain.add_constructor("!secret", lambda loader, node: f"!secret {node.value}")


def said(text: str) -> str:
    """What a file says besides its router's name, facts and connection: intents and rows."""
    heads = ("#", "router:", "labels:", "connect:", "version:", "model:", "serial:")
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(heads))


def intents(text: str) -> dict[str, Any]:
    """The intents of a router's file."""
    return {name: each for name, each in yaml.load(said(text), Plain).items() if name != "rows"}


def menus(text: str) -> dict[str, Any]:
    """The rows of a router's file, by menu; where order does not count, in an order of their own."""
    known = catalogue("7.24")
    return {
        path: rows if isinstance(rows, dict) or known.menu(path).ordered else sorted(rows, key=repr)
        for path, rows in yaml.load(text, Plain)["rows"].items()
    }


def unordered(value: Any) -> Any:
    """An intent's words, lists in an order of their own."""
    if isinstance(value, dict):
        return {name: unordered(each) for name, each in value.items()}
    return sorted(map(unordered, value), key=repr) if isinstance(value, list) else value


@pytest.mark.parametrize("version", ["7.16", "7.24"])
def test_a_router_becomes_its_yaml_and_the_next_plan_is_empty(version: str, tmp_path: Path):
    with edge(tmp_path, version=version) as (root, served):
        stub = (root / "harbour/edge.yaml").read_text()
        code, out, err = trueup("adopt", "edge", "--network", str(root))
        assert code == 0, out + err
        adopted = (root / "harbour/edge.yaml").read_text()
        assert adopted.startswith(stub)
        head, body = adopted.removeprefix(stub).splitlines(keepends=True)[0], said(adopted.removeprefix(stub))
        assert head == f'version: "{version}"\n'
        assert body.replace('  /ip/ssh: {allow-none-crypto: "false"}\n', "") == BODY
        code, out, err = trueup("plan", "--network", str(root))
        assert code == 0, out + err
        assert [words[0] for words in served.log if words[0].endswith(("/add", "/set", "/remove", "/move"))] == []


def test_what_the_networks_rules_ignore_is_not_adopted(tmp_path: Path):
    with edge(tmp_path) as (root, _):
        rules = "[{menu: /ip/firewall/filter, where: {chain: forw*}}, {menu: /ppp/secret}]"
        (root / "harbour/site.yaml").write_text(f"reconcile: {{ignore: {rules}}}\n")
        code, out, err = trueup("adopt", "edge", "--network", str(root))
        assert code == 0, out + err
        adopted = (root / "harbour/edge.yaml").read_text()
        assert "ppp-secret" not in adopted + (tmp_path / "secrets.yaml").read_text()
        assert [each["scope"] for each in menus(adopted)["/ip/firewall/filter"]] == [{"chain": "input"}]
        code, out, err = trueup("plan", "--network", str(root))
        assert code == 0, out + err


def test_secrets_go_to_the_secrets_file_alone(tmp_path: Path):
    with edge(tmp_path) as (root, _):
        said = trueup("adopt", "edge", "--network", str(root), "--json")
        shown = repr((said, files(root)))
        assert [canary for canary in ("canary-radius", "canary-anna", PASSWORD) if canary in shown] == []
        stored = (tmp_path / "secrets.yaml").read_text()
        assert stored == 'edge/ppp-secret/anna/password: "canary-anna"\nedge/radius/10.0.0.5/secret: "canary-radius"\n'


def test_a_user_that_may_not_see_secrets_is_told_which_are_missing(tmp_path: Path):
    seed = {**SEED, "/user/group": [{"name": "nosecrets", "policy": "read,api,test"}]}
    with edge(tmp_path, "reader", seed=seed) as (root, _):
        code, out, err = trueup("adopt", "edge", "--network", str(root))
        assert code == 0, out + err
        assert "the value of secret 'edge/radius/10.0.0.5/secret' was hidden; put it into the secrets file" in err
        assert "secret: !secret edge/radius/10.0.0.5/secret" in (root / "harbour/edge.yaml").read_text()
        assert "***" not in (root / "harbour/edge.yaml").read_text()


def test_a_router_that_declares_rows_is_left_as_it_is_unread(tmp_path: Path):
    with edge(tmp_path) as (root, served):
        file = root / "harbour/edge.yaml"
        file.write_text(file.read_text() + "rows:\n  /system/identity: {name: x}\n")
        before = files(tmp_path)
        code, _, err = trueup("adopt", "edge", "--network", str(root))
        assert code == 1
        assert "harbour/edge.yaml:4:1: edge declares rows already" in err
        assert files(tmp_path) == before
        assert list(served.log) == []


def test_a_router_that_cannot_be_reached_leaves_its_file_as_it_was(tmp_path: Path):
    with edge(tmp_path) as (root, _):
        pass
    before = files(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRUEUP_SECRET_API", PASSWORD)
        code, _, err = trueup("adopt", "edge", "--network", str(root))
    assert code == 1
    assert "edge" in err
    assert files(tmp_path) == before


def test_a_menu_that_the_router_refuses_is_told_and_the_rest_adopted(tmp_path: Path):
    with edge(tmp_path) as (root, served):
        served.faults.add("trap", "/queue/simple/print", times=2, message="failure: busy")
        code, out, err = trueup("adopt", "edge", "--network", str(root))
        assert code == 0, out + err
        assert "/queue/simple cannot be read: failure: busy" in err
        adopted = (root / "harbour/edge.yaml").read_text()
        assert "queues" not in adopted
        assert "logging" in adopted


def test_a_connection_lost_while_reading_leaves_everything_as_it_was(tmp_path: Path):
    with edge(tmp_path) as (root, served):
        before = files(tmp_path)
        served.faults.add("drop", "/queue/simple/print")
        code, out, err = trueup("adopt", "edge", "--network", str(root))
        assert (code, out) == (1, "")
        assert "edge" in err
        assert files(tmp_path) == before


@pytest.mark.parametrize("case", ["hotspot", "pppoe", "queues", "firewall", "vlan-bridge", "services"])
def test_an_export_rehearsed_on_a_virtual_router_reads_back_as_adopted(case: str, tmp_path: Path):
    export = CASES / f"{case}.rsc"
    with edge(tmp_path, seed={}, version="7.24", board="hex") as (root, _):
        file = root / "harbour/edge.yaml"
        connect = file.read_text()
        file.unlink()
        code, out, err = trueup("adopt", "--network", str(root), "--export", str(export), "--as", "edge")
        assert code == 0, out + err
        body = said(file.read_text())
        file.write_text(connect + body)
        Audit.create(tmp_path / "net-audit", "net")
        code, out, err = trueup("apply", "--yes", "--allow-dirty", "--network", str(root))
        assert code == 0, out + err
        file.write_text(connect)
        code, out, err = trueup("adopt", "edge", "--network", str(root))
        assert code == 0, out + err
        assert menus(file.read_text()) == menus(body)
        assert unordered(intents(file.read_text())) == unordered(intents(body))
