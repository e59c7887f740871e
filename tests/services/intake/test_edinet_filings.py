"""Several reports that come together are one preview and one change set, and lead where they lead one by one."""

from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests import factories
from tests.factories import AUTHOR
from tests.files.edinet.filings import flow, stock
from tests.services.intake import reports
from tests.services.intake.reports import before, current, figures, rows, take, together
from webapp import db
from webapp.files.rows import WrongFile
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.import_file import ImportFile
from webapp.services.changes import door, file_bytes
from webapp.services.changes.door import Applied
from webapp.services.changes.filed.stored_reports import Reader
from webapp.services.intake.tracing import figure_origins
from webapp.services.intake.tracing.figure_origins import Origin
from webapp.words.speech import of_language

pytestmark = pytest.mark.usefixtures("connection")

FIRST, SECOND, AMENDED = "S100AAAA", "S100BBBB", "S100CCCC"


def three(**dei: str) -> dict[str, bytes]:
    """A year, its amendment, and the year after, which restates it."""
    return {
        FIRST: reports.zipped_annual(2024, *figures(100), **dei),
        SECOND: reports.zipped_annual(2025, *figures(120), *before(figures(97)), **dei),
        AMENDED: reports.zipped_annual(2024, *figures(99), day="2024-08-01", amends=FIRST, **dei),
    }


def stored() -> list[tuple[Any, ...]]:
    return [
        (
            row.filing_doc_id,
            row.fiscal_year_end_on,
            row.revision_type,
            row.revenue,
            row.is_current,
            row.sources,
        )
        for row in rows()
    ]


def test_several_reports_are_one_change_set_and_each_zip_is_stored_by_itself() -> None:
    reports.company()
    preview = together(three())
    assert (preview.counts["created"], preview.listing.total_rows) == (7, 3)
    change_set = take(preview)
    assert [(row[0], row[2], row[3], row[4]) for row in stored()] == [
        (FIRST, "ORG", 100, False),
        (AMENDED, "COR", 99, False),
        (SECOND, "CLA", 97, True),
        (SECOND, "ORG", 120, True),
    ]
    for doc_id, zipped in three().items():
        file_hash = db.session.get_one(Filing, doc_id).file_hash
        file = db.session.scalars(select(ImportFile).where(ImportFile.sha256 == file_hash)).one()
        assert (file.kind, file.name) == ("edinet-filing", f"{doc_id}.zip")
        assert file_bytes.content_of(file) == zipped
    assert change_set.import_file is not None
    assert file_bytes.content_of(change_set.import_file) is None
    origins = figure_origins.of(current(2024), Reader())
    assert origins["total_assets"] == Origin(AMENDED, reports.ASSETS, "CurrentYearInstant")


def test_together_or_one_by_one_in_whatever_order_the_rows_are_the_same() -> None:
    reports.company()
    ways = [(order, 1 + turn % 3) for turn, order in enumerate(permutations((FIRST, SECOND, AMENDED)))]
    seen = []
    for turn, (order, at) in enumerate(ways):
        # Other bytes each time, as the same file is not taken twice at one moment.
        zips = three(SecurityCodeDEI=f"13{turn:02}0")
        parcels = [{doc_id: zips[doc_id] for doc_id in part} for part in (order[:at], order[at:]) if part]
        numbers = [take(together(parcel)).id for parcel in parcels]
        seen.append(stored())
        for number in reversed(numbers):
            assert isinstance(door.undo(number, AUTHOR, "the next way"), Applied)
        assert rows() == []
        assert db.session.scalar(select(func.count()).select_from(Filing)) == 0
    assert seen == [seen[0]] * len(ways)


def test_all_of_them_again_change_nothing_and_one_by_one_neither() -> None:
    reports.company()
    take(together(three()))
    assert together(three()).proposal.is_empty
    assert all(reports.preview(doc_id, zipped).proposal.is_empty for doc_id, zipped in three().items())


