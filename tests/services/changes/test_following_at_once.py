"""What follows from two changes at the same moment: as it would from one after the other."""

import threading
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, delete, select, text

from tests import factories
from tests.factories import intent
from webapp import db
from webapp.models.company import Company
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.finding import FiledFinding
from webapp.services.changes import applying, door, proposing
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Intent, Wish

WAITING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
NAMESAKE = {"name_ja": "同名株式会社"}


def add(**values: Any) -> Wish:
    return Wish(Company, "create", {**NAMESAKE, **values})


def _intent(wish: Wish) -> Intent:
    return intent("edit" if wish.action == "update" else wish.action)


def at_once(committed: Engine, earlier: Wish, later: Wish) -> None:
    """Carry out two changes, of which the later one is sent while the earlier one is not stored yet."""
    is_written, is_sent = threading.Event(), threading.Event()
    outcomes: list[Any] = []

    def carry_earlier() -> None:
        with db.transaction():
            outcomes.append(applying.carry_out(proposing.propose([earlier], _intent(earlier))))
            is_written.set()
            assert is_sent.wait(30)
        db.session.remove()

    def carry_later() -> None:
        assert is_written.wait(30)
        outcomes.append(door.carry([later], _intent(later)))
        db.session.remove()

    threads = [threading.Thread(target=carry) for carry in (carry_earlier, carry_later)]
    for thread in threads:
        thread.start()
    with committed.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
        while threads[1].is_alive() and not looking.scalar(WAITING):
            threads[1].join(0.02)
    is_sent.set()
    for thread in threads:
        thread.join()
    assert isinstance(outcomes[-1], Applied), outcomes


def namesakes() -> set[str]:
    rows = select(FiledFinding.row_key).where(FiledFinding.rule == "M-name", FiledFinding.status == "open")
    return set(db.session.scalars(rows))


def test_two_companies_of_one_name_that_are_added_in_the_same_moment_are_told_of_each_other(
    committed: Engine,
) -> None:
    at_once(committed, add(edinet_code="E90001"), add(edinet_code="E90002"))
    assert namesakes() == {str(number) for number in db.session.scalars(select(Company.id))}
    assert len(namesakes()) == 2


def test_a_company_is_added_while_somebody_deletes_its_namesake_and_nobody_is_told_of_what_is_gone(
    committed: Engine,
) -> None:
    going = factories.company(**NAMESAKE)
    code_of_going = going.edinet_code
    staying = factories.company(**NAMESAKE, edinet_code="E90003")
    db.session.commit()
    at_once(committed, Wish(Company, "delete", {}, (going.id,)), add(edinet_code="E90001"))
    assert len(namesakes()) == 2
    assert str(staying.id) in namesakes()
    findings = select(FiledFinding.params).where(FiledFinding.rule == "M-name")
    told = " ".join(params["others"] for params in db.session.scalars(findings))
    assert "E90001" in told
    assert "E90003" in told
    assert code_of_going not in told


def test_whoever_adds_a_company_does_not_wait_for_one_that_is_being_deleted(committed: Engine) -> None:
    number = factories.company(**NAMESAKE).id
    db.session.commit()
    with committed.connect() as deleting:
        deleting.execute(delete(Company).where(Company.id == number))
        outcome = door.carry([add(edinet_code="E90001")], intent("create"))
        assert isinstance(outcome, Applied), outcome
        deleting.commit()
    assert str(number) not in namesakes()


def test_indicators_are_of_both_statements_that_two_people_changed_in_the_same_moment(
    committed: Engine,
) -> None:
    company = factories.company()
    before, now = (
        factories.statement(
            company_id=company.id,
            fiscal_year_start_on=date(year - 1, 4, 1),
            fiscal_year_end_on=date(year, 3, 31),
            period_start_on=date(year - 1, 4, 1),
            period_end_on=date(year, 3, 31),
            announced_at=datetime(year, 6, 20, 6, tzinfo=UTC),
            revenue=100,
        )
        for year in (2024, 2025)
    )
    db.session.commit()
    changes = (
        Wish(FinancialStatement, "update", {"revenue": value}, (row.id,))
        for row, value in ((before, 200), (now, 300))
    )
    at_once(committed, *changes)
    growth = select(FinancialIndicator.revenue_growth).where(
        FinancialIndicator.as_of_on == date(2025, 3, 31), FinancialIndicator.basis == "FY"
    )
    assert [float(value) for value in db.session.scalars(growth)] == [0.5]
