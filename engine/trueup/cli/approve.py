"""`trueup approve`: agree to a plan, by a file that is committed to the network's repository."""

from __future__ import annotations

from pathlib import Path

import click

from trueup.cli.selection import folder_option
from trueup.errors import PlanError, Problem
from trueup.load.network import find_root
from trueup.plan.digest import joined_hash
from trueup.review.approvals import FOLDER, HASH, approval_text


@click.command("approve")
@folder_option
@click.argument("hash", metavar="HASH")
@click.option("--why", required=True, metavar="TEXT", help="The reason, for whoever reads it later.")
@click.option("--lock-out", is_flag=True, help="Agree too that the manager's own way to a router may be cut.")
@click.option(
    "--router",
    "routers",
    multiple=True,
    metavar="NAME=HASH",
    help="One of the plans that HASH stands for together; as `trueup ci` shows them.",
)
def command(folder: Path, hash: str, why: str, lock_out: bool, routers: tuple[str, ...]) -> None:
    """Agree to exactly the plan with this hash, which `trueup ci` and `trueup plan` show.

    Writes a file into the network's folder. It counts once it is on the branch that the routers follow, as said by the
    author of its commit.
    """
    plans = _plans(hash, routers)
    if not why.strip():
        raise PlanError(Problem("a reason is missing", remedy="say --why 'REASON'"))
    file = find_root(folder) / FOLDER / f"{hash}.yaml"
    if file.exists():
        raise PlanError(Problem("this plan is approved already", str(file), "commit the file"))
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_text(approval_text(hash, why, plans, lock_out), encoding="utf-8")
    except OSError as error:
        raise PlanError(Problem(f"cannot be written: {error.strerror}", str(file))) from None
    click.echo(f"wrote {file}")
    click.echo("commit it as yourself, and let it reach the branch that the routers follow:")
    click.echo(f"  git add {file} && git commit --message 'Approve plan {hash}'")


def _plans(hash: str, routers: tuple[str, ...]) -> dict[str, str]:
    """The plans by router; raises PlanError where they are none, or not those that the hash stands for."""
    plans: dict[str, str] = {}
    for each in routers:
        name, _, own = each.partition("=")
        plans[name] = own
    for each in (hash, *plans.values()):
        if not HASH.fullmatch(each):
            raise PlanError(Problem(f"'{each}' is no plan's hash", remedy="copy it from `trueup ci` or `trueup plan`"))
    if plans and joined_hash(plans.values()) != hash:
        raise PlanError(Problem(f"these plans do not have the hash {hash} together", remedy="copy the whole command"))
    return plans
