"""What may leave the house: replies without secrets, addresses, serial numbers and names of the router's own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from contract_line import Spoken
from fidelity_dialogues import Mismatch

from trueup.row import Facts
from trueup_schemas.catalogue import Catalogue

SECRET_WORDS = re.compile(r"(password|secret|passphrase|private-key|preshared-key|-key$|^key|pin|token|challenge)")
PATTERNS = {
    "(MAC)": re.compile(r"\b[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}\b"),
    "(key)": re.compile(r"[A-Za-z0-9+/]{42,}={0,2}"),
    "(address)": re.compile(r"\b\d{1,3}(\.\d{1,3}){3}\b|(?<![\w:])[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){3,7}(?![\w:])"),
}
LICENSE, SERIAL = "/system/license", "serial-number"
SHORTEST = 4
"""Characters from which on a text of the router's own is masked wherever it stands."""


class Mask:
    """Hides what is the router's own and no dialogue's."""

    def __init__(self, catalogue: Catalogue, own: Iterable[tuple[str, str]]) -> None:
        self._catalogue = catalogue
        self._own = sorted(((t, name) for t, name in own if t), key=lambda each: -len(each[0]))

    def text(self, text: str, told: str = "") -> str:
        """A text without them; what stands in `told`, the dialogue's own words, may stay."""
        for own, name in self._own:
            if own not in told:
                text = text.replace(own, name)
        for name, pattern in PATTERNS.items():
            for each in {found[0] for found in pattern.finditer(text)}:
                if each not in told:
                    text = text.replace(each, name)
        return text

    def answered(self, found: Mismatch) -> list[list[str]]:
        """The reply to a sentence, fit to be sent in."""
        told = "\n".join(word for sentence in (found.sent, *found.expected) for word in sentence)
        menu = found.sent[0].rpartition("/")[0]
        return [[self._word(menu, word, told) for word in sentence] for sentence in found.answered]

    def _word(self, menu: str, word: str, told: str) -> str:
        name, value = word[1:].partition("=")[::2] if word.startswith("=") else ("", word)
        if name and value and self._secret(menu, name) and word not in told:
            return f"={name}=(secret)"
        return self.text(word, told)

    def _secret(self, menu: str, name: str) -> bool:
        known = self._catalogue.menu(menu).properties.get(name) if menu in self._catalogue else None
        return bool(known and (known.secret or known.write_only or known.personal)) or bool(SECRET_WORDS.search(name))


def own_texts(line: Spoken, facts: Facts, host: str, password: str) -> list[tuple[str, str]]:
    """What this router is known by, each with the word that stands for it in a report."""
    found = [(host, "(router)"), (password, "(secret)"), (facts.serial, "(serial)")]
    for menu, name in (*((LICENSE, each) for each in ("software-id", "system-id")), ("/system/routerboard", SERIAL)):
        found += [(row.get(name, ""), "(serial)") for row in line.rows(menu)]
    identities = [row.get("name", "") for row in line.rows("/system/identity")]
    found += [(identity, "(identity)") for identity in identities if identity != "MikroTik"]
    return [(text, name) for text, name in found if len(text) >= SHORTEST]
