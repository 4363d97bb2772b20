"""Rows become intents where a recogniser's guess compiles to exactly the same rows; nothing is believed unseen.

What intents there are is the templates' business: here are only guesses, the rows they compile to, and the rows that
there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trueup.adopt.belief import Adoptable, Match
from trueup.adopt.candidate import Candidate
from trueup.adopt.choose import Declared
from trueup.adopt.outline import Entries, intent_lines, listed
from trueup.adopt.page import short_text
from trueup.compile import Compiled
from trueup.errors import DeclarationError, Source
from trueup.row import Row
from trueup_schemas.catalogue import Catalogue, Menu
from trueup_schemas.secret import SecretRef
from trueup_templates.guess import Entry, Guess
from trueup_templates.recognisers import RECOGNISERS

ROUNDS = 20
"""How often guesses of one intent are compiled at most; each time, those that cannot be right give way."""

Owners = frozenset[int]
"""The numbers of the guesses that a compiled row comes from."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Intents by name, and the rows that are left, in the order of their menus."""

    intents: Mapping[str, tuple[Entry, ...]]
    rows: Mapping[str, tuple[Declared, ...]]


def recognise(adoptable: Adoptable, candidate: Candidate, without: Collection[str] = ()) -> Recognised:
    """The intents in a router's rows. `candidate` tells what any text of the router's file compiles to."""
    _take_given(adoptable, candidate)
    plain = _plain(adoptable)
    found: dict[str, tuple[Entry, ...]] = {}
    for intent, recognisable in RECOGNISERS.items():
        if intent not in without and not candidate.says(intent, anywhere=listed(intent)):
            beside = {name: found[name] for name in recognisable.beside if name in found}
            free = {path: [rows[index] for index in adoptable.free(path)] for path, rows in plain.items()}
            guesses = recognisable.recognise({path: rows for path, rows in free.items() if rows})
            believed = _Belief(intent, beside, adoptable, candidate).run(guesses)
            if believed:
                found[intent] = believed
    return Recognised(found, adoptable.left())


def _take_given(adoptable: Adoptable, candidate: Candidate) -> None:
    """Take the rows that the router has from farther layers and from other routers' halves of tunnels."""
    given = [(path, row) for path, table in candidate.compile("").desired.tables.items() for row in table]
    for match in adoptable.matches(given):
        if match is not None and match.rest is None:
            adoptable.take(match)


@dataclass
class _Belief:
    """Finds out which guesses of one intent are right; each doubt takes a guess's next variant, at last none."""

    intent: str
    beside: Entries
    adoptable: Adoptable
    candidate: Candidate
    guesses: dict[int, list[Entry]] = field(default_factory=dict)

    def run(self, guesses: Iterable[Guess]) -> tuple[Entry, ...]:
        self.guesses = {number: list(variants) for number, variants in enumerate(guesses) if variants}
        for _ in range(ROUNDS):
            if not self.guesses:
                break
            doubted, matches = self._doubted()
            if not doubted:
                for match in matches:
                    self.adoptable.take(match)
                return tuple(variants[0] for variants in self.guesses.values())
            for number in doubted:
                self._demote(number)
        return ()

    def _demote(self, number: int) -> None:
        del self.guesses[number][0]
        if not self.guesses[number]:
            del self.guesses[number]

    def _doubted(self) -> tuple[set[int], list[Match]]:
        """The guesses that cannot be right together with the others, and what the right ones stand for."""
        numbers = list(self.guesses)
        entries = {**self.beside, self.intent: [variants[0] for variants in self.guesses.values()]}
        origins = {
            line: Owners(numbers) if entry < 0 else Owners((numbers[entry],))
            for line, (intent, entry, _) in enumerate(intent_lines(entries))
            if intent == self.intent
        }
        text = "".join(f"{line}\n" for _, _, line in intent_lines(entries))
        try:
            compiled = self.candidate.compile(text)
        except DeclarationError as error:
            wheres = [problem.where for problem in error.problems]
            located = [self._owners((where,), origins) for where in wheres if isinstance(where, Source)]
            return set().union(*located) or set(numbers), []
        rows = list(self._rows(compiled, origins))
        matches = self.adoptable.matches((path, row) for path, row, _ in rows)
        doubted = {
            number for (_, _, owners), match in zip(rows, matches, strict=True) if not match for number in owners
        }
        return doubted or self._out_of_order(rows, matches), [match for match in matches if match]

    def _rows(self, compiled: Compiled, origins: Mapping[int, Owners]) -> Iterator[tuple[str, Row, Owners]]:
        for path, table in compiled.desired.tables.items():
            for row in table:
                if owners := self._owners((row.source, *row.sources.values()), origins):
                    yield path, row, owners

    def _owners(self, sources: Iterable[Source | None], origins: Mapping[int, Owners]) -> Owners:
        found = (self.candidate.line(source) for source in sources if source is not None)
        # A value that a template holds itself is of the whole intent; where others are of one entry, the row is too.
        return min((origins[line] for line in found if line in origins), key=len, default=Owners())

    def _out_of_order(self, rows: list[tuple[str, Row, Owners]], matches: list[Match | None]) -> set[int]:
        """The guesses whose rows would come in another order: intents' rows come before all others."""
        strata: dict[tuple[str, ...], list[tuple[int, Owners]]] = {}
        for (path, row, owners), match in zip(rows, matches, strict=True):
            menu = self.adoptable.catalogue.menu(path)
            if menu.ordered and match is not None and match.index is not None:
                strata.setdefault((path, *_stratum(menu, row.values)), []).append((match.index, owners))
        doubted: set[int] = set()
        for stratum, claimed in strata.items():
            doubted |= self._misplaced(stratum, claimed)
        return doubted

    def _misplaced(self, stratum: tuple[str, ...], claimed: list[tuple[int, Owners]]) -> set[int]:
        path = stratum[0]
        menu = self.adoptable.catalogue.menu(path)
        indexes = {index for index, _ in claimed}
        free = (
            index
            for index in self.adoptable.free(path)
            if _stratum(menu, self.adoptable.rows[path][index].values) == stratum[1:]
        )
        for position, ((index, owners), expected) in enumerate(zip(claimed, free, strict=False)):
            if index != expected:
                behind = claimed[position:] if expected not in indexes else [(index, owners)]
                return {number for _, each in behind for number in each}
        return set()


def _stratum(menu: Menu, values: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(values.get(name, "")) for name in menu.strata)


def _plain(adoptable: Adoptable) -> dict[str, list[dict[str, Any]]]:
    """All rows as recognisers read them."""
    return {path: [_plain_row(adoptable.catalogue, path, row) for row in rows] for path, rows in adoptable.rows.items()}


def _plain_row(catalogue: Catalogue, path: str, row: Declared) -> dict[str, Any]:
    properties = catalogue.menu(path).properties
    values = {
        name: value if isinstance(value, SecretRef) else short_text(properties[name], value)
        for name, value in row.values.items()
        if value != properties[name].default or properties[name].required
    }
    return values | ({"ignore": list(row.ignore)} if row.ignore else {})
