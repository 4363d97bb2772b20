"""`trueup ci` on virtual routers: what it says a change would do is what a plan of the merged change says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from fleet_room import Named, Room, git, logins, room, run_main, spec
from review_room import POOL, change, ci, ci_json, compared, reviewed
from strangers import unused_port

MORE = {"/ip/pool": [{"name": "guests", "ranges": "10.5.50.10-10.5.50.199"}]}


@pytest.fixture
def made(tmp_path: Path) -> object:
    with reviewed(tmp_path, "edge-1", "edge-2", "edge-3") as made:
        for name in ("edge-1", "edge-2", "edge-3"):
            made.lab[name].log.clear()
        yield made


def test_touched_routers_are_read_and_no_others(made: Room) -> None:
    change(made, lambda: [made.declare(name, MORE) for name in ("edge-1", "edge-2")])
    said = ci(made)
    assert said.code == 0, said.all
    assert "### trueup: 2 routers, 1 shape, no session drops" in said.out
    assert "`edge-1 and 1 more` | ~1" in said.out
    assert "10.5.50.10-10.5.50.99 -> 10.5.50.10-10.5.50.199" in said.out
    assert [logins(made.lab[name]) for name in ("edge-1", "edge-2", "edge-3")] == [1, 1, 0]
    assert not any(made.wrote(name) for name in ("edge-1", "edge-2", "edge-3"))


def test_the_saved_plan_is_what_apply_carries_out_once_merged(made: Room, tmp_path: Path) -> None:
    change(made, lambda: made.declare("edge-1", MORE))
    saved = tmp_path / "plan.json"
    document = ci_json(made, "--out", str(saved))
    assert document["hash"]
    assert not document["empty"]
    said = made.trueup("apply", str(saved))
    assert said.code == 0, said.all
    assert ci_json(made)["empty"]


def test_an_unreachable_router_is_compared_with_the_base_and_said_so(made: Room) -> None:
    nobody = {"connect": {"port": unused_port()}}
    made.declare("edge-2", POOL, **nobody)
    made.commit()
    change(made, lambda: [made.declare("edge-1", MORE), made.declare("edge-2", MORE, **nobody)])
    document = ci_json(made)
    assert compared(document) == {"edge-1": "router", "edge-2": "base"}
    assert [plan["router"] for plan in document["plans"]] == ["edge-1"]
    assert "connection refused" in _reason(document, "edge-2")


def test_a_router_whose_connect_changed_is_not_contacted(made: Room) -> None:
    change(made, lambda: made.declare("edge-1", MORE, connect={"username": "somebody-else"}))
    document = ci_json(made)
    assert compared(document) == {"edge-1": "base"}
    assert "this change says how it is reached" in _reason(document, "edge-1")
    assert logins(made.lab["edge-1"]) == 0


def test_a_connect_that_changed_in_a_layer_counts_too(made: Room) -> None:
    change(made, lambda: made.write("harbour/site.yaml", {"connect": {"server-name": "elsewhere.example"}}))
    document = ci_json(made)
    assert set(compared(document).values()) == {"base"}
    assert not sum(logins(made.lab[name]) for name in ("edge-1", "edge-2", "edge-3"))


def test_a_new_router_is_not_contacted(made: Room) -> None:
    change(
        made,
        lambda: made.declare("edge-9", POOL, connect={"hosts": ["127.0.0.1"], "port": made.lab["edge-1"].tls_port}),
    )
    document = ci_json(made)
    assert compared(document) == {"edge-9": "base"}
    assert "new in this change" in _reason(document, "edge-9")
    assert logins(made.lab["edge-1"]) == 0


def test_without_secrets_nothing_is_contacted(made: Room) -> None:
    change(made, lambda: made.declare("edge-1", MORE))
    made.patch.delenv("TRUEUP_SECRET_TRUEUP_DIGEST_KEY")
    document = ci_json(made)
    assert compared(document) == {"edge-1": "base"}
    assert "no secrets here" in _reason(document, "edge-1")
    assert logins(made.lab["edge-1"]) == 0


def test_a_router_without_a_declared_version_gets_rows_for_its_own(tmp_path: Path) -> None:
    with room(tmp_path, spec("old", version="7.16.2")) as made:
        made.declare("old", POOL)
        made.commit()
        change(made, lambda: made.declare("old", MORE))
        document = ci_json(made)
        assert compared(document) == {"old": "router"}
        assert document["plans"][0]["version"] == "7.16.2"


def test_what_does_not_validate_is_told_whole_and_nothing_is_contacted(made: Room) -> None:
    def edit() -> None:
        made.declare("edge-1", {"/ip/pool": [{"name": "guests", "rangs": "10.0.0.1"}]})
        made.declare("edge-2", {"/ip/pool": [{"name": "guests", "ranges": "10.0.0.999"}]})

    change(made, edit)
    said = ci(made)
    assert said.code == 1
    assert "unknown property 'rangs'" in said.out
    assert "harbour/edge-2.yaml" in said.out
    assert "2 problems to correct" in said.out
    assert not sum(logins(made.lab[name]) for name in ("edge-1", "edge-2"))


def test_a_change_that_repairs_its_base_can_be_checked(made: Room) -> None:
    good = (made.network / "trueup.yaml").read_text()
    (made.network / "trueup.yaml").write_text("network: [\n")
    made.commit()
    change(made, lambda: (made.network / "trueup.yaml").write_text(good))
    said = ci(made)
    assert said.code == 0, said.all
    assert "The base has no trueup.yaml that can be read, so nothing is contacted" in said.out
    assert not sum(logins(made.lab[name]) for name in ("edge-1", "edge-2", "edge-3"))


def test_removing_a_router_leaves_it_alone(made: Room) -> None:
    change(made, lambda: (made.network / "harbour/edge-3.yaml").unlink())
    said = ci(made)
    assert said.code == 0
    assert "`edge-3`: no longer declared; what it holds stays as it is" in said.out


def test_a_branch_that_is_behind_its_base_is_told(made: Room) -> None:
    change(made, lambda: made.declare("edge-1", MORE))
    git(made.network, "checkout", "--quiet", "main")
    made.declare("edge-2", MORE)
    made.commit()
    assert "not built on the newest base" in ci(made, "--offline").out


def test_lines_that_change_something_are_told_what_they_do_to_whom(made: Room) -> None:
    change(made, lambda: [made.declare(name, MORE) for name in ("edge-1", "edge-2")])
    made.patch.setenv("GITHUB_ACTIONS", "true")
    lines = (made.network / "harbour/edge-1.yaml").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "ranges" in text)
    told = f"::notice title=edge-1 and 1 more,file=harbour/edge-1.yaml,line={line},col="
    (notice,) = (each for each in ci(made).out.splitlines() if each.startswith(told))
    assert notice.endswith("::change ranges of /ip/pool guests")


def test_annotations_are_at_the_lines_of_the_files(made: Room, tmp_path: Path) -> None:
    change(made, lambda: made.declare("edge-1", {"/ip/pool": [{"name": "guests", "rangs": "10.0.0.1"}]}))
    made.patch.setenv("GITHUB_ACTIONS", "true")
    report = tmp_path / "quality.json"
    said = ci(made, "--code-quality", str(report))
    lines = (made.network / "harbour/edge-1.yaml").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "rangs" in text)
    assert f"::error title=trueup,file=harbour/edge-1.yaml,line={line},col=" in said.out
    found = json.loads(report.read_text())[0]
    assert (found["location"]["path"], found["location"]["lines"]["begin"]) == ("harbour/edge-1.yaml", line)
    assert found["severity"] == "blocker"


def test_what_there_would_be_without_the_change_is_told_apart(made: Room) -> None:
    made.lab["edge-1"].router.execute(["/system/identity/set", "=name=by-hand"])
    made.declare("edge-1", POOL, system={"identity": "edge-1"})
    made.commit()
    change(made, lambda: made.declare("edge-1", MORE, system={"identity": "edge-1"}))
    assert "| `edge-1` | ~2 (1 without this change, too) |" in ci(made).out


def test_what_cuts_the_manager_off_is_found_before_the_merge(made: Room) -> None:
    drop = {"/ip/firewall/filter": [{"chain": "input", "action": "drop"}]}
    seen = {"source": "192.0.2.10", "destination": "198.51.100.1"}
    made.declare("edge-1", POOL, connect=seen)
    made.commit()
    change(
        made, lambda: [made.declare("edge-1", {**POOL, **drop}, connect=seen), made.declare("edge-2", {**POOL, **drop})]
    )
    made.patch.setenv("GITHUB_ACTIONS", "true")
    said = ci(made, "--require-approval")
    assert said.code == 1
    assert "| manager's path cut |" in said.out
    assert "| manager's path not judged |" in said.out
    assert "--lock-out" in said.out
    lines = (made.network / "harbour/edge-1.yaml").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "chain: input" in text)
    assert f"::warning title=manager's path cut,file=harbour/edge-1.yaml,line={line}," in said.out


def test_personal_data_is_in_nothing_that_is_told(made: Room, tmp_path: Path) -> None:
    guest = "canary-guest@example.net"
    rows = {**POOL, "/ip/hotspot/user": [{"name": guest, "password": Named("api"), "comment": f"{guest} floor 2"}]}
    made.lab["edge-1"].router.execute(["/ip/hotspot/user/add", f"=name={guest}", "=password=x", "=comment=by hand"])
    change(made, lambda: made.declare("edge-1", rows))
    out, comment = tmp_path / "plan.json", tmp_path / "comment.md"
    said = ci(made, "--out", str(out), "--comment", str(comment))
    assert said.code == 0, said.all
    assert compared(json.loads(out.read_text())) == {"edge-1": "router"}
    assert guest not in said.all + out.read_text() + comment.read_text()


def test_a_network_in_a_folder_of_its_repository(made: Room, tmp_path: Path) -> None:
    """Places are told as the repository has them, and other folders of it are nobody's business."""
    top = tmp_path / "mono"
    top.mkdir()
    shutil.copytree(made.network, top / "nets/net", ignore=shutil.ignore_patterns(".git"))
    (top / "trueup.yaml").write_text("no: network\n")
    git(top, "init", "--quiet", "--initial-branch=main")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "--message", "Begin")
    git(top, "checkout", "--quiet", "-b", "change")
    file = top / "nets/net/harbour/edge-1.yaml"
    file.write_text(file.read_text().replace("ranges:", "rangs:"))
    git(top, "commit", "--quiet", "--all", "--message", "Change")
    made.patch.setenv("GITHUB_ACTIONS", "true")
    said = run_main("ci", "--network", str(top / "nets/net"), "--base", "main", "--head", "change", "--offline")
    assert said.code == 1
    assert "file=nets/net/harbour/edge-1.yaml,line=" in said.out


def test_windows_and_waves_know_the_labels_of_routers_that_are_not_touched(made: Room) -> None:
    made.declare("edge-3", POOL, labels=["core"], reconcile={"after": ["edge-2"]})
    rollout = {"waves": [{"label": "core"}, "100%"]}
    made.write("trueup.yaml", {"network": "net", "rollout": rollout, "windows": [{"kind": "deny", "labels": ["core"]}]})
    made.commit()
    change(made, lambda: made.declare("edge-1", MORE))
    said = ci(made, "--offline")
    assert said.code == 0, said.all
    change(made, lambda: made.declare("edge-2", MORE, reconcile={"after": ["edge-3"]}))
    assert "`after` goes in a circle" in ci(made, "--offline").out


@pytest.mark.parametrize("rev", ["nowhere", "--upload-pack=x", "main:trueup.yaml", ""])
def test_a_revision_that_there_is_not(made: Room, rev: str) -> None:
    said = run_main("ci", "--network", str(made.network), "--base", "main", f"--head={rev}")
    assert said.code == 1
    assert "is no commit, branch or tag" in said.err


def _reason(document: dict[str, Any], router: str) -> str:
    return next(str(each["reason"]) for each in document["routers"] if each["router"] == router)
