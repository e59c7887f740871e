"""Which indicators would move, before anything is written: of a form's values, of what waits, of an undoing."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from webapp import db
from webapp.indicators import impact
from webapp.indicators.assembling import Inputs, Row
from webapp.indicators.impact import Move
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import change
from webapp.services.changes import row_codec
from webapp.services.changes.following import indicator_inputs

STATEMENTS = row_codec.table_of(FinancialStatement).name
# Of so many changed statements it is said on a page what they move; of more, once they are written.
MOST = 60


class OfCompany(NamedTuple):
    """What moves of one company."""

    company_id: int
    moves: Sequence[Move]


def of_values(row: Mapping[str, Any], values: Mapping[str, Any]) -> Sequence[Move]:
    """What would move if a stored statement held these values."""
    before = indicator_inputs.of_company(row["company_id"])
    return list(impact.impact(before, _with(before, {row["id"]: {**row, **values}})))


def of_change_set(change_set: ChangeSet, *, is_undone: bool = False) -> Sequence[OfCompany]:
    """What would move if this were written, or undone; nothing of a change set of many statements."""
    chosen = (
        select(ChangeSetItem)
        .where(ChangeSetItem.change_set_id == change_set.id, ChangeSetItem.table_name == STATEMENTS)
        .order_by(ChangeSetItem.position)
        .limit(MOST + 1)
    )
    items = db.session.scalars(chosen).all() if STATEMENTS in change_set.tables else []
    if not items or len(items) > MOST:
        return []
    stored = _stored(items)
    by_company: dict[int, dict[int, Row | None]] = {}
    for item in items:
        key, row = _after(item, stored, is_undone=is_undone)
        for company_id in {one["company_id"] for one in (row, stored.get(key)) if one is not None}:
            is_here = row is not None and row["company_id"] == company_id
            by_company.setdefault(company_id, {})[key] = row if is_here else None
    return [OfCompany(company_id, _moves(company_id, rows)) for company_id, rows in by_company.items()]


def _moves(company_id: int, rows: Mapping[int, Row | None]) -> Sequence[Move]:
    before = indicator_inputs.of_company(company_id)
    return list(impact.impact(before, _with(before, rows)))


def _stored(items: Sequence[ChangeSetItem]) -> Mapping[int, Row]:
    table = row_codec.table_of(FinancialStatement)
    keys = [int(item.row_key) for item in items if item.row_key is not None]
    rows = db.session.execute(select(table).where(table.c.id.in_(keys))).mappings()
    return {row["id"]: {str(name): value for name, value in row.items()} for row in rows}


def _after(item: ChangeSetItem, stored: Mapping[int, Row], *, is_undone: bool) -> tuple[int, Row | None]:
    """The key of an item's row, and the row as it leads to; None where it goes."""
    key = int(item.row_key or 0)
    goes = change.CREATE if is_undone else change.DELETE
    if item.action == goes:
        return key, None
    values = row_codec.decode(FinancialStatement, item.before if is_undone else item.after)
    return key, {**stored.get(key, {}), **values, "id": key}


def _with(inputs: Inputs, rows: Mapping[int, Row | None]) -> Inputs:
    """The company's rows with these in place of theirs, and what stands beside them on their days."""
    kept = [row for row in inputs.statements if row["id"] not in rows]
    statements = [*kept, *(row for row in rows.values() if row is not None and row["is_current"])]
    company_ids = {row["company_id"] for row in statements}
    if not company_ids:
        return Inputs(())
    days = [row["period_end_on"] for row in statements]
    return Inputs(statements, *indicator_inputs.beside(min(company_ids), days))
