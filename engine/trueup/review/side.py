"""One revision as a review sees it: its routers as declared, and the rows that those become."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trueup.compile import Compiled, Compiler
from trueup.compile.desired_document import compiled_from_document, problem_from_document
from trueup.compile.own_secrets import misplaced, own_secrets
from trueup.errors import DeclarationError, Problem
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.review.request import FORMAT_VERSION, connect_text
from trueup.row import Row, Table
from trueup_schemas.catalogue import UnknownVersion
from trueup_schemas.operate import Reconcile


@dataclass(frozen=True, slots=True)
class Declared:
    """One router as one revision declares it; `compiled` is None where it cannot be compiled."""

    router: str
    file: str
    site: str
    groups: tuple[str, ...]
    labels: tuple[str, ...]
    version: str | None
    model: str | None
    serial: str | None
    connect: str
    reconcile: Reconcile
    compiled: Compiled | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """A revision's routers by name; `names` are all of the network's, `walls` what stood around the compiler."""

    routers: Mapping[str, Declared]
    names: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    walls: tuple[str, ...] = field(default=())

    @property
    def every_problem(self) -> Iterator[Problem]:
        """What is wrong with the network and with its routers, warnings too, each once."""
        found = dict.fromkeys(self.problems)
        for router in self.routers.values():
            found |= dict.fromkeys(router.problems)
            found |= dict.fromkeys(router.compiled.warnings if router.compiled else ())
        return iter(found)


def compile_side(network: Network, problems: tuple[Problem, ...], files: Collection[str]) -> Side:
    """The routers of these files, compiled here: for a revision that is trusted."""
    compiler = Compiler(network)
    routers = {router.name: _declared(router, compiler) for router in network.routers if router.file in files}
    return Side(routers, tuple(router.name for router in network.routers), problems)


def _declared(router: Router, compiler: Compiler) -> Declared:
    compiled: Compiled | None = None
    problems: tuple[Problem, ...] = ()
    try:
        compiled = compiler.compile(router, None)
    except DeclarationError as error:
        problems = error.problems
    return Declared(
        router.name,
        router.file,
        router.site,
        router.groups,
        router.labels,
        router.version,
        router.model,
        router.serial,
        connect_text(router),
        router.reconcile,
        compiled,
        problems,
    )


def read_side(answer: Mapping[str, Any], base: Network) -> Side:
    """What the confined process answered, checked; `base` says what is known of the routers.

    Raises DeclarationError where the answer is none.
    """
    if answer.get("format-version") != FORMAT_VERSION:
        raise DeclarationError(Problem("the change could not be compiled: its process gave an odd answer"))
    try:
        routers = {_text(name): _read(_text(name), each, base) for name, each in answer["routers"].items()}
        names = tuple(_text(name) for name in answer.get("names", ()))
        problems = tuple(problem_from_document(each) for each in answer["problems"])
        return Side(routers, names, problems, tuple(_text(wall) for wall in answer["walls"]))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise DeclarationError(Problem(f"what was compiled cannot be read: {error}")) from error


def _read(name: str, document: Mapping[str, Any], base: Network) -> Declared:
    problems = tuple(problem_from_document(each) for each in document["problems"])
    compiled: Compiled | None = None
    if document["compiled"] is not None:
        try:
            known = base.captures.catalogue(name, _text(document["compiled"]["version"]))
            compiled = compiled_from_document(document["compiled"], name, known)
            problems = (*problems, *misplaced(compiled.desired.tables, own_secrets(base.settings)))
        except UnknownVersion as error:
            problems = (*problems, Problem(str(error), name))
        except DeclarationError as error:
            remedy = "where captured trees of this change are needed for it, merge those first"
            problems = (*problems, *(Problem(each.message, name, remedy) for each in error.problems))
    return Declared(
        router=name,
        file=_text(document["file"]),
        site=_text(document["site"]),
        groups=tuple(map(_text, document["groups"])),
        labels=tuple(map(_text, document["labels"])),
        version=_some(document["version"]),
        model=_some(document["model"]),
        serial=_some(document["serial"]),
        connect=_text(document["connect"]),
        reconcile=Reconcile.model_validate(document["reconcile"]),
        compiled=compiled,
        problems=problems,
    )


def differs(before: Declared, after: Declared) -> bool:
    """Whether a change touches the router: its rows, what it runs, how it is reached, or how it is kept.

    Where things are declared does not count.
    """
    told = [(each.version, each.model, each.serial, each.connect, each.reconcile) for each in (before, after)]
    return told[0] != told[1] or _rows(before.compiled) != _rows(after.compiled)


def _rows(compiled: Compiled | None) -> object:
    if compiled is None:
        return None
    return {menu: _table(table) for menu, table in compiled.desired.tables.items()}


def _table(table: Table) -> object:
    scopes = {(frozenset(scope.match.items()), scope.remove) for scope in table.scopes}
    return scopes, [_row(row) for row in table]


def _row(row: Row) -> object:
    place = (row.place.side, dict(row.place.beside)) if row.place else None
    return dict(row.values), dict(row.was), place, row.protect, row.ignore


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("expected text")
    return value


def _some(value: Any) -> str | None:
    return None if value is None else _text(value)
