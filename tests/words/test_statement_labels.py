"""A statement's figures are called as its own standard calls them, and remarks on them say so too."""

import re
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser
from webapp.lists import headings, query
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import statement as rules
from webapp.screens.statements.statement import StatementView
from webapp.services.changes import row_codec
from webapp.services.changes.revisions import FIGURES as ALL_FIGURES
from webapp.words import statement_labels
from webapp.words.speech import ENGLISH, JAPANESE, of_language
from webapp.words.statement_labels import BY_INDUSTRY, Basis
from webapp.words.units import UNITS

COLUMNS = row_codec.table_of(FinancialStatement).columns
IFRS = (
    "売上収益",
    "税引前利益",
    "法人所得税費用",
    "当期利益",
    "親会社の所有者に帰属する当期利益",
    "非流動資産",
)
IFRS += ("非流動負債", "資本合計", "親会社の所有者に帰属する持分", "基本的１株当たり当期利益")
JGAAP = ("売上高", "固定資産", "純資産合計", "税引前当期純利益", "１株当たり当期純利益")
FIGURES = ("revenue", "income_before_taxes", "noncurrent_assets", "net_assets", "eps_basic")


def labels(page: str) -> set[str]:
    """What stands as a label of a field, a value or a column, without units."""
    told = re.findall(r"<(?:dt|span|p[^>]*|th scope=\"row\")>([^<]+)<", page)
    return {one.partition("（円")[0].strip() for text in told for one in re.split("[：、]", text)}


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("path", ["details", "edit"])
def test_a_statement_under_ifrs_reads_as_ifrs(app: Flask, path: str) -> None:
    key = factories.statement(accounting_standard="IFRS").id
    said = labels(Browser(app, language="ja").get(f"/admin/statements/{path}/", id=key).text)
    assert set(IFRS) <= said
    assert said.isdisjoint(JGAAP)


@pytest.mark.usefixtures("connection")
def test_a_group_under_japanese_gaap_has_its_profit_before_taxes_adjusted(app: Flask) -> None:
    for scope, name in (("consolidated", "税金等調整前当期純利益"), ("non_consolidated", "税引前当期純利益")):
        key = factories.statement(scope=scope).id
        assert name in labels(Browser(app, language="ja").get("/admin/statements/details/", id=key).text)


@pytest.mark.usefixtures("connection")
def test_a_list_and_a_file_of_one_standard_are_headed_by_it(app: Flask) -> None:
    factories.statement(accounting_standard="IFRS")
    browser = Browser(app, language="ja")
    columns = ",".join(("company", *FIGURES))
    asked = {"flt0_accounting_standard_is": "IFRS", "columns": columns}
    assert "売上収益<span" in browser.get("/admin/statements/", **asked).text
    assert "売上高<span" in browser.get("/admin/statements/", columns=columns).text
    file = browser.get("/admin/statements/export/csv/", **asked)
    assert "売上収益（円）" in file.text
    file.close()


@pytest.mark.parametrize(
    ("basis", "names"),
    [
        (
            Basis("JGAAP", "consolidated", "BNK"),
            ("経常収益", "営業経費", "資金調達費用", "税金等調整前当期純利益"),
        ),
        (
            Basis("JGAAP", "non_consolidated", "BNK"),
            ("経常収益", "営業経費", "資金調達費用", "税引前当期純利益"),
        ),
        (
            Basis("JGAAP", "consolidated", "INS"),
            ("経常収益", "販売費及び一般管理費", "支払利息", "税金等調整前当期純利益"),
        ),
        (Basis("JGAAP", None, "RWY"), ("営業収益", "販売費及び一般管理費", "支払利息", "税引前当期純利益")),
        (
            Basis("IFRS", "consolidated", "BNK"),
            ("売上収益", "販売費及び一般管理費", "支払利息", "税引前利益"),
        ),
        (Basis("USGAAP", "consolidated", None), ("売上高", "販売費及び一般管理費", "支払利息", "税引前利益")),
        (Basis(), ("売上高", "販売費及び一般管理費", "支払利息", "税引前当期純利益")),
    ],
)
def test_figures_are_called_by_standard_scope_and_format_of_the_industry(
    basis: Basis, names: tuple[str, ...]
) -> None:
    figures = ("revenue", "sga_expenses", "interest_expense", "income_before_taxes")
    assert tuple(statement_labels.called(COLUMNS[one], basis).ja for one in figures) == names


def test_a_company_by_itself_has_no_owners_of_a_parent() -> None:
    said = {
        scope: [
            statement_labels.called(COLUMNS[name], Basis("JGAAP", scope)).ja
            for name in ("profit_attributable_to_owners", "valuation_adjustments", "net_assets")
        ]
        for scope in rules.SCOPE.words
    }
    assert said == {
        "consolidated": ["親会社株主に帰属する当期純利益", "その他の包括利益累計額", "純資産合計"],
        "non_consolidated": ["当期純利益（株主に帰属）", "評価・換算差額等", "純資産合計"],
    }


EARNED = (
    "income_before_taxes",
    "profit",
    "profit_attributable_to_owners",
    "comprehensive_income",
    "eps_basic",
)


