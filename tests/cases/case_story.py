"""A case's story: a virtual router, a network and an audit repository, taken from one declaration to the next."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from trueup.audit import Audit
from trueup.errors import DeclarationError, Problem
from trueup.fleet.run import FleetRun
from trueup.lab import Lab, Spec, User
from trueup.lab.derive import hotspot_rule
from trueup.load.network import load_network
from trueup.plan import Plan, Report
from trueup.plan.digest import run_hash
from trueup.secrets import open_stores
from trueup.show import Line, Show
from trueup_schemas.catalogue import catalogue

CASES = Path(__file__).parent
KEYS = {
    "about",
    "version",
    "router",
    "secrets",
    "site",
    "hidden",
    "before",
    "then",
    "declared",
    "plan",
    "sent",
    "after",
    "error",
    "reconcile",
    "reconcile-before",
}
NAME = "case"
SECRETS = {"trueup/digest-key": "0123456789abcdef0123456789abcdef", "api": "api-canary-7411"}
DAY = 86400.0
SCRIPTED = ("/system/scheduler", "/system/script")
WRITES = {"add": "add", "set": "change", "unset": "change", "remove": "remove", "move": "move"}
FIND = re.compile(r"\[find ([^]]*)\]")
PAIR = re.compile(r'([\w.!-]+)=("[^"]*"|\S*)')
TOTAL = re.compile(r"(\d+) (?:rows? )?to (add|change|move|remove)")


@dataclass(frozen=True)
class Case:
    """One case.yaml: its data, and its text, from which the network's files are cut."""

    name: str
    data: dict[str, Any]
    text: str

    @classmethod
    def read(cls, name: str) -> Case:
        text = (CASES / name / "case.yaml").read_text()
        data = yaml.load(text, Loader=Loader)
        assert set(data) <= KEYS, f"{name}: unknown keys {set(data) - KEYS}"
        assert ("plan" in data) != ("error" in data), f"{name}: a plan or an error"
        return cls(name, data, text)

    def section(self, key: str) -> list[str]:
        """The lines of one top-level key, each at the line it has in case.yaml, so that plans name that line."""
        lines: list[str] = []
        inside = False
        for line in self.text.splitlines():
            if line and not line[0].isspace() and line[0] != "#":
                inside = line.startswith(f"{key}:")
            lines.append(line if inside else "")
        return lines


class Loader(yaml.SafeLoader):
    """Plain YAML; a `!secret NAME` is its name."""


Loader.add_constructor("!secret", lambda loader, node: loader.construct_scalar(node))


