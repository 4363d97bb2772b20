"""Personal data kept out of free text: routers repeat values in their errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from trueup.plan import Change, Move, PersonalValue, Plan, Remove, Report, Set
from trueup.plan.change import Values
from trueup.row import Live, Row, Secret
from trueup_schemas.catalogue import Catalogue

Redact = Callable[[str], str]

SHORT = 4
"""Characters below which a text is only recognised as a whole word, or it would be found in every sentence."""


def redactor(plans: Iterable[Plan], held: Iterable[str] = ()) -> Redact:
    """Replaces every personal text that the plans hold in memory.

    Of what a router has `held` besides, whole words alone that are not short: so much is held that a part of it is in
    every sentence, and a sentence in which common words are missing would tell which of them are names.
    """
    planned = {value.text for plan in plans for value in _personal(plan) if value.text}
    texts = planned | {text for text in held if len(text) >= SHORT}
    if not texts:
        return str
    longest = sorted(texts, key=len, reverse=True)

    def redact(text: str) -> str:
        # Of thousands of texts few are in one sentence, and a pattern of all of them would take long to make.
        parts = [_pattern(each, each in planned) for each in longest if each in text]
        return re.sub("|".join(parts), "(personal)", text) if parts else text

    return redact


def held_by(live: Live, catalogue: Catalogue) -> Iterator[str]:
    """The personal texts and the secrets of everything that was read of a router, which may repeat it at any time."""
    for path, table in live.tables.items():
        known = catalogue.menu(path).properties if path in catalogue else {}
        personal = {name for name, property in known.items() if property.personal}
        for row in table:
            yield from _held(row, personal)


def _held(row: Row, personal: set[str]) -> Iterator[str]:
    for name, value in row.values.items():
        if isinstance(value, Secret):
            yield value.reveal()
        elif name in personal and isinstance(value, str):
            yield value


def _pattern(text: str, anywhere: bool) -> str:
    return re.escape(text) if anywhere and len(text) >= SHORT else rf"(?<!\w){re.escape(text)}(?!\w)"


def clean_plan(plan: Plan, redact: Redact) -> Plan:
    """The plan with its notes, reasons and risks redacted; its values are digests already where they are serialised."""
    notes = tuple(replace(note, text=redact(note.text)) for note in plan.notes)
    stages = tuple(tuple(_clean_change(change, redact) for change in stage) for stage in plan.stages)
    return _clean_risks(replace(plan, notes=notes, stages=stages), redact)


def clean_report(report: Report, redact: Redact) -> Report:
    """The report with all errors, notes and reasons redacted."""
    return replace(
        report,
        plan=clean_plan(report.plan, redact),
        results=tuple(replace(result, error=redact(result.error)) for result in report.results),
        left=None if report.left is None else clean_plan(report.left, redact),
        error=redact(report.error),
        notes=tuple(map(redact, report.notes)),
    )


def _clean_risks(plan: Plan, redact: Redact) -> Plan:
    lockout, disruption = plan.lockout, plan.disruption
    if lockout is not None:
        lockout = replace(lockout, cuts=tuple(replace(cut, text=redact(cut.text)) for cut in lockout.cuts))
    if disruption is not None:
        blinks = tuple(replace(each, what=redact(each.what), text=redact(each.text)) for each in disruption.blinks)
        disruption = replace(disruption, blinks=blinks)
    guards = tuple(replace(guard, text=redact(guard.text)) for guard in plan.guards)
    checks = tuple(replace(check, text=redact(check.text)) for check in plan.checks)
    return replace(plan, lockout=lockout, disruption=disruption, guards=guards, checks=checks)


def _clean_change(change: Change, redact: Redact) -> Change:
    return replace(change, reason=redact(change.reason)) if isinstance(change, Remove | Set) else change


def _personal(plan: Plan) -> Iterator[PersonalValue]:
    for values in _all_values(plan):
        yield from (value for value in values.values() if isinstance(value, PersonalValue))


def _all_values(plan: Plan) -> Iterator[Values]:
    for change in plan.changes:
        if isinstance(change, Move):
            yield from change.rows
            continue
        yield change.row
        if not isinstance(change, Remove):
            yield change.values
        if isinstance(change, Set):
            yield change.old
    for part in plan.neighbourhoods:
        yield part.stratum
        yield from (neighbour.row for neighbour in part.rows)
