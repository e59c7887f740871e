"""What is odd about imported prices beside the stored days before them, and the corporate actions that explain it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Date, column, select, true, values

from webapp import db
from webapp.files.prices import DayPrice
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.stock_price import StockPrice
from webapp.rules import corporate_action
from webapp.rules.findings import Finding
from webapp.rules.market import price_moves
from webapp.rules.market.price_moves import Day
from webapp.services.changes import row_codec
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_codec import Key


def remarks(days: Iterable[tuple[Key, DayPrice]], stored: Stored) -> Iterator[Finding]:
    """The remarks on the days of a file, laid over the stored ones; on days that are only stored there are none."""
    by_company: dict[int, dict[date, DayPrice]] = defaultdict(dict)
    for (company_id, traded_on), day in days:
        by_company[company_id][traded_on] = day
    before = _last_before({company_id: min(of_file) for company_id, of_file in by_company.items()})
    factors = _factors(by_company)
    stored_days: dict[int, dict[date, Day]] = defaultdict(dict)
    for (company_id, traded_on), row in stored.items():
        stored_days[company_id][traded_on] = _stored_day(row)
    for company_id, of_file in by_company.items():
        news = {traded_on: _day(day) for traded_on, day in of_file.items()}
        series = before.get(company_id, {}) | stored_days[company_id] | news
        in_order = [series[traded_on] for traded_on in sorted(series)]
        for traded_on, finding in price_moves.remarks(in_order, factors[company_id]):
            if traded_on in of_file:
                yield _placed(finding, (company_id, traded_on), of_file[traded_on])


def _placed(finding: Finding, key: Key, day: DayPrice) -> Finding:
    called = f"{day.ticker_symbol} {day.traded_on.isoformat()}"
    return replace(finding, record=called, row_key=row_codec.row_key(key), line=day.line)


def _day(day: DayPrice) -> Day:
    return Day(day.traded_on, day.high, day.low, day.close, day.volume)


def _stored_day(row: Mapping[Any, Any]) -> Day:
    return Day(row["traded_on"], row["high"], row["low"], row["close"], row["volume"])


def _last_before(firsts: Mapping[int, date]) -> dict[int, dict[date, Day]]:
    """The last stored day of each company that was traded before its first one here."""
    table = row_codec.table_of(StockPrice)
    here = values(column("company_id", BigInteger), column("first_on", Date), name="here").data(
        [*firsts.items()]
    )
    earlier = select(table).where(
        table.c.company_id == here.c.company_id, table.c.traded_on < here.c.first_on
    )
    last = (
        earlier.where(table.c.close.is_not(None)).order_by(table.c.traded_on.desc()).limit(1).lateral("last")
    )
    rows = db.session.execute(select(last).select_from(here.join(last, true()))).mappings() if firsts else ()
    return {row["company_id"]: {row["traded_on"]: _stored_day(row)} for row in rows}


def _factors(companies: Iterable[int]) -> Mapping[int, dict[date, Decimal]]:
    """By company and ex-date, what its actions multiply a price by: shares before over shares after."""
    factors: dict[int, dict[date, Decimal]] = defaultdict(dict)
    actions = select(CorporateAction).where(
        CorporateAction.company_id.in_(list(companies)),
        CorporateAction.kind.in_(corporate_action.OF_EVERY_SHARE),
    )
    for action in db.session.scalars(actions):
        assert action.ratio_from is not None
        assert action.ratio_to is not None
        # Shares that are allotted come beside those that are there; those of a split stand in their place.
        after = action.ratio_to + (action.ratio_from if action.kind == corporate_action.ALLOTMENT else 0)
        factor = action.ratio_from / after
        factors[action.company_id][action.ex_on] = (
            factors[action.company_id].get(action.ex_on, Decimal(1)) * factor
        )
    return factors
