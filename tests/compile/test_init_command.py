"""`trueup init` leaves a network that validates, an audit repository and a private secrets file, and spoils nothing."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner

from trueup.audit import Audit
from trueup.cli.init import command
from trueup.compile import compile_network
from trueup.errors import DeclarationError
from trueup.load.network import load_network
from trueup.secrets import DIGEST_KEY, open_stores


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def init(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(command, [str(folder), *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_starter_network_compiles_and_is_committed(tmp_path: Path) -> None:
    init(tmp_path / "mine")
    network = load_network(tmp_path / "mine")
    assert network.name == "mine"
    assert network.commit
    assert not network.dirty
    (router,) = compile_network(network)
    assert router.warnings == ()
    assert "/ip/pool" in router.desired.tables


def test_the_audit_repository_is_where_the_network_says(tmp_path: Path) -> None:
    init(tmp_path / "mine")
    network = load_network(tmp_path / "mine")
    named = network.settings.audit
    assert named
    assert Audit.open((network.root / named).resolve(), network.root)


def test_the_secrets_file_is_its_owners_alone_and_holds_a_digest_key_of_its_own(tmp_path: Path, home: Path) -> None:
    keys = set()
    for name in ("mine", "other"):
        init(tmp_path / name)
        network = load_network(tmp_path / name)
        stores = open_stores(network.settings, network.root)
        assert stores.file == home / ".config" / "trueup" / f"{name}.yaml"
        assert stat.S_IMODE(stores.file.stat().st_mode) == 0o600
        keys.add(stores.resolve(DIGEST_KEY).reveal())
    assert len(keys) == 2
    assert min(map(len, keys)) >= 43


def test_it_says_what_to_do_next_and_json_says_where_things_are(tmp_path: Path) -> None:
    assert "trueup plan" in init(tmp_path / "mine")
    told = json.loads(init(tmp_path / "other", "--json"))
    assert told["network"] == str(tmp_path / "other")
    assert Path(told["audit"]).is_dir()
    assert Path(told["secrets"]).is_file()


@pytest.mark.parametrize("taken", ["mine/file", "mine-audit/file", "home/.config/trueup/mine.yaml"])
def test_nothing_that_is_there_is_overwritten_and_nothing_is_begun(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).parent.mkdir(parents=True)
    (tmp_path / taken).write_text("precious", encoding="utf-8")
    before = contents(tmp_path)
    with pytest.raises(DeclarationError):
        init(tmp_path / "mine")
    assert contents(tmp_path) == before


def test_a_name_that_no_network_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="cannot name a network"):
        init(tmp_path / "my network")
    assert not (tmp_path / "my network").exists()
