"""Where a router's declaration names its ports, and which of them a new box calls otherwise. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trueup.canonical import named
from trueup.errors import DeclarationError, Problem, Source
from trueup.row import Desired, Row
from trueup_schemas.catalogue import Catalogue, Menu, Property

NAMESPACE = "/interface"
HARDWARE = "default-name"
SWITCH = "/interface/ethernet/switch"
WORDS = frozenset({"all", "none", "dynamic", "static", "lo"})
"""What stands in a port's place without being one."""

_NAME = re.compile(r"[^\s,=\x00-\x1f]{1,63}")


@dataclass(frozen=True, slots=True)
class Use:
    """One declared property that names a port: by its own name, or by the one that it came with."""

    menu: str
    name: str
    port: str
    source: Source | None
    hard: bool = True

    @property
    def what(self) -> str:
        return f"{self.menu} {self.name}"


def read_map(texts: Sequence[str]) -> dict[str, str]:
    """`OLD=NEW,OLD=NEW` as a mapping; raises DeclarationError with everything wrong."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for pair in (pair for text in texts for pair in text.split(",")):
        old, equal, new = pair.strip().partition("=")
        if not equal or not _NAME.fullmatch(old) or not _NAME.fullmatch(new):
            remedy = "write OLD=NEW,OLD=NEW, such as ether1=sfp1"
            problems.append(Problem(f"--ports: '{pair.strip()}' is no pair of ports", remedy=remedy))
        elif old in found:
            problems.append(Problem(f"--ports: {old} stands there twice", remedy="map each port once"))
        elif new in found.values():
            message = f"--ports: two ports would become {new}"
            problems.append(Problem(message, remedy="map each to a port of its own"))
        else:
            found[old] = new
    if problems:
        raise DeclarationError(problems)
    return found


def uses(desired: Desired, catalogue: Catalogue) -> list[Use]:
    """Every place that names an interface which no declared row gives that name: a port by the name it came with."""
    own = _declared_names(desired, catalogue)
    found: list[Use] = []
    for path, table in desired.tables.items():
        menu = catalogue.menu(path)
        for name, property in menu.properties.items():
            kind = _kind(menu, property)
            for row in table.rows if kind else ():
                found += (
                    Use(path, name, port, row.where(name), kind != "soft")
                    for port in _ports(property, row, name)
                    if port not in WORDS and (kind == "key" or port not in own)
                )
    return found


def is_of_ports(menu: Menu) -> bool:
    """Whether the rows of a menu are the box's own ports, or stand for them."""
    return menu.kind == "fixed" and any(_kind(menu, menu.properties[name]) for name in menu.key)


def _kind(menu: Menu, property: Property) -> str:
    """How a property names ports: as a `key`, by a reference that is `hard` or `soft`, or "" not at all."""
    if property.name == HARDWARE:
        return "key"
    references = [reference for reference in property.refers if reference.menu == NAMESPACE]
    if any(reference.hard for reference in references):
        return "hard"
    in_switch = menu.path.startswith(f"{SWITCH}/") and property.name in ("ports", "name", "mirror-ingress-target")
    return "soft" if references or in_switch else ""


def _ports(property: Property, row: Row, name: str) -> tuple[str, ...]:
    text = row.text(name)
    return named(property, text) if text else ()


def _declared_names(desired: Desired, catalogue: Catalogue) -> frozenset[str]:
    """The names that declared rows give to interfaces and lists."""
    menus = (NAMESPACE, *catalogue.members(NAMESPACE), "/interface/list")
    tables = (desired.tables[path] for path in menus if path in desired.tables)
    return frozenset(row.text("name") for table in tables for row in table.rows)


def check_map(ports: Mapping[str, str], used: Iterable[Use], there: frozenset[str] | None) -> Iterator[Problem]:
    """What is wrong with a map for these uses, on a box with these ports (None: not known)."""
    places: dict[str, list[Use]] = {}
    for use in used:
        places.setdefault(use.port, []).append(use)
    for old, new in ports.items():
        if old not in places:
            yield Problem(f"--ports: nothing declared names {old}", remedy="leave it out, or correct the name")
        if there is not None and new not in there:
            remedy = f"it has {', '.join(sorted(there, key=_counted))}"
            yield Problem(f"--ports: the new box has no port {new}", remedy=remedy)
        if new in places and new not in ports:
            first = places[new][0]
            message = f"--ports: {new} is in use already ({first.what}), so {old} cannot become it"
            yield Problem(message, first.source, f"say what becomes of {new}, too")


def missing(used: Iterable[Use], there: frozenset[str], own_file: str) -> Iterator[Problem]:
    """Each port, at the first place that names it, that the new box lacks."""
    told: set[str] = set()
    for use in sorted(used, key=lambda each: (not each.hard, str(each.source))):
        if not use.hard or use.port in there or use.port in told:
            continue
        told.add(use.port)
        own = use.source is not None and use.source.file == own_file
        remedy = f"say what becomes of it: --ports {use.port}=NEW"
        if not own:
            remedy = "this stands in a file that other routers share: declare it otherwise in the router's own"
        yield Problem(f"the new box has no {use.port} ({use.what})", use.source, remedy)


def _counted(port: str) -> tuple[str, int]:
    """So that ether10 comes after ether9."""
    letters = port.rstrip("0123456789")
    return letters, int(port[len(letters) :] or 0)
