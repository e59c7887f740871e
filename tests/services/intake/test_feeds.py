"""Long files of prices are taken as feeds: the same figures as in a short file, without an item a row."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select, text

from tests.factories import AUTHOR, company, corporate_action, intent, price
from tests.screens.browsing import statements
from webapp import db
from webapp.files.rows import WrongFile
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.company import Company
from webapp.models.feeds.feed_row import FeedRow
from webapp.models.stock_price import StockPrice
from webapp.rules import change
from webapp.rules.disclosure import reading
from webapp.services.changes import applying, door, proposing
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Moved, Refused, Wish
from webapp.services.changes.undoing import Overtaken
from webapp.services.intake import importing
from webapp.services.intake.importing import Preview, Request
from webapp.services.intake.looking import feeding
from webapp.services.intake.market import price_findings

pytestmark = pytest.mark.usefixtures("connection", "toyota")

PLAIN = "Date,Open,High,Low,Close,Volume\n"
BROKER = "日付,始値,高値,安値,終値,出来高\n"
YFINANCE = "Date,Open,High,Low,Close,Adj Close,Volume\n"
QUOTES = "Date,Code,O,H,L,C,UL,LL,Vo,Va,AdjFactor,AdjO,AdjH,AdjL,AdjC,AdjVo\n"
WRITTEN = ("company_id", "traded_on", "open", "high", "low", "close", "volume", "turnover", "data_source")
FRIDAY, MONDAY = date(2025, 6, 27), date(2025, 6, 30)


@pytest.fixture(autouse=True)
def everything_is_a_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "MOST_ITEMS", 0)


@pytest.fixture
def toyota(connection: object) -> Company:
    return company(ticker_symbol="7203", listing_status="listed")


def look(content: str, code: str | None = "7203") -> Preview:
    return importing.preview(Request("prices", "prices.csv", content.encode(), AUTHOR, code=code))


def take(content: str, code: str | None = "7203") -> ChangeSet:
    change_set = importing.carry_out(look(content, code))
    assert change_set is not None
    assert change_set.status == "applied"
    return change_set


def stored(*names: str) -> list[tuple[object, ...]]:
    columns = [getattr(StockPrice, name) for name in names]
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(StockPrice.traded_on))]


FILES = {
    "plain": PLAIN + "2025-06-30,5,9,4,6,1\n2025-06-27,5,9,4,6.1234,\n2025-06-26,,,,,0\n",
    "broker": BROKER + '2025/6/30,"2,500",2510.5,2490,2505,"1,000"\n2025/6/27,,,,,0\n',
    "refused": PLAIN
    + "2025-06-30,5,9,4,6,1\n2025-06-27,5,9,6,8,1\n2025-06-26,x,9,6,8,1\n2025-06-25,0,9,0,8,1\n"
    "2025-06-24,5,9,4,6,1\n2025-06-23,5,9,4,6,1\n2025-06-20,5,9,4,6,1\n2025-06-19,,,,,7\n2025-06-18,5,9,4,6,1\n",
    "repeated": PLAIN
    + "2025-06-30,5,9,4,6,1\n2025-06-30,5,9,4,6,1\n2025-06-30,5,9,4,7,1\n2025-06-27,1,1,1,1,1\n",
    "yfinance": YFINANCE + "2025-06-30,1330.4000244140625,1331,1330,1330.5,1310.123456789,100\n",
    "quotes": QUOTES + "2025-06-30,72030,1,1,1,1,0,0,2202500.0,4507051850.0,1.0,1,1,1,1,2\n"
    "2025-06-30,25935,1,1,1,1,0,0,1,1,1,1,1,1,1,2\n2025-06-30,13010,1,1,1,1,0,0,1,1,1,1,1,1,1,2\n",
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("before", ["nothing", "the same", "other figures"])
def test_a_feed_counts_and_writes_what_items_would(
    name: str, before: str, toyota: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = None if name == "quotes" else "7203"
    days = {MONDAY: Decimal(3), FRIDAY: Decimal(6)} if before != "nothing" else {}
    for day, close in days.items():
        price(company_id=toyota.id, traded_on=day, open=close, high=close, low=close, close=close)
    if before == "the same":
        importing.carry_out(look(FILES[name], code))

    def outcome(most: int) -> tuple[object, ...]:
        monkeypatch.setattr(feeding, "MOST_ITEMS", most)
        with db.session.begin_nested() as nested:
            preview = look(FILES[name], code)
            report = preview.report(None, "looked")
            importing.carry_out(preview)
            rows = stored(*WRITTEN)
            nested.rollback()
        # A row that breaks two rules is one row of a feed.
        report["counts"]["rejected"] = len({one["line"] for one in report["rejected"]})
        told = {key: value for key, value in report.items() if key not in ("findings", "feed")}
        return told, rows

    as_feed, as_items = outcome(0), outcome(10_000)
    assert as_feed == as_items


def test_a_feed_has_a_header_and_no_items_and_again_it_changes_nothing(toyota: Company) -> None:
    content = BROKER + '2025/6/30,"2,500",2510.5,2490,2505,"1,000"\n2025/6/27,,,,,0\n'
    change_set = take(content)
    items = db.session.scalars(select(ChangeSetItem.table_name)).all()
    assert items == ["companies"]
    assert (change_set.table_name, change_set.source) == ("stock_prices", "証券会社CSV (2025-06-30)")
    assert change_set.feed is not None
    assert change_set.feed["ranges"] == {
        "company_id": {"values": 1},
        "traded_on": {"values": 2, "first": "2025-06-27", "last": "2025-06-30"},
    }
    first = change_set.feed["samples"][0]
    assert (first["row_key"], first["before"]) == (f"{toyota.id},2025-06-30", {})
    assert first["after"]["high"] == "2510.5000"
    assert stored("change_set_id", "version") == [(change_set.id, 1), (change_set.id, 1)]
    assert look(content).is_empty
    assert importing.carry_out(look(content)) is None


def test_what_a_steward_set_is_kept_and_the_difference_told(toyota: Company) -> None:
    take(PLAIN + "2025-06-30,5,9,4,6,1\n2025-06-27,5,9,4,6,1")
    corrected = [Wish(StockPrice, change.UPDATE, {"close": Decimal(7)}, (toyota.id, MONDAY))]
    applying.carry_out(proposing.propose(corrected, intent("edit")))
    again = look(PLAIN + "2025-06-30,5,9,4,6,2\n2025-06-27,5,9,4,6,1")
    assert (again.counts["updated"], again.counts["kept"], again.fields) == (1, 1, {"volume": 1})
    assert [(finding.field, finding.line, str(finding)) for finding in again.kept] == [
        ("close", 2, "kept the value entered by hand; the list says 6.0000")
    ]
    importing.carry_out(again)
    assert stored("close", "volume") == [(6, 1), (7, 2)]


def test_prices_divided_by_a_later_split_leave_those_that_were_traded_as_they_are(toyota: Company) -> None:
    take(BROKER + "2021/9/28,10000,10100,9900,10055,10\n2021/9/29,2000,2010,1990,2005,50")
    adjusted = "2021-09-27,1980,2000,1970,1990,1500,60\n2021-09-28,2000,2020,1980,2011,1500,50\n"
    preview = look(YFINANCE + adjusted + "2021-09-29,2000,2010,1990,2006,1500,50\n")
    assert preview.left_alone == {"other_split_basis": 2}
    assert preview.fields == {"close": 1, "data_source": 1}
    assert [str(finding) for finding in preview.findings] == [
        "yfinance divides prices by every later split: they are not those of the day",
        "the prices of 7203 until 2021-09-28 are adjusted for a split otherwise than the stored ones, which stay",
        "stands at about the last close of 10,055 by ÷5, and no corporate action says why",
    ]


def test_a_vendors_adjusted_close_is_compared_and_never_written(toyota: Company) -> None:
    prices = dict.fromkeys(("open", "high", "low", "close"), Decimal(1))
    price(company_id=toyota.id, traded_on=MONDAY, adjusted_close=Decimal(3), **prices)
    preview = look(YFINANCE + "2025-06-30,1,1,1,1,2.5,1\n2025-06-27,1,1,1,1,2.5,1\n")
    assert any(
        "is another than ours on the one day that was compared" in str(finding)
        for finding in preview.findings
    )
    importing.carry_out(preview)
    assert stored("adjusted_close") == [(None,), (3,)]


def test_a_preview_locks_no_stored_row_and_leaves_no_dead_one(toyota: Company) -> None:
    take(PLAIN + "2025-06-30,5,9,4,6,1\n")
    places = text("SELECT ctid::text, xmin::text, xmax::text FROM stock_prices")
    before = db.session.execute(places).all()
    with db.session.begin_nested():
        assert look(PLAIN + "2025-06-30,5,9,4,7,1\n2025-06-27,5,9,4,6,1\n").counts["updated"] == 1
    assert db.session.execute(places).all() == before


def test_a_feed_of_which_most_rows_are_refused_is_refused_whole() -> None:
    with pytest.raises(WrongFile, match="at least half the rows"):
        look(PLAIN + "2025-06-30,5,9,6,8,1\n2025-06-27,5,9,6,8,1\n2025-06-26,5,9,4,8,1\n")


@pytest.mark.parametrize("day", ["2025-06-28", "2025-06-29", "2024-12-31", "2025-01-03"])
def test_prices_of_a_day_without_a_session_are_remarked_on(day: str) -> None:
    preview = look(f"{PLAIN}{day},1,1,1,1,1\n2025-06-30,1,1,1,1,1\n")
    of_sessions = [finding for finding in preview.findings if finding.rule == reading.SESSION.id]
    assert [(str(finding), finding.line) for finding in of_sessions] == [
        ("the exchange has no session on this day", 2)
    ]
    assert preview.counts["created"] == 2


ODD = PLAIN + (
    "2025-06-30,205,205,205,205,1\n2025-06-26,1000,1000,1000,1000,1\n2025-06-24,2000,2000,2000,2000,1\n"
    "2025-06-23,1000,1000,1000,1000,1\n"
)


@pytest.mark.parametrize("is_stored", [False, True])
def test_what_is_odd_about_prices_is_remarked_on_in_long_files_as_in_short_ones(
    is_stored: bool, toyota: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    corporate_action(
        company_id=toyota.id,
        ex_on=date(2025, 6, 24),
        kind="reverse_split",
        ratio_from=Decimal(2),
        ratio_to=Decimal(1),
    )
    prices = dict.fromkeys(("open", "high", "low", "close"), Decimal(1000))
    if is_stored:
        for day in (date(2025, 6, 19), date(2025, 6, 27)):
            price(company_id=toyota.id, traded_on=day, **prices)

    def remarks(most: int) -> list[tuple[object, ...]]:
        monkeypatch.setattr(feeding, "MOST_ITEMS", most)
        found = look(ODD).findings
        return sorted((one.rule, one.line, one.field, one.record, one.row_key, str(one)) for one in found)

    assert remarks(0) == remarks(10_000)
    assert {rule for rule, *_others in remarks(0)} == {"PRICE_SPLIT", "PRICE_MISSING"}


def test_the_first_odd_days_of_each_rule_are_told_and_the_others_counted(
    toyota: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(price_findings, "MOST_TOLD", 1)
    found = look(ODD).findings
    missing = [(one.line, str(one)) for one in found if one.rule == "PRICE_MISSING"]
    assert missing == [
        (2, "the sessions before this day have no row: 1 from 2025-06-27 on"),
        (None, "1 more day like the one of line 2 and those before it is not told"),
    ]


def wait(content: str) -> ChangeSet:
    change_set = importing.submit(look(content))
    assert change_set is not None
    assert change_set.status == "proposed"
    return change_set


def test_a_feed_that_waits_keeps_its_rows_until_it_is_decided(toyota: Company) -> None:
    take(PLAIN + "2025-06-30,5,9,4,6,1\n")
    waiting = wait(PLAIN + "2025-06-30,5,9,4,7,1\n2025-06-27,5,9,4,6,1\n2025-06-26,5,9,7,8,1\n")
    rows = {row.line: (row.verdict, row.before) for row in db.session.scalars(select(FeedRow))}
    assert rows == {2: ("changed", {"close": 6.0}), 3: ("new", {}), 4: ("refused", {})}
    importing.confirm(waiting.id, AUTHOR)
    assert stored("traded_on", "close") == [(FRIDAY, 6), (MONDAY, 7)]
    assert (waiting.counts["created"], waiting.counts["updated"]) == (1, 1)
    assert db.session.scalar(select(func.count()).select_from(FeedRow)) == 0


def test_a_feed_that_is_declined_writes_nothing_and_keeps_nothing(toyota: Company) -> None:
    waiting = wait(PLAIN + "2025-06-30,5,9,4,7,1\n")
    importing.decline(waiting.id, AUTHOR)
    assert (stored("close"), db.session.scalar(select(func.count()).select_from(FeedRow))) == ([], 0)


def test_a_row_that_has_moved_since_is_written_where_its_fields_stand(toyota: Company) -> None:
    take(PLAIN + "2025-06-30,5,9,4,6,1\n2025-06-27,5,9,4,6,1\n")
    waiting = wait(PLAIN + "2025-06-30,5,9,4,7,1\n2025-06-27,5,9,4,8,1\n")
    take(QUOTES + "2025-06-30,72030,5,9,4,6,0,0,1,77,1,5,9,4,6,1\n", None)
    importing.confirm(waiting.id, AUTHOR)
    assert stored("close", "turnover") == [(8, None), (7, 77)]


def test_a_feed_is_refused_where_it_would_write_a_field_that_was_not_shown(toyota: Company) -> None:
    take(PLAIN + "2025-06-30,5,9,4,6,1\n")
    waiting = wait(PLAIN + "2025-06-30,5,9,4,7,1\n")
    take(PLAIN + "2025-06-30,5,9,4,6,2\n")
    outcome = door.settle(lambda: importing.confirm(waiting.id, AUTHOR))
    assert isinstance(outcome, Moved)


def test_a_feed_is_refused_where_its_reader_is_another_since(toyota: Company) -> None:
    waiting = wait(PLAIN + "2025-06-30,5,9,4,7,1\n")
    waiting.feed = {**(waiting.feed or {}), "reader": "prices 0"}
    with pytest.raises(Refused, match="read otherwise since"):
        importing.confirm(waiting.id, AUTHOR)


def undone(change_set: ChangeSet, **how: bool) -> ChangeSet:
    outcome = door.undo(change_set.id, AUTHOR, "a mistake", **how)
    assert isinstance(outcome, Applied), outcome
    return db.session.get_one(ChangeSet, outcome.number)


def test_a_feed_is_undone_as_one_and_so_is_its_undoing(toyota: Company) -> None:
    take(PLAIN + "2025-06-30,5,9,4,6,1\n")
    second = take(PLAIN + "2025-06-30,5,9,4,7,1\n2025-06-27,5,9,4,6,1\n")
    undoing = undone(second)
    assert (undoing.counts["updated"], undoing.counts["deleted"]) == (1, 1)
    assert stored("traded_on", "close") == [(MONDAY, 6)]
    undone(undoing)
    assert stored("traded_on", "close", "version") == [(FRIDAY, 6, 2), (MONDAY, 7, 4)]


def test_feeds_are_undone_one_after_another(toyota: Company) -> None:
    first = take(PLAIN + "2025-06-30,5,9,4,6,1\n")
    second = take(PLAIN + "2025-06-30,5,9,4,7,1\n")
    undone(second)
    undone(first)
    assert stored("close") == []


def test_a_row_that_somebody_has_touched_since_stands_in_the_way_by_name(toyota: Company) -> None:
    name = toyota.name_ja
    change_set = take(PLAIN + "2025-06-30,5,9,4,6,1\n2025-06-27,5,9,4,6,1\n")
    corrected = [Wish(StockPrice, change.UPDATE, {"close": Decimal(7)}, (toyota.id, MONDAY))]
    applying.carry_out(proposing.propose(corrected, intent("edit")))
    db.session.commit()
    refusal = door.undo(change_set.id, AUTHOR, "a mistake")
    assert isinstance(refusal, Overtaken)
    assert [(row.label, row.changed_by) for row in refusal.rows] == [(f"7203 {name} 2025/06/30", "a test")]
    assert (refusal.number, refusal.others) == (1, 1)
    undone(change_set, leaves_touched=True)
    assert stored("traded_on", "close") == [(MONDAY, 7)]


def test_however_many_touched_rows_are_told_their_table_is_asked_once(toyota: Company) -> None:
    def asked_of(*days: int) -> int:
        lines = "".join(f"2025-06-{day:02},5,9,4,6,1\n" for day in days)
        number = take(PLAIN + lines).id
        db.session.execute(text("UPDATE stock_prices SET close = 7"))
        db.session.commit()
        with statements() as seen:
            refusal = door.undo(number, AUTHOR, "a mistake")
        assert isinstance(refusal, Overtaken)
        assert sorted(row.label for row in refusal.rows) == [
            f"7203 {toyota.name_ja} 2025/06/{day:02}" for day in days
        ]
        return sum("stock_prices" in one for one in seen)

    assert asked_of(2) == asked_of(3, 4, 5)
