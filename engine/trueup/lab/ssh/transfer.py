"""SFTP and SCP: the rows of /file as files; nothing of the machine that runs the lab can be reached."""

from __future__ import annotations

import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import asyncssh

from trueup.lab import files
from trueup.lab.policy import EVERY_POLICY
from trueup.lab.scripting.console import As
from trueup.lab.scripting.interpret import IMPORTED
from trueup.lab.scripting.trouble import Failure
from trueup.lab.ssh.login import Login

LARGEST = 64 * 1024 * 1024
"""Bytes that one file may hold here; a router is bounded by its disk."""

RUNS, LOGS = ".auto.rsc", ".auto.log"
"""An upload of the first kind is imported at once; what that said is kept under the second (MikroTik documentation)."""

POLICY = "ftp"
"""What one must be allowed to, to read, write and transfer files (MikroTik documentation, User groups)."""


@dataclass(slots=True)
class Handle:
    """An open file; what was written becomes a row when it is closed."""

    name: str
    data: bytearray = field(default_factory=bytearray)
    writes: bool = False
    appends: bool = False


class Files(asyncssh.SFTPServer):
    """One user's view of a router's files; whatever is not written here is refused."""

    def __init__(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        super().__init__(chan)
        login = chan.get_extra_info("login")
        assert isinstance(login, Login)  # noqa: S101
        self._router = login.router
        self._user = login.seat.user

    def map_path(self, path: bytes) -> bytes:
        """No path leads to a file of this machine, whatever asyncssh would do with it."""
        raise asyncssh.SFTPOpUnsupported("not on routers")

    def _name(self, path: bytes) -> str:
        """A path as the router names its file; raises for users who may not."""
        if POLICY not in self._router.policies(self._user):
            raise asyncssh.SFTPPermissionDenied("not enough permissions")
        parts = [part for part in path.decode("utf-8", "surrogateescape").split("/") if part not in ("", ".")]
        if ".." in parts:
            raise asyncssh.SFTPNoSuchFile("no such file")
        return "/".join(parts)

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        name = self._name(path)
        with self._router.lock:
            row = files.found(self._router, name)
        if row is None and not pflags & asyncssh.FXF_CREAT:
            raise asyncssh.SFTPNoSuchFile("no such file")
        if not name or (row is not None and pflags & asyncssh.FXF_EXCL):
            raise asyncssh.SFTPFailure("file already exists")
        kept = bytearray() if row is None or pflags & asyncssh.FXF_TRUNC else bytearray(files.contents(row))
        return Handle(name, kept, bool(pflags & asyncssh.FXF_WRITE), bool(pflags & asyncssh.FXF_APPEND))

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        assert isinstance(file_obj, Handle)  # noqa: S101
        return bytes(file_obj.data[offset : offset + size])

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        assert isinstance(file_obj, Handle)  # noqa: S101
        at = len(file_obj.data) if file_obj.appends else offset
        if at + len(data) > LARGEST:
            raise asyncssh.SFTPFailure("not enough space on disk")
        file_obj.data.extend(bytes(max(0, at - len(file_obj.data))))
        file_obj.data[at : at + len(data)] = data
        return len(data)

    def close(self, file_obj: object) -> None:
        assert isinstance(file_obj, Handle)  # noqa: S101
        if file_obj.writes:
            with self._router.lock:
                self._router.catch_up()
                files.put(self._router, file_obj.name, bytes(file_obj.data))
                if file_obj.name.endswith(RUNS):
                    self._run(file_obj.name)

    def _run(self, name: str) -> None:
        """Import what was uploaded, as the one who did, and keep what came of it."""
        who = As(self._user, self._router.policies(self._user) & EVERY_POLICY)
        try:
            run = self._router.scripting.run(self._router.scripting.contents(name), who)
            said = "\n".join([*filter(None, [self._router.scripting.finish(run)]), IMPORTED])
        except Failure as failure:
            said = failure.message
        files.put(self._router, name.removesuffix(RUNS) + LOGS, f"{said}\n".encode("utf-8", "surrogateescape"))

    def stat(self, path: bytes) -> asyncssh.SFTPAttrs:
        name = self._name(path)
        with self._router.lock:
            row = files.found(self._router, name)
            names = [each.values["name"] for each in self._router.menu(files.FILE).table]
        if row is not None and row.marks.get("type") != "directory":
            return regular(len(files.contents(row)))
        if name and row is None and not any(each.startswith(f"{name}/") for each in names):
            raise asyncssh.SFTPNoSuchFile("no such file")
        return asyncssh.SFTPAttrs(permissions=stat.S_IFDIR | 0o755, size=0)

    lstat = stat

    def fstat(self, file_obj: object) -> asyncssh.SFTPAttrs:
        assert isinstance(file_obj, Handle)  # noqa: S101
        return regular(len(file_obj.data))

    def setstat(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        self.stat(path)

    def fsetstat(self, file_obj: object, attrs: asyncssh.SFTPAttrs) -> None:
        """Routers keep no times or permissions that clients set."""

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        folder = self._name(path)
        head = f"{folder}/" if folder else ""
        with self._router.lock:
            names = [row.values["name"] for row in self._router.menu(files.FILE).table]
        below = {name[len(head) :].partition("/")[0] for name in names if name.startswith(head)}
        for name in sorted(below):
            yield asyncssh.SFTPName(name.encode(), attrs=self.stat(f"{head}{name}".encode()))

    def remove(self, path: bytes) -> None:
        with self._router.lock:
            if not files.remove(self._router, self._name(path)):
                raise asyncssh.SFTPNoSuchFile("no such file")

    def rename(self, oldpath: bytes, newpath: bytes) -> None:
        old, new = self._name(oldpath), self._name(newpath)
        with self._router.lock:
            row = files.found(self._router, old)
            if row is None:
                raise asyncssh.SFTPNoSuchFile("no such file")
            if files.found(self._router, new) is not None:
                raise asyncssh.SFTPFailure("file already exists")
            files.put(self._router, new, files.contents(row))
            files.remove(self._router, old)

    def realpath(self, path: bytes) -> bytes:
        return b"/" + self._name(path).encode("utf-8", "surrogateescape")


def regular(size: int) -> asyncssh.SFTPAttrs:
    """What is told of a file."""
    return asyncssh.SFTPAttrs(permissions=stat.S_IFREG | 0o644, size=size)
