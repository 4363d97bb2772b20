"""Places in files as JSON data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trueup.errors import Source


def source_to_document(source: Source | None) -> dict[str, Any] | None:
    """The place as JSON data, None for none."""
    return None if source is None else {"file": source.file, "line": source.line, "column": source.column}


def source_from_document(document: Mapping[str, Any] | None) -> Source | None:
    """The place from JSON data; raises KeyError or TypeError where it is none."""
    return None if document is None else Source(document["file"], document["line"], document["column"])