def test_a_report_that_is_read_anew_may_come_with_one_that_restates_it() -> None:
    reports.company()
    lines = (*figures(100), stock("jppfs_cor:NotesAndAccountsReceivableTrade", 30))
    zips = three() | {FIRST: reports.zipped_annual(2024, *lines)}
    take(together({FIRST: zips[FIRST]}))
    # As an earlier version of the mapping had read it.
    db.session.execute(update(FinancialStatement).values(mapping_version=1, receivables=None))
    del zips[AMENDED]
    take(together(zips))
    assert [(row.revision_type, row.receivables, row.is_current) for row in rows(2024)] == [
        ("ORG", 30, False),
        ("CLA", 30, True),
    ]


def test_of_several_files_those_that_are_no_reports_are_named_and_the_others_taken() -> None:
    reports.company()
    factories.filing(doc_id="S100GONE", company_id=factories.company(edinet_code="E00009").id)
    strange = reports.zipped_annual(2024, *figures(1), EDINETCodeDEI="E99999")
    fund = reports.zipped("asr", "2025-06-27", *figures(1))
    zips = three() | {"S100DDDD": b"PK", "S100EEEE": strange, "S100GONE": fund}
    preview = together(zips)
    refused = {bad.file: str(bad.reason % bad.params) for bad in preview.refused}
    assert refused == {
        "S100DDDD.zip": "Expected a zip of EDINET with XBRL_TO_CSV in it; found no zip.",
        "S100EEEE.zip": "Expected a filing of a stored company; found one of E99999 試験種苗株式会社.",
        "S100GONE.zip": "Expected the filer of S100GONE, as it is stored; found E00004 試験種苗株式会社.",
    }
    bad = next(bad for bad in preview.refused if bad.file == "S100DDDD.zip")
    assert "必要なもの" in of_language("ja").gettext(bad.reason, **bad.params)
    take(preview)
    assert {row[0] for row in stored()} == {FIRST, SECOND, AMENDED}
    kept = select(func.count()).select_from(ImportFile).where(ImportFile.kind == "edinet-filing")
    assert db.session.scalar(kept) == 3


def test_a_parcel_of_nobody_who_is_stored_is_refused() -> None:
    with pytest.raises(WrongFile, match="a filing of a stored company; found one of E00004"):
        together(three())


def test_an_interim_report_is_compared_with_the_annual_one_that_comes_with_it() -> None:
    reports.company()
    own = [
        flow(reports.SALES, 50, "CurrentYTDDuration"),
        stock(reports.ASSETS, 80, "CurrentQuarterInstant"),
        stock(reports.ASSETS, 88, "Prior1YearInstant"),
    ]
    zips = {
        FIRST: reports.zipped_annual(2024, *figures(100)),
        SECOND: reports.zipped_interim(2025, "Q2", *own),
    }
    remarks = together(zips).remarks
    told = [(one.params["value"], one.params["annual"]) for one in remarks if one.field == "total_assets"]
    assert told == [(88, 90)]


def test_a_stewards_value_is_carried_over_where_the_amendment_comes_with_other_reports() -> None:
    reports.company()
    zips = three()
    take(together({FIRST: zips[FIRST]}))
    reports.edit(rows(2024)[0], revenue=Decimal(101))
    zips[AMENDED] = reports.zipped_annual(2024, *figures(100), day="2024-08-01", amends=FIRST)
    take(together({SECOND: zips[SECOND], AMENDED: zips[AMENDED]}))
    assert [(row.revision_type, row.revenue) for row in rows(2024)] == [
        ("ORG", 101),
        ("COR", 101),
        ("CLA", 97),
    ]


def test_reports_of_several_filers_are_told_apart() -> None:
    reports.company()
    other = factories.company(edinet_code="E00009")
    zips = three() | {"S100ZZZZ": reports.zipped_annual(2024, *figures(7), EDINETCodeDEI="E00009")}
    take(together(zips))
    asked = select(FinancialStatement).where(FinancialStatement.company_id == other.id)
    (row,) = db.session.scalars(asked)
    assert (row.revenue, row.fiscal_year_end_on, row.is_current) == (7, date(2024, 3, 31), True)
    assert len(rows()) == 5
