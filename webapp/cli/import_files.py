"""stockcode import: take files of public sources in, after showing what they would do."""

import getpass
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from webapp import db
from webapp.cli import schema
from webapp.files.kinds import READERS
from webapp.files.rows import WrongFile
from webapp.models.change_set import ChangeSet
from webapp.services import importing
from webapp.services.importing import Preview, Request
from webapp.services.wishing import Author, Moved, Refused

EXIT_REFUSED = 1
EXIT_CANNOT_CONNECT = 4
LARGEST_FILE = 256 * 1024 * 1024
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Choice:
    """How the operator wants the import to go."""

    is_dry_run: bool
    is_sure: bool
    is_json: bool


@click.command("import")
@click.argument("kind", type=click.Choice(sorted(READERS)))
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object and nothing else on stdout.")
@click.option("--reason", help="Why; kept with the change set.")
@with_appcontext
@schema.needed
def import_files(kind: str, files: tuple[Path, ...], reason: str | None, **how: bool) -> None:
    """Import FILEs of KIND: show the differences, ask, write them as one change set a file.

    Exits 0 when done, 1 when a file is refused (nothing of it is written), 2 for a wrong call, 4 without a database,
    7 on a database that is behind this code.
    """
    choice = Choice(how["dry_run"], how["yes"], how["is_json"])
    if not (choice.is_dry_run or choice.is_sure) and (choice.is_json or not sys.stdin.isatty()):
        raise click.UsageError("Nobody is there to ask: give --yes to write or --dry-run to look.")
    author = Author(f"{getpass.getuser()} (command line)")
    reports = []
    for path in files:
        if path.stat().st_size > LARGEST_FILE:
            _refuse(path, f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB.", choice.is_json)
        reports.append(_import(path, Request(kind, path.name, path.read_bytes(), author, reason), choice))
    if choice.is_json:
        click.echo(
            json.dumps(reports[0] if len(reports) == 1 else {"files": reports}, ensure_ascii=False, indent=2)
        )


def _import(path: Path, request: Request, choice: Choice) -> dict[str, Any]:
    try:
        with db.transaction():
            return _steps(request, choice)
    except WrongFile as error:
        _refuse(path, str(error), choice.is_json)
    except Refused as error:
        _refuse(path, f"The database refuses the change: {error}.", choice.is_json)
    except Moved:
        _refuse(path, "Rows changed while the file was compared. Import it again.", choice.is_json)
    except OperationalError:
        click.echo(f"{path.name}: the database does not answer. Nothing was written. Try again.", err=True)
        sys.exit(EXIT_CANNOT_CONNECT)


def _steps(request: Request, choice: Choice) -> dict[str, Any]:
    with click.progressbar(
        length=1, label=request.name, file=sys.stderr, hidden=not sys.stderr.isatty() or choice.is_json
    ) as bar:
        preview = importing.preview(request, _ticking(bar))
    change_set = importing.submit(preview)
    # Even a dry run writes: what the database's own constraints refuse is part of what the run would do.
    state = "unchanged" if change_set is None else _decide(preview, change_set, choice)
    report = preview.report(change_set, state)
    if choice.is_dry_run:
        report["change_set"] = None
        db.session.rollback()
    if not choice.is_json:
        _show(preview, report)
    return report


def _decide(preview: Preview, change_set: ChangeSet, choice: Choice) -> str:
    if choice.is_dry_run or choice.is_sure:
        importing.confirm(change_set, preview.request.author)
        return "dry_run" if choice.is_dry_run else "applied"
    _show(preview, preview.report(None, "proposed"))
    # The proposal is committed before the question: nobody holds locks while a person thinks.
    db.session.commit()
    if _is_wanted(change_set, preview.request.author):
        importing.confirm(change_set, preview.request.author)
        return "applied"
    importing.decline(change_set, preview.request.author)
    return "rejected"


def _is_wanted(change_set: ChangeSet, author: Author) -> bool:
    try:
        return click.confirm("Write these changes?", err=True)
    except click.Abort:
        # Ctrl-C at the question is a no: nothing may stay behind that holds personal data.
        importing.decline(change_set, author)
        db.session.commit()
        raise


def _ticking(bar: Any) -> importing.OnRows:
    def tick(done: int, total: int) -> None:
        bar.length = total
        bar.update(done - bar.pos)

    return tick


def _show(preview: Preview, report: dict[str, Any]) -> None:
    listing = preview.listing
    say = click.echo
    say(f"{report['file']}: {listing.total_rows:,} rows as of {listing.as_of_on} ({listing.encoding})")
    for kind, count in listing.left_out.items():
        say(f"  left out, {kind.replace('_', ' ')}: {count:,}")
    for reason, count in preview.left_alone.items():
        say(f"  left as they are, {reason.replace('_', ' ')}: {count:,}")
    say("  " + ", ".join(f"{name} {count:,}" for name, count in report["counts"].items()))
    for status, count in preview.closed.items():
        say(f"    closed as {status}: {count:,}")
    for name, count in report["fields"].items():
        say(f"    {name}: {count:,} differ")
    for bad in preview.refused[:SHOWN]:
        say(f"  refused: line {bad.line}, {bad.column or 'row'}, {bad.value or 'no value'}: {bad.reason}")
    for finding in preview.findings[:SHOWN]:
        say(f"  finding: {finding.field}: {finding}")
    hidden = max(0, len(preview.refused) - SHOWN) + max(0, len(preview.findings) - SHOWN)
    if hidden:
        say(f"  … and {hidden:,} more; --json shows all")
    endings = {
        "unchanged": "Nothing to change.",
        "dry_run": "Dry run: nothing was written.",
        "applied": f"Written as change set {report['change_set']}.",
        "rejected": "Declined: nothing was written.",
    }
    if report["status"] in endings:
        say(endings[report["status"]])


def _refuse(path: Path, why: str, is_json: bool) -> NoReturn:
    if is_json:
        refusal = {"file": path.name, "status": "refused", "reason": why, "change_set": None}
        click.echo(json.dumps(refusal, ensure_ascii=False, indent=2))
    click.echo(f"{path.name}: {why} Nothing of it was written.", err=True)
    sys.exit(EXIT_REFUSED)
