"""How written values are taken, refused, and read back."""

from __future__ import annotations

from trueup_schemas.catalogue.types import Property


def accept(property: Property, text: str, form: str = "") -> str:
    """The value as a print will show it; raises the router's refusal."""
    if property.type == "bool":
        return {"yes": "true", "no": "false"}.get(text, text)
    return text
