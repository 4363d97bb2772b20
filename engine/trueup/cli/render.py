"""`trueup render`: the rows that a declaration becomes, each with its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from trueup.cli.selection import Selection, json_option, network_options, select, selection_options
from trueup.compile import Compiled, compile_router
from trueup.errors import DeclarationError, Problem, Source
from trueup.load.network import load_network
from trueup.plan.plan import FORMAT_VERSION
from trueup.row import Row, Scope, Table, Value
from trueup_schemas.secret import PublicKeyOf, SecretRef

PLACE_COLUMN = 72


@click.command("render")
@network_options
@selection_options
@json_option
def command(
    network: Path,
    ref: str | None,
    selection: Selection,
    as_json: bool,
) -> int:
    """Show the rows that a router's declaration becomes, without a router.

    Each row shows the file and line that it comes from; secrets show their names, never their values.
    """
    loaded = load_network(network, ref)
    compiled: list[Compiled] = []
    problems: dict[Problem, None] = {}
    for router in select(loaded, *selection):
        try:
            compiled.append(compile_router(loaded, router))
        except DeclarationError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise DeclarationError(problems)
    if as_json:
        answer = {"format-version": FORMAT_VERSION, "routers": [_data(one) for one in compiled]}
        click.echo(json.dumps(answer, indent=2, ensure_ascii=False))
        return 0
    for line in (line for one in compiled for line in _lines(one)):
        click.echo(line)
    for warning in (warning for one in compiled for warning in one.warnings):
        click.echo(f"warning: {warning}", err=True)
    return 0


def _lines(compiled: Compiled) -> Iterator[str]:
    yield f"{compiled.router}   RouterOS {compiled.version}"
    for peer in compiled.peers:
        yield f"  {peer}"
    for table in compiled.desired.tables.values():
        yield f"  {table.menu}"
        yield from (f"    [{_words(scope.match) or 'every row'}: undeclared rows go]" for scope in _removing(table))
        for row in table:
            text = f"    {_words(row.values)}{_marks(row)}"
            yield f"{text:<{PLACE_COLUMN}}  {row.source.short}" if row.source else text


def _removing(table: Table) -> list[Scope]:
    return [scope for scope in table.scopes if scope.remove]


def _words(values: Mapping[str, Value]) -> str:
    return " ".join(f"{name}={_shown(value)}" for name, value in values.items())


def _shown(value: Value) -> str:
    if value is None:
        return "~"
    if isinstance(value, SecretRef | PublicKeyOf):
        return str(value)
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if not text or any(c.isspace() for c in text) else text


def _marks(row: Row) -> str:
    """What a row says besides its properties."""
    marks = [f"was {_words(row.was)}"] if row.was else []
    if row.place:
        marks.append(f"place {row.place.side} {_words(row.place.beside)}".rstrip())
    if row.protect:
        marks.append("protected")
    if row.ignore:
        marks.append(f"ignores {', '.join(sorted(row.ignore))}")
    return f"   ({'; '.join(marks)})" if marks else ""


def _data(compiled: Compiled) -> dict[str, Any]:
    return {
        "router": compiled.router,
        "version": compiled.version,
        "peers": [{"router": peer.router, "what": peer.what, "source": str(peer.source)} for peer in compiled.peers],
        "warnings": [str(warning) for warning in compiled.warnings],
        "tables": [
            {
                "menu": table.menu,
                "rows": [_row_data(row) for row in table],
                "scopes": [{"match": dict(one.match), "remove": one.remove} for one in table.scopes],
            }
            for table in compiled.desired.tables.values()
        ],
    }


def _row_data(row: Row) -> dict[str, Any]:
    return {
        "values": {name: _value_data(value) for name, value in row.values.items()},
        "source": _place(row.source),
        "was": {name: _value_data(value) for name, value in row.was.items()},
        "place": {"side": row.place.side, "beside": dict(row.place.beside)} if row.place else None,
        "protect": row.protect,
        "ignore": sorted(row.ignore),
    }


def _value_data(value: Value) -> Any:
    """A text as it is, `~` as null; what a secret stands for is never there, only its name."""
    if isinstance(value, SecretRef):
        return {"secret": value.name}
    if isinstance(value, PublicKeyOf):
        return {"public-key-of": value.private.name}
    return value


def _place(source: Source | None) -> dict[str, Any] | None:
    return {"file": source.file, "line": source.line, "column": source.column} if source else None
