"""`trueup render` shows every compiled row with its place, and no secret's value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from compile_room import network

from trueup.cli.render import command
from trueup.errors import DeclarationError

ROUTER = """router: {name}
system: {{identity: "the router {name}"}}
rows:
  /ip/hotspot/user:
    - {{name: u, password: !secret guests/u, was: v, limit-uptime: ~}}
  /ip/firewall/nat:
    - {{scope: {{chain: srcnat}}, unmanaged: remove, rows: [{{action: accept, place: first, protect: yes}}]}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRUEUP_SECRET_GUESTS_U", "hunter2")
    network(tmp_path, {f"site/{name}.yaml": ROUTER.format(name=name) for name in ("one", "two")})
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(command, ["--network", str(folder), *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_each_row_stands_with_its_place_and_secrets_by_name(folder: Path) -> None:
    shown = run(folder, "one")
    assert "two" not in shown
    assert "hunter2" not in shown
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert 'name="the router one" site/one.yaml:2' in lines
    assert "name=u password=!secret guests/u limit-uptime=~ (was server=all name=v) site/one.yaml:5" in lines
    assert "[chain=srcnat: undeclared rows go]" in lines
    assert "chain=srcnat action=accept (place first; protected) site/one.yaml:7" in lines


def test_json_holds_the_same_for_programs(folder: Path) -> None:
    shown = json.loads(run(folder, "--json"))
    assert [router["router"] for router in shown["routers"]] == ["one", "two"]
    tables = {table["menu"]: table for table in shown["routers"][0]["tables"]}
    user = tables["/ip/hotspot/user"]["rows"][0]
    assert user["values"] == {"name": "u", "password": {"secret": "guests/u"}, "limit-uptime": None}
    assert user["source"] == {"file": "site/one.yaml", "line": 5, "column": 7}
    assert tables["/ip/firewall/nat"]["scopes"] == [{"match": {"chain": "srcnat"}, "remove": True}]


def test_a_router_that_there_is_not_is_an_error_with_a_suggestion(folder: Path) -> None:
    with pytest.raises(DeclarationError, match="one"):
        run(folder, "on")


def test_all_problems_of_the_chosen_routers_come_at_once(folder: Path) -> None:
    for name in ("one", "two"):
        (folder / "site" / f"{name}.yaml").write_text(f"router: {name}\nrows: {{/ip/poool: []}}\n", encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        run(folder)
    assert len([problem for problem in caught.value.problems if "/ip/poool" in problem.message]) == 2
