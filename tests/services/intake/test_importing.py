"""Importing master lists: what is created, closed and kept, and what is refused as a whole."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AUTHOR, intent
from tests.files.builders import company as filer
from tests.files.builders import issue
from tests.services.intake.lists import LISTED, UNLISTED, edinet, jpx, take
from webapp import db
from webapp.files.rows import WrongFile
from webapp.models.company import Company
from webapp.models.import_file import ImportFile
from webapp.services.changes import applying, proposing
from webapp.services.changes.proposals import Wish
from webapp.services.intake import importing, received_files

pytestmark = pytest.mark.usefixtures("connection")

PERSON = {"提出者種別": "個人（組合発行者を除く）", "提出者名": "甲野　乙太郎"}


def company(edinet_code: str = "E00004") -> Company:
    return db.session.scalars(select(Company).where(Company.edinet_code == edinet_code)).one()


def test_a_list_creates_its_companies_with_everything_it_knows() -> None:
    preview = edinet(
        filer(LISTED | {"提出者法人番号": "5070001000715"}), filer(UNLISTED | PERSON, code="E00005")
    )
    change_set = take(preview)
    assert change_set is not None
    assert preview.counts == {
        "created": 1, "updated": 0, "closed": 0, "unchanged": 0, "rejected": 0, "kept": 0
    }  # fmt: skip
    row = company()
    assert (row.ticker_symbol, row.listing_status, row.has_consolidated) == ("1376", "listed", True)
    assert (row.fiscal_year_end_month, row.fiscal_year_end_day) == (5, 31)
    assert row.capital_stock == Decimal(1491000000)
    assert row.name_ja_folded == "試験種苗"
    assert (change_set.kind, change_set.reason, change_set.status) == ("import", "a reason", "applied")
    assert "2023-10-31" in (change_set.source or "")


def test_natural_persons_are_counted_and_nowhere_stored() -> None:
    preview = edinet(filer(LISTED), filer(PERSON, code="E00005"))
    change_set = take(preview)
    assert change_set is not None
    assert preview.listing.left_out == {"natural_person": 1}
    stored = (
        str(change_set.counts) + str([item.after for item in change_set.items]) + str(change_set.findings)
    )
    assert "甲野" not in stored
    assert db.session.scalars(select(Company.edinet_code)).all() == ["E00004"]


def test_a_list_that_is_declined_writes_nothing_and_leaves_its_hash() -> None:
    change_set = importing.submit(edinet(filer(LISTED)))
    assert change_set is not None
    importing.decline(change_set.id, AUTHOR)
    file = db.session.scalars(select(ImportFile)).one()
    assert (file.content, len(file.sha256)) == (None, 64)
    assert db.session.scalars(select(Company)).all() == []


def test_the_same_list_again_changes_nothing() -> None:
    take(edinet(filer(LISTED)))
    again = edinet(filer(LISTED))
    assert take(again) is None
    assert again.counts["unchanged"] == 1
    assert db.session.scalars(select(ImportFile)).one().content is None


def test_a_later_list_shows_each_field_that_differs() -> None:
    take(edinet(filer(LISTED)))
    later = edinet(filer(LISTED | {"資本金": "1500", "所在地": "前橋市"}), day="2026年2月26日")
    take(later)
    assert later.proposal.fields == {"capital_stock": 1, "head_office_address": 1}
    assert company().capital_stock == Decimal(1500000000)


def test_a_lost_securities_code_closes_the_listing_and_stays() -> None:
    take(edinet(filer(LISTED)))
    later = edinet(filer(UNLISTED), day="2026年2月26日")
    take(later)
    row = company()
    assert (row.listing_status, row.ticker_symbol, row.delisted_on) == ("delisted", "1376", None)
    assert later.counts["closed"] == 1
    assert later.closed == {"delisted": 1}
    again = edinet(filer(UNLISTED), day="2026年2月26日")
    assert again.proposal.is_empty
    assert not again.closed


def test_a_vanished_filer_is_marked_and_keeps_what_is_known() -> None:
    take(edinet(filer(LISTED), filer(UNLISTED, code="E00005")))
    take(edinet(filer(LISTED), day="2026年2月26日"))
    assert (company("E00005").listing_status, company("E00005").name_ja) == ("ceased", "試験種苗株式会社")


def test_a_row_that_cannot_be_read_does_not_count_as_vanished() -> None:
    take(edinet(filer(LISTED), filer(UNLISTED, code="E00005")))
    later = edinet(filer(LISTED), filer(UNLISTED | {"決算日": "13月1日"}, code="E00005"), day="2026年2月26日")
    take(later)
    assert later.counts["rejected"] == 1
    assert company("E00005").listing_status == "unlisted"


def test_a_list_with_a_row_of_unreadable_code_closes_nobody() -> None:
    take(edinet(filer(LISTED), filer(UNLISTED, code="E00005")))
    later = edinet(filer(LISTED), filer(UNLISTED, code="E0000?"), day="2026年2月26日")
    take(later)
    assert company("E00005").listing_status == "unlisted"
    assert later.left_alone == {"absent_from_a_list_with_unreadable_rows": 1}


def test_a_blank_is_no_news() -> None:
    take(edinet(filer(LISTED)))
    later = edinet(filer(LISTED | {"提出者名（英字）": "", "決算日": "", "資本金": ""}), day="2026年2月26日")
    assert later.proposal.is_empty


def test_a_filer_that_comes_back_is_open_again() -> None:
    take(edinet(filer(LISTED), filer(UNLISTED, code="E00005")))
    take(edinet(filer(LISTED), day="2024年10月31日"))
    take(edinet(filer(LISTED), filer(UNLISTED, code="E00005"), day="2025年10月31日"))
    assert company("E00005").listing_status == "unlisted"


def test_what_a_steward_corrected_is_kept_and_the_difference_reported() -> None:
    take(edinet(filer(LISTED)))
    wanted = [Wish(Company, "update", {"name_en": "Corrected"}, (company().id,))]
    applying.carry_out(proposing.propose(wanted, intent("edit")))
    again = edinet(filer(LISTED))
    assert again.proposal.is_empty
    (finding,) = again.kept
    assert (finding.field, finding.is_blocking) == ("name_en", False)
    assert "SHIKEN SEEDS" in str(finding)
    later = edinet(filer(LISTED | {"資本金": "1500"}), day="2026年2月26日")
    take(later)
    assert (company().name_en, company().capital_stock) == ("Corrected", Decimal(1500000000))


def test_a_list_older_than_the_last_is_refused() -> None:
    take(edinet(filer(LISTED), day="2026年2月26日"))
    with pytest.raises(WrongFile, match="2026-02-26 or later"):
        edinet(filer(LISTED))


def test_a_row_that_breaks_a_rule_of_the_table_is_refused_and_the_rest_goes_on() -> None:
    preview = edinet(
        filer(LISTED),
        filer({"上場区分": "上場", "証券コード": ""}, code="E00005"),
        filer(UNLISTED, code="E00006"),
    )
    take(preview)
    assert [(bad.line, bad.column) for bad in preview.refused] == [(4, "ticker_symbol")]
    assert sorted(db.session.scalars(select(Company.edinet_code))) == ["E00004", "E00006"]


def test_a_code_that_another_listed_company_holds_is_refused() -> None:
    factories.company(ticker_symbol="1376", listing_status="listed", edinet_code="E09999")
    take(edinet(filer(UNLISTED, code="E09999"), filer(UNLISTED), day="2022年1月1日"))
    factories.company(ticker_symbol="1377", listing_status="listed", edinet_code="E09998")
    preview = edinet(
        filer(LISTED | {"証券コード": "13770"}), filer(UNLISTED, code="E09999"), filer(LISTED, code="E09998")
    )
    assert preview.counts["rejected"] == 0


def test_two_listed_companies_never_share_a_code() -> None:
    factories.company(ticker_symbol="1376", listing_status="listed", edinet_code=None)
    factories.company(ticker_symbol="1377", listing_status="listed", edinet_code=None)
    take(jpx(issue(code="1376")))
    preview = edinet(filer(LISTED | {"証券コード": "13770"}, code="E00004"))
    take(preview)
    assert company().ticker_symbol == "1377"


def test_jpx_gives_market_and_sector_on_the_code_and_leaves_the_name() -> None:
    factories.industry(code="0050")
    take(edinet(filer(LISTED)))
    preview = jpx(issue(code="1376"))
    take(preview)
    row = company()
    assert (row.market_division, row.industry_code, row.name_ja) == ("PRIME", "0050", "試験種苗株式会社")
    assert take(jpx(issue(code="1376"))) is None


def test_jpx_creates_what_edinet_does_not_know() -> None:
    take(jpx(issue(code="130A")))
    row = db.session.scalars(select(Company)).one()
    assert (row.ticker_symbol, row.edinet_code, row.listing_status) == ("130A", None, "listed")


def test_a_company_that_jpx_created_is_found_again_by_edinet() -> None:
    take(jpx(issue(code="1376")))
    take(edinet(filer(LISTED), day="2025年10月31日"))
    row = db.session.scalars(select(Company)).one()
    assert (row.edinet_code, row.market_division, row.name_ja) == ("E00004", "PRIME", "試験種苗株式会社")


def test_an_older_jpx_list_does_not_reopen_what_edinet_closed() -> None:
    take(edinet(filer(LISTED)))
    take(edinet(filer(UNLISTED), day="2026年2月26日"))
    preview = jpx(
        issue(code="1376"), issue(code="1999"), issue({"市場・商品区分": "PRO Market"}, code="2999")
    )
    take(preview)
    assert company().listing_status == "delisted"
    assert preview.left_alone == {"closed_since": 1, "not_on_newer_edinet_list": 1, "unknown_industry": 1}
    assert preview.counts["created"] == 1


def test_a_company_that_left_the_exchange_is_closed_by_a_later_jpx_list() -> None:
    take(jpx(issue(code="1376"), issue(code="1377")))
    later = {"日付": "20260130"}
    preview = jpx(issue(later, code="1376"))
    take(preview)
    row = db.session.scalars(select(Company).where(Company.ticker_symbol == "1377")).one()
    assert (row.listing_status, row.market_division) == ("delisted", "PRIME")


def test_a_sector_that_is_not_in_the_tables_is_left_out_and_counted() -> None:
    preview = jpx(issue(code="1376"))
    take(preview)
    assert preview.left_alone == {"unknown_industry": 1}
    assert db.session.scalars(select(Company.industry_code)).all() == [None]


def test_an_import_that_nobody_decided_on_is_declined_after_a_day() -> None:
    change_set = importing.submit(edinet(filer(LISTED)))
    assert change_set is not None
    assert importing.decline_forgotten() == 0
    change_set.created_at = datetime.now(UTC) - timedelta(days=2)
    db.session.flush()
    assert importing.decline_forgotten() == 1
    assert change_set.status == "rejected"
    assert db.session.scalars(select(ImportFile)).one().content is None


def test_a_declined_list_does_not_count_as_the_newest() -> None:
    change_set = importing.submit(edinet(filer(LISTED), day="2026年2月26日"))
    assert change_set is not None
    importing.decline(change_set.id, AUTHOR)
    assert received_files.newest_list("edinet-codes") is None
    take(edinet(filer(LISTED)))
    assert received_files.newest_list("edinet-codes") == date(2023, 10, 31)


def test_the_report_says_what_was_done() -> None:
    preview = edinet(filer(LISTED), filer(UNLISTED | {"資本金": "多い"}, code="E00005"))
    change_set = take(preview)
    report = preview.report(change_set, "applied")
    assert change_set is not None
    assert (report["rows"], report["stored"], report["change_set"]) == (2, 1, change_set.id)
    assert report["rejected"] == [
        {"line": 4, "column": "資本金", "value": "多い", "reason": report["rejected"][0]["reason"]}
    ]
