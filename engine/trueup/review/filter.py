"""A filter of system calls that the kernel holds a process to, whatever runs in it (seccomp on Linux, amd64 and arm64).

Refused: sockets, other programs and processes, and whatever writes, renames or removes a file. Numbers are those of
the kernel's arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_LOAD, _EQUAL, _BEYOND, _HOLDS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
_SET_SECCOMP, _BY_FILTER = 22, 2


@dataclass(frozen=True, slots=True)
class Machine:
    """One architecture: its name for the kernel, what is refused, and which argument of an opening call says how."""

    architecture: int
    refused: tuple[int, ...]
    opening: dict[int, int]


MACHINES = {
    "x86_64": Machine(
        0xC000003E,
        (
            *(41, 53, 425),  # socket, socketpair, io_uring_setup
            *(56, 57, 58, 435, 59, 322),  # clone, fork, vfork, clone3, execve, execveat
            *(62, 200, 234, 424, 438, 101, 310, 311),  # kill and its kin, pidfds, ptrace, another's memory
            *(76, 77, 82, 84, 87, 263, 264, 316, 437),  # truncating, renaming, removing, openat2
        ),
        {2: 1, 257: 2},
    ),
    "aarch64": Machine(
        0xC00000B7,
        (198, 199, 425, 220, 435, 221, 281, 129, 130, 131, 424, 438, 117, 270, 271, 45, 46, 35, 38, 276, 437),
        {56: 2},
    ),
}


class _Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("then", ctypes.c_uint8), ("other", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def forbid() -> bool:
    """Have the kernel refuse these calls from now on, for good; False where it does not know how.

    The process must have given up new privileges before.
    """
    machine = MACHINES.get(platform.machine())
    libc = ctypes.CDLL(None, use_errno=True)
    if machine is None or not hasattr(libc, "prctl"):
        return False
    steps = [_Step(*each) for each in _steps(machine)]
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    return bool(libc.prctl(_SET_SECCOMP, _BY_FILTER, ctypes.byref(program), 0, 0) == 0)


def _steps(machine: Machine) -> Iterator[tuple[int, int, int, int]]:
    """The filter's program: code, steps to leave out where it holds and where not, operand."""
    yield _LOAD, 0, 0, _ARCHITECTURE
    yield _EQUAL, 1, 0, machine.architecture
    yield _RETURN, 0, 0, _KILL
    yield _LOAD, 0, 0, _NUMBER
    # Calls of another numbering on the same machine (x32).
    yield _BEYOND, 0, 1, 0x40000000
    yield _RETURN, 0, 0, _REFUSE
    for number in machine.refused:
        yield _EQUAL, 0, 1, number
        yield _RETURN, 0, 0, _REFUSE
    for number, argument in machine.opening.items():
        yield _EQUAL, 0, 4, number
        yield _LOAD, 0, 0, _ARGUMENTS + 8 * argument
        yield _HOLDS, 0, 1, WRITING
        yield _RETURN, 0, 0, _REFUSE
        yield _RETURN, 0, 0, _ALLOW
    yield _RETURN, 0, 0, _ALLOW
