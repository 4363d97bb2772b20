"""`trueup log`: what was done, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from audit_room import make_plan, make_report, new_audit
from click.testing import CliRunner

from trueup.audit import Audit, Run
from trueup.cli.log import command
from trueup.errors import TrueupError
from trueup.plan import Outcome

START = datetime(2026, 11, 2, 13, 4, 5, tzinfo=UTC)


@pytest.fixture
def network(tmp_path):
    """A network with an audit beside it, empty but for three runs."""
    (tmp_path / "net").mkdir()
    (tmp_path / "net/trueup.yaml").write_text("network: net\n")
    audit = new_audit(tmp_path)
    for n, names in enumerate((["edge-1"], ["edge-1", "edge-2", "edge-3", "edge-4", "hub"], ["hub"])):
        run = Run.begin("c0ffee" + "0" * 34, [make_plan(name) for name in names])
        run = replace(run, id=f"{n}a1b2c3d", started=START + timedelta(hours=n))
        audit.start(run)
        if n < 2:
            outcome = Outcome.NOT_DONE if n else Outcome.DONE
            reports = [make_report(run.plans[0], outcome, "refused" if n else "")]
            audit.finish(run, reports + [make_report(plan) for plan in run.plans[1:]])
    return tmp_path / "net"


def log(network, *arguments: str):
    return CliRunner().invoke(command, ["--network", str(network), *arguments], catch_exceptions=False)


def test_a_line_for_each_run_newest_first(network):
    result = log(network)
    assert result.exit_code == 0
    last, middle, first = result.output.splitlines()
    told = " ".join(first.split())
    assert told == "2026-11-02 13:04:05 0a1b2c3d Ann Operator c0ffee0 +2 ~1 >2 -1 done edge-1"
    assert "+10 ~5 >10 -5" in middle
    assert "failed" in middle
    assert middle.endswith("edge-1, edge-2, edge-3 and 2 more")
    assert "not ended" in last


def test_one_routers_runs_with_its_own_counts_and_outcome(network):
    lines = log(network, "edge-1").output.splitlines()
    assert len(lines) == 2
    [line] = log(network, "edge-2").output.splitlines()
    assert "+2 ~1 >2 -1" in line
    assert "done" in line
    assert "no run has touched edge-9 yet" in log(network, "edge-9").output


def test_only_so_many(network):
    assert [line.split()[2] for line in log(network, "-n", "2").output.splitlines()] == ["2a1b2c3d", "1a1b2c3d"]


def test_json(network):
    answer = json.loads(log(network, "--json").output)
    assert answer["format-version"] == "1.0"
    assert [run["id"] for run in answer["runs"]] == ["2a1b2c3d", "1a1b2c3d", "0a1b2c3d"]
    assert answer["runs"][0]["ended"] is None
    assert answer["runs"][2]["routers"]["edge-1"]["add"] == 2


def test_one_runs_summary_by_the_beginning_of_its_id(network):
    assert log(network, "--run", "0a1").output.startswith("# Run 0a1b2c3d: done")
    assert json.loads(log(network, "--run", "0a1", "--json").output)["summary"].startswith("# Run 0a1b2c3d")
    for wanted, text in (("9", "no run has an id"), ("", "3 runs have an id")):
        with pytest.raises(TrueupError, match=text):
            log(network, "--run", wanted)


def test_a_network_whose_routers_are_broken_still_has_its_log(network):
    (network / "harbour").mkdir()
    (network / "harbour/edge.yaml").write_text("router: [")
    assert len(log(network).output.splitlines()) == 3


def test_before_the_first_run_and_without_an_audit(tmp_path):
    (tmp_path / "net").mkdir()
    (tmp_path / "net/trueup.yaml").write_text("network: net\n")
    with pytest.raises(TrueupError, match="no audit repository; make one with `trueup init`"):
        log(tmp_path / "net")
    new_audit(tmp_path)
    assert log(tmp_path / "net").output == "no run is recorded yet\n"
    assert json.loads(log(tmp_path / "net", "--json").output)["runs"] == []


def test_a_routers_snapshot_row_by_row(network):
    audit = Audit.open(network.parent / "net-audit")
    menus = {"/ip/firewall/filter": ["chain=input action=drop .id=*3"], "/system/identity": ["name=edge-1"]}
    document = {"version": "7.24", "serial": "SN1", "taken": "2026-11-28T14:00:00+00:00", "menus": menus}
    audit.keep("edge-1", "snapshot", {**document, "too-long": {"/ip/pool": {"rows": 9000}}}, "Snapshot")
    assert log(network, "edge-1", "--snapshot").output.splitlines() == [
        "edge-1   RouterOS 7.24   SN1   taken 2026-11-28T14:00:00+00:00",
        "  /ip/firewall/filter",
        "      chain=input action=drop",
        "  /system/identity",
        "      name=edge-1",
        "  /ip/pool   9000 rows",
    ]
    assert json.loads(log(network, "edge-1", "--snapshot", "--json").output)["menus"] == menus
    with pytest.raises(TrueupError, match="there is no snapshot yet"):
        log(network, "hub", "--snapshot")
    assert "needs a ROUTER" in log(network, "--snapshot").output
