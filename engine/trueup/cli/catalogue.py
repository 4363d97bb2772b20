"""`trueup catalogue`: what RouterOS is, as trueup knows it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from trueup.canonical import describe
from trueup.cli.selection import json_option, select
from trueup.cli.terminal import WIDTH, echo
from trueup.errors import Problem, TrueupError
from trueup_schemas.catalogue import (
    NEWEST,
    Catalogue,
    Change,
    Difference,
    Menu,
    Place,
    Property,
    UnknownMenu,
    UnknownVersion,
    catalogue,
    difference,
    elsewhere,
    spans,
)

FORMAT_VERSION = 1
KINDS = {
    "list": "rows can be added, changed and removed",
    "fixed": "rows can only be changed",
    "singleton": "one row, which can only be changed",
}
BY_HAND = "written by hand, not derived from a machine: there may be more, or it may differ"
COLUMN = 24


class Catalogues(click.Group):
    """The commands here, and `capture`, which is imported when it is called: it alone speaks to routers."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), "capture"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "capture":
            return super().get_command(ctx, cmd_name)
        from trueup.cli.capture import capture

        return capture


@click.group(cls=Catalogues)
def command() -> None:
    """Show what RouterOS is: its menus and properties, as trueup checks them.

    docs/catalogue.md says where each fact comes from and how sure it is.
    """


@command.command()
@click.argument("menu")
@click.option("--version", default=NEWEST, show_default=True, metavar="V", help="As this version of RouterOS has it.")
@click.option("--router", metavar="ROUTER", help="As this router of the network has it.")
@click.option("--network", "folder", default=".", metavar="DIR", help="The network's folder, for --router.")
@json_option
def show(menu: str, version: str, router: str | None, folder: str, as_json: bool) -> None:
    """Show a MENU, such as /ip/hotspot: its key and order, and every property."""
    known = _catalogue(version) if router is None else _of_router(router, Path(folder))
    found = _menu(known, menu)
    if as_json:
        click.echo(json.dumps(_document(found, known.version), indent=2))
        return
    for line in _lines(found, known):
        echo(line)


@command.command()
@click.argument("old")
@click.argument("new")
@json_option
def diff(old: str, new: str, as_json: bool) -> None:
    """Show which menus, properties and words came and went between two versions."""
    found = difference(_catalogue(old), _catalogue(new))
    if as_json:
        click.echo(json.dumps(_difference_document(found, old, new), indent=2))
        return
    lines = list(_difference_lines(found))
    for line in lines or [f"nothing that the catalogue knows differs between {old} and {new}"]:
        echo(line)


def _catalogue(version: str) -> Catalogue:
    try:
        return catalogue(version)
    except UnknownVersion as error:
        raise TrueupError(Problem(str(error))) from error


def _of_router(name: str, folder: Path) -> Catalogue:
    """What is known of a declared router, its captured tree included."""
    from trueup.load.network import load_network

    network = load_network(folder)
    try:
        return network.catalogue(select(network, [name])[0])
    except UnknownVersion as error:
        raise TrueupError(Problem(str(error), name)) from error


def _menu(known: Catalogue, written: str) -> Menu:
    """The menu of a path as people write it: with spaces, or without its first slash."""
    path = "/" + "/".join(written.replace("/", " ").split())
    try:
        return known.menu(path)
    except UnknownMenu as error:
        inside = [each for each in known.paths if each.startswith(f"{path}/")][:8]
        near = f"did you mean {' or '.join(error.near)}?" if error.near else "name one such as /ip/pool"
        other = f"; {found}" if (found := elsewhere(known, path)) else ""
        message = f"the catalogue holds no menu {path} for RouterOS {known.version}{other}"
        message = f"there is no menu {path} in {known.told}" if known.own else message
        problem = Problem(message, remedy=f"below it are {', '.join(inside)}" if inside and path != "/" else near)
        raise TrueupError(problem) from error


