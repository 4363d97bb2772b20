"""A review on its forge: the comment in place, and a check of the commit. The forge is the base's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from trueup.errors import DeclarationError, ForgeError, Problem
from trueup.forge import Forge, open_forge
from trueup.forge.forge import State
from trueup.load.history import is_ancestor
from trueup.load.network import Network
from trueup.review.comment import GITHUB, GITLAB, Told
from trueup.secrets import Stores

CONTEXT = "trueup"
"""The name of the check."""

_PULL = re.compile(r"refs/pull/(\d+)/")


async def publish(
    told: Told, network: Network, stores: Stores, environment: Mapping[str, str], number: int | None, failed: bool
) -> str:
    """Write the comment and the check; returns what was done, for people. Raises ForgeError, or SecretError."""
    review, declared = told.review, network.settings.forge
    if declared is None:
        remedy = "declare `forge` in trueup.yaml of the base, or leave --publish out"
        raise ForgeError(Problem("there is no forge to publish to", remedy=remedy))
    forge = open_forge(declared, stores.resolve(declared.token))
    pull = number or number_in(environment) or await _found(forge, review.head.sha)
    newest = (await forge.pull(pull)).sha
    if newest and not _holds(network.root, newest, review.head.sha):
        return f"a newer commit than {review.head.sha[:12]} was pushed meanwhile; its own check will tell"
    limit = GITHUB if declared.kind == "github" else GITLAB
    where = await forge.upsert_comment(pull, f"ci/{review.network}", told.comment(limit))
    state: State = "failure" if failed else "success"
    await forge.set_status(newest or review.head.sha, state, told.headline, CONTEXT, job_in(environment))
    return f"published at {where}"


def number_in(environment: Mapping[str, str]) -> int | None:
    """The pull request that a job of GitHub Actions or GitLab CI is about, None where it says nothing."""
    if environment.get("CI_MERGE_REQUEST_IID", "").isdecimal():
        return int(environment["CI_MERGE_REQUEST_IID"])
    found = _PULL.match(environment.get("GITHUB_REF", ""))
    return int(found[1]) if found else None


def job_in(environment: Mapping[str, str]) -> str:
    """Where the job's log is, "" where nothing says so."""
    if url := environment.get("CI_JOB_URL"):
        return url
    parts = [environment.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    return f"{parts[0]}/{parts[1]}/actions/runs/{parts[2]}" if all(parts) else ""


async def _found(forge: Forge, sha: str) -> int:
    pull = await forge.find_pull(sha)
    if pull is None:
        remedy = "name it with --number, or run in the pull request's own job"
        raise ForgeError(Problem(f"no pull request of {forge.name} has the commit {sha[:12]}", remedy=remedy))
    return pull.number


def _holds(root: Path, newest: str, reviewed: str) -> bool:
    """Whether the newest commit of the pull request is in what was reviewed, which may be its merge."""
    try:
        return is_ancestor(root, newest, reviewed) is not False
    except DeclarationError:
        return False
