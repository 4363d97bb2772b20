"""What a console says of safe mode, by version."""

from __future__ import annotations

from dataclasses import dataclass

from trueup.lab.safety import SINCE

LOST = "[Safe mode released by another user]"
"""What the previous owner is told (MikroTik documentation, Configuration Management)."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a version; `late` stands behind the prompt that follows a release, `ask` holds `{whose}`.

    `refuses` are the keys that leave another's hold alone, with `refused`; `quitting` is asked before a hold is left.
    """

    taken: str
    released: str
    late: str
    ask: str
    refuses: str
    refused: str
    quitting: str


OLD = Wording(
    taken="[Safe Mode taken]",
    released="[Safe Mode released]",
    late="",
    ask="Hijacking Safe Mode from someone - unroll/release/don't take it [u/r/d]: ",
    refuses="d\r\x03",
    refused="Safe mode not taken",
    quitting="You are in Safe Mode. Quitting will unroll chages. Quit? [y/N]: ",
)
"""Up to 7.17: 6.49.13 was seen so, its spelling included (tik4net); libraries wait for these words of a release."""

NEW = Wording(
    taken="Taking Safe Mode session... Success!",
    released="Releasing Safe Mode... Success!",
    late="Safe Mode released",
    ask="Safe Mode is taken by {whose}.\r\nUnroll, release or abort [u/r]? ",
    refuses="\r",
    refused="Action aborted.",
    quitting="You are in Safe Mode. Quitting will unroll changes. Quit? [y/N]: ",
)
"""From 7.18 on, when the menu came: 7.23.7 was seen so (a published driver), the question on 7.24.4 (tik4net)."""


def wording(version: tuple[int, ...]) -> Wording:
    """The words of a version; where they changed is not known, the menu's coming is taken for it."""
    return NEW if version >= SINCE else OLD
