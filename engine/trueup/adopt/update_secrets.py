"""Secrets that were changed on a router: kept under their names, or under new ones where others use the old."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from trueup.adopt.edit import Page, edit_mapping, spliced
from trueup.adopt.page import quoted
from trueup.adopt.vault import Vault
from trueup.errors import Source
from trueup.load.network import Network
from trueup.load.node import find_secrets
from trueup.load.router import Router
from trueup.row import Desired, Row, Secret
from trueup.secrets import Stores
from trueup_schemas.catalogue import Menu
from trueup_schemas.secret import SecretRef


class Keeper:
    """Gives the names for secrets that a router told; `changed` are names that were there, with other values now."""

    def __init__(self, network: Network, router: Router, desired: Desired, stores: Stores) -> None:
        self.vault = Vault(router.name, self._held)
        self.changed: dict[str, Secret] = {}
        self._stores, self._file = stores, router.file
        self._places: dict[str, set[Source]] = {}
        for layer in {id(layer): layer for each in network.routers for layer in each.layers}.values():
            for ref, where in find_secrets(layer.node):
                self._places.setdefault(ref.name, set()).add(where)
        values = (value for table in desired.tables.values() for row in table for value in row.values.values())
        self._uses = Counter(value.name for value in values if isinstance(value, SecretRef))

    def put(self, menu: Menu, row: Row, property: str, declared: SecretRef, value: Secret) -> SecretRef:
        """The name for a changed value: the declared one where nothing else uses it, else a new one."""
        name = declared.name
        places = self._places.get(name, set())
        alone = len(places) == 1 and all(place.file == self._file for place in places) and self._uses[name] == 1
        if alone and not self._stores.in_environment(declared):
            self.changed[name] = value
            return declared
        return self.vault.put(menu, row, property, value)

    def resolve(self, ref: SecretRef) -> Secret:
        """A secret's value as it will be; raises SecretError."""
        found = self.changed.get(ref.name) or self.vault.values.get(ref.name)
        return found if found is not None else self._stores.resolve(ref)

    @property
    def values(self) -> Mapping[str, Secret]:
        """What is to be stored."""
        return {**self.changed, **self.vault.values}

    def _held(self, name: str) -> Secret | None:
        ref = SecretRef(name)
        return None if self._stores.missing([(ref, None)]) else self._stores.resolve(ref)


def stored(text: str, values: Mapping[str, Secret]) -> str:
    """The text of a secrets file with these values in it: replaced where they are, else at its end."""
    page = Page(text)
    there = {name: quoted(value.reveal()) for name, value in values.items() if page.root.get(name) is not None}
    text = spliced(text, edit_mapping(page, page.root, there)) if there else text
    lines = [f"{name}: {quoted(value.reveal())}\n" for name, value in values.items() if name not in there]
    return text + ("\n" if lines and text and not text.endswith("\n") else "") + "".join(lines)
