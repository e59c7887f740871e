"""Every command by its name: the one table, and the one place in which an import of the command line stands as text."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click


@dataclass(frozen=True, slots=True)
class Entry:
    """A command's file, by one name in `cli/commands` and in `cli`, and what it says of itself."""

    file: str
    help: str


COMMANDS: Mapping[str, Entry] = {
    "backup": Entry("releasing.backup", "Copy the whole database into FOLDER, and count what is in it."),
    "check": Entry(
        "figures.check",
        "Check what is stored by every rule: statements, companies, reports, prices and what sources say.\n\n"
        "Exits 0 when no grave rule is broken, 1 when one is, 2 for a wrong call, 4 without a database.",
    ),
    "companies": Entry("companies", "Merge the two rows of a company that stands twice."),
    "coverage": Entry(
        "figures.coverage", "List statements that are expected and not there: overdue, or not imported."
    ),
    "db": Entry(
        "releasing.db", "The release step: upgrade, check, plan, doctor, ... (see migrations/README.md)."
    ),
    "fetch": Entry(
        "fetch",
        "Fetch files of EDINET into a folder, and import them where that is asked for.\n\n"
        "The key stands in EDINET_API_KEY. What is there already is not fetched again, so the same call goes on where"
        " one stopped.\nExits 0 when everything is there, 1 when something was not fetched, 2 for a wrong call, 3"
        " without a key;\nwith --import then as stockcode import does.",
    ),
    "import": Entry(
        "import_files",
        "Import FILEs of KIND: show the differences, ask, write them as one change set a file.\n\n"
        "Exits 0 when done, 1 when a file is refused (nothing of it is written), 2 for a wrong call, 4 without a"
        " database,\n7 on a database that is behind this code, 9 when done but for rows that were refused.",
    ),
    "indicators": Entry("figures.indicators", "Print every indicator with its formula and source."),
    "jobs": Entry("jobs", "See, watch, cancel and repeat what workers do."),
    "recalculate": Entry(
        "figures.recalculate", "Compute indicators anew wherever a statement or price has changed."
    ),
    "release": Entry(
        "fields.release",
        "Release FIELDs of a record to the source that they came from: imports may write them again.\n\n"
        "TABLE: companies, financial_statements, ...; KEY: what its address has after id=, or a company's code.\n"
        "Exits 0 when done or nothing was to do, 1 when not, 2 for a wrong call, 4 without a database.",
    ),
    "restore": Entry("releasing.restore", "Bring back the copy in FOLDER, and count what is there."),
    "rules": Entry("figures.rules", "Print every rule of accounting with its source."),
    "seed": Entry("seed", "Create the starter data that is missing. Running it again changes nothing."),
    "undo": Entry(
        "changes.undo",
        "Undo the change set of this NUMBER: show what that would do, ask, undo it as one.\n\n"
        "Exits 0 when done, 1 when not (nothing is written), 2 for a wrong call, 4 without a database,\n7 on a database"
        " that is behind this code.",
    ),
    "up": Entry("up", "Start database, web and worker on this machine; Ctrl-C stops them all."),
    "users": Entry("users", "Look after who may sign in."),
    "verify": Entry(
        "fields.verify",
        "Verify FIELDs of a record: somebody has looked, and no import writes over them.\n\n"
        "TABLE: companies, financial_statements, ...; KEY: what its address has after id=, or a company's code.\n"
        "Exits 0 when done or nothing was to do, 1 when not, 2 for a wrong call, 4 without a database.",
    ),
    "worker": Entry(
        "worker",
        "Do the jobs of the queue until SIGTERM; one that has begun is given some seconds, or left to another worker.",
    ),
}


def declared(name: str) -> click.Command:
    """What a command is called with."""
    command: click.Command = importlib.import_module(f"webapp.cli.commands.{COMMANDS[name].file}").command
    return command


def doing(name: str) -> Any:
    """The file that does what a command says; a module whose functions are named as the command's are."""
    return importlib.import_module(f"webapp.cli.{COMMANDS[name].file}")
