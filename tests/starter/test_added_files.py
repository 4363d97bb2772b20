"""What `trueup init` puts beside the files: whole, filled in, never over anything, the hook a real repository's."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from click.testing import CliRunner
from forge_runner import read

from trueup.cli.init import command
from trueup.errors import DeclarationError
from trueup_templates import beside

FILES = set(beside())


def init(folder: Path, *arguments: str) -> str:
    done = CliRunner().invoke(command, [str(folder), *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def git(folder: Path, *words: str, fails: bool = False) -> str:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    done = subprocess.run(
        ["git", *words], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode != 0) is fails, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture
def network(tmp_path: Path) -> Path:
    init(tmp_path / "mine")
    return tmp_path / "mine"


def test_a_new_network_begins_with_them_committed(network: Path):
    assert {*git(network, "ls-files").splitlines()} > FILES
    assert git(network, "status", "--porcelain") == ""
    assert (network / ".githooks/pre-commit").stat().st_mode & stat.S_IXUSR
    assert git(network, "ls-files", "--stage", ".githooks").startswith("100755")


def test_nothing_is_left_to_fill_in(network: Path):
    for path in FILES:
        assert not re.search(r"@[a-z]+@", (network / path).read_text())
    workflow, pipeline = read(network / ".github/workflows/trueup.yml"), read(network / ".gitlab-ci.yml")
    assert workflow["jobs"]["check"]["defaults"]["run"]["working-directory"] == "mine"
    assert workflow["env"]["TRUEUP"] == "${{ vars.TRUEUP }}"
    assert '"../mine-audit"' in "\n".join(pipeline["check"]["script"])


def test_editors_find_the_schemas_where_they_were_written(network: Path):
    settings = json.loads((network / ".vscode/settings.json").read_text())
    (schema,) = settings["yaml.schemas"]
    assert json.loads((network / schema).read_text())["definitions"]
    assert settings["yaml.customTags"] == ["!secret scalar"]
    assert (network / ".gitignore").read_text().split() == [".trueup/"]


def test_a_network_that_exists_gets_what_it_lacks(tmp_path: Path):
    (tmp_path / "coast").mkdir()
    (tmp_path / "coast/trueup.yaml").write_text("network: coast\naudit: ../elsewhere/audit\ndaemon: {branch: live}\n")
    (tmp_path / "coast/.gitlab-ci.yml").write_text("precious: true\n")
    git(tmp_path / "coast", "init", "--quiet")
    told = init(tmp_path / "coast", "--ci")
    assert f"left      {tmp_path}/coast/.gitlab-ci.yml   it is there already" in told
    assert told.count("written   ") == len(FILES) - 1
    assert (tmp_path / "coast/.gitlab-ci.yml").read_text() == "precious: true\n"
    workflow = read(tmp_path / "coast/.github/workflows/trueup.yml")
    assert workflow["on"]["push"] == {"branches": ["live"]}
    steps = workflow["jobs"]["check"]["steps"]
    assert [step["with"]["path"] for step in steps if step.get("name") == "Get the audit"] == ["elsewhere/audit"]
    assert "written   " not in init(tmp_path / "coast", "--ci")


def test_a_network_below_a_repositorys_top_has_its_pipelines_there(tmp_path: Path):
    git(tmp_path, "init", "--quiet")
    told = json.loads(init(tmp_path / "nets/coast", "--json"))
    assert not told["repository-started"]
    assert str(tmp_path / ".github/workflows/trueup.yml") in told["written"]
    assert (tmp_path / "nets/coast/.vscode/settings.json").is_file()
    script = "\n".join(read(tmp_path / ".gitlab-ci.yml")["check"]["script"])
    assert '--network "nets/coast"' in script
    assert '"nets/coast-audit"' in script
    git(tmp_path, "config", "core.hooksPath", ".githooks")
    git(tmp_path, "add", ".")
    assert "1 router, no problems" in git(tmp_path, "commit", "--quiet", "--message", "Begin")


def test_no_pipeline_is_written_for_a_path_that_a_shell_would_read_otherwise(tmp_path: Path):
    (tmp_path / "a$(b)").mkdir()
    (tmp_path / "a$(b)/trueup.yaml").write_text("network: coast\n")
    git(tmp_path, "init", "--quiet")
    with pytest.raises(DeclarationError, match="such characters"):
        init(tmp_path / "a$(b)", "--ci")
    assert not (tmp_path / ".github").exists()


@pytest.mark.parametrize(
    ("origin", "package"),
    [
        (
            {"url": "https://git.example.net/trueup", "vcs_info": {"vcs": "git", "commit_id": "0" * 40}},
            f"git+https://git.example.net/trueup@{'0' * 40}",
        ),
        (
            {"url": "https://files.example.net/trueup-1.whl", "archive_info": {}},
            "https://files.example.net/trueup-1.whl",
        ),
        ({"url": "https://me:canary@git.example.net/trueup", "vcs_info": {"vcs": "git", "commit_id": "0"}}, None),
        ({"url": "file:///home/me/trueup", "dir_info": {"editable": True}}, None),
        (None, None),
    ],
)
def test_the_pipelines_install_what_runs_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: object, package: str | None
):
    class Installed:
        def read_text(self, name: str) -> str | None:
            return json.dumps(origin) if name == "direct_url.json" and origin else None

    monkeypatch.setattr(metadata, "distribution", lambda name: Installed())
    told = json.loads(init(tmp_path / "mine", "--json"))
    assert told["package"] == package
    workflow, pipeline = read(tmp_path / "mine/.github/workflows/trueup.yml"), read(tmp_path / "mine/.gitlab-ci.yml")
    assert workflow["env"]["TRUEUP"] == (package or "${{ vars.TRUEUP }}")
    assert pipeline["variables"].get("TRUEUP") == package
    assert "canary" not in json.dumps([workflow, pipeline])


def test_a_commit_with_a_mistake_is_refused(network: Path):
    (network / "office/site.yaml").write_text("lables: [office]\n")
    git(network, "add", ".")
    told = git(network, "commit", "--quiet", "--message", "Label it", fails=True)
    assert "office/site.yaml:1:1: unknown key 'lables'; did you mean 'labels'?" in told
    (network / "office/site.yaml").write_text("labels: [office]\n")
    git(network, "add", ".")
    git(network, "commit", "--quiet", "--message", "Label it")


def test_what_is_committed_is_what_is_looked_at(network: Path):
    (network / "office/site.yaml").write_text("labels: [office]\n")
    git(network, "add", ".")
    (network / "office/site.yaml").write_text("lables: [office]\n")
    (network / "office/unfinished.yaml").write_text("router: [\n")
    git(network, "commit", "--quiet", "--message", "Label it")
    assert "lables" in git(network, "commit", "--quiet", "--all", "--message", "Spoil it", fails=True)
    assert git(network, "status", "--porcelain", "office/site.yaml").split() == ["M", "office/site.yaml"]


def test_without_trueup_a_commit_says_how_to_go_on(network: Path, tmp_path: Path):
    for program in ("git", "sh"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / program).symlink_to(f"/usr/bin/{program}")
    command = ["git", "commit", "--allow-empty", "--message", "x"]
    environment = {**os.environ, "PATH": str(tmp_path / "bin")}
    done = subprocess.run(
        command, cwd=network, env=environment, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 1
    assert "git commit --no-verify" in done.stderr
