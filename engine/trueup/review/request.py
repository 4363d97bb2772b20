"""What the confined process is asked, and words that both sides use alike."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping
from typing import Any

from trueup.load.held import Held
from trueup.load.router import Router
from trueup_schemas.secret import SecretRef

FORMAT_VERSION = "1.0"


def request_of(held: Held, routers: Collection[str], versions: Mapping[str, str]) -> bytes:
    """Compile the routers of these files, of these versions where they declare none; files that cannot be read are
    left out."""
    request = {
        "commit": held.commit,
        "files": {path: base64.b64encode(data).decode("ascii") for path, data in held.files.items()},
        "paths": [path for path in held.paths if path in held.files],
        "stubs": sorted(held.stubs),
        "routers": sorted(routers),
        "versions": dict(versions),
    }
    return json.dumps(request).encode()


def connect_text(router: Router) -> str:
    """How a router is reached, as one text, so that two revisions can be compared; secrets by their names."""
    if router.connect is None:
        return ""
    return json.dumps(router.connect.model_dump(by_alias=True), default=_plain, sort_keys=True)


def _plain(value: Any) -> str:
    return f"!secret {value.name}" if isinstance(value, SecretRef) else str(value)
