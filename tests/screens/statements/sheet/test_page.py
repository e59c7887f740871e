"""A statement's page: laid out as its standard prints it, beside the year before, and as it was known on a day."""

import html
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import Connection, select

from tests import factories
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import statement as rules
from webapp.screens.statements.sheet import layouts
from webapp.services.changes.revisions import FIGURES
from webapp.words.statement_labels import BY_INDUSTRY, Basis

PAGE = "/admin/statements/details/"
MILLION = Decimal(1_000_000)
YEARS = {
    year: {
        "fiscal_year_start_on": date(year - 1, 4, 1),
        "fiscal_year_end_on": date(year, 3, 31),
        "period_start_on": date(year - 1, 4, 1),
        "period_end_on": date(year, 3, 31),
    }
    for year in range(2014, 2026)
}


def lines(page: str, part: str) -> list[tuple[str, ...]]:
    """The rows of a part of the statement: what each is called, then its cells, as people read them."""
    start = page.index(f'id="part-{part}"')
    body = page[page.index("<tbody>", start) : page.index("</tbody>", start)]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
    return [tuple(map(read, re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row))) for row in rows]


def read(cell: str) -> str:
    spoken = re.sub(r'<span class="sr">.*?</span>|<a class="badge.*?</a>', "", cell)
    return re.sub(r"<[^>]+>", "", spoken).strip()


def names(page: str, part: str) -> list[str]:
    return [row[0] for row in lines(page, part)]


def get(app: Flask, key: int, language: str = "ja", **query: Any) -> str:
    return Browser(app, language=language).get(PAGE, id=key, **query).text


@pytest.mark.parametrize(
    "basis",
    [
        Basis(*words)
        for words in product(rules.ACCOUNTING_STANDARD.words, rules.SCOPE.words, (*BY_INDUSTRY, None))
    ],
)
def test_every_figure_has_one_line_on_every_basis(basis: Basis) -> None:
    fields = [line.field for part in layouts.of(basis) for line in part.lines]
    assert len(fields) == len(set(fields))
    assert set(fields) == FIGURES


SAMPLE = {
    "revenue": 900,
    "sga_expenses": 70,
    "interest_expense": 60,
    "income_before_taxes": 50,
    "profit": 40,
    "total_assets": 5000,
    "net_assets": 2000,
}


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize(
    ("facts", "income", "balance"),
    [
        (
            {},
            ["売上高", "売上総利益", "販売費及び一般管理費", "営業利益", "支払利息", "経常利益"],
            [
                "流動資産",
                "固定資産",
                "資産合計",
                "流動負債",
                "固定負債",
                "負債合計",
                "株主資本",
                "純資産合計",
            ],
        ),
        (
            {"accounting_standard": "IFRS"},
            ["売上収益", "売上総利益", "販売費及び一般管理費", "営業利益", "支払利息", "税引前利益"],
            [
                "流動資産",
                "非流動資産",
                "資産合計",
                "流動負債",
                "非流動負債",
                "負債合計",
                "親会社の所有者に帰属する持分",
            ],
        ),
        (
            {"accounting_standard": "USGAAP"},
            ["売上高", "売上総利益", "販売費及び一般管理費", "営業利益", "支払利息", "税引前利益"],
            [
                "流動資産",
                "固定資産",
                "資産合計",
                "流動負債",
                "固定負債",
                "負債合計",
                "株主資本",
                "純資産合計",
            ],
        ),
        (
            {"industry_format": "BNK"},
            ["経常収益", "経常費用", "資金調達費用", "営業経費", "経常利益", "税金等調整前当期純利益"],
            ["資産合計", "負債合計", "株主資本", "純資産合計", "負債純資産合計"],
        ),
        (
            {"industry_format": "INS", "scope": "non_consolidated"},
            ["経常収益", "経常費用", "販売費及び一般管理費", "支払利息", "経常利益", "税引前当期純利益"],
            ["資産合計", "負債合計", "株主資本", "純資産合計", "負債純資産合計"],
        ),
    ],
)
def test_lines_stand_in_the_order_of_the_standard_and_the_industry(
    app: Flask, facts: dict[str, Any], income: Sequence[str], balance: Sequence[str]
) -> None:
    page = get(app, factories.statement(**facts, **{name: Decimal(one) for name, one in SAMPLE.items()}).id)
    assert names(page, "income")[: len(income)] == income
    assert names(page, "balance")[: len(balance)] == balance


