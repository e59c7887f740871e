"""The rules of accounting on the real filings: what keeps each, what breaks it and why, to what it does not apply."""

import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.rules.accounting.neighbours import facts_of
from webapp.files.edinet import filing
from webapp.files.edinet.filing import Filing
from webapp.rules.accounting.catalogue import RULES
from webapp.rules.accounting.rule import outcome

pytestmark = pytest.mark.real_data
# Company, type of period, scope, standard, year and document; rule, company, type of period, scope and year.
Identity = tuple[str, str, str, str, int, str]
Broken = tuple[str, str, str, str, int]

# Every broken rule, by company, period, scope and end of the year, and its cause; looked up in the filings.
SHARE_AWARD_RIGHTS = "株式引受権 stand among net assets, and are none of the four parts"
DISCONTINUED = "profit of discontinued operations stands apart from taxes"
# Of E01780 (TDK): その他の営業収益 and その他の営業費用, without which these would break P2i, in millions of yen.
BETWEEN = {
    ("FY", 2022): (14_033, 538),
    ("Q1", 2023): (2_324, 93),
    ("Q2", 2023): (6_935, 139),
    ("Q3", 2023): (13_439, 243),
    ("FY", 2023): (19_393, 285),
    ("Q1", 2024): (4_894, 55),
    ("Q2", 2024): (9_427, 56),
    ("Q3", 2024): (17_622, 102),
    ("FY", 2024): (22_712, 317),
    ("Q2", 2025): (17_320, 142),
    ("FY", 2025): (30_717, 538),
    ("HY", 2026): (13_692, 277),
}
# From profit to loss and back: in the year before, and in the year, in millions of yen as filed last.
GROUP, PARENT = "consolidated", "non_consolidated"
TURNED = {
    ("E01573", PARENT, 2025): (17_227, -6_149),
    ("E01767", GROUP, 2021): (14_122, -172),
    ("E01767", GROUP, 2022): (-172, 2_078),
    ("E01767", GROUP, 2023): (2_078, -2_784),
    ("E01767", GROUP, 2024): (-2_784, 25_654),
    ("E01767", PARENT, 2019): (-1_975, 8_457),
    ("E01767", PARENT, 2022): (1_258, -3_787),
    ("E01767", PARENT, 2024): (-6_291, 23_604),
    ("E01780", PARENT, 2019): (3_685, -36_063),
    ("E01780", PARENT, 2021): (-35_618, 119_224),
    ("E02367", PARENT, 2017): (4_516, -1_434),
    ("E02367", PARENT, 2018): (-1_434, 95_007),
}
CAUSES = {
    **{("Y-turned", company, "FY", scope, year): "as filed" for company, scope, year in TURNED},
    **{("B5", "E01780", "FY", "non_consolidated", year): SHARE_AWARD_RIGHTS for year in (2022, 2023, 2024)},
    ("P5", "E01766", "FY", "consolidated", 2025): DISCONTINUED,
    ("P5", "E01766", "HY", "consolidated", 2026): DISCONTINUED,
    ("C2", "E01573", "FY", "consolidated", 2019): "新規連結に伴う現金及び現金同等物の増加額",
    ("Y-revenue", "E02367", "FY", "non_consolidated", 2018): "the first year of a console",
}


def _split(code: str, before: int, after: int, takes_effect: date) -> tuple[str, dict[str, Any]]:
    ratio = {"ratio_from": Decimal(before), "ratio_to": Decimal(after)}
    return (
        code,
        {"kind": "split", "ex_on": takes_effect - timedelta(days=4), "effective_on": takes_effect} | ratio,
    )


# 株式分割 and 株式併合 of these companies, as their reports tell of them.
SPLITS = (
    _split("E02367", 1, 10, date(2022, 10, 1)),
    _split("E01766", 10, 1, date(2018, 10, 1)),
    _split("E01766", 1, 10, date(2024, 4, 1)),
    _split("E02055", 1, 2, date(2025, 4, 1)),
    _split("E01780", 1, 3, date(2021, 10, 1)),
    _split("E01780", 1, 5, date(2024, 10, 1)),
)
# The Financial Services Agency's samples are of companies that there are not, and their summaries of no statements.
FICTITIOUS = "the summary of a sample is of no statements"
OF_SAMPLES = {
    ("P5", "X99002", "FY", "consolidated", 2026): DISCONTINUED,
    **{("R1", code, "HY", "consolidated", 2027): FICTITIOUS for code in ("X99004", "X99006")},
    ("R1", "X99002", "FY", "non_consolidated", 2026): FICTITIOUS,
    ("R1i", "X99002", "FY", "consolidated", 2026): FICTITIOUS,
    **{("R3b", "X99002", "FY", scope, 2026): FICTITIOUS for scope in ("consolidated", "non_consolidated")},
}
NAME_OF_EXTRACT = "S100BANK.zip"
BANKS = ("X99004", "E03596")


@cache
def reports(folder: Path) -> Sequence[Filing]:
    # The extract of a bank's report is called after the bank.
    paths = (
        (path, path.name if filing.NAMED.match(path.name) else NAME_OF_EXTRACT)
        for path in folder.rglob("*.zip")
    )
    return [filing.read(path.read_bytes(), name) for path, name in sorted(paths)]


