"""From a figure to the line of the filing that it is, and back; and all lines of a filing with what each became."""

import html
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, update

from tests import factories
from tests.files.edinet.filings import flow, stock
from tests.screens.browsing import Browser
from tests.services.intake import reports
from tests.services.intake.reports import annual, before, edit, figures, rows, take
from webapp import db
from webapp.files.apart import calling as apart
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.import_file import ImportFile
from webapp.screens.statements import fact_rows

pytestmark = pytest.mark.usefixtures("connection")

FIRST, SECOND = "S100AAAA", "S100BBBB"
FACTS, STATEMENT = "/admin/filings/facts/", "/admin/statements/details/"
HERE = re.compile(r'<tr id="line-\d+" class="here".*?</tr>', re.DOTALL)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


def filed(*more: Any) -> int:
    """The number of the statement of a report with these lines, beside sales, profit and assets."""
    reports.company()
    take(annual(2024, FIRST, *figures(1234), *more))
    # A request ends with its session.
    db.session.commit()
    (row,) = rows(2024)
    return int(row.id)


def heading(page: str) -> str:
    return page.partition("<h1>")[2].partition("</h1>")[0]


def test_a_figure_leads_to_its_line_and_that_leads_back(browser: Browser) -> None:
    number = filed()
    address = f"{FACTS}?figure={number}.revenue"
    assert (
        f'<a id="figure-revenue" class="traced" href="{address}">' in browser.get(STATEMENT, id=number).text
    )
    page = browser.get(FACTS, figure=f"{number}.revenue").text
    (here,) = HERE.findall(page)
    assert "jppfs_cor:NetSales" in here
    assert '<span class="column">Current year · ' in here
    assert "CurrentYearDuration" in here
    assert "1,234" in here
    assert "autofocus" in here
    assert f'href="{STATEMENT}?id={number}#figure-revenue" data-key="b"' in page
    assert f'<a href="{STATEMENT}?id={number}#figure-revenue">Revenue</a>' in here
    assert "It is what line 19 of the filing says." in page
    assert "https://disclosure2.edinet-fsa.go.jp/WZEK0040.aspx?S100AAAA,," in page


def test_one_comes_back_to_the_page_as_it_was(browser: Browser) -> None:
    number = filed()
    shown = browser.get(STATEMENT, id=number, unit="thousand").text
    link = re.search(r'id="figure-revenue" class="traced" href="([^"]+)"', shown)
    assert link is not None
    page = browser.client.get(html.unescape(link[1])).text
    assert f'href="{STATEMENT}?id={number}&amp;unit=thousand#figure-revenue" data-key="b"' in page
    assert "&amp;url=" in page
    away = browser.get(FACTS, figure=f"{number}.revenue", url="//elsewhere.example/").text
    assert f'href="{STATEMENT}?id={number}#figure-revenue" data-key="b"' in away


def test_facts_stand_by_part_and_those_that_became_nothing_can_be_chosen(browser: Browser) -> None:
    filed(
        flow("jppfs_cor:NetSales", 99, "Prior1YearDuration"),
        ("jpcrp_cor:BusinessTextBlock", "CurrentYearDuration", "", "文" * 500),
    )
    page = browser.get(FACTS, id=FIRST, part="income").text
    assert page.count('<tr id="line-') == 3
    assert "Balance sheet <b>1</b>" in page
    nothing = browser.get(FACTS, id=FIRST, part="income", kind="nothing").text
    assert nothing.count('<tr id="line-') == 1
    assert "Prior1YearDuration" in nothing
    became = browser.get(FACTS, id=FIRST, part="income", kind="figures").text
    assert became.count('<tr id="line-') == 2
    assert "文" * 100 + "文" * 59 + "…" in browser.get(FACTS, id=FIRST, part="texts").text


