"""Which statements stand beside one another on a page: of a company, its periods by year, and the revisions of one."""

from collections.abc import Sequence, Set
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from webapp import db
from webapp.lists import knowledge
from webapp.lists.knowledge import Known
from webapp.models.filing import Filing
from webapp.models.financial_statement import IDENTITY, FinancialStatement
from webapp.rules import filing, statement
from webapp.rules.accounting.rule import DAYS_APART

# The year before ends a year before.
YEAR_BEFORE = range(350, 381)
# Ten years, as 有価証券報告書 are kept open to the public (金融商品取引法 第25条).
MOST = 10


class Revision(NamedTuple):
    """One revision of a statement, and what is stored of its document; `stands`: it is not withdrawn."""

    id: int
    revision_no: int
    revision_type: str
    announced_on: date | None
    announced_at: datetime | None
    doc_id: str | None
    is_current: bool
    rests_on_withdrawn: bool
    stands: bool


class Beside(NamedTuple):
    """A statement of the same months, told apart by scope and standard."""

    id: int
    scope: str
    accounting_standard: str


def known_then(row: FinancialStatement, known: Known) -> FinancialStatement | None:
    """The revision of this statement that was known; None where none had been announced."""
    then = select(FinancialStatement).where(_same_identity(row), knowledge.of_statements(known))
    return db.session.scalars(then.options(joinedload(FinancialStatement.company))).one_or_none()


def before(row: FinancialStatement, known: Known | None, most: int) -> Sequence[FinancialStatement]:
    """The statements of earlier years, latest first: of the same months, scope and standard, at most so many."""
    own = FinancialStatement
    rows = (
        select(own)
        .where(
            own.company_id == row.company_id,
            own.scope == row.scope,
            own.accounting_standard == row.accounting_standard,
            own.period_type.in_(_months(row)),
            own.fiscal_year_end_on < row.fiscal_year_end_on,
            _stands(known),
        )
        .order_by(own.fiscal_year_end_on.desc(), own.id.desc())
        .limit(most)
    )
    return db.session.scalars(rows).all()


def beside(row: FinancialStatement, known: Known | None) -> Sequence[Beside]:
    """The statements of the same months in whatever scope and standard, a group's first; one of each."""
    own = FinancialStatement
    rows = (
        select(own.id, own.scope, own.accounting_standard)
        .where(
            own.company_id == row.company_id,
            own.fiscal_year_end_on == row.fiscal_year_end_on,
            own.period_type.in_(_months(row)),
            _stands(known),
        )
        .order_by(own.scope, own.accounting_standard.desc(), own.id)
    )
    # A half-year may stand there as a second quarter too.
    by_kind = {(one.scope, one.accounting_standard): Beside._make(one) for one in db.session.execute(rows)}
    return list(by_kind.values())


def _stands(known: Known | None) -> ColumnElement[bool]:
    """What is current, or was known."""
    return FinancialStatement.is_current.is_(True) if known is None else knowledge.of_statements(known)


def _months(row: FinancialStatement) -> Set[str]:
    """What these months are called by whoever reports them."""
    months = {row.period_type, statement.SAME_MONTHS.get(row.period_type, row.period_type)}
    return months | {name for name, same in statement.SAME_MONTHS.items() if same == row.period_type}


def is_year_before(earlier: FinancialStatement, row: FinancialStatement) -> bool:
    """Whether it may be compared with this one as the year before."""
    return (row.fiscal_year_end_on - earlier.fiscal_year_end_on).days in YEAR_BEFORE


def is_as_long(earlier: FinancialStatement, row: FinancialStatement) -> bool:
    """Whether both count as many days: a year cut short or drawn out is no measure of growth (as rules compare)."""
    days = [(one.period_end_on - one.fiscal_year_start_on).days for one in (earlier, row)]
    return abs(days[0] - days[1]) <= DAYS_APART


def revisions_of(row: FinancialStatement) -> Sequence[Revision]:
    """Every revision of this statement, in the order in which they were announced."""
    own = FinancialStatement
    names = ("id", "revision_no", "revision_type", "announced_on", "announced_at", "filing_doc_id")
    columns: list[Any] = [getattr(own, name) for name in (*names, "is_current")]
    rows = (
        select(*columns, knowledge.rests_on_withdrawn(own), Filing.withdrawal_status)
        .outerjoin(Filing, Filing.doc_id == own.filing_doc_id)
        .where(_same_identity(row))
        .order_by(own.announced_at.asc().nulls_last(), own.revision_no)
    )
    return [
        Revision._make((*values, status in (None, filing.STANDING)))
        for *values, status in db.session.execute(rows)
    ]


def _same_identity(row: FinancialStatement) -> ColumnElement[bool]:
    return and_(*(getattr(FinancialStatement, name) == getattr(row, name) for name in IDENTITY))
