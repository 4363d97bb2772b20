"""The statements that undo adds, sets and removes of one menu."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trueup.canonical.quote import quoted
from trueup.inverse import words
from trueup.inverse.before import plain
from trueup.inverse.lost import Lost
from trueup.inverse.menus import Touched, named
from trueup.inverse.values import put_back, whole
from trueup.plan import Add, Existing, Remove, Set

ADDRESSES = frozenset({"address", "prefix", "interface-address"})
"""Types of values that a router may work out anew when another value of the row changes, such as `network`."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """What the script does not undo of the plan's n-th change (from 0), and why; no value of the row is in it."""

    change: int
    reason: str


OFF = 'disabled="yes"'

Step = tuple[float, str]
"""A statement and the number of the change that it undoes; higher numbers go first."""


def undo_sets(menu: Touched, lost: Lost, uncovered: list[Uncovered]) -> Iterator[Step]:
    """Old values back, each row's by itself."""
    for number, change in menu.changes.items():
        if not isinstance(change, Set) or number not in menu.before.olds:
            continue
        old = menu.before.olds[number]
        written = put_back(menu.menu, {**old, **_worked_out(menu, change)}, lost)
        uncovered += [Uncovered(number, reason) for reason in written.missing]
        existing = isinstance(change.target, Existing)
        item = " $i" if existing else ""
        lines = [f"{menu.path} unset{item} value-name={name}" for name in written.unset]
        guarded = [name for name in old if existing and _is_name(menu, change, old, name)]
        lines += [_rename(menu, change, old, name) for name in guarded]
        rest = [each for each in written.arguments if each.partition("=")[0] not in guarded]
        lines += [f"{menu.path} set{item} {' '.join(rest)}"] if rest else []
        if lines:
            found = [menu.located(change.target.id)] if isinstance(change.target, Existing) else []
            yield number, words.tried("\n".join([*found, *lines]))


def _worked_out(menu: Touched, change: Set) -> dict[str, str]:
    """Addresses that the router may have worked out anew from those that changed."""
    if menu.menu.kind != "list" or not isinstance(change.target, Existing):
        return {}
    values = menu.before.of(menu.menu.path, change.target.id)[0]
    generated = [p.name for p in menu.menu.writable if p.generated and p.type in ADDRESSES]
    return {n: text for n in generated if n not in change.values and isinstance(text := values.get(n), str)}


def _is_name(menu: Touched, change: Set, old: Mapping[str, object], name: str) -> bool:
    """Whether a change renames a row."""
    known = menu.menu.properties.get(name)
    naming = known is not None and known.type == "text" and name in ("name", *menu.menu.key)
    return naming and isinstance(plain(change.values.get(name)), str) and isinstance(old.get(name), str)


def _rename(menu: Touched, change: Set, old: Mapping[str, object], name: str) -> str:
    """A name back, only where the row has the new one: a temporary name must not come again."""
    set_name = f"{menu.path} set $i {words.argument(name, str(old[name]))}"
    return f":if ([:tostr [{menu.path} get $i {name}]]={quoted(str(plain(change.values[name])))}) do={{{set_name}}}"


def undo_adds(menu: Touched, stages: Mapping[int, int]) -> Iterator[Step]:
    """New rows away: by their names a stage at a time, or all that came since and look like them."""
    adds = {number: change for number, change in menu.changes.items() if isinstance(change, Add)}
    if not adds:
        return
    if not menu.byname:
        yield _place_of(menu, adds), words.tried(_remove_looks(menu))
        return
    together: dict[int, dict[int, Add]] = {}
    for number, change in adds.items():
        together.setdefault(stages[number], {})[number] = change
    for stage in together.values():
        free = [name for change in stage.values() if menu.holders[name := named(change, menu.byname)] == 1]
        if free:
            names = words.listed(quoted(name) for name in free)
            away = words.tried(f"{menu.path} remove {menu.find('$n')}")
            yield max(stage), f":foreach n in={names} do={{{away}}}"
        for number, change in stage.items():
            if menu.holders[name := named(change, menu.byname)] > 1:
                yield number, words.tried(_remove_held(menu, name))


def _place_of(menu: Touched, adds: Mapping[int, Add]) -> float:
    """When all new rows of the menu go: with the last of them, and before rows that look like them are brought back."""
    alike = [
        number
        for number, change in menu.changes.items()
        if isinstance(change, Remove) and menu.first_looks.get(change.target.id) in menu.new_looks
    ]
    return max(*adds, *alike, 0) + 0.5


def _remove_looks(menu: Touched) -> str:
    """All rows away that came since and look like new ones, as many of each look as were added."""
    kept = Counter(look for looks in menu.looks.values() for look in looks)
    count = f"($w{menu.at}->$l)"
    away = words.tried(f"{menu.path} remove $i;:set {count} ($c-1)")
    body = f':local c {count};:if ([:typeof $c]!="num") do={{:set c 0}};:if ($c>0) do={{{away}}}'
    return menu.came_since(menu.new_looks, {look: kept[look] for look in menu.new_looks}, body)


