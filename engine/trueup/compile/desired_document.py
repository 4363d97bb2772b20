"""What a router was compiled to, as JSON data: read back, every value is checked as if it had never been.

The reader trusts nobody: a menu, a property or a value that the compiler would have refused is refused here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from trueup.canonical import canonical
from trueup.compile.compiled import Compiled, Peer
from trueup.errors import BadValue, DeclarationError, Problem, Source
from trueup.row import Desired, Exemption, Place, Row, Scope, Table, Value
from trueup_schemas.catalogue import Catalogue, Menu, Property, UnknownMenu
from trueup_schemas.secret import PublicKeyOf, SecretRef

Document = dict[str, Any]

SIDES = ("first", "last", "before", "after")


def compiled_to_document(compiled: Compiled) -> Document:
    """The router's rows as JSON data; places name files by number."""
    files = _Files()
    return {
        "version": compiled.version,
        "commit": compiled.desired.commit,
        "tables": {menu: _table(table, files) for menu, table in compiled.desired.tables.items()},
        "exempt": {
            menu: [_exemption(each, files) for each in rules] for menu, rules in compiled.desired.exempt.items()
        },
        "peers": [
            {"router": each.router, "what": each.what, "at": files.place(each.source)} for each in compiled.peers
        ],
        "warnings": [problem_to_document(problem) for problem in compiled.warnings],
        "files": list(files.numbers),
    }


def compiled_from_document(document: Mapping[str, Any], router: str, catalogue: Catalogue) -> Compiled:
    """The rows from JSON data; raises DeclarationError where it is nothing that the compiler makes."""
    try:
        reader = _Reader([str(file) for file in document["files"]], catalogue)
        tables = {str(menu): reader.table(str(menu), each) for menu, each in document["tables"].items()}
        peers = tuple(
            Peer(_text(each["router"]), _text(each["what"]), _known(reader.place(each["at"])))
            for each in document["peers"]
        )
        warnings = tuple(problem_from_document(each) for each in document["warnings"])
        exempt = {str(menu): reader.exemptions(str(menu), each) for menu, each in document["exempt"].items()}
        desired = Desired(router, tables, _text(document["commit"]), exempt)
        return Compiled(router, _text(document["version"]), desired, peers, warnings)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, UnknownMenu) as error:
        raise DeclarationError(Problem(f"what was compiled cannot be read: {error}", router)) from error


def problem_to_document(problem: Problem) -> Document:
    where = problem.where
    at = [where.file, where.line, where.column] if isinstance(where, Source) else where
    return {"message": problem.message, "at": at, "remedy": problem.remedy, "severity": problem.severity}


def problem_from_document(document: Mapping[str, Any]) -> Problem:
    """The problem from JSON data; raises KeyError, TypeError or ValueError where it is none."""
    at, severity = document["at"], document["severity"]
    if severity not in ("error", "warning"):
        raise ValueError("no severity")
    where = Source(_text(at[0]), _number(at[1]), _number(at[2])) if isinstance(at, list) else at
    if where is not None and not isinstance(where, Source | str):
        raise TypeError("no place")
    return Problem(_text(document["message"]), where, _text(document["remedy"]), severity)


