"""Capturing one router's own command tree."""

from __future__ import annotations

from dataclasses import dataclass

from trueup.device import Refused, Session, connect, read
from trueup.device.inspect import Watch, inspect
from trueup.errors import Problem, RouterError
from trueup.fleet.reach import target_of
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.row import Resolver
from trueup_schemas.catalogue import Catalogue, UnknownVersion, catalogue
from trueup_schemas.catalogue.captured import Captured


@dataclass(frozen=True, slots=True)
class Capture:
    """A router's tree, the shipped catalogue that it refines, what it did not tell, and how many requests it took."""

    tree: Captured
    shipped: Catalogue
    left: tuple[Problem, ...]
    requests: int


async def capture(router: Router, network: Network, resolve: Resolver, watch: Watch, deadline: float) -> Capture:
    """Ask a router for its tree over one connection; raises RouterError, or SecretError. `deadline`: seconds each."""
    async with connect(target_of(router, network.root, resolve)) as session:
        facts = (await read(session, ())).facts
        try:
            shipped = catalogue(facts.version)
        except UnknownVersion as error:
            raise RouterError(Problem(str(error), session.where)) from None
        architecture, packages = await _about(session)
        before = _before(network.captures.trees.get(router.name), facts.version, packages)
        found = await inspect(session, shipped, watch, deadline, before)
    about = (_clean(facts.version), _clean(facts.model), _clean(architecture), tuple(map(_clean, packages)))
    tree = Captured(*about, found.menus, tuple(sorted(found.untold)))
    return Capture(tree, shipped, tuple(found.left), found.requests)


def _before(kept: Captured | None, version: str, packages: tuple[str, ...]) -> Captured | None:
    """The tree that is kept already, where the router can have no other words now."""
    return kept if kept is not None and (kept.version, kept.packages) == (version, packages) else None


async def _about(session: Session) -> tuple[str, tuple[str, ...]]:
    """The architecture and the packages that are in use; from 7.18 on, those that could be are listed too."""
    rows = await _rows(session, ["/system/resource/print", "=.proplist=architecture-name"])
    architecture = rows[0].get("architecture-name", "") if rows else ""
    packages = await _rows(session, ["/system/package/print", "=.proplist=name,disabled,available"])
    used = {each.get("name", "") for each in packages if "true" not in (each.get("disabled"), each.get("available"))}
    return architecture, tuple(sorted(used - {""}))


def _clean(text: str) -> str:
    """What a router says of itself, short enough for a line, bytes that are no UTF-8 as question marks."""
    return text[:100].encode("utf-8", "replace").decode("utf-8")


async def _rows(session: Session, words: list[str]) -> list[dict[str, str]]:
    try:
        return (await session.talk(words)).rows
    except Refused:
        return []
