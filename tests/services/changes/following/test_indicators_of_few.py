"""What is reckoned of few companies in Python is what PostgreSQL reckons of them: rows, digests, and what moved."""

import random
from typing import Any

from sqlalchemy import Connection, text

from tests.indicators import random_companies
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.financial_indicator import FinancialIndicator
from webapp.services.changes.following import indicators, indicators_of_few

COMPANIES = range(1, 6)
# What may happen to the rows of a company, to some of them each time.
CHANGES = (
    "UPDATE financial_statements SET version = version + 1, revenue = revenue + 7, eps_basic = eps_basic / 3"
    " WHERE id % 11 = :some",
    "UPDATE financial_statements SET version = version + 1, is_current = NOT is_current WHERE id % 23 = :some",
    "UPDATE financial_statements SET version = version + 1, announced_on = period_end_on + 44 WHERE id % 13 = :some",
    "DELETE FROM financial_statements WHERE id % 41 = :some",
    "UPDATE stock_prices SET close = close + 0.5 WHERE extract(month FROM traded_on) = :some + 1",
    "DELETE FROM shares_outstanding WHERE extract(year FROM as_of_on) = 2020 + :some % 6",
    "UPDATE corporate_actions SET ratio_to = ratio_to + 1 WHERE company_id % 5 = :some % 5",
    "UPDATE financial_indicators SET formula_version = 1, inputs_digest = 'other' WHERE id % 17 = :some",
)
ROUNDS = 4
LEFT_OUT = "'id', 'computed_at'"
STORED = text(
    f"SELECT to_jsonb(i) - ARRAY[{LEFT_OUT}] AS row FROM financial_indicators i"
    " ORDER BY company_id, as_of_on, basis, scope, accounting_standard, formula_version"
)
NOTED = text("SELECT indicator_moves FROM change_sets WHERE id = :id")
REWRITTEN = text("SELECT count(*) FROM financial_indicators WHERE computed_at = now()")


def hide_stored(connection: Connection) -> None:
    """A table of indicators of this connection alone, for companies that are nowhere else."""
    name = FinancialIndicator.__tablename__
    unique = "UNIQUE (company_id, as_of_on, basis, scope, accounting_standard, formula_version)"
    connection.execute(
        text(
            f"CREATE TEMP TABLE {name} (LIKE public.{name} INCLUDING DEFAULTS INCLUDING IDENTITY,"
            f" CONSTRAINT uq_{name}_identity {unique})"
        )
    )


def left_by(follow: Any, change_set_id: int) -> tuple[list[Any], Any, Any, int]:
    """What it leaves: the rows, what it says and notes of them, and how many it has written."""
    db.session.execute(text("UPDATE financial_indicators SET computed_at = 'epoch'"))
    told = follow(change_set_id, list(COMPANIES))
    rows = list(db.session.scalars(STORED))
    return rows, told, db.session.scalar(NOTED, {"id": change_set_id}), db.session.scalar(REWRITTEN) or 0


def test_both_leave_the_same_rows_and_note_the_same_moves_after_any_change(connection: Connection) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    change_set = ChangeSet(kind="edit", table_name="financial_statements", author_name="a test", digest="")
    db.session.add(change_set)
    db.session.flush()
    random_companies.store(connection, random_companies.make(chance, COMPANIES))
    hide_stored(connection)
    moved = 0
    for number in range(ROUNDS):
        for change in chance.sample(CHANGES, 4) if number else ():
            db.session.execute(text(change), {"some": chance.randrange(11)})
        with db.session.begin_nested() as tried:
            at_once = left_by(indicators.follow_at_once, change_set.id)
            tried.rollback()
        one_by_one = left_by(indicators_of_few.follow, change_set.id)
        assert one_by_one == at_once, f"seed {seed}, round {number}"
        assert left_by(indicators_of_few.follow, change_set.id)[1] is None, f"seed {seed}, round {number}"
        moved += at_once[2]["moved"]
    assert moved > 0, f"seed {seed}"
