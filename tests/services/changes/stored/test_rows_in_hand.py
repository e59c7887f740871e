"""What a page has read is not read once more to be changed, unless somebody has changed it meanwhile."""

import pytest
from sqlalchemy import Connection, event, text

from tests.factories import company, price
from webapp import db
from webapp.models.company import Company
from webapp.models.stock_price import StockPrice
from webapp.services.changes import proposing, row_codec
from webapp.services.changes.stored import rows_in_hand

pytestmark = pytest.mark.usefixtures("connection")


def asked_while_locking(connection: Connection, key: row_codec.Key) -> tuple[list[str], dict[str, object]]:
    asked: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(connection, "before_cursor_execute", hear)
    (row,) = proposing.fetch(Company, [key], is_locking=True).values()
    event.remove(connection, "before_cursor_execute", hear)
    return asked, dict(row)


def test_a_row_that_still_has_its_version_is_locked_and_taken_as_it_was_read(connection: Connection) -> None:
    number = company(name_en="Old").id
    # The session knows of a row for as long as somebody has it.
    seen = db.session.get_one(Company, number)
    db.session.refresh(seen)
    asked, row = asked_while_locking(connection, (number,))
    assert len(asked) == 1
    assert asked[0].endswith("FOR NO KEY UPDATE")
    assert "name_en" not in asked[0]
    assert row == proposing.fetch(Company, [(number,)])[seen.id,]


def test_a_row_that_somebody_has_changed_since_it_was_read_is_read_anew(connection: Connection) -> None:
    number = company(name_en="Old").id
    seen = db.session.get_one(Company, number)
    db.session.refresh(seen)
    db.session.execute(text("UPDATE companies SET name_en = 'New' WHERE id = :id"), {"id": number})
    _asked, row = asked_while_locking(connection, (number,))
    assert row["name_en"] == "New"
    assert seen.name_en == "Old"


def test_what_was_only_set_here_or_is_no_longer_known_is_not_in_hand() -> None:
    number = company(name_en="Old").id
    seen = db.session.get_one(Company, number)
    db.session.refresh(seen)
    with db.session.no_autoflush:
        seen.name_en = "New"
        assert rows_in_hand.locked(Company, [(number,)]) == {}
    db.session.expire(seen, ["name_en"])
    assert rows_in_hand.locked(Company, [(number,)]) == {}
    db.session.refresh(seen)
    assert rows_in_hand.locked(Company, [(number,)]).keys() == {(number,)}


def test_of_a_row_that_has_gone_nothing_is_in_hand() -> None:
    number = company().id
    seen = db.session.get_one(Company, number)
    db.session.refresh(seen)
    assert rows_in_hand.locked(Company, [(number,)])
    db.session.execute(text("DELETE FROM companies WHERE id = :id"), {"id": number})
    assert proposing.fetch(Company, [(number,)], is_locking=True) == {}


def test_rows_of_several_key_columns_are_always_read() -> None:
    day = price()
    key = (day.company_id, day.traded_on)
    db.session.refresh(day)
    assert rows_in_hand.locked(StockPrice, [key]) == {}
    assert proposing.fetch(StockPrice, [key], is_locking=True).keys() == {key}
