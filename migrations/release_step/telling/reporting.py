"""Say it once: sentences for people, or one JSON object on stdout."""

import contextlib
import io
import json
import sys
from typing import Any, TextIO

from migrations.release_step.telling.failures import Failure


class Reporter:
    """Where a command's words go. With JSON, stdout holds exactly one object; failures also take one line of stderr."""

    def __init__(self, command: str, *, is_json: bool) -> None:
        self.command = command
        self.is_json = is_json
        self.has_terminal = sys.stderr.isatty()
        # While a command runs, whatever a revision prints goes elsewhere.
        self.out = sys.stdout

    def line(self, text: str) -> None:
        """A result that people read."""
        if not self.is_json:
            _write(self.out, text)

    def script(self, sql: str) -> None:
        """SQL for psql, as it is."""
        if not self.is_json:
            self.out.write(sql)

    def ask(self, question: str) -> str:
        """What whoever sits at the terminal answers."""
        sys.stderr.write(question)
        sys.stderr.flush()
        return sys.stdin.readline()

    def notice(self, text: str) -> None:
        """Progress; only where somebody is watching."""
        if self.has_terminal:
            _write(sys.stderr, f"\x1b[2m{text}\x1b[0m")

    def finish(self, data: dict[str, Any]) -> None:
        """The end of a command that did what it was asked."""
        self._object({"command": self.command, "exit_code": 0, **data})

    def fail(self, failure: Failure) -> None:
        """The end of a command that did not."""
        _write(sys.stderr, failure.line)
        data = {"code": failure.code, "message": failure.line, "details": failure.details}
        self._object({"command": self.command, "exit_code": failure.exit_code, **data})

    def _object(self, data: dict[str, Any]) -> None:
        if self.is_json:
            _write(self.out, json.dumps(data, ensure_ascii=False, default=str))


class Printed(io.TextIOBase):
    """What revisions print: it goes to stderr, which none of them closes by closing this."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        with contextlib.suppress(ValueError):  # a revision may have closed it
            sys.stderr.flush()


def _write(stream: TextIO, text: str) -> None:
    """A reader that went away must not end a release half-way, nor a revision that closes what it prints to."""
    with contextlib.suppress(BrokenPipeError, ValueError):
        stream.write(text + "\n")
        stream.flush()