@pytest.fixture
def company(connection: Connection) -> int:
    """Two years of a company in millions of yen; in the second it lost money, and something was not disclosed."""
    filer = factories.company().id
    facts = {"company_id": filer, "rounding_unit": 1_000_000}
    before = {
        "revenue": 1000 * MILLION,
        "profit": 50 * MILLION,
        "gross_profit": 0,
        "equity_ratio_reported": Decimal("0.5"),
    }
    factories.statement(**facts, **YEARS[2024], **before, bps=Decimal("1234.5"))
    after = {"revenue": 1100 * MILLION, "profit": -20 * MILLION, "equity_ratio_reported": Decimal("0.512")}
    factories.statement(**facts, **YEARS[2025], **after)
    return filer


def of_year(company_id: int, year: int) -> int:
    return db.session.scalars(
        select(FinancialStatement.id).where(
            FinancialStatement.company_id == company_id,
            FinancialStatement.fiscal_year_end_on == date(year, 3, 31),
        )
    ).one()


@pytest.mark.usefixtures("connection")
def test_the_year_before_stands_beside_with_the_difference_and_what_is_missing_is_no_nought(
    app: Flask, company: int
) -> None:
    page = get(app, of_year(company, 2025))
    assert "単位：百万円" in page
    rows = {row[0]: row[1:] for row in lines(page, "income")}
    assert rows["売上高"] == ("1,100", "1,000", "100", "10.0%")
    # A base that is not positive gives no rate, and neither does what one of the two does not disclose.
    assert rows["当期純利益"] == ("▲20", "50", "▲70", "▲140.0%")
    assert "140.0%</span></td>" in page
    assert rows["売上総利益"] == ("–", "0", "–", "–")
    assert "空欄：売上原価、" in page
    others = {row[0]: row[1:] for row in lines(page, "others")}
    assert others["自己資本比率（開示） （%）"] == ("51.20", "50.00", "1.20 pt", "–")
    heads = page[page.index('id="part-income"') :]
    assert heads.index("2025年3月期 通期") < heads.index("2024年3月期 通期")


@pytest.mark.usefixtures("connection")
def test_between_years_of_other_lengths_only_what_is_of_a_day_has_a_rate(app: Flask) -> None:
    company = factories.company().id
    figures = {"company_id": company, "rounding_unit": 1_000_000, "total_assets": 500 * MILLION}
    cut_short = {"fiscal_year_start_on": date(2023, 7, 1), "period_start_on": date(2023, 7, 1)}
    factories.statement(**figures, **YEARS[2024] | cut_short, revenue=900 * MILLION)
    factories.statement(**figures, **YEARS[2025], revenue=1200 * MILLION)
    page = get(app, of_year(company, 2025))
    income, balance = ({row[0]: row[1:] for row in lines(page, part)} for part in ("income", "balance"))
    assert income["売上高"] == ("1,200", "900", "300", "–")
    assert balance["資産合計"] == ("500", "500", "0", "0.0%")


@pytest.mark.usefixtures("connection")
def test_a_statement_that_was_not_filed_is_no_table_of_dashes(app: Flask, company: int) -> None:
    """A parent that is consolidated files no cash flows of its own."""
    row = factories.statement(
        company_id=company, scope="non_consolidated", total_assets=MILLION, revenue=None
    )
    page = get(app, row.id)
    cash = page[page.index('id="part-cash"') :].split("</section>")[0]
    assert "<tbody>" not in cash
    assert "空欄：営業活動によるキャッシュ・フロー、" in cash
    # Among figures that are there a missing sum stands with its dash.
    assert ("負債合計", "–") in [line[:2] for line in lines(page, "balance")]


