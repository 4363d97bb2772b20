"""Updating: drift that somebody made by hand on a router is merged into its own file, proven by the plan after it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from trueup.adopt.edit import Unclear, as_before
from trueup.adopt.prove import WithFile, load_tree, tree_of
from trueup.adopt.update_edits import Edits
from trueup.adopt.update_menu import MenuUpdate, Merging
from trueup.adopt.update_own import OwnFile
from trueup.adopt.update_pairs import Memory, pair
from trueup.adopt.update_secrets import Keeper
from trueup.compile import Compiler
from trueup.diff import Difference, Keys, Owned, difference
from trueup.diff.difference import MenuDifference
from trueup.errors import DeclarationError, PlanError, Problem
from trueup.load.compose import compose_mapping, decode
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.load.tables import Tables
from trueup.order import order
from trueup.plan import Add, Move, Plan
from trueup.row import Desired, Live, Resolver, Row, Secret
from trueup.secrets import Stores
from trueup_schemas.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Drift:
    """One router as it is, beside what is declared of it: all that merging needs, read or remembered by the caller.

    `live` holds the menus that the plan reads and those that their rows may name. `owned` is the record of earlier
    runs, None without one. With `commit` the files are read as it has them, and not from the disk.
    """

    network: Network
    router: Router
    stores: Stores
    live: Live
    owned: Owned | None
    catalogue: Catalogue
    commit: str = ""


@dataclass(frozen=True, slots=True)
class Updated:
    """What came of merging: `text` is the file's, `before` what it was; `drift` the plan until now, `left` after it.

    `told` is what could not be merged, `undone` what was declared, not applied yet, and gave way. `secrets` are to be
    stored; those that the store has with another value are `changed`. `menus` are those that were to be merged, None
    for all.
    """

    router: str
    file: str
    text: str
    before: str
    drift: Plan
    left: Plan
    told: tuple[Problem, ...]
    undone: tuple[Problem, ...] = ()
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    menus: Collection[str] | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing is left to merge."""
        return not any(self.menus is None or change.menu in self.menus for change in self.left.changes)

    @property
    def astray(self) -> bool:
        """Whether the new plan would change what the old one left alone: then nothing of it may be written."""
        return not _touched(self.left) <= _touched(self.drift)

    @property
    def same(self) -> bool:
        return self.text == self.before and not self.secrets


@dataclass(frozen=True, slots=True)
class _Start:
    """What every attempt at merging begins with: the file, and what differs from it."""

    drift: Drift
    data: bytes
    desired: Desired
    keys: Keys
    found: Difference
    plan: Plan
    menus: Collection[str] | None


def update(drift: Drift, *, unmanaged: bool = False, menus: Collection[str] | None = None) -> Updated:
    """The router's own file with what the router says; with `unmanaged`, undeclared rows of its menus too.

    With `menus`, only what these say. Nothing is written. Raises DeclarationError, and PlanError where the two cannot
    be compared.
    """
    start = _start(drift, menus)
    updated = _attempt(start, unmanaged=unmanaged, intents=True)
    # An intent's word may mean more than the one row that changed: then what intents say is left alone.
    return updated if updated.whole else _attempt(start, unmanaged=unmanaged, intents=False)


def _start(drift: Drift, menus: Collection[str] | None) -> _Start:
    file, layer = drift.router.file, drift.router.layers[-1]
    with tree_of(drift.network.root, drift.commit) as tree:
        data = tree.read(file) if tree is not None and drift.commit else Path(drift.network.root, file).read_bytes()
        read = replace(layer, node=compose_mapping(data, file))
        same = tree is not None and Tables(tree, []).fill(read) == layer
    if not same:
        raise DeclarationError(Problem("the file was changed meanwhile", file, "start again"))
    desired = Compiler(drift.network).compile(drift.router, drift.catalogue.version).desired
    keys = _keys(drift, drift.stores.resolve)
    found, plan = _compared(drift, desired, keys)
    return _Start(drift, data, desired, keys, found, plan, menus)


