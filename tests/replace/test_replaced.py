"""A new box takes over: its file, its ownership, the plan for the blank box, and an empty plan after it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from arriving_room import NAME, PASSWORD
from fleet_room import git
from replace_room import DECLARED, NEW, NEWCOMER, SECRETS, swapping

PORTS = "sfp1=sfp-sfpplus1,ether5=ether24,ether3=ether4"


def test_another_board_takes_over_and_the_second_plan_is_empty(tmp_path: Path) -> None:
    with swapping(tmp_path) as swap:
        swap.arrive()
        before = swap.file.read_text()
        said = swap.replace("--host", NEW, "--ports", PORTS, "--yes")
        assert said.code == 0, said.all
        assert swap.file.read_text() == moved(before)
        assert (
            "harbour/edge-1.yaml:33:81: this mentions sfp1, and stays as it is" in said.err
            or "mentions sfp1" in said.err
        )
        assert swap.owned()["serial"] == "SNnew"
        assert git(swap.made.audit, "log", "-1", "--format=%s").strip() == f"Carry ownership of {NAME} over to SNnew"
        swap.made.commit("Take the new box")
        planned = swap.made.trueup("plan")
        assert planned.code == 2
        assert "keeps" not in planned.out
        applied = swap.made.trueup("apply", "--yes")
        assert applied.code == 0, applied.all
        assert swap.made.trueup("plan").code == 0
        ports = {row["default-name"]: row["name"] for row in swap.made.lab[NEWCOMER].router.rows("/interface/ethernet")}
        assert (ports["sfp-sfpplus1"], ports["ether24"]) == ("sfp-sfpplus1", "office")
        told = [said.all, planned.all, applied.all, swap.file.read_text(), swap.made.owned(NAME)]
        assert [each for each in told for canary in (PASSWORD, *SECRETS.values()) if canary in each] == []


def moved(text: str) -> str:
    """The file as it should be then: nothing but the words that are about the box."""
    for old, new in (
        ("model: RB760iGS ", "model: CRS326-24G-2S+ "),
        ("serial: SNedge-1", "serial: SNnew"),
        ("hosts: [127.0.0.1]", "hosts: [127.0.0.2, 127.0.0.1]"),
        ("default-name: sfp1", "default-name: sfp-sfpplus1"),
        ("default-name: ether5", "default-name: ether24"),
        ("interface: sfp1", "interface: sfp-sfpplus1"),
        ('"!sfp1"', '"!sfp-sfpplus1"'),
        ('"ether3"', '"ether4"'),
    ):
        assert old in text, old
        text = text.replace(old, new)
    return text


def test_a_box_of_the_same_model_needs_no_map_and_every_secret_reaches_it(tmp_path: Path) -> None:
    with swapping(tmp_path, new="hex-s") as swap:
        swap.arrive()
        before = swap.file.read_text()
        assert swap.replace("--host", NEW, "--yes").code == 0
        changed = before.replace("SNedge-1", "SNnew").replace("[127.0.0.1]", "[127.0.0.2, 127.0.0.1]")
        assert swap.file.read_text() == changed
        swap.made.commit()
        assert swap.made.trueup("apply", "--yes").code == 0
        rows = {row.values["name"]: row.values for row in swap.made.lab[NEWCOMER].router.menu("/user").table}
        assert rows["admin"]["password"] == SECRETS["ADMIN"]  # write-only: what the old box was given does not count
        assert swap.made.trueup("plan").code == 0


@pytest.mark.parametrize("carried", [True, False])
def test_what_a_restored_backup_holds_of_deleted_rows_is_still_ours(tmp_path: Path, carried: bool) -> None:
    backup = {"/ppp/secret": [{"name": "guest", "password": SECRETS["GUEST"]}, {"name": "theirs", "password": "x"}]}
    with swapping(tmp_path, new="hex-s", seed=backup) as swap:
        swap.arrive()
        if carried:
            assert swap.replace("--host", NEW, "--yes").code == 0
        else:
            swap.file.write_text(swap.file.read_text().replace("SNedge-1", "SNnew").replace("127.0.0.1", NEW))
        text = swap.file.read_text()
        swap.file.write_text(text[: text.index("  /ppp/secret:")])
        swap.made.commit()
        assert swap.made.trueup("apply", "--yes").code == 0
        left = [row["name"] for row in swap.made.lab[NEWCOMER].router.rows("/ppp/secret")]
        assert left == (["theirs"] if carried else ["guest", "theirs"])


def test_a_virtual_machine_is_known_by_its_system_id(tmp_path: Path) -> None:
    text = DECLARED.replace("model: RB760iGS   # a hEX S\n", "").replace("sfp1", "ether1").replace("ether5", "ether4")
    with swapping(tmp_path, text, old="chr", new="chr") as swap:
        swap.arrive()
        said = swap.replace("--host", NEW, "--yes")
        assert said.code == 0, said.all
        assert "serial: SNnew" in swap.file.read_text()
        assert "model" not in swap.file.read_text()
        assert swap.made.trueup("plan").code == 2


def test_a_dry_run_shows_all_of_it_and_writes_nothing(tmp_path: Path) -> None:
    with swapping(tmp_path) as swap:
        swap.arrive()
        before = (swap.file.read_bytes(), swap.made.owned(NAME), git(swap.made.audit, "rev-parse", "HEAD"))
        shown = swap.replace("--host", NEW, "--ports", PORTS, "--dry-run")
        asked = swap.replace("--host", NEW, "--ports", PORTS)
        document = swap.replace("--host", NEW, "--ports", PORTS, "--dry-run", "--json")
        assert (shown.code, asked.code, document.code) == (2, 1, 2)
        assert "nobody is there to ask; give --yes" in asked.err
        assert (swap.file.read_bytes(), swap.made.owned(NAME), git(swap.made.audit, "rev-parse", "HEAD")) == before
        told = json.loads(document.out)
        assert (told["written"], told["serial"], told["model"]) == (False, "SNnew", "CRS326-24G-2S+")
        assert {(each["old"], each["new"]) for each in told["ports"]} == {tuple(p.split("=")) for p in PORTS.split(",")}
        assert told["secrets-left-behind"] == ["admin", "api", "guest", "snmp"]
        for text in (
            "serial   SNedge-1 -> SNnew",
            "/ip/address interface   sfp1 -> sfp-sfpplus1",
            "secrets that the old box still holds: 4; change what it must not know",
            "is carried over to SNnew",
        ):
            assert text in shown.out


def test_a_second_run_has_nothing_to_do(tmp_path: Path) -> None:
    with swapping(tmp_path, new="hex-s") as swap:
        swap.arrive()
        assert swap.replace("--host", NEW, "--yes").code == 0
        before = git(swap.made.audit, "rev-parse", "HEAD")
        said = swap.replace("--yes")
        assert (said.code, said.err) == (0, "")
        assert "nothing to do" in said.out
        assert git(swap.made.audit, "rev-parse", "HEAD") == before


def test_ownership_that_was_not_carried_yet_is_carried_by_a_second_run(tmp_path: Path) -> None:
    with swapping(tmp_path, new="hex-s") as swap:
        swap.arrive()
        swap.file.write_text(swap.file.read_text().replace("SNedge-1", "SNnew").replace("127.0.0.1", NEW))
        before = swap.file.read_bytes()
        assert swap.replace("--yes").code == 0
        assert swap.file.read_bytes() == before
        assert swap.owned()["serial"] == "SNnew"
        assert not any(row["id"] or row.get("secrets") for row in swap.owned()["rows"])
