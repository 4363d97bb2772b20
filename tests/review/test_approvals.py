"""Who may agree to a plan, and to which: exactly one, on the base branch, by the author of the commit."""

from __future__ import annotations

from pathlib import Path

import pytest
from fleet_room import Room, git, run_main
from review_room import change, ci, ci_json, reviewed

from trueup.load.history import authors_of, read_commit
from trueup.plan.digest import joined_hash
from trueup.review.approvals import FOLDER, approved
from trueup_schemas.operate import Approvals

AUTHOR = "operator@trueup.example"
OTHER = "second@trueup.example"
FIRST, SECOND = "0123456789ab", "ba9876543210"


@pytest.fixture
def made(tmp_path: Path) -> object:
    with reviewed(tmp_path) as made:
        made.declare("edge-1", {})
        made.commit()
        yield made


def approve(made: Room, *words: str, as_: str = OTHER) -> None:
    said = run_main("approve", "--network", str(made.network), "--why", "Agreed on the telephone", *words)
    assert said.code == 0, said.all
    git(made.network, "add", "--all")
    git(made.network, "-c", "user.name=x", "commit", "--quiet", "--author", f"Second <{as_}>", "--message", "Approve")


def found(made: Room, hash: str, author: str = AUTHOR, *, lock_out: bool = False, **settings: object) -> str:
    """Who agreed, "" where nobody has who may."""
    given = approved(made.network, "main", hash, author, Approvals.model_validate(settings), lock_out)
    return given.commit.email if given else ""


def test_the_author_of_the_commit_agrees(made: Room) -> None:
    approve(made, FIRST)
    assert found(made, FIRST) == OTHER
    assert found(made, SECOND) == ""


def test_files_that_are_not_committed_count_for_nothing(made: Room) -> None:
    said = run_main("approve", "--network", str(made.network), "--why", "Mine", FIRST)
    assert said.code == 0
    assert "git commit" in said.out
    assert found(made, FIRST) == ""


def test_other_than_the_author(made: Room) -> None:
    approve(made, FIRST, as_=AUTHOR.upper())
    assert found(made, FIRST) == AUTHOR.upper()
    assert found(made, FIRST, **{"other-than-author": True}) == ""
    assert found(made, FIRST, author="third@trueup.example", **{"other-than-author": True}) == AUTHOR.upper()


def test_all_whose_commits_are_in_the_change_are_its_authors(made: Room) -> None:
    before = git(made.network, "rev-parse", "HEAD").strip()
    made.declare("edge-1", {}, labels=["a"])
    made.commit("One\n\nCo-authored-by: Third <third@trueup.example>")
    approve(made, FIRST)
    root = made.network.resolve()
    assert authors_of(root, before, "main", FOLDER) == {AUTHOR, "third@trueup.example"}
    assert authors_of(root, "main", "main", FOLDER) == {AUTHOR, "third@trueup.example"}
    assert authors_of(root, "", "main", FOLDER) == {AUTHOR, "third@trueup.example"}
    for author in ([AUTHOR], [AUTHOR, OTHER]):
        given = approved(root, "main", FIRST, author, Approvals.model_validate({"other-than-author": True}))
        assert bool(given) == (OTHER not in author)


def test_only_those_who_are_named(made: Room) -> None:
    approve(made, FIRST)
    assert found(made, FIRST, approvers=[OTHER]) == OTHER
    assert found(made, FIRST, approvers=["third@trueup.example"]) == ""


def test_a_lock_out_is_agreed_to_by_name(made: Room) -> None:
    approve(made, FIRST)
    approve(made, SECOND, "--lock-out")
    assert found(made, FIRST, lock_out=True) == ""
    assert found(made, SECOND, lock_out=True) == OTHER


def test_one_file_for_several_plans(made: Room) -> None:
    hash = joined_hash([FIRST, SECOND])
    approve(made, hash, "--router", f"a={FIRST}", "--router", f"b={SECOND}")
    assert found(made, FIRST) == found(made, SECOND) == found(made, hash) == OTHER


def test_a_plan_that_was_slipped_into_the_list_later_is_refused(made: Room) -> None:
    hash = joined_hash([FIRST, SECOND])
    approve(made, hash, "--router", f"a={FIRST}", "--router", f"b={SECOND}")
    file = made.network / f"approvals/{hash}.yaml"
    file.write_text(f'{file.read_text()}  c: "ffffffffffff"\n')
    made.commit()
    assert found(made, "ffffffffffff") == ""
    assert found(made, FIRST) == ""


def test_who_changes_the_file_is_who_agrees(made: Room) -> None:
    approve(made, FIRST)
    file = made.network / f"approvals/{FIRST}.yaml"
    file.write_text(f"{file.read_text()}lock-out: true\n")
    made.commit()
    assert found(made, FIRST) == AUTHOR


def test_a_file_that_is_no_approval_is_told_and_hinders_nothing(made: Room) -> None:
    (made.network / "approvals").mkdir()
    (made.network / "approvals/odd.yaml").write_text("plan: odd\nwhy: x\n")
    made.commit()
    change(made, lambda: made.declare("edge-1", {"/ip/pool": []}))
    said = ci(made, "--offline")
    assert said.code == 0
    assert "plan: expected a plan's hash in quotes" in said.out


def test_a_merge_that_changes_the_file_is_not_by_who_wrote_it_before(made: Room) -> None:
    """What is in neither side of a merge was said by nobody but whoever merged."""
    approve(made, FIRST)
    git(made.network, "checkout", "--quiet", "-b", "side")
    made.declare("edge-1", {}, labels=["side"])
    made.commit()
    git(made.network, "checkout", "--quiet", "main")
    git(made.network, "merge", "--quiet", "--no-ff", "--no-commit", "side")
    file = made.network / f"approvals/{FIRST}.yaml"
    file.write_text(file.read_text().replace(FIRST, SECOND))
    made.commit("Merge side")
    assert found(made, SECOND) == ""
    assert found(made, FIRST) == ""


def test_an_approval_on_another_branch_is_none(made: Room) -> None:
    git(made.network, "checkout", "--quiet", "-b", "other")
    approve(made, FIRST)
    assert found(made, FIRST) == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nonsense",), "is no plan's hash"),
        ((FIRST, "--router", f"a={SECOND}"), "do not have the hash"),
        ((FIRST, "--why", "  "), "a reason is missing"),
    ],
)
def test_what_is_no_approval_is_not_written(made: Room, words: tuple[str, ...], told: str) -> None:
    said = run_main("approve", "--network", str(made.network), "--why", "x", *words)
    assert said.code == 1
    assert told in said.err
    assert not (made.network / "approvals").exists()


def test_a_review_asks_for_an_approval_and_sees_it(tmp_path: Path) -> None:
    with reviewed(tmp_path, "edge-1") as made:
        change(made, lambda: made.declare("edge-1", {"/ip/pool": []}))
        said = ci(made, "--require-approval")
        assert said.code == 1
        (wanted,) = ci_json(made)["approvals"]
        assert not wanted["given"]
        assert f"trueup approve {wanted['hash']} --why 'REASON'" in said.out
        assert ci(made).code == 0
        git(made.network, "checkout", "--quiet", "main")
        approve(made, wanted["hash"])
        git(made.network, "checkout", "--quiet", "change")
        git(made.network, "rebase", "--quiet", "main")
        said = ci(made, "--require-approval")
        assert said.code == 0, said.all
        assert f"approved by `Second <{OTHER}>: Agreed on the telephone`" in said.out
        assert read_commit(made.network, "main").email == OTHER
