"""What would move is said before anything is written, and is what moves then."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests import factories
from tests.factories import AUTHOR, intent
from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import applying, approving, door, proposing, row_codec
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


def values(moves: Any, name: str) -> list[tuple[Any, Any]]:
    return [(one.before.value, one.after.value) for one in moves if one.name == name]


def test_a_forms_values_move_what_saving_them_moves() -> None:
    prior, _now = two_years()
    moves = impact.of_values(stored_row(prior), {"equity_attributable_to_owners": Decimal(200)})
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
    (of_company,) = impact.of_change_set(created)
    assert of_company.company_id == now.company_id
    assert values(of_company.moves, "roe") == [(None, Decimal("0.1"))]
    deleted = waiting(Wish(FinancialStatement, "delete", {}, (prior.id,)))
    (of_company,) = impact.of_change_set(deleted)
    assert values(of_company.moves, "roe") == [(Decimal("0.12"), None)]


def test_an_undoing_says_what_it_would_move_back() -> None:
    prior, _now = two_years()
    wish = Wish(FinancialStatement, "update", {"equity_attributable_to_owners": Decimal(200)}, (prior.id,))
    done = applying.carry_out(proposing.propose([wish], intent()))
    assert done is not None
    (of_company,) = impact.of_change_set(done, is_undone=True)
    assert values(of_company.moves, "roe") == [(Decimal("0.15"), Decimal("0.12"))]
    door.undo(done.id, AUTHOR, None)
    db.session.expire_all()


def test_other_tables_and_many_statements_are_not_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    prior, _now = two_years()
    company = waiting(Wish(type(prior.company), "update", {"name_en": "Other"}, (prior.company_id,)))
    assert impact.of_change_set(company) == []
    monkeypatch.setattr(impact, "MOST", 0)
    assert (
        impact.of_change_set(waiting(Wish(FinancialStatement, "update", {"employees": 7}, (prior.id,)))) == []
    )


def test_a_statement_that_passes_to_another_company_moves_both() -> None:
    prior, now = two_years()
    other = factories.company().id
    passing = waiting(Wish(FinancialStatement, "update", {"company_id": other}, (prior.id,)))
    by_company = {one.company_id: one.moves for one in impact.of_change_set(passing)}
    assert values(by_company[now.company_id], "roe") == [(Decimal("0.12"), None)]
    assert by_company.keys() == {now.company_id, other}
