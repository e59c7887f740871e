"""Keep the indicators as their inputs are: computed anew where a statement, a price, a count or a split changes."""

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text
from sqlalchemy.orm.attributes import set_committed_value

from webapp import db
from webapp.indicators import as_sql
from webapp.indicators.formulas import INDICATORS
from webapp.indicators.indicator import FORMULA_VERSION
from webapp.models.change_set import ChangeSet
from webapp.services.changes import row_sql
from webapp.services.changes.following import indicator_columns, indicators_of_few, small_changes
from webapp.services.changes.following.indicators_of_few import Reckoned
from webapp.services.changes.following.small_changes import SmallChange

# So many companies' rows are reckoned one by one, in Python; of more PostgreSQL is told to join them at once.
FEW = 5
OF_COMPANIES = "{}.company_id = ANY(:companies)"
# Companies on either side of the one in the middle of all statements, by their number.
HALVES = ("{}.company_id <= :middle", "{}.company_id > :middle")
MIDDLE = text("SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY company_id) FROM financial_statements")
IS_AT = " AND ".join(f"{{0}}.{name} = {{1}}.{name}" for name in as_sql.PLACE)
# One statement: what is of no period any more goes, what has changed is written.
WRITTEN = (
    "WITH {reckoned}, gone AS (DELETE FROM financial_indicators i WHERE {of_companies}"
    # Said as one condition, so that PostgreSQL joins: either of two it would ask of each row, among all periods.
    f" AND NOT EXISTS (SELECT FROM periods p WHERE {IS_AT.format('p', 'i')}"
    f" AND i.formula_version = {FORMULA_VERSION}) RETURNING 1),"
    " written AS (INSERT INTO financial_indicators ({columns}) SELECT {columns} FROM fresh"
    " {on_conflict} RETURNING 1)"
)
COMPUTED = "{written} SELECT (SELECT count(*) FROM written), (SELECT count(*) FROM gone)"
SIDES = ", ".join(
    f"({place}, '{one.name}', o.{one.name}, f.{one.name}, o.statuses ->> '{one.name}', f.statuses ->> '{one.name}')"
    for place, one in enumerate(INDICATORS)
)
# The same, and what became of each indicator that there was, as it was before this statement.
NOTED = (
    "{written}, held AS (SELECT f.*, o.id AS held_id FROM fresh f LEFT JOIN financial_indicators o"
    f" ON {IS_AT.format('o', 'f')} AND o.formula_version = f.formula_version),"
    f" moved AS (SELECT o.id AS indicator_id, {', '.join(f'f.{name}' for name in as_sql.PLACE)},"
    " v.place, v.name, v.before::text AS before, v.after::text AS after, v.was, v.is_now FROM held f"
    f" JOIN financial_indicators o ON o.id = f.held_id CROSS JOIN LATERAL (VALUES {SIDES})"
    " AS v (place, name, before, after, was, is_now)"
    " WHERE v.before IS DISTINCT FROM v.after OR v.was IS DISTINCT FROM v.is_now)"
    " UPDATE change_sets c SET indicator_moves = jsonb_build_object("
    "'moves', (SELECT coalesce(jsonb_agg(to_jsonb(m) - 'place'), '[]') FROM (SELECT * FROM moved"
    " ORDER BY as_of_on DESC, basis, scope, company_id, accounting_standard, place"
    f" LIMIT {indicator_columns.MOST_MOVES}) m),"
    " 'moved', (SELECT count(*) FROM moved), 'new', (SELECT count(*) FROM held WHERE held_id IS NULL),"
    " 'gone', (SELECT count(*) FROM gone))"
    " WHERE c.id = :id AND (EXISTS (SELECT FROM fresh) OR EXISTS (SELECT FROM gone)) RETURNING c.indicator_moves"
)
NOTED_ANEW = text("UPDATE change_sets SET indicator_moves = CAST(:moves AS jsonb) WHERE id = :id")
# The tables whose rows move an indicator.
TABLES = ("corporate_actions", "financial_statements", "shares_outstanding", "stock_prices")


