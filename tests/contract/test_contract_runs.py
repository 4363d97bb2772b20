"""What `make contract` says of a router is so, it leaves nothing behind, and nothing secret is in its report."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import contract_run
import pytest
import yaml
from contract_asked import Asked, BadRequest, asked
from contract_line import Spoken
from contract_mask import Mask
from contract_menus import cuts, menus, spoken_version
from contract_run import CLEAN, DIFFERENT, Declined, run
from fidelity_dialogues import Mismatch, dialogues

from trueup.errors import RouterError
from trueup.lab import Lab, Router, Spec, VirtualRouter, serve
from trueup.lab.fact import menu_facts
from trueup_schemas.catalogue import catalogue

HOST = "127.0.9.9"
PASSWORD, SERIAL = "canary-password-2718", "CANARY-SERIAL"
VERSIONS = ("7.24", "7.16", "6.49")
SCRIPT = Path(__file__).parent


def spec(version: str) -> Spec:
    return Spec(version, version=version, address=HOST, tls_port=None, password=PASSWORD, serial=SERIAL)


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with serve([spec(version) for version in VERSIONS]) as lab:
        yield lab


@pytest.fixture
def wanted(lab: Lab, tmp_path: Path) -> Asked:
    """A request to the router of 7.24, which is new; others are made of it."""
    lab["7.24"].router = Router(spec("7.24"))
    report = str(tmp_path / "report.yaml")
    return Asked(HOST, password=PASSWORD, port=lab["7.24"].port, allowed=True, report=report)


def hold(wanted: Asked) -> tuple[int, list[str]]:
    said: list[str] = []
    return run(wanted, said.append, lambda: False, lambda: ""), said


def report_of(wanted: Asked) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(Path(wanted.report).read_text())
    return read


def everything(served: VirtualRouter) -> dict[str, list[str]]:
    """Every row that a dialogue could have touched, without ids and what runs."""
    touched = {menu for each in dialogues().values() for dialogue in each for menu in menus(dialogue)}
    version = served.spec.version
    return {
        menu: sorted(repr({k: v for k, v in row.items() if k != ".id"}) for row in served.rows(menu))
        for menu in sorted({*touched, "/user", "/system/scheduler", "/system/script"})
        if menu in catalogue(version) and menu not in ("/ip/service", "/system/clock")
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_a_router_that_is_as_recorded_is_said_to_be_and_left_as_it_was(
    lab: Lab, wanted: Asked, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trueup.fleet.drill.ARMED", 1)
    before = everything(lab[version])
    wanted = replace(wanted, port=lab[version].port)
    code, said = hold(wanted)
    assert code == CLEAN, "\n".join(said)
    assert everything(lab[version]) == before
    report = report_of(wanted)
    assert report["counts"]["as recorded"] >= (15 if version == "6.49" else 1000)
    assert all(each["why"] for each in report["dialogues"] if each["verdict"] == "not applicable")
    nets = {each["net"] for each in report["nets"]}
    assert "inverse script" in nets
    assert ("unroll from the scheduler" in nets) == (version == "7.24")
    text = Path(wanted.report).read_text()
    assert not [canary for canary in (PASSWORD, SERIAL, HOST) if canary in text]


@pytest.mark.parametrize("tls", ["verify", "fingerprint"])
def test_over_tls_the_router_is_checked_and_its_console_drilled(
    wanted: Asked, tls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trueup.fleet.drill.ARMED", 1)
    ssh = 0 if tls == "fingerprint" else None
    with serve([replace(spec("7.16"), port=None, tls_port=0, ssh_port=ssh)]) as lab:
        served = lab["7.16"]
        wanted = replace(wanted, port=served.tls_port or 0, tls=tls, menus=("/ip/pool",))
        if ssh is None:
            wanted = replace(wanted, ca=str(lab.ca))
        else:
            told = {"ROUTER": HOST, "ROUTER_TLS": tls, "ROUTER_FINGERPRINT": served.fingerprint}
            wanted = replace(wanted, fingerprint=asked(told).fingerprint, ssh=(served.ssh_port or 0, served.host_key))
        assert hold(wanted)[0] == CLEAN
    nets = [each["net"] for each in report_of(wanted)["nets"]]
    assert ("safe mode over SSH" in nets) == (tls == "fingerprint")


def test_one_other_fact_is_exactly_one_difference(lab: Lab, wanted: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract_run, "drill", lambda *_: [])
    other = [replace(f, trap="no second one") if f.kind == "unique" else f for f in menu_facts("/ip/pool")]
    lookup = {"/ip/pool": tuple(other)}
    lab["7.24"].router = Router(spec("7.24"), lambda path: lookup.get(path) or menu_facts(path))
    code, said = hold(replace(wanted, menus=("/ip/pool", "/ip/address")))
    assert code == DIFFERENT
    [found] = [each for each in report_of(wanted)["dialogues"] if each["verdict"] == "differs"]
    assert (found["menu"], found["name"]) == ("/ip/pool", "two rows that share name")
    [difference] = found["differences"]
    assert difference["expected"][0] == ["!trap", "=message=failure: pool with such name exists"]
    assert difference["got"][0] == ["!trap", "=message=failure: no second one"]
    assert any("no second one" in line for line in said)
    assert lab["7.24"].rows("/ip/pool") == []


def test_a_router_of_somebody_is_refused_and_not_written_to(lab: Lab, wanted: Asked) -> None:
    lab["7.24"].router.seed("/ip/firewall/filter", [{"chain": "input", "action": "accept"}])
    lab["7.24"].log.clear()
    with pytest.raises(Declined, match="1 rows in /ip/firewall/filter"):
        hold(wanted)
    assert {sentence[0].rpartition("/")[2] for sentence in lab["7.24"].log} <= {"print", "login"}


def test_forced_it_leaves_out_what_looks_at_all_rows(lab: Lab, wanted: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract_run, "drill", lambda *_: [])
    lab["7.24"].router.seed("/ip/pool", [{"name": "theirs", "ranges": "10.1.1.1"}])
    assert hold(replace(wanted, forced=True, menus=("/ip/pool",)))[0] == CLEAN
    assert "the router has rows of its own in /ip/pool" in Path(wanted.report).read_text()
    assert [row["name"] for row in lab["7.24"].rows("/ip/pool")] == ["theirs"]


def test_without_consent_nothing_is_sent_but_questions(lab: Lab, wanted: Asked) -> None:
    with pytest.raises(Declined, match="CONTRACT=yes"):
        hold(replace(wanted, allowed=False))
    assert not Path(wanted.report).exists()


@pytest.mark.parametrize("version", ["7.24", "7.16"])
def test_a_run_that_is_stopped_takes_back_what_it_changed(
    lab: Lab, wanted: Asked, version: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = lab[version]
    spoken = Spoken.__call__

    seen: list[str] = []

    def stopped(line: Spoken, sentence: list[str]) -> list[list[str]]:
        reply = spoken(line, sentence)
        if sentence[0] == "/ip/pool/add" and reply[0][0] == "!done":
            seen.extend(row["name"] for row in served.rows("/ip/pool"))
            monkeypatch.setattr(Spoken, "__call__", spoken)
            raise KeyboardInterrupt
        return reply

    monkeypatch.setattr(Spoken, "__call__", stopped)
    with pytest.raises(KeyboardInterrupt):
        hold(replace(wanted, port=served.port, menus=("/ip/pool",)))
    assert seen
    assert served.rows("/ip/pool") == []


def test_a_hold_of_somebody_is_left_alone(lab: Lab, wanted: Asked) -> None:
    lab["7.24"].router.execute(["/safe-mode/take"])
    with pytest.raises(Declined, match="safe mode is held"):
        hold(wanted)


def test_a_wrong_password_is_told_in_one_line(lab: Lab, tmp_path: Path) -> None:
    told = {"ROUTER": HOST, "ROUTER_PORT": str(lab["7.24"].port), "TRUEUP_CONTRACT_PASSWORD": "wrong-canary"}
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], env=os.environ | told, cwd=tmp_path, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 1
    assert "the router refused the login" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "wrong-canary" not in done.stdout + done.stderr


def test_a_router_that_is_not_there_is_told(wanted: Asked) -> None:
    with pytest.raises(RouterError, match="connection refused"):
        hold(replace(wanted, port=1))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "no router is named"),
        ({"ROUTER": "r", "ROUTER_TLS": "on"}, "ROUTER_TLS=on"),
        ({"ROUTER": "r", "ROUTER_TLS": "fingerprint"}, "go together"),
        ({"ROUTER": "r", "ROUTER_TLS": "fingerprint", "ROUTER_FINGERPRINT": "ab"}, "64 hexadecimal digits"),
        ({"ROUTER": "r", "ROUTER_CA": "ca.pem"}, "ROUTER_TLS=verify"),
        ({"ROUTER": "r", "ROUTER_PORT": "api"}, "ROUTER_PORT=api is not a port"),
    ],
)
def test_a_request_that_means_nothing_is_refused(said: dict[str, str], words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        asked(said)


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("7.24.5", "7.24"),
        ("7.25beta4", "7.24"),
        ("7.20", "7.16.2"),
        ("7.10", "7.9.2"),
        ("6.49.17", "6.49"),
        ("8.0", ""),
    ],
)
def test_dialogues_are_those_of_the_newest_version_that_is_not_newer(version: str, told: str) -> None:
    assert spoken_version(version) == told


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("/ip/vrf/add =name=all =interfaces=all", True),
        ("/ip/vrf/add =name=blue =interfaces=ether2", False),
        ("/ip/firewall/filter/add =chain=input =action=drop", True),
        ("/ip/firewall/filter/add =chain=forward =action=drop", False),
        ("/interface/ethernet/set =.id=ether1 =disabled=yes", True),
        ("/interface/ethernet/set =.id=ether2 =disabled=yes", False),
        ("/interface/disable =numbers=ether2,ether1", True),
    ],
)
def test_what_could_cut_the_run_off_is_not_sent(sent: str, told: bool) -> None:
    assert cuts(sent.split()) == told


def test_what_a_router_answers_is_masked_where_it_is_its_own() -> None:
    mask = Mask(catalogue("7.24"), [(PASSWORD, "(secret)"), (SERIAL, "(serial)"), (HOST, "(router)")])
    got = ["!re", "=secret=canary-1", "=address=10.0.0.5", "=comment=by 203.0.113.9 48:A9:8A:00:00:01", "=timeout=1s"]
    found = Mismatch(
        ["/radius/print"], [["!re", "=address=10.0.0.5"]], [got, ["!trap", f"=message={SERIAL} {PASSWORD}"]]
    )
    assert mask.answered(found) == [
        ["!re", "=secret=(secret)", "=address=10.0.0.5", "=comment=by (address) (MAC)", "=timeout=1s"],
        ["!trap", "=message=(serial) (secret)"],
    ]
    key = ["!re", "=private-key=canary", "=public-key=WIkb+lYv1a4v9x0o1e6m1m4b3fUcQxk2c1cQmYb5m1I=", "=x=fe80::2:3:4"]
    masked = mask.answered(Mismatch(["/interface/wireguard/print"], [], [key]))
    assert masked[0][1] == "=private-key=(secret)"
    assert "WIkb" not in str(masked)
    assert masked[0][3] == "=x=(address)"


def test_the_run_reaches_the_named_router_alone(tmp_path: Path) -> None:
    program = (
        f"import sys; sys.path.insert(0, {str(SCRIPT)!r}); import runpy, socket\n"
        f"runpy.run_path({str(SCRIPT / '__main__.py')!r}, run_name='contract')['stay_with']('{HOST}')\n"
        "socket.create_connection(('127.0.9.8', 9), 1)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert f"a contract run reaches {HOST} alone" in done.stderr
