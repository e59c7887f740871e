"""Files of rows as Excel workbooks: typed cells, the same rows and words as the list."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func

from tests import factories, plans
from tests.screens.browsing import Browser
from webapp.label import Label
from webapp.lists import workbook
from webapp.lists.plan import SpecialCell
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.screens.record import exports
from webapp.words import typed_cells

pytestmark = pytest.mark.usefixtures("connection")

KINDS = ("xlsx", "xlsx-all")


def workbook_of(browser: Browser, path: str, kind: str = "xlsx", **query: Any) -> bytes:
    answer = browser.get(f"/admin/{path}/export/{kind}/", **query)
    assert answer.status_code == 200
    assert answer.mimetype == exports.XLSX_TYPE
    content = answer.data
    answer.close()
    return content


def table(browser: Browser, path: str, kind: str = "xlsx", **query: Any) -> list[dict[str, Any]]:
    content = workbook_of(browser, path, kind, **query)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    head, *rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert len(set(head)) == len(head)
    return [dict(zip(head, row, strict=True)) for row in rows]


def sheet(content: bytes) -> str:
    """The sheet as it is written."""
    return zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()


class TestTypes:
    """What kind of value stands in a cell."""

    def test_codes_and_numbers_of_13_digits_stay_texts(self, app: Flask) -> None:
        factories.company(ticker_symbol="7974", corporate_number="1130001011420", listing_status="listed")
        for kind in KINDS:
            columns = "ticker_symbol,corporate_number"
            (row,) = table(Browser(app), "companies", kind, columns=columns)
            assert row["Corporate number"] == "1130001011420"
            assert row["Securities code"] == "7974"

    def test_dates_are_dates_and_moments_moments_of_japan(self, app: Flask) -> None:
        factories.filing(submitted_at=datetime(2025, 6, 27, 15, 30, tzinfo=UTC))
        factories.statement(announced_on=date(2025, 5, 1))
        midnight = datetime.fromisoformat("2025-06-28T00:30")
        for kind in KINDS:
            assert table(Browser(app), "filings", kind)[0]["Submitted at"] == midnight
            (row,) = table(Browser(app), "statements", kind, columns="announced_on,company")
            assert row["Announced on"] == date(2025, 5, 1)

    @pytest.mark.parametrize("day", [date(1889, 9, 23), date(1900, 1, 31), date(1900, 2, 28)])
    def test_a_day_that_excel_does_not_know_or_counts_wrongly_is_a_text(self, app: Flask, day: date) -> None:
        factories.company(established_on=day)
        (row,) = table(Browser(app), "companies", columns="established_on")
        assert row["Established on"] == day.isoformat()

    def test_the_first_day_that_it_counts_rightly_is_a_date(self, app: Flask) -> None:
        factories.company(established_on=date(1900, 3, 1))
        (row,) = table(Browser(app), "companies", columns="established_on")
        assert row["Established on"] == date(1900, 3, 1)

    def test_money_is_a_number_in_the_unit_of_the_list_and_missing_is_empty(self, app: Flask) -> None:
        for amount in (None, 0, 1_999_999_999, -1_999_999_999, -1):
            factories.statement(operating_income=amount)
        asked = {"columns": "operating_income", "unit": "million", "order": "id"}
        rows = table(Browser(app, language="ja"), "statements", **asked)
        assert sorted(str(row["営業利益（百万円）"]) for row in rows) == sorted(
            ["", "0.0", "1999.0", "-1999.0", "0.0"]
        )

    def test_every_column_as_stored_has_whole_yen(self, app: Flask) -> None:
        factories.statement(revenue=1_999_999_999)
        (row,) = table(Browser(app), "statements", "xlsx-all", unit="million")
        assert row["Revenue"] == 1_999_999_999

    def test_a_loss_of_less_than_a_unit_still_looks_like_one(self, app: Flask) -> None:
        factories.statement(operating_income=-1)
        content = workbook_of(Browser(app), "statements", columns="operating_income", unit="million")
        styles = zipfile.ZipFile(io.BytesIO(content)).read("xl/styles.xml").decode()
        assert "&quot;▲&quot;0" in styles
        assert re.search(r'<c r="[A-Z]+2" s="\d+"><v>0</v></c>', sheet(content))

    def test_no_digit_is_lost_of_a_number_longer_than_excel_computes_with(self, app: Flask) -> None:
        factories.statement(revenue=Decimal("1234567890123456789"))
        (row,) = table(Browser(app), "statements", "xlsx-all")
        assert row["Revenue"] == "1234567890123456789"

    def test_ratios_are_fractions_and_flags_are_true_or_false(self, app: Flask) -> None:
        factories.statement(roe_reported=Decimal("0.1047"), eps_basic=Decimal("-3.105"), is_current=True)
        (row,) = table(Browser(app), "statements", "xlsx-all")
        assert row["Return on equity, reported"] == 0.1047
        assert row["Current"] is True
        (row,) = table(Browser(app), "statements", columns="is_current,roe_reported,eps_basic")
        assert row["Current"] == "Yes"
        assert -3.105 in row.values()

    @pytest.mark.parametrize(
        "text", ["=1+1", "+81", "-x", "@cmd", '=HYPERLINK("http://a")', "http://a.example"]
    )
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_text_is_a_text_whatever_it_looks_like(self, app: Flask, text: str, kind: str) -> None:
        factories.company(name_en=text)
        content = workbook_of(Browser(app), "companies", kind, columns="name_en")
        assert table(Browser(app), "companies", kind, columns="name_en")[0]["Name (en)"] == text
        assert "<f>" not in sheet(content)
        assert "<hyperlink" not in sheet(content)

    def test_a_special_cell_is_a_text_too(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        factories.company()
        cell = SpecialCell(Label("件数", "Counts"), lambda _row, _speech: "=1", ())
        plans.alter(monkeypatch, ChangeSet, special={**plans.of(ChangeSet).special, "counts": cell})
        (row,) = table(Browser(app), "change-sets")
        assert row["Counts"] == "=1"


class TestRows:
    """Which rows and columns there are."""

    def test_code_and_name_of_what_a_row_refers_to_have_a_column_each(self, app: Flask) -> None:
        code = factories.industry(name_ja="その他製品").code
        owner = factories.company(
            ticker_symbol="7974", name_ja="任天堂", listing_status="listed", industry_code=code
        )
        factories.statement(company_id=owner.id)
        factories.company(name_ja="無業種")
        browser = Browser(app, language="ja")
        rows = table(browser, "companies", columns="industry,name_ja", order="-name_ja")
        assert {row["商号"]: (row["33業種コード"], row["33業種"]) for row in rows} == {
            "任天堂": (code, "その他製品"),
            "無業種": ("", ""),
        }
        for kind in KINDS:
            (row,) = table(browser, "statements", kind)
            assert (row["企業コード"], row["企業"]) == ("7974", "任天堂")

    def test_it_holds_what_the_list_finds_in_its_order(self, app: Flask) -> None:
        for code in ("7974", "7975", "7976"):
            factories.company(ticker_symbol=code, listing_status="listed", name_ja=f"会社{code}")
        factories.company(name_ja="別会社")
        asked = {"search": "会社", "flt0_listing_status_is": "listed", "order": "-ticker_symbol"}
        for kind in KINDS:
            rows = table(Browser(app), "companies", kind, **asked)
            assert [row["Securities code"] for row in rows] == ["7976", "7975", "7974"]

    def test_what_is_not_for_the_reader_is_told_by_its_key(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        number = factories.company(name_ja="秘密の会社").id
        factories.statement(company_id=number)
        seen = Company.name_ja != "秘密の会社"
        plans.alter(monkeypatch, Company, visible=lambda statement: statement.where(seen))
        for kind in KINDS:
            (row,) = table(Browser(app), "statements", kind)
            assert (row["Code of Company"], row["Company"]) == ("", str(number))

    @pytest.mark.parametrize("kind", KINDS)
    def test_secrets_and_bytes_are_in_no_workbook(self, app: Flask, kind: str) -> None:
        content = workbook_of(Browser(app, "admin"), "users", kind, columns="password_hash")
        assert "argon2" not in sheet(content)

    @pytest.mark.parametrize("path", ["companies", "change-sets"])
    def test_more_rows_than_a_sheet_holds_are_told_of_on_the_list(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch, path: str
    ) -> None:
        for _ in range(3):
            factories.company()
        monkeypatch.setattr(workbook, "MOST_ROWS", 2)
        browser = Browser(app)
        assert browser.get(f"/admin/{path}/export/xlsx/").status_code == 302
        assert "A sheet of Excel holds 2 rows, so nothing was sent." in browser.get("/admin/companies/").text

    def test_one_that_takes_too_long_is_told_of_on_the_list(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        factories.company()
        monkeypatch.setattr(workbook, "CHUNK", 1)
        monkeypatch.setattr(exports, "SECONDS", 0.3)
        slow = func.pg_sleep(3).is_not(None)
        plans.alter(monkeypatch, Company, visible=lambda statement: statement.where(slow))
        assert Browser(app).get("/admin/companies/export/xlsx/").status_code == 302

    def test_a_text_longer_than_a_cell_is_seen_to_be_cut(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        factories.company(name_en="abcdefghij")
        monkeypatch.setattr(typed_cells, "MOST_TEXT", 8)
        (row,) = table(Browser(app), "companies", columns="name_en")
        assert row["Name (en)"] == "abcdefg…"
