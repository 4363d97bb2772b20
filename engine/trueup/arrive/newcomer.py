"""What is known of the box that takes a router's place. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trueup.errors import DeclarationError, Problem
from trueup.row import Facts
from trueup_schemas.catalogue import NEWEST, UnknownVersion, catalogue


@dataclass(frozen=True, slots=True)
class Newcomer:
    """The new box: what it says of itself where it was reached, else why it was not.

    `ports` are the names of its interfaces, those that they came with too; `absent` are declared menus that it lacks.
    """

    facts: Facts | None = None
    ports: frozenset[str] = frozenset()
    absent: tuple[str, ...] = ()
    unreached: tuple[Problem, ...] = ()

    def version(self, declared: str | None) -> str:
        """The version of RouterOS to take the declaration for: the declared one, else the box's, else the newest."""
        found = self.facts.version if self.facts is not None and known(self.facts.version) else NEWEST
        return declared or found


def known(version: str) -> bool:
    """Whether the catalogue knows a version."""
    try:
        catalogue(version)
    except UnknownVersion:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Told:
    """What the operator says of the new box; "" is not said."""

    serial: str = ""
    model: str = ""
    host: str = ""

    def settle(self, newcomer: Newcomer) -> tuple[str, str]:
        """Serial number and model, as the box and the operator say alike; raises DeclarationError."""
        problems = list(self._against(newcomer))
        if newcomer.facts is None and not self.serial:
            reasons = "; ".join(str(problem) for problem in newcomer.unreached)
            remedy = "bootstrap it first, or give --serial, as the label on the box says"
            problems.append(Problem(f"the new box cannot be asked for its serial number ({reasons})", remedy=remedy))
        if problems:
            raise DeclarationError(problems)
        facts = newcomer.facts
        return (facts.serial, facts.model) if facts is not None else (self.serial, self.model)

    def _against(self, newcomer: Newcomer) -> Iterator[Problem]:
        facts = newcomer.facts
        if facts is None:
            return
        remedy = "give what the box says, or leave the option out"
        for option, said, found in (("--serial", self.serial, facts.serial), ("--model", self.model, facts.model)):
            if said and said != found:
                yield Problem(f"{option} is {said}, but the box says {found or 'nothing'}", facts.host, remedy)
        if not facts.serial:
            message = "the box tells neither a serial number nor a system-id"
            yield Problem(message, facts.host, "give its user the policy `read`")
