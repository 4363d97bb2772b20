"""Reading a router: facts and menus in one pipelined pass, rows out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from trueup.canonical import from_wire
from trueup.device.facts import FACTS, make_facts
from trueup.device.faults import Refused
from trueup.device.mux import Reply
from trueup.device.session import Session
from trueup.errors import RouterError
from trueup.row import Fixed, Live, Row, Table, Value
from trueup_schemas.catalogue.types import Menu

FLAGS: tuple[Fixed, ...] = ("dynamic", "builtin", "default")
"""The flags of rows that are the router's own."""

INVALID = "invalid"
"""The flag of rows that do not work; where a menu has no such flag, asking for it is answered with nothing."""

Known = dict[str, dict[str, Value]]
"""What texts of each property mean, as far as a table has had them: most come again and again."""

NOT_DYNAMIC = ("?dynamic=true", "?#!")
"""A query for rows that aren't dynamic; `?dynamic=false` would miss disabled routes, which have no such flag."""


async def read(session: Session, menus: Iterable[Menu]) -> Live:
    """What the router is: its facts and these menus' rows, in ceil((3 + menus) / 8) round trips.

    A menu that the router does not have is left out. Commands that timed out earlier are waited for first, so that
    what is read is the last word. Raises RouterError.
    """
    await session.settle()
    wanted = list(menus)
    sentences = [[f"{path}/print", f"=.proplist={','.join(names)}"] for path, names in FACTS.items()]
    sentences += [query(menu) for menu in wanted]
    replies = await _ask(session, sentences)
    said = {path: reply.rows[0] for path, reply in zip(FACTS, replies, strict=False) if reply and reply.rows}
    facts = make_facts(said, datetime.now(UTC), session.host)
    answers = zip(wanted, replies[len(FACTS) :], strict=True)
    tables = {menu.path: table(menu, reply.rows) for menu, reply in answers if reply is not None}
    return Live(facts, tables)


async def _ask(session: Session, sentences: list[list[str]]) -> list[Reply | None]:
    """The replies in order, None where the router has no such menu; every command has ended before one raises."""
    answers = await asyncio.gather(*(session.talk(words) for words in sentences), return_exceptions=True)
    replies: list[Reply | None] = []
    for answer in answers:
        if isinstance(answer, Refused) and answer.absent:
            replies.append(None)
        elif isinstance(answer, RouterError):
            raise _unread(answer)
        elif isinstance(answer, BaseException):
            raise answer
        else:
            replies.append(answer)
    return replies


def _unread(error: RouterError) -> RouterError:
    """The same error with what helps against it; what else a command may have done is no question here."""
    if isinstance(error, Refused):
        remedy = (
            "give the user's group the policies `read`, `policy`, `sensitive` and `api`, or look at the router's log"
        )
    else:
        remedy = "try again; is the router overloaded, or the way to it unsteady?"
    RouterError.__init__(error, (replace(problem, remedy=remedy) for problem in error.problems))
    return error


def query(menu: Menu) -> list[str]:
    """The command that reads a menu: only what is compared, only rows that can be declared where order allows that."""
    names = [".id", *_compared(menu), *FLAGS, INVALID] if menu.kind != "singleton" else _compared(menu)
    words = [f"{menu.path}/print", f"=.proplist={','.join(dict.fromkeys(names))}"]
    return [*words, *NOT_DYNAMIC] if menu.filled and not menu.ordered else words


def table(menu: Menu, rows: Iterable[Mapping[str, str]]) -> Table:
    """The rows of a menu as the router gave them, in its order, values canonical."""
    known: Known = {name: {} for name in _compared(menu)}
    return Table(menu.path, tuple(_row(menu, known, row) for row in rows))


def _compared(menu: Menu) -> list[str]:
    """The properties that can be written or that identify a row."""
    return [name for name, property in menu.properties.items() if not property.read_only or name in menu.key]


def _row(menu: Menu, known: Known, said: Mapping[str, str]) -> Row:
    values: dict[str, Value] = {}
    for name, text in said.items():
        column = known.get(name)
        if column is not None:
            if text not in column:
                column[text] = from_wire(menu.properties[name], text)
            values[name] = column[text]
    if menu.kind == "singleton":
        return Row(values)
    fixed: Fixed = next((flag for flag in FLAGS if flag not in known and said.get(flag) == "true"), "")
    invalid = INVALID not in known and said.get(INVALID) == "true"
    return Row(values, id=said.get(".id", ""), fixed=fixed, invalid=invalid)
