"""Where the journals of runs are, and what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from trueup.apply import Journal
from trueup.audit import Run
from trueup.audit.personal import clean_plan, redactor
from trueup.plan import Plan
from trueup.plan.document import plan_to_document
from trueup.row import Live

FOLDER = ".trueup/journal"


def journal_path(root: Path, router: str) -> Path:
    """The journal of one router of a network."""
    return root / FOLDER / f"{router}.json"


def begin_journal(root: Path, run: Run, plan: Plan, live: Live) -> Journal:
    """A journal that is not written yet; it holds no secret and no personal data."""
    touched = {change.menu for change in plan.changes}
    about = {
        "run": run.id,
        "started": run.started.isoformat(),
        "commit": run.commit,
        "plan": plan_to_document(clean_plan(plan, redactor([plan]))),
        "ids": {menu: [row.id for row in table] for menu, table in live.tables.items() if menu in touched},
    }
    return Journal(journal_path(root, plan.router), about)


def run_of(document: Mapping[str, Any], plan: Plan) -> Run:
    """The run that a journal is of, with the one plan that the journal holds."""
    return Run(str(document["run"]), datetime.fromisoformat(str(document["started"])), str(document["commit"]), (plan,))
