"""Routers: each with its layers, and what they say together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trueup.errors import DeclarationError, Problem
from trueup.load.files import Files
from trueup.load.layer import Layer, merge_layers
from trueup.load.node import MappingNode, SequenceNode
from trueup.load.validate import check, keys_of, suggest
from trueup_schemas.network import Connect, DeviceMode, LayerHead, RouterHead
from trueup_schemas.operate import Reconcile

OUTLINE = ("router", "groups", "labels", "reconcile")
"""The keys that the stub of a router's file holds."""


@dataclass(frozen=True, slots=True)
class Router:
    """One router as declared.

    `layers` go far to near; `document` is what they say together, heads included, `rows` left out (those stay in their
    layers). `version`, `model` and `serial` are None where they are not declared, as `connect` and `device_mode` are.
    """

    name: str
    file: str
    site: str
    groups: tuple[str, ...]
    labels: tuple[str, ...]
    version: str | None
    model: str | None
    serial: str | None
    connect: Connect | None
    layers: tuple[Layer, ...]
    document: MappingNode
    device_mode: DeviceMode | None = None
    reconcile: Reconcile = field(default_factory=Reconcile)


def build_routers(files: Files, problems: list[Problem]) -> tuple[Router, ...]:
    """The network's routers by name; what is wrong with their names and layers goes to `problems`."""
    routers: dict[str, Router] = {}
    for _, (layer, head) in sorted(files.routers.items()):
        router = _build(layer, head, files, problems)
        if other := routers.get(router.name):
            where = layer.node["router"].source
            first = other.layers[-1].node["router"].source
            problems.append(
                Problem(f"two routers are named '{router.name}'; the other is at {first}", where, "rename one")
            )
        routers.setdefault(router.name, router)
    return tuple(routers[name] for name in sorted(routers))


def _build(layer: Layer, head: RouterHead, files: Files, problems: list[Problem]) -> Router:
    site = layer.file.rpartition("/")[0]
    groups = _groups(layer, files.groups, problems)
    far = [files.defaults] if files.defaults else []
    near = [files.sites[site]] if site in files.sites else []
    layers = (*far, *groups, *near, layer)
    document = merge_layers(layers)
    stub = layer.file in files.stubs
    said = _said(layer, document.only(*OUTLINE) if stub else document, problems)
    return Router(
        name=head.router,
        file=layer.file,
        site=site,
        groups=tuple(group.name for group in groups),
        labels=tuple(dict.fromkeys(said.labels)),
        version=said.version,
        model=said.model,
        serial=said.serial,
        connect=said.connect,
        layers=layers,
        document=document,
        device_mode=said.device_mode,
        reconcile=said.reconcile,
    )


def _groups(layer: Layer, groups: Mapping[str, Layer], problems: list[Problem]) -> list[Layer]:
    found: list[Layer] = []
    chosen = layer.node.get("groups")
    for item in chosen if isinstance(chosen, SequenceNode) else ():
        name = str(item.plain())
        if name in groups and groups[name] not in found:
            found.append(groups[name])
        elif name not in groups:
            message = f"there is no group '{name}'"
            problems.append(Problem(message, item.source, suggest(name, list(groups)) or f"add groups/{name}.yaml"))
    return found


def _said(own: Layer, document: MappingNode, problems: list[Problem]) -> LayerHead:
    """The heads' keys of all layers together; an empty head where they are wrong."""
    try:
        said = check(document.only(*keys_of(LayerHead)), LayerHead)
    except DeclarationError as error:
        problems.extend(error.problems)
        return LayerHead()
    if said.connect is not None:
        where = own.node.keys.get("connect", own.node.keys["router"])
        problems += (Problem(f"connect: '{key}' is missing", where, remedy) for key, remedy in _lacking(said.connect))
    return said


def _lacking(connect: Connect) -> Iterator[tuple[str, str]]:
    if not connect.hosts:
        yield "hosts", "add `hosts: [ADDRESS]`"
    if connect.password is None:
        yield "password", "add `password: !secret NAME`"
