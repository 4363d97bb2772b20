"""The dialogues with one router: each held, taken back, and judged."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from contract_asked import Asked
from contract_line import LineLost, LoginFailed, Sentence, Spoken
from contract_menus import Router, menus, needs_empty_history, undoes, unfit
from contract_undo import Undo
from fidelity_dialogues import Dialogue, Mismatch, dialogues, differences

from trueup.errors import RouterError
from trueup_schemas.catalogue import Catalogue

READER, READERS = "trueup-contract", "trueup-contract"
Verdict = Literal["as recorded", "differs", "not applicable"]


@dataclass(frozen=True)
class Held:
    """What became of one dialogue; `left` names menus that could not be brought back to what they were."""

    menu: str
    name: str
    verdict: Verdict
    why: str = ""
    differences: tuple[Mismatch, ...] = ()
    left: tuple[str, ...] = ()


@dataclass
class Conversation:
    """Holds dialogues with one router, over one login that is made anew where the router ends it."""

    asked: Asked
    router: Router
    catalogue: Catalogue
    line: Spoken
    undo: Undo = field(init=False)

    def __post_init__(self) -> None:
        self.undo = Undo(self.line, self.catalogue, self.router.facts.version)

    def hold_all(self, version: str, say: Callable[[str], None]) -> list[Held]:
        """Every dialogue of a version; those about the history come first, as they need one that is empty."""
        chosen = [
            dialogue
            for menu, each in dialogues().items()
            if not self.asked.menus or menu in self.asked.menus
            for dialogue in each
            if version in dialogue.versions
        ]
        held, menu = [], ""
        for dialogue in sorted(chosen, key=_turn):
            if dialogue.menu != menu:
                menu = dialogue.menu
                say(f"  {menu}")
            held.append(self.hold(dialogue))
        return held

    def hold(self, dialogue: Dialogue) -> Held:
        """One dialogue, and the way back; raises RouterError where the router is lost for good."""
        if why := unfit(dialogue, self.router) or self._history(dialogue):
            return Held(dialogue.menu, dialogue.name, "not applicable", why)
        touched = menus(dialogue)
        if dialogue.policies:
            touched = ("/user/group", "/user", *touched)
        found, why = self._attempt(dialogue, touched)
        try:
            left = self.undo.restore(touched)
        except LineLost as lost:
            raise RouterError(f"the router ended the connection while changes were taken back: {lost}") from None
        return Held(dialogue.menu, dialogue.name, "differs" if found or why else "as recorded", why, found, left)

    def put_back(self) -> tuple[str, ...]:
        """Over a new login, bring back whatever is not as it was, after a run that was stopped; menus that are not."""
        self._again()
        return self.undo.everything()

    def _attempt(self, dialogue: Dialogue, touched: tuple[str, ...]) -> tuple[tuple[Mismatch, ...], str]:
        """What differs, and why nothing more can be said; safe mode is no longer held afterwards."""
        found: tuple[Mismatch, ...] = ()
        why = ""
        try:
            self.undo.remember(touched)
            taken = not undoes(dialogue) and bool(touched) and self.undo.take()
            try:
                found = tuple(self._speak(dialogue))
            except LoginFailed as failed:
                why = str(failed)
            if taken or undoes(dialogue):
                self.undo.unroll()
        except LineLost as lost:
            why = f"the router ended the connection: {lost}"
            self._again()
        return found, why

    def _history(self, dialogue: Dialogue) -> str:
        """Whether what others did stands in the way."""
        if needs_empty_history(dialogue) and self.line.rows("/system/history"):
            return "the router's history is not empty; it is after a reboot"
        return ""

    def _speak(self, dialogue: Dialogue) -> list[Mismatch]:
        if not dialogue.policies:
            return list(differences(dialogue, self.line))
        password = secrets.token_hex(8)
        policy = ",".join(sorted(dialogue.policies))
        self.line(["/user/group/add", f"=name={READERS}", f"=policy={policy}"])
        self.line(["/user/add", f"=name={READER}", f"=group={READERS}", f"=password={password}"])
        reader = Spoken(self.asked, READER, password)

        def execute(sent: Sentence) -> list[Sentence]:
            return (reader if sent[0].endswith("/print") else self.line)(sent)

        try:
            return list(differences(dialogue, execute))
        finally:
            reader.close()

    def _again(self) -> None:
        """A new login, once the router has undone what the lost one held."""
        self.line.close()
        self.line = self.undo.line = Spoken(self.asked)
        self.undo.settle()


def _turn(dialogue: Dialogue) -> tuple[bool, bool]:
    """Those that need an empty history come first, as it does not become empty again."""
    return not needs_empty_history(dialogue), not undoes(dialogue)
