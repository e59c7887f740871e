"""What a vendor's prices are beside the stored ones: adjusted for splits, or otherwise than ours."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.files.market.price_layouts import BROKER, JQUANTS, YFINANCE
from webapp.files.market.prices import PRICES, DayPrice
from webapp.rules.findings import Finding
from webapp.services.changes.feeds import classifying
from webapp.services.changes.feeds.plan import FeedPlan
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_codec import Key

Row = Mapping[str, Any]
Days = Sequence[tuple[Key, DayPrice]]

# Whose four prices are those of the day, whatever was split later.
AS_TRADED = (JQUANTS, BROKER)
# The smallest split that is usual, 1 to 1.1, moves a price by more than this.
SPLIT = Decimal("0.08")
# Prices are rounded to a tenth of a yen; of one split all four are moved alike.
ALIKE = Decimal("0.005")
# A hundredth of a yen, to which vendors round what they adjust.
ADJUSTED_ALIKE = Decimal("0.01")
# Companies of a feed that are told of one by one.
MOST_BASES = 100
OF_YFINANCE = Finding(
    None, "yfinance divides prices by every later split: they are not those of the day", is_blocking=False
)


def on_other_basis(days: Days, stored: Stored, source: str | None) -> dict[int, date]:
    """By company, the last day on which all four prices are the same multiple of the stored ones.

    Such a file has divided what lies before a split by its ratio: all its earlier days are on another basis too. A
    source that gives prices as traded is believed against one that does not.
    """
    last: dict[int, date] = {}
    for key, day in days:
        row = stored.get(key)
        if row is None or (source in AS_TRADED and row["data_source"] not in AS_TRADED):
            continue
        if _is_multiple(day, row):
            last[key[0]] = max(last.get(key[0], date.min), day.traded_on)
    return last


def _is_multiple(day: DayPrice, row: Row) -> bool:
    pairs = [(row[name], getattr(day, name)) for name in PRICES]
    if not all(ours and theirs for ours, theirs in pairs):
        return False
    ratios: list[Decimal] = [ours / theirs for ours, theirs in pairs]
    return abs(ratios[-1] - 1) > SPLIT and max(ratios) - min(ratios) <= ALIKE * ratios[-1]


def remarks(days: Days, stored: Stored, source: str | None) -> Iterator[Finding]:
    """What is to be known of the file as a whole."""
    if days and source == YFINANCE:
        yield OF_YFINANCE
    for company_id, last in on_other_basis(days, stored, source).items():
        code = next(day.ticker_symbol for key, day in days if key[0] == company_id)
        yield _of_basis(code, last)
    compared = [
        (ours, day.adjusted_close)
        for key, day in days
        if day.adjusted_close is not None and (ours := stored.get(key, {}).get("adjusted_close")) is not None
    ]
    differing = sum(abs(ours - theirs) > ADJUSTED_ALIKE for ours, theirs in compared)
    yield from _of_adjusted(differing, len(compared))


def _of_adjusted(differing: int, compared: int) -> Iterator[Finding]:
    if differing:
        message = (
            "the vendor's adjusted close is another than ours on the one day that was compared; ours stays"
            if compared == 1
            else "the vendor's adjusted close is another than ours on %(days)s of %(compared)s days; ours stays"
        )
        yield Finding("adjusted_close", message, {"days": differing, "compared": compared}, is_blocking=False)


def leave_other_basis(plan: FeedPlan, source: str, reason: str) -> int:
    """What `on_other_basis` says, of the classified rows of a feed: they are left alone, new days among them.

    How many days that are as they are stored stand among them, too.
    """
    pairs = [f"t.{name} / nullif(c.{name}, 0)" for name in ("open", "high", "low", "close")]
    traded = ", ".join(f"'{name}'" for name in AS_TRADED)
    # As traded is believed against what is not.
    believed = f" AND t.data_source IN ({traded})" if source in AS_TRADED else ""
    statements = (
        "DROP TABLE IF EXISTS pg_temp.feed_bases",
        "CREATE TEMPORARY TABLE feed_bases ON COMMIT DROP AS SELECT c.company_id, max(c.traded_on) AS last"
        f" FROM feed_classified c JOIN {plan.table} t ON {plan.same_row('c', 't')}"
        " WHERE c.verdict = 'changed' AND 'close' = ANY (c.fields) AND t.close > 0 AND c.close > 0"
        f" AND abs({pairs[-1]} - 1) > {SPLIT} AND t.open > 0 AND t.high > 0 AND t.low > 0"
        f" AND greatest({', '.join(pairs)}) - least({', '.join(pairs)}) <= {ALIKE} * {pairs[-1]}{believed}"
        " GROUP BY c.company_id",
    )
    for statement in statements:
        db.session.execute(text(statement))
    if not db.session.scalar(text("SELECT EXISTS (SELECT 1 FROM feed_bases)")):
        return 0
    classifying.leave(
        "EXISTS (SELECT 1 FROM feed_bases b WHERE b.company_id = c.company_id AND c.traded_on <= b.last)",
        reason,
    )
    stand = (
        "SELECT count(*) FROM feed_received f JOIN feed_bases b ON b.company_id = f.company_id"
        " AND f.traded_on <= b.last"
        " WHERE NOT EXISTS (SELECT 1 FROM feed_classified c WHERE c.line = f.line)"
    )
    return int(db.session.scalar(text(stand)) or 0)


def remarks_on_feed(plan: FeedPlan, source: str) -> Iterator[Finding]:
    """What `remarks` tells, of the classified rows of a feed."""
    if source == YFINANCE:
        yield OF_YFINANCE
    bases = text(
        "SELECT o.ticker_symbol, b.last FROM feed_bases b JOIN companies o ON o.id = b.company_id"
        " ORDER BY o.ticker_symbol LIMIT :most"
    )
    for code, last in db.session.execute(bases, {"most": MOST_BASES}):
        yield _of_basis(code, last)
    if not db.session.scalar(
        text("SELECT EXISTS (SELECT 1 FROM feed_received WHERE adjusted_close IS NOT NULL)")
    ):
        return
    compared = text(
        f"SELECT count(*) FILTER (WHERE abs(t.adjusted_close - f.adjusted_close) > {ADJUSTED_ALIKE}), count(*)"
        f" FROM feed_received f JOIN {plan.table} t ON {plan.same_row('f', 't')}"
        " WHERE f.adjusted_close IS NOT NULL AND t.adjusted_close IS NOT NULL"
    )
    yield from _of_adjusted(*db.session.execute(compared).one())


def _of_basis(code: str, last: date) -> Finding:
    return Finding(
        None,
        "the prices of %(code)s until %(day)s are adjusted for a split otherwise than the stored ones, which stay",
        {"code": code, "day": last.isoformat()},
        is_blocking=False,
    )
