"""`make contract`: the dialogues of tests/fidelity and the safety nets against a real router."""

from __future__ import annotations

import getpass
import os
import socket
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "fidelity")]

from contract_asked import PASSWORD, BadRequest, asked  # noqa: E402
from contract_run import run  # noqa: E402

from trueup.errors import Problem, RouterError, TrueupError  # noqa: E402

ERROR, STOPPED = 1, 130


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def agree() -> bool:
    """Ask on the terminal; no terminal is no consent."""
    if not sys.stdin.isatty():
        return False
    sys.stdout.write("Go on? Only `yes` does: ")
    sys.stdout.flush()
    return sys.stdin.readline().strip() == "yes"


def password() -> str:
    if not sys.stdin.isatty():
        raise BadRequest(Problem("no password is told", None, f"set {PASSWORD}, empty for a router without one"))
    return getpass.getpass("Password: ")


def stay_with(host: str) -> None:
    """Refuse every connection but those to this router, from here on; raises RouterError for a name that is none."""
    try:
        known = {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except OSError:
        raise RouterError(Problem("the name cannot be resolved", host, "correct ROUTER, or give an address")) from None

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event in ("socket.connect", "socket.sendto"):
            end = arguments[1]
            if isinstance(end, tuple) and str(end[0]) not in known:
                raise PermissionError(f"a contract run reaches {host} alone, not {end[0]}")

    sys.addaudithook(watch)


def main() -> int:
    try:
        wanted = asked(os.environ)
        stay_with(wanted.router)
        return run(wanted, say, agree, password)
    except TrueupError as error:
        sys.stderr.write(f"{error}\n")
        return ERROR
    except OSError as error:
        sys.stderr.write(f"{error.filename or ''}: {error.strerror or error}\n")
        return ERROR
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        return STOPPED


if __name__ == "__main__":
    sys.exit(main())
