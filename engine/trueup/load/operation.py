"""How a network is run, checked against its routers: windows, waves, and who comes after whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from trueup.errors import Problem, Source
from trueup.load.node import MappingNode, Node, SequenceNode
from trueup.load.router import Router
from trueup.load.validate import suggest
from trueup_schemas.network import NetworkHead
from trueup_schemas.operate import Window

KINDS = {"routers": "router", "sites": "site", "labels": "label"}


def check_operation(
    settings: NetworkHead | None, main: MappingNode | None, routers: Sequence[Router]
) -> Iterator[Problem]:
    """What is wrong with windows, waves and `after` that only the whole network tells, each at its place."""
    known = {
        "router": {router.name for router in routers},
        "site": {router.site for router in routers},
        "label": {label for router in routers for label in router.labels},
    }
    windows = main.get("windows") if main else None
    if settings is not None and isinstance(windows, SequenceNode):
        for window, node in zip(settings.windows, windows, strict=True):
            if isinstance(node, MappingNode):
                yield from _window(window, node, known, routers)
    rollout = main.get("rollout") if main else None
    yield from _labels_of_waves(rollout, known["label"])
    yield from _after(routers, known["router"])


def applies(window: Window, router: Router) -> bool:
    """Whether a window is about a router: of each kind of name any, of several kinds all must hold."""
    return (
        (not window.routers or router.name in window.routers)
        and (not window.sites or router.site in window.sites)
        and (not window.labels or not set(window.labels).isdisjoint(router.labels))
    )


def _window(
    window: Window, node: MappingNode, known: Mapping[str, set[str]], routers: Sequence[Router]
) -> Iterator[Problem]:
    yield from _times(window, node)
    unknown = [problem for key, kind in KINDS.items() for problem in _unknown(node.get(key), kind, known[kind])]
    yield from unknown
    said = [key for key in KINDS if key in node]
    if len(said) > 1 and not unknown and not any(applies(window, router) for router in routers):
        text = f"no router is meant by {' and '.join(said)} together"
        yield Problem(text, node.keys[said[1]], "leave one out, or write a window for each")


def _times(window: Window, node: MappingNode) -> Iterator[Problem]:
    if window.since is not None and window.until is not None and window.since > window.until:
        where = node.keys["until"]
        yield Problem(f"until {window.until} is before since {window.since}", where, "exchange the two")
    where = node.keys.get("from") or node.keys.get("to") or node.source
    if window.from_ == "24:00":
        yield Problem("no day begins at 24:00", where, 'write "00:00", and the day after in `days`')
    elif window.from_ == window.to:
        yield Problem("from and to are the same time", where, "leave both out for whole days, else make `to` later")


def _unknown(names: Node | None, kind: str, known: set[str]) -> Iterator[Problem]:
    for item in names if isinstance(names, SequenceNode) else ():
        name = str(item.plain())
        if name not in known:
            yield Problem(f"there is no {kind} '{name}'", item.source, suggest(name, sorted(known)))


def _labels_of_waves(rollout: Node | None, known: set[str]) -> Iterator[Problem]:
    waves = rollout.get("waves") if isinstance(rollout, MappingNode) else None
    for wave in waves if isinstance(waves, SequenceNode) else ():
        label = wave.get("label") if isinstance(wave, MappingNode) else None
        if label is not None and str(label.plain()) not in known:
            text = f"no router has the label '{label.plain()}'"
            yield Problem(text, label.source, suggest(str(label.plain()), sorted(known)))


def _after(routers: Sequence[Router], known: set[str]) -> Iterator[Problem]:
    """Names that there are not, and circles; each circle is told once, at its first router by name."""
    for router in routers:
        yield from _unknown(_said(router), "router", known)
    # A layer may say of all its routers, the hub among them, that they come after the hub.
    after = {r.name: [name for name in r.reconcile.after if name in known and name != r.name] for r in routers}
    told: set[str] = set()
    for router in routers:
        circle = [] if router.name in told else _circle(router.name, after)
        if circle:
            told |= set(circle)
            way = " after ".join((*circle, router.name))
            yield Problem(f"`after` goes in a circle: {way}", _place(router, circle[1]), "leave one of them out")


def _circle(name: str, after: Mapping[str, Sequence[str]]) -> list[str]:
    """The shortest way from a router over those that it comes after back to itself, [] where there is none."""
    ways, seen = [[name]], {name}
    for way in ways:
        for other in after[way[-1]]:
            if other == name:
                return way
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []


def _said(router: Router) -> Node | None:
    reconcile = router.document.get("reconcile")
    return reconcile.get("after") if isinstance(reconcile, MappingNode) else None


def _place(router: Router, other: str) -> Source | str:
    """Where a router says that it comes after the other."""
    names = _said(router)
    items = names if isinstance(names, SequenceNode) else ()
    return next((item.source for item in items if str(item.plain()) == other), router.file)
