"""The order of a table back: every row that moved or went before the row that it stood before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from trueup.inverse import words
from trueup.inverse.menus import Touched
from trueup.inverse.statements import Step
from trueup.plan import Existing, Move, Remove

NEAR = 4
"""So many rows that followed or preceded one are looked for, should the nearest be gone."""
NONE = '"-"'
"""Stands for the table's edge."""

_FIND = """
:local o (";" . [:tostr [{path} find]] . ";");:local i "";:local d "";:local a 0;:local b 0;:local p -1
:foreach j,l in=$t do={{:foreach y in=$l do={{:local z ($q{at}->[:tostr $y]);:if (({absent}) && $same) do={{:set z $y}}
:local f [:find $o (";" . [:tostr $z] . ";")]
:if ([:typeof $f]="num") do={{
:if ($j=0) do={{:set i $z;:set a $f}}
:if (($j=1) && ([:tostr $d]="")) do={{:set d $z;:set b $f}}
:if (($j=2) && ($p<0)) do={{:set p $f}}}}}}}}
:if ([:tostr $i]!="") do={{
:if ([:tostr $d]!="") do={{:if (($a>$b) || ($a<$p)) do={{{path} move $i destination=$d}}}} else={{
:if (([:tostr (($t->1)->0)]="-") && ($a<$p)) do={{{path} move $i}}}}}}
""".strip()
"""For one row: where it is, the nearest of those that followed it, and of those that preceded it and never moved."""


def restore_order(menu: Touched) -> Iterator[Step]:
    """One loop for the table, from its end: a row that does not stand between its old neighbours goes where it was."""
    touched = moved(menu)
    if not touched or not menu.menu.ordered:
        return
    last = min(number for number, change in menu.changes.items() if isinstance(change, Move | Remove))
    rows = [row.id for row in menu.rows if row.fixed not in ("dynamic", "builtin")]
    parts = [_neighbours(rows, at, touched) for at in reversed(range(len(rows))) if rows[at] in touched]
    body = _FIND.format(path=menu.path, at=menu.at, absent=words.absent("z"))
    yield last - 0.5, f":foreach t in={words.listed(parts)} do={{{words.tried(body)}}}"


def moved(menu: Touched) -> set[str]:
    """The ids of rows that the plan moves or removes."""
    ids: set[str] = set()
    for change in menu.changes.values():
        if isinstance(change, Remove):
            ids.add(change.target.id)
        elif isinstance(change, Move):
            ids.update(target.id for target in change.targets if isinstance(target, Existing))
    return ids


def neighbouring(menu: Touched) -> set[str]:
    """The rows whose present ids the order needs: those that move, and those that they stand between."""
    touched = moved(menu)
    rows = [row.id for row in menu.rows if row.fixed not in ("dynamic", "builtin")]
    found = set(touched)
    for at, id in enumerate(rows):
        if id in touched:
            found.update(rows[at + 1 : at + 1 + NEAR])
            found.update([each for each in rows[:at] if each not in touched][-NEAR:])
    return found


def _neighbours(rows: Sequence[str], at: int, touched: set[str]) -> str:
    """A row, those that followed it, nearest first, and those that preceded it and stay where they are."""
    following = [words.id_of(id) for id in rows[at + 1 : at + 1 + NEAR]]
    preceding = [words.id_of(id) for id in rows[:at] if id not in touched][: -NEAR - 1 : -1]
    parts = ([words.id_of(rows[at])], following or [NONE], preceding or [NONE])
    return words.listed(words.listed(part) for part in parts)