def test_a_unit_is_chosen_and_by_itself_none_cuts_a_digit_off(app: Flask, company: int) -> None:
    row = of_year(company, 2025)
    for word, revenue in (("thousand", "1,100,000"), ("yen", "1,100,000,000"), ("hundred-million", "11")):
        assert lines(get(app, row, unit=word), "income")[0][1] == revenue
    odd = factories.statement(
        company_id=company, **YEARS[2023], rounding_unit=1_000_000, revenue=Decimal(1_500_001)
    )
    page = get(app, odd.id, language="en")
    assert lines(page, "income")[0] == ("Revenue", "1,500,001")
    assert "Unit: yen" in page


@pytest.mark.usefixtures("connection")
def test_ten_periods_of_the_same_months_scope_and_standard_stand_side_by_side(
    app: Flask, company: int
) -> None:
    for year in range(2014, 2024):
        factories.statement(
            company_id=company, revenue=year * MILLION, rounding_unit=1_000_000, **YEARS[year]
        )
    other = {"company_id": company, "revenue": Decimal(7), **YEARS[2023]}
    factories.statement(**other | {"scope": "non_consolidated"})
    factories.statement(**other | {"period_type": "Q3"})
    browser = Browser(app, language="ja")
    row = of_year(company, 2025)
    with statements() as seen:
        page = browser.get(PAGE, id=row, periods=10).text
    figures = [str(year) for year in range(2023, 2015, -1)]
    assert lines(page, "income")[0] == (
        "売上高",
        "1,100",
        "1,000",
        *(f"{one[0]},{one[1:]}" for one in figures),
    )
    # The record, its marks, nine earlier years, the other scope.
    assert len(seen) == 4


@pytest.mark.usefixtures("connection")
def test_one_switches_to_the_companys_own_statement_and_back_and_to_another_standard(
    app: Flask, company: int
) -> None:
    row = of_year(company, 2025)
    assert 'aria-label="連結・個別"' not in get(app, row)
    own = factories.statement(company_id=company, **YEARS[2025], scope="non_consolidated").id
    assert switched(get(app, row, unit="thousand")) == [
        (f"{PAGE}?id={row}&unit=thousand", "連結", True),
        (f"{PAGE}?id={own}&unit=thousand", "個別", False),
    ]
    assert [one[1:] for one in switched(get(app, own))] == [("連結", False), ("個別", True)]
    factories.statement(company_id=company, **YEARS[2025], accounting_standard="IFRS")
    assert [one[1] for one in switched(get(app, row))] == ["連結（日本基準）", "連結（IFRS）", "個別"]
    # What a day did not know of is not offered.
    assert switched(get(app, row, known_on="2025-01-01")) == []


def switched(page: str) -> list[tuple[str, str, bool]]:
    """The statements of the same months that are offered: address, name, and whether it is the one shown."""
    offered = page.partition('aria-label="連結・個別"')[2].partition("</nav>")[0]
    links = re.findall(r'<a href="([^"]+)"( aria-current="true")?>([^<]+)</a>', offered)
    return [(html.unescape(address), label, bool(is_this)) for address, is_this, label in links]


class Restated(NamedTuple):
    """The key of the restated revision, and the document that restated it."""

    id: int
    document: str


@pytest.fixture
def restated(connection: Connection) -> Restated:
    """A year as filed in 2024, and restated beside the next year's report in 2025."""
    filer = factories.company()
    facts = {"company_id": filer.id, **YEARS[2024]}
    days = (date(2024, 6, 27), date(2025, 6, 26))
    filed, later = (
        factories.filing(
            company_id=filer.id, submitted_at=datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
        )
        for day in days
    )
    first = factories.statement(
        **facts,
        revenue=Decimal(100),
        is_current=False,
        filing_doc_id=filed.doc_id,
        announced_on=days[0],
        announced_at=filed.submitted_at,
    )
    row = factories.statement(
        **facts,
        revenue=Decimal(90),
        revision_no=1,
        revision_type="RES",
        based_on_id=first.id,
        filing_doc_id=later.doc_id,
        announced_on=days[1],
        announced_at=later.submitted_at,
        sources={
            "revenue": {
                "filing": later.doc_id,
                "element": "jppfs_cor:NetSales",
                "context": "Prior1YearDuration",
            }
        },
    )
    return Restated(row.id, later.doc_id)


