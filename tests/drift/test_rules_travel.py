"""Rules go along with what was compiled, into another process, and nothing else passes for one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trueup.compile import Compiler
from trueup.compile.desired_document import compiled_from_document, compiled_to_document
from trueup.errors import DeclarationError
from trueup.load.network import load_network
from trueup.row import Exemption
from trueup_schemas.catalogue import catalogue

ROUTER = """\
router: edge-1
version: "7.24"
reconcile:
  ignore:
    - {menu: /ip/hotspot/user, where: {comment: "voucher*", disabled: true}}
    - {menu: /ip/pool, properties: [comment], policy: keep}
rows:
  /ip/pool: [{name: guests, ranges: 10.0.0.1}]
"""


@pytest.fixture
def document(tmp_path: Path) -> dict[str, object]:
    (tmp_path / "harbour").mkdir()
    (tmp_path / "trueup.yaml").write_text("network: net\n")
    (tmp_path / "harbour/site.yaml").write_text("")
    (tmp_path / "harbour/edge-1.yaml").write_text(ROUTER)
    network = load_network(tmp_path)
    compiled = Compiler(network).compile(network.routers[0], None)
    made: dict[str, object] = json.loads(json.dumps(compiled_to_document(compiled)))
    assert compiled_from_document(made, "edge-1", catalogue("7.24")) == compiled
    users, pools = compiled.desired.exempt["/ip/hotspot/user"][0], compiled.desired.exempt["/ip/pool"][0]
    assert (dict(users.match), users.properties) == ({"comment": "voucher*", "disabled": "yes"}, frozenset())
    assert pools == Exemption({}, frozenset({"comment"}), keep=True, source=pools.source)
    return made


@pytest.mark.parametrize(
    ("menu", "rule"),
    [
        ("/ip/pools", {}),
        ("/ip/pool", {"match": {"nome": "a"}}),
        ("/ip/pool", {"properties": ["name"]}),
        ("/ip/pool", {"properties": "comment"}),
        ("/ip/pool", {"match": {"comment": ["a"]}}),
        ("/ip/pool", {"keep": "yes"}),
        ("/ip/hotspot/user", {"match": {"password": "a*"}}),
    ],
)
def test_what_the_compiler_would_not_make_is_refused(document: dict[str, object], menu: str, rule: dict[str, object]):
    plain = {"match": {}, "properties": [], "keep": False, "at": [0, 5, 7]}
    with pytest.raises(DeclarationError, match="what was compiled cannot be read"):
        compiled_from_document({**document, "exempt": {menu: [plain | rule]}}, "edge-1", catalogue("7.24"))
