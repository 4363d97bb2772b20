"""Files of a router: rows whose contents are text, bytes that are no UTF-8 as surrogates."""

from __future__ import annotations

from trueup.lab.call import Call, Reply
from trueup.lab.machine import Machine
from trueup.lab.table import Row
from trueup.lab.trap import Trap, failure, unknown_parameter
from trueup.lab.values.moment import ISO_SINCE, month_first

FILE = "/file"
INLINE = 60 * 1024
"""Bytes beyond which a file's contents are no part of its row, and cannot be written with one (measured on 7.24.4)."""

READS_SINCE = (7, 13)
MOST_AT_ONCE = 32768
"""`/file/read` is in the command trees from 7.13 on, and gives so many bytes at most (librouteros)."""

KINDS = {"backup": "backup", "rsc": "script", "txt": ".txt file"}


def found(machine: Machine, name: str) -> Row | None:
    """The file of a name."""
    return next(iter(machine.menu(FILE).table.where({"name": name})), None)


def contents(row: Row) -> bytes:
    """What a file holds."""
    return row.values.get("contents", "").encode("utf-8", "surrogateescape")


def put(machine: Machine, name: str, data: bytes) -> Row:
    """Write a whole file; one of that name is replaced."""
    menu = machine.menu(FILE)
    row = found(machine, name)
    if row is None:
        row = machine.new_row(menu)
        menu.table.rows.append(row)
    row.values = {"name": name, "contents": data.decode("utf-8", "surrogateescape")}
    row.marks["type"] = KINDS.get(
        name.rpartition(".")[2], f".{name.rpartition('.')[2]} file" if "." in name else "file"
    )
    row.marks["size"] = str(len(data))
    written = "last-modified" if "last-modified" in menu.shape.properties else "creation-time"
    day, _, clock = machine.now.partition(" ")
    row.marks[written] = f"{day if machine.version >= ISO_SINCE else month_first(day)} {clock}"
    machine.dirty = True
    return row


def remove(machine: Machine, name: str) -> bool:
    """Remove a file; False where there is none."""
    row = found(machine, name)
    if row is None:
        return False
    rows = machine.menu(FILE).table.rows
    rows[:] = [each for each in rows if each is not row]
    machine.dirty = True
    return True


def shown(call: Call) -> list[Row]:
    """The rows of /file: contents beyond a size are left out, and every file has a size."""
    return [one(row) for row in call.menu.table]


def one(row: Row) -> Row:
    size = len(contents(row))
    values = row.values if size <= INLINE else {n: v for n, v in row.values.items() if n != "contents"}
    return Row(row.id, values, {**row.marks, "size": str(size)})


def read(call: Call) -> Reply:
    """Part of a file, for files whose contents are no part of their rows."""
    if call.machine.version < READS_SINCE:
        raise Trap("no such command")
    for name in call.arguments.keys() - {"file", "offset", "chunk-size"}:
        raise unknown_parameter(name)
    row = found(call.machine, call.arguments.get("file", ""))
    if row is None:
        raise failure("no such file")
    offset, size = (number(call, name) for name in ("offset", "chunk-size"))
    data = contents(row)[offset : offset + min(size or MOST_AT_ONCE, MOST_AT_ONCE)]
    return [["!re", f"=data={data.decode('utf-8', 'surrogateescape')}"], ["!done"]]


def number(call: Call, name: str) -> int:
    text = call.arguments.get(name, "0")
    if not text.isdigit():
        raise Trap(f"invalid value for argument {name}", 1)
    return int(text)
