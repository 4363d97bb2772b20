"""A router's own file with its head edited in place: comments and layout stay, and the new text is loaded first."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from trueup.adopt.edit import Page, Splice, Unclear, as_before, edit_mapping, spliced
from trueup.adopt.keep import Writing
from trueup.adopt.prove import WithFile, load_tree, tree_of
from trueup.errors import DeclarationError, Problem
from trueup.load.compose import decode
from trueup.load.network import Network
from trueup.load.router import Router

Change = Callable[[Page], Sequence[Splice]]


def edited(network: Network, router: Router, change: Change, remedy: str) -> tuple[Writing, Network]:
    """The writing that makes a change of the router's own file, and the network as it then is.

    Nothing is written. Raises DeclarationError, with the remedy where the text cannot be edited safely.
    """
    path = Path(os.path.realpath(network.root / router.file))
    data = path.read_bytes()
    before = data.decode("utf-8")
    page = Page(decode(data, router.file))
    try:
        text = as_before(before, spliced(page.text, change(page)))
    except Unclear as unclear:
        raise DeclarationError(Problem(f"cannot be edited: {unclear}", router.file, remedy)) from None
    after = text.encode("utf-8")
    with tree_of(network.root) as base:
        then = load_tree(network.root, WithFile(base, router.file, after))
    return Writing(path, after, data, path.stat().st_mode & 0o777), then


def pin(fingerprint: str) -> Change:
    """Put a certificate's fingerprint under `connect`, in place of whatever `tls` says there."""
    return lambda page: put_connect(page, "tls", f'{{fingerprint: "sha256:{fingerprint}"}}')


def put_connect(page: Page, key: str, text: str) -> Sequence[Splice]:
    """Give a key of `connect` a value, which is written in one line; raises Unclear."""
    connect = page.root.get("connect")
    if connect is None or connect.empty:
        return edit_mapping(page, page.root, {"connect": f"\n  {key}: {text}"})
    if connect.kind != "mapping":
        raise Unclear("`connect` is an alias")
    return edit_mapping(page, connect, {key: text})
