"""Which reports a company owes for its fiscal years, and until when.

Sources: 金融商品取引法 第24条第1項 (有価証券報告書: three months); 第24条の5第1項 (半期報告書: 45 days of the
listed, 60 of banks and insurers, three months of all others); until 令和5年法律第79号, 第24条の4の7 (四半期報告書,
for fiscal years from April 2008 on and quarters until March 2024) and 企業内容等の開示に関する内閣府令
第17条の15第2項 (who is a bank or insurer here). How months are counted: 民法 第140条, 第143条; on holidays:
行政機関の休日に関する法律 第2条. In 2020 everybody had until 30 September: 企業内容等の開示に関する内閣府令 附則
第4項 (令和2年内閣府令第37号). The texts of 民法, of the law of holidays and of 第17条の15 were read; the articles of
金融商品取引法 and the days on which quarterly reports came and went are as the 金融庁 and auditors' summaries state
them. Not looked up: where it stands that foreign companies have six months, and the transitional provisions.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.rules.disclosure import business_days

LISTED, LISTED_FINANCIAL, UNLISTED, FOREIGN = "listed", "listed_financial", "unlisted", "foreign"
FILERS = (LISTED, LISTED_FINANCIAL, UNLISTED, FOREIGN)
ANNUAL, HALF_YEAR = "FY", "HY"
QUARTERS = ("Q1", "Q2", "Q3")
# Fiscal years that begin from this day on have quarterly reports (金融庁, 四半期報告書の作成・提出に際しての留意事項).
QUARTERS_FROM = date(2008, 4, 1)
# Quarters that begin from this day on have none any more; of the first half year there is a report on it.
QUARTERS_UNTIL = date(2024, 4, 1)
# What fell due on one of these days, for whichever report, was in time until the day after (令和2年内閣府令第37号).
EXTENDED = (date(2020, 4, 20), date(2020, 9, 29))
EXTENDED_TO = date(2020, 9, 30)
DAYS_OF_INTERIM, DAYS_OF_FINANCIAL_INTERIM = 45, 60
# Three months have no fewer days.
LEAST_DAYS_OF_ANNUAL = 89
MONTHS_OF_ANNUAL, MONTHS_OF_FOREIGN_ANNUAL, MONTHS_OF_INTERIM = 3, 6, 3


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is owed: of which period, and the last day on which it is in time."""

    fiscal_year_end_on: date
    period_type: str
    period_end_on: date
    due_on: date


def year_end(year: int, month: int, day: int) -> date:
    """The end of the fiscal year in a calendar year; 31 stands for the last day of whichever month."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def months_after(day: date, months: int) -> date:
    """The last day of so many months that begin on the next day, by the calendar."""
    return months_from(day + timedelta(days=1), months)


def months_from(start: date, months: int) -> date:
    """The last day of so many months that begin on a day; the last one that there is where that is later."""
    count = start.year * 12 + start.month - 1 + months
    year, month = count // 12, count % 12 + 1
    if year > date.max.year:
        return date.max
    last = calendar.monthrange(year, month)[1]
    # Without a day of that number the month's last day ends the period: 民法 第143条第2項.
    return date(year, month, last) if start.day > last else date(year, month, start.day) - timedelta(days=1)


def owed(month: int, day: int, filer: str, since: date, until: date) -> Iterator[Due]:
    """The reports that fall due from one day to another, of a filer whose fiscal year ends on this day."""
    for year in range(since.year - 1, until.year + 2):
        for one in _of_year(year_end(year - 1, month, day), year_end(year, month, day), filer):
            if since <= one.due_on <= until:
                yield one


def _of_year(before: date, end: date, filer: str) -> Iterator[Due]:
    """What is owed for the fiscal year that follows the one `before`."""
    has_quarters = filer in (LISTED, LISTED_FINANCIAL) and before + timedelta(days=1) >= QUARTERS_FROM
    ends = [months_after(before, 3 * number) for number in range(4)]
    for period_type, last_end, quarter_end in zip(QUARTERS, ends, ends[1:], strict=False):
        if has_quarters and last_end + timedelta(days=1) < QUARTERS_UNTIL:
            yield _interim(end, period_type, quarter_end, filer)
        elif period_type == "Q2":
            yield _interim(end, HALF_YEAR, quarter_end, filer)
    yield Due(end, ANNUAL, end, due_on(ANNUAL, end, filer))


def _interim(year_ends: date, period_type: str, period_end: date, filer: str) -> Due:
    return Due(year_ends, period_type, period_end, due_on(period_type, period_end, filer))


def due_on(period_type: str, period_end: date, filer: str) -> date:
    """The last day on which a filer's report on a period is in time."""
    if period_type == ANNUAL:
        months = MONTHS_OF_FOREIGN_ANNUAL if filer == FOREIGN else MONTHS_OF_ANNUAL
        return in_time(months_after(period_end, months))
    if filer in (UNLISTED, FOREIGN):
        return in_time(months_after(period_end, MONTHS_OF_INTERIM))
    is_longer = filer == LISTED_FINANCIAL and period_type in ("Q2", HALF_YEAR)
    return in_time(period_end + timedelta(days=DAYS_OF_FINANCIAL_INTERIM if is_longer else DAYS_OF_INTERIM))


def in_time(last: date) -> date:
    """The last day on which a report is in time whose term ends on a day."""
    due = business_days.on_or_after(last)
    return EXTENDED_TO if EXTENDED[0] <= due <= EXTENDED[1] else due
