"""Adopting a router: its state becomes its file in the network, proven by the plan that it would have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from trueup.adopt.candidate import Candidate
from trueup.adopt.choose import Chosen, Declared, choose
from trueup.adopt.draft import Draft
from trueup.adopt.export_order import arranged
from trueup.adopt.keep import Writing
from trueup.adopt.page import head_lines, quoted, quoted_head
from trueup.adopt.prove import WithFile, load_tree, tree_of
from trueup.adopt.script import Script, read_script
from trueup.adopt.state import state_of
from trueup.adopt.vault import Vault
from trueup.compile.ignore import exemptions, ignores
from trueup.compile.rules import Rules
from trueup.errors import DeclarationError, Problem, Source
from trueup.load.captures import Captures
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.plan import Plan
from trueup.row import Facts, Live, Secret, Table, Tables
from trueup.secrets import Stores
from trueup_schemas.catalogue import Catalogue, UnknownVersion, catalogue
from trueup_schemas.catalogue.version import NEWEST, nearest_known
from trueup_schemas.secret import SecretRef
from trueup_templates.recognisers import RECOGNISERS

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}\Z")
_SERIAL = re.compile(r"[A-Za-z0-9/-]+\Z")
_SPARE = "adopted"

Rows = Mapping[str, tuple[Declared, ...]]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a router's file goes: a network (None: outside of any), its stores, the file's path within it."""

    network: Network | None = None
    stores: Stores | None = None
    site: str = _SPARE

    @property
    def root(self) -> Path:
        return self.network.root if self.network else Path()

    def held(self, name: str) -> Secret | None:
        """A secret that the stores have."""
        if self.stores is None or self.stores.missing([(SecretRef(name), None)]):
            return None
        return self.stores.resolve(SecretRef(name))


@dataclass(frozen=True, slots=True)
class Adopted:
    """What came of adopting: `text` is the router's file, at `file` in the network; `plan` must be empty.

    `before` is the file's text until now, "" for a new one. `left` tells what is not in it, `hidden` which secrets'
    values nobody told, `secrets` holds the others.
    `rows` counts rows by menu, `intents` entries by intent.
    """

    router: str
    file: str
    text: str
    before: str
    secrets: Mapping[str, Secret]
    hidden: tuple[str, ...]
    left: tuple[Problem, ...]
    plan: Plan
    rows: Mapping[str, int] = field(default_factory=dict)
    intents: Mapping[str, int] = field(default_factory=dict)

    @property
    def recognised(self) -> tuple[str, ...]:
        """What was recognised, in words: `3 hotspots`."""
        words = {name: RECOGNISERS[name].words for name in self.intents}
        return tuple(
            f"{self.intents[name]} {several if self.intents[name] != 1 else one}" if one != several else one
            for name, (one, several) in words.items()
        )


@dataclass(frozen=True, slots=True)
class _File:
    """A router's file: `head` is what comes before the intents and rows, `before` the whole file as it was."""

    router: str
    path: str
    head: str
    before: str = ""


def adopt_export(data: bytes, file: str, name: str | None, place: Place) -> Adopted:
    """A new router's file from an export; raises DeclarationError for what cannot be read."""
    script = read_script(data, file)
    known, warnings = _known(script, file, place.network.captures if place.network else Captures({}), name or "")
    state = state_of(script, known)
    router = _name(name, state.tables, file)
    path = f"{place.site}/{router}.yaml" if place.site != "." else f"{router}.yaml"
    values = (value for table in state.tables.values() for row in table for value in row.values.values())
    hides = not any(isinstance(value, Secret) and value.reveal() for value in values)
    vault = Vault(router, place.held)
    chosen = choose(state.tables, known, vault, router, hides=hides)
    said = {"router": router, **_said(script, known)}
    remark = f"Adopted from an export of RouterOS {script.version or '(no version given)'}."
    head = "".join(f"{line}\n" for line in head_lines(said, remark))
    live = Live(Facts(known.version, "", script.model, script.serial, 0, datetime.now(UTC)), chosen.tables)
    found = sorted((*state.left, *chosen.left), key=_line)
    left = (*warnings, *found, *_masked(chosen, known, hides, file))
    return _proven(place, _File(router, path, head), vault, live, known, left, chosen)


def adopt_live(live: Live, router: Router, place: Place, known: Catalogue, left: tuple[Problem, ...] = ()) -> Adopted:
    """A declared router's file with the rows that the router holds; raises DeclarationError for a declared one."""
    before = Path(place.root, router.file).read_bytes().decode("utf-8")
    refuse_declared(router)
    vault = Vault(router.name, place.held)
    chosen = choose(live.tables, known, vault, router.name)
    chosen = replace(chosen, rows=arranged(chosen.rows, known))
    version = ".".join(live.facts.version.split(".")[:2])
    said = {"version": version, "model": live.facts.model, "serial": live.facts.serial}
    lines = [
        f"{name}: {quoted_head(name, text)}" for name, text in said.items() if text and name not in router.document
    ]
    head = before if before.endswith("\n") or not before else f"{before}\n"
    head += "".join(f"{line}\n" for line in lines)
    seen = Live(live.facts, chosen.tables)
    file = _File(router.name, router.file, head, before)
    return _proven(place, file, vault, seen, known, (*left, *chosen.left), chosen)


