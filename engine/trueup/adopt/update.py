"""Updating: drift that somebody made by hand on a router is merged into its own file, proven by the plan after it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trueup.adopt.edit import Unclear
from trueup.adopt.keep import Writing
from trueup.adopt.prove import WithFile, load_tree, tree_of
from trueup.adopt.update_edits import Edits
from trueup.adopt.update_menu import MenuUpdate, Merging
from trueup.adopt.update_own import OwnFile
from trueup.adopt.update_pairs import Memory, pair
from trueup.adopt.update_secrets import Keeper, stored
from trueup.compile import Compiler
from trueup.diff import Difference, Keys, Owned, difference
from trueup.diff.difference import MenuDifference
from trueup.errors import DeclarationError, Problem
from trueup.load.compose import decode
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.order import order
from trueup.plan import Add, Move, Plan
from trueup.row import Desired, Live, Resolver, Row, Secret
from trueup.secrets import Stores
from trueup_schemas.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Drift:
    """One router as it is, beside what is declared of it: all that merging needs, read or remembered by the caller.

    `live` holds the menus that the plan reads and those that their rows may name. `owned` is the record of earlier
    runs, None without one.
    """

    network: Network
    router: Router
    stores: Stores
    live: Live
    owned: Owned | None
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class Updated:
    """What came of merging: `text` is the file's, `before` what it was; `drift` the plan until now, `left` after it.

    `told` is what could not be merged, `undone` what was declared, not applied yet, and gave way. `secrets` are to be
    stored; those that the store has with another value are `changed`.
    """

    router: str
    file: str
    text: str
    before: str
    drift: Plan
    left: Plan
    told: tuple[Problem, ...]
    undone: tuple[Problem, ...]
    secrets: Mapping[str, Secret]
    changed: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing is left to merge."""
        return self.left.empty

    @property
    def astray(self) -> bool:
        """Whether the new plan would change what the old one left alone: then nothing of it may be written."""
        return not _touched(self.left) <= _touched(self.drift)

    @property
    def same(self) -> bool:
        return self.text == self.before and not self.secrets


def update(drift: Drift, *, unmanaged: bool = False) -> Updated:
    """The router's own file with what the router says; with `unmanaged`, undeclared rows of its menus too.

    Nothing is written. Raises DeclarationError, and PlanError where the two cannot be compared.
    """
    data = Path(drift.network.root, drift.router.file).read_bytes()
    before = data.decode("utf-8")
    mark = "\ufeff" if before.startswith("\ufeff") else ""
    desired = Compiler(drift.network).compile(drift.router, drift.catalogue.version).desired
    keeper = Keeper(drift.network, drift.router, desired, drift.stores)
    keys = _keys(drift, drift.stores.resolve)
    found, plan = _compared(drift, desired, keys)
    own = OwnFile(drift.router.layers[-1], decode(data, drift.router.file), drift.catalogue)
    memory = Memory.of(drift.owned, drift.live.facts, keys)
    merging = Merging(drift.router.name, drift.catalogue, keys, keeper, Edits(own), memory)
    for menu in found.menus:
        pairs = pair(menu, memory, keys)
        MenuUpdate(merging, menu, pairs, _new(menu, pairs, everything=unmanaged and menu.path in own.menus)).run()
    try:
        text = mark + merging.edits.made()
    except Unclear as unclear:
        raise DeclarationError(Problem(f"nothing was merged: {unclear}", drift.router.file)) from None
    left = plan if text == before and not keeper.values else _after(drift, text, keeper)
    return Updated(
        router=drift.router.name,
        file=drift.router.file,
        text=text,
        before=before,
        drift=plan,
        left=left,
        told=tuple(merging.told),
        undone=tuple(merging.undone),
        secrets=keeper.values,
        changed=tuple(keeper.changed),
    )


def writings(updated: Updated, drift: Drift) -> list[Writing]:
    """The files that keep what was merged: the router's own, and the secrets file."""
    files: list[Writing] = []
    if updated.secrets:
        store = Path(os.path.realpath(drift.stores.file))
        kept = _read(store)
        text = stored((kept or b"").decode("utf-8"), updated.secrets)
        files.append(Writing(store, text.encode("utf-8"), kept, 0o600))
    if updated.text != updated.before:
        path = Path(os.path.realpath(drift.network.root / updated.file))
        mode = path.stat().st_mode & 0o777
        files.append(Writing(path, updated.text.encode("utf-8"), updated.before.encode("utf-8"), mode))
    return files


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


def _read(store: Path) -> bytes | None:
    try:
        store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return store.read_bytes() if store.exists() else None
    except OSError as error:
        raise DeclarationError(Problem(f"nothing was written: {error.strerror}", str(store))) from None


def _keys(drift: Drift, resolve: Resolver) -> Keys:
    return Keys(resolve=resolve, public_key=drift.stores.public_key, digest=drift.stores.digester())


def _new(menu: MenuDifference, pairs: Mapping[int, Row], *, everything: bool) -> list[Row]:
    """Live rows that nothing declares: those that the plan would remove, else all that could be declared."""
    taken = {row.id for row in pairs.values()}
    free = (row for row in menu.live if row.id not in taken and row.fixed not in ("dynamic", "builtin"))
    return [row for row in free if row.id in menu.removes or (everything and menu.shape.menu.addable)]


def _compared(drift: Drift, desired: Desired, keys: Keys) -> tuple[Difference, Plan]:
    found = difference(desired, drift.live, drift.owned, drift.catalogue, keys)
    return found, order(found, desired, drift.live, drift.catalogue, keys)


def _after(drift: Drift, text: str, keeper: Keeper) -> Plan:
    """The plan that the network with this file would have for the same state; raises TrueupError."""
    with tree_of(drift.network.root) as base:
        network = load_tree(drift.network.root, WithFile(base, drift.router.file, text.encode("utf-8")))
    desired = Compiler(network).compile(network.router(drift.router.name), drift.catalogue.version).desired
    return _compared(drift, desired, _keys(drift, keeper.resolve))[1]
