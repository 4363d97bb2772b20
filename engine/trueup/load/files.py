"""Which file of a network's folder is what, and what each says by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal, TypeVar

from pydantic import BaseModel

from trueup.errors import DeclarationError, Problem, Source
from trueup.load.captures import FOLDER as CAPTURES
from trueup.load.captures import CaptureReader
from trueup.load.compose import compose_mapping, decode
from trueup.load.layer import Layer
from trueup.load.node import MappingNode
from trueup.load.tables import READERS, Tables
from trueup.load.tree import Tree
from trueup.load.validate import check, keys_of
from trueup_schemas.catalogue.captured import Captured
from trueup_schemas.network import GroupHead, LayerHead, NetworkHead, RouterHead, SiteHead

M = TypeVar("M", bound=BaseModel)

MAIN = "trueup.yaml"
LAB = "lab.yaml"
SITE = "site.yaml"
GROUPS = "groups"
TEMPLATES = "templates"

Role = Literal["main", "group", "site", "router", "template", "table", "capture", "stray", "other"]

_KEYS = {key for model in (LayerHead, GroupHead, SiteHead, RouterHead, NetworkHead) for key in keys_of(model)}
"""The keys that belong to heads; all others of a layer are intents, and checked where they are compiled."""
_ROUTER = re.compile(rb"^router[ \t]*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TemplateSource:
    """One of the operator's own templates; `name` is its path below templates/ up to the first dot."""

    name: str
    file: str
    text: str


@dataclass(slots=True)
class Files:
    """A network's files, sorted; `routers` is by file, `sites` by folder, the others by name; `main` is trueup.yaml."""

    settings: NetworkHead | None = None
    main: MappingNode | None = None
    defaults: Layer | None = None
    groups: dict[str, Layer] = field(default_factory=dict)
    sites: dict[str, Layer] = field(default_factory=dict)
    routers: dict[str, tuple[Layer, RouterHead]] = field(default_factory=dict)
    templates: dict[str, TemplateSource] = field(default_factory=dict)
    captured: dict[str, Captured] = field(default_factory=dict)
    stubs: frozenset[str] = frozenset()
    captures: CaptureReader = field(default_factory=CaptureReader)


def read_files(tree: Tree, problems: list[Problem]) -> Files:
    """Every file that counts, read and checked by itself; what is wrong goes to `problems`."""
    files = Files(stubs=tree.stubs)
    folders = site_folders(tree.paths)
    for name in tree.paths:
        try:
            _read_file(PurePosixPath(name), tree, folders, files, problems)
        except DeclarationError as error:
            problems.extend(error.problems)
    _fill(files, Tables(tree, problems))
    if MAIN not in tree.paths:
        problems.append(Problem(f"there is no {MAIN} at this commit", Source(MAIN)))
    return files


def read_main(tree: Tree, problems: list[Problem]) -> Files:
    """The network's trueup.yaml alone; what is wrong goes to `problems`."""
    files = Files(stubs=tree.stubs)
    _read_main(tree, files, problems)
    return files


def _fill(files: Files, tables: Tables) -> None:
    """Read the rows that layers have from other files."""
    files.defaults = tables.fill(files.defaults) if files.defaults else None
    for layers in (files.groups, files.sites):
        layers.update({name: tables.fill(layer) for name, layer in layers.items()})
    files.routers.update({name: (tables.fill(layer), head) for name, (layer, head) in files.routers.items()})


def site_folders(paths: Iterable[str]) -> set[str]:
    """The folders that are sites."""
    return {str(path.parent) for path in map(PurePosixPath, paths) if path.name in (SITE, "site.yml")}


def role_of(name: str, sites: Container[str]) -> Role:
    """What a file of a network's folder is; a `stray` would be a router if its folder were a site."""
    path = PurePosixPath(name)
    folder, yaml = str(path.parent), path.suffix in (".yaml", ".yml")
    if path.parts[0] == TEMPLATES:
        return "template" if yaml or path.suffix == ".j2" else "other"
    if folder == CAPTURES and path.suffix == ".json":
        return "capture"
    if path.suffix in READERS:
        return "table"
    if not yaml or name == LAB:
        return "other"
    if name == MAIN:
        return "main"
    if folder == GROUPS:
        return "group"
    if path.stem == "site":
        return "site"
    return "router" if folder in sites else "stray"


