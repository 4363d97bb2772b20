"""`trueup lab`: a process that starts, answers, remembers and stops."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lab_client import Wire

from trueup.cli.lab import command
from trueup.errors import TrueupError
from trueup.lab import Spec
from trueup.lab.process import Place, stop
from trueup.lab.state import BadState, restore, save

LAB = "routers:\n  - {name: hub, address: 127.0.0.1, port: 0, tls-port: 0, password: hush}\n"


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "lab.yaml").write_text(LAB)
    yield tmp_path
    stop(Place(tmp_path))


def lab(network: Path, *words: str) -> Result:
    return CliRunner().invoke(
        command, [*words, "--network", str(network)], catch_exceptions=False, standalone_mode=False
    )


def port(network: Path) -> int:
    return int(json.loads(lab(network, "status", "--json").output)["routers"][0]["port"])


def test_what_was_written_survives_down_and_up_but_not_fresh(network: Path) -> None:
    assert "CA: " in lab(network, "up").output
    with Wire(port(network)) as wire:
        wire.login("admin", "hush")
        assert wire.ask("/ip/pool/add", "=name=kept", "=ranges=10.0.0.1") == [["!done", "=ret=*1"]]
    assert "stopped" in lab(network, "down").output
    assert "name=kept" in lab(network, "show", "hub", "/ip/pool").output
    lab(network, "up")
    with Wire(port(network)) as wire:
        wire.login("admin", "hush")
        wire.ask("/ip/pool/remove", "=.id=kept")
        assert wire.ask("/ip/pool/add", "=ranges=10.0.0.2") == [["!done", "=ret=*2"]]
    lab(network, "down")
    lab(network, "up", "--fresh")
    assert lab(network, "show", "hub", "/ip/pool").output.strip() == ""


def test_it_starts_once(network: Path) -> None:
    lab(network, "up")
    with pytest.raises(TrueupError, match="already running"):
        lab(network, "up")


def test_status_tells_whether_it_runs(network: Path) -> None:
    assert lab(network, "status").output == "not running\n"
    assert "not running" in lab(network, "down").output
    lab(network, "up")
    assert "hub" in lab(network, "status").output


def test_a_port_that_is_taken_is_said(network: Path) -> None:
    lab(network, "up")
    other = network / "other"
    other.mkdir()
    (other / "lab.yaml").write_text(LAB.replace("port: 0", f"port: {port(network)}", 1))
    with pytest.raises(TrueupError, match="address already in use"):
        lab(other, "up")


def test_a_folder_without_a_lab_is_said(tmp_path: Path) -> None:
    with pytest.raises(TrueupError, match=r"there is no lab\.yaml here"):
        lab(tmp_path, "up")


def test_a_bad_lab_is_shown_with_its_line(network: Path) -> None:
    (network / "lab.yaml").write_text("routers:\n  - {name: a, colour: red}\n")
    with pytest.raises(TrueupError, match=r"lab\.yaml:2:"):
        lab(network, "up")


def test_a_seed_that_no_router_would_hold_is_said(network: Path) -> None:
    (network / "lab.yaml").write_text(
        "routers:\n  - name: a\n    port: 0\n    tls-port: 0\n    seed: {/ip/address: [{address: here}]}\n"
    )
    with pytest.raises(TrueupError, match="/ip/address: invalid value"):
        lab(network, "up")


@pytest.mark.parametrize("words", [("nobody",), ("hub", "/no/such/menu")])
def test_showing_what_is_not_there_is_an_error(network: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(TrueupError):
        lab(network, "show", *words)


def test_show_counts_rows_and_hides_secrets(network: Path) -> None:
    lab(network, "up")
    with Wire(port(network)) as wire:
        wire.login("admin", "hush")
        wire.ask("/radius/add", "=address=10.0.0.5", "=secret=very-secret")
    lab(network, "down")
    assert json.loads(lab(network, "show", "hub", "--json").output)["menus"]["/radius"] == 1
    assert "very-secret" not in lab(network, "show", "hub", "/radius").output


def test_keys_and_state_are_for_their_owner_alone(network: Path) -> None:
    lab(network, "up")
    lab(network, "down")
    for name in ("ca.key", "hub.json"):
        assert stat.S_IMODE((network / ".trueup" / "lab" / name).stat().st_mode) == 0o600


def test_the_ca_is_made_once(network: Path) -> None:
    lab(network, "up")
    first = (network / ".trueup" / "lab" / "ca.pem").read_bytes()
    lab(network, "down")
    lab(network, "up")
    assert (network / ".trueup" / "lab" / "ca.pem").read_bytes() == first


def test_a_state_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    file = tmp_path / "hub.json"
    save(restore(Spec("hub"), file), file)
    file.write_text(file.read_text()[:-20])
    with pytest.raises(BadState, match=r"hub\.json"):
        restore(Spec("hub"), file)


def test_a_state_of_another_version_is_not_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "hub.json"
    save(restore(Spec("hub", version="7.16.2"), file), file)
    with pytest.raises(BadState, match=r"version 7\.16\.2, now it is 7\.24"):
        restore(Spec("hub", version="7.24"), file)


def test_bytes_that_are_no_text_can_be_shown(network: Path) -> None:
    file = Place(network).state("hub")
    file.parent.mkdir(parents=True)
    router = restore(Spec("hub"), file)
    router.execute(["/ip/pool/add", "=name=caf\udce9", "=ranges=10.0.0.1"])
    save(router, file)
    assert "caf\\udce9" in lab(network, "show", "hub", "/ip/pool").output
    assert json.loads(lab(network, "show", "hub", "/ip/pool", "--json").output)["rows"][0]["name"] == "caf\udce9"


def test_a_folder_that_cannot_be_made_is_said(network: Path) -> None:
    (network / ".trueup").write_text("in the way")
    with pytest.raises(TrueupError, match=r"\.trueup"):
        lab(network, "up")
