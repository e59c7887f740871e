"""What a feed says against stored rows stands in the queue until it holds no more, and goes with the feed."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from tests.factories import AUTHOR, company, intent
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.findings.finding import FiledFinding
from webapp.models.stock_price import StockPrice
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Wish
from webapp.services.intake import importing
from webapp.services.intake.importing import Request
from webapp.services.intake.looking import feeding

pytestmark = pytest.mark.usefixtures("connection", "toyota")

PLAIN = "Date,Open,High,Low,Close,Volume\n"
MONDAY = date(2025, 6, 30)
STEWARD, REFUSED = "steward_against_source", "refused_from_source"
OTHERS = "2025-06-27,5,9,4,6,1\n2025-06-26,5,9,4,6,1\n2025-06-25,5,9,4,6,1\n"


@pytest.fixture(autouse=True)
def everything_is_a_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "MOST_ITEMS", 0)


@pytest.fixture
def toyota(connection: object) -> Company:
    return company(ticker_symbol="7203", listing_status="listed")


def take(rows: str) -> ChangeSet | None:
    asked = Request("prices", "prices.csv", (PLAIN + rows).encode(), AUTHOR, code="7203")
    return importing.carry_out(importing.preview(asked))


def wait(rows: str) -> ChangeSet:
    asked = Request("prices", "prices.csv", (PLAIN + rows).encode(), AUTHOR, code="7203")
    change_set = importing.submit(importing.preview(asked))
    assert change_set is not None
    return change_set


def stored_by_hand(toyota: Company) -> None:
    """The close of Monday is a steward's."""
    take("2025-06-30,5,9,5,5,1\n" + OTHERS)
    wish = Wish(StockPrice, "update", {"close": Decimal(8)}, (toyota.id, MONDAY))
    assert isinstance(door.carry([wish], intent("edit")), Applied)


def undone(change_set: ChangeSet | None) -> ChangeSet:
    assert change_set is not None
    outcome = door.undo(change_set.id, AUTHOR, "a mistake")
    assert isinstance(outcome, Applied), outcome
    return db.session.get_one(ChangeSet, outcome.number)


def filed(rule: str = STEWARD) -> list[tuple[Any, ...]]:
    db.session.expire_all()
    rows = select(FiledFinding).where(FiledFinding.rule == rule).order_by(FiledFinding.row_key)
    return [
        (one.row_key.split(",")[1], one.field, one.observed, one.expected, one.status)
        for one in db.session.scalars(rows)
    ]


def test_a_stewards_value_and_that_of_the_feed_stand_side_by_side_until_the_feed_says_the_same(
    toyota: Company,
) -> None:
    stored_by_hand(toyota)
    take("2025-06-30,5,9,5,6,1\n" + OTHERS)
    assert filed() == [("2025-06-30", "close", "8.0000", "6.0000", "open")]
    (one,) = db.session.scalars(select(FiledFinding))
    assert (one.origin, one.company_id, one.params["traded_on"]) == ("prices", toyota.id, "2025-06-30")
    take("2025-06-27,5,9,4,7,1\n")
    assert [row[-1] for row in filed()] == ["open"], "of that day the file says nothing"
    take("2025-06-30,5,9,5,8,1\n")
    assert filed() == [("2025-06-30", "close", "8.0000", "8.0000", "closed")]


def test_what_a_feed_said_is_taken_back_with_it_and_what_one_before_it_said_stands_again(
    toyota: Company,
) -> None:
    stored_by_hand(toyota)
    take("2025-06-30,5,9,5,6,2\n" + OTHERS)
    second = take("2025-06-30,5,9,5,7,3\n" + OTHERS)
    assert filed() == [("2025-06-30", "close", "8.0000", "7.0000", "open")]
    of_second = undone(second)
    assert filed() == [("2025-06-30", "close", "8.0000", "6.0000", "open")]
    undone(of_second)
    assert filed() == [("2025-06-30", "close", "8.0000", "7.0000", "open")]


