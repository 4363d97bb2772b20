"""What every model of what operators write is made of: its keys, its errors, and the values that many share."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, InstanceOf
from pydantic.alias_generators import to_snake
from pydantic_core import PydanticCustomError

from trueup_schemas.secret import SecretRef


def kebab(name: str) -> str:
    """The key in YAML of a model's field."""
    return to_snake(name).replace("_", "-")


class Declared(BaseModel):
    """What an operator wrote: kebab-case keys, no unknown ones; numbers stand for their text where text is wanted."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=kebab, validate_by_name=False, coerce_numbers_to_str=True
    )


def wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError("declaration", "{message}", {"message": message})


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", text):
        raise wrong("expected a name: letters, digits, '.', '_' and '-', at most 63, beginning with a letter or digit")
    return text


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,252})|[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?", text):
        raise wrong(f"expected an address or a host name, got '{text[:40]}'")
    return text


def seconds(value: Any) -> Any:
    """A duration in RouterOS's notation, such as 1h30m, as seconds."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    match = isinstance(value, str) and re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?", value)
    if not match or not value:
        raise wrong("expected a duration such as 10s or 500ms")
    hours, minutes, whole, thousandths = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + whole + thousandths / 1000


def share(value: Any) -> Any:
    """A share such as 30%, as a fraction."""
    match = isinstance(value, str) and re.fullmatch(r"(\d{1,3})%", value)
    if not match or int(match[1]) > 100:
        raise wrong("expected a share such as 30%, at most 100%")
    return int(match[1]) / 100


Name = Annotated[str, AfterValidator(_name)]
Host = Annotated[str, AfterValidator(_host)]
Secret = InstanceOf[SecretRef]
