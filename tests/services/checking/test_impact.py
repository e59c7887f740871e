"""What would move is said before anything is written, and is what moves then."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AUTHOR, intent
from webapp import db
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice
from webapp.services.changes import applying, approving, door, proposing, row_codec
from webapp.services.changes.following import small_changes
from webapp.services.changes.proposals import Wish
from webapp.services.checking import impact

pytestmark = pytest.mark.usefixtures("connection")
YEAR = {
    "fiscal_year_start_on": date(2024, 4, 1),
    "fiscal_year_end_on": date(2025, 3, 31),
    "period_start_on": date(2024, 4, 1),
    "period_end_on": date(2025, 3, 31),
}
BEFORE = {name: day.replace(year=day.year - 1) for name, day in YEAR.items()}
FIGURES = {"profit_attributable_to_owners": Decimal(60), "equity_attributable_to_owners": Decimal(600)}


def two_years() -> tuple[Any, Any]:
    prior = factories.statement(**BEFORE, equity_attributable_to_owners=Decimal(400))
    return prior, factories.statement(company_id=prior.company_id, **YEAR, **FIGURES)


def stored_row(row: Any) -> dict[str, Any]:
    columns = row_codec.table_of(FinancialStatement).columns
    return {column.name: getattr(row, column.name) for column in columns}


def waiting(*wishes: Wish) -> Any:
    return approving.submit(proposing.propose(wishes, intent("import")))


def moving(change_set: Any, *, is_undone: bool = False) -> Any:
    worked_out = impact.of_change_set(change_set, is_undone=is_undone)
    assert worked_out is not None
    return worked_out


def values(moves: Any, name: str) -> list[tuple[Any, Any]]:
    return [(one.before.value, one.after.value) for one in moves if one.name == name]


def test_a_forms_values_move_what_saving_them_moves() -> None:
    prior, _now = two_years()
    moves = impact.of_values(
        FinancialStatement, stored_row(prior), {"equity_attributable_to_owners": Decimal(200)}
    )
    assert values(moves, "roe") == [(Decimal("0.12"), Decimal("0.15"))]
    assert {one.place.as_of_on for one in moves} == {date(2025, 3, 31)}
    wish = Wish(FinancialStatement, "update", {"equity_attributable_to_owners": Decimal(200)}, (prior.id,))
    done = applying.carry_out(proposing.propose([wish], intent()))
    assert done is not None
    kept = done.indicator_moves["moves"]  # type: ignore[index]  # it has moved some
    assert {one["name"] for one in kept} == {one.name for one in moves}


def test_what_waits_says_what_it_would_move_new_and_deleted_statements_too() -> None:
    prior, now = two_years()
    created = waiting(
        Wish(
            FinancialStatement,
            "create",
            factories.STATEMENT
            | {n: d.replace(year=2026) for n, d in YEAR.items() if "end" in n}
            | {"fiscal_year_start_on": date(2025, 4, 1), "period_start_on": date(2025, 4, 1)}
            | {"company_id": now.company_id, "equity_attributable_to_owners": Decimal(900)}
            | {"profit_attributable_to_owners": Decimal(75)},
        )
    )
    (of_company,) = moving(created)
    assert of_company == (now.company_id, [], 1, 0)
    deleted = waiting(Wish(FinancialStatement, "delete", {}, (prior.id,)))
    (of_company,) = moving(deleted)
    assert values(of_company.moves, "roe") == [(Decimal("0.12"), None)]
    assert (of_company.new, of_company.gone) == (0, 1)


def test_without_the_current_revision_the_one_that_takes_its_place_is_reckoned_with() -> None:
    _prior, first = two_years()
    amended = FIGURES | {"profit_attributable_to_owners": Decimal(90)}
    amendment = {"company_id": first.company_id, "revision_no": 1, "revision_type": "COR"}
    wish = Wish(FinancialStatement, "create", factories.STATEMENT | amendment | YEAR | amended)
    assert applying.carry_out(proposing.propose([wish], intent("create"))) is not None
    second = db.session.scalars(
        select(FinancialStatement).where(FinancialStatement.revision_type == "COR")
    ).one()
    (without,) = impact.of_deletion(FinancialStatement, [stored_row(second)]) or ()
    assert (without.company_id, without.gone) == (first.company_id, 0)
    assert values(without.moves, "roe") == [(Decimal("0.18"), Decimal("0.12"))]
    (both,) = impact.of_deletion(FinancialStatement, [stored_row(second), stored_row(first)]) or ()
    assert (both.moves, both.new, both.gone) == ([], 0, 1)


def test_an_undoing_says_what_it_would_move_back() -> None:
    prior, _now = two_years()
    wish = Wish(FinancialStatement, "update", {"equity_attributable_to_owners": Decimal(200)}, (prior.id,))
    done = applying.carry_out(proposing.propose([wish], intent()))
    assert done is not None
    (of_company,) = moving(done, is_undone=True)
    assert values(of_company.moves, "roe") == [(Decimal("0.15"), Decimal("0.12"))]
    door.undo(done.id, AUTHOR, None)
    db.session.expire_all()


def test_other_tables_move_nothing_and_many_rows_are_worked_out_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prior, _now = two_years()
    company = waiting(Wish(type(prior.company), "update", {"name_en": "Other"}, (prior.company_id,)))
    assert impact.of_change_set(company) == []
    hiring = waiting(Wish(FinancialStatement, "update", {"employees": 7}, (prior.id,)))
    assert moving(hiring)[0].moves == []
    monkeypatch.setattr(small_changes, "MOST_ROWS", 0)
    assert impact.of_change_set(hiring) is None
    monkeypatch.undo()
    monkeypatch.setattr(impact, "MOST", 0)
    assert impact.of_change_set(hiring) is None


def test_a_statement_that_passes_to_another_company_moves_both() -> None:
    prior, now = two_years()
    other = factories.company().id
    passing = waiting(Wish(FinancialStatement, "update", {"company_id": other}, (prior.id,)))
    by_company = {one.company_id: one.moves for one in moving(passing)}
    assert values(by_company[now.company_id], "roe") == [(Decimal("0.12"), None)]
    assert by_company.keys() == {now.company_id, other}


def priced() -> Any:
    """A year with shares, and closes of the last days of it."""
    statement = factories.statement(
        **YEAR, **FIGURES, eps_basic=Decimal(6), shares_issued=100, treasury_share_count=0, bps=Decimal(60)
    )
    for day, close in ((27, 120), (28, 150), (31, 180)):
        on = date(2025, 3, day)
        factories.price(
            company_id=statement.company_id, traded_on=on, **dict.fromkeys(factories.OHLC, Decimal(close))
        )
    return statement


def foreseen_and_moved(model: Any, action: str, values: dict[str, Any], key: Any = None) -> tuple[Any, Any]:
    """What is said of a wish while it waits, and what it has moved once it is written."""
    wish = Wish(model, action, values, key)
    worked_out = moving(waiting(wish))
    done = applying.carry_out(proposing.propose([wish], intent()))
    assert done is not None
    said = {
        (one.place.as_of_on.isoformat(), one.name): (one.before.value, one.after.value)
        for of_company in worked_out
        for one in of_company.moves
    }
    kept = done.indicator_moves["moves"] if done.indicator_moves else []
    sides = {
        (one["as_of_on"], one["name"]): tuple(
            None if one[side] is None else Decimal(one[side]) for side in ("before", "after")
        )
        for one in kept
    }
    back = {name: pair[::-1] for name, pair in said.items()}
    undone = {
        (one.place.as_of_on.isoformat(), one.name): (one.before.value, one.after.value)
        for of_company in moving(done, is_undone=True)
        for one in of_company.moves
    }
    assert undone == back
    return said, sides


@pytest.mark.parametrize(
    ("day", "action", "close", "per"),
    [
        (31, "update", 240, (Decimal(30), Decimal(40))),
        # The close of the day before counts where the last one goes.
        (31, "delete", None, (Decimal(30), Decimal(25))),
    ],
)
def test_a_price_says_what_it_would_move_and_what_its_undoing_would(
    day: int, action: str, close: int | None, per: tuple[Decimal, Decimal]
) -> None:
    statement = priced()
    changed = {} if close is None else dict.fromkeys(factories.OHLC, Decimal(close))
    said, moved = foreseen_and_moved(StockPrice, action, changed, (statement.company_id, date(2025, 3, day)))
    assert said == moved
    assert said["2025-03-31", "per"] == per


def test_an_earlier_price_moves_nothing() -> None:
    statement = priced()
    changed = dict.fromkeys(factories.OHLC, Decimal(1))
    said, moved = foreseen_and_moved(StockPrice, "update", changed, (statement.company_id, date(2025, 3, 28)))
    assert said == moved == {}


def test_a_split_that_is_typed_says_what_it_would_move() -> None:
    statement = priced()
    split = {
        "company_id": statement.company_id,
        "kind": "split",
        "ex_on": date(2025, 3, 31),
        "effective_on": date(2025, 4, 1),
        "ratio_from": Decimal(1),
        "ratio_to": Decimal(2),
        "data_source": "a test",
    }
    typed = impact.of_values(CorporateAction, None, split)
    assert values(typed, "per") == [(Decimal(30), Decimal(60))]
    for refused in ({"ex_on": None}, {"ratio_to": None}, {"ratio_from": Decimal(0)}, {"kind": "joke"}):
        assert impact.of_values(CorporateAction, None, {**split, **refused}) == []
    said, moved = foreseen_and_moved(CorporateAction, "create", split)
    assert said == moved != {}


def test_a_count_of_shares_says_what_it_would_move() -> None:
    statement = priced()
    wish = Wish(FinancialStatement, "update", {"treasury_share_count": None}, (statement.id,))
    applying.carry_out(proposing.propose([wish], intent()))
    count = {
        "company_id": statement.company_id,
        "as_of_on": date(2025, 3, 31),
        "issued": 200,
        "treasury": 50,
        "data_source": "a test",
    }
    said, moved = foreseen_and_moved(
        SharesOutstanding, "create", count, (statement.company_id, date(2025, 3, 31))
    )
    assert said == moved
    assert said["2025-03-31", "market_cap"] == (None, Decimal(27_000))


@pytest.mark.parametrize("year", [1, 9999])
def test_statements_of_the_first_and_of_the_last_year_that_there_is_are_reckoned_with(year: int) -> None:
    company, first, last = factories.company().id, date(year, 1, 1), date(year, 12, 31)
    split_on = date(year, 6, 1)
    factories.corporate_action(
        company_id=company, kind="split", ex_on=split_on, effective_on=split_on, ratio_from=1, ratio_to=2
    )
    days = {"fiscal_year_start_on": first, "period_start_on": first, "fiscal_year_end_on": last}
    dividends = {"dps_annual": Decimal(3), "dps_interim": Decimal(1)}
    factories.statement(company_id=company, **days, period_end_on=last, **dividends)
    factories.statement(company_id=company, **days, period_end_on=date(year, 3, 31), period_type="Q1")
    late = {"fiscal_year_start_on": date(year, 10, 1), "period_start_on": date(year, 10, 1)}
    scope = {"scope": "non_consolidated", **dividends}
    factories.statement(company_id=company, **late, fiscal_year_end_on=last, period_end_on=last, **scope)
    bases = select(FinancialIndicator.basis).where(FinancialIndicator.company_id == company)
    assert set(db.session.scalars(bases)) == {"FY", "TTM", "QTR"}
