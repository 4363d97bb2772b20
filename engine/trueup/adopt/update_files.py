"""The files that keep what was merged."""

from __future__ import annotations

import os
from pathlib import Path

from trueup.adopt.keep import Writing
from trueup.adopt.update import Drift, Updated
from trueup.adopt.update_secrets import stored
from trueup.errors import DeclarationError, Problem


def writings(updated: Updated, drift: Drift) -> list[Writing]:
    """The files that keep what was merged: the router's own, and the secrets file."""
    files: list[Writing] = []
    if updated.secrets:
        store = Path(os.path.realpath(drift.stores.file))
        kept = _read(store)
        text = stored((kept or b"").decode("utf-8"), updated.secrets)
        files.append(Writing(store, text.encode("utf-8"), kept, 0o600))
    if updated.text != updated.before:
        path = Path(os.path.realpath(drift.network.root / updated.file))
        mode = path.stat().st_mode & 0o777
        files.append(Writing(path, updated.text.encode("utf-8"), updated.before.encode("utf-8"), mode))
    return files


def _read(store: Path) -> bytes | None:
    try:
        store.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return store.read_bytes() if store.exists() else None
    except OSError as error:
        raise DeclarationError(Problem(f"nothing was written: {error.strerror}", str(store))) from None