@pytest.mark.parametrize(
    ("standard", "period_type", "end", "names"),
    [
        (
            "JGAAP",
            "Q1",
            "2023-06-30",
            "税金等調整前四半期純利益 四半期純利益 親会社株主に帰属する四半期純利益 四半期包括利益"
            " １株当たり四半期純利益",
        ),
        (
            "JGAAP",
            "Q2",
            "2024-09-30",
            "税金等調整前中間純利益 中間純利益 親会社株主に帰属する中間純利益 中間包括利益 １株当たり中間純利益",
        ),
        (
            "IFRS",
            "Q2",
            "2023-09-30",
            "税引前四半期利益 四半期利益 親会社の所有者に帰属する四半期利益 四半期包括利益 基本的１株当たり四半期利益",
        ),
        (
            "IFRS",
            "HY",
            "2025-09-30",
            "税引前中間利益 中間利益 親会社の所有者に帰属する中間利益 中間包括利益 基本的１株当たり中間利益",
        ),
        (
            "USGAAP",
            "Q3",
            "2020-12-31",
            "税引前四半期純利益 四半期純利益 当社株主に帰属する四半期純利益 四半期包括利益"
            " 基本的１株当たり当社株主に帰属する四半期純利益",
        ),
        (
            "JGAAP",
            "FY",
            "2025-03-31",
            "税金等調整前当期純利益 当期純利益 親会社株主に帰属する当期純利益 包括利益 １株当たり当期純利益",
        ),
    ],
)
def test_what_was_earned_is_called_by_the_months_as_filers_print_it(
    standard: str, period_type: str, end: str, names: str
) -> None:
    basis = statement_labels.of_values(
        {
            "accounting_standard": standard,
            "scope": "consolidated",
            "period_type": period_type,
            "period_end_on": date.fromisoformat(end),
        }
    )
    assert [statement_labels.called(COLUMNS[one], basis).ja for one in EARNED] == names.split()


def test_no_two_figures_of_a_statement_have_one_name() -> None:
    standards = (*rules.ACCOUNTING_STANDARD.words, None)
    for basis in map(
        Basis._make,
        product(standards, (*rules.SCOPE.words, None), (*BY_INDUSTRY, None), (None,), (None, "Q1", "HY")),
    ):
        for language in (JAPANESE, ENGLISH):
            names = [
                of_language(language).say(statement_labels.called(COLUMNS[one], basis)) for one in ALL_FIGURES
            ]
            assert len(names) == len(set(names)), (basis, language)


@pytest.mark.parametrize(
    "basis",
    [
        Basis("JGAAP", "consolidated"),
        Basis("JGAAP", None, "BNK", "USD"),
        Basis(period_type="HY"),
        Basis(),
    ],
)
def test_the_headings_of_a_file_are_understood_again_on_their_basis(basis: Basis) -> None:
    spoken, column, million = of_language(JAPANESE), COLUMNS["revenue"], UNITS["million"]
    assert headings.record_of(headings.of_record(FinancialStatement, spoken, basis)) == (
        FinancialStatement,
        basis,
    )
    meant = headings.meaning(FinancialStatement, basis, headings.of_value(column, spoken, million, basis))
    assert meant is not None
    assert (meant.column, meant.unit) == (column, million)


@pytest.mark.usefixtures("connection")
def test_amounts_of_a_list_are_in_its_currency_and_others_say_theirs(app: Flask) -> None:
    factories.statement(currency="USD", revenue=Decimal(822_866_000), eps_basic=Decimal("1.5"))
    browser, asked = (
        Browser(app, language="ja"),
        "unit=thousand&columns=revenue,eps_basic&flt0_currency_is=USD",
    )
    assert query.parse(StatementView.plan, asked).basis.currency == "USD"
    page = browser.client.get(f"/admin/statements/?{asked}", headers={"Accept-Language": "ja"}).text
    for words in ("（千米ドル）", "（米ドル）", "単位：千米ドル", "822,866</td>"):
        assert words in page
    mixed = browser.get("/admin/statements/", unit="thousand").text
    assert "（千円）" in mixed
    assert '822,866 <span class="unit">USD</span>' in mixed


@pytest.mark.usefixtures("connection")
def test_a_statement_in_dollars_never_says_yen(app: Flask) -> None:
    key = factories.statement(currency="USD", rounding_unit=1000, revenue=Decimal(5000), bps=Decimal(2)).id
    browser = Browser(app, language="ja")
    details, form = (browser.get(f"/admin/statements/{one}/", id=key).text for one in ("details", "edit"))
    assert "（円）" not in details
    assert '<span class="unit">千米ドル</span>' in form
    assert '<span class="unit">米ドル</span>' in form
    assert '<span class="unit">千円</span>' not in form
    assert "千米ドル</option>" in form


@pytest.mark.usefixtures("connection")
def test_two_editors_of_one_statement_read_of_its_figures_by_its_standard(app: Flask) -> None:
    key = factories.statement(accounting_standard="IFRS", revenue=Decimal(5)).id
    browser = Browser(app, language="ja")
    opened = browser.form("/admin/statements/edit/", id=key)
    browser.save("/admin/statements/edit/", {"revenue": "6"}, id=key)
    answer = browser.post("/admin/statements/edit/", {**opened, "revenue": "7"}, id=key)
    assert answer.status_code == 409
    assert "売上収益" in answer.text
    assert "売上高" not in answer.text