@dataclass
class Story:
    """One router's network, audit and virtual router; `secrets` may change on the way."""

    case: Case
    folder: Path
    lab: Lab
    secrets: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.served = self.lab[NAME]
        self.served.router.booted -= DAY
        self.secrets = {**SECRETS, **self.case.data.get("secrets", {})}
        (self.folder / "net" / "s").mkdir(parents=True)
        user = self.case.data.get("router", {}).get("login", "trueup")
        head = {
            "version": self.case.data.get("version", "7.24"),
            "connect": {"hosts": ["127.0.0.1"], "port": self.served.port, "username": user, "tls": "off"},
        }
        text = yaml.safe_dump({"network": "net", "secrets": {"file": "../secrets.yaml"}, "defaults": head})
        (self.folder / "net" / "trueup.yaml").write_text(text.replace("tls:", "password: !secret api\n    tls:"))
        for file in (CASES / self.case.name).glob("*"):
            if file.name != "case.yaml":
                (self.folder / "net" / "s" / file.name).write_bytes(file.read_bytes())
        Audit.create(self.folder / "net-audit", "net")
        git_command(self.folder / "net", "init", "-q")

    def declare(self, key: str) -> None:
        """Commit the network with the rows of `before` or `declared`, and the site's of `site`.

        The site's `reconcile` is that of `reconcile-before` or `reconcile`.
        """
        rows = self.case.section(key)
        own = ["router: case", *rows[1:]] if rows else []
        router = "\n".join(own).replace(f"\n{key}:", "\nrows:")
        rules = self.case.section("reconcile-before" if key == "before" else "reconcile")
        both = (mine or its for mine, its in zip(self.case.section("site"), rules, strict=True))
        site = "\n".join(both).replace("site:", "rows:").replace("reconcile-before:", "reconcile:")
        (self.folder / "net" / "s" / "site.yaml").write_text(site + "\n")
        (self.folder / "net" / "s" / f"{NAME}.yaml").write_text(router + "\n")
        git_command(self.folder / "net", "add", "-A")
        git_command(self.folder / "net", "commit", "-q", "--allow-empty", "-m", key)

    def run(self, *, write: bool) -> Outcome:
        """Plan, and where asked apply, as the command line does."""
        file = self.folder / "secrets.yaml"
        file.write_text(yaml.safe_dump(self.secrets))
        file.chmod(0o600)
        try:
            network = load_network(self.folder / "net")
            assert not network.dirty
            stores = open_stores(network.settings, network.root, {})
        except DeclarationError as error:
            return Outcome(problems=error.problems)
        audit = Audit.open(self.folder / "net-audit", network.root)
        run = FleetRun(network, network.routers, stores, audit, lambda *_: None)
        return asyncio.run(carry_out(run, write=write))

    def happen(self, step: str | Mapping[str, Any]) -> None:
        """One thing that happens between two runs: an API sentence by hand, or an event."""
        if isinstance(step, Mapping):
            self.secrets.update(step["secrets"])
        elif step.startswith("/"):
            self.by_hand(step)
        else:
            EVENTS[step](self)

    def by_hand(self, text: str) -> None:
        """Run a sentence such as `/ip/pool/set [find name=a] comment=b` on the router."""
        router = self.served.router
        menu = text.split()[0].rpartition("/")[0]
        found = FIND.search(text)
        words = [text.split()[0]]
        if found:
            wanted = dict(pairs(found[1]))
            rows = [row[".id"] for row in router.rows(menu) if all(row.get(k, "") == v for k, v in wanted.items())]
            assert len(rows) == 1, f"{text}: finds {rows}"
            words.append(f"=.id={rows[0]}")
        for name, value in pairs(FIND.sub("", text)):
            words.append(f"={name}=" if name.startswith("!") else f"={name}={value}")
        reply = router.execute(words)
        assert reply[0][0] == "!done", f"{text}: {reply}"

    def forget(self) -> None:
        """Lose the record of what is ours."""
        git_command(self.folder / "net-audit", "rm", "-q", f"routers/{NAME}/owned.json")
        git_command(self.folder / "net-audit", "commit", "-q", "-m", "lost")

    def restart(self) -> None:
        self.served.router.booted = self.served.router.clock()

    def restart_renumbered(self) -> None:
        """Restart, after which rows without a key have other ids."""
        self.restart()
        for table in self.served.router.tables.values():
            if table.path.startswith("/ip/firewall") or table.path == "/radius":
                ids = [row.id for row in table]
                for row, id in zip(table, reversed(ids), strict=True):
                    row.id = id

    def swap_hardware(self) -> None:
        """Find another box at the address: its serial number is not the one in the record."""
        file = self.folder / "net-audit" / "routers" / NAME / "owned.json"
        record = json.loads(file.read_text())
        file.write_text(json.dumps({**record, "serial": "ANOTHER0001"}))
        git_command(self.folder / "net-audit", "commit", "-q", "-a", "-m", "other box")

    def other_key(self) -> None:
        self.secrets["trueup/digest-key"] = "fedcba9876543210fedcba9876543210"

    def received(self) -> list[list[str]]:
        """The sentences that the router received since the last call."""
        log = list(self.served.log)
        self.served.log.clear()
        return log

    def snapshot(self) -> dict[str, dict[str, dict[str, str]]]:
        """Every row by menu and id, in order: what somebody may write of it; not those that follow from others."""
        version = catalogue(self.served.spec.version)
        found = {}
        for path, table in self.served.router.tables.items():
            known = {p.name for p in version.menu(path).writable} if path in version else set()
            rows = [row for row in table if row.marks.get("connect") != "true" and not hotspot_rule(row)]
            found[path] = {row.id: {n: v for n, v in row.values.items() if n in known and v} for row in rows}
        return found


