"""Exports written after real-life ones: each becomes the YAML beside it, whose plan for the same state is empty."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import rsc
import yaml
from export_room import EXPORTS, files, network, secrets_in, trueup
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.adopt import Place, adopt_export


@dataclass(frozen=True)
class Outcome:
    """What came of adopting an export into a network of its own."""

    export: Path
    root: Path
    said: tuple[int, str, str]

    @property
    def text(self) -> str:
        return (self.root / "harbour/edge.yaml").read_text()


@pytest.fixture(scope="module", params=EXPORTS, ids=lambda export: export.stem)
def outcome(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    root = network(tmp_path_factory.mktemp("adopted"))
    said = trueup("adopt", "--network", str(root), "--export", str(request.param), "--as", "edge")
    return Outcome(request.param, root, said)


def test_an_export_becomes_its_yaml_and_is_proven(outcome: Outcome):
    code, out, err = outcome.said
    assert (code, "the plan of this declaration for the same state is empty" in out) == (0, True), out + err
    assert outcome.text == outcome.export.with_suffix(".yaml").read_text()
    told = [line.replace(f"{outcome.export.parent}/", "") for line in err.splitlines()]
    left = outcome.export.with_suffix(".left")
    assert told == (left.read_text().splitlines() if left.exists() else [])


def test_secrets_are_in_the_secrets_file_alone(outcome: Outcome):
    shown = trueup("adopt", "--export", str(outcome.export), "--as", "other", "--out", "stdout", "--json")
    kept = [data for path, data in files(outcome.root).items() if not path.startswith(".")]
    everywhere = repr((outcome.said, shown, kept))
    assert [canary for canary in secrets_in(outcome.export.read_bytes()) if canary in everywhere] == []
    if "!secret" in outcome.text:
        assert (outcome.root.parent / "secrets.yaml").stat().st_mode & 0o777 == 0o600


def test_what_was_adopted_validates(outcome: Outcome):
    code, out, err = trueup("validate", "--network", str(outcome.root))
    assert code == 0, out + err


def test_secrets_keep_their_values(tmp_path: Path):
    root = network(tmp_path)
    (export,) = (path for path in EXPORTS if path.stem == "hotspot")
    trueup("adopt", "--network", str(root), "--export", str(export), "--as", "edge")
    assert yaml.safe_load((tmp_path / "secrets.yaml").read_text()) == {
        "edge/ip-hotspot-user/porter/password": 'canary hotspot "2" $x',
        "edge/ip-hotspot-user/reception/password": "canary-hotspot-1",
        "edge/radius/10.0.0.5/secret": "canary-radius-1",
        "edge/radius/10.0.0.6/secret": "canary-radius-2",
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8") | st.sampled_from("\n\r \"'\\:#-{}[],&*!|>%@`~"), max_size=30)))
def test_any_text_comes_back_from_its_yaml(texts: list[str]):
    rows = [{"chain": "forward", "action": "accept", "comment": text} for text in texts]
    scripts = [{"name": f"s{number}", "source": text} for number, text in enumerate(texts)]
    export = rsc.export({"/ip/firewall/filter": rows, "/system/script": scripts}, 40)
    adopted = adopt_export(export, "x.rsc", "edge", Place())
    assert (adopted.plan.empty, adopted.left == ()) == (True, bool(texts))  # an export without a command is told
