"""The counts of facets: under the search and all other conditions, bounded, in one request."""

from typing import Any

import pytest
from flask import Flask

from tests import factories, plans
from tests.screens.browsing import Browser, statements
from webapp.lists import facets
from webapp.models.company import Company

pytestmark = pytest.mark.usefixtures("connection")

COUNTS = "/admin/companies/facets/"


@pytest.fixture
def browser(app: Flask) -> Browser:
    listed: dict[str, Any] = {"listing_status": "listed", "has_consolidated": True}
    for code in ("1301", "1302", "1303"):
        factories.company(name_ja=f"社{code}", ticker_symbol=code, market_division="PRIME", **listed)
    factories.company(name_ja="社1304", ticker_symbol="1304", market_division="GROWTH", **listed)
    factories.company(name_ja="他", has_consolidated=False)
    return Browser(app)


def counts(browser: Browser, **query: Any) -> dict[str, dict[str, int]]:
    """Of each name in an address, how many rows each value has; without those of which there are none."""
    answer = browser.get(COUNTS, **query)
    assert answer.status_code == 200
    found: dict[str, dict[str, int]] = {}
    for facet in answer.get_json().values():
        for name, value, _label, number in facet["values"]:
            if number:
                found.setdefault(name, {})[value] = number
    return found


def test_every_value_of_a_short_column_is_counted(browser: Browser) -> None:
    found = counts(browser)
    assert found["market_division_is"] == {"PRIME": 3, "GROWTH": 1}
    assert found["market_division_empty"] == {"1": 1}
    assert found["listing_status_is"] == {"listed": 4, "unlisted": 1}
    assert found["has_consolidated_is"] == {"1": 4, "0": 1}
    assert "capital_stock_from" not in found


def test_a_facet_is_counted_under_all_conditions_but_its_own(browser: Browser) -> None:
    found = counts(browser, flt0_market_division_is="PRIME", flt1_listing_status_is=["listed", "unlisted"])
    assert found["market_division_is"] == {"PRIME": 3, "GROWTH": 1}
    assert found["listing_status_is"] == {"listed": 3}
    found = counts(browser, flt0_market_division_empty="1", search="社")
    assert found["market_division_is"] == {"PRIME": 3, "GROWTH": 1}
    assert "listing_status_is" not in found


def test_facets_that_are_all_in_use_are_counted(browser: Browser) -> None:
    query = {
        "flt0_market_division_is": "PRIME",
        "flt1_listing_status_is": "listed",
        "flt2_has_consolidated_is": "1",
        "flt3_industry_code_empty": "1",
    }
    found = counts(browser, **query)
    assert found["market_division_is"] == {"PRIME": 3, "GROWTH": 1}
    assert found["listing_status_is"] == {"listed": 3}
    assert found["has_consolidated_is"] == {"1": 3}
    assert found["industry_code_empty"] == {"1": 3}


def test_a_group_holds_for_every_facet(browser: Browser) -> None:
    found = counts(browser, **{"flt0.a_market_division_is": "GROWTH", "flt1.a_listing_status_is": "unlisted"})
    assert found["market_division_is"] == {"GROWTH": 1}
    assert found["listing_status_is"] == {"listed": 1, "unlisted": 1}


def test_values_are_named_in_the_readers_language(app: Flask, browser: Browser) -> None:
    told = Browser(app, language="ja").get(COUNTS).get_json()["market_division_is"]["values"]
    assert told[0] == ["market_division_is", "PRIME", "プライム", 3]


def test_records_of_a_short_list_are_named(browser: Browser) -> None:
    factories.industry(code="3650")
    factories.company(industry_code="3650")
    told = browser.get(COUNTS).get_json()["industry_code_is"]["values"]
    (row,) = [one for one in told if one[1] == "3650"]
    assert row[0] == "industry_code_is"
    assert "3650" in row[2]
    assert row[3] == 1


def test_a_list_of_records_that_is_too_long_is_not_offered(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "MOST_VALUES", 1)
    factories.industry(code="3650")
    factories.industry(code="3700")
    told = browser.get(COUNTS).get_json()["industry_code_is"]["values"]
    assert [row[0] for row in told] == ["industry_code_empty"]


def test_counting_stops_and_says_so(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert browser.get(COUNTS).get_json()["market_division_is"]["has_more"] is False
    monkeypatch.setattr(facets, "COUNTED_UP_TO", 3)
    told = browser.get(COUNTS).get_json()["market_division_is"]
    assert told["has_more"] is True
    assert sum(row[3] for row in told["values"]) == 4


def test_all_facets_are_counted_by_one_statement_and_records_named_by_another(browser: Browser) -> None:
    with statements() as seen:
        counts(browser, flt0_market_division_is="PRIME")
    assert len(seen) == 2, seen


def test_the_row_rule_holds_for_counts(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    growth = Company.market_division == "GROWTH"
    plans.alter(monkeypatch, Company, visible=lambda statement: statement.where(growth))
    assert counts(browser)["listing_status_is"] == {"listed": 1}


@pytest.mark.parametrize("path", ["prices", "statements", "filings", "indicators", "change-sets", "imports"])
def test_every_list_answers(app: Flask, path: str) -> None:
    factories.price()
    factories.statement()
    factories.filing()
    browser = Browser(app)
    answer = browser.get(f"/admin/{path}/facets/", order="nonsense", search="x")
    assert answer.status_code == 200
    assert browser.get(f"/admin/{path}/facets/", flt0_nonsense="1").status_code == 400
    page = browser.get(f"/admin/{path}/")
    assert ("data-facets=" in page.text) == bool(answer.get_json())


def test_the_panel_asks_under_what_the_list_asks(browser: Browser) -> None:
    page = browser.get("/admin/companies/", flt3_market_division_is="PRIME", search="社", after="x")
    assert (
        'data-facets="/admin/companies/facets/?search=%E7%A4%BE&amp;flt0_market_division_is=PRIME"'
        in page.text
    )
