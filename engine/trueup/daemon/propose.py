"""Proposing: what was changed by hand on a router becomes a branch, and a pull request where there is a forge."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace

from trueup.adopt.update import Drift, Updated, update
from trueup.daemon.proposal import Outcome, Proposal, Words, menus_of
from trueup.forge import Forge, Pull
from trueup.load.branch import OwnBranch, Pushed
from trueup.load.network import Network
from trueup.load.router import Router
from trueup.row import Secret

BRANCH = "trueup/adopt/{router}"
SHORTEST = 6
"""Characters of a secret that is looked for in a text; shorter ones are in many words."""

LABEL = "trueup"

_UNWRITABLE = "what differs cannot be written into the router's own file; `trueup adopt {router} --update` says why"
_TELLING = (
    "on the router a secret's value stands in plain text too, in a script or a comment, say; such a change is not "
    "written to a branch: take the value away there, or adopt it by hand"
)
_TOLD: dict[Outcome, str] = {
    "proposed": "proposed for adoption",
    "there": "proposed for adoption already",
    "others": "left alone: {branch} holds somebody else's commits; remove the branch to have it proposed anew",
    "merged": "merged; it comes to the router's declaration with the next rollout",
    "declined": "turned down as it is now; it is proposed again once the router changes further",
}


def branch_of(router: str) -> str:
    """The branch that a router's adoption is proposed on."""
    name = router if not router.endswith((".lock", ".")) else f"{router}-"
    return BRANCH.format(router=name.replace("..", ".-"))


async def propose(
    network: Network,
    router: Router,
    drift: Drift,
    authors: str,
    remote: str,
    branch: str,
    forge: Forge | None,
    menus: Collection[str] | None = None,
) -> Proposal:
    """Propose what a router has for adoption, into `branch` of `remote`; doing it again changes nothing more.

    `network` is loaded at the commit that the router should be at, which becomes the parent. `menus` are those to be
    proposed, without it those whose mode says so. Nothing secret is written: names of secrets stand in the branch, and
    the text says whose values have to be put into the store. Raises TrueupError.
    """
    modes = router.reconcile
    wanted = {menu for menu in drift.catalogue.paths if modes.mode_of(menu) == "propose"} if menus is None else menus
    at = replace(drift, network=network, router=router, commit=network.commit)
    updated = await asyncio.to_thread(update, at, menus=wanted)
    words = Words(at, updated, menus_of(updated, wanted), authors)
    own = OwnBranch(network.root, remote, branch_of(router.name))
    if not words.menus:
        return Proposal(router.name, own.branch, "nothing", "nothing differs that is to be proposed")
    if updated.astray or updated.text == updated.before:
        return Proposal(router.name, own.branch, "nothing", _nothing(updated), menus=tuple(words.menus))
    if _tells_a_secret(updated, drift):
        return Proposal(router.name, own.branch, "nothing", _TELLING, menus=tuple(words.menus))
    return await _Proposing(words, own, network.commit, branch, forge).run()


async def withdraw(network: Network, router: str, remote: str, forge: Forge | None, why: str) -> bool:
    """Close a router's pull request, saying why, and take its branch away; whether the branch is gone.

    A branch that holds somebody else's commits stays, with its pull request. Raises TrueupError.
    """
    own = OwnBranch(network.root, remote, branch_of(router))
    if forge is not None and await asyncio.to_thread(own.free):
        # Before the branch goes: GitHub closes a pull request without a branch by itself, and without a word.
        pull = await forge.pull_of(own.branch)
        if pull is not None:
            await forge.close_pull(pull.number, why)
    return await asyncio.to_thread(own.remove)


@dataclass(frozen=True, slots=True)
class _Proposing:
    """One proposal that has something to write."""

    words: Words
    own: OwnBranch
    commit: str
    base: str
    forge: Forge | None

    async def run(self) -> Proposal:
        settled = await self._settled()
        if settled is not None:
            return self._told("merged" if settled.state == "merged" else "declined", settled.sha, settled.url)
        pushed = await asyncio.to_thread(self.own.put, self.commit, *self._change, self.words.message)
        if pushed.outcome in ("others", "declined"):
            return self._told(pushed.outcome, pushed.commit, "")
        url = await self._pull(pushed)
        return self._told("proposed" if pushed.outcome == "pushed" else "there", pushed.commit, url)

    @property
    def _change(self) -> tuple[str, bytes]:
        """The file and what it becomes."""
        return self.words.updated.file, self.words.updated.text.encode("utf-8")

    async def _settled(self) -> Pull | None:
        """The pull request with these very changes that somebody has merged or closed, None where nobody has."""
        last = await self.forge.last_pull(self.own.branch) if self.forge is not None else None
        if last is None or last.state == "open":
            return None
        return last if await asyncio.to_thread(self.own.stands, last.sha, self.commit, *self._change) else None

    async def _pull(self, pushed: Pushed) -> str:
        if self.forge is None:
            return ""
        there = await self.forge.pull_of(self.own.branch) if pushed.outcome == "there" else None
        if there is None:
            words = self.words
            there = await self.forge.open_pull(self.own.branch, self.base, words.title, words.body, [LABEL])
        return there.url

    def _told(self, outcome: Outcome, commit: str, url: str) -> Proposal:
        text = _TOLD[outcome].format(branch=self.own.branch)
        return Proposal(self.words.updated.router, self.own.branch, outcome, text, commit, url, tuple(self.words.menus))


def _nothing(updated: Updated) -> str:
    """Why there is nothing to write."""
    if updated.secrets and not updated.astray:
        count = "1 secret has" if len(updated.secrets) == 1 else f"{len(updated.secrets)} secrets have"
        return f"{count} another value on the router: put it into the store, or have the declared one applied"
    return _UNWRITABLE.format(router=updated.router)


def _tells_a_secret(updated: Updated, drift: Drift) -> bool:
    """Whether the new text has a secret of the router in plain, where the old one had not."""
    values = (value for table in drift.live.tables.values() for row in table for value in row.values.values())
    held = {value.reveal() for value in values if isinstance(value, Secret) and not value.masked}
    return any(len(each) >= SHORTEST and each in updated.text and each not in updated.before for each in held)
