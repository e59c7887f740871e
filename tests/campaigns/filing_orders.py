"""make orders: the real reports oldest first, newest first and shuffled, one by one and together: the same rows.

After each order all of it again changes nothing, and undoing it leaves the tables as before. After the first one every
stored figure is traced to the fact of its document.
"""

import csv
import hashlib
import random
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select, text

import webapp.models  # noqa: F401 - every table is known before the first is asked for
from tests.bench import place
from tests.bench.filings import DATA
from tests.services.intake.tracing.traces import Tracing
from webapp import db, silence
from webapp.files import archives
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import change
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.filed.statement_chains import FIGURES
from webapp.services.changes.proposals import Author, Intent, Wish
from webapp.services.intake import importing
from webapp.services.intake.importing import Request

AUTHOR = Author("a campaign")
MOST = 40
# A statement without what depends on the order: its numbers; the row over which it is laid is named by its document.
STATEMENTS = """
SELECT jsonb_build_object('company', c.edinet_code, 'base', b.filing_doc_id, 'base_type', b.revision_type)
    || (to_jsonb(s) - '{id,company_id,based_on_id,revision_no,version,changed_at,created_at,change_set_id}'::text[])
FROM financial_statements s JOIN companies c ON c.id = s.company_id
LEFT JOIN financial_statements b ON b.id = s.based_on_id
"""
INDICATORS = """
SELECT to_jsonb(i) - '{id,statement_id,prior_statement_id,inputs_digest,computed_at}'::text[]
FROM financial_indicators i
"""
WATCHED = ("companies", "filings", "financial_statements", "financial_indicators", "steward_values")


def kept(query: str) -> list[str]:
    """The rows of a query in an order of their own."""
    rows = (str(sorted(row.items())) for row in db.session.scalars(text(query)))
    return sorted(rows)


def checksums() -> Mapping[str, str]:
    """What stands in each table, stamps included."""
    sums = {}
    for table in WATCHED:
        rows = kept(f"SELECT to_jsonb(t) FROM {table} t")
        sums[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return sums


def orders(seed: int) -> Iterator[tuple[str, Sequence[Sequence[Path]]]]:
    """Names, and the reports in the parcels in which they come."""
    folder = DATA / "edinet_type5"
    with (folder / "catalog.csv").open(encoding="utf-8-sig", newline="") as file:
        catalog = sorted(csv.DictReader(file), key=lambda row: row["submitDateTime"])
    paths = [folder / row["path"] for row in catalog]
    yield "oldest first, forty at once", parcels(paths, lambda: MOST)
    yield "newest first, one by one", parcels(paths[::-1], lambda: 1)
    chance = random.Random(seed)
    for number in range(3):
        shuffled = chance.sample(paths, len(paths))
        yield f"shuffled {number}, some at once", parcels(shuffled, partial(chance.randint, 1, MOST))


def parcels(paths: Sequence[Path], size: Callable[[], int]) -> Sequence[Sequence[Path]]:
    left, parts = list(paths), []
    while left:
        most = size()
        parts.append(left[:most])
        left = left[most:]
    return parts


def bring(parcel: Sequence[Path]) -> int | None:
    """Import reports at once; the change set's number, None where nothing changes."""
    contents = {path.name: path.read_bytes() for path in parcel}
    if len(parcel) == 1:
        request = Request("edinet-filing", parcel[0].name, contents[parcel[0].name], AUTHOR)
    else:
        request = Request("edinet-filings", "reports.zip", archives.packed(contents), AUTHOR)
    number = door.settle(lambda: done(request))
    if not isinstance(number, int | None):
        raise click.ClickException(f"{parcel[0].name}: {number!r}")
    return number


def done(request: Request) -> int | None:
    preview = importing.preview(request)
    if preview.refused:
        raise click.ClickException(f"refused: {preview.refused}")
    change_set = importing.carry_out(preview)
    return None if change_set is None else change_set.id


def companies() -> None:
    codes = sorted(path.name for path in (DATA / "edinet_type5").iterdir() if path.is_dir())
    wishes = [Wish(Company, change.CREATE, {"edinet_code": code, "name_ja": code}) for code in codes]
    assert isinstance(door.carry(wishes, Intent("create", AUTHOR)), Applied)


def try_order(name: str, parts: Sequence[Sequence[Path]], number: int) -> Mapping[str, Any]:
    """What an order leads to; raises where all of it again changes anything, or its undoing leaves anything."""
    before, began = checksums(), time.monotonic()
    numbers = [one for one in map(bring, parts) if one is not None]
    lasted = time.monotonic() - began
    rows = {"statements": kept(STATEMENTS), "indicators": kept(INDICATORS)}
    if number == 1:
        trace()
    if any(bring(part) is not None for part in parts):
        raise click.ClickException(f"{name}: all of it again is a change")
    for one in reversed(numbers):
        outcome = door.undo(one, AUTHOR, "the next order")
        if not isinstance(outcome, Applied):
            raise click.ClickException(f"{name}: change set {one} cannot be undone: {outcome!r}")
    if checksums() != before:
        raise click.ClickException(f"{name}: undone, the tables are not as before")
    restated = sum("('base', None)" not in row for row in rows["statements"])
    click.echo(
        f"  {number}. {name}: {len(rows['statements'])} statements, {restated} of them laid over others,"
        f" {len(numbers)} change sets, {lasted:.1f} s; again nothing; undone as before"
    )
    return rows


def trace() -> None:
    """Follow every figure that is stored to the fact from which it follows; raises where one follows from none."""
    stored = db.session.scalars(select(FinancialStatement)).all()
    figures = sum(getattr(row, name) is not None for row in stored for name in FIGURES)
    untraced = [*Tracing().untraced(stored)]
    db.session.rollback()
    if untraced:
        raise click.ClickException(f"{len(untraced)} figures follow from no fact, such as {untraced[:2]}")
    click.echo(
        f"  {figures:,} stored figures of {len(stored)} statements: each is what a fact says where it stands"
    )


@click.command()
@click.option("--seed", default=8697)
def main(seed: int) -> None:
    """Try the orders in turn, and compare what each leads to."""
    if not (DATA / "edinet_type5").is_dir():
        raise click.ClickException("needs the real reports (STOCKCODE_REAL_DATA)")
    with place.opened() as here:
        db.bind(db.make_engine(place.for_sqlalchemy(here.migrated_database())))
        companies()
        first: Mapping[str, Any] | None = None
        for number, (name, parts) in enumerate(orders(seed), start=1):
            rows = try_order(name, parts, number)
            first = first or rows
            for what, expected in first.items():
                if rows[what] != expected:
                    other = sorted(set(rows[what]) ^ set(expected))
                    raise click.ClickException(f"{name}: other {what}: {len(other)}, such as {other[:2]}")
        silence.give_back(db.session)
    click.echo("The rows are the same, whatever order they come in.")


if __name__ == "__main__":
    sys.exit(main())