class _Files:
    """The files that places name, numbered as they come."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def place(self, source: Source | None) -> list[int] | None:
        if source is None:
            return None
        return [self.numbers.setdefault(source.file, len(self.numbers)), source.line, source.column]


def _table(table: Table, files: _Files) -> Document:
    scopes = [
        {"match": dict(each.match), "remove": each.remove, "at": files.place(each.source)} for each in table.scopes
    ]
    return {"rows": [_row(row, files) for row in table.rows], "scopes": scopes}


def _row(row: Row, files: _Files) -> Document:
    document: Document = {
        "values": _values(row.values),
        "at": files.place(row.source),
        "from": {name: files.place(source) for name, source in row.sources.items() if source != row.source},
    }
    if row.was:
        document["was"] = _values(row.was)
    if row.place is not None:
        place = row.place
        document["place"] = {"side": place.side, "beside": dict(place.beside), "at": files.place(place.source)}
    if row.protect:
        document["protect"] = True
    if row.ignore:
        document["ignore"] = sorted(row.ignore)
    return document


def _exemption(rule: Exemption, files: _Files) -> Document:
    names = sorted(rule.properties)
    return {"match": dict(rule.match), "properties": names, "keep": rule.keep, "at": files.place(rule.source)}


def _values(values: Mapping[str, Value]) -> Document:
    return {name: _value(value) for name, value in values.items()}


def _value(value: Value) -> Any:
    if isinstance(value, SecretRef):
        return {"secret": value.name}
    if isinstance(value, PublicKeyOf):
        return {"public-key-of": value.private.name}
    if value is None or isinstance(value, str):
        return value
    raise TypeError("a value of a secret is never written")


class _Reader:
    """Reads one router's tables."""

    def __init__(self, files: list[str], catalogue: Catalogue) -> None:
        self.files, self.catalogue = files, catalogue
        self._canonical: set[tuple[str, str, str]] = set()

    def table(self, path: str, document: Mapping[str, Any]) -> Table:
        menu = self.catalogue.menu(path)
        rows = tuple(self._row(menu, each) for each in document["rows"])
        scopes = tuple(self._scope(menu, each) for each in document["scopes"])
        return Table(path, rows, scopes)

    def exemptions(self, path: str, document: Iterable[Mapping[str, Any]]) -> tuple[Exemption, ...]:
        menu = self.catalogue.menu(path)
        return tuple(self._exemption(menu, each) for each in document)

    def _exemption(self, menu: Menu, document: Mapping[str, Any]) -> Exemption:
        match = {str(name): _text(text) for name, text in document["match"].items()}
        names = frozenset(_text(name) for name in document["properties"])
        for name in (*match, *names):
            property = menu.properties[name]
            if (name in match and (property.secret or property.write_only)) or (name in names and name in menu.key):
                raise ValueError(f"{menu.path} {name} is nothing that a rule may be about")
        return Exemption(match, names, _flag(document["keep"]), self.place(document["at"]))

    def place(self, at: Any) -> Source | None:
        return None if at is None else Source(self.files[_index(at[0])], _number(at[1]), _number(at[2]))

    def _scope(self, menu: Menu, document: Mapping[str, Any]) -> Scope:
        match = {name: _text(self._value(menu, name, value)) for name, value in document["match"].items()}
        return Scope(match, _flag(document["remove"]) and menu.addable, self.place(document["at"]))

    def _row(self, menu: Menu, document: Mapping[str, Any]) -> Row:
        source, values = self.place(document["at"]), self._read(menu, document["values"])
        told = {name: _known(self.place(at)) for name, at in document["from"].items() if name in values}
        sources = {name: told.get(name, source) for name in values}
        place = document.get("place")
        return Row(
            values=values,
            source=source,
            sources={name: where for name, where in sources.items() if where is not None},
            was=self._read(menu, document.get("was", {})),
            place=self._beside(menu, place) if place is not None else None,
            protect=_flag(document.get("protect", False)),
            ignore=frozenset(_text(name) for name in document.get("ignore", ())),
        )

    def _beside(self, menu: Menu, document: Mapping[str, Any]) -> Place:
        side = document["side"]
        if side not in SIDES:
            raise ValueError("no place for a row")
        beside = {name: _text(self._value(menu, name, value)) for name, value in document["beside"].items()}
        return Place(side, beside, self.place(document["at"]))

    def _read(self, menu: Menu, values: Mapping[str, Any]) -> dict[str, Value]:
        return {name: self._value(menu, name, value) for name, value in values.items()}

    def _value(self, menu: Menu, name: str, value: Any) -> Value:
        property = menu.properties.get(name)
        if property is None or (property.read_only and name not in menu.key):
            raise ValueError(f"{menu.path} has no property {name} to declare")
        if isinstance(value, Mapping):
            return _secret(menu, property, value)
        if value is None:
            return None
        text = _text(value)
        if property.secret and text:
            raise ValueError(f"{menu.path} {name} holds a secret in plain text")
        self._check(menu, property, text)
        return text

    def _check(self, menu: Menu, property: Property, text: str) -> None:
        """Refuse a value that is not canonical; each is looked at once."""
        seen = (menu.path, property.name, text)
        if seen in self._canonical:
            return
        try:
            if canonical(property, text) != text:
                raise ValueError(f"{menu.path} {property.name} is not canonical")
        except BadValue as error:
            raise ValueError(f"{menu.path} {property.name}: {error}") from None
        self._canonical.add(seen)


def _secret(menu: Menu, property: Property, value: Mapping[str, Any]) -> Value:
    """A secret by its name, only where the catalogue has one: it is resolved by whoever reads this."""
    if "public-key-of" in value:
        return PublicKeyOf(SecretRef(_text(value["public-key-of"])))
    if not property.secret:
        raise ValueError(f"{menu.path} {property.name} is no place for a secret")
    return SecretRef(_text(value["secret"]))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("expected text")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("expected a number")
    return value


def _index(value: Any) -> int:
    if _number(value) < 0:
        raise ValueError("expected the number of a file")
    return int(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("expected true or false")
    return value


def _known(source: Source | None) -> Source:
    if source is None:
        raise TypeError("expected a place")
    return source
