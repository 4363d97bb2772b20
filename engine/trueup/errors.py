"""What can go wrong, said so that the reader knows where and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A place in a file: the path as the operator sees it; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def short(self) -> str:
        """The place without its column, as plans show it."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what would be right.

    `where` is a place in a file, or a router and its row, as text; `severity` is "error" or "warning".
    """

    message: str
    where: Source | str | None = None
    remedy: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head}; {self.remedy}" if self.remedy else head


class TrueupError(Exception):
    """An error that the command line shows without a traceback; it carries every problem found."""

    def __init__(self, problems: Iterable[Problem] | Problem | str) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class BadValue(TrueupError, ValueError):
    """A value that its property's type refuses; the message never repeats a secret."""


class DeclarationError(TrueupError):
    """Something in the network's files is wrong."""


class SecretError(TrueupError):
    """A secret is missing, cannot be read, or is kept where it may not be."""


class RouterError(TrueupError):
    """A router could not be reached, refused us, or is not the one that was declared."""


class PlanError(TrueupError):
    """The declared state cannot be reached from the live one, or the plan no longer fits."""


class AuditError(TrueupError):
    """The audit repository cannot be read or written."""


class ForgeError(TrueupError):
    """A forge could not be reached, refused us, or answered what its API does not."""


class RemoteError(TrueupError):
    """The network's git remote cannot be reached, or does not hold what is asked for."""
