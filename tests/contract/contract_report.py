"""A contract run as text for the terminal and as a file that may be sent in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from contract_dialogues import Held
from contract_mask import Mask
from contract_menus import Router
from fidelity_dialogues import Mismatch

from trueup.fleet.drill import Drilled

HEAD = (
    "# trueup's contract with RouterOS, held against one router. No secrets, addresses or serial numbers are in it;\n"
    "# please read it before you send it. `dialogues` are those of tests/fidelity.\n"
)


@dataclass(frozen=True)
class Outcome:
    """One run: the dialogues of `version` with a router, the nets, and menus that were not brought back."""

    router: Router
    version: str
    held: list[Held]
    nets: list[Drilled]
    left: tuple[str, ...]

    @property
    def counts(self) -> Counter[str]:
        return Counter(each.verdict for each in self.held)

    @property
    def clean(self) -> bool:
        """Whether everything was as recorded, every net works, and nothing is left behind."""
        return not self.counts["differs"] and all(each.works for each in self.nets) and not self.left


def document(outcome: Outcome, mask: Mask) -> dict[str, Any]:
    """The report's content; a difference holds sentences in the form of tests/fidelity."""
    return {
        "format-version": "1.0",
        "routeros": outcome.router.facts.version,
        "board": outcome.router.board,
        "packages": " ".join(sorted(outcome.router.packages)),
        "dialogues-of": outcome.version,
        "counts": dict(outcome.counts),
        "left-behind": list(outcome.left),
        "nets": [
            {"net": each.name, "works": each.works, "seconds": round(each.seconds, 2), "note": mask.text(each.note)}
            for each in outcome.nets
        ],
        "dialogues": [_dialogue(each, mask) for each in outcome.held],
    }


def _dialogue(held: Held, mask: Mask) -> dict[str, Any]:
    said: dict[str, Any] = {"menu": held.menu, "name": held.name, "verdict": held.verdict}
    if held.why:
        said["why"] = mask.text(held.why)
    if held.differences:
        said["differences"] = [_difference(each, mask) for each in held.differences]
    if held.left:
        said["left-behind"] = list(held.left)
    return said


def _difference(found: Mismatch, mask: Mask) -> dict[str, Any]:
    return {"send": list(found.sent), "expected": [list(each) for each in found.expected], "got": mask.answered(found)}


def write(file: Path, content: dict[str, Any]) -> None:
    file.write_text(HEAD + yaml.safe_dump(content, sort_keys=False, width=110, allow_unicode=True), "utf-8")


def lines(content: dict[str, Any]) -> Iterator[str]:
    """What the terminal shows of a report: whatever is not as recorded, and sums."""
    counts = content["counts"]
    for each in content["dialogues"]:
        if each["verdict"] == "differs":
            yield f"differs   {each['menu']}: {each['name']}" + (f" ({each['why']})" if "why" in each else "")
            for found in each.get("differences", ()):
                yield f"            sent      {_sentence(found['send'])}"
                yield f"            expected  {_reply(found['expected'])}"
                yield f"            got       {_reply(found['got'])}"
    reasons = Counter(each["why"] for each in content["dialogues"] if each["verdict"] == "not applicable")
    for why, count in sorted(reasons.items()):
        yield f"not applicable, {count}: {why}"
    for net in content["nets"]:
        word = "works" if net["works"] else "fails"
        yield f"net       {net['net']:<34} {word} {net['seconds']:6.1f} s  {net['note']}".rstrip()
    for menu in content["left-behind"]:
        yield f"left behind: {menu} is not as it was; look there"
    said = ", ".join(f"{counts.get(word, 0)} {word}" for word in ("as recorded", "differs", "not applicable"))
    yield f"RouterOS {content['routeros']}, dialogues of {content['dialogues-of']}: {said}"


def _sentence(words: list[str]) -> str:
    return " ".join(words)


def _reply(sentences: list[list[str]]) -> str:
    return " | ".join(map(_sentence, sentences)) or "nothing"