def _attempt(start: _Start, *, unmanaged: bool, intents: bool) -> Updated:
    """What comes of merging, proven; nothing of it where the file would not hold."""
    drift, router = start.drift, start.drift.router
    before = start.data.decode("utf-8")
    keeper = Keeper(drift.network, router, start.desired, drift.stores)
    own = OwnFile(router.layers[-1], decode(start.data, router.file), drift.catalogue)
    memory = Memory.of(drift.owned, drift.live.facts, start.keys)
    merging = Merging(router, drift.catalogue, start.keys, keeper, Edits(own), memory, intents)
    for menu in start.found.menus:
        if start.menus is not None and menu.path not in start.menus:
            continue
        pairs = pair(menu, memory, start.keys)
        MenuUpdate(merging, menu, pairs, _new(menu, pairs, everything=unmanaged and menu.path in own.menus)).run()
    made = Updated(
        router.name, router.file, before, before, start.plan, start.plan, tuple(merging.told), menus=start.menus
    )
    try:
        text = as_before(before, merging.edits.made())
        left = start.plan if text == before and not keeper.values else _after(drift, text, keeper)
    except Unclear as unclear:
        return replace(made, told=(*made.told, Problem(f"nothing could be merged: {unclear}", router.file)))
    except (DeclarationError, PlanError) as error:
        problems = (replace(each, message=f"merged, it would not hold: {each.message}") for each in error.problems)
        return replace(made, told=(*made.told, *problems))
    told = (*made.told, *_out_of_reach(left, router))
    undone, changed = tuple(merging.undone), tuple(keeper.changed)
    return replace(made, text=text, left=left, told=told, undone=undone, secrets=keeper.values, changed=changed)


def _out_of_reach(left: Plan, router: Router) -> Iterator[Problem]:
    """What to do about orders that rows of farther files stand in the way of."""
    for menu in dict.fromkeys(change.menu for change in left.changes if isinstance(change, Move)):
        message = f"{menu}: rows stand in an order that the router's own file cannot make"
        yield Problem(message, router.file, "add a slot to the farther file, or change the order there", "warning")


def _touched(plan: Plan) -> set[tuple[str, str]]:
    """What a plan changes: live rows by their `.id`, new ones by what names them."""
    touched = set()
    for change in plan.changes:
        if isinstance(change, Move):
            touched |= {(change.menu, getattr(target, "id", "")) for target in change.targets}
        elif isinstance(change, Add):
            touched.add((change.menu, repr(sorted(change.row.items(), key=lambda pair: pair[0]))))
        else:
            touched.add((change.menu, getattr(change.target, "id", "")))
    return touched


def _keys(drift: Drift, resolve: Resolver) -> Keys:
    return Keys(resolve=resolve, public_key=drift.stores.public_key, digest=drift.stores.digester())


def _new(menu: MenuDifference, pairs: Mapping[int, Row], *, everything: bool) -> list[Row]:
    """Live rows that nothing declares: those that the plan would remove, else all that could be declared."""
    taken = {row.id for row in pairs.values()}
    taken |= menu.ignored
    free = (row for row in menu.live if row.id not in taken and row.fixed not in ("dynamic", "builtin"))
    return [row for row in free if row.id in menu.removes or (everything and menu.shape.menu.addable)]


def _compared(drift: Drift, desired: Desired, keys: Keys) -> tuple[Difference, Plan]:
    found = difference(desired, drift.live, drift.owned, drift.catalogue, keys)
    return found, order(found, desired, drift.live, drift.catalogue, keys)


def _after(drift: Drift, text: str, keeper: Keeper) -> Plan:
    """The plan that the network with this file would have for the same state; raises TrueupError."""
    with tree_of(drift.network.root, drift.commit) as base:
        network = load_tree(drift.network.root, WithFile(base, drift.router.file, text.encode("utf-8")))
    desired = Compiler(network).compile(network.router(drift.router.name), drift.catalogue.version).desired
    return _compared(drift, desired, _keys(drift, keeper.resolve))[1]
