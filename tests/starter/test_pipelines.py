"""The pipelines that `trueup init` writes, run as forges run them: a clone, a router, a forge, a stranger's fork."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_room import DIGEST_KEY, PASSWORD, Named, Room, git, logins, run_main
from forge_runner import GitHub, GitLab, Job, Runner, read
from review_room import POOL, reviewed
from stand_in import StandIn, stand_in

PACKAGE = "git+https://git.example.net/trueup@v0.1.0"
RENAMED = {**POOL, "/system/identity": {"name": "renamed"}}


class Hosted:
    """A network at a forge, with one router that it manages, and a change of it that waits to be merged."""

    def __init__(self, made: Room, at: StandIn, folder: Path) -> None:
        self.made, self.at, self.folder = made, at, folder
        made.write("trueup.yaml", {"network": "net", "forge": {**at.settings, "token": Named("forge/token")}})
        (made.network / ".gitignore").write_text(".trueup/\n")
        assert run_main("init", "--ci", str(made.network)).code == 0
        made.commit("Use a forge")
        for name, source in (("origin", made.network), ("audit", made.audit)):
            git(folder, "clone", "--quiet", "--bare", str(source), name)
        git(made.network, "remote", "add", "origin", str(folder / "origin"))

    def change(self, rows: dict[str, object]) -> tuple[int, str]:
        """A pull request whose branch declares these rows, and a file that nothing may run; its number and commit."""
        git(self.made.network, "checkout", "--quiet", "-B", "change", "main")
        self.made.declare("edge-1", rows)
        (self.made.network / "sitecustomize.py").write_text("raise SystemExit('a stranger runs')\n")
        sha = self.made.commit("Change")
        pull = self.at.open("change", sha=sha)
        git(self.made.network, "push", "--quiet", "--force", "origin", "change", f"change:refs/pull/{pull.number}/head")
        return pull.number, sha

    def move_on(self, rows: dict[str, object]) -> None:
        """The base gets a commit that the change does not know."""
        git(self.made.network, "checkout", "--quiet", "main")
        self.made.declare("edge-1", rows)
        self.made.commit("Go on")
        git(self.made.network, "push", "--quiet", "origin", "main")

    def runner(self) -> Runner:
        return Runner(self.folder / f"runner-{len(list(self.folder.iterdir()))}", self.folder / "origin")

    @property
    def newest(self) -> str:
        return git(self.folder / "origin", "rev-parse", "main").strip()

    @property
    def secrets(self) -> str:
        return f"api: {PASSWORD}\ntrueup/digest-key: {DIGEST_KEY}\n"


@pytest.fixture
def hosted(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Hosted]:
    (tmp_path / "forge").mkdir()
    with stand_in(request.param) as at, reviewed(tmp_path, "edge-1") as made:
        yield Hosted(made, at, tmp_path / "forge")


def on_github(hosted: Hosted, number: int, sha: str, *, fork: bool = False) -> tuple[Job, Runner]:
    """The job `check` of a pull request, of the repository itself or of somebody's fork."""
    pull = {"number": number, "base": {"ref": "main"}, "head": {"sha": sha, "repo": {"full_name": "example/network"}}}
    if fork:
        pull["head"] = {"sha": sha, "repo": {"full_name": "stranger/network"}}
    runner = hosted.runner()
    told = {"repository": "example/network", "token": hosted.at.token, "ref": f"refs/pull/{number}/merge"}
    job = GitHub(
        runner,
        "pull_request",
        github={**told, "event": {"pull_request": pull}},
        vars={"TRUEUP": PACKAGE, "TRUEUP_AUDIT": "audit"},
        secrets={} if fork else {"TRUEUP_SECRETS": hosted.secrets},
    ).job(read(hosted.made.network / ".github/workflows/trueup.yml"), "check")
    assert job is not None
    assert runner.installed == [f"--quiet {PACKAGE}"]
    assert not (runner.work / "net/sitecustomize.py").exists(), "nothing of the change is checked out"
    return job, runner


def on_gitlab(hosted: Hosted, number: int, sha: str, *, fork: bool = False) -> Job:
    runner = hosted.runner()
    file = runner.folder / "TRUEUP_SECRETS"
    file.write_text(hosted.secrets)
    file.chmod(0o666)  # as GitLab's runner leaves them
    ours = {"TRUEUP_SECRETS": str(file), "TRUEUP_AUDIT": f"file://{hosted.folder / 'audit'}"}
    job = GitLab(
        runner,
        CI_PIPELINE_SOURCE="merge_request_event",
        CI_COMMIT_SHA=sha,
        CI_MERGE_REQUEST_IID=str(number),
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main",
        CI_MERGE_REQUEST_PROJECT_ID="1",
        CI_MERGE_REQUEST_SOURCE_PROJECT_ID="2" if fork else "1",
        CI_MERGE_REQUEST_PROJECT_URL=f"file://{hosted.folder / 'origin'}",
        TRUEUP=PACKAGE,
        **({} if fork else {**ours, "TRUEUP_SECRET_FORGE_TOKEN": hosted.at.token}),
    ).job(read(hosted.made.network / ".gitlab-ci.yml"), "check")
    assert job is not None
    assert not (runner.work / "project/sitecustomize.py").exists()
    return job


