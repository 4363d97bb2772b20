"""Where Pydantic's path to an error leads: in what was written, and in the models."""

from __future__ import annotations

from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag

from trueup.load.node import MappingNode, Node, ScalarNode, SequenceNode

_KEY = "[key]"


@dataclass(frozen=True, slots=True)
class Trail:
    """The end of a path: the node that was written there, the last key on the way, and the type that was wanted.

    `branch` says that the last step chose one of several types for the same node.
    """

    node: Node
    label: str
    wanted: Any
    branch: bool = False

    @property
    def models(self) -> tuple[type[BaseModel], ...]:
        """The models that could have stood here."""
        return tuple(_models(self.wanted))


def follow(node: Node, model: type[BaseModel], loc: tuple[int | str, ...]) -> Trail:
    """The trail of one of Pydantic's paths, as far as it was written."""
    trail = Trail(node, "", model)
    for part in loc:
        members = _members(trail.wanted)
        if len(members) > 1:
            trail = Trail(trail.node, trail.label, _branch(members, part), True)
        else:
            trail = _step(trail, part)
    return trail


def _step(trail: Trail, part: int | str) -> Trail:
    wanted = _inner(trail.wanted, part)
    if isinstance(trail.node, MappingNode) and isinstance(part, str) and part in trail.node:
        return Trail(trail.node[part], part, wanted)
    if isinstance(trail.node, SequenceNode) and isinstance(part, int) and part < len(trail.node):
        return Trail(trail.node.items[part], trail.label, wanted)
    return Trail(trail.node, trail.label, wanted)


def key_node(node: Node, model: type[BaseModel], loc: tuple[int | str, ...]) -> ScalarNode | None:
    """The key itself, as a node, where a path is about a key rather than its value."""
    if loc[-1:] != (_KEY,):
        return None
    parent, key = follow(node, model, loc[:-2]).node, str(loc[-2])
    return ScalarNode(key, parent.keys[key], key) if isinstance(parent, MappingNode) and key in parent else None


def _bare(wanted: Any) -> Any:
    """The type without its annotations and names."""
    while get_origin(wanted) is Annotated or hasattr(wanted, "__value__"):
        wanted = get_args(wanted)[0] if get_origin(wanted) is Annotated else wanted.__value__
    return wanted


def _members(wanted: Any) -> tuple[Any, ...]:
    """The types of a union, nothing aside; Pydantic's path names one of them where there are several."""
    bare = _bare(wanted)
    if get_origin(bare) not in (Union, UnionType):
        return (wanted,)
    members = tuple(member for member in get_args(bare) if member is not NoneType)
    return members if len(members) > 1 else _members(members[0])


def _branch(members: tuple[Any, ...], part: int | str) -> Any:
    for member in members:
        tags = [mark.tag for mark in getattr(member, "__metadata__", ()) if isinstance(mark, Tag)]
        bare = _bare(member)
        model = bare if isinstance(bare, type) and issubclass(bare, BaseModel) else None
        if part in tags or (model is not None and (part == model.__name__ or _tells_apart(model, part))):
            return member
    return members[0] if isinstance(part, int) else Any


def _tells_apart(model: type[BaseModel], part: int | str) -> bool:
    return any(part in get_args(field.annotation) for field in model.model_fields.values())


def _inner(wanted: Any, part: int | str) -> Any:
    """The type of one field, item or value of another."""
    bare = _bare(_members(wanted)[0])
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        fields = {field.alias or name: field for name, field in bare.model_fields.items()}
        found = fields.get(str(part))
        return found.annotation if found else Any
    arguments = get_args(bare)
    if not arguments:
        return Any
    return arguments[0] if isinstance(part, int) else arguments[-1]


def _models(wanted: Any) -> list[type[BaseModel]]:
    bare = _bare(wanted)
    if isinstance(bare, type) and issubclass(bare, BaseModel):
        return [bare]
    return [model for member in _members(bare) if member is not bare for model in _models(member)]