def refuse_declared(router: Router) -> None:
    """Raise DeclarationError where a router's own file declares rows: adopting begins with none."""
    node = router.layers[-1].node
    if "rows" in node:
        message = f"{router.name} declares rows already, and nothing here is overwritten"
        remedy = "move the file's `rows` away, or merge what was changed by hand with --update"
        raise DeclarationError(Problem(message, node.keys["rows"], remedy))


def writings(adopted: Adopted, place: Place, folder: Path | None = None) -> list[Writing]:
    """The files that keep what was adopted: the router's, and the secrets file with what it lacked.

    `folder` takes the router's file and its secrets instead of the network.
    """
    path = folder / f"{adopted.router}.yaml" if folder else place.root / adopted.file
    data = adopted.text.encode("utf-8")
    before = adopted.before.encode("utf-8") if adopted.before and not folder else None
    files = [Writing(path, data, before)]
    if not adopted.secrets:
        return files
    lines = "".join(f"{name}: {_stored(value)}\n" for name, value in adopted.secrets.items())
    if folder or place.stores is None:
        return [Writing(path.with_name(f"{adopted.router}.secrets.yaml"), lines.encode("utf-8"), mode=0o600), *files]
    store = place.stores.file
    try:
        store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = store.read_bytes() if store.exists() else None
    except OSError as error:
        raise DeclarationError(Problem(f"nothing was written: {error.strerror}", str(store))) from None
    joined = (kept or b"") + (b"\n" if kept and not kept.endswith(b"\n") else b"") + lines.encode("utf-8")
    return [Writing(store, joined, kept, 0o600), *files]


def _line(problem: Problem) -> tuple[int, int]:
    where = problem.where
    return (where.line, where.column) if isinstance(where, Source) else (0, 0)


def _stored(value: Secret) -> str:
    return quoted(value.reveal())


def _known(script: Script, file: str, captures: Captures, name: str) -> tuple[Catalogue, tuple[Problem, ...]]:
    """The catalogue of the export's version; of the nearest known one where it is another, told so."""
    try:
        return captures.catalogue(name, script.version or NEWEST), () if script.version else (_unversioned(file),)
    except UnknownVersion as error:
        nearest = nearest_known(script.version)
        message = f"{error}; it is read as one of {nearest}, so that what changed between is not known"
        return catalogue(nearest), (Problem(message, file, severity="warning"),)


def _unversioned(file: str) -> Problem:
    return Problem(f"the export does not say its version; it is read as one of {NEWEST}", file, severity="warning")


def _name(name: str | None, tables: Tables, file: str) -> str:
    identity = next(iter(tables.get("/system/identity", Table("/system/identity"))), None)
    found = name or (identity.text("name") if identity is not None else "")
    if not _NAME.match(found):
        message = f"the router needs a name, and its identity {f'({found[:40]!r}) ' if found else ''}is none"
        raise DeclarationError(Problem(message, file, "say --as NAME: letters, digits, '.', '_' and '-'"))
    return found


def _said(script: Script, known: Catalogue) -> dict[str, str]:
    """The facts that the export's header tells, as heads; the version is the one that the export was read as."""
    said = {"version": ".".join(known.version.split(".")[:2])} if script.version else {}
    if script.model.isascii() and script.model:
        said["model"] = script.model
    if script.serial and _SERIAL.match(script.serial):
        said["serial"] = script.serial
    return said


def _masked(chosen: Chosen, known: Catalogue, hides: bool, file: str) -> tuple[Problem, ...]:
    ignored = {(path, name) for path, rows in chosen.rows.items() for row in rows for name in row.ignore}
    properties = (known.menu(path).properties.get(name) for path, name in ignored)
    if not hides or not any(property and property.secret for property in properties):
        return ()
    message = "the export holds no secret at all, so it was probably made without them; they are left alone (`ignore`)"
    return (Problem(message, file, "export again with show-sensitive", "warning"),)


def _ours(rows: Rows, router: Router, known: Catalogue) -> Rows:
    """The rows less those that the network's rules ignore on this router."""
    exempt = exemptions(router, Rules(known), [])
    return {
        path: tuple(one for one in each if one.row is None or not ignores(exempt, known.menu(path), one.row))
        for path, each in rows.items()
    }


def _proven(
    place: Place,
    file: _File,
    vault: Vault,
    live: Live,
    known: Catalogue,
    left: tuple[Problem, ...],
    chosen: Chosen,
) -> Adopted:
    with tree_of(place.network.root if place.network else None) as base:
        if base is not None and not file.before and file.path in base.paths:
            raise DeclarationError(Problem("the file is there already", file.path, "say --as NAME, or remove it"))
        network = load_tree(place.root, WithFile(base, file.path, file.head.encode("utf-8")))
    candidate = Candidate(network, file.router, file.head, known.version)
    rows = _ours(chosen.rows, network.router(file.router), known)
    done = Draft(candidate, live, known, vault, place.stores, exported=not file.before).finish(rows)
    return Adopted(
        file.router,
        file.path,
        file.head + done.text,
        file.before,
        {name: value for name, value in vault.values.items() if name in done.secrets},
        tuple(name for name in vault.hidden if name in done.secrets),
        (*left, *done.warnings),
        done.plan,
        done.rows,
        done.intents,
    )