def test_pages_of_a_filing_are_headed_by_company_document_and_period_and_values_by_their_units(
    app: Flask,
) -> None:
    per_share = flow(
        "jpcrp_cor:BasicEarningsLossPerShareSummaryOfBusinessResults", "56.36", unit="JPYPerShares"
    )
    filed(per_share, stock("jpcrp_cor:EquityToAssetRatioSummaryOfBusinessResults", "0.778", unit="pure"))
    japanese = Browser(app, language="ja")
    for path in ("facts", "details"):
        page = japanese.get(f"/admin/filings/{path}/", id=FIRST).text
        assert re.match(r"E00004 .+ 有価証券報告書 2023/04/01〜2024/03/31", heading(page))
        assert f'<span class="badge">{FIRST}</span> 提出日時：2024/06/27 00:00' in page
    page = japanese.get(FACTS, id=FIRST, part="summary").text
    assert '56.36 <span class="unit">円／株</span>' in page
    assert '0.778 <span class="unit">（77.8%）</span>' in page
    title = "有価証券報告書－第100期(2023/04/01－2024/03/31)"
    edit(db.session.get_one(Filing, FIRST), description=title)
    db.session.commit()
    assert f"{title}のファクト" in heading(japanese.get(FACTS, id=FIRST).text)
    assert title not in heading(Browser(app).get(FACTS, id=FIRST).text)


@pytest.mark.parametrize("text", ["NETSALES", "1,234", "1234", "revenue"])
def test_facts_are_found_in_all_parts_by_element_value_and_our_field(browser: Browser, text: str) -> None:
    filed()
    page = browser.get(FACTS, id=FIRST, search=text).text
    assert page.count('<tr id="line-') == 1
    assert "jppfs_cor:NetSales" in page
    assert "Nothing matches." in browser.get(FACTS, id=FIRST, search="nowhere").text


def test_many_facts_are_paged_and_a_figure_leads_to_its_page(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fact_rows, "MOST", 2)
    number = filed(*(flow(f"jppfs_cor:Gain{number}", number) for number in range(4)))
    first = browser.get(FACTS, id=FIRST, part="income").text
    assert (first.count('<tr id="line-'), 'rel="next"' in first, 'rel="prev"' in first) == (2, True, False)
    assert 'rel="next"' not in browser.get(FACTS, id=FIRST, part="income", page=99).text
    assert len(HERE.findall(browser.get(FACTS, figure=f"{number}.profit").text)) == 1


def test_a_sum_leads_to_all_its_lines_and_a_formula_to_what_it_is_made_of(browser: Browser) -> None:
    number = filed(
        flow("jppfs_cor:InterestIncomeNOI", 2),
        flow("jppfs_cor:DividendsIncomeNOI", 3),
        stock("jppfs_cor:NetAssets", 70),
        stock("jppfs_cor:NonControllingInterests", 20),
    )
    page = browser.get(FACTS, figure=f"{number}.interest_and_dividend_income").text
    assert "It is the sum of lines 22, 23 of the filing." in page
    assert len(HERE.findall(page)) == 2
    assert page.count("autofocus") == 1
    page = browser.get(FACTS, figure=f"{number}.equity_attributable_to_owners").text
    assert "net assets less subscription rights and non-controlling interests (lines 24, 25)" in page


def test_what_a_steward_set_says_so_beside_what_the_filing_says(browser: Browser) -> None:
    number = filed()
    edit(db.session.get_one(FinancialStatement, number), revenue=1240, gross_profit=7)
    db.session.commit()
    page = browser.get(FACTS, figure=f"{number}.revenue").text
    assert re.search(r"a test set it by hand \(.*\); the filing says 1,234 yen in line 19\.", page)
    (here,) = HERE.findall(page)
    assert ">Revenue</a>" not in here
    page = browser.get(FACTS, figure=f"{number}.gross_profit").text
    assert re.search(r"a test set it by hand \([^;]*\)\.", page)
    assert not HERE.findall(page)


