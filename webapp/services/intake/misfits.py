"""Files that are not taken at all, whatever their rows say; each of these raises WrongFile."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from webapp.files import rows
from webapp.files.rows import BadRow, MasterList, WrongFile
from webapp.rules import calendar
from webapp.services.intake import received_files
from webapp.services.intake.import_kind import ImportKind


def refuse_older(kind: ImportKind, as_of_on: date) -> None:
    """A list that a later one has overtaken is refused."""
    newest = received_files.newest_list(kind.name) if kind.is_list else None
    if newest is not None and as_of_on < newest:
        raise WrongFile(
            expected="a list of %(newest)s or later",
            found="one of %(day)s",
            newest=newest.isoformat(),
            day=as_of_on.isoformat(),
        )


def refuse_to_come(as_of_on: date) -> None:
    """A list dated in the future is misdated, and would keep all lists until then out."""
    today = calendar.today()
    if as_of_on > today:
        raise WrongFile(
            expected="a file of %(today)s or earlier",
            found="one of %(day)s",
            today=today.isoformat(),
            day=as_of_on.isoformat(),
        )


def refuse_most(refused: Sequence[BadRow], listing: MasterList[Any]) -> None:
    """A list of which most rows are refused is no list of its kind."""
    lines = len({(bad.file, bad.line) for bad in refused})
    of_list = listing.total_rows - sum(listing.left_out.values())
    # Who mends refused rows may not have mended all of them.
    if not (listing.is_part and lines < of_list):
        rows.refuse_most(lines, of_list, refused)