@dataclass(frozen=True)
class Outcome:
    """What one run came to: its plan, the text a terminal shows, its report, its problems."""

    plan: Plan | None = None
    text: str = ""
    report: Report | None = None
    problems: tuple[Problem, ...] = ()


EVENTS = {
    "reboot": Story.restart,
    "reboot-renumbered": Story.restart_renumbered,
    "lose-record": Story.forget,
    "other-serial": Story.swap_hardware,
    "other-digest-key": Story.other_key,
}


async def carry_out(run: FleetRun, *, write: bool) -> Outcome:
    async with run:
        await run.plan()
        if run.failures:
            return Outcome(problems=run.failures[0].problems)
        plan, text = run.plans[0], shown(Show(private=False).plans(run.plans))
        text = text.replace(f"--accept {run_hash([plan])}", "--accept HASH")
        reports = await run.apply() if write else []
        return Outcome(plan, text, reports[0] if reports else None)


def shown(lines: Iterable[Line]) -> str:
    """Neutral lines as text, each place two columns behind its line."""
    texts = []
    for line in lines:
        mark = f"{line.mark or ' '} " if line.mark or line.indent > 2 else ""
        place = f"  {line.place}" if line.place else ""
        texts.append(f"{' ' * line.indent}{mark}{line.text}{place}\n")
    return "".join(texts)


def make_spec(case: Case) -> Spec:
    """The virtual router of a case, plain on a free port; `users` are further logins with the same password."""
    about = case.data.get("router", {})
    return Spec(
        name=NAME,
        version=str(about.get("version", case.data.get("version", "7.24"))),
        board=about.get("board", "chr"),
        tls_port=None,
        username="trueup",
        password=SECRETS["api"],
        users=[User(name, SECRETS["api"], group) for name, group in about.get("users", {}).items()],
        seed=texts(about.get("seed", {})),
    )


def texts(seed: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[dict[str, str]]]:
    return {path: [{n: text(v) for n, v in row.items()} for row in rows] for path, rows in seed.items()}


def text(value: object) -> str:
    """A YAML scalar as the router's own word."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def pairs(words: str) -> Iterator[tuple[str, str]]:
    return ((name, value.strip('"')) for name, value in PAIR.findall(words))


def writes(received: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """The sentences that write what was declared: all but those of the safety net."""
    found: list[Sequence[str]] = []
    before: Sequence[str] = [""]
    for sentence in received:
        if sentence[0].rpartition("/")[2] in WRITES and not of_a_net(sentence, before):
            found.append(sentence)
        before = sentence
    return found


def of_a_net(sentence: Sequence[str], before: Sequence[str]) -> bool:
    """Whether a write is to a script or a scheduler row that is named as the net's are, here or in the query before."""
    menu = sentence[0].rpartition("/")[0]
    words = (*sentence, *(before if before[0] == f"{menu}/print" else ()))
    return menu in SCRIPTED and any(re.match(r"[=?]name=trueup-(undo|guard)-", word) for word in words)


def told(text: str) -> dict[str, int]:
    """How many rows of each kind a plan's line of totals tells."""
    totals = next((line for line in text.splitlines() if line.startswith("Plan: ")), "")
    return {kind: int(number) for number, kind in TOTAL.findall(totals)}


def made(writes: Sequence[Sequence[str]]) -> dict[str, int]:
    """How many rows of each kind a router was told to write."""
    counts: dict[str, int] = {}
    for sentence in writes:
        kind = WRITES[sentence[0].rpartition("/")[2]]
        ids = next((w for w in sentence if w.startswith(("=numbers=", "=.id="))), "")
        counts[kind] = counts.get(kind, 0) + (ids.count(",") + 1 if kind in ("move", "remove") else 1)
    return counts


def git_command(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True)


def holding(folder: Path, value: str) -> list[str]:
    """The files of a folder that hold a text."""
    files = (file for file in folder.rglob("*") if file.is_file() and ".git" not in file.parts)
    return [str(file) for file in files if value in file.read_text()]