def test_a_restated_figure_leads_to_the_filing_that_restates_it_and_others_to_their_own(
    browser: Browser,
) -> None:
    filed()
    take(annual(2025, SECOND, *figures(120), *before(figures(97))))
    db.session.commit()
    number = rows(2024)[1].id
    page = browser.get(FACTS, figure=f"{number}.revenue").text
    (here,) = HERE.findall(page)
    assert "Prior1YearDuration" in here
    assert re.fullmatch(
        r"Facts of E00004 .+ Annual securities report, 2024-04-01 to 2025-03-31", heading(page)
    )
    page = browser.get(FACTS, figure=f"{number}.total_assets").text
    assert heading(page).endswith("2023-04-01 to 2024-03-31")
    assert f"The statement itself is of {SECOND}, which repeats this figure of {FIRST}." in page


def test_without_the_zip_the_page_says_how_to_import_it_and_what_statements_name(browser: Browser) -> None:
    company = factories.company(edinet_code="E00004")
    factories.filing(company_id=company.id, doc_id=FIRST)
    source = {"filing": FIRST, "element": "jppfs_cor:NetSales", "context": "CurrentYearDuration"}
    row = factories.statement(
        company_id=company.id, filing_doc_id=FIRST, revenue=5, sources={"revenue": source}
    )
    number = row.id
    db.session.commit()
    page = browser.get(FACTS, figure=f"{number}.revenue").text
    assert f"stockcode import edinet-filing {FIRST}.zip" in page
    said = "As the statement says, it stands at jppfs_cor:NetSales in context Current year (CurrentYearDuration)."
    assert said in page
    assert '<span class="column">Current year</span><code>CurrentYearDuration</code>' in page
    assert '<tr class="here" aria-current="true" tabindex="-1" autofocus>' in page
    assert "To the page of imports" in page


def test_a_report_is_read_once_for_many_looks_and_no_longer_shown_once_its_zip_is_gone(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = filed(flow("jppfs_cor:GrossProfit", 8697))
    assert HERE.findall(browser.get(FACTS, figure=f"{number}.gross_profit").text)
    monkeypatch.setattr(apart, "read", lambda *_asked: pytest.fail("it is read again"))
    assert HERE.findall(browser.get(FACTS, figure=f"{number}.revenue").text)
    assert "Balance sheet <b>1</b>" in browser.get(FACTS, id=FIRST).text
    db.session.execute(update(ImportFile).values(content=None, bytes_dropped_at=func.now()))
    db.session.commit()
    assert "The zip of this document is not stored" in browser.get(FACTS, id=FIRST).text


def test_a_figure_without_a_document_leads_nowhere(browser: Browser) -> None:
    typed = {"revenue": 5, "filing_doc_id": None, "sources": {}}
    number = factories.statement(company_id=reports.company().id, **typed).id
    db.session.commit()
    assert "figure-revenue" not in browser.get(STATEMENT, id=number).text
    answer = browser.get(FACTS, figure=f"{number}.revenue")
    assert answer.location == f"{STATEMENT}?id={number}#figure-revenue"


@pytest.mark.parametrize(
    "asked", [{}, {"id": "S1009999"}, {"figure": "1.revenue"}, {"figure": "x"}, {"figure": "1.id"}]
)
def test_what_is_not_there_is_not_found(browser: Browser, asked: dict[str, str]) -> None:
    assert browser.get(FACTS, **asked).status_code == 404


def test_the_page_of_a_filing_leads_to_its_facts_and_to_edinet(browser: Browser) -> None:
    filed()
    page = browser.get("/admin/filings/details/", id=FIRST).text
    assert f'href="{FACTS}?id={FIRST}" data-key="f"' in page
    assert "WZEK0040.aspx?S100AAAA,," in page
    assert browser.get("/admin/filings/details/", id="S1009999").status_code == 404


def test_everybody_who_reads_may_follow_a_figure(app: Flask) -> None:
    number = filed()
    assert HERE.findall(Browser(app, role="viewer").get(FACTS, figure=f"{number}.revenue").text)
    assert Filing.label.en in Browser(app, role="viewer").get(FACTS, id=FIRST).text
