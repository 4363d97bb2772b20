"""The files that make a loaded export a router of its network: an entry in lab.yaml, and how to reach it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from trueup.adopt.keep import Writing
from trueup.adopt.page import quoted, scalar
from trueup.cli.arrival import site_of
from trueup.errors import DeclarationError, Problem
from trueup.load.network import find_root, load_network
from trueup.secrets import open_stores
from trueup_schemas.secret import SecretRef

LAB = """\
# Virtual routers to rehearse on; `trueup lab up` starts them. They are simulated.
routers:
"""
CA = ".trueup/lab/ca.pem"


@dataclass(frozen=True, slots=True)
class Access:
    """The virtual router's own login; `hint` is what a router that is declared already has to say to be reached."""

    password: str
    writings: tuple[Writing, ...] = ()
    hint: str = ""


def access_to(name: str, address: str, folder: Path, site: str | None) -> Access:
    """A login for the virtual router, and the router's stub where the network does not declare it.

    Outside of a network there is nothing to write. Raises DeclarationError.
    """
    try:
        find_root(folder)
    except DeclarationError:
        return Access(secrets.token_urlsafe(12))
    network = load_network(folder)
    stores = open_stores(network.settings, network.root)
    ref = SecretRef(f"lab/{name}")
    known = not stores.missing([(ref, None)])
    password = stores.resolve(ref).reveal() if known else secrets.token_urlsafe(12)
    connect = f"connect: {{hosts: [{address}], username: trueup, password: {ref}, tls: {{ca: {CA}}}}}"
    writings = [] if known else [_stored(stores.file, f"{ref.name}: {quoted(password)}\n")]
    if router := next((each for each in network.routers if each.name == name), None):
        hint = "" if router.connect and address in router.connect.hosts else f"{router.file}: {connect}"
        return Access(password, tuple(writings), hint)
    file = network.root / site_of(network, site) / f"{name}.yaml"
    writings.append(Writing(file, f"# A virtual router; see lab.yaml.\nrouter: {name}\n{connect}\n".encode()))
    return Access(password, tuple(writings))


def _stored(file: Path, line: str) -> Writing:
    """The secrets file with one line more."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = file.read_bytes() if file.exists() else None
    except OSError as error:
        raise DeclarationError(Problem(f"nothing was written: {error.strerror}", str(file))) from None
    gap = b"\n" if kept and not kept.endswith(b"\n") else b""
    return Writing(file, (kept or b"") + gap + line.encode(), kept, 0o600)


def with_router(file: Path, entry: Mapping[str, str | tuple[str, ...]]) -> Writing:
    """A lab.yaml with one router more at the end of its list, all else as it stood; raises DeclarationError."""
    if not file.exists():
        return Writing(file, f"{LAB}{_entry(entry, 2)}".encode())
    before = file.read_bytes()
    text = before.decode("utf-8")
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    routers = {key.value: value for key, value in node.value}["routers"] if node is not None else None
    if not isinstance(routers, yaml.SequenceNode) or routers.flow_style or not routers.value:
        problem = Problem("its routers do not stand one below the other", str(file), "write them as a list with dashes")
        raise DeclarationError(problem)
    lines = text.splitlines(keepends=True)
    last = max(_last_line(routers.value[-1]), 0)
    if not lines[last].endswith("\n"):
        lines[last] += "\n"
    lines.insert(last + 1, _entry(entry, routers.value[0].start_mark.column - 2))
    return Writing(file, "".join(lines).encode("utf-8"), before)


def _last_line(node: yaml.Node) -> int:
    """The number of the last line that says anything of a node; a block's own end lies beyond blank lines."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1])
    mark = node.end_mark
    return int(mark.line) - (1 if mark.column == 0 and mark.line > node.start_mark.line else 0)


def _entry(entry: Mapping[str, str | tuple[str, ...]], indent: int) -> str:
    """One router of the list, a line for each of its words."""
    lines = [f"{name}: {_shown(name, value)}" for name, value in entry.items() if value]
    return "".join(f"{' ' * indent}{'- ' if not number else '  '}{line}\n" for number, line in enumerate(lines))


def _shown(name: str, value: str | tuple[str, ...]) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(scalar, value))}]"
    return quoted(value) if name in ("version", "password") else scalar(value)
