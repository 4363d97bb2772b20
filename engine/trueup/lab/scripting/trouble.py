"""Why a script ends early; the words are the router's where they are known."""

from __future__ import annotations


class Failure(Exception):
    """A command fails while the script runs; `:do … on-error` catches it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Stopped(Failure):
    """The simulation ends a script that goes beyond its bounds; nothing in the script catches that."""


class Malformed(Exception):
    """A text that is no script; nothing of it runs."""

    def __init__(self, what: str, text: str, at: int) -> None:
        line = text.count("\n", 0, at) + 1
        column = at - (text.rfind("\n", 0, at) + 1) + 1
        self.message = f"{what} (line {line} column {column})"
        super().__init__(self.message)


SYNTAX = "syntax error"
END = "expected end of command"
BRACE = "expected closing brace"
"""What routers say, with line and column (tik4net findings; beeyev's backup script #65; mikrotik-blacklist #5)."""


def bad_command(name: str) -> str:
    """A word that is neither a menu nor a command (mikrotik-mcp #133)."""
    return f"bad command name {name}"
