"""Reading one router to tell how it has drifted from its declaration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trueup.adopt.update import Drift
from trueup.audit import Audit
from trueup.compile import Compiler
from trueup.device import check_identity, connect, read
from trueup.diff.owned import owned_from_document
from trueup.diff.reads import menus_to_read
from trueup.diff.references import places, referring
from trueup.errors import Problem, RouterError
from trueup.fleet.reach import target_of
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.secrets import Stores
from trueup_schemas.catalogue import Catalogue, Menu, UnknownVersion


async def read_drift(network: Network, router: Router, stores: Stores, audit: Audit | None) -> Drift:
    """What merging a router's drift needs, over one connection; raises TrueupError."""
    document = audit.read_owned(router.name) if audit else None
    owned = owned_from_document(document) if document is not None else None
    async with connect(target_of(router, network.root, stores.resolve)) as session:
        facts = (await read(session, ())).facts
        check_identity(facts, router.version or "", router.model or "", router.serial or "", router.name)
        try:
            known = network.catalogue(router, facts.version)
        except UnknownVersion as error:
            raise RouterError(Problem(str(error), session.where)) from None
        desired = Compiler(network).compile(router, known.version).desired
        menus = menus_to_read(desired, owned, known)
        live = await read(session, _with_named(menus, known))
    return Drift(network, router, stores, live, owned, known)


def _with_named(menus: Iterable[Menu], known: Catalogue) -> Iterator[Menu]:
    """The menus, and those whose rows theirs may name: what was changed by hand may name any of them."""
    paths = {menu.path: None for menu in menus}
    for path in tuple(paths):
        for property in referring(known.menu(path)):
            for reference in property.refers:
                for place in places(reference, known) if reference.hard else ():
                    paths.setdefault(place)
    return (known.menu(path) for path in paths if path in known)
