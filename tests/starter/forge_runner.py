"""Runs a pipeline's jobs as a forge's runner would: real git, real shells, the forge's variables; only actions and pip
are stood in for.

An expression or an action that is not known here fails the test: nothing of a pipeline is passed over.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PIP = """#!/bin/sh
if [ "$1 $2 $3" = "-m pip install" ]; then shift 3; echo "$@" >> "$PIP_LOG"; exit 0; fi
exec {python} "$@"
"""


class Plain(yaml.CSafeLoader):
    """YAML whose `on` is a word."""


Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text(), Plain)
    return found


@dataclass
class Job:
    """What a job did: its exit code, what it printed, and the files it kept."""

    code: int
    output: str
    kept: dict[str, str] = field(default_factory=dict)


@dataclass
class Runner:
    """A machine of a forge: an empty workspace, a program path with trueup on it, and nobody's variables."""

    folder: Path
    origin: Path

    def __post_init__(self) -> None:
        for name in ("work", "temp", "home", "bin"):
            (self.folder / name).mkdir(parents=True)
        python = self.folder / "bin/python"
        python.write_text(PIP.format(python=sys.executable))
        python.chmod(0o755)

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def installed(self) -> list[str]:
        """What pip was asked to install."""
        log = self.folder / "pip.log"
        return log.read_text().splitlines() if log.exists() else []

    def environment(self, **more: str) -> dict[str, str]:
        scripts = Path(sys.executable).parent
        kept = {name: os.environ[name] for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM")}
        path = f"{self.folder / 'bin'}:{scripts}:/usr/bin:/bin"
        own = {"HOME": str(self.folder / "home"), "PIP_LOG": str(self.folder / "pip.log")}
        return {**kept, "PATH": path, **own, **more}

    def run(self, words: list[str], folder: Path, environment: dict[str, str]) -> Job:
        done = subprocess.run(
            words,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        return Job(done.returncode, done.stdout)

    def git(self, *words: str, folder: Path | None = None) -> str:
        done = self.run(["git", *words], folder or self.work, self.environment())
        assert done.code == 0, done.output
        return done.output.strip()


class GitHub:
    """A runner of GitHub Actions; `contexts` are github, vars, secrets and the others by name."""

    def __init__(self, runner: Runner, event: str, **contexts: Any) -> None:
        self.runner = runner
        self.contexts = {"vars": {}, "secrets": {}, "runner": {"temp": str(runner.folder / "temp")}, **contexts}
        self.contexts["github"] = {"event_name": event, "ref": "refs/heads/main", **contexts.get("github", {})}
        self.environment = runner.environment(
            GITHUB_ACTIONS="true",
            CI="true",
            GITHUB_ENV=str(runner.folder / "github-env"),
            GITHUB_STEP_SUMMARY=str(runner.folder / "summary.md"),
            RUNNER_TEMP=str(runner.folder / "temp"),
            GITHUB_SHA=str(self.contexts["github"].get("sha", "")),
            GITHUB_REF=str(self.contexts["github"]["ref"]),
        )

    def job(self, workflow: dict[str, Any], name: str) -> Job | None:
        """Run one job; None where its condition does not hold."""
        job = workflow["jobs"][name]
        if not self.value(job["if"]):
            return None
        told = Job(0, "")
        environment = {**self.environment, **self._texts(workflow.get("env", {})), **self._texts(job.get("env", {}))}
        defaults = job.get("defaults", {}).get("run", {})
        for step in job["steps"]:
            if not self._wanted(step, told.code):
                continue
            done = self._step(step, defaults, {**environment, **self._texts(step.get("env", {}))}, told)
            told = Job(told.code or done.code, told.output + done.output, told.kept)
            environment |= self._announced()
        return told

    def _wanted(self, step: dict[str, Any], code: int) -> bool:
        condition = str(step.get("if", ""))
        return condition == "always()" or (code == 0 and (not condition or bool(self.value(condition))))

    def _step(self, step: dict[str, Any], defaults: dict[str, str], environment: dict[str, str], told: Job) -> Job:
        if "run" in step:
            assert "${{" not in step["run"], "what strangers wrote must never stand in a script"
            folder = self.runner.work / defaults.get("working-directory", ".")
            shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
            return self.runner.run([*shell, step["run"]], folder, environment)
        given = self._texts(step.get("with", {}))
        action, _, version = step["uses"].partition("@")
        assert re.fullmatch(r"[0-9a-f]{40}", version), "an action is pinned by its commit"
        if action == "actions/checkout":
            self._check_out(given)
        elif action == "actions/upload-artifact":
            path = Path(given["path"])
            told.kept |= {given["name"]: path.read_text()} if path.exists() else {}
        else:
            assert action == "actions/setup-python"
        return Job(0, "")

    def _check_out(self, given: dict[str, str]) -> None:
        """The branch of the repository, with the history that was asked for, as a clone whose `origin` answers."""
        target = self.runner.work / given.get("path", ".")
        source = self.runner.origin.parent / given["repository"] if "repository" in given else self.runner.origin
        depth = [] if given.get("fetch-depth") == "0" else ["--depth", "1"]
        branch = ["--branch", given["ref"]] if "ref" in given else []
        self.runner.git("clone", "--quiet", *depth, *branch, f"file://{source}", str(target))

    def _announced(self) -> dict[str, str]:
        file = Path(self.environment["GITHUB_ENV"])
        lines = file.read_text().splitlines() if file.exists() else []
        return dict(line.split("=", 1) for line in lines)

    def _texts(self, values: dict[str, Any]) -> dict[str, str]:
        return {name: self._text(value) for name, value in values.items()}

    def _text(self, value: Any) -> str:
        def filled(found: re.Match[str]) -> str:
            made = self.value(found[1])
            return str(made).lower() if isinstance(made, bool) else str(made or "")

        return re.sub(r"\$\{\{(.*?)\}\}", filled, str(value))

    def value(self, expression: str) -> Any:
        """An expression's value: contexts, texts, ==, != and &&; a context's missing key is nothing, as on GitHub."""
        expression = expression.strip()
        if "&&" in expression:
            return all(self.value(part) for part in expression.split("&&"))
        for sign in ("==", "!="):
            if sign in expression:
                left, right = (self.value(part) for part in expression.split(sign))
                return ((left or "") == (right or "")) is (sign == "==")
        if re.fullmatch(r"'[^']*'", expression):
            return expression[1:-1]
        assert re.fullmatch(r"[a-z]+(\.[A-Za-z_]+)+", expression), f"an expression that no test knows: {expression}"
        found: Any = self.contexts
        for word in expression.split("."):
            found = found.get(word) if isinstance(found, dict) else None
        return found


class GitLab:
    """A runner of GitLab: the script's lines are one shell's, after the project was cloned."""

    def __init__(self, runner: Runner, **variables: str) -> None:
        self.runner = runner
        self.variables = {"GITLAB_CI": "true", "CI": "true", "CI_DEFAULT_BRANCH": "main", **variables}

    def wanted(self, rules: list[dict[str, str]]) -> bool:
        """Whether one of a job's rules holds."""
        return any(all(self._holds(part) for part in rule["if"].split("&&")) for rule in rules)

    def job(self, pipeline: dict[str, Any], name: str) -> Job | None:
        job = pipeline[name]
        if not self.wanted(pipeline["workflow"]["rules"]) or not self.wanted(job["rules"]):
            return None
        project = self.runner.work / "project"
        self.runner.git("clone", "--quiet", "--no-checkout", f"file://{self.runner.origin}", str(project))
        self.runner.git("fetch", "--quiet", "origin", self.variables["CI_COMMIT_SHA"], folder=project)
        declared = {**(pipeline.get("variables") or {}), **job.get("variables", {})}
        if declared.get("GIT_CHECKOUT") != "false":
            self.runner.git("checkout", "--quiet", self.variables["CI_COMMIT_SHA"], folder=project)
        environment = self.runner.environment(**{**self.variables, **declared})
        done = self.runner.run(["bash", "-eo", "pipefail", "-c", "\n".join(job["script"])], project, environment)
        artifacts = job.get("artifacts", {})
        paths = [*artifacts.get("paths", ()), *artifacts.get("reports", {}).values()]
        kept = {path: (project / path).read_text() for path in paths if (project / path).exists()}
        return Job(done.code, done.output, kept)

    def _holds(self, comparison: str) -> bool:
        left, right = comparison.split("==")
        return self._word(left) == self._word(right)

    def _word(self, text: str) -> str:
        text = text.strip()
        return self.variables.get(text[1:], "") if text.startswith("$") else text.strip('"')
