"""Every figure that is stored of reports is what a fact of its document says, at the element and context it names."""

import csv
import io
import os
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import factories, people
from tests.files.edinet.filings import stock
from tests.services.intake import reports
from tests.services.intake.reports import before, figures, rows, take, together
from webapp import db
from webapp.files.edinet import document, mapping, statements
from webapp.models.financial_statement import FinancialStatement
from webapp.models.upload import Upload
from webapp.services.changes import door
from webapp.services.changes.proposals import Author
from webapp.services.intake import stored_reports
from webapp.services.intake.statement_chains import FIGURES
from webapp.services.intake.stored_reports import Reader
from webapp.services.intake.tracing import figure_origins
from webapp.services.intake.tracing.figure_origins import Origin
from webapp.services.intake.uploading import parcels, uploads
from webapp.services.intake.uploading.parcels import Dropped
from webapp.services.intake.uploading.uploads import Taken

pytestmark = pytest.mark.usefixtures("connection")

FOLDER = Path(os.environ.get("STOCKCODE_REAL_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
Facts = dict[tuple[str, str | None], Decimal]


class Tracing:
    """Reads each document once, by itself and not as imports read it."""

    def __init__(self) -> None:
        self.reader = Reader()
        self.read: dict[str, Facts] = {}

    def facts(self, doc_id: str) -> Facts:
        if doc_id not in self.read:
            zipped = stored_reports.content(doc_id)
            assert zipped is not None, doc_id
            facts = document.read(zipped).facts
            self.read[doc_id] = {
                (one.element, one.context): one.number for one in facts if one.number is not None
            }
        return self.read[doc_id]

    def stated(self, row: FinancialStatement, origin: Origin) -> Decimal:
        if origin.element == mapping.FORMULA:
            return statements.own_equity({name: getattr(row, name) for name in mapping.PARTS})
        facts = self.facts(origin.doc_id)
        return sum((facts[name, origin.context] for name in origin.element.split(mapping.PLUS)), Decimal(0))

    def untraced(self, stored: Sequence[FinancialStatement]) -> Iterator[tuple[str | None, str]]:
        """The figures that name no fact, or one that says otherwise."""
        for row in stored:
            origins = figure_origins.of(row, self.reader)
            for name in FIGURES:
                value = getattr(row, name)
                if value is not None and (
                    name not in origins or self.stated(row, origins[name]) != Decimal(value)
                ):
                    yield row.filing_doc_id, name


def test_every_figure_of_a_dozen_made_reports_is_traced_restated_or_not() -> None:
    reports.company()
    chance = random.Random(8697)
    sales = {year: chance.randrange(10**9) for year in range(2013, 2026)}
    zips = {}
    for year in range(2014, 2026):
        # Every third report restates the year before; net assets let own equity be worked out.
        of_before = sales[year - 1] - (year % 3 == 0)
        more = [stock("jppfs_cor:NetAssets", 50), stock("jppfs_cor:NonControllingInterests", year % 7)]
        lines = [*figures(sales[year]), *more, *before(figures(of_before)), *before(more[:1])]
        zips[f"S100{year}"] = reports.zipped_annual(year, *lines)
    take(together(zips))
    stored = rows()
    assert [row.based_on_id is None for row in stored].count(False) == 4
    assert [*Tracing().untraced(stored)] == []


def real_reports(number: int) -> dict[str, bytes]:
    folder = FOLDER / "edinet_type5"
    if not folder.exists():
        pytest.skip("needs the real reports (STOCKCODE_REAL_DATA)")
    with (folder / "catalog.csv").open(encoding="utf-8-sig", newline="") as file:
        catalog = random.Random(8697).sample([*csv.DictReader(file)], number)
    for code in {row["edinetCode"] for row in catalog}:
        factories.company(edinet_code=code)
    return {f"{row['docID']}.zip": (folder / row["path"]).read_bytes() for row in catalog}


@pytest.mark.real_data
def test_twenty_real_reports_dropped_together_are_one_preview_and_every_figure_is_traced() -> None:
    zips = real_reports(20)
    person = people.user("steward")
    by = Author(person.name, person.id, person.role)
    dropped = [Dropped(name, io.BytesIO(content)) for name, content in zips.items()]
    (packed,) = parcels.together(dropped)
    number = uploads.receive(packed.stream, packed.name, person.id).id
    assert door.settle(partial(uploads.compare, number, by, Taken("edinet-filings"))) is None
    upload = db.session.get_one(Upload, number)
    assert upload.report is not None
    assert (upload.report["rows"], upload.report["counts"]["rejected"]) == (20, 0)
    assert upload.change_set is not None
    door.settle(partial(uploads.confirm, number, by, upload.change_set.digest, "twenty reports"))
    stored = db.session.scalars(select(FinancialStatement)).all()
    assert {row.filing_doc_id for row in stored} == {name.removesuffix(".zip") for name in zips}
    assert [*Tracing().untraced(stored)] == []
