"""Files of prices over the stored days: joined on the code, nothing blanked, nothing taken for what it is not."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests.factories import AUTHOR, company, corporate_action, intent, price
from webapp import db
from webapp.files.rows import WrongFile
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.import_file import ImportFile
from webapp.models.stock_price import StockPrice
from webapp.rules import change
from webapp.services.changes import applying, door, proposing
from webapp.services.changes.proposals import Wish
from webapp.services.intake import importing
from webapp.services.intake.importing import Preview, Request

pytestmark = pytest.mark.usefixtures("connection")

PLAIN = "Date,Open,High,Low,Close,Volume\n"
BROKER = "日付,始値,高値,安値,終値,出来高\n"
YFINANCE = "Date,Open,High,Low,Close,Adj Close,Volume\n"
FRIDAY, MONDAY = date(2025, 6, 27), date(2025, 6, 30)


def look(text: str, code: str | None = "7203") -> Preview:
    return importing.preview(Request("prices", "prices.csv", text.encode(), AUTHOR, code=code))


def take(text: str, code: str | None = "7203") -> ChangeSet:
    change_set = importing.submit(look(text, code))
    assert change_set is not None
    importing.confirm(change_set.id, AUTHOR)
    return change_set


def said(preview: Preview) -> list[str]:
    return [str(finding) for finding in preview.findings]


def stored(*names: str) -> list[tuple[object, ...]]:
    columns = [getattr(StockPrice, name) for name in names]
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(StockPrice.traded_on))]


@pytest.fixture
def toyota(connection: object) -> Company:
    return company(ticker_symbol="7203", listing_status="listed")


def test_days_are_written_with_their_source_and_the_same_file_changes_nothing(toyota: Company) -> None:
    text = BROKER + '2025/6/30,"2,500",2510.5,2490,2505,"1,000"\n2025/6/27,,,,,0'
    change_set = take(text)
    assert (change_set.table_name, change_set.source) == ("stock_prices", "証券会社CSV (2025-06-30)")
    assert stored("company_id", "traded_on", "open", "high", "low", "close", "volume", "data_source") == [
        (toyota.id, FRIDAY, None, None, None, None, 0, "証券会社CSV"),
        (toyota.id, MONDAY, 2500, Decimal("2510.5"), 2490, 2505, 1000, "証券会社CSV"),
    ]
    assert look(text).counts == {
        "created": 0, "updated": 0, "closed": 0, "unchanged": 2, "rejected": 0, "kept": 0,
    }  # fmt: skip


def test_the_same_figures_of_another_vendor_are_no_change_and_one_that_differs_brings_its_source(
    toyota: Company,
) -> None:
    take(BROKER + "2025/6/30,2500,2510,2490,2505,1000\n2025/6/27,2500,2510,2490,2505,1000")
    later = look(PLAIN + "2025-06-30,2500,2510,2490,2506,1000\n2025-06-27,2500,2510,2490,2505,")
    assert later.counts["unchanged"] == 1
    assert later.proposal.fields == {"close": 1, "data_source": 1}


def test_files_may_come_in_any_order_of_their_days(toyota: Company) -> None:
    take(PLAIN + "2025-06-30,1,1,1,1,1")
    waiting = importing.submit(look(PLAIN + "2025-06-27,1,1,1,1,1"))
    take(PLAIN + "2025-07-01,1,1,1,1,1")
    assert waiting is not None
    importing.confirm(waiting.id, AUTHOR)
    assert [day for (day,) in stored("traded_on")] == [FRIDAY, MONDAY, date(2025, 7, 1)]
    assert set(db.session.scalars(select(ImportFile.kind))) == {"prices"}


def test_what_a_steward_set_is_kept_and_the_difference_told(toyota: Company) -> None:
    take(PLAIN + "2025-06-30,5,9,4,6,1")
    corrected = [Wish(StockPrice, change.UPDATE, {"close": Decimal(7)}, (toyota.id, MONDAY))]
    applying.carry_out(proposing.propose(corrected, intent("edit")))
    again = look(PLAIN + "2025-06-30,5,9,4,6,1")
    assert (again.proposal.is_empty, again.counts["kept"]) == (True, 1)
    assert [(finding.field, finding.line) for finding in again.kept] == [("close", 2)]


def test_codes_that_no_one_company_has_are_counted_and_no_company_is_made(toyota: Company) -> None:
    for _number in range(2):
        company(ticker_symbol="9984", listing_status="delisted")
    before = db.session.scalar(select(func.count()).select_from(Company))
    preview = look(
        "Date,Code,O,H,L,C,Vo\n2025-06-30,72030,1,1,1,1,1\n2025-06-30,13010,1,1,1,1,1\n2025-06-30,9984,1,1,1,1,1",
        code=None,
    )
    assert preview.left_alone == {"unknown_code": 1, "code_of_several_companies": 1}
    assert preview.counts["created"] == 1
    assert "no one company has these securities codes, whose prices are left out: 1301, 9984" in said(preview)
    assert db.session.scalar(select(func.count()).select_from(Company)) == before


def test_the_listed_company_is_meant_where_a_code_was_given_again(toyota: Company) -> None:
    company(ticker_symbol="7203", listing_status="delisted")
    take(PLAIN + "2025-06-30,1,1,1,1,1")
    assert stored("company_id") == [(toyota.id,)]


@pytest.mark.parametrize(
    ("cells", "field", "sentence"),
    [
        ("5,9,6,8,1", "low", "must not be above open or close"),
        ("5,7,4,8,1", "high", "must not be below open or close"),
        ("0,7,0,7,1", "open", "must be above zero; a day without a trade has no prices"),
        ("-5,7,-5,7,1", "open", "must be at least 0"),
        ("5,7,,6,1", None, "open, high, low and close belong together: give all four or none"),
        (",,,,10", "volume", "a day without prices has no volume"),
    ],
)
def test_a_day_that_breaks_a_rule_is_refused_and_the_rest_goes_on(
    toyota: Company, cells: str, field: str | None, sentence: str
) -> None:
    preview = look(f"{PLAIN}2025-06-30,1,1,1,1,1\n2025-06-27,{cells}\n")
    first = preview.refused[0]
    assert (first.line, first.column, first.reason % first.params) == (3, field, sentence)
    assert preview.counts["created"] == 1


@pytest.mark.parametrize("day", ["2025-06-28", "2025-06-29", "2024-12-31", "2025-01-03"])
def test_prices_of_a_day_without_a_session_are_remarked_on(toyota: Company, day: str) -> None:
    preview = look(f"{PLAIN}{day},1,1,1,1,1")
    assert said(preview) == ["the exchange has no session on this day"]
    assert preview.counts["created"] == 1


def test_prices_divided_by_a_later_split_leave_those_that_were_traded_as_they_are(toyota: Company) -> None:
    take(BROKER + "2021/9/28,10000,10100,9900,10055,10\n2021/9/29,2000,2010,1990,2005,50")
    adjusted = "2021-09-27,1980,2000,1970,1990,1500,60\n2021-09-28,2000,2020,1980,2011,1500,50\n"
    preview = look(YFINANCE + adjusted + "2021-09-29,2000,2010,1990,2006,1500,50\n")
    assert preview.left_alone == {"other_split_basis": 2}
    assert preview.proposal.fields == {"close": 1, "data_source": 1}
    assert said(preview) == [
        "yfinance divides prices by every later split: they are not those of the day",
        "the prices of 7203 until 2021-09-28 are adjusted for a split otherwise than the stored ones, which stay",
        "stands at about the last close of 10,055 by ÷5, and no corporate action says why",
    ]


def test_prices_as_they_were_traded_stand_above_divided_ones(toyota: Company) -> None:
    take(YFINANCE + "2021-09-28,2000,2020,1980,2011,1500,50\n")
    take(BROKER + "2021/9/28,10000,10100,9900,10055,10")
    assert stored("close", "volume", "data_source") == [(10055, 10, "証券会社CSV")]


def test_a_day_said_to_be_without_a_trade_blanks_no_stored_price(toyota: Company) -> None:
    take(PLAIN + "2025-06-30,1,1,1,1,1")
    preview = look(PLAIN + "2025-06-30,,,,,0")
    assert preview.left_alone == {"no_trade_where_prices_are_stored": 1}
    assert preview.proposal.is_empty


def test_a_vendors_adjusted_close_is_compared_and_never_written(toyota: Company) -> None:
    prices = dict.fromkeys(("open", "high", "low", "close"), Decimal(1))
    price(company_id=toyota.id, traded_on=MONDAY, adjusted_close=Decimal(3), **prices)
    preview = look(YFINANCE + "2025-06-30,1,1,1,1,2.5,1\n2025-06-27,1,1,1,1,2.5,1\n")
    assert "adjusted_close" not in preview.proposal.fields
    assert any(
        text.startswith("the vendor's adjusted close is another than ours on the one day that was compared")
        for text in said(preview)
    )
    take(YFINANCE + "2025-06-30,1,1,1,1,2.5,1\n2025-06-27,1,1,1,1,2.5,1\n")
    assert stored("adjusted_close") == [(None,), (3,)]


def test_an_import_of_prices_is_undone_as_one(toyota: Company) -> None:
    change_set = take(PLAIN + "2025-06-30,1,1,1,1,1\n2025-06-27,1,1,1,1,1")
    door.undo(change_set.id, AUTHOR, "the wrong company")
    assert stored("traded_on") == []


def test_a_code_with_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(WrongFile, match="no securities code given with a file of this kind"):
        importing.preview(Request("jpx-list", "list.csv", b"", AUTHOR, code="7203"))


def test_a_split_without_its_corporate_action_is_asked_for_and_explained_by_it(toyota: Company) -> None:
    take(PLAIN + "2021-09-28,10000,10100,9900,10055,10")
    file = PLAIN + "2021-09-29,2000,2010,1990,2005,50\n2021-10-01,2000,2010,1990,2005,50"
    asked, missing = look(file).findings
    assert (asked.rule, asked.record, asked.line, asked.row_key) == (
        "PRICE_SPLIT",
        "7203 2021-09-29",
        2,
        f"{toyota.id},2021-09-29",
    )
    assert str(missing) == "the sessions before this day have no row: 1 from 2021-09-30 on"
    five = {"ratio_from": Decimal(1), "ratio_to": Decimal(5)}
    corporate_action(company_id=toyota.id, ex_on=date(2021, 9, 29), **five)
    assert [finding.rule for finding in look(file).findings] == ["PRICE_MISSING"]


def test_an_allotment_stands_beside_the_shares_that_are_there(toyota: Company) -> None:
    take(PLAIN + "2025-06-26,1000,1000,1000,1000,10")
    two_for_one = {"kind": "allotment", "ratio_from": Decimal(1), "ratio_to": Decimal(1)}
    corporate_action(company_id=toyota.id, ex_on=date(2025, 6, 27), **two_for_one)
    assert look(PLAIN + "2025-06-27,500,500,500,500,10").findings == []
