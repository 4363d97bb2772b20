"""Who may log in to the page: a file with names, roles and hashed passwords, read again whenever it changes."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trueup.errors import DeclarationError, Problem, Source, TrueupError
from trueup.load.compose import compose_mapping, too_large
from trueup.load.node import MappingNode, ScalarNode
from trueup.web.password import DEFAULT, LONGEST, SHORTEST, Cost, check_password, hash_password, is_hash
from trueup_schemas.network import NetworkHead

ROLES = ("viewer", "operator")
"""A viewer looks; an operator also has things done."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")

_HEAD = "# Who may log in to the page. Made by `trueup user`; passwords are in here as scrypt hashes only.\n"


class UserError(TrueupError):
    """The file of users cannot be read or written, or something asked of it cannot be."""


@dataclass(frozen=True, slots=True)
class User:
    """One person; `kept` is the hash of the password."""

    name: str
    role: str
    kept: str

    @property
    def operator(self) -> bool:
        return self.role == "operator"

    def __repr__(self) -> str:
        return f"User({self.name!r}, {self.role!r})"


class Users:
    """The users of one file; where the file is missing there are none."""

    def __init__(self, path: Path, cost: Cost = DEFAULT) -> None:
        self.path = path
        self._cost = cost
        self._stamp: tuple[int, int, int] | None = None
        self._users: Mapping[str, User] = {}
        self._nobody = ""

    def all(self) -> Mapping[str, User]:
        """Every user by name; raises UserError where the file cannot be read, or is open to others."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            self._stamp, self._users = None, {}
            return self._users
        except OSError as error:
            raise UserError(Problem(f"the users cannot be read: {error.strerror}", str(self.path))) from None
        stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        if stamp != self._stamp:
            self._users, self._stamp = _read(self.path, status), stamp
        return self._users

    def find(self, name: str) -> User | None:
        """The user of that name."""
        return self.all().get(name)

    def check(self, name: str, password: str) -> User | None:
        """The user with this name and password; takes as long where there is no such user."""
        user = self.find(name)
        # Made for whoever asks first, or the first unknown name would take twice as long.
        self._nobody = self._nobody or hash_password("", self._cost)
        if user is None:
            check_password(password, self._nobody)
            return None
        return user if check_password(password, user.kept) else None

    def add(self, name: str, role: str, password: str) -> None:
        """A new user; raises UserError where there is one of that name."""
        self.refuse_new(name)
        self._write({**self.all(), name: User(name, role, self._hash(password))})

    def refuse_new(self, name: str) -> None:
        """Raise UserError where no user of this name can be added."""
        if not NAME.fullmatch(name):
            remedy = "use letters, digits, '.', '_', '-' and '@', 64 at most, beginning with a letter or digit"
            raise UserError(Problem("this cannot be a user's name", name[:80], remedy))
        if name in self.all():
            raise UserError(Problem("there is a user of that name", name, "change it with `trueup user password`"))

    def change(self, name: str, password: str) -> None:
        """Another password; ends the user's sessions."""
        user = self._known(name)
        self._write({**self.all(), name: User(name, user.role, self._hash(password))})

    def give(self, name: str, role: str) -> None:
        """Another role."""
        user = self._known(name)
        self._write({**self.all(), name: User(name, role, user.kept)})

    def remove(self, name: str) -> None:
        """Take a user away; ends the user's sessions."""
        self._known(name)
        self._write({each: user for each, user in self.all().items() if each != name})

    def refuse_unknown(self, name: str) -> None:
        """Raise UserError where there is no such user."""
        self._known(name)

    def _known(self, name: str) -> User:
        user = self.find(name)
        if user is None:
            raise UserError(Problem("there is no such user", name[:80], "see `trueup user list`"))
        return user

    def _hash(self, password: str) -> str:
        if not SHORTEST <= len(password) <= LONGEST:
            raise UserError(Problem(f"the password must have {SHORTEST} to {LONGEST} characters", self.path.name))
        return hash_password(password, self._cost)

    def _write(self, users: Mapping[str, User]) -> None:
        """Write the file whole or not at all, for its owner alone."""
        lines = [
            f'"{user.name}": {{role: {user.role}, password: "{user.kept}"}}\n' for _, user in sorted(users.items())
        ]
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(draft, flags, 0o600), "w", encoding="utf-8") as stream:
                stream.write(_HEAD + "".join(lines))
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(self.path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise UserError(Problem(f"the users cannot be written: {error.strerror}", str(self.path))) from None


def users_path(settings: NetworkHead, root: Path) -> Path:
    """Where a network's users are: `web: {users: FILE}`, else ~/.config/trueup/NETWORK-users.yaml."""
    named = settings.web.users if settings.web else None
    return root / Path(named or f"~/.config/trueup/{settings.network}-users.yaml").expanduser()


def _read(path: Path, status: os.stat_result) -> Mapping[str, User]:
    if not stat.S_ISREG(status.st_mode):
        raise UserError(Problem("the file of users is no file", str(path), "name a YAML file"))
    if status.st_mode & 0o077:
        mode = stat.S_IMODE(status.st_mode)
        raise UserError(
            Problem(f"the file of users is open to others (mode {mode:04o})", str(path), f"run `chmod 600 {path}`")
        )
    if problem := too_large(status.st_size, str(path)):
        raise UserError(problem)
    try:
        top = compose_mapping(path.read_bytes(), str(path))
    except DeclarationError as error:
        raise UserError(error.problems) from None
    except OSError as error:
        raise UserError(Problem(f"the users cannot be read: {error.strerror}", str(path))) from None
    return {name: _user(name, node, str(path)) for name, node in top.entries.items()}


def _user(name: str, node: object, file: str) -> User:
    """A user's entry. The message never repeats what stands there."""
    values = node.entries if isinstance(node, MappingNode) else {}
    role, kept = (part.text if isinstance(part := values.get(key), ScalarNode) else "" for key in ("role", "password"))
    if set(values) != {"role", "password"} or role not in ROLES or not is_hash(kept) or not NAME.fullmatch(name):
        where = node.source if isinstance(node, MappingNode | ScalarNode) else Source(file)
        remedy = "take the line away, and make the user with `trueup user add`"
        raise UserError(Problem("this is no user: a role and a hashed password are expected", where, remedy))
    return User(name, role, kept)