def test_every_summary_says_what_its_statements_say(
    real_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = [one for report in reports(real_data / "edinet_type5") for one in report.summarised]
    kept = Counter(one.field for one in said if one.agrees)
    with capsys.disabled():
        sys.stdout.write("".join(f"\n  S1 {field:19} kept {number}" for field, number in kept.items()) + "\n")
    assert [one for one in said if not one.agrees] == []
    assert kept.total() == len(said) > 500
    # The sample of an IFRS filer contradicts itself by 167 million yen.
    sample = real_data / "edinet_type5_fsa_samples" / "S003XXXX_asr_ifrs.zip"
    summarised = filing.read(sample.read_bytes(), sample.name).summarised
    (differing,) = [one for one in summarised if not one.agrees]
    assert (differing.field, differing.in_statement - differing.in_summary) == ("total_assets", 167_000_000)


def statements(folder: Path) -> dict[Identity, dict[str, Any]]:
    """The statements of all reports as rows, of several reports on the same months each."""
    rows: dict[Identity, dict[str, Any]] = {}
    for report in reports(folder):
        for one in report.rows:
            row = {
                **one.values,
                "rounding_unit": one.rounding_unit,
                "currency": one.currency,
                "scope": one.scope,
                "accounting_standard": one.accounting_standard,
                "industry_format": one.industry_format,
                "period_type": report.period.type,
                "fiscal_year_start_on": report.period.fiscal_year_start_on,
                "fiscal_year_end_on": report.period.fiscal_year_end_on,
                "period_start_on": report.period.fiscal_year_start_on,
                "period_end_on": report.period.end_on,
            }
            year = report.period.fiscal_year_end_on.year
            standard = one.accounting_standard
            rows[report.edinet_code, report.period.type, one.scope, standard, year, report.doc_id] = row
    return rows


def looked_at(rows: dict[Identity, dict[str, Any]]) -> tuple[dict[str, Counter[str]], dict[Broken, Decimal]]:
    """How often each rule is kept, broken and not applicable, and what breaks which, by how much."""
    counts: dict[str, Counter[str]] = {rule.id: Counter() for rule in RULES}
    broken: dict[Broken, Decimal] = {}
    by_company: dict[str, list[dict[str, Any]]] = {}
    for identity, row in rows.items():
        by_company.setdefault(identity[0], []).append(row)
    for (company, period, scope, _standard, year, _document), row in rows.items():
        facts = facts_of(row, by_company[company], [split for code, split in SPLITS if code == company])
        for rule in RULES:
            came_to = outcome(rule, facts)
            word = "not applicable" if came_to is None else "kept" if came_to.is_kept else "broken"
            counts[rule.id][word] += 1
            if came_to is not None and not came_to.is_kept:
                broken[rule.id, company, period, scope, year] = came_to.observed - came_to.expected
    return counts, broken


def tell(counts: dict[str, Counter[str]], capsys: pytest.CaptureFixture[str]) -> None:
    """Print the table."""
    with capsys.disabled():
        table = (
            f"  {rule:14}" + "  ".join(f"{word} {n}" for word, n in sorted(of.items()))
            for rule, of in counts.items()
        )
        sys.stdout.write("\n".join(("", *table, "")))


def test_of_all_the_rules_only_those_are_broken_whose_cause_is_known(
    real_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = statements(real_data / "edinet_type5")
    counts, broken = looked_at(rows)
    tell(counts, capsys)
    assert broken.keys() == CAUSES.keys()
    for (company, scope, year), (before, now) in TURNED.items():
        assert broken["Y-turned", company, "FY", scope, year] == before * now * 10**12, (company, scope, year)
    of_tdk = {
        (identity[1], identity[4]): (row["other_income"], row["other_expenses"])
        for identity, row in rows.items()
        if (identity[0], identity[2], identity[3]) == ("E01780", "consolidated", "IFRS")
    }
    for key, between in BETWEEN.items():
        assert of_tdk[key] == tuple(amount * 1_000_000 for amount in between), key
    for rule in ("B1", "P3", "C1", "R1", "R1i", "R2"):
        assert counts[rule]["broken"] == 0 < counts[rule]["kept"], rule


def test_of_samples_and_a_real_bank_only_those_are_broken_whose_cause_is_known(
    real_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = (real_data / "edinet_type5_fsa_samples", real_data / "edinet_type5_extracts")
    rows = {identity: row for folder in folders for identity, row in statements(folder).items()}
    counts, broken = looked_at(rows)
    tell(counts, capsys)
    assert broken.keys() == OF_SAMPLES.keys()
    for code in BANKS:
        of_bank = {identity: row for identity, row in rows.items() if identity[0] == code}
        counts, _broken = looked_at(of_bank)
        for rule in ("P3b", "P4"):
            assert (counts[rule]["kept"], counts[rule]["broken"]) == (len(of_bank), 0), (code, rule)
        for rule in ("P1", "P2", "B3", "B4"):
            assert counts[rule]["not applicable"] == len(of_bank) > 0, (code, rule)
