"""Replacing: one box takes another's place; the router's file, its ownership, and all that does not come along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from trueup.adopt.edit import Page, Splice, edit_mapping
from trueup.adopt.keep import Writing
from trueup.adopt.page import quoted, scalar
from trueup.arrive.carry import carried
from trueup.arrive.generated import Anew, left_behind, made_anew
from trueup.arrive.newcomer import Newcomer, Told
from trueup.arrive.own_file import edited, put_connect
from trueup.arrive.port_edits import Moved, PortEdits
from trueup.arrive.ports import Use, check_map, missing, uses
from trueup.compile import Compiler
from trueup.device import check_identity
from trueup.diff.owned import Owned
from trueup.errors import DeclarationError, Problem, RouterError
from trueup.load.network import Network
from trueup.load.node import MappingNode, Node
from trueup.load.router import Router
from trueup.row import Desired
from trueup_schemas.catalogue import NEWEST

REMEDY = "edit the file by hand, and give no --ports, --serial or --host that is in it already"


@dataclass(frozen=True, slots=True)
class Head:
    """One word of a router's head that becomes another, "" where it was not said."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """All that a replacement changes, and all that it cannot.

    `file` is None where the router's file stays; `owned` is the record for the new box, None where there is none to
    carry. `told` are warnings with their places; `unchecked` is what only the box could have said.
    """

    router: str
    old: str
    serial: str
    model: str
    heads: tuple[Head, ...]
    ports: Mapping[str, str]
    moved: Moved
    anew: tuple[Anew, ...]
    behind: tuple[str, ...]
    told: tuple[Problem, ...] = ()
    unchecked: tuple[str, ...] = ()
    file: Writing | None = None
    owned: Owned | None = field(default=None, repr=False)

    @property
    def empty(self) -> bool:
        """Whether the box is the declared one already."""
        return self.file is None and self.owned is None


def replace_box(
    network: Network, router: Router, newcomer: Newcomer, told: Told, ports: Mapping[str, str], owned: Owned | None
) -> Replacement:
    """What replacing a router's box means; nothing is written. Raises DeclarationError with everything in the way."""
    serial, model = told.settle(newcomer)
    version = newcomer.version(router.version)
    desired, skipped = _compiled(network, router, version)
    own = desired[router.name]
    catalogue = network.catalogue(router, version)
    used = uses(own, catalogue)
    there = newcomer.ports if newcomer.facts is not None else None
    problems = list(check_map(ports, used, there))
    if problems:
        raise DeclarationError(problems)
    heads = tuple(_heads(router, serial, model, told))
    moved, file, then = _edited(network, router, heads, ports, used)
    after = uses(Compiler(then).compile(then.router(router.name), version).desired, catalogue)
    if there is not None and (lacking := list(missing(after, there, router.file))):
        raise DeclarationError(lacking)
    password = router.connect.password if router.connect else None
    return Replacement(
        router=router.name,
        old=router.serial or (owned.serial if owned is not None else ""),
        serial=serial,
        model=model,
        heads=heads,
        ports=ports,
        moved=moved,
        anew=(*_pinned(router), *made_anew(router.name, router.connect.hosts if router.connect else (), desired)),
        behind=tuple(left_behind(own, password)),
        told=(*moved.left, *_warnings(router, newcomer, own)),
        unchecked=tuple(_unchecked(router, newcomer, after, skipped)),
        file=file,
        owned=carried(owned, serial, catalogue) if owned is not None and owned.serial != serial else None,
    )


def _pinned(router: Router) -> Iterator[Anew]:
    """The console's host key, which is pinned beforehand and never believed at first sight."""
    if router.connect is not None and router.connect.ssh is not None:
        node: Node | None = router.document
        for key in ("connect", "ssh", "host-key"):
            node = node.get(key) if isinstance(node, MappingNode) else None
        text = "ssh host-key: the old box's is pinned; put the new box's there before a console is needed"
        yield Anew(text, node.source if node is not None else None)


def _compiled(network: Network, router: Router, version: str) -> tuple[dict[str, Desired], list[str]]:
    """Every router's rows, and the names of other routers whose rows cannot be had."""
    compiler, found, skipped = Compiler(network), dict[str, Desired](), list[str]()
    for each in network.routers:
        try:
            found[each.name] = compiler.compile(each, version if each is router else each.version or NEWEST).desired
        except DeclarationError:
            if each.name == router.name:
                raise
            skipped.append(each.name)
    return found, skipped


def _heads(router: Router, serial: str, model: str, told: Told) -> Iterator[Head]:
    """What the head says otherwise then; what nobody declares, and the operator does not give, stays unsaid."""
    for name, before, after, given in (
        ("serial", router.serial, serial, told.serial),
        ("model", router.model, model, told.model),
    ):
        if after and before != after and (before is not None or given):
            yield Head(name, before or "", after)
    hosts = router.connect.hosts if router.connect else ()
    if told.host and told.host not in hosts:
        yield Head("hosts", ", ".join(hosts), ", ".join((told.host, *hosts)))


def _edited(
    network: Network, router: Router, heads: Sequence[Head], ports: Mapping[str, str], used: Sequence[Use]
) -> tuple[Moved, Writing | None, Network]:
    """The router's file with its new head and ports; no writing where nothing of it changes."""
    moved = Moved((), (), ())

    def change(page: Page) -> Sequence[Splice]:
        nonlocal moved
        if ports:
            moved = PortEdits(page, router.file, ports).make(used)
        own = {head.name: _written(head) for head in heads if head.name != "hosts"}
        hosts = next((head.after for head in heads if head.name == "hosts"), "")
        return [
            *moved.splices,
            *(edit_mapping(page, page.root, own) if own else ()),
            *(put_connect(page, "hosts", f"[{', '.join(map(scalar, hosts.split(', ')))}]") if hosts else ()),
        ]

    writing, then = edited(network, router, change, REMEDY)
    return moved, (writing if writing.data != writing.before else None), then


def _written(head: Head) -> str:
    """A serial number of digits alone is in quotes, so that it stays the text it is."""
    return quoted(head.after) if head.after.isdigit() else scalar(head.after)


def _warnings(router: Router, newcomer: Newcomer, own: Desired) -> Iterator[Problem]:
    facts = newcomer.facts
    if facts is None:
        return
    try:
        check_identity(facts, version=router.version, router=router.name)
    except RouterError as error:
        remedy = "bring the box to that version first, or declare the one that it has"
        yield from (Problem(each.message, each.where, remedy, "warning") for each in error.problems)
    for path in newcomer.absent:
        rows = own.tables[path].rows
        message = f"the new box has no {path}, of which {len(rows)} rows are declared"
        remedy = "take them away, or install what it lacks"
        yield Problem(message, rows[0].source if rows else router.file, remedy, "warning")


def _unchecked(router: Router, newcomer: Newcomer, used: Sequence[Use], skipped: Sequence[str]) -> Iterator[str]:
    if newcomer.facts is None:
        yield "the box could not be reached: " + "; ".join(str(problem) for problem in newcomer.unreached)
        yield f"its certificate; where it has none yet, `trueup bootstrap {router.name} --again` makes and pins one"
        yield "its serial number and model are as given"
        if names := sorted({use.port for use in used if use.hard}):
            yield f"whether it has {', '.join(names)}"
        yield "its version of RouterOS, and whether it has every declared menu"
    if router.device_mode is not None:
        yield "its device-mode, which is not declared anew"
    if skipped:
        yield f"what {', '.join(skipped)} know of the old box: their files have problems (`trueup validate`)"
