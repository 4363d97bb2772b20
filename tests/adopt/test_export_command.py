"""`trueup export`: live or declared, without secrets unless a private file takes them, and importable."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from export_room import CASES, files, network, trueup
from rehearsal_room import PASSWORD, rehearsed

from trueup.adopt.export import export_desired
from trueup.cli.lab import Rehearsed
from trueup.compile import Compiler
from trueup.device.read import table
from trueup.diff import Keys, difference
from trueup.lab import serve
from trueup.load.network import load_network
from trueup.order import order
from trueup.row import Facts, Live, Secret
from trueup.secrets import digester, public_key
from trueup_schemas.catalogue import catalogue
from trueup_schemas.secret import SecretRef

SITES = Path(__file__).parents[2] / "sites"
CANARIES = ("canary-radius-1", "canary-hotspot-1", "canary hotspot")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A network with a virtual router made of the hotspot's export."""
    found = Rehearsed((CASES / "hotspot.rsc").read_bytes(), "hotspot.rsc")
    spec = found.spec("edge", "127.0.0.1", PASSWORD, port=0)
    made, _ = found.router(spec)
    with serve([spec], make=lambda _: made) as lab:
        folder = network(tmp_path)
        monkeypatch.setenv("TRUEUP_SECRET_API", PASSWORD)
        connect = f"hosts: [127.0.0.1], port: {lab['edge'].port}, tls: off, password: !secret api"
        (folder / "harbour/edge.yaml").write_text(f"router: edge\nconnect: {{{connect}}}\n")
        yield folder
        assert [w[0] for w in lab["edge"].log if w[0].endswith(("/add", "/set", "/remove", "/move"))] == []


def test_a_router_is_exported_without_its_secrets(root: Path):
    before = files(root.parent)
    code, out, err = trueup("export", "edge", "--network", str(root))
    assert code == 0, err
    lines = out.splitlines()
    assert lines[0].endswith("by RouterOS 7.16.2")
    assert lines[1:5] == ["# router = edge", "#", "# model = RB5009UG+S+", "# serial number = HEX0000001"]
    assert "add name=reception profile=staff server=lobby" in lines
    assert [canary for canary in CANARIES if canary in out + err] == []
    assert "4 secrets are left out; `--show-sensitive --out FILE` writes what is known of them" in err
    assert files(root.parent) == before


def test_secrets_go_to_a_private_file_alone(root: Path, tmp_path: Path):
    file = tmp_path / "edge.rsc"
    file.write_text("an older one, open to all")
    file.chmod(0o644)
    code, out, err = trueup("export", "edge", "--network", str(root), "--show-sensitive", "--out", str(file))
    assert (code, out) == (0, ""), err
    assert file.stat().st_mode & 0o777 == 0o600
    assert [canary for canary in CANARIES if canary not in file.read_text()] == []
    assert [canary for canary in CANARIES if canary in err] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("edge", "--show-sensitive"), "--show-sensitive: secrets are never shown on a terminal"),
        (("edgy",), "there is no router 'edgy'"),
        (("edge", "--out", "nowhere/edge.rsc"), "nowhere/edge.rsc: cannot be written: No such file or directory"),
    ],
)
def test_what_is_refused_writes_nothing(words: tuple[str, ...], told: str, root: Path):
    before = files(root.parent)
    code, out, err = trueup("export", *words, "--network", str(root))
    assert (code, out) == (1, "")
    assert told in err
    assert files(root.parent) == before


def test_any_bytes_that_a_router_holds_are_exported(tmp_path: Path):
    export = tmp_path / "odd.rsc"
    export.write_bytes(
        b'# 2025-01-01 00:00:00 by RouterOS 7.24\n/ip pool\nadd comment="\\E9\\FF" name=a ranges=10.0.0.1\n'
    )
    with rehearsed(export, tmp_path) as rehearsal:
        assert 'add comment="\\E9\\FF" name=a ranges=10.0.0.1' in rehearsal.exported().text


def secret(ref: SecretRef) -> Secret:
    """A value for any name, which a WireGuard key could be as well."""
    raw = bytearray(hashlib.sha256(ref.name.encode()).digest())
    raw[0] &= 248
    raw[31] = raw[31] & 127 | 64
    return Secret(base64.b64encode(raw).decode())


@pytest.mark.parametrize("name", [router.name for router in load_network(SITES).routers])
def test_a_declared_router_s_script_makes_a_router_as_it_is_declared(name: str):
    loaded = load_network(SITES)
    declared = loaded.router(name)
    compiled = Compiler(loaded).compile(declared, None)
    known = catalogue(compiled.version)
    keys = Keys(secret, lambda key: public_key(secret(key.private)), digester(Secret("0123456789abcdef")))
    exported = export_desired(compiled, known, {"model": declared.model or "RB5009UG+S+"}, keys.public_key, secret)
    assert (exported.left, exported.hidden) == ((), ())
    found = Rehearsed(exported.text.encode(), "desired.rsc")
    router, left = found.router(found.spec(name, "127.0.0.1", PASSWORD))
    assert {str(each) for each in left} <= {str(each) for each in left if "/user is left out" in str(each)}
    tables = {path: table(known.menu(path), router.rows(path)) for path in known.paths}
    live = Live(Facts(known.version, "", "", "", 0, datetime.now(UTC)), tables)
    plan = order(difference(compiled.desired, live, None, known, keys), compiled.desired, live, known, keys)
    assert {change.menu for stage in plan.stages for change in stage} <= {"/user"}


def test_a_declared_router_needs_no_contact_and_hides_its_secrets():
    code, out, err = trueup("export", "hill-tower-1", "--desired", "--network", str(SITES))
    assert code == 0, err
    assert "to be read by RouterOS" in out.splitlines()[0]
    assert "secrets are left out" in err
    assert "password=" not in out


def test_a_row_s_name_hides_none_of_its_properties(tmp_path: Path):
    export = tmp_path / "odd.rsc"
    export.write_text(
        "# 2025-01-01 00:00:00 by RouterOS 7.24\n/interface ethernet\n"
        'set [ find default-name=ether1 ] comment=shown name="a comment=b"\n'
        '/queue interface\nset "a comment=b" queue=default\n'
    )
    with rehearsed(export, tmp_path) as rehearsal:
        lines = rehearsal.exported().text.splitlines()
    assert 'set [ find default-name=ether1 ] comment=shown name="a comment=b"' in lines
    assert 'set "a comment=b" queue=default' in lines
