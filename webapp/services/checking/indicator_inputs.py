"""What is stored of a company that its indicators are reckoned of, read for one page or one question."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, select, text

from webapp import db
from webapp.indicators.assembling import Inputs, Row
from webapp.indicators.indicator import OLDEST_PRICE
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.services.changes import row_codec

# Of each day the last close before it, as far as it is anybody's price then.
CLOSES = text(
    "SELECT DISTINCT p.company_id, p.traded_on, p.close FROM unnest(CAST(:days AS date[])) AS d (day)"
    " CROSS JOIN LATERAL (SELECT p.company_id, p.traded_on, p.close FROM stock_prices p"
    " WHERE p.company_id = :company AND p.traded_on BETWEEN d.day - CAST(:oldest AS integer) AND d.day"
    " AND p.close IS NOT NULL ORDER BY p.traded_on DESC LIMIT 1) p"
)


def of_company(company_id: int) -> Inputs:
    """The current statements of a company, and what they are reckoned with."""
    table = row_codec.table_of(FinancialStatement)
    statements = _rows(select(table).where(table.c.company_id == company_id, table.c.is_current))
    return Inputs(statements, *beside(company_id, [row["period_end_on"] for row in statements]))


def beside(company_id: int, days: Iterable[date]) -> tuple[Sequence[Row], Sequence[Row], Sequence[Row]]:
    """What figures of these days are reckoned with: prices, counts of shares, corporate actions."""
    facts = {"company": company_id, "days": sorted(set(days)), "oldest": OLDEST_PRICE}
    closes = [dict(row) for row in db.session.execute(CLOSES, facts).mappings()]
    counts, actions = row_codec.table_of(SharesOutstanding), row_codec.table_of(CorporateAction)
    return (
        closes,
        _rows(select(counts).where(counts.c.company_id == company_id)),
        _rows(select(actions).where(actions.c.company_id == company_id)),
    )


def _rows(chosen: Select[Any]) -> Sequence[Row]:
    return [
        {str(name): value for name, value in row.items()} for row in db.session.execute(chosen).mappings()
    ]
