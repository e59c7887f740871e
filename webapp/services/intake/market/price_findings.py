"""What is odd about imported prices beside the stored days before them, and the corporate actions that explain it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, column, select, text, true, values

from webapp import db
from webapp.files.market.prices import DayPrice
from webapp.models.stock_price import StockPrice
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.rules.market import as_sql, price_moves
from webapp.rules.market.price_moves import Day
from webapp.services.changes import row_codec
from webapp.services.changes.following import price_factors
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_codec import Key

# Days of a feed that are told of one by one, of each rule; the others are counted.
MOST_TOLD = 100
WRITTEN = f"verdict IN ('{change.NEW}', '{change.CHANGED}')"
PRICES = "{0}.high, {0}.low, {0}.close, {0}.volume::bigint"
# The days that a feed writes, laid over the stored ones between them, and the last traded day before the first.
SERIES = f"""
    WITH written AS (SELECT company_id, min(traded_on) AS first_on, max(traded_on) AS last_on FROM feed_classified
        WHERE {WRITTEN} GROUP BY company_id)
    SELECT c.company_id, c.traded_on, {PRICES.format("c")}, c.line, true AS is_new FROM feed_classified c
        WHERE {WRITTEN}
    UNION ALL SELECT t.company_id, t.traded_on, {PRICES.format("t")}, NULL, false FROM written w
        JOIN stock_prices t ON t.company_id = w.company_id AND t.traded_on BETWEEN w.first_on AND w.last_on
        WHERE NOT EXISTS (SELECT 1 FROM feed_classified c WHERE c.company_id = t.company_id
            AND c.traded_on = t.traded_on AND {WRITTEN})
    UNION ALL SELECT l.* FROM written w CROSS JOIN LATERAL (SELECT t.company_id, t.traded_on, {PRICES.format("t")},
        NULL::integer, false FROM stock_prices t WHERE t.company_id = w.company_id AND t.traded_on < w.first_on
        AND t.close IS NOT NULL ORDER BY t.traded_on DESC LIMIT 1) l
"""


def remarks_on_feed() -> Iterator[Finding]:
    """What `remarks` tells, of the days that a feed writes: the first of each rule, and how many more there are."""
    companies = db.session.scalars(
        text(f"SELECT DISTINCT company_id FROM feed_classified WHERE {WRITTEN}")
    ).all()
    facts = {"spans": price_factors.spans(companies), **as_sql.parameters()}
    odd = f"SELECT o.*, n.ticker_symbol FROM ({as_sql.remarks(SERIES, price_factors.SPANS, MOST_TOLD)}) o"
    named = f"{odd} JOIN companies n ON n.id = o.company_id ORDER BY o.line, o.rule"
    for row in db.session.execute(text(named), facts).mappings():
        finding = as_sql.finding(dict(row))
        called = f"{row['ticker_symbol']} {row['traded_on'].isoformat()}"
        key = row_codec.row_key((row["company_id"], row["traded_on"]))
        remark = replace(finding, record=called, row_key=key, line=row["line"])
        yield remark
        if row["place"] == MOST_TOLD < row["number"]:
            yield _of_others(remark, row["number"] - MOST_TOLD)


def _of_others(last: Finding, number: int) -> Finding:
    message = (
        "%(number)s more day like the one of line %(line)s and those before it is not told"
        if number == 1
        else "%(number)s more days like the one of line %(line)s and those before it are not told one by one"
    )
    params = {"number": f"{number:,}", "line": last.line or 0}
    return Finding(last.field, message, params, is_blocking=False, rule=last.rule)


def remarks(days: Iterable[tuple[Key, DayPrice]], stored: Stored) -> Iterator[Finding]:
    """The remarks on the days of a file, laid over the stored ones; on days that are only stored there are none."""
    by_company: dict[int, dict[date, DayPrice]] = defaultdict(dict)
    for (company_id, traded_on), day in days:
        by_company[company_id][traded_on] = day
    before = _last_before({company_id: min(of_file) for company_id, of_file in by_company.items()})
    factors = price_factors.of(by_company)
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
