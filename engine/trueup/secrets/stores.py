"""Where secrets are kept: environment variables first, then a file that only its owner can read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from trueup.errors import DeclarationError, Problem, SecretError, Source
from trueup.load.compose import compose_mapping, too_large
from trueup.load.node import ScalarNode, kind
from trueup.row import Digester, Secret
from trueup.secrets.digest import digester
from trueup.secrets.keys import public_key
from trueup_schemas.network import NetworkHead
from trueup_schemas.secret import PublicKeyOf, SecretRef, variable

DIGEST_KEY = SecretRef("trueup/digest-key")
"""The secret under which every digest is made; `trueup init` creates it."""


class Stores:
    """The stores of one network; nothing but `resolve` gives a value away, and that as a Secret."""

    __slots__ = ("_environment", "_values", "file")

    def __init__(self, environment: Mapping[str, str], file: Path, values: Mapping[str, Secret]) -> None:
        self._environment = environment
        self._values = values
        self.file = file

    def __repr__(self) -> str:
        return f"Stores(environment, {self.file})"

    def resolve(self, ref: SecretRef) -> Secret:
        """The secret's value; raises SecretError that names the secret and where to put it."""
        if value := self._environment.get(variable(ref.name)):
            return Secret(value)
        if ref.name in self._values:
            return self._values[ref.name]
        raise SecretError(self._missing(ref))

    def missing(self, refs: Iterable[tuple[SecretRef, Source | None]]) -> tuple[Problem, ...]:
        """A problem for each of these secrets that no store has, at the place that names it."""
        return tuple(self._missing(ref, where) for ref, where in refs if not self._holds(ref))

    def public_key(self, ref: PublicKeyOf) -> str:
        """The WireGuard public key of a private key in the stores."""
        private = self.resolve(ref.private)
        try:
            return public_key(private)
        except SecretError as error:
            found = [Problem(f"secret '{ref.private.name}': {p.message}", remedy=p.remedy) for p in error.problems]
            raise SecretError(found) from None

    def in_environment(self, ref: SecretRef) -> bool:
        """Whether the environment holds the secret, so that the file's value does not count."""
        return bool(self._environment.get(variable(ref.name)))

    def digester(self) -> Digester:
        """The network's digests, keyed by its own secret."""
        return digester(self.resolve(DIGEST_KEY))

    def _holds(self, ref: SecretRef) -> bool:
        return self.in_environment(ref) or ref.name in self._values

    def _missing(self, ref: SecretRef, where: Source | None = None) -> Problem:
        remedy = f"set {variable(ref.name)}, or add the line `{ref.name}: VALUE` to {self.file} (chmod 600)"
        return Problem(f"secret '{ref.name}' is missing", where, remedy)


def open_stores(settings: NetworkHead, root: Path, environment: Mapping[str, str] = os.environ) -> Stores:
    """The stores of the network at `root`; raises SecretError where the file lies or stands open to others.

    The file is TRUEUP_SECRETS, else `secrets: {file: PATH}` of trueup.yaml, else ~/.config/trueup/NETWORK.yaml.
    """
    named = environment.get("TRUEUP_SECRETS") or settings.secrets.file or f"~/.config/trueup/{settings.network}.yaml"
    file = root / Path(named).expanduser()
    return Stores(environment, file, _read(file, _repository(root), environment.get("CREDENTIALS_DIRECTORY", "")))


def _repository(root: Path) -> Path:
    root = root.resolve()
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)


def _read(file: Path, repository: Path, credentials: str) -> dict[str, Secret]:
    _refuse_repository(file, repository)
    try:
        with open(file, "rb", opener=_at_once) as stream:
            status = os.fstat(stream.fileno())
            _refuse_open(file, status, credentials)
            if problem := too_large(status.st_size, str(file)):
                raise SecretError(problem)
            data = stream.read()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SecretError(Problem(f"the secrets file cannot be read: {error.strerror}", Source(str(file)))) from None
    return _values(data, str(file))


def _at_once(path: str, flags: int) -> int:
    """Opens without waiting, which a named pipe would make us do."""
    return os.open(path, flags | os.O_NONBLOCK)


def _refuse_repository(file: Path, repository: Path) -> None:
    absolute = Path(os.path.normpath(file.absolute()))
    if absolute.is_relative_to(repository) or file.resolve().is_relative_to(repository):
        message = f"the secrets file is inside the network's repository {repository}"
        remedy = "move it out, name it in TRUEUP_SECRETS or in `secrets: {file: PATH}`, and change what was committed"
        raise SecretError(Problem(message, Source(str(file)), remedy))


def _refuse_open(file: Path, status: os.stat_result, credentials: str) -> None:
    """What systemd hands to a service has mode 0440: the group's bits are those of an access list of one user."""
    if not stat.S_ISREG(status.st_mode):
        raise SecretError(Problem("the secrets file is no file", Source(str(file)), "name a YAML file"))
    handed = credentials and file.parent == Path(credentials) and not status.st_mode & 0o037
    if status.st_mode & 0o077 and not handed:
        mode = stat.S_IMODE(status.st_mode)
        message = f"the secrets file is open to others (mode {mode:04o})"
        raise SecretError(Problem(message, Source(str(file)), f"run `chmod 600 {file}`"))


def _values(data: bytes, file: str) -> dict[str, Secret]:
    try:
        node = compose_mapping(data, file)
    except DeclarationError as error:
        raise SecretError(error.problems) from None
    values: dict[str, Secret] = {}
    problems: list[Problem] = []
    for name, value in node.entries.items():
        if isinstance(value, ScalarNode) and value.text and kind(value) not in ("nothing", "a secret"):
            values[name] = Secret(value.text)
        else:
            message = f"the value of '{name}' must be text, not {kind(value) if value.plain() != '' else 'empty'}"
            problems.append(Problem(message, value.source, "write `NAME: VALUE`, the value in quotes where it is odd"))
    if problems:
        raise SecretError(problems)
    return values
