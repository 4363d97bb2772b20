"""One menu that a plan touches: its rows as they were, and how the script finds them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from trueup.canonical.quote import quoted
from trueup.inverse import words
from trueup.inverse.before import Before, plain
from trueup.inverse.look import Look, look_of
from trueup.plan import Add, Move, Remove, Set
from trueup.row import Row, Value
from trueup_schemas.catalogue import Menu

SHORT = 256
"""Rows up to which the script holds the id of each."""


@dataclass(frozen=True)
class Touched:
    """A menu with its number in the script, which its variables bear, and the plan's changes of it by number."""

    menu: Menu
    at: int
    before: Before
    changes: Mapping[int, Add | Set | Remove | Move]
    renamed: Collection[str]

    @property
    def path(self) -> str:
        return words.path(self.menu.path)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return self.before.rows(self.menu.path)

    @cached_property
    def byname(self) -> str:
        """The property by whose text the script finds rows, "" where it goes by their looks.

        Conditions of `find` are typed; of texts alone it is certain what they mean.
        """
        if self.menu.ordered or len(self.menu.key) != 1:
            return ""
        key = self.menu.properties.get(self.menu.key[0])
        certain = key is not None and key.type == "text" and not key.many
        added = (change.values for change in self.changes.values() if isinstance(change, Add))
        named = all(isinstance(plain(values.get(self.menu.key[0])), str) for values in added)
        return self.menu.key[0] if certain and named else ""

    @cached_property
    def look(self) -> Look:
        given = [row.values for row in self.rows if not row.fixed]
        given += [added(change) for change in self.changes.values() if isinstance(change, Add)]
        return look_of(self.menu, given, self.renamed, bool(self.menu.key))

    @cached_property
    def looks(self) -> Mapping[str, frozenset[str]]:
        """Every look that a row has on the way, by its id."""
        path = self.menu.path
        return {
            row.id: frozenset(self.look.of(texts(state)) for state in self.before.of(path, row.id)) for row in self.rows
        }

    @cached_property
    def new_looks(self) -> Counter[str]:
        """How many new rows the plan adds of each look."""
        return Counter(self.look.of(added(change)) for change in self.changes.values() if isinstance(change, Add))

    @cached_property
    def first_looks(self) -> Mapping[str, str]:
        """The look that each row had, by its id."""
        return {row.id: self.look.of(row.values) for row in self.rows}

    @cached_property
    def holders(self) -> Counter[str]:
        """How many rows have or may have a name, the plan's new ones among them."""
        path, key = self.menu.path, self.byname
        held = Counter(text for row in self.rows for text in self.before.texts(path, row.id, key))
        held.update(
            name for change in self.changes.values() if isinstance(change, Add) for name in (named(change, key),)
        )
        return held

    def names(self, id: str) -> tuple[str, ...]:
        """The names by which a row is found whatever was done, the last one first; none where another may have them."""
        found = self.before.texts(self.menu.path, id, self.byname)
        return tuple(name for name in found if self.holders[name] == 1)

    def find(self, name: str) -> str:
        """The rows with a name; dynamic ones, which may share it, are none of ours."""
        own = " !dynamic" if "dynamic" in self.menu.properties else ""
        return f"[{self.path} find where {self.byname}={name}{own}]"

    def located(self, id: str) -> str:
        """Statements that put a row's present id into `$i`, and fail where it cannot be told."""
        gone = ':error "gone"'
        own = f":local i {words.id_of(id)};"
        if not self.byname:
            again = f'{{:set i ($q{self.at}->"{id}")}}'
            return f"{own}:if (!$same) do={again};:if ({words.absent('i')}) do={{{gone}}}"
        first, *others = (self.find(quoted(name)) for name in self.names(id)) if self.names(id) else ('""',)
        tries = "".join(f";:if ([:len $i]=0) do={{:set i {find}}}" for find in others)
        return f"{own}:if (!$same) do={{:set i {first}{tries}}};:if ([:len [:tostr $i]]=0) do={{{gone}}}"

    def opening(self) -> Iterator[str]:
        """Variables for the whole script: what counts for looks, and present ids that differ from old ones."""
        if not self.byname and self.menu.kind != "singleton":
            yield f":local s{self.at} {self.look.script()}"
            yield f':local q{self.at} [:toarray ""]'
        if any(isinstance(change, Remove) for change in self.changes.values()):
            yield f':local o{self.at} ""'
        if self.new_looks and not self.byname:
            counts = {look: str(count) for look, count in self.new_looks.items()}
            yield f":local w{self.at} {words.keyed(counts)}"

    def found_again(self, wanted: Collection[str]) -> Iterator[str]:
        """After a restart, the present ids of the `wanted` rows, told by looks that no other row has or may have."""
        owners = Counter(look for looks in self.looks.values() for look in looks)
        alone = {
            look: quoted(id)
            for id, looks in self.looks.items()
            if id in wanted and all(owners[look] == 1 for look in looks)
            for look in looks
        }
        if alone and not self.byname and self.menu.kind != "singleton":
            known = f':set q{self.at} [:toarray ""];:local g {words.keyed(alone)}{self._told_apart()}'
            yield f":if (!$same) do={{{words.tried(known)}}}"

    def _told_apart(self) -> str:
        known = f"($q{self.at}->$o)"
        return (
            f"\n:foreach i in=[{self.path} find] do={{:local l [$look [{self.path} get $i] $s{self.at}];"
            f':local o ($g->$l);:if ([:typeof $o]="str") do={{'
            f':if ([:tostr {known}]="") do={{:set {known} $i}} else={{:set {known} "-"}}}}}}'
        )

    def came_since(self, looks: Collection[str], kept: Mapping[str, int], body: str) -> str:
        """Statements that run `body` for each row that came since with such a look: `$i` is its id, `$l` its look.

        Where the router has restarted, ids say nothing: then the first rows of a look, as many as are `kept`, are old.
        """
        test, opening = self._known(looks)
        return (
            f"{opening}:local b {words.keyed({look: str(n) for look, n in kept.items() if n})}\n"
            f":foreach i in=[{self.path} find] do={{:local old false;:if ($same) do={{{test}}}\n"
            f':if (!$old) do={{:local r [{self.path} get $i];:if ([:tostr ($r->"dynamic")]!="true") do={{\n'
            f":local l [$look $r $s{self.at}];:local n 0;"
            f':if (!$same) do={{:set n ($b->$l);:if ([:typeof $n]!="num") do={{:set n 0}}}}\n'
            f":if ($n>0) do={{:set ($b->$l) ($n-1)}} else={{{body}}}}}}}}}"
        )

    def _known(self, looks: Collection[str]) -> tuple[str, str]:
        """A statement that sets `$old` where `$i` is the id of a row that was there, and what it needs."""
        every = [row.id for row in self.rows]
        spans = _spans(every)
        if len(every) > SHORT and len(spans) <= SHORT // 8:
            ends = ";".join(f"{low};{high}" for low, high in spans)
            return (
                ':local h [:tonum ("0x" . [:pick [:tostr $i] 1 20])]\n'
                ':if ([:typeof $h]!="num") do={:set old true} else={'
                f":for z from=0 to={2 * len(spans) - 2} step=2 do={{"
                ":if (($h>=($k->$z)) && ($h<=($k->($z+1)))) do={:set old true}}}"
            ), f":local k {{{ends}}}\n"
        if len(every) > SHORT:
            every = [id for id in every if self.looks[id] & {*looks} or len(self.looks[id]) > 1]
        ids = ";".join(["", *every, ""])
        return (
            ':if ([:typeof [:find $k (";" . [:tostr $i] . ";")]]="num") do={:set old true}',
            f':local k "{ids}"\n',
        )


def _spans(ids: Collection[str]) -> list[tuple[int, int]]:
    """Ids as numbers, from and to."""
    spans: list[tuple[int, int]] = []
    for number in sorted(int(id[1:], 16) for id in ids):
        if spans and number <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return spans


def texts(values: Mapping[str, object]) -> dict[str, Value]:
    """What of a row's values is text."""
    return {name: value for name, value in values.items() if isinstance(value, str)}


def added(change: Add) -> dict[str, Value]:
    """A new row's values, as far as they are text."""
    return texts({name: plain(value) for name, value in change.values.items()})


def named(change: Add, key: str) -> str:
    """A new row's name."""
    found = plain(change.values.get(key))
    return found if isinstance(found, str) else ""
