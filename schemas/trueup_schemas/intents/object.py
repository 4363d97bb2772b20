"""What all intents share: words that stay as RouterOS has them, and marks that go into the rows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from trueup_schemas.declared import Declared


def _listed(value: Any) -> Any:
    """One word stands for a list of one."""
    return (value,) if isinstance(value, str | int) and not isinstance(value, bool) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""One word, or a list of words."""


Place = Literal["first", "last"] | dict[Literal["before", "after"], Any]
"""Where a row goes among undeclared rows, in menus whose order counts."""


class Marked(Declared):
    """Something that becomes one main row; `was` is its former name, `protect` keeps its rows from removal."""

    was: str | None = None
    protect: bool | None = None
    ignore: Words | None = None


class Commented(Marked):
    """The same, where the row can have a comment."""

    comment: str | None = None


class Object(Commented):
    """The same, where the row can be disabled too."""

    disabled: bool | None = None
