"""Where things are in the audit repository, and how their files are written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from trueup.errors import AuditError, Problem
from trueup.plan import Plan

Document = dict[str, Any]

SAFE = re.compile(r"[^\W.][\w.-]*")


def safe(router: str) -> str:
    """The router's name, if it can be a file's; a name with a slash would lead elsewhere."""
    if not SAFE.fullmatch(router):
        raise AuditError(
            Problem("this name cannot be a file's", router, "name the router with letters, digits, - and _")
        )
    return router


def kept_file(router: str, name: str) -> str:
    """A document about a router, such as `owned` or `drill`."""
    return f"routers/{safe(router)}/{safe(name)}.json"


def router_of(file: str) -> str:
    """The router that such a file is about."""
    return file.split("/")[1]


def run_file(plan: Plan, kind: str) -> str:
    """A router's file within its run's folder."""
    return f"{safe(plan.router)}.{kind}.json"


def document_file(path: str) -> str:
    """The path of a document such as rollouts/ID.json, if it is one and leads nowhere else; a run's is none."""
    folder, *names = path.split("/")
    if folder == "runs" or not names or not path.endswith(".json") or not all(map(SAFE.fullmatch, (folder, *names))):
        raise AuditError(Problem("this cannot be a document of the audit repository", path, "name FOLDER/NAME.json"))
    return path


def dump(document: Mapping[str, Any]) -> str:
    """The text of a document's file."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def load(text: str, name: str) -> Document:
    """A file's document; AuditError where the text is none."""
    try:
        document = json.loads(text)
    except ValueError as error:
        document = error
    if not isinstance(document, dict):
        raise AuditError(Problem("this file of the audit repository is no JSON object", name, "restore it with git"))
    return document