@pytest.mark.usefixtures("connection")
def test_on_a_day_before_a_restatement_the_figure_of_then_is_shown_and_nothing_can_be_written(
    app: Flask, restated: Restated
) -> None:
    today = get(app, restated.id)
    assert lines(today, "income")[0][1] == "90"
    assert "/admin/statements/edit/" in today
    then = get(app, restated.id, known_on="2024-12-31")
    assert lines(then, "income")[0][1] == "100"
    for words in ("2024/12/31時点", "閲覧専用", "この日より後に公表"):
        assert words in then
    for offer in ("/admin/statements/edit/", "/admin/statements/verify/", "/delete/confirm/"):
        assert offer not in then
    assert lines(get(app, restated.id, revisions="original"), "income")[0][1] == "100"
    assert 'id="part-income"' not in get(app, restated.id, known_on="2024-06-26")
    assert "この財務諸表については、まだ何も公表されていませんでした" in get(
        app, restated, known_on="2024-06-26"
    )


@pytest.mark.usefixtures("connection")
def test_a_day_that_is_none_is_told_and_the_page_of_today_is_shown(app: Flask, restated: Restated) -> None:
    page = get(app, restated.id, known_on="tomorrow")
    assert "「tomorrow」" in page
    assert lines(page, "income")[0][1] == "90"


@pytest.mark.usefixtures("connection")
def test_the_choice_of_revisions_says_what_is_shown_before_a_day_is_chosen(
    app: Flask, restated: Restated
) -> None:
    browser = Browser(app, language="ja")
    for path, asked, usual in (
        ("/admin/statements/", {}, "すべて"),
        ("/admin/statements/details/", {"id": restated.id}, "この版"),
    ):
        choice = browser.get(path, **asked).text.split('<select name="revisions">')[1].split("</select>")[0]
        assert re.findall(r">([^<]+)</option>", choice) == [usual, "最新", "原本"]
    chosen = browser.get("/admin/statements/", known_on="2025-12-31").text.split('<select name="revisions">')[
        1
    ]
    assert re.findall(r">([^<]+)</option>", chosen.split("</select>")[0]) == ["最新", "原本"]


def test_the_chain_of_revisions_names_class_instant_and_document(app: Flask, restated: Restated) -> None:
    page = get(app, restated.id)
    chain = re.findall(r"<li.*?</li>", page[page.index("revisions-title") :], re.DOTALL)[:2]
    told = [" ".join(read(one).split()) for one in chain]
    document = restated.document
    assert "原本 訂正番号 0" in told[0]
    assert "2024/06/27 10:00" in told[0]
    assert "修正再表示 訂正番号 1 最新 表示中 2025/06/26 10:00 · " + document in told[1]
    assert f"/admin/filings/details/?id={document}" in chain[1]


@pytest.mark.usefixtures("connection")
def test_a_figure_leads_to_its_fact_and_a_stewards_value_is_marked(app: Flask, restated: Restated) -> None:
    browser = Browser(app, language="ja")
    browser.save("/admin/statements/edit/", {"profit": "7"}, id=restated.id)
    page = browser.get(PAGE, id=restated.id).text
    assert re.search(
        rf'id="figure-revenue" class="traced" href="/admin/filings/facts/\?figure={restated.id}\.revenue"',
        page,
    )
    assert re.search(r'<th scope="row">当期純利益 <a class="badge how"[^>]*>手入力</a>', page)


@pytest.mark.usefixtures("connection")
def test_a_list_of_a_day_leads_to_statements_as_of_that_day(app: Flask, restated: Restated) -> None:
    page = Browser(app).get("/admin/statements/", known_on="2024-12-31").text
    link = re.search(r'class="name" href="([^"]+)"', page)
    assert link is not None
    assert "known_on=2024-12-31" in link[1]


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize(("scope", "is_stated"), [("consolidated", True), ("non_consolidated", False)])
def test_only_of_a_group_is_comprehensive_income_missing_where_it_is_not_stated(
    app: Flask, scope: str, is_stated: bool
) -> None:
    number = factories.statement(scope=scope, profit=Decimal(5) * MILLION).id
    db.session.commit()
    assert ("包括利益" in names(get(app, number), "income")) is is_stated