def test_what_one_feed_alone_said_closes_when_it_is_undone_and_opens_with_the_undoing_of_that(
    toyota: Company,
) -> None:
    stored_by_hand(toyota)
    undoing = undone(take("2025-06-30,5,9,5,6,2\n" + OTHERS))
    assert filed() == [("2025-06-30", "close", "8.0000", "6.0000", "closed")]
    undone(undoing)
    assert [row[-1] for row in filed()] == ["open"]


def test_where_prices_come_from_is_said_with_a_figure_and_closes_as_other_fields_do(toyota: Company) -> None:
    take("2025-06-30,5,9,5,5,1\n" + OTHERS)
    wish = Wish(StockPrice, "update", {"data_source": "取引所"}, (toyota.id, MONDAY))
    assert isinstance(door.carry([wish], intent("edit")), Applied)
    take("2025-06-30,5,9,5,6,2\n")
    assert filed() == [("2025-06-30", "data_source", "取引所", "CSV", "open")]
    released = Wish(StockPrice, "update", {"data_source": "CSV"}, (toyota.id, MONDAY))
    db.session.execute(text("UPDATE findings SET expected = '\"another\"'"))
    assert isinstance(door.carry([released], intent("edit")), Applied)
    assert [row[-1] for row in filed()] == ["open"]
    take("2025-06-30,5,9,5,6,3\n")
    assert filed() == [("2025-06-30", "data_source", "CSV", "CSV", "closed")]


def test_a_value_that_a_rule_refuses_is_filed_beside_the_stored_one_in_the_words_of_the_rule(
    toyota: Company,
) -> None:
    take("2025-06-30,5,5,5,5,1\n")
    take("2025-06-30,5,9,6,8,1\n2025-06-24,,,,,7\n" + OTHERS)
    assert filed(REFUSED) == [
        ("2025-06-24", "volume", None, 7, "open"),
        ("2025-06-30", "low", "5.0000", "6.0000", "open"),
    ]
    assert set(db.session.scalars(select(FiledFinding.message))) == {
        "must not be above open or close",
        "a day without prices has no volume",
    }
    take("2025-06-30,5,9,5,8,1\n")
    assert [row[-1] for row in filed(REFUSED)] == ["open", "closed"]


def test_refused_values_go_with_the_feed_that_brought_them_and_come_back_with_it(toyota: Company) -> None:
    undoing = undone(take("2025-06-30,5,9,6,8,1\n" + OTHERS))
    assert [row[-1] for row in filed(REFUSED)] == ["closed"]
    undone(undoing)
    assert [row[-1] for row in filed(REFUSED)] == ["open"]


def test_a_feed_that_waits_files_what_it_said_once_it_is_confirmed(toyota: Company) -> None:
    stored_by_hand(toyota)
    take("2025-06-24,5,9,6,8,1\n" + OTHERS)
    waiting = wait("2025-06-30,5,9,5,6,2\n2025-06-24,5,9,4,8,1\n2025-06-23,5,9,6,8,1\n")
    assert (filed(), [row[-1] for row in filed(REFUSED)]) == ([], ["open"])
    importing.confirm(waiting.id, AUTHOR)
    assert filed() == [("2025-06-30", "close", "8.0000", "6.0000", "open")]
    assert filed(REFUSED) == [
        ("2025-06-23", "low", None, "6.0000", "open"),
        ("2025-06-24", "low", None, "6.0000", "closed"),
    ]


def test_a_file_that_changes_nothing_is_heard_all_the_same(toyota: Company) -> None:
    stored_by_hand(toyota)
    take("2025-06-30,5,9,5,8,1\n" + OTHERS)
    assert take("2025-06-30,5,9,5,7,1\n" + OTHERS) is None
    assert filed() == [("2025-06-30", "close", "8.0000", "7.0000", "open")]
