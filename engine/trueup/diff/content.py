"""What counts of a row when rows are compared: keys, content, and their keyed digests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from trueup.canonical import canonical
from trueup.errors import BadValue, PlanError, Problem
from trueup.plan import PersonalValue, PlanValue, SecretValue
from trueup.row import Digester, Resolver, Row, Secret, Value
from trueup_schemas.catalogue import Menu, Property
from trueup_schemas.secret import PublicKeyOf, SecretRef


def whole(*parts: str) -> str:
    """Parts as one text to digest, whatever characters they hold."""
    return json.dumps(parts)


Content = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Keys:
    """How secrets are resolved and texts digested; the pure core is handed this and looks up nothing itself."""

    resolve: Resolver
    public_key: Callable[[PublicKeyOf], str]
    digest: Digester

    def secret(self, property: Property, ref: SecretRef, row: Row) -> Secret:
        """The secret's value as the router would read it back."""
        try:
            return Secret(canonical(property, self.resolve(ref).reveal()))
        except BadValue:
            message = f"the value of secret {ref.name} is not one that {property.name} takes"
            raise PlanError(Problem(message, row.where(property.name), "correct it in the secret store")) from None

    def secret_digest(self, property: Property, value: Secret) -> str:
        return self.digest(whole("secret", property.name, value.reveal()))

    def planned(self, property: Property | None, value: Value, row: Row) -> PlanValue:
        """A value as plans hold it: secrets by name and digest, personal data by digest."""
        if value is None or property is None:
            return value if isinstance(value, str) else None
        if isinstance(value, SecretRef):
            return SecretValue(value, self.secret_digest(property, self.secret(property, value, row)))
        if isinstance(value, Secret):
            return SecretValue(None, self.secret_digest(property, value))
        text = self.public_key(value) if isinstance(value, PublicKeyOf) else value
        if property.personal:
            return PersonalValue(self.digest(whole("personal", property.name, text)), text)
        return text

    def with_public_keys(self, row: Row) -> Row:
        """The declared row with every public key derived, so that it compares as text."""
        if not any(isinstance(value, PublicKeyOf) for value in row.values.values()):
            return row
        derive = self.public_key
        values = {n: derive(v) if isinstance(v, PublicKeyOf) else v for n, v in row.values.items()}
        return replace(row, values=values)


@dataclass(frozen=True)
class Shape:
    """A menu's properties by the part they play in comparison."""

    menu: Menu

    @cached_property
    def defaults(self) -> Mapping[str, str]:
        """Known defaults of the properties that are compared when omitted."""
        return {
            p.name: p.default
            for p in self.menu.writable
            if p.default is not None and not p.generated and not p.secret and not p.write_only
        }

    @cached_property
    def secrets(self) -> frozenset[str]:
        return frozenset(p.name for p in self.menu.writable if p.secret or p.write_only)

    def key(self, row: Row) -> tuple[str, ...]:
        """The row's key, an absent property standing for its default; () where it has none."""
        names = self.menu.key
        if len(names) == 1:
            value = self.value(row, names[0])
            return (value,) if value else ()
        values = tuple(self.value(row, name) for name in names)
        return values if any(values) else ()

    def value(self, row: Row, name: str) -> str:
        """A property as text: absent and unset stand for the default."""
        value = row.values.get(name)
        return value if isinstance(value, str) else self.defaults.get(name, "")

    def content(self, row: Row, names: Iterable[str], ignored: frozenset[str] = frozenset()) -> Content:
        """The row's named properties and those with a known default, less defaults, secrets and ignored, sorted."""
        chosen = {name: self.value(row, name) for name in names if name not in self.secrets}
        chosen.update((name, self.value(row, name)) for name in row.values if name in self.defaults)
        defaults = self.defaults
        return tuple(sorted((n, v) for n, v in chosen.items() if v != defaults.get(n, "") and n not in ignored))

    def compared(self, row: Row) -> frozenset[str]:
        """Declared properties that only this row's own declaration makes comparable (no default is known)."""
        return frozenset(n for n in row.values if n not in self.defaults and n not in self.secrets) - row.ignore

    def declared_digest(self, row: Row, digest: Digester, ignore: frozenset[str] | None = None) -> str:
        """The content digest of a declared row, as its record holds it; `ignore`: as one that ignored these did."""
        row = row if ignore is None or ignore == row.ignore else replace(row, ignore=ignore)
        return content_digest(self.menu, self.content(row, self.compared(row), row.ignore), digest)


def content_digest(menu: Menu, content: Content, digest: Digester) -> str:
    """The keyed digest of a row's content."""
    return digest(whole("content", menu.path, *(part for item in content for part in item)))


def identity_digest(menu: Menu, key: tuple[str, ...], digest: Digester) -> str:
    """The keyed digest of a row's key; "" for none. A singleton's is that of its menu."""
    if menu.kind == "singleton":
        return digest(whole("identity", menu.path))
    return digest(whole("identity", menu.path, *key)) if key else ""


def row_digest(menu: Menu, row: Row, keys: Keys) -> str:
    """The keyed digest of everything that a live row holds, less what is left alone."""
    parts = ["row", menu.path]
    for name, value in sorted(row.values.items()):
        if name in row.ignore:
            continue
        parts.append(name)
        parts.append(keys.digest(value.reveal()) if isinstance(value, Secret) else str(value))
    return keys.digest(whole(*parts))