def _lines(menu: Menu, known: Catalogue) -> Iterator[str]:
    yield f"{menu.path}   {known.told}"
    if menu.hardware or not known.derived:
        yield f"  {BY_HAND}"
    for fact in _facts(menu):
        yield from textwrap.wrap(fact, WIDTH, initial_indent="  ", subsequent_indent="    ")
    for property in menu.writable:
        yield ""
        yield from _property_lines(menu, property)
    state = [property.name for property in menu.properties.values() if property.read_only]
    if state:
        yield ""
        told = f"Can only be read: {', '.join(state)}"
        yield from textwrap.wrap(told, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _facts(menu: Menu) -> Iterator[str]:
    yield f"{menu.kind}: {KINDS[menu.kind]}"
    if menu.hardware:
        yield "only on routers with such hardware"
    if menu.kind == "singleton":
        return
    check = "the router refuses a second row with it" if menu.enforced else "the router does not insist on it"
    yield f"key: {', '.join(menu.key)} ({check})" if menu.key else "key: none; rows are found by what they hold"
    for names in menu.unique:
        yield f"unique too: {', '.join(names)}"
    if menu.namespace:
        yield f"names: shared with all of {menu.namespace}"
    within = f", among rows of the same {', '.join(menu.strata)}" if menu.strata else ""
    yield f"order: {f'counts{within}' if menu.ordered else 'does not count'}"
    if menu.filled:
        yield "the router adds rows of its own"


def _property_lines(menu: Menu, property: Property) -> Iterator[str]:
    indent = " " * COLUMN
    said = textwrap.wrap(describe(property), WIDTH - COLUMN, break_on_hyphens=False, break_long_words=False)
    name = f"{property.name:<{COLUMN - 1}} "
    yield from (f"{name}{said[0]}",) if len(name) == COLUMN else (name.rstrip(), f"{indent}{said[0]}")
    yield from (f"{indent}{line}" for line in said[1:])
    notes = "; ".join(_notes(menu, property))
    for line in textwrap.wrap(notes, WIDTH - COLUMN, break_on_hyphens=False, break_long_words=False):
        yield indent + click.style(line, dim=True)


def _notes(menu: Menu, property: Property) -> Iterator[str]:
    """What there is to say of a property beside its values."""
    default = "not known" if property.default is None else property.default or "empty"
    yield "must be given" if property.required else f"default: {default}"
    yield from _unset(property)
    marks = {
        "secret": property.secret,
        "never read back": property.write_only,
        "personal": property.personal,
        "the router makes it up": property.generated,
        "only with such hardware; written by hand": property.hardware and not menu.hardware,
    }
    yield from (word for word, there in marks.items() if there)
    for each in property.refers:
        named = f"{each.menu}{'' if each.property == 'name' else f' ({each.property})'}"
        yield f"names a row of {named}{'' if each.hard else ', unchecked by the router'}"
    if span := _span(spans(menu.path, property.name)):
        yield span


def _unset(property: Property) -> Iterator[str]:
    """What a declared ~ does."""
    if property.required or (property.default is None and not property.unset):
        yield "cannot be unset"
    elif property.unset in ("!", "unset"):
        yield "~ takes it away"
    elif property.unset:
        yield f"~ sets {property.unset[1:]}" if property.unset[1:] else "~ empties it"
    else:
        yield "~ sets the default"


def _span(found: dict[str, str] | None) -> str:
    return " ".join(f"{word} {version}" for word, version in (found or {}).items())


def _document(menu: Menu, version: str) -> dict[str, Any]:
    told = {name: value for name, value in _plain(menu).items() if name != "properties"}
    properties = [
        asdict(each) | {"words": describe(each)} | (spans(menu.path, each.name) or {})
        for each in menu.properties.values()
    ]
    derived = catalogue(version).derived
    return {"format-version": FORMAT_VERSION, "version": version, "derived": derived, **told, "properties": properties}


def _plain(menu: Menu) -> dict[str, Any]:
    return {name: getattr(menu, name) for name in Menu.__slots__}


def _difference_lines(found: Difference) -> Iterator[str]:
    yield from _marked(found.menus, "", {old.menu: new for old, new in found.renamed.items() if not old.name})
    places = sorted({*found.properties, *(path for path, _ in found.words)})
    for path in places:
        yield path
        now = {old.name: new for old, new in found.renamed.items() if old.menu == path}
        yield from _marked(found.properties.get(path, Change((), ())), "  ", now)
        for (menu, name), words in found.words.items():
            if menu == path:
                parts = [f"+{word}" for word in words.came] + [f"-{word}" for word in words.went]
                yield f"  ~ {name}   {' '.join(parts)}"


def _marked(change: Change, indent: str, renamed: Mapping[str, Place]) -> Iterator[str]:
    yield from (click.style(f"{indent}+ {each}", fg="green") for each in change.came)
    for each in change.went:
        now = f"   now {renamed[each]}" if each in renamed else ""
        yield click.style(f"{indent}- {each}", fg="red") + now


def _difference_document(found: Difference, old: str, new: str) -> dict[str, Any]:
    words: dict[str, dict[str, Any]] = {}
    for (path, name), change in found.words.items():
        words.setdefault(path, {})[name] = asdict(change)
    return {
        "format-version": FORMAT_VERSION,
        "from": old,
        "to": new,
        "menus": asdict(found.menus),
        "properties": {path: asdict(change) for path, change in found.properties.items()},
        "words": words,
        "renamed": {str(before): str(now) for before, now in found.renamed.items()},
    }
