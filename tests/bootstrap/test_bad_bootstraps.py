"""What cannot be bootstrapped is refused with its reason, and then nothing is written."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from arriving_room import NAME, arriving, bootstrap, own_text, run_on, script
from fleet_room import Room

WORDS = {
    "nobody may manage": (["--out", "OUT"], "nothing says from where the manager connects"),
    "from a word": (["--from", "everywhere", "--out", "OUT"], "--from 'everywhere' is no address"),
    "from host bits": (["--from", "10.0.0.5/24", "--out", "OUT"], "has host bits set"),
    "from IPv6": (["--from", "fd00::1", "--out", "OUT"], "is no address or network"),
    "from everybody": (["--from", "0.0.0.0/0", "--out", "OUT"], "would let in everybody"),
    "address alone": (["--from", "10.0.0.5", "--out", "OUT", "--address", "10.2.0.1/24"], "--interface is missing"),
    "interface alone": (["--from", "10.0.0.5", "--out", "OUT", "--interface", "ether1"], "--address is missing"),
    "gateway alone": (["--from", "10.0.0.5", "--out", "OUT", "--gateway", "10.2.0.2"], "--address is missing"),
    "address a word": (
        ["--from", "10.0.0.5", "--out", "OUT", "--address", "here", "--interface", "ether1"],
        "--address 'here' is no IPv4 address",
    ),
    "address without length": (
        ["--from", "10.0.0.5", "--out", "OUT", "--address", "10.2.0.1", "--interface", "ether1"],
        "has no length",
    ),
    "address of a network": (
        ["--from", "10.0.0.5", "--out", "OUT", "--address", "10.2.0.0/24", "--interface", "ether1"],
        "is the network's own",
    ),
    "interface of two lines": (
        ["--from", "10.0.0.5", "--out", "OUT", "--address", "10.2.0.1/24", "--interface", "ether1\n/user remove admin"],
        "--interface is no name",
    ),
    "gateway elsewhere": (
        ["--from", "10.0.0.5", "--out", "OUT", "--address", "10.2.0.1/24", "--interface", "e", "--gateway", "10.3.0.1"],
        "is no neighbour of 10.2.0.1/24",
    ),
    "gateway itself": (
        ["--from", "10.0.0.5", "--out", "OUT", "--address", "10.2.0.1/24", "--interface", "e", "--gateway", "10.2.0.1"],
        "is no neighbour of 10.2.0.1/24",
    ),
    "gateway a word": (
        ["--from", "10.0.0.5", "--out", "OUT", "--address", "10.2.0.1/24", "--interface", "e", "--gateway", "up"],
        "--gateway 'up' is no IPv4 address",
    ),
    "nowhere": (["--from", "10.0.0.5"], "say where the script goes"),
    "to two places": (["--from", "10.0.0.5", "--out", "OUT", "--stdout"], "say where the script goes"),
    "JSON over the script": (["--from", "10.0.0.5", "--stdout", "--json"], "--json goes with --out"),
    "into the network": (["--from", "10.0.0.5", "--out", "NETWORK/boot.rsc"], "would lie in the network's repository"),
    "into no folder": (["--from", "10.0.0.5", "--out", "OUT/boot.rsc"], "nothing was written: No such file"),
    "no such router": (["--from", "10.0.0.5", "--out", "OUT"], "there is no router 'egde-1'"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    with arriving(tmp_path_factory.mktemp("bad")) as room:
        yield room


@pytest.mark.parametrize("case", WORDS)
def test_wrong_words_are_refused_and_nothing_is_written(made: Room, case: str) -> None:
    words, fragment = WORDS[case]
    before = own_text(made)
    places = {"OUT": str(made.folder / "boot.rsc"), "NETWORK": str(made.network)}
    said_words = [re.sub(r"^(OUT|NETWORK)(?=/|$)", lambda found: places[found[0]], word) for word in words]
    said = made.trueup("bootstrap", "egde-1" if case == "no such router" else NAME, *said_words)
    assert (said.code, said.out) == (1, "")
    assert fragment in said.err
    assert "Traceback" not in said.err
    assert own_text(made) == before
    assert not (made.folder / "boot.rsc").exists()
    assert list(made.folder.rglob(".*boot.rsc*")) == []


FILES = {
    "a port of another service": ("port: 8728\n", "where RouterOS serves api"),
    "the port of plain text": ("tls: off\n  port: 8728\n", "leave `port` out for 8729"),
    "a source that is not let in": ("source: 192.0.2.9\n", "which no --from holds"),
}


@pytest.mark.parametrize("case", FILES)
def test_what_connect_says_must_fit(tmp_path: Path, case: str) -> None:
    line, fragment = FILES[case]
    with arriving(tmp_path) as made:
        file = made.network / f"harbour/{NAME}.yaml"
        lines = [each for each in file.read_text().splitlines(True) if not each.strip().startswith(("port", line[:5]))]
        at = next(index for index, each in enumerate(lines) if each.startswith("connect:"))
        file.write_text("".join([*lines[: at + 1], f"  {line}", *lines[at + 1 :]]))
        said = bootstrap(made)
        assert said.code == 1
        assert fragment in said.err


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        (tmp_path / "boot.rsc").write_text("mine")
        before = own_text(made)
        said = bootstrap(made)
        assert (said.code, (tmp_path / "boot.rsc").read_text(), own_text(made)) == (1, "mine", before)
        assert "it is there already" in said.err


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        (tmp_path / "boot.rsc").symlink_to(tmp_path / "elsewhere")
        assert bootstrap(made).code == 1
        assert not (tmp_path / "elsewhere").exists()


def test_a_pinned_certificate_is_replaced_only_when_told(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        assert bootstrap(made).code == 0
        pinned = own_text(made)
        said = bootstrap(made, out="second.rsc")
        assert (said.code, own_text(made)) == (1, pinned)
        assert "pinned already" in said.err
        assert "--again" in said.err


def test_a_missing_password_is_named(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        made.patch.delenv("TRUEUP_SECRET_API")
        said = bootstrap(made)
        assert said.code == 1
        assert "secret 'api' is missing" in said.err
        assert not (tmp_path / "boot.rsc").exists()


def test_a_router_without_connect_is_told_what_it_lacks(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        (made.network / f"harbour/{NAME}.yaml").write_text(f"router: {NAME}\n")
        said = bootstrap(made)
        assert said.code == 1
        assert "declare `connect`" in said.err


@pytest.mark.parametrize("tls", ["{ca: ca.pem}", "off", "anonymous, port: 8729"])
def test_another_kind_of_tls_gives_way_to_the_pin(tmp_path: Path, tls: str) -> None:
    with arriving(tmp_path) as made:
        connect = f"{{hosts: [127.0.0.1], password: !secret api, tls: {tls}}}"
        (made.network / f"harbour/{NAME}.yaml").write_text(f"router: {NAME}\nconnect: {connect}\n")
        assert bootstrap(made).code == 0
        assert own_text(made).count("tls:") == 1
        assert "port=8729" in (tmp_path / "boot.rsc").read_text()


def test_the_pin_counts_though_a_site_declares_a_ca(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        made.write("harbour/site.yaml", {"connect": {"tls": {"ca": "no-such.pem"}}})
        assert bootstrap(made).code == 0
        run_on(made, script(made))
        assert made.trueup("plan").code == 0


def test_an_alias_is_not_edited(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        text = f"router: {NAME}\nvars:\n  way: &way {{hosts: [127.0.0.1], password: !secret api}}\nconnect: *way\n"
        (made.network / f"harbour/{NAME}.yaml").write_text(text)
        said = bootstrap(made)
        assert (said.code, own_text(made)) == (1, text)
        assert "error:" in said.err
        assert "Traceback" not in said.err


def test_a_terminal_never_gets_the_script_and_a_program_does(tmp_path: Path) -> None:
    with arriving(tmp_path) as made:
        words = ["bootstrap", NAME, "--network", str(made.network), "--from", "127.0.0.1", "--stdout"]
        command = [sys.executable, "-m", "trueup.cli", *words]
        ours, theirs = pty.openpty()
        try:
            shown = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False, timeout=30)
        finally:
            os.close(ours)
            os.close(theirs)
        assert shown.returncode == 1
        assert "standard output is a terminal" in shown.stderr
        assert "fingerprint" not in own_text(made)
        piped = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
        assert (piped.returncode, piped.stderr) == (0, "")
        assert piped.stdout.startswith(f"# trueup bootstrap {NAME}\n")
        assert "fingerprint" in own_text(made)
