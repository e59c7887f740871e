"""Indicators of the real filings beside the companies' own: how many agree, and why the others do not."""

import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.files.edinet.test_rules_on_real_filings import SPLITS, reports
from webapp.indicators import assembling
from webapp.indicators.assembling import Inputs
from webapp.indicators.formulas import BY_NAME
from webapp.indicators.indicator import FINANCE_COSTS, STATUTORY_RATE
from webapp.indicators.reported import REPORTED
from webapp.indicators.terms import EQUITY, OWNERS_PROFIT
from webapp.rules.expressions import NOW, Expression, Facts, Figure

pytestmark = pytest.mark.real_data
# What is disclosed is no measure of itself: of the counts at both ends instead, as filings print no average.
ISSUED, TREASURY = Figure("shares_issued"), Figure("treasury_share_count")
SHARES = ISSUED - TREASURY
COUNTED: Mapping[str, Expression] = {
    "eps": OWNERS_PROFIT / ((SHARES + ISSUED.prior - TREASURY.prior) / 2),
    "bps": EQUITY / SHARES,
}
PRINTED = ("roe", "equity_ratio", "eps", "bps", "payout_ratio")
SCOPES = ("consolidated", "non_consolidated")
# S100OG8E prints -4.6 %, which is -3,787 to the 81,748 of equity at the end; to the average of 85,739 it is -4.4 %, and
# by the average are all other years of this filer.
BY_EQUITY_AT_THE_END = [("E01767", "non_consolidated", 2022)]
# How many agree, of how many. ROE of the parent alone: see above. EPS and BPS: all but two lie years before or after a
# split, which is in what is printed and not in counts. Payout of the parent: a dividend is put on the shares of its
# earnings. The group's: the filer prints its own.
AGREEING = {
    ("roe", "consolidated"): (45, 45),
    ("roe", "non_consolidated"): (46, 47),
    ("equity_ratio", "consolidated"): (53, 53),
    ("equity_ratio", "non_consolidated"): (55, 55),
    ("eps", "consolidated"): (22, 28),
    ("eps", "non_consolidated"): (23, 30),
    ("bps", "consolidated"): (33, 35),
    ("bps", "non_consolidated"): (33, 35),
    ("payout_ratio", "consolidated"): (3, 44),
    ("payout_ratio", "non_consolidated"): (47, 47),
}
# What stands in for a part of which indicator, and how often. Taxes were given back, or were of a loss, or are not
# known; interest stands in the notes of a year’s report, and interim ones print 金融費用 alone.
REPLACED = (("roic", STATUTORY_RATE), ("interest_coverage", FINANCE_COSTS))
STOOD_IN = {
    ("roic", "FY"): 11,
    ("roic", "TTM"): 6,
    ("interest_coverage", "QTR"): 28,
    ("interest_coverage", "TTM"): 19,
}


class Pair(NamedTuple):
    """An indicator as it is computed and as the company prints it."""

    company: str
    scope: str
    year: int
    computed: Decimal
    reported: Decimal


def companies(folder: Path) -> Mapping[str, list[dict[str, Any]]]:
    """The statements of all reports as current rows, by company; no two of them are on the same months."""
    rows: dict[str, dict[Any, dict[str, Any]]] = defaultdict(dict)
    for report in reports(folder):
        period = report.period
        for one in report.rows:
            row = {
                **one.values,
                "is_current": True,
                "scope": one.scope,
                "accounting_standard": one.accounting_standard,
                "industry_format": one.industry_format,
                "period_type": period.type,
                "fiscal_year_start_on": period.fiscal_year_start_on,
                "fiscal_year_end_on": period.fiscal_year_end_on,
                "period_end_on": period.end_on,
                "announced_on": report.as_of_on,
            }
            key = (period.end_on, period.type, one.scope, one.accounting_standard)
            assert key not in rows[report.edinet_code]
            rows[report.edinet_code][key] = row
    return {
        code: [row | {"id": number} for number, row in enumerate(of.values())] for code, of in rows.items()
    }


def agrees(name: str, pair: Pair) -> bool:
    return REPORTED[name].agrees(pair.computed, pair.reported)


def status_of(name: str, facts: Facts) -> str:
    return BY_NAME[name].compute(facts).status


def value_of(name: str, facts: Facts) -> Decimal | None:
    if name in COUNTED:
        return COUNTED[name].value(facts)
    return BY_NAME[name].compute(facts).value


def test_roe_and_equity_ratio_are_the_companies_own_and_the_others_and_what_stood_in_are_counted(
    real_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs: dict[str, list[Pair]] = {name: [] for name in PRINTED}
    stood_in: Counter[tuple[str, str]] = Counter()
    for code, rows in companies(real_data / "edinet_type5").items():
        actions = [action for of, action in SPLITS if of == code]
        for place, facts in assembling.assemble(Inputs(rows, actions=actions)).items():
            stood_in.update((name, place.basis) for name, of in REPLACED if status_of(name, facts) == of)
            for name in PRINTED:
                computed, reported = value_of(name, facts), facts[NOW].get(REPORTED[name].field)
                if place.basis == "FY" and computed is not None and reported is not None:
                    pairs[name].append(Pair(code, place.scope, place.as_of_on.year, computed, reported))
    counted = {
        (name, scope): (
            sum(agrees(name, pair) for pair in of if pair.scope == scope),
            len([pair for pair in of if pair.scope == scope]),
        )
        for name, of in pairs.items()
        for scope in SCOPES
    }
    with capsys.disabled():
        table = (
            f"  {name:14} {scope:18} {agreeing:5} of {of:3}"
            for (name, scope), (agreeing, of) in counted.items()
        )
        sys.stdout.write("\n".join(("", *table, "")))
    assert counted == AGREEING
    assert stood_in == STOOD_IN
    otherwise = [pair for pair in pairs["roe"] if not agrees("roe", pair)]
    assert [(pair.company, pair.scope, pair.year) for pair in otherwise] == BY_EQUITY_AT_THE_END
