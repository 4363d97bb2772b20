"""Running the confined process: bounded in time and in what it may answer, and gone when it is not wanted any more."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from typing import IO, Any, cast

from trueup.errors import DeclarationError, Problem

SECONDS = 120.0
"""The longest that compiling a change may take."""
LONGEST = 128 * 2**20
"""The most bytes of an answer."""

_CHUNK = 2**20


class Sandbox:
    """One confined process that compiles a change; it works while others do something else."""

    def __init__(self, request: bytes, seconds: float = SECONDS) -> None:
        self._deadline = time.monotonic() + seconds
        self._seconds = seconds
        with tempfile.TemporaryFile() as given:
            given.write(request)
            given.seek(0)
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-m", "trueup.review.child"],
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8"},
                cwd="/",
                close_fds=True,
                start_new_session=True,
            )
        self._output = cast("IO[bytes]", self._process.stdout)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self._end(0.0)

    def answer(self) -> dict[str, Any]:
        """The answer, as the process gave it; raises DeclarationError where it gave none in time."""
        data = self._read()
        self._end(2.0)
        try:
            document = json.loads(data)
        except (ValueError, RecursionError):
            raise _failed(self._why(), "see whether a template or a file of the change is very large") from None
        if not isinstance(document, dict):
            raise _failed("it gave no answer")
        return document

    def _read(self) -> bytes:
        chunks: list[bytes] = []
        size = 0
        with selectors.DefaultSelector() as selector:
            selector.register(self._output, selectors.EVENT_READ)
            while True:
                left = self._deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise _failed(f"it took longer than {self._seconds:.0f} seconds", "does a loop end?")
                chunk = os.read(self._output.fileno(), _CHUNK)
                if not chunk:
                    return b"".join(chunks)
                size += len(chunk)
                if size > LONGEST:
                    raise _failed(f"it makes more than {LONGEST // 2**20} MB of rows", "make the change smaller")
                chunks.append(chunk)

    def _why(self) -> str:
        """Why there is no answer: what ended the process."""
        code = self._process.returncode
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            return "it used up its time or its memory"
        if code < 0:
            return f"its process was ended by signal {-code}"
        return "its process ended without an answer"

    def _end(self, patience: float) -> None:
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._output.close()


def _failed(text: str, remedy: str = "") -> DeclarationError:
    return DeclarationError(Problem(f"the change could not be compiled: {text}", remedy=remedy))
