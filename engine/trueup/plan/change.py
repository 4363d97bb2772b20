"""Changes: a closed union of data, never closures, so that another process can read and apply them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trueup.errors import Source
from trueup_schemas.secret import SecretRef


@dataclass(frozen=True, slots=True)
class SecretValue:
    """A secret in a plan: its name and a keyed digest of its value."""

    ref: SecretRef | None
    digest: str


@dataclass(frozen=True, slots=True)
class PersonalValue:
    """Personal data in a plan: a keyed digest; the text is in memory alone and never serialised."""

    digest: str
    text: str | None = None


PlanValue = str | SecretValue | PersonalValue | None
"""None takes a property away (unset)."""

Values = Mapping[str, PlanValue]


@dataclass(frozen=True, slots=True)
class Existing:
    """A live row, by its `.id`; the keyed digest of what it held when the plan was made proves it is the same."""

    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Created:
    """The row that the plan's n-th change (from 0, stages in order) adds."""

    n: int


Target = Existing | Created


@dataclass(frozen=True, slots=True)
class Add:
    """A new row; in an ordered menu it goes before `before`, else to the end. `row` names it for people."""

    menu: str
    values: Values
    row: Values
    before: Target | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Set:
    """Changed properties of one row; `old` holds what they were (None: absent). A singleton has no target."""

    menu: str
    target: Target | None
    values: Values
    old: Values
    row: Values
    source: Source | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Remove:
    """A row that goes; `reason` says why it may."""

    menu: str
    target: Existing
    row: Values
    reason: str


@dataclass(frozen=True, slots=True)
class Move:
    """Rows that go, as a block in this order, before `before`, else to the end; `rows` name them for people."""

    menu: str
    targets: tuple[Target, ...]
    rows: tuple[Values, ...]
    before: Target | None = None


Change = Add | Set | Remove | Move