@dataclass(frozen=True, slots=True)
class Computed:
    """How many rows were computed anew, and how many went because their statement is current no more."""

    written: int
    gone: int

    def __add__(self, other: "Computed") -> "Computed":
        return Computed(self.written + other.written, self.gone + other.gone)


class OfFew(NamedTuple):
    """What was reckoned of few companies, and what PostgreSQL wrote of the rows that it replaces."""

    reckoned: Reckoned
    stored: str | None


def reckoned(changes: Sequence[SmallChange]) -> Reckoned | None:
    """What a small change moves, before it is written; None of more companies than a few, and of what moves nothing."""
    small = list(small_changes.among(changes, TABLES))
    companies = _companies(small)
    return indicators_of_few.reckon(companies) if small and len(companies) <= FEW else None


def follow(change_set: ChangeSet, changes: Sequence[SmallChange], few: OfFew | None, gone: int) -> None:
    """Write what a small change moves, and note it; what a large one moves, a job computes.

    `few`: what was reckoned of it, where it is of few companies. `gone`: how many went with their statements.
    """
    small = list(small_changes.among(changes, TABLES))
    if not small:
        return
    if few is None:
        moves = follow_at_once(change_set.id, _companies(small))
    else:
        moves = indicators_of_few.write(change_set.id, few.reckoned, few.stored)
    if gone:
        moves = _with_gone(moves or {"moves": [], "moved": 0, "new": 0, "gone": 0}, change_set.id, gone)
    set_committed_value(change_set, "indicator_moves", moves)


def _companies(small: Sequence[SmallChange]) -> Sequence[int]:
    return sorted({number for one in small for number in one.companies})


def _with_gone(moves: Mapping[str, Any], change_set_id: int, gone: int) -> Mapping[str, Any]:
    """What is noted, with those that went with their statements."""
    noted = {**moves, "gone": moves["gone"] + gone}
    db.session.execute(NOTED_ANEW, {"id": change_set_id, "moves": json.dumps(noted)})
    return noted


def follow_at_once(change_set_id: int, companies: Collection[int]) -> Mapping[str, Any] | None:
    """As `indicators_of_few.follow`, of any number of companies in one statement."""
    with _joined_at_once(len(companies)):
        facts = {"id": change_set_id, "companies": list(companies)}
        moves: Mapping[str, Any] | None = db.session.scalar(_written(NOTED, OF_COMPANIES), facts)
    return moves


def compute(companies: Collection[int] | None = None) -> Computed:
    """Compute the indicators of these companies, or of all, wherever an input has changed; nothing else is written."""
    of_companies = "true" if companies is None else OF_COMPANIES
    with _joined_at_once(None if companies is None else len(companies)):
        facts = {} if companies is None else {"companies": sorted(companies)}
        counts = db.session.execute(_written(COMPUTED, of_companies), facts).one()
    return Computed(*counts)


def compute_half(of_companies: str) -> Computed:
    """As `compute` of all, of one of the `HALVES` of the companies: the other may be computed at the same time."""
    with _joined_at_once(None):
        facts = {"middle": db.session.scalar(MIDDLE) or 0}
        return Computed(*db.session.execute(_written(COMPUTED, of_companies), facts).one())


def _joined_at_once(number: int | None) -> AbstractContextManager[None]:
    """Of many companies: nothing is known of how many rows a part of the statement has, and one by one takes hours."""
    is_wide = number is None or number > FEW
    return row_sql.planned_for(row_sql.MANY + 1) if is_wide else nullcontext()


@cache
def _written(statement: str, of_companies: str) -> TextClause:
    """Worked out once: the formulas as SQL are tens of thousands of characters."""
    written = WRITTEN.format(
        reckoned=as_sql.reckoned(of_companies),
        of_companies=of_companies.format("i"),
        columns=indicator_columns.COLUMNS,
        on_conflict=indicator_columns.ON_CONFLICT,
    )
    return text(statement.replace("{written}", written))
