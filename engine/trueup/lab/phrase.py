"""Commands as the history shows them; in the form of the examples in MikroTik's documentation."""

from __future__ import annotations

import re
from collections.abc import Mapping

from trueup.lab.menu import Menu
from trueup.lab.table import Row

THINGS = {
    **{f"/ip/firewall/{name}": f"{name} rule" for name in ("filter", "mangle", "nat", "raw")},
    **{f"/queue/{name}": "queue" for name in ("simple", "tree")},
}
"""What the history calls rows: `filter rule`, `nat rule`, `device` and `queue` were seen (MikroTik documentation,
Configuration Management; oxidized #795)."""

PLAIN = re.compile(r"[\w.,:/*+-]+", re.ASCII)
HIDDEN = "*****"


def thing(menu: Menu, row: Row) -> str:
    """What the history calls a row; of other menus the last word of their path, which is a guess."""
    if menu.path == "/ip/route":
        return f"route {row.values.get('dst-address', '')}".strip()
    if menu.behaviour.namespace == "/interface":
        return "device"
    return THINGS.get(menu.path) or menu.path.rpartition("/")[2].replace("-", " ")


def command(menu: Menu, verb: str, row: Row, rest: str = "") -> str:
    """A command on a row by its id."""
    item = [] if menu.single else [row.id]
    return " ".join([f"/{menu.path[1:].replace('/', ' ')}", verb, *item, *([rest] if rest else [])])


def adding(menu: Menu, row: Row, before: Row | None, open: bool) -> str:
    """The command that adds the row as it is."""
    known = menu.shape.properties
    own = {name: value for name, value in row.values.items() if name in known and not known[name].read_only}
    place = f" place-before={before.id}" if before is not None and "move" in menu.behaviour.commands else ""
    return f"/{menu.path[1:].replace('/', ' ')} add {arguments(menu, own, open)}{place}"


def moving(menu: Menu, row: Row, before: Row | None) -> str:
    """The command that moves the row before another, or to the end."""
    return command(menu, "move", row, f"destination={before.id}" if before is not None else "")


def arguments(menu: Menu, values: Mapping[str, str | None], open: bool) -> str:
    """Properties in the order of the alphabet; `!name` takes one away."""
    hidden = frozenset() if open else menu.behaviour.secret | menu.behaviour.write_only
    return " ".join(
        f"!{name}" if value is None else f"{name}={HIDDEN if name in hidden and value else quoted(menu, name, value)}"
        for name, value in sorted(values.items())
    )


def quoted(menu: Menu, name: str, value: str) -> str:
    """A value as one types it."""
    known = menu.shape.properties.get(name)
    if known is not None and known.type == "boolean":
        return {"true": "yes", "false": "no"}.get(value, value)
    return value if PLAIN.fullmatch(value) else '"' + re.sub(r'(["\\$?])', r"\\\1", value) + '"'