def _read_file(path: PurePosixPath, tree: Tree, sites: set[str], files: Files, problems: list[Problem]) -> None:
    name, folder = str(path), str(path.parent)
    role = role_of(name, sites)
    if role == "template":
        _add_template(path, tree, files)
    elif role == "capture":
        files.captured[path.stem] = files.captures.read(tree.read(name), name)
    elif role == "main":
        _read_main(tree, files, problems)
    elif role == "group":
        files.groups[path.stem] = _read_layer("group", path.stem, name, tree, problems)
    elif role == "site":
        files.sites[folder] = _read_layer("site", folder, name, tree, problems)
    elif role == "router":
        _read_router(name, tree, files, problems)
    elif role == "stray" and _ROUTER.search(tree.read(name)):
        remedy = f"add an empty {path.parent / SITE}" if folder != "." else f"move it into a folder with a {SITE}"
        raise DeclarationError(Problem(f"a router in a folder without {SITE}", Source(name), remedy))


def _add_template(path: PurePosixPath, tree: Tree, files: Files) -> None:
    within = path.relative_to(TEMPLATES)
    name = str(within.parent / within.name.split(".")[0])
    if name in files.templates:
        message = f"two templates are named '{name}'; the other is {files.templates[name].file}"
        raise DeclarationError(Problem(message, Source(str(path)), "rename one"))
    files.templates[name] = TemplateSource(name, str(path), decode(tree.read(str(path)), str(path)))


def _read_main(tree: Tree, files: Files, problems: list[Problem]) -> None:
    node = compose_mapping(tree.read(MAIN), MAIN)
    files.main, files.settings = node, _gather(lambda: check(node, NetworkHead), problems)
    defaults = node.get("defaults")
    if isinstance(defaults, MappingNode):
        name = files.settings.network if files.settings else ""
        files.defaults = Layer("network", name, MAIN, defaults)
        _gather(lambda: check(_heads(defaults), LayerHead), problems)


def _read_layer(kind: Literal["group", "site"], name: str, file: str, tree: Tree, problems: list[Problem]) -> Layer:
    node = compose_mapping(tree.read(file), file)
    _gather(lambda: check(_heads(node), GroupHead if kind == "group" else SiteHead), problems)
    own, last = node.get(kind), name.rsplit("/", 1)[-1]
    if own is not None and own.plain() not in (name, last):
        message = f"{kind}: the name is '{last}', from the {'folder' if kind == 'site' else 'file'}"
        problems.append(Problem(message, own.source, f"leave `{kind}:` out, or rename one of the two"))
    return Layer(kind, name, file, node)


def _read_router(name: str, tree: Tree, files: Files, problems: list[Problem]) -> None:
    node = compose_mapping(tree.read(name), name)
    if not node.entries:
        raise DeclarationError(Problem("the file is empty", Source(name), "write `router: NAME`, or remove the file"))
    head = _gather(lambda: check(_heads(node), RouterHead), problems)
    if head is None:
        # Its problems are known; by its name alone the rest can still be checked, so that all problems come at once.
        with suppress(DeclarationError):
            head = check(node.only("router"), RouterHead)
    if head is not None:
        files.routers[name] = Layer("router", head.router, name, node), head


def _heads(node: MappingNode) -> MappingNode:
    """What a model of heads checks; of `rows` that is no more than that they are a mapping."""
    rows = isinstance(node.get("rows"), MappingNode)
    return node.only(*(_KEYS - {"rows"} if rows else _KEYS))


def _gather(checked: Callable[[], M], problems: list[Problem]) -> M | None:
    try:
        return checked()
    except DeclarationError as error:
        problems.extend(error.problems)
        return None
