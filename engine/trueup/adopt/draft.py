"""A router's file from its rows: with all that is recognised in them, as long as its plan stays empty."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trueup.adopt.belief import Adoptable
from trueup.adopt.candidate import Candidate
from trueup.adopt.choose import Declared
from trueup.adopt.outline import intent_lines, listed
from trueup.adopt.page import row_lines
from trueup.adopt.prove import plan_of
from trueup.adopt.recognise import Recognised, recognise
from trueup.adopt.vault import HIDDEN, Vault
from trueup.errors import DeclarationError, PlanError, Problem, SecretError
from trueup.plan import Plan
from trueup.row import Live, Row, Secret, Table, Value
from trueup.secrets import Stores
from trueup_schemas.catalogue import Catalogue
from trueup_schemas.secret import PublicKeyOf, SecretRef
from trueup_templates.recognisers import RECOGNISERS

Rows = Mapping[str, tuple[Declared, ...]]


@dataclass(frozen=True, slots=True)
class Finished:
    """The text below the file's head, and its plan for the state. `secrets` are the names that it holds."""

    text: str
    plan: Plan
    intents: Mapping[str, int]
    rows: Mapping[str, int]
    secrets: frozenset[str]
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What a router's file is written from. `exported` says that what the state does not tell has its default."""

    candidate: Candidate
    live: Live
    known: Catalogue
    vault: Vault
    stores: Stores | None = None
    exported: bool = False

    def finish(self, rows: Rows) -> Finished:
        """The file whose plan is empty; where there is none, the one whose plan is smaller. Raises TrueupError."""
        recognised = recognise(self._adoptable(rows), self.candidate)
        finished = self._attempt(recognised)
        plain = Recognised({}, rows)
        if finished is not None and (finished.plan.empty or recognised == plain):
            return finished
        alone = self._prove(plain)
        if alone.plan.empty:
            return self._without_some(rows, recognised, alone)
        return min((alone, finished or alone), key=lambda each: len(each.plan.changes))

    def _without_some(self, rows: Rows, recognised: Recognised, alone: Finished) -> Finished:
        """The same with rows in place of the first intent without which the plan is empty, else of all."""
        for name in recognised.intents:
            some = self._attempt(recognise(self._adoptable(rows), self.candidate, without=(name,)))
            if some is not None and some.plan.empty:
                return replace(some, warnings=(*some.warnings, _told((name,))))
        return replace(alone, warnings=(*alone.warnings, _told(recognised.intents)))

    def _adoptable(self, rows: Rows) -> Adoptable:
        return Adoptable(rows, self.known, self._same)

    def _attempt(self, recognised: Recognised) -> Finished | None:
        try:
            return self._prove(recognised)
        except (DeclarationError, PlanError):
            # Rows alone are tried next, and tell what is wrong.
            return None

    def _prove(self, recognised: Recognised) -> Finished:
        lines = [line for _, _, line in intent_lines(recognised.intents)]
        text = "\n".join([*lines, *row_lines(recognised.rows, self.known)]) + "\n"
        compiled = self.candidate.compile(text)
        live = self._with_defaults(compiled.desired.tables) if self.exported else self.live
        plan = plan_of(compiled, live, self.known, self.vault, self.stores)
        intents = {name: len(entries) if listed(name) else 1 for name, entries in recognised.intents.items()}
        counts = {path: len(each) for path, each in recognised.rows.items()}
        names = frozenset(_names((list(recognised.intents.values()), [*_values(recognised.rows)])))
        return Finished(text, plan, intents, counts, names, compiled.warnings)

    def _with_defaults(self, desired: Collection[str]) -> Live:
        """The state with the menus of one row that it does not tell: they are as they came."""
        tables = dict(self.live.tables)
        for path in desired:
            menu = self.known.menu(path)
            if menu.kind == "singleton" and not tables.get(path, Table(path)).rows:
                defaults = {each.name: each.default for each in menu.writable if each.default is not None}
                tables[path] = Table(path, (Row(defaults),))
        return replace(self.live, tables=tables)

    def _same(self, adopted: Value, compiled: Value) -> bool:
        if adopted == compiled:
            return True
        if isinstance(compiled, PublicKeyOf):
            return self.stores is not None and adopted == self._public_key(compiled, self.stores)
        if isinstance(adopted, SecretRef) and isinstance(compiled, SecretRef):
            held = self.vault.resolve(adopted)
            return held != Secret(HIDDEN) and held == self.vault.resolve(compiled)
        return False

    def _public_key(self, key: PublicKeyOf, stores: Stores) -> str:
        try:
            return stores.public_key(key)
        except SecretError:
            return ""


def _told(intents: Collection[str]) -> Problem:
    words = " and ".join(RECOGNISERS[name].words[1] for name in intents)
    return Problem(f"{words}: with these as intents the plan would not be empty; they are rows", severity="warning")


def _values(rows: Mapping[str, Sequence[Declared]]) -> Iterator[Mapping[str, Any]]:
    return (row.values for each in rows.values() for row in each)


def _names(value: Any) -> Iterator[str]:
    """The names of all secrets in nested data."""
    if isinstance(value, SecretRef):
        yield value.name
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _names(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _names(each)
