"""The Pydantic models of what operators write, as JSON Schema (draft 7): what they take, not what they make of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from trueup_schemas.published.shapes import (
    ADDRESS,
    BOOLEAN,
    DATE,
    PLACE,
    SECRET,
    TEXT,
    WHOLE,
    Schema,
    choice,
    form_of,
    with_bounds,
)

REFERENCE = "#/definitions/{model}"


def definitions(models: Iterable[type[BaseModel]]) -> dict[str, Schema]:
    """The schemas of models and of all that they consist of, by the models' names."""
    pairs: list[tuple[type[BaseModel], JsonSchemaMode]] = [(model, "validation") for model in models]
    _, written = models_json_schema(pairs, schema_generator=_Writer, ref_template=REFERENCE)
    found: dict[str, Schema] = written["$defs"]
    return {name: _bare(schema) for name, schema in found.items()}


class _Writer(GenerateJsonSchema):
    """Pydantic's own, but for what the validators of our models take besides."""

    def nullable_schema(self, schema: Any) -> Schema:
        return nullable(self.generate_inner(schema["schema"]))

    def str_schema(self, schema: Any) -> Schema:
        made = super().str_schema(schema)
        return made if "pattern" in made else {**made, **TEXT}

    def dict_schema(self, schema: Any) -> Schema:
        """A mapping, whose keys are texts."""
        keys = self.generate_inner(schema["keys_schema"])
        named = {"propertyNames": {"pattern": keys["pattern"]}} if "pattern" in keys else {}
        return {"type": "object", "additionalProperties": self.generate_inner(schema["values_schema"]), **named}

    def bool_schema(self, schema: Any) -> Schema:
        return dict(BOOLEAN)

    def int_schema(self, schema: Any) -> Schema:
        return {**super().int_schema(schema), **WHOLE}

    def date_schema(self, schema: Any) -> Schema:
        return dict(DATE)

    def is_instance_schema(self, schema: Any) -> Schema:
        return dict(SECRET)

    def json_or_python_schema(self, schema: Any) -> Schema:
        """A secret's name, or an IP address, as the last of the two branches makes it."""
        inner = schema["python_schema"]
        return dict(SECRET) if inner["type"] == "is-instance" else self.generate_inner(inner)

    def union_schema(self, schema: Any) -> Schema:
        made = super().union_schema(schema)
        branches = made.get("anyOf", ())
        if any(branch.get("enum") == ["first", "last"] for branch in branches):
            return dict(PLACE)
        return dict(ADDRESS) if any(branch.get("format") == "ipv4" for branch in branches) else made

    def tagged_union_schema(self, schema: Any) -> Schema:
        """A union that is told by its keys; the branch that no key tells of comes first."""
        branches = {tag: self.generate_inner(inner) for tag, inner in schema["choices"].items()}
        otherwise = branches.pop(next(iter(branches)))
        return choice(branches, otherwise)

    def function_before_schema(self, schema: Any) -> Schema:
        return form_of(schema["function"]["function"])(self.generate_inner(schema["schema"]))

    def function_after_schema(self, schema: Any) -> Schema:
        return form_of(schema["function"]["function"])(self.generate_inner(schema["schema"]))

    def default_schema(self, schema: Any) -> Schema:
        """The value's schema; its default belongs into words, since it is in another form than what is written."""
        return with_bounds(self.generate_inner(schema["schema"]))

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def nullable(schema: Schema) -> Schema:
    """The same, or nothing."""
    if "enum" in schema:
        return {"enum": [*schema["enum"], None]}
    if "type" in schema and "if" not in schema:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return {**schema, "type": [*dict.fromkeys([*kinds, "null"])]}
    branches = schema["anyOf"] if set(schema) == {"anyOf"} else [schema]
    return {"anyOf": [*branches, {"type": "null"}]}


def _bare(schema: Schema) -> Schema:
    """A model's schema without Pydantic's title, its docstring's paragraphs with one line each."""
    told = {word: value for word, value in schema.items() if word != "title"}
    if "description" in told:
        paragraphs = told["description"].split("\n\n")
        told["description"] = "\n\n".join(" ".join(each.split()) for each in paragraphs)
    return told
