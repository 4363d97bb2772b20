"""`trueup adopt` on exports: where files go, what is refused, and that a refusal leaves everything as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from export_room import CASES, files, network, trueup

EXPORT = str(CASES / "hotspot.rsc")


def test_without_a_name_the_identity_counts(tmp_path: Path):
    root = network(tmp_path)
    code, out, _ = trueup("adopt", "--network", str(root), "--export", EXPORT)
    assert code == 0
    assert (root / "harbour/harbour-edge-1.yaml").is_file()
    assert "harbour-edge-1: 2 RADIUS clients, 1 hotspot, 1 bridge, the system, 5 rows of 4 menus, 4 new secrets" in out


def test_stdout_writes_nothing_and_needs_no_network(tmp_path: Path):
    root = network(tmp_path)
    before = files(tmp_path)
    for where in (root, tmp_path):
        code, out, err = trueup("adopt", "--network", str(where), "--export", EXPORT, "--as", "edge", "--out", "stdout")
        assert (code, out) == (0, (CASES / "hotspot.yaml").read_text())
        assert err.count("is not stored, since nothing is written") == 4
    assert files(tmp_path) == before


def test_a_folder_takes_the_file_and_its_secrets(tmp_path: Path):
    folder = tmp_path / "here"
    folder.mkdir()
    code, _, err = trueup("adopt", "--network", str(tmp_path), "--export", EXPORT, "--as", "edge", "--out", str(folder))
    assert code == 0, err
    assert sorted(files(folder)) == ["edge.secrets.yaml", "edge.yaml"]
    assert (folder / "edge.secrets.yaml").stat().st_mode & 0o777 == 0o600


def test_secrets_that_are_there_are_kept_and_equal_ones_used_again(tmp_path: Path):
    root, store = network(tmp_path), tmp_path / "secrets.yaml"
    store.write_text('edge/radius/10.0.0.5/secret: "canary-radius-1"\nedge/radius/10.0.0.6/secret: "another"')
    store.chmod(0o600)
    code, _, err = trueup("adopt", "--network", str(root), "--export", EXPORT, "--as", "edge")
    assert code == 0, err
    lines = store.read_text().splitlines()
    assert lines[:2] == ['edge/radius/10.0.0.5/secret: "canary-radius-1"', 'edge/radius/10.0.0.6/secret: "another"']
    assert 'edge/radius/10.0.0.6/secret-2: "canary-radius-2"' in lines
    assert len(lines) == 5


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "name one ROUTER, or an --export FILE"),
        (("edge", "--export", EXPORT), "name one ROUTER, or an --export FILE"),
        (("--export", "nowhere.rsc"), "nowhere.rsc: the export cannot be read: No such file or directory"),
        (("--export", "FOLDER"), "the export cannot be read: Is a directory"),
        (("--export", EXPORT, "--site", "hill"), "there is no site 'hill'; say --site, one of: harbour"),
        (("--export", EXPORT, "--as", "two words"), "the router needs a name"),
        (("--export", EXPORT, "--as", "taken"), "harbour/taken.yaml: the file is there already"),
        (("--export", EXPORT, "--as", "other"), "two routers are named 'other'"),
        (("--export", "BROKEN"), "broken.rsc:2:10: syntax error: a quote is not closed; is the file cut off?"),
        (("--export", "BROKEN", "--out", "stdout"), "broken.rsc:2:10: syntax error"),
    ],
)
def test_what_is_refused_leaves_everything_as_it_was(words: tuple[str, ...], told: str, tmp_path: Path):
    root = network(tmp_path)
    (root / "harbour/taken.yaml").write_text("router: other\n")
    (tmp_path / "broken.rsc").write_text('/ip pool\nadd name="cut of')
    before = files(tmp_path)
    places = {"FOLDER": str(tmp_path), "BROKEN": str(tmp_path / "broken.rsc")}
    code, out, err = trueup("adopt", "--network", str(root), *(places.get(word, word) for word in words))
    assert (code, out) == (1, "")
    assert told in err
    assert files(tmp_path) == before


def test_what_the_network_declares_besides_is_a_difference_and_nothing_is_written(tmp_path: Path):
    root = network(tmp_path)
    (root / "harbour/site.yaml").write_text("rows:\n  /ip/pool:\n    - {name: site-wide, ranges: 10.9.0.1-10.9.0.9}\n")
    before = files(tmp_path)
    code, out, err = trueup("adopt", "--network", str(root), "--export", EXPORT, "--as", "edge")
    assert (code, out) == (1, "")
    assert "nothing was written" in err
    assert "site-wide" in err
    assert files(tmp_path) == before


def test_a_secrets_file_that_cannot_be_written_leaves_no_router_file(tmp_path: Path):
    root = network(tmp_path)
    (tmp_path / "locked").write_text("")
    (root / "trueup.yaml").write_text(f"network: net\nsecrets: {{file: {tmp_path / 'locked' / 'secrets.yaml'}}}\n")
    before = files(tmp_path)
    code, _, err = trueup("adopt", "--network", str(root), "--export", EXPORT, "--as", "edge")
    assert code == 1
    assert "Traceback" not in err
    assert files(tmp_path) == before


@pytest.mark.parametrize("version", ["6.28", "6.49.10"])
def test_an_old_export_is_read_with_a_word_of_warning(version: str, tmp_path: Path):
    export = tmp_path / "old.rsc"
    export.write_text(f"# jan/02/1970 00:08:03 by RouterOS {version}\n/ip pool\nadd name=a ranges=10.0.0.1-10.0.0.9\n")
    code, out, _ = trueup(
        "adopt", "--export", str(export), "--as", "old", "--network", str(tmp_path), "--out", "stdout"
    )
    assert code == 0
    assert "{name: a, ranges: 10.0.0.1-10.0.0.9}" in out
