"""What a rule found, as a steward reads it: figures by their labels, both sides, the difference, ▲ and unit."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.rules.accounting.catalogue import check
from webapp.rules.expressions import ACTIONS, NOW, PRIOR
from webapp.rules.findings import Finding
from webapp.words import formatters, remarks, speech

COLUMNS = FinancialStatement.__table__.columns
YEAR = {
    "period_type": "FY",
    "scope": "consolidated",
    "accounting_standard": "JGAAP",
    "rounding_unit": 1_000_000,
}


def said(language: str, prior: dict[str, Any] | None = None, **figures: Any) -> list[str]:
    """What is found on a year of these figures, in a language."""
    facts = {NOW: YEAR | figures} | ({} if prior is None else {PRIOR: prior})
    return [remarks.sentence(finding, COLUMNS, speech.of_language(language)) for finding in check(facts)]


def test_a_sum_that_does_not_hold_is_told_with_both_sides_their_difference_and_what_is_allowed() -> None:
    figures = {
        "total_assets": Decimal(1_164_922_000_000),
        "total_liabilities": Decimal(500_000_000_000),
        "net_assets": Decimal(661_524_000_000),
    }
    assert said("ja", **figures) == [
        "資産合計 1,164,922 百万円は、負債合計と純資産合計の和 1,161,524 百万円と 3,398 百万円ちがいます"
        "（許容 2 百万円）"
    ]
    assert said("en", **figures) == [
        "Total assets 1,164,922 million yen differs from Total liabilities + Net assets, 1,161,524 million yen,"
        " by 3,398 million yen (2 million yen allowed)"
    ]


def test_a_difference_is_told_by_the_labels_of_the_standard_with_signs_and_in_the_currency() -> None:
    figures = {"profit": Decimal(-70), "profit_attributable_to_owners": Decimal(-60), "currency": "USD"}
    figures |= {"profit_attributable_to_nci": Decimal(-1), "accounting_standard": "IFRS", "rounding_unit": 1}
    assert said("ja", **figures) == [
        "当期利益 ▲70 米ドルは、親会社の所有者に帰属する当期利益と非支配持分に帰属する当期利益の和 ▲61 米ドルと"
        " 9 米ドルちがいます"
        "（許容 2 米ドル）"
    ]


def test_a_bank_is_told_of_by_what_banks_print() -> None:
    figures = {"revenue": Decimal(100), "ordinary_expenses": Decimal(60), "ordinary_income": Decimal(50)}
    figures |= {"industry_format": "BNK", "rounding_unit": 1, "currency": "THB"}
    assert said("ja", **figures) == [
        "経常利益 50 THBは、経常収益－経常費用 40 THBと 10 THBちがいます（許容 2 THB）"
    ]


def test_a_figure_that_is_no_multiple_of_its_unit_is_told_whole() -> None:
    figures = {
        "total_assets": Decimal(1_164_922_500_001),
        "liabilities_and_net_assets": Decimal(1_164_922_000_000),
    }
    sentence, asked = said("ja", **figures)
    assert "資産合計 1,164,922,500,001 円は、" in sentence
    assert "負債純資産合計 1,164,922 百万円と 500,001 円ちがいます" in sentence
    assert asked == "資産合計 1,164,922,500,001 円が表示単位の倍数ではありません（端数 500,001 円）"


def test_ratios_and_times_are_told_as_people_read_them() -> None:
    ratio = {
        "equity_ratio_reported": Decimal("0.502"),
        "net_assets": Decimal(100_000_000),
        "total_assets": Decimal(200_000_000),
    }
    # Of two percentages the difference is in points.
    assert said("ja", **ratio) == [
        "自己資本比率（開示） 50.2%は、この財務諸表から計算した 50.0%と 0.2 ptちがいます（許容 0.06 pt）"
    ]
    assert said("en", **ratio) == [
        "Equity ratio, reported 50.2% differs from what its statement gives, 50.0%, by 0.2 pt (0.06 pt allowed)"
    ]
    revenue = Decimal(3_000_000_000)
    assert said("ja", prior={"revenue": Decimal(3_000_000)}, revenue=revenue) == [
        "売上高 3,000 百万円が前期 3 百万円の約 1,000倍です。単位（円・千円・百万円）を確かめてください"
    ]
    assert said("ja", prior={"revenue": Decimal(3_000_000)}, revenue=Decimal(30_000_000)) == [
        "売上高 30 百万円が前期 3 百万円の 10倍です。桁を確かめてください"
    ]
    assert said("ja", prior={"revenue": Decimal(3_000_000)}, revenue=Decimal(9_000_000)) == [
        "売上高 9 百万円が前期 3 百万円の 3倍です"
    ]
    assert said(
        "en",
        prior={"cash_and_equivalents_end": Decimal(1_000_000)},
        cash_and_equivalents_end=Decimal(13_000_000),
        net_change_in_cash=Decimal(5_000_000),
    ) == [
        "Cash and equivalents, end of period 13 million yen differs from Cash and equivalents, end of period of the"
        " year before + Net change in cash, 6 million yen, by 7 million yen (2 million yen allowed)"
    ]


def test_days_and_shares_are_counted_as_such() -> None:
    days = {"fiscal_year_start_on": date(2024, 4, 1), "fiscal_year_end_on": date(2025, 6, 30)}
    assert said("ja", **days) == ["事業年度の長さが 456 日です"]
    assert said("en", **days) == ["The fiscal year is 456 days long"]
    before = {"shares_issued": 100, "bps": Decimal(20)}
    now = {"shares_issued": 250, "bps": Decimal(8)}
    facts = {NOW: YEAR | now, PRIOR: before, ACTIONS: {"factor": 1, "factor_restated": 1}}
    sentences = [remarks.sentence(one, COLUMNS, speech.of_language("ja")) for one in check(facts)]
    assert sentences == [
        "発行済株式総数 250 株が前期 100 株の 2.5倍ですが、対応するコーポレートアクションがありません"
    ]


@pytest.mark.parametrize(
    ("table", "field", "value", "japanese"),
    [
        (FinancialStatement, "current_assets", "-160409000000", "▲160,409,000,000"),
        (FinancialStatement, "eps_basic", Decimal("1234.5600"), "1,234.56"),
        (FinancialStatement, "equity_ratio_reported", Decimal("0.5"), "50.0%"),
        (FinancialStatement, "shares_issued", 1, "1 株"),
        (Company, "capital_stock", Decimal(10_065_000_000), "10,065,000,000 円"),
        (Company, "name_en", "1234567", "1234567"),
        (Company, "capital_stock", "12a", "12a"),
    ],
)
def test_what_a_source_says_is_told_as_its_field_is_read(
    table: Any, field: str, value: Any, japanese: str
) -> None:
    finding = Finding(
        field, "kept the value entered by hand; the list says %(value)s", {"value": value}, False
    )
    told = remarks.sentence(finding, table.__table__.columns, speech.of_language("ja"))
    assert told == f"手入力の値を維持しました。一覧では {japanese} です"


def test_one_share_is_told_as_one() -> None:
    finding = Finding(
        "shares_issued", "kept the value entered by hand; the list says %(value)s", {"value": 1}
    )
    assert remarks.sentence(finding, COLUMNS, speech.of_language("en")).endswith("says 1 share")


@pytest.mark.parametrize(
    ("message", "language", "expected"),
    [
        ("is %(amount)s less than %(parts)s", "ja", "負債純資産合計より 3 百万円少ない（▲）"),
        ("is %(amount)s more than %(parts)s", "en", "is 3 million yen more than Liabilities and net assets"),
    ],
)
def test_what_change_sets_of_before_keep_is_still_told(message: str, language: str, expected: str) -> None:
    params = {
        "parts": "liabilities_and_net_assets",
        "amount": "3000000",
        "unit": 1_000_000,
        "currency": "JPY",
    }
    finding = Finding("total_assets", message, params)
    assert remarks.sentence(finding, COLUMNS, speech.of_language(language)) == expected


def test_an_amount_per_share_is_told_in_the_currency_of_the_statement() -> None:
    stated = {"eps_basic": Decimal("1104.25"), "profit_attributable_to_owners": Decimal(10_000)}
    for currency, words in (("JPY", ("円", "yen")), ("USD", ("米ドル", "US dollars"))):
        facts = stated | {"average_shares": Decimal(100), "currency": currency}
        for language, word in zip(("ja", "en"), words, strict=True):
            (told,) = [one for one in said(language, **facts) if "1,104.25" in one]
            assert f"1,104.25 {word}" in told
            assert f" 100 {word}" in told


@pytest.mark.parametrize(
    ("counted_in", "told"),
    [("per_share", "12.5 米ドル"), ("money", "12 千米ドル"), ("ratio", "1,250.0%"), ("shares", "12.5 株")],
)
def test_what_a_remark_says_of_figures_has_their_unit(counted_in: str, told: str) -> None:
    value = Decimal(12_000) if counted_in == "money" else Decimal("12.5")
    params = {"value": str(value), "amounts": "value", "amounts_in": counted_in}
    facts = params | {"currency": "USD", "unit": 1000}
    finding = Finding("eps_basic", "kept the value entered by hand; the list says %(value)s", facts)
    assert told in remarks.sentence(finding, COLUMNS, speech.of_language("ja"))


@pytest.mark.parametrize(
    ("unit", "now", "before", "told"),
    [
        (
            1,
            5 * 10**16,
            -5 * 10**11,
            "当期純利益が前期 ▲500,000,000,000 円から 50,000,000,000,000,000 円に転じています",
        ),
        (
            10**6,
            -(10**19),
            10**16,
            "当期純利益が前期 10,000,000,000 百万円から ▲10,000,000,000,000 百万円に転じています",
        ),
    ],
)
def test_a_profit_that_has_turned_is_told_also_of_digits_too_many(
    unit: int, now: int, before: int, told: str
) -> None:
    figures = {"profit": Decimal(now), "rounding_unit": unit}
    assert told in said("ja", prior={"profit": Decimal(before)}, **figures)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("amount", [Decimal(-3_787_000_000), Decimal("-0.5"), Decimal(3_787_000_000)])
def test_a_figure_is_written_in_a_sentence_as_tables_write_it_in_either_language(
    language: str, amount: Decimal
) -> None:
    finding = Finding("profit", "kept the value entered by hand; the list says %(value)s", {"value": amount})
    in_table = str(formatters.number(amount)).replace(formatters.NEGATIVE, "▲").removesuffix("</span>")
    assert f" {in_table}" in remarks.sentence(finding, COLUMNS, speech.of_language(language))


def test_a_figure_that_is_left_out_is_told_in_its_unit_with_its_sign() -> None:
    said = {"amounts": "value", "amounts_in": "money", "value": Decimal(-3_787_000_000), "unit": 1_000_000}
    message = "%(figure)s (%(scope)s) is left out: the report gives %(value)s in %(element)s. What is stored %(why)s"
    finding = Finding(None, message, said | {"figure": "a", "scope": "b", "element": "c", "why": "d"})
    assert "the report gives ▲3,787 million yen in c" in remarks.sentence(
        finding, COLUMNS, speech.of_language("en")
    )
