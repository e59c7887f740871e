"""Every figure that is stored of reports is what a fact of its document says, at the element and context it names."""

import csv
import io
import os
import random
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from tests import factories, people
from tests.files.edinet.filings import stock
from tests.services.intake import reports
from tests.services.intake.reports import before, figures, rows, take, together
from tests.services.intake.tracing.traces import Tracing
from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.models.upload import Upload
from webapp.services.changes import door
from webapp.services.changes.proposals import Author
from webapp.services.intake.uploading import parcels, uploads
from webapp.services.intake.uploading.parcels import Dropped
from webapp.services.intake.uploading.uploads import Taken

pytestmark = pytest.mark.usefixtures("connection")

FOLDER = Path(os.environ.get("STOCKCODE_REAL_DATA") or Path(__file__).parents[4].parent / "shared" / "data")


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
