"""One company that stood twice is one row: what belonged to the other follows, in one change set, undone as one."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.factories import AUTHOR, intent
from webapp import db
from webapp.lists import search
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.company_name import CompanyName
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.row_version import RowVersion
from webapp.models.stock_price import StockPrice
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Moved, Refused
from webapp.services.companies import merging
from webapp.services.companies.merging import Choices

pytestmark = pytest.mark.usefixtures("connection")

FIRST, SECOND = date(2025, 6, 26), date(2025, 6, 27)


@pytest.fixture
def loser() -> Any:
    return factories.company(
        edinet_code=None, ticker_symbol="9Y2X", listing_status="listed", name_ja="架空新規", market_division="GROWTH"
    )  # fmt: skip


@pytest.fixture
def winner() -> Any:
    return factories.company(edinet_code="E99801", name_ja="株式会社架空新規", name_en="Kaku")


def merge(loser: Any, winner: Any, **choices: Any) -> Applied:
    pair = merging.pair(loser.id, winner.id)
    assert pair is not None
    outcome = merging.merge(pair, Choices(**choices), intent("edit"))
    assert isinstance(outcome, Applied), outcome
    return outcome


def owners(model: Any) -> list[int]:
    return list(db.session.scalars(select(model.company_id).order_by(*model.__table__.primary_key)))


def everything() -> dict[str, list[Any]]:
    models = (Company, CompanyName, Filing, FinancialStatement, StockPrice)
    stamps = {"version", "changed_at", "change_set_id"}
    return {
        model.__tablename__: db.session.execute(
            select(*(c for c in model.__table__.columns if c.name not in stamps)).order_by(*model.__table__.primary_key)
        ).all()
        for model in models
    }  # fmt: skip


def test_all_that_belongs_to_one_row_follows_the_other_and_comes_back_when_it_is_undone(
    loser: Any, winner: Any
) -> None:
    filing = factories.filing(company_id=loser.id)
    factories.statement(company_id=loser.id, filing_doc_id=filing.doc_id)
    factories.price(company_id=loser.id, traded_on=FIRST)
    factories.price(company_id=winner.id, traded_on=SECOND)
    factories.company_name(company_id=loser.id, value="旧架空")
    before, number = everything(), loser.id
    merged = merge(loser, winner, fields=frozenset({"listing_status"}))
    assert db.session.get(Company, number) is None
    row = db.session.get_one(Company, winner.id)
    assert (row.ticker_symbol, row.market_division, row.listing_status) == ("9Y2X", "GROWTH", "listed")
    for model in (Filing, FinancialStatement, StockPrice, CompanyName):
        assert set(owners(model)) == {winner.id}
    assert len(owners(StockPrice)) == 2
    change_set = db.session.get_one(ChangeSet, merged.number)
    assert change_set.other_tables is not None
    assert (change_set.table_name, "stock_prices" in change_set.other_tables) == ("companies", True)
    undone = door.undo(merged.number, AUTHOR, "they are two")
    assert isinstance(undone, Applied), undone
    assert everything() == before
    again = door.undo(undone.number, AUTHOR, "they are one after all")
    assert isinstance(again, Applied), again
    assert (set(owners(StockPrice)), db.session.get(Company, number)) == ({winner.id}, None)


def test_the_row_that_goes_is_found_by_its_names_codes_and_number_and_keeps_its_history(winner: Any) -> None:
    loser = factories.company(edinet_code="E99802", name_ja="架空旧社")
    number = loser.id
    merge(loser, winner)
    for word in ("E99802", "架空旧社", f"#{number}"):
        assert db.session.scalars(select(Company.id).where(search.company_named(word))).all() == [winner.id]
    kept = select(func.count()).where(
        RowVersion.table_name == "companies",
        RowVersion.row_key == str(number),
        RowVersion.operation == "DELETE",
    )
    assert db.session.scalar(kept) == 1


def test_of_fields_that_both_have_the_chosen_one_stays_and_the_other_is_a_former_name(winner: Any) -> None:
    loser = factories.company(edinet_code="E99802", name_ja="新商号株式会社", name_en="Newer")
    pair = merging.pair(loser.id, winner.id)
    assert pair is not None
    assert {"edinet_code", "name_ja", "name_en"} <= set(pair.differing)
    merge(loser, winner, fields=frozenset({"name_ja"}))
    row = db.session.get_one(Company, winner.id)
    assert (row.edinet_code, row.name_ja, row.name_en) == ("E99801", "新商号株式会社", "Kaku")
    kept = db.session.execute(select(CompanyName.kind, CompanyName.value)).all()
    assert {("name_ja", "株式会社架空新規"), ("name_en", "Newer"), ("edinet_code", "E99802")} <= {
        *map(tuple, kept)
    }


@pytest.mark.parametrize("takes_losers", [False, True])
def test_of_statements_and_days_that_both_have_the_chosen_one_stays(
    loser: Any, winner: Any, *, takes_losers: bool
) -> None:
    mine = factories.statement(company_id=loser.id, revenue=Decimal(1))
    factories.statement(company_id=winner.id, revenue=Decimal(2))
    for owner, close in ((loser, 1001), (winner, 1002)):
        prices = dict.fromkeys(("open", "high", "low", "close"), Decimal(close))
        factories.price(company_id=owner.id, traded_on=FIRST, **prices)
        factories.price(company_id=owner.id, traded_on=SECOND, **prices)
    pair = merging.pair(loser.id, winner.id)
    assert pair is not None
    both = merging.belongings(pair)
    assert (len(both.statements), len(both.differing_days)) == (1, 2)
    before = everything()
    chosen = frozenset({mine.id}) if takes_losers else frozenset()
    merged = merge(loser, winner, statements=chosen, days={FIRST: True}, other_days=False)
    assert db.session.scalars(select(FinancialStatement.revenue)).all() == [Decimal(1 if takes_losers else 2)]
    closes = db.session.scalars(select(StockPrice.close).order_by(StockPrice.traded_on)).all()
    assert closes == [Decimal(1001), Decimal(1002)]
    assert isinstance(door.undo(merged.number, AUTHOR, "they are two"), Applied)
    assert everything() == before


def test_a_row_that_somebody_has_changed_meanwhile_is_not_merged_as_it_was_seen(
    loser: Any, winner: Any
) -> None:
    pair = merging.pair(loser.id, winner.id)
    assert pair is not None
    factories.price(company_id=loser.id)
    wish = factories.Wish(Company, "update", {"website_url": "https://a.jp/"}, (loser.id,), loser.version)
    door.carry([wish], intent("edit"))
    assert isinstance(merging.merge(pair, Choices(), intent("edit")), Moved)
    assert len(owners(StockPrice)) == 1


def test_a_row_with_more_records_than_a_change_set_holds_stays(
    loser: Any, winner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "MOST_ROWS", 1)
    for day in (FIRST, SECOND):
        factories.price(company_id=loser.id, traded_on=day)
    pair = merging.pair(loser.id, winner.id)
    assert pair is not None
    outcome = merging.merge(pair, Choices(), intent("edit"))
    assert isinstance(outcome, Refused)
    assert "more than 1 records" in str(outcome)


def test_a_company_is_not_merged_into_itself(winner: Any) -> None:
    assert merging.pair(winner.id, winner.id) is None
