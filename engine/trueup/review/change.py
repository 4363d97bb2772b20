"""The two revisions of a change, compiled as far as it may reach: the base here, the head in its own process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from trueup.errors import DeclarationError, Problem
from trueup.load.held import Held, hold_commits
from trueup.load.narrow import Reach, reach, stubs_of
from trueup.load.network import Network, read_tree
from trueup.review.request import request_of
from trueup.review.sandbox import SECONDS, Sandbox
from trueup.review.side import Declared, Side, compile_side, differs, read_side
from trueup_schemas.intents import SPANNING
from trueup_schemas.network import NetworkHead
from trueup_templates import templates

UNREADABLE = "unreadable"
"""The name of the network that stands for a base without a trueup.yaml that can be read."""


@dataclass(frozen=True, slots=True)
class Change:
    """Both sides; `network` is the base's, which says how everything is run.

    `broken`: the base has no trueup.yaml that can be read; an empty network stands for it.
    """

    network: Network
    base: Side
    head: Side
    held: tuple[Held, Held]
    limits: float = SECONDS
    broken: bool = False

    @property
    def touched(self) -> Iterator[tuple[Declared | None, Declared | None]]:
        """Routers that differ between the sides, as each declares them; None where one has no such router."""
        before, after = self.base.routers, self.head.routers
        for name in sorted(before.keys() | after.keys()):
            old, new = before.get(name), after.get(name)
            if old is None or new is None or differs(old, new):
                yield old, new

    def compiled_for(self, versions: Mapping[str, str]) -> Side:
        """The head's rows again, of these routers for these versions."""
        files = {self.head.routers[name].file for name in versions}
        with Sandbox(request_of(self.held[1], files, versions), self.limits) as sandbox:
            return read_side(sandbox.answer(), self.network)


def open_change(root: Path, base: str, head: str, *, full: bool = False, limits: float = SECONDS) -> Change:
    """Read and compile both revisions of the network at `root` (resolved); `full` looks at every router.

    Raises DeclarationError where git does not have them.
    """
    held = hold_commits(root, (base, head))
    within = _reach(*held, full=full)
    whole = within.routers | within.beside
    old, new = (side.narrowed(stubs_of(side, whole)) for side in held)
    with Sandbox(request_of(new, within.routers, {}), limits) as sandbox:
        network, problems = read_tree(root, old)
        broken = network is None
        network = network or Network(root, UNREADABLE, NetworkHead(network=UNREADABLE), (), {}, {})
        before = compile_side(network, problems, within.routers)
        try:
            after = read_side(sandbox.answer(), network)
        except DeclarationError as error:
            after = Side({}, problems=error.problems)
    return Change(network, before, _with_refused(after, new), (old, new), limits, broken)


def _reach(base: Held, head: Held, *, full: bool) -> Reach:
    if full:
        return Reach(frozenset(base.paths) | frozenset(head.paths))
    return reach(base, head, SPANNING, included())


def included() -> dict[str, list[str]]:
    """The built-in templates that others include, with those that do."""
    texts = templates()
    return {name: [other for other, text in texts.items() if f'include "{name}"' in text] for name in texts}


def _with_refused(side: Side, held: Held) -> Side:
    """With the problems of files that could not be read at all."""
    more: tuple[Problem, ...] = tuple(problem for each in held.refused.values() for problem in each)
    return Side(side.routers, side.names, (*more, *side.problems), side.walls)
