"""Which months the columns of a report are of, and in which contexts they stand. Pure.

Sources: EDINETタクソノミの設定規約書, コンテキストの命名規約; and the files themselves, where the two differ.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.files.edinet.document import Document
from webapp.files.rows import WrongFile, shown

# Any further suffix is a segment or a component of equity, and no headline figure.
OF_PARENT = "_NonConsolidatedMember"
YEARLY = "FY"
# A fiscal year of more than twelve months had a fourth quarter, too (金融商品取引法 第24条の4の7, until 2024).
TYPES = (YEARLY, "Q1", "Q2", "Q3", "Q4", "HY")
# Of these nobody files a half-year, whatever else a report speaks of.
QUARTERS_ALONE = ("Q1", "Q3", "Q4")


@dataclass(frozen=True, slots=True)
class Period:
    """Which months figures are of, cumulative from the start of the fiscal year."""

    type: str
    fiscal_year_start_on: date
    fiscal_year_end_on: date
    end_on: date


@dataclass(frozen=True, slots=True)
class Contexts:
    """Where the flows and the stocks of one column stand, without the suffix of a parent; "" where it has none."""

    duration: str
    instant: str


# Of a year; of the fiscal year so far (the three months of a quarter alone are CurrentQuarterDuration); and of a
# half-year whose filer reports no quarters, or which was filed from 2025. Beside each, the same months a year before.
YEAR = Contexts("CurrentYearDuration", "CurrentYearInstant")
QUARTER = Contexts("CurrentYTDDuration", "CurrentQuarterInstant")
HALF = Contexts("InterimDuration", "InterimInstant")
YEAR_BEFORE = {
    YEAR: Contexts("Prior1YearDuration", "Prior1YearInstant"),
    QUARTER: Contexts("Prior1YTDDuration", "Prior1QuarterInstant"),
    HALF: Contexts("Prior1InterimDuration", "Prior1InterimInstant"),
}
LAST_YEAR_END = Contexts("", "Prior1YearInstant")


def period(document: Document) -> Period:
    """The period of the DEI; raises WrongFile where it names none. The register's own period end is not to be used."""
    kind = document.said("TypeOfCurrentPeriodDEI") or "－"
    if kind not in TYPES:
        raise WrongFile(
            expected="one of %(kinds)s in %(element)s",
            found="“%(value)s”",
            kinds=", ".join(TYPES),
            element="TypeOfCurrentPeriodDEI",
            value=shown(kind),
        )
    names = ("CurrentFiscalYearStartDateDEI", "CurrentPeriodEndDateDEI", "CurrentFiscalYearEndDateDEI")
    start, end, year_end = (document.day(name) for name in names)
    if not start <= end <= year_end or (kind == YEARLY and end != year_end):
        raise WrongFile(
            expected="a period within the fiscal year of the DEI",
            found="%(kind)s to %(end)s in the year from %(start)s to %(year_end)s",
            kind=kind,
            end=end.isoformat(),
            start=start.isoformat(),
            year_end=year_end.isoformat(),
        )
    return Period(kind, start, year_end, end)


def year_before(document: Document) -> Period | None:
    """The months that stand beside those of the report, a year before; None where the DEI does not name them.

    A year that does not end where this one begins is a mistake of the filer's: whose figures they are is not known.
    """
    names = ("PreviousFiscalYearStartDateDEI", "PreviousFiscalYearEndDateDEI", "ComparativePeriodEndDateDEI")
    if any(document.said(name) is None for name in names):
        return None
    start, end, comparative = (document.day(name) for name in names)
    own = period(document)
    before = Period(own.type, start, end, end if own.type == YEARLY else comparative)
    is_in_order = start <= before.end_on <= end and end + timedelta(days=1) == own.fiscal_year_start_on
    return before if is_in_order else None


def contexts(document: Document) -> Contexts:
    """Where the figures of the period stand, by what the DEI says and by which contexts are there."""
    kind = document.said("TypeOfCurrentPeriodDEI")
    if kind == YEARLY:
        return YEAR
    if kind in QUARTERS_ALONE:
        return QUARTER
    numbers = Counter(
        fact.context.removesuffix(OF_PARENT) for fact in document.facts if fact.number is not None
    )
    # Beside either some single figure may stand in the other, such as an interim dividend.
    return HALF if numbers[HALF.duration] > numbers[QUARTER.duration] else QUARTER


def taxonomy(period: Period) -> int:
    """The year of the taxonomy by which a report of this period is made: it is for periods from 31 March on."""
    end = period.end_on
    return end.year if (end.month, end.day) >= (3, 31) else end.year - 1
