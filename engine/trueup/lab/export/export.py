"""A whole export, or that of one menu and what is below it."""

from __future__ import annotations

from trueup.lab.export.order import in_order
from trueup.lab.export.rows import Teller
from trueup.lab.export.wanted import Wanted
from trueup.lab.export.writing import section
from trueup.lab.ledger import moment
from trueup.lab.machine import Machine

LEFT_OUT = frozenset(
    {"/certificate", "/file", "/log", "/safe-mode", "/system/history", "/system/license", "/user", "/user/active"}
    | {"/system/script/environment", "/system/script/job", "/user/ssh-keys", "/user/ssh-keys/private"}
)
"""Menus that no export tells of (MikroTik documentation, Configuration Management: users, certificates, files)."""


def export(machine: Machine, path: str, wanted: Wanted) -> str:
    """The text of an export; the caller holds the router's lock."""
    lines = head(machine)
    factory = machine.factory()
    known = [each for each in machine.shapes.paths if told(machine, each, path, wanted)]
    for each in in_order(machine, known):
        commands = list(Teller(machine, factory.menu(each), machine.menu(each), wanted).commands())
        if commands:
            lines += section(each, commands, wanted.terse)
    return "\n".join(lines) + "\n"


def told(machine: Machine, path: str, below: str, wanted: Wanted) -> bool:
    """Whether a menu is asked for; one that nobody looked at is as the router came, and told by verbose alone."""
    if path in LEFT_OUT or not (path == below or path.startswith(f"{below}/")):
        return False
    return wanted.verbose or path in machine.tables


def head(machine: Machine) -> list[str]:
    """The remarks that an export begins with; a CHR has neither model nor serial number."""
    hardware = machine.hardware
    lines = [f"{moment(machine, machine.clock())} by RouterOS {machine.spec.version}"]
    if hardware.board.model:
        serial = hardware.serial
        lines += [f"software id = {serial[:4]}-{serial[4:8]}", "", f"model = {hardware.board.model}"]
        lines += [f"serial number = {serial}"]
    else:
        lines += ["software id = ", ""]
    return [f"# {line}".rstrip() for line in lines]
