"""What commands that take an export share: its bytes, and the site that its router's file goes to."""

from __future__ import annotations

from pathlib import Path

from trueup.errors import DeclarationError, Problem
from trueup.load.compose import LIMIT, too_large
from trueup.load.network import Network


def read_export(export: Path) -> bytes:
    """A file's bytes; raises DeclarationError for one that cannot be read, or is too large to be one router's."""
    try:
        with export.open("rb") as file:
            data = file.read(LIMIT + 1)
    except OSError as error:
        raise DeclarationError(Problem(f"the export cannot be read: {error.strerror}", str(export))) from None
    if len(data) > LIMIT and (problem := too_large(export.stat().st_size, str(export))):
        raise DeclarationError(problem)
    return data


def site_of(network: Network, site: str | None) -> str:
    """The site that is meant, or the only one; raises DeclarationError where there is none such, or are several."""
    sites = sorted(str(path.parent.relative_to(network.root)) for path in network.root.rglob("site.y*ml"))
    if site is None and len(sites) == 1:
        return sites[0]
    if site is None or site.strip("/") not in sites:
        message = f"there is no site '{site}'" if site else "the router needs a site"
        known = f"say --site, one of: {', '.join(sites)}" if sites else "make a folder with an empty site.yaml"
        raise DeclarationError(Problem(message, str(network.root), known))
    return site.strip("/")
