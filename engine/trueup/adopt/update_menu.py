"""One menu's drift as edits of the router's own file: what the router says stands where the file said otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from trueup.adopt.choose import Declared, choose, unwritable
from trueup.adopt.edit import Splice, Unclear
from trueup.adopt.edit_list import edit_list
from trueup.adopt.page import key_text
from trueup.adopt.piece import Piece
from trueup.adopt.update_edits import Edits
from trueup.adopt.update_own import OwnRow
from trueup.adopt.update_pairs import Memory
from trueup.adopt.update_place import Coming, Places, Spot
from trueup.adopt.update_secrets import Keeper
from trueup.adopt.update_slots import Slots
from trueup.adopt.update_words import items_of, rearranged, words_for
from trueup.diff.compare import compare
from trueup.diff.content import Keys
from trueup.diff.difference import MenuDifference
from trueup.errors import Problem, Source
from trueup.load.router import Router
from trueup.row import Row, Secret, Table, Value
from trueup_schemas.catalogue import Catalogue, Property
from trueup_schemas.secret import SecretRef


@dataclass(frozen=True, slots=True)
class Merging:
    """What merging the drift of one router needs.

    `intents` says that the words of the file's intents may change where rows cannot. `told` gathers what could not be
    merged, `undone` what was declared, not applied yet, and gives way.
    """

    router: Router
    catalogue: Catalogue
    keys: Keys
    keeper: Keeper
    edits: Edits
    memory: Memory
    intents: bool = True
    told: list[Problem] = field(default_factory=list)
    undone: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class MenuUpdate:
    """One menu's drift; `pairs` gives each declared row (by index) the live row that it is, `new` are rows to declare.

    `gone` gathers own rows that go, `moved` rows that leave their scope, `coming` what is to be written anew.
    """

    of: Merging
    menu: MenuDifference
    pairs: Mapping[int, Row]
    new: Collection[Row]
    gone: list[OwnRow] = field(default_factory=list)
    moved: list[Row] = field(default_factory=list)
    coming: list[Coming] = field(default_factory=list)

    def run(self) -> None:
        for index, row in enumerate(self.menu.declared):
            live = self.pairs.get(index)
            if live is not None:
                self._row(row, live)
            elif index in self.menu.adds:
                self._gone(row)
        live_rows = {row.id: row for row in self.menu.live}
        for name, change in self.menu.returns.items():
            self._declare_over(live_rows[name], change.values, None)
        self.coming += self._chosen([*self.new, *self.moved])
        going = {id(own) for own in self.gone}
        found = [(self.own(self.menu.declared[index]), live) for index, live in self.pairs.items()]
        staying = [(own, live) for own, live in found if own is not None and id(own) not in going]
        declared = ((self.menu.declared[index].source, live) for index, live in self.pairs.items())
        farther = {source: live for source, live in declared if source is not None}
        Places(self.of.edits, self.menu.shape, self.menu.live, staying, self._slots, farther).put(
            self.coming, self.gone
        )

    def _slots(self, places: Mapping[Source, Spot]) -> Slots:
        return Slots(self.of.router.layers[:-1], self.menu.path, self.of.catalogue, places)

    def own(self, row: Row) -> OwnRow | None:
        """The row of the router's own file that is, or is merged into, a declared one."""
        return self.of.edits.own.find(self.menu.shape.menu, row)

    def _chosen(self, rows: Sequence[Row]) -> list[Coming]:
        if not rows:
            return []
        path = self.menu.path
        chosen = choose({path: Table(path, tuple(rows))}, self.of.catalogue, self.of.keeper.vault, self.of.router.name)
        self.of.told.extend(chosen.left)
        return [Coming(each.row, each) for each in chosen.rows.get(path, ()) if each.row is not None]

    def _row(self, row: Row, live: Row) -> None:
        shape = self.menu.shape
        differing = compare(shape, row, live, self.menu.matching.ours.get(live.id), self.of.keys).values
        if not differing:
            return
        own = self.own(row)
        self._note_undone(row)
        renamed = any(name in differing for name in shape.menu.key)
        if renamed and row.was:
            self._tell(row, "its rename is not applied yet", "apply it, or take `was` away")
        elif renamed and (own is None or own.entry.source != row.source):
            self._tell(row, "the row was renamed, and a farther place declares its name", "rename it there")
        elif own is None and not shape.menu.key and shape.menu.kind != "singleton":
            self._at_source(row, live, list(differing))
        elif own is None:
            self._declare_over(live, differing, row)
        elif own.piece is None:
            self._tell(row, f"{', '.join(differing)} changed, and {self._elsewhere(own)}", "change it there")
        elif any(self._by_scope(own, name) for name in differing):
            self.gone.append(own)
            self.moved.append(live)
        else:
            self._change(own, own.piece, row, live, list(differing))

    def _by_scope(self, own: OwnRow, name: str) -> bool:
        own_list = self.of.edits.own.lists.get(own.home)
        return own_list is not None and name in own_list.match and not own.declares(name)

    def _elsewhere(self, own: OwnRow) -> str:
        file = own.entry.source.file
        return "an alias stands for it" if file == self.of.router.file else f"it stands in {file}"

    def _gone(self, row: Row) -> None:
        own = self.own(row)
        self._note_undone(row)
        if own is None or own.entry.source != row.source:
            message = "the row is gone from the router, and the router's own file cannot take it away"
            self._tell(row, message, "remove it where it is declared")
        elif own.piece is None:
            self._tell(row, f"the row is gone from the router, and {self._elsewhere(own)}", "remove it there")
        else:
            self.gone.append(own)

    def _at_source(self, row: Row, live: Row, names: list[str]) -> None:
        """Other words where an intent of this file says just what the row says; else it is told."""
        own, told = self.of.edits.own, []
        for name in names:
            where, declared = row.where(name), row.values.get(name)
            here = where is not None and where.file == self.of.router.file and self.of.intents
            mapping, key = own.said.get((where.line, where.column), (None, None)) if where and here else (None, None)
            value, problem = self._value(self.menu.shape.menu.properties[name], row, live)
            if mapping is None or key is None or key.text != name or problem or value is None or declared is None:
                told.append(name)
            elif value != declared or not isinstance(value, SecretRef):
                self.of.edits.items += self._write(mapping, self.menu.shape.menu.properties[name], value)
        if told:
            message = f"{', '.join(told)} changed, and a row without a key cannot be overridden"
            self._tell(row, message, "change it where it is declared")

    def _change(self, own: OwnRow, mapping: Piece, row: Row, live: Row, names: list[str]) -> None:
        """Other words for some properties of one row."""
        edits, alone = self.of.edits, own.entry.source == row.source
        items: list[Splice] = []
        try:
            for name in names:
                property = self.menu.shape.menu.properties[name]
                if alone and own.declares(name) and self._is_default(property, live):
                    edits.drop(mapping, name)
                    continue
                value, problem = self._value(property, row, live)
                if problem:
                    self._tell(row, f"{name} changed, but {problem}", where=row.where(name))
                elif not (isinstance(value, SecretRef) and value == row.values.get(name) and own.declares(name)):
                    items += self._write(mapping, property, value)
            edits.try_row(mapping)
        except Unclear as unclear:
            self._tell(row, f"{', '.join(names)} changed, but {unclear}", "change it by hand")
        else:
            edits.items += items

    def _write(self, mapping: Piece, property: Property, value: Value) -> list[Splice]:
        """Put a value into a row; the splices are those of a list that is there."""
        page, old, key = self.of.edits.own.page, mapping.get(property.name), mapping.key(property.name)
        items = items_of(property, value) if isinstance(value, str) else []
        if items and key is not None and old is not None and old.kind == "list" and old.items:
            return edit_list(page, key, old, rearranged(property, items, old))
        name = property.name if key is not None else key_text(property.name)
        self.of.edits.put(mapping, name, words_for(property, value, page, mapping))
        return []

    def _is_default(self, property: Property, live: Row) -> bool:
        """Whether leaving a property out of its row says what the router says."""
        menu, value = self.menu.shape.menu, live.values.get(property.name)
        if not menu.addable or live.fixed or property.required or property.name in menu.key:
            return False
        if value is None:
            return not property.write_only
        return property.default is not None and value in (property.default, Secret(property.default))

    def _value(self, property: Property, row: Row, live: Row) -> tuple[Value, str]:
        """What the router says of a property, as a declared value; or why that cannot be declared."""
        value, menu = live.values.get(property.name), self.menu.shape.menu
        if property.write_only or (isinstance(value, Secret) and value.masked):
            return None, "the router does not tell its value"
        if isinstance(value, Secret) and value.reveal():
            if not value.reveal().isprintable():
                return None, "its value cannot stand in the secrets file"
            declared, keeper = row.values.get(property.name), self.of.keeper
            if isinstance(declared, SecretRef):
                return keeper.put(menu, live, property.name, declared, value), ""
            return keeper.vault.put(menu, live, property.name, value), ""
        if isinstance(value, str) and (value or not unwritable(property, value, False)):
            return value, unwritable(property, value, False)
        return (None, "the router has none, and needs one") if property.required else (None, "")

    def _declare_over(self, live: Row, names: Iterable[str], row: Row | None) -> None:
        """A row of the router's own file that says these properties over what farther places say."""
        menu = self.menu.shape.menu
        values: dict[str, str | SecretRef] = {name: live.text(name) for name in menu.key if live.text(name)}
        unset: list[str] = []
        for name in names:
            value, problem = self._value(menu.properties[name], row or Row({}), live)
            if problem:
                self._tell(row or live, f"{name} changed, but {problem}")
            elif isinstance(value, str | SecretRef):
                values[name] = value
            else:
                unset.append(f"{key_text(name)}: ~")
        if unset or values.keys() - set(menu.key):
            self.coming.append(Coming(live, Declared(values, (), live), tuple(unset)))

    def _note_undone(self, row: Row) -> None:
        if not self.of.memory.applied(self.menu.shape, row, self.of.keys):
            message = f"{self.menu.path}: declared since the last apply; what the router says takes its place"
            self.of.undone.append(Problem(message, row.source, severity="warning"))

    def _tell(self, row: Row, message: str, remedy: str = "", where: Source | None = None) -> None:
        """What could not be merged, at its place, or by the router's name for the row."""
        menu = self.menu.shape.menu
        said = " ".join(text for name in menu.key if (text := row.text(name))) or row.text("comment") or row.id
        place: Source | str = where or row.source or f"{self.of.router.name} {menu.path} {said}".rstrip()
        self.of.told.append(Problem(f"{menu.path} {said}".rstrip() + f": {message}", place, remedy, "warning"))
