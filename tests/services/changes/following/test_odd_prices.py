"""The rules of prices watch what is stored: an odd day is a finding, and closes by itself."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from tests import factories
from tests.factories import AUTHOR, intent
from webapp import db
from webapp.models.findings.finding import FiledFinding
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.stock_price import StockPrice
from webapp.rules.market import price_moves, sessions
from webapp.rules.market.price_moves import Day
from webapp.services.changes import applying, door, proposing
from webapp.services.changes.following import odd_prices, small_changes
from webapp.services.changes.proposals import Wish
from webapp.services.checking import catching_up

pytestmark = pytest.mark.usefixtures("connection")
MONDAY = date(2025, 6, 2)
SPLIT = {"kind": "split", "ratio_from": Decimal(1), "ratio_to": Decimal(5)}


def days(closes: Any, first: date = MONDAY, **more: Any) -> list[dict[str, Any]]:
    """Rows of sessions in order, each at one price; a day without one had no trade."""
    on = [day for day in sessions.all_known() if day >= first][: len(closes)]
    return [
        {"traded_on": day, "data_source": "a test", **more}
        | ({} if close is None else dict.fromkeys(factories.OHLC, Decimal(close)) | {"volume": 100})
        for day, close in zip(on, closes, strict=True)
    ]


def store(*rows: dict[str, Any]) -> list[Any]:
    number = factories.company().id
    return factories.create_together(StockPrice, *({"company_id": number, **row} for row in rows))


def change(row: StockPrice, close: str) -> Any:
    values = dict.fromkeys(factories.OHLC, Decimal(close))
    return carry(Wish(StockPrice, "update", values, (row.company_id, row.traded_on)))


def carry(wish: Wish) -> Any:
    return applying.carry_out(proposing.propose([wish], intent()))


def standing() -> dict[tuple[str, str], str]:
    """The state of each finding by its rule and day."""
    db.session.expire_all()
    filed = db.session.scalars(select(FiledFinding).where(FiledFinding.table_name == "stock_prices"))
    return {(one.rule, one.params["traded_on"]): one.status for one in filed}


def test_a_price_beyond_its_limit_is_filed_with_its_change_and_closes_itself_once_it_is_mended() -> None:
    rows = store(*days(("1000", "1010", "1000")))
    assert standing() == {}
    slip = change(rows[1], "1310")
    second, third = (str(row.traded_on) for row in rows[1:])
    assert standing() == {("PRICE_LIMIT", second): "open", ("PRICE_LIMIT", third): "open"}
    (one,) = db.session.scalars(
        select(FiledFinding).where(FiledFinding.row_key == f"{rows[0].company_id},{second}")
    )
    assert (one.field, one.params["base"], one.params["limit"], one.severity) == (
        "close",
        "1,000",
        "300",
        "review",
    )
    door.undo(slip.id, AUTHOR, None)
    assert set(standing().values()) == {"closed"}


def test_a_split_that_is_entered_explains_the_fall_and_one_that_is_moved_does_not() -> None:
    rows = store(*days(("5000", "1010", "1020")))
    day = str(rows[1].traded_on)
    assert standing() == {("PRICE_SPLIT", day): "open"}
    action = factories.create(
        CorporateAction, company_id=rows[0].company_id, ex_on=rows[1].traded_on, data_source="a test", **SPLIT
    )
    assert standing() == {("PRICE_SPLIT", day): "closed"}
    carry(Wish(CorporateAction, "update", {"ex_on": rows[2].traded_on}, (action.id,)))
    assert standing()["PRICE_SPLIT", day] == "open"
    assert standing()["PRICE_LIMIT", str(rows[2].traded_on)] == "open"


def test_a_day_that_is_deleted_is_missed_before_the_next_one() -> None:
    rows = store(*days(("1000", "1010", "1020")))
    gone = carry(Wish(StockPrice, "delete", {}, (rows[1].company_id, rows[1].traded_on)))
    assert standing() == {("PRICE_MISSING", str(rows[2].traded_on)): "open"}
    door.undo(gone.id, AUTHOR, None)
    assert standing() == {("PRICE_MISSING", str(rows[2].traded_on)): "closed"}


def test_a_day_without_a_session_is_filed_and_goes_with_its_row() -> None:
    sunday = MONDAY - timedelta(days=1)
    outage = date(2020, 10, 1)
    rows = store(*({**days(("1000",))[0], "traded_on": day} for day in (sunday, outage)))
    assert ("PRICE_SESSION", str(sunday)) in standing()
    assert ("PRICE_SESSION", str(outage)) in standing()
    carry(Wish(StockPrice, "delete", {}, (rows[0].company_id, sunday)))
    assert ("PRICE_SESSION", str(sunday)) not in standing()


def test_twenty_days_without_a_trade_are_told_of_once_however_few_of_them_change() -> None:
    rows = store(*days(("1000", *[None] * 30)))
    assert standing() == {("PRICE_STALE", str(rows[20].traded_on)): "open"}
    change(rows[25], "1000")
    assert standing() == {("PRICE_STALE", str(rows[20].traded_on)): "open"}
    change(rows[5], "1000")
    assert standing()["PRICE_STALE", str(rows[20].traded_on)] == "closed"


def test_what_was_written_from_outside_is_filed_at_night_in_the_words_of_the_other_reading() -> None:
    closes = ("0.5", "95", None, "1234.5", "1700.25", "340", None)
    first = store(*days(closes))
    other = store(*days(("700", "10", "9.9"), MONDAY + timedelta(days=1)))
    db.session.execute(text("DELETE FROM findings"))
    assert catching_up.all_prices() == 2
    told = {
        (row_key, finding.rule, str(finding))
        for of_company in (first, other)
        for row_key, finding in _remarks(of_company)
    }
    filed = db.session.scalars(select(FiledFinding)).all()
    assert {(one.row_key, one.rule, one.message % one.params) for one in filed} == told
    assert told
    text_of_close = (
        "UPDATE stock_prices SET open = 700, high = 700, low = 700, close = 700 WHERE company_id = :id"
    )
    db.session.execute(text(text_of_close), {"id": other[0].company_id})
    catching_up.all_prices()
    assert set(
        db.session.scalars(select(FiledFinding.status).where(FiledFinding.company_id == other[0].company_id))
    ) == {"closed"}


def _remarks(rows: list[Any]) -> list[tuple[str, Any]]:
    in_order = [Day(row.traded_on, row.high, row.low, row.close, row.volume) for row in rows]
    return [(f"{rows[0].company_id},{day}", finding) for day, finding in price_moves.remarks(in_order, {})]


def test_large_changes_are_followed_by_a_job_on_their_days_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_changes, "MOST_ROWS", 2)
    rows = store(*days(("1000", "1010", "1320", "1300")))
    assert standing() == {}
    store(*days(("1000", "1010")))
    between = odd_prices.days_of_late()
    assert between is not None
    assert between[:2] == (rows[0].traded_on, rows[-1].traded_on)
    # The other company's days are few, and were looked at with their change.
    assert catching_up.after_prices() == 1
    assert standing() == {("PRICE_LIMIT", str(rows[2].traded_on)): "open"}


def test_what_a_large_undoing_takes_away_is_missed_by_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    number = factories.company().id
    first, *others, last = days(("1000", "1010", "1020", "1030", "1040"))
    factories.create_together(StockPrice, *({"company_id": number, **row} for row in (first, last)))
    monkeypatch.setattr(small_changes, "MOST_ROWS", 2)
    wishes = [Wish(StockPrice, "create", {"company_id": number, **row}) for row in others]
    change_set = applying.carry_out(proposing.propose(wishes, intent()))
    assert change_set is not None
    catching_up.after_prices()
    missing = ("PRICE_MISSING", str(last["traded_on"]))
    assert standing()[missing] == "closed"
    door.undo(change_set.id, AUTHOR, None)
    assert standing()[missing] == "closed"
    catching_up.after_prices()
    assert standing()[missing] == "open"
