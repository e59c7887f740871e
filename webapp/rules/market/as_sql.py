"""The rules of a day's prices as SQL over sets: one pass over companies' days in order gives every remark.

What is reckoned is what `price_moves` reckons, by the same steps, splits and sessions; a test holds both equal.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from webapp.rules import price
from webapp.rules.disclosure import reading
from webapp.rules.expressions import EXACT
from webapp.rules.findings import Finding
from webapp.rules.market import price_moves, sessions
from webapp.rules.market.price_moves import (
    LIMIT,
    MISSING,
    SESSION,
    SPLIT,
    STALE,
    STALE_DAYS,
    STEPS,
    USUAL_SPLITS,
)

# However long the exchange is closed, there are sessions so many days before and after.
AROUND = timedelta(days=30)
# Days are counted from here, so that a day and its close are compared as one.
ZERO = "date '1900-01-01'"
DAYS = "company_id bigint, traded_on date, high numeric, low numeric, close numeric, volume bigint"
# From the last close in one span of days to a day in another, corporate actions multiply a price by so much.
SPANS = "company_id bigint, last_from date, last_until date, day_from date, day_until date, factor numeric"

_IN_ORDER = "PARTITION BY company_id ORDER BY traded_on"
_LOOKED = f"""
    SELECT s.*, lag(traded_on) OVER days AS before_on, max(ARRAY[(traded_on - {ZERO})::numeric, close])
        FILTER (WHERE close IS NOT NULL) OVER (days ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last
    FROM series s WINDOW days AS ({_IN_ORDER})
"""
_STILL = f"""
    SELECT l.*, {ZERO} + last[1]::int AS last_on, last[2] AS last_close,
        close IS NULL OR coalesce(volume = 0 AND close = last[2], false) AS is_still FROM looked l
"""
_STALE = f"""
    SELECT l.*, is_still AND bool_and(is_still) OVER lately AND count(*) OVER lately = {STALE_DAYS}
        AND lag(is_still, {STALE_DAYS}) OVER days IS NOT TRUE AS is_stale
    FROM stilled l WINDOW days AS ({_IN_ORDER}),
        lately AS (days ROWS BETWEEN {STALE_DAYS - 1} PRECEDING AND CURRENT ROW)
"""
_BASED = """
    SELECT l.*, last_close * coalesce(p.factor, 1) AS base, p.factor IS NOT NULL AS is_explained,
        CASE WHEN traded_on - before_on > 1 THEN width_bucket(traded_on - 1, CAST(:sessions AS date[]))
            - width_bucket(before_on, CAST(:sessions AS date[])) ELSE 0 END AS missing
    FROM staled l LEFT JOIN spans p ON p.company_id = l.company_id AND l.last_on >= p.last_from
        AND l.last_on < p.last_until AND l.traded_on >= p.day_from AND l.traded_on < p.day_until
    WHERE l.is_new
"""
_LIMITED = """
    SELECT l.*, (CAST(:yen AS bigint[]))[1 + width_bucket(base, CAST(:below AS numeric[]))] AS most,
        coalesce(nullif(high, 0), close) AS highest, coalesce(nullif(low, 0), close) AS lowest FROM based l
"""
# OFFSET 0: what is reckoned of a row is reckoned once, and what is dear of those rows alone that may be remarked on.
_ODD = """
    SELECT * FROM (SELECT l.*, close IS NOT NULL AND NOT (lowest >= base - most AND highest <= base + most) AS is_moved
        FROM limited l OFFSET 0) l
    WHERE is_moved OR missing > 0 OR is_stale OFFSET 0
"""
_DIVIDED = """
    SELECT l.*, CASE WHEN is_asked THEN {divided} END AS divided, CASE WHEN is_asked THEN {multiplied} END AS multiplied
    FROM (SELECT l.*, is_moved AND close <> 0 AND NOT is_explained AS is_asked FROM odd l) l OFFSET 0
"""
# How a split, or a reverse one, would have made one price of the other; NULL where none would.
_SPLIT = """
    SELECT l.*, CASE
        WHEN abs(divided * close - last_close) <= :near * divided * close THEN '÷' || divided
        WHEN abs(multiplied * last_close - close) <= :near * multiplied * last_close THEN '×' || multiplied
        END AS split FROM divided l OFFSET 0
"""
_RULES = f"""
    SELECT l.*, o.rule, o.rule_split FROM split_up l CROSS JOIN LATERAL (VALUES
        (CASE WHEN split IS NOT NULL THEN '{SPLIT}' WHEN is_moved THEN '{LIMIT}' END, split),
        (CASE WHEN missing > 0 THEN '{MISSING}' END, NULL), (CASE WHEN is_stale THEN '{STALE}' END, NULL)
    ) o (rule, rule_split) WHERE o.rule IS NOT NULL
"""


# A price in words: without noughts at its end, its thousands apart.
_SHOWN = "to_char(trunc({0}), 'FM999,999,999,999,990') || coalesce(substring(trim_scale({0})::text FROM '[.].*$'), '')"
# What the sentence of each rule says, and the figures that somebody accepts who accepts it.
_FILED = f"""
    SELECT t.rule, t.company_id, t.traded_on, CASE t.rule
        WHEN '{LIMIT}' THEN
            jsonb_build_object('limit', to_char(t.most, 'FM999,999,999'), 'base', {_SHOWN.format("t.base")})
        WHEN '{SPLIT}' THEN jsonb_build_object('split', t.rule_split, 'base', {_SHOWN.format("t.last_close")})
        WHEN '{MISSING}' THEN jsonb_build_object('number', t.missing,
            'first', (CAST(:sessions AS date[]))[1 + width_bucket(t.before_on, CAST(:sessions AS date[]))])
        ELSE jsonb_build_object('days', {STALE_DAYS}) END AS params,
        CASE t.rule WHEN '{MISSING}' THEN t.missing::text
            ELSE concat_ws(' ', t.lowest, t.highest, t.close) END AS observed,
        CASE t.rule WHEN '{LIMIT}' THEN concat_ws(' ±', t.base, t.most) WHEN '{SPLIT}' THEN t.last_close::text END
            AS expected
    FROM ({{told}}) t
"""
# A weekday on which there is a session is the last one up to itself; beyond what is known of them no day is odd.
_CLOSED = f"""
    SELECT '{SESSION}', p.company_id, p.traded_on, '{{{{}}}}'::jsonb, p.close::text, NULL FROM ({{days}}) p
    WHERE {price.REMARKABLE} OR (traded_on BETWEEN (CAST(:sessions AS date[]))[1]
        AND (CAST(:sessions AS date[]))[cardinality(CAST(:sessions AS date[]))] AND traded_on IS DISTINCT FROM
        (CAST(:sessions AS date[]))[width_bucket(traded_on, CAST(:sessions AS date[]))])
"""


def _nearest(less: str, more: str) -> str:
    """The usual split by which the smaller price comes nearest to the larger; of two as near the smaller one."""
    steps = " ".join(
        f"WHEN {more} <= {(split + larger) / 2} * {less} THEN {split}"
        for split, larger in pairwise(USUAL_SPLITS)
    )
    return f"CASE {steps} ELSE {USUAL_SPLITS[-1]} END"


def told(series: str, spans: str) -> str:
    """A row for each remark.

    `series`: a SELECT of DAYS, each of them once, with `line`, and `is_new` where it is to be remarked on; `spans`: a
    SELECT of SPANS. The statement takes PARAMETERS.
    """
    divided = _DIVIDED.format(
        divided=_nearest("close", "last_close"), multiplied=_nearest("last_close", "close")
    )
    return (
        f"WITH series AS ({series}), spans AS ({spans}), looked AS ({_LOOKED}), stilled AS ({_STILL}),"
        f" staled AS ({_STALE}), based AS ({_BASED}), limited AS ({_LIMITED}), odd AS ({_ODD}), divided AS ({divided}),"
        f" split_up AS ({_SPLIT}) {_RULES}"
    )


def remarks(series: str, spans: str, most: int) -> str:
    """A row for each of the first `most` remarks of a rule, and how many there are of it; see `told`."""
    return (
        "SELECT * FROM (SELECT rule, company_id, traded_on, line, last_close, base, most, rule_split AS split,"
        " missing, before_on, count(*) OVER (PARTITION BY rule) AS number, row_number() OVER (PARTITION BY rule"
        f" ORDER BY line, company_id, traded_on) AS place FROM ({told(series, spans)}) o) o"
        f" WHERE place <= {most} ORDER BY line, rule"
    )


def findings(series: str, spans: str, days: str) -> str:
    """A row for every remark as findings are filed, and for every day of `days` without a session.

    `days`: a SELECT of company_id, traded_on and close; `series` and `spans` as for `told`, whose parameters it takes.
    """
    return (
        f"SELECT d.rule, 'stock_prices' AS table_name, concat_ws(',', o.company_id, o.traded_on) AS row_key, d.field,"
        " o.company_id, d.severity, d.message, o.params || jsonb_build_object('traded_on', o.traded_on) AS params,"
        " to_jsonb(o.observed) AS observed, to_jsonb(o.expected) AS expected"
        f" FROM ({_FILED.format(told=told(series, spans))} UNION ALL {_CLOSED.format(days=days)}) o"
        f" JOIN (VALUES {_declared()}) d (rule, field, severity, message) ON d.rule = o.rule"
    )


def _declared() -> str:
    rows = ((one.id, one.field, one.severity, one.message) for one in reading.OF_PRICES)
    return ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)


def _literal(word: str | None) -> str:
    quoted = (word or "").replace("'", "''")
    return f"'{quoted}'"


def parameters(first: date = date.min, last: date = date.max) -> dict[str, Any]:
    """What `told` is given, to look at days between two, and at what has been missing before them since the first."""
    ends = (max(first, date.min + AROUND) - AROUND, min(last, date.max - AROUND) + AROUND)
    return {
        "sessions": list(sessions.between(*ends)),
        "below": [Decimal(below) for below, _yen in STEPS],
        "yen": [*(yen for _below, yen in STEPS), price_moves.LARGEST],
        "near": price_moves.NEAR,
    }


def spans_of(factors: Mapping[date, Decimal]) -> Iterator[tuple[date, date, date, date, Decimal]]:
    """From which last close to which day a company's actions multiply by how much: SPANS without the company."""
    ends = [date.min, *sorted(factors), date.max]
    for first in range(1, len(ends) - 1):
        product = Decimal(1)
        for last in range(first, len(ends) - 1):
            product = EXACT.multiply(product, factors[ends[last]])
            yield ends[first - 1], ends[first], ends[last], ends[last + 1], product


def finding(row: Mapping[str, Any]) -> Finding:
    """A row of `remarks` in the words of `price_moves`."""
    rule = row["rule"]
    if rule == SPLIT:
        return price_moves.as_by_split(row["last_close"], row["split"])
    if rule == LIMIT:
        return price_moves.beyond_limit(row["base"], row["most"])
    if rule == MISSING:
        return price_moves.without_rows(sessions.between(row["before_on"], row["traded_on"]))
    return price_moves.not_traded()
