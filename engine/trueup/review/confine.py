"""A process gives up what it does not need before it reads what a stranger wrote: network, files, other processes."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import sysconfig
import zoneinfo
from pathlib import Path

from trueup.review.filter import forbid

MEMORY = 2 * 2**30
"""Bytes of address space."""
CPU = 120
"""Seconds of computing."""

FILTERED = "filtered calls"
"""The wall of the kernel that needs no namespace: no socket, no other program, nothing written."""

_NEW_USER, _NEW_NET, _NEW_IPC = 0x10000000, 0x40000000, 0x08000000
_NO_NEW_PRIVILEGES, _NOT_DUMPABLE = 38, 4

_HARMLESS = {"os.listdir", "os.scandir", "os.walk", "os.fwalk"}
_REFUSED = (
    "ctypes.",
    "fcntl.",
    "ftplib.",
    "http.",
    "mmap.",
    "msvcrt.",
    "os.",
    "poplib.",
    "pty.",
    "resource.",
    "shutil.",
    "signal.",
    "smtplib.",
    "socket.",
    "sqlite3.",
    "subprocess.",
    "syslog.",
    "telnetlib.",
    "tempfile.",
    "urllib.",
    "webbrowser.",
    "winreg.",
)
"""What is refused by how the event's name begins; `open` is looked at by itself."""


class Refused(Exception):
    """The confined process reached for something that it gave up."""


def confine(memory: int = MEMORY, cpu: int = CPU) -> list[str]:
    """Give everything up, for good; the names of the walls that stand. What the kernel refuses is left out."""
    walls = [*_bound(memory, cpu), *_leave_namespaces(), *_drop_privileges()]
    walls += [FILTERED] if forbid() else []
    _watch()
    return [*walls, "audit hook"]


def _bound(memory: int, cpu: int) -> list[str]:
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: cpu,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_NPROC: 0,
    }
    for which, most in limits.items():
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(which, (most, most))
    return ["limits"]


def _leave_namespaces() -> list[str]:
    """A network of its own, without any interface: only where a user may have a namespace of their own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare"):
        return []
    for kinds in (_NEW_USER | _NEW_NET | _NEW_IPC, _NEW_NET | _NEW_IPC):
        if libc.unshare(kinds) == 0:
            return ["no network"]
    return []


def _drop_privileges() -> list[str]:
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "prctl"):
        return []
    libc.prctl(_NOT_DUMPABLE, 0, 0, 0, 0)
    return ["no new privileges"] if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0 else []


def _watch() -> None:
    """Refuse every file but Python's own, and everything that could reach out of the process."""
    roots = tuple(sorted(_own_folders()))

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            _look_at_open(arguments, roots)
        elif event.startswith(_REFUSED) and event not in _HARMLESS:
            raise Refused(f"{event} is refused while a change is compiled")

    sys.addaudithook(refuse)


def _look_at_open(arguments: tuple[object, ...], roots: tuple[str, ...]) -> None:
    path, mode, flags = arguments[0], arguments[1], arguments[2]
    if isinstance(path, int):
        return
    writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    if isinstance(mode, str) and set(mode) & set("wax+"):
        writes = True
    real = os.path.realpath(os.fsdecode(path)) if isinstance(path, str | bytes) else ""
    if writes or not real.startswith(roots):
        raise Refused("files are refused while a change is compiled")


def _own_folders() -> set[str]:
    """Where Python, its packages and trueup's own data lie."""
    found = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    for name in ("trueup", "trueup_schemas", "trueup_templates"):
        found |= {str(Path(each)) for each in getattr(sys.modules.get(name), "__path__", ())}
    found |= set(zoneinfo.TZPATH)
    return {os.path.realpath(each) + os.sep for each in found if each}
