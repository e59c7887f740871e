"""What lies between the fields of a company, and how its name is found."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules import company

FINE = {"name_ja": "試験株式会社", "edinet_code": "E00001", "listing_status": "unlisted"}


def found(**values: object) -> list[str | None]:
    return [finding.field for finding in company.check({**FINE, **values})]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("トヨタ自動車株式会社", "トヨタ自動車"),
        ("ﾄﾖﾀ", "トヨタ"),
        ("㈱サカタのタネ", "サカタノタネ"),
        ("株式会社\u3000サカタのタネ", "サカタノタネ"),
        ("（株）ＡＢＣ・ホールディングス", "abcホールデイングス"),
        ("セブン－イレブン", "セブンイレブン"),
        ("有限会社エー・ビー", "エービー"),
        ("(株)", ""),
    ],
)
def test_names_fold_to_their_search_key(written: str, folded: str) -> None:
    assert company.fold_name(written) == folded


@given(name=st.text(max_size=30))
def test_folding_twice_is_folding_once_unless_a_legal_form_appears(name: str) -> None:
    once = company.fold_name(name)
    assert not any(mark.isspace() for mark in once)
    assert len(company.fold_name(once)) <= len(once)


def test_a_name_of_nothing_but_a_legal_form_still_has_a_key() -> None:
    assert company.derive({"name_ja": "株式会社"}) == {"name_ja_folded": "株式会社"}
    assert company.derive({"name_ja": None}) == {}


def test_a_sound_company_has_no_findings() -> None:
    assert found(fiscal_year_end_month=2, fiscal_year_end_day=31) == []
    assert found(fiscal_year_end_month=2, fiscal_year_end_day=29) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"listing_status": "listed"}, "ticker_symbol"),
        ({"listing_status": "delisted"}, "ticker_symbol"),
        ({"fiscal_year_end_month": 3}, "fiscal_year_end_day"),
        ({"fiscal_year_end_month": 4, "fiscal_year_end_day": 30}, None),
        ({"fiscal_year_end_month": 2, "fiscal_year_end_day": 30}, "fiscal_year_end_day"),
        ({"listed_on": date(2020, 1, 2), "delisted_on": date(2020, 1, 1)}, "delisted_on"),
        (
            {"listing_status": "listed", "ticker_symbol": "7974", "delisted_on": date(2020, 1, 1)},
            "delisted_on",
        ),
    ],
)
def test_fields_that_contradict_each_other_are_found(values: dict[str, object], field: str | None) -> None:
    assert found(**values) == ([field] if field else [])


def test_a_company_without_any_code_is_remarked_on_but_not_blocked() -> None:
    (finding,) = company.check({**FINE, "edinet_code": None})
    assert (finding.field, finding.is_blocking) == (None, False)
