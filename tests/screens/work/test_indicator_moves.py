"""Which indicators a change moves: said after saving, on its page, before it is written, and of its undoing."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from tests import factories
from tests.factories import intent
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import applying, approving, proposing
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")
URL = "/admin/change-sets/details/"
EDIT = "/admin/statements/edit/"
YEAR = {
    "fiscal_year_start_on": date(2023, 4, 1),
    "fiscal_year_end_on": date(2024, 3, 31),
    "period_start_on": date(2023, 4, 1),
    "period_end_on": date(2024, 3, 31),
}


@pytest.fixture
def statement() -> int:
    """A year beside one before, of a company with a name."""
    company = factories.company(edinet_code="E00004", name_ja="試験社").id
    factories.statement(company_id=company, **YEAR, equity_attributable_to_owners=Decimal(400_000_000))
    now = factories.statement(
        company_id=company,
        profit_attributable_to_owners=Decimal(60_000_000),
        equity_attributable_to_owners=Decimal(600_000_000),
        net_assets=Decimal(600_000_000),
    )
    return int(now.id)


def newest() -> int:
    return db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc()).limit(1)).one()


@pytest.mark.parametrize(
    ("language", "told", "page_told"),
    [
        ("ja", "変わった財務指標：自己資本利益率（ROE） 12.00 % → 6.00 %", "この変更で変わった財務指標"),
        ("en", "Indicators moved: Return on equity 12.00 % → 6.00 %", "Indicators that it moved"),
    ],
)
def test_saving_says_what_has_moved_and_the_change_sets_page_keeps_it(
    app: Flask, statement: int, language: str, told: str, page_told: str
) -> None:
    browser = Browser(app, language=language)
    saved = browser.save(EDIT, {"profit_attributable_to_owners": "30000000"}, id=statement)
    assert told in browser.get(saved.location).text
    page = browser.get(URL, id=newest()).text
    moves = page[page.index(page_told) :]
    assert "12.00 %" in moves
    assert "/admin/indicators/formula/?id=" in moves
    of_what = {"ja": "2025/03/31 通期 連結", "en": "2025-03-31, full year, consolidated"}
    assert f"E00004 試験社 {of_what[language]}" in moves


def test_what_waits_and_an_undoing_say_what_they_would_move(app: Flask, statement: int) -> None:
    half = {"profit_attributable_to_owners": Decimal(30_000_000)}
    wish = Wish(FinancialStatement, "update", half, (statement,))
    waiting = approving.submit(proposing.propose([wish], intent("import"))).id
    browser = Browser(app)
    page = browser.get(URL, id=waiting).text
    assert "Indicators that it would move" in page
    assert '<td class="num">12.00 %</td>' in page
    assert '<td class="num">6.00 %</td>' in page
    browser.save(EDIT, {"profit_attributable_to_owners": "30000000"}, id=statement)
    page = browser.get(URL, id=newest()).text
    assert "It moves indicators: Return on equity 6.00 % → 12.00 %" in page


def test_what_moves_no_indicator_says_nothing_of_any(app: Flask) -> None:
    factories.company()
    page = Browser(app).get(URL, id=newest()).text
    assert "ndicators" not in page[page.index("<main") : page.index("</main>")]


def test_a_long_list_is_cut_and_counted(app: Flask, statement: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.screens.work.indicator_moves.MOST_SHOWN", 1)
    new = {"profit_attributable_to_owners": Decimal(-1), "revenue": Decimal(5)}
    wish = Wish(FinancialStatement, "update", new, (statement,))
    waiting = approving.submit(proposing.propose([wish], intent("import"))).id
    page = Browser(app).get(URL, id=waiting).text
    assert "more indicators move." in page
    loss = Browser(app).save(EDIT, {"profit_attributable_to_owners": "△1"}, id=statement)
    assert loss.status_code == 302
    assert "▲" in Browser(app).get(URL, id=newest()).text


def priced() -> tuple[int, str]:
    """A company with earnings per share of 6 and a last close of 180; and that price's key."""
    year = {"eps_basic": Decimal(6), "shares_issued": 100, "treasury_share_count": 0, "bps": Decimal(60)}
    company = factories.statement(**year).company_id
    factories.price(
        company_id=company, traded_on=date(2025, 3, 31), **dict.fromkeys(factories.OHLC, Decimal(180))
    )
    db.session.commit()
    return company, f"{company},2025-03-31"


