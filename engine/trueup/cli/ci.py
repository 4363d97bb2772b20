"""`trueup ci`: what a change would do, for a pull request."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import click

from trueup.cli.selection import folder_option, json_option
from trueup.cli.terminal import progress, write_private
from trueup.errors import PlanError, Problem, SecretError
from trueup.load.network import Network, find_root
from trueup.plan.document import plan_to_document
from trueup.plan.plan import FORMAT_VERSION
from trueup.review.annotations import annotate, code_quality, workflow_commands
from trueup.review.comment import GITHUB, GITLAB, Told
from trueup.review.publish import publish as send
from trueup.review.review import Asked, Reviewer
from trueup.secrets import open_stores


class Files(NamedTuple):
    """Where results go, None where they are not wanted."""

    out: Path | None
    comment: Path | None
    code_quality: Path | None


_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("ci")
@folder_option
@click.option("--base", required=True, metavar="REV", help="The revision that the change goes into.")
@click.option("--head", required=True, metavar="REV", help="The revision with the change, best merged into the base.")
@click.option("--out", type=_FILE, metavar="FILE", help="Save the live plans for trueup apply.")
@click.option("--comment", "comment_file", type=_FILE, metavar="FILE", help="Write the comment as Markdown.")
@click.option("--code-quality", "quality", type=_FILE, metavar="FILE", help="Write GitLab's code quality report.")
@click.option("--publish", is_flag=True, help="Write the comment and a check to the pull request on the base's forge.")
@click.option(
    "--number", type=click.IntRange(min=1), metavar="N", help="The pull request, where the job does not tell."
)
@click.option("--offline", is_flag=True, help="Contact no router and open no secret store.")
@click.option("--full", is_flag=True, help="Compile every router, not only those that the change may touch.")
@click.option("--require-approval", is_flag=True, help="Fail while something still needs an approval.")
@json_option
def command(
    folder: Path,
    base: str,
    head: str,
    out: Path | None,
    comment_file: Path | None,
    quality: Path | None,
    publish: bool,
    number: int | None,
    offline: bool,
    full: bool,
    require_approval: bool,
    as_json: bool,
) -> None:
    """Check a change before it is merged: validate, compile, plan what it touches, and say so in a comment.

    Connections, secret stores, approvals, audit, forge and guards are those of the base revision. Nothing is written
    to any router. Exit code: 0 all is fine, with changes or without, 1 something is to be corrected.
    """
    root = find_root(folder)
    with progress(quiet=as_json) as watch:
        reviewer = Reviewer(root, base, head, Asked(full=full, offline=offline), watch)
        review = asyncio.run(reviewer.review())
    told = Told(review)
    _write(told, Files(out, comment_file, quality))
    _print(told, as_json)
    failed = bool(review.errors) or (require_approval and bool(review.waiting))
    if publish and reviewer.network is not None:
        _publish(told, reviewer.network, number, failed=failed)
    sys.exit(1 if failed else 0)


def _publish(told: Told, network: Network, number: int | None, *, failed: bool) -> None:
    """Write to the forge; a job without secrets, such as a fork's, has printed the comment, and that is all it can."""
    stores = open_stores(network.settings, network.root)
    try:
        said = asyncio.run(send(told, network, stores, os.environ, number, failed))
    except SecretError as error:
        said = f"not published: {error.problems[0].message}"
    click.echo(said, err=True)


def _write(told: Told, files: Files) -> None:
    if files.out is not None:
        write_private(files.out, document(told))
    if files.comment is not None:
        _text(files.comment, told.comment(_limit(), "the job's log and its saved plan"))
    if files.code_quality is not None:
        _text(files.code_quality, json.dumps(code_quality(annotate(told.review, told.groups)), indent=1))


def _text(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise PlanError(Problem(f"cannot be written: {error.strerror}", str(path))) from error


def _limit() -> int:
    return GITLAB if os.environ.get("GITLAB_CI") else GITHUB


def _print(told: Told, as_json: bool) -> None:
    """The comment, or JSON; in GitHub Actions also the annotations, and nothing else there may be a command."""
    on_github = os.environ.get("GITHUB_ACTIONS") == "true"
    if as_json:
        # A runner looks for its old kind of command anywhere in a line.
        click.echo(json.dumps(document(told), indent=2).replace("##[", "#\\u0023["))
    else:
        _shielded([told.whole()], shield=on_github)
    if on_github:
        for line in workflow_commands(annotate(told.review, told.groups)):
            click.echo(line, err=as_json)


def _shielded(texts: Sequence[str], *, shield: bool) -> None:
    """Print what strangers may have written so that a runner takes no line of it for a command."""
    token = secrets.token_hex(16)
    if shield:
        click.echo(f"::stop-commands::{token}")
    for text in texts:
        click.echo(text.encode("utf-8", "backslashreplace").decode("utf-8"))
    if shield:
        click.echo(f"::{token}::")


def document(told: Told) -> dict[str, Any]:
    """What `ci --json` prints and `ci --out` saves: a saved plan of routers that were read, and the rest beside it."""
    review = told.review
    busy = [plan for plan in review.plans if not plan.empty]
    return {
        "format-version": FORMAT_VERSION,
        "network": review.network,
        "base": review.base.sha,
        "commit": review.head.sha,
        "empty": not review.busy,
        "hash": review.hash,
        "summary": told.headline,
        "plans": [plan_to_document(plan) for plan in busy],
        "failures": [
            {"router": each.router, "problems": [str(problem) for problem in each.problems]}
            for each in review.routers
            if each.problems
        ],
        "routers": [
            {
                "router": each.router,
                "kind": each.kind,
                "compared-with": each.against,
                "reason": each.reason,
                "without-this-change": each.before,
                "empty": each.plan is None or each.plan.empty,
            }
            for each in review.routers
        ],
        "problems": [str(problem) for problem in review.problems],
        "approvals": [
            {
                "router": each.router,
                "hash": each.hash,
                "reasons": list(each.reasons),
                "given": bool(each.given),
            }
            for each in review.needed
        ],
    }