def _remove_held(menu: Touched, name: str) -> str:
    """Away with a new row whose name another row had, or is to have."""
    holders = [row.id for row in menu.rows if name in menu.before.texts(menu.menu.path, row.id, menu.byname)]
    elsewhere = [f"[:len {menu.find(quoted(other))}]>0" for id in holders for other in menu.names(id)[:1]]
    certain = f"({' && '.join(elsewhere)})" if len(elsewhere) == len(holders) else "false"
    mine = f':local t ([:typeof [:find ";{";".join(holders)};" (";" . [:tostr $i] . ";")]]!="num")'
    return (
        f":foreach i in={menu.find(quoted(name))} do={{{mine}\n"
        f":if (!$same) do={{:set t {certain}}}\n:if ($t) do={{{menu.path} remove $i}}}}"
    )


def undo_removes(menu: Touched, stages: Mapping[int, int], lost: Lost, uncovered: list[Uncovered]) -> Iterator[Step]:
    """Removed rows back, unless they are there."""
    together: dict[int, list[int]] = {}
    for number, change in menu.changes.items():
        if isinstance(change, Remove):
            together.setdefault(stages[number], []).append(number)
    for stage in together.values():
        uncovered += [Uncovered(number, lost.reasons[number]) for number in stage if number in lost.reasons]
        again = {number: _again(menu, number, lost, uncovered) for number in stage if number not in lost.reasons}
        ids = f':set o{menu.at} (";" . [:tostr [{menu.path} find]] . ";")'
        yield max(stage) + 0.25, f":if ($same) do={{{words.tried(ids)}}}"
        if menu.byname:
            yield from ((n, words.tried(_unless_named(menu, n, add))) for n, add in again.items())
        elif again:
            yield max(again), words.tried(_unless_looks(menu, stage, again))


def _again(menu: Touched, number: int, lost: Lost, uncovered: list[Uncovered]) -> str:
    """The command that adds a row again."""
    written = whole(menu.menu, menu.before.index[menu.menu.path, _id(menu, number)], lost)
    comes = "the row comes back disabled: " if written.weaker else "the row comes back without a value: "
    uncovered += [Uncovered(number, comes + reason) for reason in written.missing]
    return f"{menu.path} add {' '.join(written.arguments)}"


def _id(menu: Touched, number: int) -> str:
    change = menu.changes[number]
    return words.id_of(change.target.id) if isinstance(change, Remove) else ""


def _unless_named(menu: Touched, number: int, add: str) -> str:
    id = _id(menu, number)
    name = menu.before.index[menu.menu.path, id].text(menu.byname)
    there = f"[:len {menu.find(quoted(name))}]=0"
    return f':if ([:typeof [:find $o{menu.at} ";{id};"]]!="num") do={{:if ({there}) do={{{add}}}}}'


def _unless_looks(menu: Touched, stage: Sequence[int], again: Mapping[int, str]) -> str:
    """Rows back whose id is gone, less those that came back in the meantime, perhaps disabled."""
    looks = {n: menu.first_looks[_id(menu, n)] for n in again}
    rows = {n: menu.before.index[menu.menu.path, _id(menu, n)] for n, add in again.items() if add.endswith(OFF)}
    off = {menu.look.of({**row.values, "disabled": "yes"}): n for n, row in rows.items()}
    same = {look: quoted(looks[n]) for look, n in off.items() if look not in looks.values()}
    gone = {_id(menu, n) for n in stage}
    kept = Counter(look for id, look in menu.first_looks.items() if id not in gone)
    wanted = {*looks.values(), *same}
    count = (
        ':local z ($a->$l);:if ([:typeof $z]="str") do={:set l $z}\n'
        ':local m ($c->$l);:if ([:typeof $m]!="num") do={:set m 0};:set ($c->$l) ($m+1)'
    )
    lines = [f':local a {words.keyed(same)};:local c [:toarray ""]']
    lines.append(menu.came_since(wanted, {look: kept[look] for look in wanted}, count))
    lines.append(_missing(menu, looks))
    for number in sorted(again, reverse=True):
        id = _id(menu, number)
        add = words.tried(f':set ($q{menu.at}->"{id}") [{again[number]}]')
        lines.append(f':if ([:typeof ($v->"{id}")]="bool") do={{{add}}}')
    return "\n".join(lines)


def _missing(menu: Touched, looks: Mapping[int, str]) -> str:
    """Statements that note in `$v` the rows to bring back: their ids are gone, and `$c` does not count them."""
    pairs = [f'{{"{_id(menu, number)}";{quoted(looks[number])}}}' for number in sorted(looks, reverse=True)]
    return (
        f':local v [:toarray ""]\n:foreach t in={words.listed(pairs)} do={{:local l ($t->1)\n'
        f':if ([:typeof [:find $o{menu.at} (";" . ($t->0) . ";")]]!="num") do={{'
        ':local m ($c->$l);:if ([:typeof $m]!="num") do={:set m 0}\n'
        ":if ($m>0) do={:set ($c->$l) ($m-1)} else={:set ($v->($t->0)) true}}}"
    )
