"""One menu of one router: its names and types from the catalogue, its behaviour from the facts, its rows."""

from __future__ import annotations

from dataclasses import dataclass

from trueup.lab.behaviour import Behaviour
from trueup.lab.table import Row, Table
from trueup.lab.trap import unknown_parameter
from trueup_schemas.catalogue.types import Menu as Shape
from trueup_schemas.catalogue.types import Property


@dataclass(frozen=True, slots=True)
class Menu:
    """What commands work on."""

    shape: Shape
    behaviour: Behaviour
    table: Table

    @property
    def path(self) -> str:
        return self.shape.path

    @property
    def single(self) -> bool:
        return self.shape.kind == "singleton"

    def property(self, name: str) -> Property:
        """A property that may be written; others are unknown parameters."""
        known = self.shape.properties.get(name)
        if known is None or known.read_only:
            raise unknown_parameter(name)
        return known

    def pick(self, items: str) -> list[Row]:
        """The rows that a comma list of ids, names or positions means."""
        return self.table.pick(items, self.behaviour.names)
