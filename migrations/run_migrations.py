"""The release step's command line: python migrations/run_migrations.py upgrade, from any working directory."""

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

if __package__ in (None, ""):
    # Called as a file: this folder is on the path, the repository's root is not.
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from migrations.release_step import table
from migrations.release_step.telling import failures, messages, signals
from migrations.release_step.telling.calls import Call
from migrations.release_step.telling.failures import Failure, Interrupted
from migrations.release_step.telling.reporting import Printed, Reporter

EXITS = (
    "Exit codes: 0 done; 1 a bug; 2 usage; 3 configuration; 4 cannot connect (retry); 5 no lock was obtained (retry);"
    " 6 a revision failed; 7 state; 8 refused as unsafe; 9 a backup or a restore failed; 130, 143 interrupted (retry)."
    " Every command has a --help of its own; migrations/README.md explains every message."
)


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one line, too, and repeat no address."""

    def error(self, message: str) -> NoReturn:
        problem = message if "://" not in message else "an argument looks like an address; set DATABASE_URL"
        raise Failure("MIG-USE-01", problem=problem.strip().rstrip("."))


def parser() -> Parser:
    """Every command with its options."""
    common = Parser(add_help=False)
    common.add_argument("--json", action="store_true", help="print one JSON object on stdout")
    common.add_argument("--debug", action="store_true", help="print frames of a failure (APP_ENV=local only)")
    name = "stockcode db" if Path(sys.argv[0]).name == "stockcode" else "run_migrations.py"
    top = Parser(prog=name, description=__doc__, epilog=EXITS, allow_abbrev=False)
    add = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for build in (_reading, _changing, _writing_files):
        build(add, common)
    return top


Subparsers = argparse._SubParsersAction


def _reading(add: "Subparsers[Parser]", common: Parser) -> None:
    descriptions = {
        "current": "the revision that the database records",
        "history": "every revision, oldest first",
        "heads": "the newest revision of this code",
        "ping": "reach the database: version, role, rights, latency",
        "plan": "pending revisions with their SQL, locks and sizes",
        "doctor": "everything that could stand in a release's way",
        "check": "one head, at head, no drift, no INVALID index, lint",
        "lint": "squawk and our own rules on every revision; needs no database",
    }
    for name, description in descriptions.items():
        command = add.add_parser(name, parents=[common], help=description, description=description)
        if name == "lint":
            accepts = "write the hashes of new revisions into the list that 'upgrade' believes"
            command.add_argument("--accept", action="store_true", help=accepts)


def _changing(add: "Subparsers[Parser]", common: Parser) -> None:
    up = add.add_parser("upgrade", parents=[common], help="bring the database up to a revision")
    up.add_argument(
        "revision", nargs="?", default="head", help="where to (%(default)s); with --sql FROM:TO for a part"
    )
    up.add_argument("--sql", action="store_true", help="print the script for psql; needs no database")
    up.add_argument("--dry-run", action="store_true", help="say what would be applied, change nothing")
    up.add_argument("--allow-ahead", action="store_true", help="succeed on a database newer than this code")
    up.add_argument(
        "--backup", metavar="FOLDER", help="copy the database there first, where there is anything to do"
    )
    drifted = "go on although somebody changed the database by hand; from then on that counts as left"
    up.add_argument("--allow-drift", action="store_true", help=drifted)
    down = add.add_parser("downgrade", parents=[common], help="take the database back to a revision")
    down.add_argument("revision", help="a revision, -1, base; with --sql FROM:TO")
    down.add_argument("--sql", action="store_true", help="print the script for psql; needs no database")
    down.add_argument("--confirm-data-loss", action="store_true", help="consent to the losses it names")
    down.add_argument(
        "--confirm-database", metavar="NAME", help="consent, in production: the database's name"
    )
    stamp = add.add_parser("stamp", parents=[common], help="record a revision without running anything")
    stamp.add_argument("revision", help="the one to record")
    stamp.add_argument("--confirm-database", metavar="NAME", help="consent: the database's name")
    restore = _copying(add, common)
    for command in (up, down, stamp, restore):
        _add_patience(command)


def _add_patience(command: Parser) -> None:
    for option, read, default, metavar, what in (
        ("--wait", _seconds, 300, "SECONDS", "wait for another release to end for so long (%(default)s)"),
        (
            "--connect-wait",
            _seconds,
            60,
            "SECONDS",
            "wait for a server that is starting for so long (%(default)s)",
        ),
        (
            "--lock-timeout",
            _milliseconds,
            2000,
            "MS",
            "let a statement stand in front of the application for so long, then step aside (%(default)s)",
        ),
    ):
        command.add_argument(option, type=read, default=default, metavar=metavar, help=what)


def _copying(add: "Subparsers[Parser]", common: Parser) -> Parser:
    save = add.add_parser("backup", parents=[common], help="copy the whole database, and count what is in it")
    restore = add.add_parser("restore", parents=[common], help="bring a copy back, and count what is there")
    save.add_argument("folder", help="a new folder for the copy")
    restore.add_argument("folder", help="the folder of a copy")
    restore.add_argument("--confirm-database", metavar="NAME", help="consent to lose what the database holds")
    return restore


def _seconds(given: str) -> float:
    return _between(float(given), 0, 86_400)


def _milliseconds(given: str) -> int:
    # Zero would mean for ever to PostgreSQL, with the whole application queued up behind.
    return int(_between(int(given), 1, 60_000))


def _between(number: float, low: float, high: float) -> float:
    if not low <= number <= high:
        raise argparse.ArgumentTypeError(f"it is not between {low} and {high}")
    return number


def _writing_files(add: "Subparsers[Parser]", common: Parser) -> None:
    rebase = add.add_parser(
        "rebase", parents=[common], help="put one of two heads behind the other, in its file"
    )
    rebase.add_argument("revision", help="the head that was written later")
    generate = add.add_parser("generate", parents=[common], help="write a revision from the models")
    generate.add_argument("message", help="what it does, as 'verb noun'")
    generate.add_argument("--why", default="", help="the reason, for its docstring")
    phase = "what it is to code that runs meanwhile (%(default)s)"
    generate.add_argument("--phase", choices=("expand", "backfill", "contract"), default="expand", help=phase)
    renames = (
        "another name, and not something new beside something dropped: TABLE.OLD:NEW, or OLD:NEW of a table"
    )
    generate.add_argument("--rename", action="append", default=[], metavar="TABLE.OLD:NEW", help=renames)
    generate.add_argument("--by-hand", action="store_true", help="an empty frame that you fill in yourself")


def main(arguments: Sequence[str]) -> int:
    """Run one command; its exit code is the answer. What revisions print is not: it goes to stderr."""
    reporter = Reporter("", is_json="--json" in arguments)
    call: Call | None = None
    try:
        options = _options(arguments)
        if isinstance(options, int):
            return options
        reporter.command = options.command
        call = Call(options, reporter, os.environ)
        _check_debug(call)
        with contextlib.redirect_stdout(Printed()):
            result = table.run(call)
        _require_no_signal()
    except (
        BaseException
    ) as error:  # a revision may raise or exit as it likes: it ends in one line and a true code
        failure = _as_failure(signals.received() or error, call)
        if call is not None and call.options.debug and call.is_local:
            sys.stderr.write(failures.frames(error) + "\n")
        reporter.fail(failure)
        return failure.exit_code
    reporter.finish(result)
    return messages.DONE


def _options(arguments: Sequence[str]) -> argparse.Namespace | int:
    """What was asked for; the exit code where that was help. Whoever else exits is a mistake."""
    try:
        return parser().parse_args(arguments)
    except SystemExit as done:
        return int(done.code or 0)


def _require_no_signal() -> None:
    """A revision that swallowed it has not made it unsaid."""
    if (interrupted := signals.received()) is not None:
        raise interrupted


def _check_debug(call: Call) -> None:
    # Frames show file names and code: never in production.
    if call.options.debug and not call.is_local:
        raise Failure("MIG-SAFE-09")


def _as_failure(error: BaseException, call: Call | None) -> Failure:
    if isinstance(error, Failure):
        return error
    if isinstance(error, Interrupted):
        failure = Failure("MIG-INT-01", state=error.state, signal=error.name)
        # The one code with two exits: as a shell tells a process that a signal ended.
        failure.exit_code = error.number
        return failure
    if isinstance(error, KeyboardInterrupt) and not signals.are_handled():
        return Failure("MIG-INT-01", signal="SIGINT")
    if call is None:
        return Failure("MIG-BUG-01", kind=type(error).__name__, where=failures.place(error))
    return table.diagnosed(call, error)


if __name__ == "__main__":
    signals.install()
    sys.exit(main(sys.argv[1:]))
