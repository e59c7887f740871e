"""The rules of accounting on the real filings: what keeps each, what breaks it and why, to what it does not apply."""

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from webapp.files.edinet import filing
from webapp.rules.accounting.catalogue import RULES
from webapp.rules.accounting.rule import outcome
from webapp.rules.expressions import NOW, PRIOR

pytestmark = pytest.mark.real_data
Identity = tuple[str, str, str, str, int]

# Every broken rule, by company, period, scope and end of the year, and its cause; looked up in the filings.
SHARE_AWARD_RIGHTS = "株式引受権 stand among net assets, and are none of the four parts"
DISCONTINUED = "profit of discontinued operations stands apart from taxes"
CAUSES = {
    **{("B5", "E01780", "FY", "non_consolidated", year): SHARE_AWARD_RIGHTS for year in (2022, 2023, 2024)},
    ("P5", "E01766", "FY", "consolidated", 2025): DISCONTINUED,
    ("P5", "E01766", "HY", "consolidated", 2026): DISCONTINUED,
    ("C2", "E01573", "FY", "consolidated", 2019): "新規連結に伴う現金及び現金同等物の増加額",
    ("Y-revenue", "E02367", "FY", "non_consolidated", 2018): "the first year of a console",
}
# What TDK calls other operating income and its share of profit of associates stand above operating income.
ABOVE_OPERATING_INCOME = ("P2i", "E01780")


def statements(folder: Path) -> dict[Identity, dict[str, Any]]:
    """The statements of all reports as rows; of several reports on the same months the first."""
    rows: dict[Identity, dict[str, Any]] = {}
    for path in sorted(folder.rglob("*.zip")):
        report = filing.read(path.read_bytes(), path.name)
        for one in report.rows:
            row = {
                **one.values,
                "rounding_unit": one.rounding_unit,
                "currency": one.currency,
                "scope": one.scope,
                "accounting_standard": one.accounting_standard,
                "industry_format": one.industry_format,
                "period_type": report.period.type,
            }
            year = report.period.fiscal_year_end_on.year
            key = (report.edinet_code, report.period.type, one.scope, one.accounting_standard, year)
            rows.setdefault(key, row)
    return rows


def test_of_all_the_rules_only_those_are_broken_whose_cause_is_known(
    real_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = statements(real_data / "edinet_type5")
    counts: dict[str, Counter[str]] = {rule.id: Counter() for rule in RULES}
    broken = set()
    for (company, period, scope, standard, year), row in rows.items():
        prior = rows.get((company, period, scope, standard, year - 1))
        facts = {NOW: row} if prior is None else {NOW: row, PRIOR: prior}
        for rule in RULES:
            came_to = outcome(rule, facts)
            word = "not applicable" if came_to is None else "kept" if came_to.is_kept else "broken"
            counts[rule.id][word] += 1
            if word == "broken" and (rule.id, company) != ABOVE_OPERATING_INCOME:
                broken.add((rule.id, company, period, scope, year))
    with capsys.disabled():
        table = (
            f"  {rule:14}" + "  ".join(f"{word} {n}" for word, n in sorted(of.items()))
            for rule, of in counts.items()
        )
        sys.stdout.write("\n".join(("", *table, "")))
    assert broken == CAUSES.keys()
    assert counts["P2i"]["broken"] == 12
    for rule in ("B1", "P3", "C1", "R1", "R1i", "R2"):
        assert counts[rule]["broken"] == 0 < counts[rule]["kept"], rule
