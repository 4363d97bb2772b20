"""Updates as cases: what was declared and applied, what was done by hand on the router, and what the file becomes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml
from case_story import NAME, Case, Story, git_command, make_spec, shown

from trueup.adopt import write_all
from trueup.adopt.update import Updated, update
from trueup.adopt.update_files import writings
from trueup.audit import Audit
from trueup.fleet.drift import read_drift
from trueup.lab import serve
from trueup.load.network import load_network
from trueup.secrets import open_stores
from trueup.show import Show

UPDATES = Path(__file__).parent / "updates"
HEAD = re.compile(r"^== (.+)\n", re.MULTILINE)
FILE = Path("net", "s", f"{NAME}.yaml")


@dataclass(frozen=True)
class Update:
    """One case: sections of a text file, `== NAME` before each; `before` and `after` are the router's file, exactly."""

    name: str
    sections: dict[str, str]

    @classmethod
    def read(cls, path: Path) -> Update:
        _, *parts = HEAD.split(path.read_text())
        return cls(path.stem, dict(zip(parts[::2], parts[1::2], strict=True)))

    def get(self, section: str) -> str:
        return self.sections.get(section, "")

    @property
    def steps(self) -> list[str]:
        return [line for line in self.get("then").splitlines() if line]

    @property
    def after(self) -> str:
        return self.sections.get("after", self.get("before"))


@contextmanager
def happened(update: Update, folder: Path) -> Iterator[Story]:
    """A router that was brought to `before`, and then changed by hand."""
    case = Case(update.name, {"router": yaml.safe_load(update.get("router")) or {}}, "")
    with serve([make_spec(case)]) as lab:
        story = Story(case, folder, lab, {})
        story.secrets.update(yaml.safe_load(update.get("secrets")) or {})
        for name, text in (yaml.safe_load(update.get("files")) or {}).items():
            (folder / "net" / name).write_text(text)
        write(story, update.get("before"), update.get("site"))
        outcome = story.run(write=True)
        assert outcome.plan is not None, outcome
        assert outcome.plan.empty or (outcome.report is not None and outcome.report.converged), outcome
        if declared := update.get("declared"):
            write(story, declared, update.get("site"))
        for step in update.steps:
            story.happen(step)
        yield story


def write(story: Story, own: str, site: str) -> None:
    """Commit the network with these files."""
    (story.folder / FILE).write_bytes(own.encode())
    (story.folder / "net" / "s" / "site.yaml").write_text(site)
    git_command(story.folder / "net", "add", "-A")
    git_command(story.folder / "net", "commit", "-q", "--allow-empty", "-m", "as declared")


def merge(story: Story, *, unmanaged: bool = False, keep: bool = True) -> Updated:
    """What `trueup adopt case --update` makes of the router; written where all of it could be merged."""
    network = load_network(story.folder / "net")
    stores = open_stores(network.settings, network.root, {})
    audit = Audit.find(story.folder / "net-audit")
    drift = asyncio.run(read_drift(network, network.router(NAME), stores, audit))
    updated = update(drift, unmanaged=unmanaged)
    if keep and updated.whole:
        write_all(writings(updated, drift))
    return updated


def told(updated: Updated) -> str:
    """What was told, line by line, then what is left of the plan."""
    lines = [str(problem) for problem in (*updated.undone, *updated.told)]
    return "".join(f"{line}\n" for line in lines) + shown(Show(private=False).body(updated.left))
