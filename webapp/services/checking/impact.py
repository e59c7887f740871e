"""Which indicators would move, before anything is written: of a form's values, of what waits, of an undoing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, select

from webapp import db
from webapp.indicators import impact
from webapp.indicators.assembling import Inputs, Row
from webapp.indicators.impact import Move
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice
from webapp.rules import change
from webapp.services.changes import revisions, row_checks, row_codec
from webapp.services.changes.following import indicator_inputs, indicators, small_changes
from webapp.services.changes.row_codec import Key

# Of so many companies it is worked out for a page what moves; of more, and of what a job follows, after writing.
MOST = 60
MODELS = {
    model.__tablename__: model
    for model in (FinancialStatement, CorporateAction, SharesOutstanding, StockPrice)
}
# Rows of a table by their keys, as they would be; None where they go.
Rows = Mapping[Key, Row | None]


class OfCompany(NamedTuple):
    """What moves of one company; for how many periods indicators come and go."""

    company_id: int
    moves: Sequence[Move]
    new: int
    gone: int


class Changed(NamedTuple):
    """A row as it is and as it would be; None before it comes and after it has gone."""

    model: type[db.Base]
    key: Key
    before: Row | None
    after: Row | None

    @property
    def companies(self) -> Iterable[int]:
        """Whose it is, and whose it would be."""
        return {row["company_id"] for row in (self.before, self.after) if row is not None}


def is_moved_by(model: type[db.Base]) -> bool:
    """Whether indicators are reckoned of rows of this kind."""
    return model.__tablename__ in indicators.TABLES


def of_values(model: type[db.Base], row: Row | None, values: Row) -> Sequence[Move]:
    """What would move if a stored row held these values, or a new one came with them; nothing if they are refused."""
    blank = {column.name: row_codec.default_of(column) for column in row_codec.curated_columns(model)}
    whole = {**blank, **(row or {}), **values}
    if any(finding.is_blocking for finding in row_checks.check(model, whole, blank)):
        return []
    key = () if row is None else row_codec.key_of(model, row)
    return [move for one in of_rows([Changed(model, key, row, whole)]) or () for move in one.moves]


def of_deletion(model: type[db.Base], rows: Sequence[Row]) -> Sequence[OfCompany] | None:
    """What would move without these rows, and with those that take their place; None where those are too many."""
    going = [Changed(model, row_codec.key_of(model, row), row, None) for row in rows]
    if model is FinancialStatement:
        statements = [revisions.Change(one.before, None, one.key) for one in going]
        settled = revisions.settle(statements, is_locking=False)
        going += [
            Changed(model, (row["id"],), row, {**row, revisions.IS_CURRENT: is_current})
            for row, is_current in settled.of_others
        ]
    return of_rows(going)


def of_change_set(change_set: ChangeSet, *, is_undone: bool = False) -> Sequence[OfCompany] | None:
    """What would move if this were written, or undone; None of so many rows that it is not worked out before."""
    tables = set(indicators.TABLES).intersection(change_set.tables)
    if tables and change_set.feed is not None:
        return None
    chosen = (
        select(ChangeSetItem)
        .where(ChangeSetItem.change_set_id == change_set.id, ChangeSetItem.table_name.in_(tables))
        .order_by(ChangeSetItem.position)
        .limit(small_changes.MOST_ROWS + 1)
    )
    items = db.session.scalars(chosen).all() if tables else []
    if len(items) > small_changes.MOST_ROWS:
        return None
    return of_rows(list(_changed(items, is_undone=is_undone)))


def of_rows(changes: Sequence[Changed]) -> Sequence[OfCompany] | None:
    """What would move by companies, in the order of the changes; None where those are too many."""
    by_company: dict[int, list[Changed]] = {}
    for one in changes:
        for company_id in one.companies:
            by_company.setdefault(company_id, []).append(one)
    if len(by_company) > MOST:
        return None
    if not by_company:
        return []
    stored = indicator_inputs.statements_of(by_company)
    after = _after(by_company, stored)
    before = indicator_inputs.beside(stored)
    return [OfCompany(number, *impact.impact(before[number], after[number])) for number in by_company]


def _after(
    by_company: Mapping[int, Sequence[Changed]], stored: Mapping[int, Sequence[Row]]
) -> Mapping[int, Inputs]:
    statements = {
        number: [
            row
            for row in _laid_over(FinancialStatement, number, changes, stored[number])
            if row["is_current"]
        ]
        for number, changes in by_company.items()
    }
    inputs = indicator_inputs.beside(statements)
    return {number: _with(number, changes, inputs[number]) for number, changes in by_company.items()}


def _with(company_id: int, changes: Sequence[Changed], inputs: Inputs) -> Inputs:
    """With what changes of what statements stand beside: all of it is read then, as another row may count."""
    touched = {one.model for one in changes}
    replaced: dict[str, Sequence[Row]] = {}
    if StockPrice in touched:
        closes = indicator_inputs.closes_around(company_id, inputs.statements)
        replaced["prices"] = list(_laid_over(StockPrice, company_id, changes, closes))
    for name, model in (("shares", SharesOutstanding), ("actions", CorporateAction)):
        if model in touched:
            replaced[name] = list(
                _laid_over(model, company_id, changes, _read(model, model.company_id == company_id))
            )
    return inputs._replace(**replaced)


def _laid_over(
    model: type[db.Base], company_id: int, changes: Iterable[Changed], stored: Iterable[Row]
) -> Iterator[Row]:
    """The company's rows of one kind with those that change in place of theirs."""
    rows: Rows = {one.key: one.after for one in changes if one.model is model}
    yield from (row for row in stored if row_codec.key_of(model, row) not in rows)
    yield from (row for row in rows.values() if row is not None and row["company_id"] == company_id)


def _changed(items: Sequence[ChangeSetItem], *, is_undone: bool) -> Iterator[Changed]:
    comes, goes = (change.DELETE, change.CREATE) if is_undone else (change.CREATE, change.DELETE)
    for table_name, model in MODELS.items():
        of_table = [
            (item, row_codec.key_from(model, item.row_key))
            for item in items
            if item.table_name == table_name and item.row_key is not None
        ]
        stored = _stored(model, [key for _item, key in of_table])
        for item, key in of_table:
            values = row_codec.decode(model, item.before if is_undone else item.after)
            before = stored.get(key)
            base = {} if item.action == comes else before or {}
            after = None if item.action == goes else {**base, **values, **_of_key(model, key)}
            yield Changed(model, key, before, after)


def _of_key(model: type[db.Base], key: Key) -> Row:
    return dict(zip((column.name for column in row_codec.key_columns(model)), key, strict=True))


def _stored(model: type[db.Base], keys: Sequence[Key]) -> Mapping[Key, Row]:
    if not keys:
        return {}
    rows = _read(model, row_codec.has_key(model, keys))
    return {row_codec.key_of(model, row): row for row in rows}


def _read(model: type[db.Base], which: ColumnElement[bool]) -> Sequence[Row]:
    rows = db.session.execute(select(row_codec.table_of(model)).where(which)).mappings()
    return [{str(name): value for name, value in row.items()} for row in rows]