def test_a_price_and_a_split_that_are_typed_say_what_they_would_move(app: Flask) -> None:
    company, price = priced()
    browser = Browser(app)
    sent = browser.form("/admin/prices/edit/", id=price) | dict.fromkeys(factories.OHLC, "240")
    found = browser.post("/admin/prices/check/", sent, id=price, left="close").get_json()["findings"]
    assert any(
        one["text"].startswith("It moves indicators: Price-earnings ratio 30.00 times → 40.00 times")
        for one in found
    ), found
    split = browser.form("/admin/corporate-actions/new/") | {
        "company_id": str(company), "kind": "split", "ex_on": "2025-03-31", "effective_on": "2025-04-01",
        "ratio_from": "1", "data_source": "a test",
    }  # fmt: skip
    unfinished = browser.post("/admin/corporate-actions/check/", split, left="ratio_from").get_json()
    assert not any("indicators" in one["text"] for one in unfinished["findings"])
    whole = browser.post(
        "/admin/corporate-actions/check/", split | {"ratio_to": "2"}, left="ratio_to"
    ).get_json()
    assert any(
        "Price-earnings ratio 30.00 times → 60.00 times" in one["text"] for one in whole["findings"]
    ), whole


def test_a_deletion_says_what_it_would_move_before_anything_goes(app: Flask) -> None:
    _company, price = priced()
    page = Browser(app, language="ja").get("/admin/prices/delete/confirm/", id=price).text
    assert "次の財務指標が変わります：株価収益率（PER） 30.00 倍 → " in page
    other = factories.company().id
    page = Browser(app, language="ja").get("/admin/companies/delete/confirm/", id=other).text
    assert "財務指標" not in page[page.index("<main") : page.index("</main>")]


def test_the_deletion_of_an_amendment_says_what_it_amends_comes_back(app: Flask, statement: int) -> None:
    filed = db.session.get_one(FinancialStatement, statement)
    figures = {"equity_attributable_to_owners": Decimal(600_000_000), "company_id": filed.company_id}
    figures |= {
        "profit_attributable_to_owners": Decimal(90_000_000),
        "revision_no": 1,
        "revision_type": "COR",
    }
    wish = Wish(FinancialStatement, "create", factories.STATEMENT | figures)
    applying.carry_out(proposing.propose([wish], intent("create")))
    amendment = select(FinancialStatement.id).where(FinancialStatement.revision_type == "COR")
    number = db.session.scalars(amendment).one()
    page = Browser(app).get("/admin/statements/delete/confirm/", id=number).text
    assert "It moves indicators: Return on equity 18.00 % → 12.00 %" in page


def test_a_preview_of_many_rows_says_what_they_would_move(app: Flask, statement: int) -> None:
    sent = {"bulk-step": "preview", "bulk-rows": "chosen", "rowid": [statement], "figures_unit": "1"}
    sent |= {"bulk-field": ["profit_attributable_to_owners"], "profit_attributable_to_owners": "30000000"}
    sent |= {"bulk-how-profit_attributable_to_owners": "set"}
    page = Browser(app).post("/admin/statements/bulk/", sent).text
    assert "It moves indicators: Return on equity 12.00 % → 6.00 %" in page


def test_of_too_many_rows_it_is_said_that_it_is_worked_out_later(
    app: Flask, statement: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.services.checking.impact.MOST", 0)
    half = {"profit_attributable_to_owners": Decimal(30_000_000)}
    wish = Wish(FinancialStatement, "update", half, (statement,))
    waiting = approving.submit(proposing.propose([wish], intent("import"))).id
    page = Browser(app).get(URL, id=waiting).text
    assert "Of so many rows it is worked out after writing which indicators move." in page


def test_a_statement_that_is_new_is_said_to_be_computed_for_the_first_time(
    app: Flask, statement: int
) -> None:
    company = db.session.get_one(FinancialStatement, statement).company_id
    year = {name: day.replace(year=day.year + 2) for name, day in YEAR.items()}
    new = {**factories.STATEMENT, **year, "company_id": company, "net_assets": Decimal(5)}
    waiting = approving.submit(
        proposing.propose([Wish(FinancialStatement, "create", new)], intent("import"))
    ).id
    page = Browser(app).get(URL, id=waiting).text
    assert "Computed for the first time: 1 period." in page
    assert "Figures missing" not in page


def test_a_statement_that_is_deleted_is_said_to_take_its_indicators_with_it(
    app: Flask, statement: int
) -> None:
    page = Browser(app).get("/admin/statements/delete/confirm/", id=statement).text
    assert "Taken away: those of 1 period." in page
    assert "Figures missing" not in page
