"""Names for the secrets that an adopted router holds, and their values, kept apart from everything that is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from trueup.row import Row, Secret
from trueup.secrets import variable
from trueup_schemas.catalogue import Menu
from trueup_schemas.secret import SecretRef

HIDDEN = "\x00hidden"
"""What stands for a value that nobody told us, wherever two of them are compared."""

_LETTERS = re.compile(r"[^A-Za-z0-9._@-]+")
_TELLING = ("name", "address", "user", "peer", "interface", "comment")

Held = Callable[[str], Secret | None]
"""A secret that the stores have already, by name."""


class Vault:
    """Names secrets for one router: `router/ppp-secret/joe/password`; equal names are told apart by a number.

    `values` are to be stored. `hidden` are those whose value is not known.
    """

    def __init__(self, router: str, held: Held) -> None:
        self.router, self._held = router, held
        self.values: dict[str, Secret] = {}
        self.hidden: list[str] = []
        self._taken: set[str] = set()

    def put(self, menu: Menu, row: Row, property: str, value: Secret | None) -> SecretRef:
        """The name of a row's secret, kept with its value; None for one that is hidden."""
        base = "/".join(
            part for part in (self.router, menu.path[1:].replace("/", "-"), _label(menu, row), property) if part
        )
        number = 1
        name = base
        while not self._free(name, value):
            number += 1
            name = f"{base}-{number}"
        self._taken.add(variable(name))
        if value is None:
            self.hidden.append(name)
        elif self._held(name) is None:
            self.values[name] = value
        return SecretRef(name)

    def resolve(self, ref: SecretRef) -> Secret:
        """The value of an adopted secret; a stand-in for a hidden one, and for one that is not ours."""
        if ref.name in self.values:
            return self.values[ref.name]
        return (None if ref.name in self.hidden else self._held(ref.name)) or Secret(HIDDEN)

    def _free(self, name: str, value: Secret | None) -> bool:
        held = self._held(name)
        return variable(name) not in self._taken and (held is None or value is None or held == value)


def _label(menu: Menu, row: Row) -> str:
    """What tells the row from its neighbours, in letters that a secret's name may have; "" for a singleton."""
    if menu.kind == "singleton":
        return ""
    key: Mapping[str, str] = {name: row.text(name) for name in menu.key}
    said = row.text("name") or "-".join(text for text in key.values() if text)
    required = (each.name for each in menu.writable if each.required)
    said = said or next((row.text(name) for name in (*_TELLING, *required) if row.text(name)), "")
    return _LETTERS.sub("-", said).strip("-._")[:60] or (row.id.strip("*") or "row")
