"""lab.yaml: what it may say, and where it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from trueup.lab import Manager
from trueup.lab.network import BadNetwork, read_network


def written(folder: Path, text: str) -> Path:
    file = folder / "lab.yaml"
    file.write_text(text)
    return file


def test_a_router_is_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUEUP_SECRET_HUB_API", "hush")
    (hub, site) = read_network(
        written(
            tmp_path,
            "routers:\n"
            "  - name: hub\n    version: 7.16.2\n    board: hex\n    address: 127.0.0.9\n    port: 18728\n"
            "    username: trueup\n    password: !secret hub/api\n    latency: 50ms\n    serial: 0012\n"
            "    seed:\n      /system/identity: {name: no}\n"
            "      /ip/firewall/filter: [{chain: input, connection-state: [established, related]}]\n"
            "    answers: [10.0.0.1, 10.9.0.0/16]\n"
            "    faults: [{kind: drop, match: /ip/pool/add, skip: 1}]\n"
            "  - name: site\n    boot-time: 30s\n    ssh-port: 8022\n"
            "    manager: {source: 10.9.9.9, destination: 10.20.0.1, vlan: 10, gateway: 10.20.0.254}\n",
        )
    )
    assert (hub.spec.version, hub.spec.board, hub.spec.port, hub.spec.latency) == ("7.16.2", "hex", 18728, 0.05)
    assert (hub.spec.password, hub.spec.serial) == ("hush", "0012")
    assert hub.spec.seed["/system/identity"] == [{"name": "no"}]
    assert hub.spec.seed["/ip/firewall/filter"] == [{"chain": "input", "connection-state": "established,related"}]
    assert (hub.spec.answers, site.spec.answers) == (("10.0.0.1", "10.9.0.0/16"), ())
    assert hub.faults == ({"kind": "drop", "match": "/ip/pool/add", "skip": "1"},)
    assert (site.spec.address, site.spec.port, site.spec.tls_port) == ("127.77.0.2", 8728, 8729)
    assert (site.spec.ssh_port, hub.spec.ssh_port) == (8022, None)
    assert site.spec.manager == Manager("10.9.9.9", "10.20.0.1", vlan=10, gateway="10.20.0.254")
    assert (site.spec.boot_time, hub.spec.boot_time, hub.spec.manager) == (30, 0, None)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "expected keys"),
        ("sites: []\n", 1, "no routers"),
        ("routers:\n- {name: hub, answers: [10.0.0.0/8, everywhere]}\n", 2, "answers: 'everywhere' is no IPv4"),
        ("routers: hub\n", 1, "expected a list"),
        ("routers: []\n", 1, "no routers in the list"),
        ("routers:\n  - name: &a [*a]\n", 2, "single value"),
        ("routers: " + "[" * 3_000, 1, "nested too deeply"),
        ("routers:\n  - board: chr\n", 2, "needs a name"),
        ("routers:\n  - name: a\n    boad: chr\n", 3, 'unknown key "boad"'),
        ("routers:\n  - name: a\n    board: toaster\n", 3, "no board 'toaster'"),
        ("routers:\n  - name: a\n    version: six\n", 3, "version: 'six'"),
        ("routers:\n  - name: a\n    port: 99999\n", 3, "port: '99999'"),
        ("routers:\n  - name: a\n    name: b\n", 3, "twice"),
        ("routers:\n  - name: a\n    manager: {source: 10.0.0.1}\n", 3, "destination is an IPv4 address"),
        ("routers:\n  - name: a\n    manager: {source: 1.1.1.1, destination: 1.1.1.2, via: x}\n", 3, '"via"'),
        ("routers:\n  - name: a\n    manager: {source: 1.1.1.1, destination: 1.1.1.2, vlan: x}\n", 3, "no VLAN"),
        ("routers:\n  - name: a\n  - name: a\n", 2, 'two routers are called "a"'),
        ("routers:\n  - name: a\n    password: !secret lab/none\n", 3, "TRUEUP_SECRET_LAB_NONE"),
        ("routers:\n  - name: [a\n", 3, "expected"),
        ("routers:\n  - name: {a: b}\n", 2, "single value"),
    ],
)
def test_a_mistake_is_shown_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(BadNetwork) as wrong:
        read_network(written(tmp_path, text))
    assert any(message in mistake.message and mistake.line == line for mistake in wrong.value.mistakes)


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadNetwork) as wrong:
        read_network(written(tmp_path, "routers:\n  - colour: red\n    board: x\n  - name: b\n    port: y\n"))
    assert len(wrong.value.mistakes) == 4


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "lab.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadNetwork, match="UTF-8"):
        read_network(file)
