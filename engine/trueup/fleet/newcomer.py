"""Asking the box that takes a router's place what it is."""

from __future__ import annotations

from dataclasses import replace

from trueup.arrive.newcomer import Newcomer
from trueup.compile import Compiler
from trueup.device import Session, connect, read
from trueup.errors import RouterError, SecretError
from trueup.fleet.reach import target_of
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.row import Resolver

PORTS = ("/interface/print", "=.proplist=name,default-name")


async def meet(network: Network, router: Router, resolve: Resolver, host: str) -> Newcomer:
    """What the box says, or why it cannot be asked, be it for want of the password; raises DeclarationError."""
    try:
        target = target_of(router, network.root, resolve)
        if host:
            target = replace(target, hosts=(host,))
        async with connect(target) as session:
            return await _ask(session, network, router)
    except (RouterError, SecretError) as error:
        return Newcomer(unreached=error.problems)


async def _ask(session: Session, network: Network, router: Router) -> Newcomer:
    facts = (await read(session, ())).facts
    version = Newcomer(facts).version(router.version)
    catalogue = network.catalogue(router, version)
    desired = Compiler(network).compile(router, version).desired
    live = await read(session, [catalogue.menu(path) for path in desired.tables])
    reply = await session.talk(PORTS)
    named = {row.get(name, "") for row in reply.rows for name in ("name", "default-name")}
    absent = tuple(path for path in desired.tables if path not in live.tables)
    return Newcomer(live.facts, frozenset(named - {""}), absent)
