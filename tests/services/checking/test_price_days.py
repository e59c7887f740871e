"""Days of prices that no trigger has noted are noted at night."""

from datetime import date

import pytest
from sqlalchemy import delete, select

from tests import factories
from webapp import db
from webapp.models.market.price_day import PriceDay
from webapp.services.checking import catching_up, price_days

pytestmark = pytest.mark.usefixtures("app", "connection")
DAYS = [date(2025, 6, 26), date(2025, 6, 27)]


def test_what_is_missing_is_noted_once() -> None:
    company = factories.company()
    for day in DAYS:
        factories.price(company_id=company.id, traded_on=day)
    db.session.execute(delete(PriceDay).where(PriceDay.traded_on == DAYS[1]))
    assert price_days.note_missing() == 1
    assert price_days.note_missing() == 0
    assert list(db.session.scalars(select(PriceDay.traded_on).order_by(PriceDay.traded_on))) == DAYS


def test_looking_at_everything_notes_what_is_missing() -> None:
    factories.price()
    db.session.execute(delete(PriceDay))
    catching_up.look_at_everything()
    assert db.session.scalars(select(PriceDay.traded_on)).one() == DAYS[1]