def told_nothing_secret(text: str) -> bool:
    return PASSWORD not in text and DIGEST_KEY not in text


@pytest.mark.parametrize("hosted", ["github"], indirect=True)
def test_github_checks_a_pull_request_and_comments_on_it(hosted: Hosted):
    number, sha = hosted.change(RENAMED)
    hosted.move_on({"/ip/pool": [{"name": "guests", "ranges": "10.5.50.10-10.5.50.200"}], "/ip/dns": {}})
    job, runner = on_github(hosted, number, sha)
    assert job.code == 1, job.output
    assert "::error::it cannot be merged; rebase it" in job.output

    number, sha = hosted.change(RENAMED)
    job, runner = on_github(hosted, number, sha)
    assert job.code == 0, job.output
    (comment,) = hosted.at.pulls[number].comments
    assert "renamed" in comment.body
    assert (hosted.at.statuses[-1].sha, hosted.at.statuses[-1].state) == (sha, "success")
    assert "renamed" in (runner.folder / "summary.md").read_text()
    (plan,) = json.loads(job.kept["trueup-plan"])["plans"]
    assert plan["router"] == "edge-1"
    assert told_nothing_secret(job.output + comment.body + job.kept["trueup-plan"])

    number, sha = hosted.change({"/ip/pool": [{"name": "guests", "rangs": "10.5.50.10-10.5.50.99"}]})
    job, _ = on_github(hosted, number, sha)
    assert job.code == 1
    assert re.search(r"^::error [^:]*file=harbour/edge-1\.yaml,", job.output, re.MULTILINE)


@pytest.mark.parametrize("hosted", ["github"], indirect=True)
def test_a_fork_on_github_gets_a_check_and_nothing_else(hosted: Hosted):
    number, sha = hosted.change(RENAMED)
    before = logins(hosted.made.lab["edge-1"])
    job, runner = on_github(hosted, number, sha, fork=True)
    assert job.code == 0, job.output
    assert "renamed" in (runner.folder / "summary.md").read_text()
    assert logins(hosted.made.lab["edge-1"]) == before
    assert not hosted.at.requests
    assert not (runner.work / "net-audit").exists()


@pytest.mark.parametrize("hosted", ["gitlab"], indirect=True)
def test_gitlab_checks_a_merge_request_and_a_forks(hosted: Hosted):
    number, sha = hosted.change(RENAMED)
    before = logins(hosted.made.lab["edge-1"])
    job = on_gitlab(hosted, number, sha, fork=True)
    assert job.code == 0, job.output
    assert "renamed" in job.kept["comment.md"]
    assert logins(hosted.made.lab["edge-1"]) == before
    assert not hosted.at.requests

    job = on_gitlab(hosted, number, sha)
    assert job.code == 0, job.output
    (note,) = hosted.at.pulls[number].comments
    assert "renamed" in note.body
    assert json.loads(job.kept["plan.json"])["plans"]
    found = json.loads(job.kept["code-quality.json"])
    assert {each["location"]["path"] for each in found} == {"harbour/edge-1.yaml"}
    assert told_nothing_secret(job.output + note.body + "".join(job.kept.values()))


@pytest.mark.parametrize("hosted", ["github"], indirect=True)
def test_what_is_merged_is_validated(hosted: Hosted):
    """On GitHub a good merge, on GitLab a bad one."""
    workflow, pipeline = (
        read(hosted.made.network / name) for name in (".github/workflows/trueup.yml", ".gitlab-ci.yml")
    )
    hosted.move_on(RENAMED)
    github = GitHub(hosted.runner(), "push", github={"sha": hosted.newest}, vars={"TRUEUP": PACKAGE})
    job = github.job(workflow, "validate")
    assert job is not None
    assert (job.code, job.output) == (0, "1 router, no problems\n")
    assert github.job(workflow, "check") is None
    hosted.move_on({"/ip/poool": []})
    pushed = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main", "CI_COMMIT_SHA": hosted.newest}
    gitlab = GitLab(hosted.runner(), TRUEUP=PACKAGE, **pushed)
    job = gitlab.job(pipeline, "validate")
    assert job is not None
    assert job.code == 1
    assert "unknown menu /ip/poool" in job.output
    assert gitlab.job(pipeline, "check") is None


def test_without_the_variable_it_says_what_to_set(tmp_path: Path):
    assert run_main("init", str(tmp_path / "mine")).code == 0
    git(tmp_path, "clone", "--quiet", "--bare", str(tmp_path / "mine"), "origin")
    sha = git(tmp_path / "mine", "rev-parse", "HEAD").strip()
    github = GitHub(Runner(tmp_path / "runner", tmp_path / "origin"), "push", github={"sha": sha})
    job = github.job(read(tmp_path / "mine/.github/workflows/trueup.yml"), "validate")
    assert job is not None
    assert job.code != 0
    assert "set the variable TRUEUP to what pip installs" in job.output
