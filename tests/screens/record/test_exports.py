"""Files of rows."""

import csv
import html
import io
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import psycopg
import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Text, cast, func, select

from tests import factories, people, plans
from tests.screens.browsing import Browser
from webapp import db
from webapp.forms.fields import JST
from webapp.label import Label
from webapp.lists.plan import SpecialCell
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.saved_view import SavedView
from webapp.rules.fields import unseen
from webapp.screens.record import exports
from webapp.services.changes import row_codec
from webapp.words import csv_sql, record_names, typed_cells
from webapp.words.speech import of_language
from webapp.words.units import YEN

ENGLISH = of_language("en")

pytestmark = pytest.mark.usefixtures("connection")

# One transaction for all examples: each adds rows of its own.
few = settings(
    max_examples=8,
    phases=(Phase.generate,),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
AS_STORED = "all"


def lines(browser: Browser, path: str, kind: str = "csv", **query: Any) -> list[list[str]]:
    answer = browser.get(f"/admin/{path}/export/{kind}/", **query)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    text = answer.data.decode("utf-8-sig")
    answer.close()
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def table(browser: Browser, path: str, kind: str = AS_STORED, **query: Any) -> list[dict[str, str]]:
    head, *rows = lines(browser, path, kind, **query)
    return [dict(zip(head, row, strict=True)) for row in rows]


class TestWhole:
    """The file as one thing."""

    def test_it_is_headed_in_the_readers_language(self, app: Flask) -> None:
        factories.company(name_ja="試験社")
        for kind in ("csv", AS_STORED):
            assert table(Browser(app, language="ja"), "companies", kind)[0]["商号"] == "試験社"
            assert table(Browser(app, language="en"), "companies", kind)[0]["Name (ja)"] == "試験社"

    @pytest.mark.parametrize(
        ("kind", "language", "name", "plain"),
        [
            ("csv", "ja", "企業_任天_上場区分：上場_", ".csv"),
            ("all", "ja", "企業_全項目_任天_上場区分：上場_", ".csv"),
            ("xlsx", "ja", "企業_任天_上場区分：上場_", ".xlsx"),
            ("xlsx-all", "en", "Companies_all-columns_任天_Listing-Listed_", ".xlsx"),
        ],
    )
    def test_it_is_named_after_what_the_list_shows_in_its_words_and_the_moment(
        self, app: Flask, kind: str, language: str, name: str, plain: str
    ) -> None:
        asked = {"search": "任天", "flt0_listing_status_is": "listed"}
        answer = Browser(app, language=language).get(f"/admin/companies/export/{kind}/", **asked)
        moment = r"20\d{6}_\d{6}"
        said = answer.headers["Content-Disposition"]
        assert re.fullmatch(
            rf"attachment; filename=\"companies_{moment}{plain}\"; filename\*=UTF-8''\S+", said
        )
        assert re.search(rf"''{name}{moment}{plain}$", unquote(said)), unquote(said)
        answer.close()

    def test_it_holds_what_the_list_finds_in_its_order(self, app: Flask) -> None:
        for code in ("7974", "7975", "7976"):
            factories.company(ticker_symbol=code, listing_status="listed", name_ja=f"会社{code}")
        factories.company(name_ja="別会社")
        asked = {"search": "会社", "flt0_listing_status_is": "listed", "order": "-ticker_symbol"}
        for kind in ("csv", AS_STORED):
            rows = table(Browser(app), "companies", kind, **asked)
            assert [row["Securities code"] for row in rows] == ["7976", "7975", "7974"]

    @pytest.mark.parametrize("word", ["100%", "a_b", "O'Neil", "\\", "%s", "%(x)s", "''; --", "$1"])
    def test_what_is_searched_for_is_never_taken_for_sql(self, app: Flask, word: str) -> None:
        factories.company(name_en=f"{word} & Co.")
        factories.company(name_en="something else")
        rows = table(Browser(app), "companies", search=word)
        assert [row["Name (en)"] for row in rows] == [f"{word} & Co."]

    def test_every_row_is_there_past_a_page(self, app: Flask) -> None:
        for company in factories.companies(*[{}] * 23):
            factories.price(company_id=company.id)
        rows = table(Browser(app), "prices", page_size=20, page=1)
        assert len(rows) == 23
        assert all(row["Code of Company"].startswith("E") for row in rows)

    def test_a_file_that_fails_midway_is_no_file(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("first", "2nd", "third"):
            factories.company(name_en=name)

        def fails_at_the_second(_column: Any, value: Any) -> Any:
            return 1 / (func.length(cast(value, Text)) - 3)

        monkeypatch.setattr(csv_sql, "shown", fails_at_the_second)
        app.config["PROPAGATE_EXCEPTIONS"] = False
        try:
            answer = Browser(app).get("/admin/companies/export/csv/", columns="name_en")
        finally:
            app.config["PROPAGATE_EXCEPTIONS"] = None
        assert answer.status_code == 500
        assert "Content-Disposition" not in answer.headers

    def test_a_file_that_takes_too_long_is_told_of_on_the_list(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        factories.company(name_ja="遅い会社")
        slow = func.pg_sleep(3).is_not(None)
        plans.alter(monkeypatch, Company, visible=lambda statement: statement.where(slow))
        monkeypatch.setattr(exports, "SECONDS", 0.3)
        browser = Browser(app)
        answer = browser.get("/admin/companies/export/csv/", search="遅い")
        monkeypatch.undo()
        assert answer.status_code == 302
        assert unquote(answer.location) == "/admin/companies/?search=遅い"
        assert "The file was not ready after 0.3 seconds" in browser.get("/admin/companies/").text

    @pytest.mark.parametrize("path", ["companies", "change-sets"])
    def test_so_is_one_with_cells_that_are_made_one_by_one(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch, path: str
    ) -> None:
        factories.company()
        model = {"companies": Company, "change-sets": ChangeSet}[path]
        slow = func.pg_sleep(3).is_not(None)
        plans.alter(monkeypatch, model, visible=lambda statement: statement.where(slow))
        monkeypatch.setattr(exports, "SECONDS", 0.3)
        assert Browser(app).get(f"/admin/{path}/export/csv/").status_code == 302

    def test_a_database_that_goes_away_meanwhile_is_told_of(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def vanish(*_given: Any) -> Any:
            raise psycopg.OperationalError("gone while searching for 秘密")

        monkeypatch.setattr(psycopg.ClientCursor, "copy", vanish)
        answer = Browser(app).get("/admin/companies/export/csv/")
        assert answer.status_code == 503
        assert "秘密" not in answer.text

    @pytest.mark.parametrize(
        ("path", "secret"), [("users", "Password"), ("users", "password_hash"), ("imports", "content")]
    )
    @pytest.mark.parametrize("kind", ["csv", AS_STORED])
    def test_secrets_and_bytes_are_in_no_file(self, app: Flask, path: str, secret: str, kind: str) -> None:
        answer = Browser(app, "admin").get(f"/admin/{path}/export/{kind}/", columns=secret)
        assert secret not in answer.text
        assert "$argon2" not in answer.text
        answer.close()

    def test_the_menu_offers_every_kind_of_the_list_that_is_asked_for(self, app: Flask) -> None:
        factories.company(name_ja="試験社")
        asked = "?search=%E8%A9%A6%E9%A8%93&amp;order=-name_ja"
        page = Browser(app).get("/admin/companies/", search="試験", order="-name_ja").text
        for kind, words in (
            ("csv", "The list as shown (CSV)"),
            (AS_STORED, "All columns, as stored (CSV)"),
            ("xlsx", "The list as shown (Excel)"),
            ("xlsx-all", "All columns, as stored (Excel)"),
        ):
            assert f'href="/admin/companies/export/{kind}/{asked}"' in page
            assert f">{words}</a>" in page


class TestAsStored:
    """Every column, for programs."""

    def test_values_keep_their_kinds(self, app: Flask) -> None:
        factories.statement(
            company_id=factories.company(ticker_symbol="7974", name_ja="=任天堂", listing_status="listed").id,
            profit=Decimal(-1234567),
            roe_reported=Decimal("0.1047"),
            shares_issued=5,
            announced_on=date(2025, 5, 1),
            sources={"profit": {"filing": "S1"}},
            is_current=True,
        )
        (row,) = table(Browser(app), "statements", unit="million")
        assert row["Profit"] == "-1234567"
        assert row["Return on equity, reported"] == "0.10470000"
        assert (row["Code of Company"], row["Company"]) == ("7974", "'=任天堂")
        assert (row["Announced on"], row["Current"], row["Shares issued"]) == ("2025-05-01", "TRUE", "5")
        assert row["Scope"] == "consolidated"
        assert row["Sources"] == '{"profit": {"filing": "S1"}}'
        assert row["Revenue"] == ""

    def test_instants_are_in_japans_time(self, app: Flask) -> None:
        factories.filing(submitted_at=datetime(2025, 6, 27, 6, 30, tzinfo=UTC))
        assert table(Browser(app), "filings")[0]["Submitted at"] == "2025-06-27 15:30:00+09:00"

    @pytest.mark.parametrize("text", ["=1+1", "+81", "-x", "@cmd"])
    @pytest.mark.parametrize("kind", ["csv", AS_STORED])
    def test_no_text_is_taken_for_a_formula(self, app: Flask, text: str, kind: str) -> None:
        factories.company(name_en=text)
        assert table(Browser(app), "companies", kind)[0]["Name (en)"] == "'" + text

    @few
    @given(
        st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), max_size=30).filter(
            lambda text: unseen(text) is None and unicodedata.is_normalized("NFC", text)
        ),
        st.sampled_from(["", "=", "+", "-", "@", ",", '"', "'", "\\.", "x"]),
        st.none() | st.booleans(),
        st.none() | st.dates(date(1800, 1, 1), date(2200, 1, 1)),
        st.none() | st.integers(0, 10**18),
    )
    def test_companies_are_written_as_python_writes_them(  # noqa: PLR0917 - one per kind of column
        self,
        app: Flask,
        text: str,
        first: str,
        flag: bool | None,
        day: date | None,
        amount: int | None,
    ) -> None:
        words = (first + text).strip() or None
        factories.company(
            name_en=words, has_consolidated=flag, established_on=day, capital_stock=amount, description=words
        )
        assert_as_python_writes(app, "companies", Company)

    @few
    @given(
        st.lists(st.none() | st.integers(-(10**15), 10**15), min_size=3, max_size=3),
        st.none() | st.decimals(-99, 99, places=8),
        st.none() | st.decimals(-9999, 9999, places=4),
        st.dictionaries(st.text("abc", min_size=1), st.none() | st.booleans() | st.text("x=\"'")),
    )
    def test_statements_are_written_as_python_writes_them(
        self,
        app: Flask,
        amounts: Sequence[int | None],
        ratio: Decimal | None,
        per_share: Decimal | None,
        sources: dict[str, Any],
    ) -> None:
        figures = dict(zip(("operating_income", "profit", "ordinary_income"), amounts, strict=True))
        factories.statement(
            **figures,
            company_id=factories.company().id,
            filing_doc_id=factories.filing().doc_id,
            roe_reported=ratio,
            eps_basic=per_share,
            sources=sources,
            announced_on=date(2025, 5, 1),
        )
        assert_as_python_writes(app, "statements", FinancialStatement)


def assert_as_python_writes(app: Flask, path: str, model: type[db.Base]) -> None:
    """Compare every row with what Python makes of it, in the order of the list."""
    browser = Browser(app)
    plan = plans.of(model)
    order = plan.order(plan.usual_levels).clauses()
    columns = [column for column in plan.table_columns if column.name not in plan.hidden]
    found = db.session.scalars(select(model).order_by(*order), execution_options={"populate_existing": True})
    expected = [[written(column, row) for column in columns] for row in found]
    _head, *rows = whole(lines(browser, path, AS_STORED))
    assert [[tidy(cell) for cell in row] for row in rows] == expected


def whole(table: list[list[str]]) -> list[list[str]]:
    """A file with the code and the name of what a row refers to in one column, as lists show it."""
    head = table[0]
    codes = [
        place
        for place, (code, name) in enumerate(pairwise(head))
        if code in {f"Code of {name}", f"{name}コード"}
    ]
    for row in table[1:]:
        for place in codes:
            row[place + 1] = guarded(" ".join(filter(None, (row[place], row[place + 1].removeprefix("'")))))
    return [[cell for place, cell in enumerate(row) if place not in codes] for row in table]


def written(column: Column[Any], row: Any) -> str:
    """One value as a file holds it, worked out without SQL."""
    value = getattr(row, column.name)
    if value is None:
        return ""
    if column.foreign_keys:
        relation = column.name.removesuffix("_id").removesuffix("_doc").removesuffix("_code")
        return guarded(str(getattr(row, relation)))
    if isinstance(value, str):
        return guarded(value)
    return next((write(value) for kind, write in WRITERS.items() if isinstance(value, kind)), str(value))


WRITERS: dict[type[Any], Callable[[Any], str]] = {
    bool: lambda value: str(value).upper(),
    datetime: lambda value: value.astimezone(JST).isoformat(sep=" ", timespec="seconds"),
    Decimal: lambda value: format(value, "f"),
    dict: lambda value: json.dumps(value, ensure_ascii=False, sort_keys=True),
}


def guarded(text: str) -> str:
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def tidy(cell: str) -> str:
    """JSON with its keys in order: PostgreSQL keeps the shorter ones first."""
    return json.dumps(json.loads(cell), ensure_ascii=False, sort_keys=True) if cell[:1] == "{" else cell


class Grid(HTMLParser):
    """The heads and cells of a list's table as text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._is_cell = self._is_hidden = False
        start = page.index('<table class="grid"')
        self.feed(page[start : page.index("</table>", start)])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = dict(attrs).get("class") or ""
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self._is_cell = not {"pick", "do"} & set(classes.split())
            if self._is_cell:
                self.rows[-1].append("")
        elif "sr" in classes.split() and self._is_cell:
            self._is_hidden, self._is_cell = True, False

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._is_cell = False
        elif tag == "span" and self.rows[-1]:
            self._is_cell = self._is_cell or self._is_hidden
            self._is_hidden = False

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.rows[-1][-1] += data


def on_screen(cell: str) -> str:
    """A cell of a list as its file has it."""
    digits = cell.replace(",", "").replace("▲", "-")
    return digits if digits.lstrip("-").replace(".", "", 1).isdigit() else guarded(cell)


class TestView:
    """Exactly what the list shows."""

    def assert_same(self, browser: Browser, path: str, **query: Any) -> list[list[str]]:
        """The cells of the file, which are those of the list."""
        head, *shown = Grid(browser.get(f"/admin/{path}/", page_size=200, **query).text).rows
        file_head, *rows = whole(lines(browser, path, **query))
        assert shown
        assert rows == [[on_screen(cell) for cell in row] for row in shown]
        units = [one.replace(" (", " ").replace("（", " ").rstrip(")）") for one in file_head]
        assert [" ".join(one.split()) for one in units] == [
            " ".join(one.replace(" (", " ").replace("（", " ").rstrip(")）").split()) for one in head
        ]
        return rows

    @pytest.mark.parametrize("language", ["ja", "en"])
    @pytest.mark.parametrize("unit", ["yen", "thousand", "million", "hundred-million"])
    def test_statements_read_as_on_screen(self, app: Flask, unit: str, language: str) -> None:
        for amount in (None, 0, 1, -1, 999, -999_999, 1_000_000, -1_999_999_999, 10**19 - 1, 1 - 10**19):
            factories.statement(
                operating_income=amount,
                eps_basic=None if amount is None else Decimal(amount % 7) + Decimal("-3.1050"),
                roe_reported=None if amount is None else Decimal(amount % 11 - 5).scaleb(-5) * 7,
                per_reported=Decimal("0.005"),
                is_current=amount == 1,
                rounding_unit=1 if amount else 1000,
                filing_doc_id=None if amount else factories.filing().doc_id,
                announced_on=None if amount else date(2025, 5, 1),
                sources={"a": 1} if amount == -1 else {},
            )
        browser = Browser(app, language=language)
        self.assert_same(browser, "statements", unit=unit)
        columns = "company,operating_income,eps_basic,roe_reported,per_reported,rounding_unit,filing_doc_id"
        rows = self.assert_same(browser, "statements", unit=unit, columns=columns, order="-company")
        assert len(rows) == 10
        assert any("-0" in row for row in rows) == (unit != "yen")

    @pytest.mark.parametrize(
        ("language", "said"),
        [
            ("ja", "インタレスト・カバレッジ・レシオ：金融費用で計算"),
            ("en", "Interest coverage: With finance costs"),
        ],
    )
    def test_why_indicators_have_no_value_and_what_stood_in_read_as_on_screen(
        self, app: Flask, language: str, said: str
    ) -> None:
        factories.statement(
            accounting_standard="IFRS", operating_income=Decimal(90), finance_costs=Decimal(10)
        )
        factories.statement(revenue=Decimal(5))
        browser = Browser(app, language=language)
        rows = self.assert_same(browser, "indicators", columns="as_of_on,statuses")
        assert [said in row[-1] for row in rows].count(True) == 1
        column = row_codec.table_of(FinancialIndicator).columns["statuses"]
        write = typed_cells.shown(column, of_language(language), YEN)
        cell = write({"interest_coverage": "finance_costs"})
        assert cell.value == said
        assert write({}).value is None

    @pytest.mark.parametrize("language", ["ja", "en"])
    def test_every_column_of_companies_reads_as_on_screen(self, app: Flask, language: str) -> None:
        code = factories.industry(name_ja="その他製品").code
        facts = {"industry_code": code, "listing_status": "listed", "market_division": "PRIME"}
        factories.company(
            ticker_symbol="7974", name_ja="任天堂", website_url="https://例え.example/", **facts
        )
        factories.company(
            has_consolidated=False, fiscal_year_end_month=3, fiscal_year_end_day=31, name_en="=1+1"
        )
        factories.company(has_consolidated=True, established_on=date(1889, 9, 23), capital_stock=5)
        browser = Browser(app, language=language)
        names = [c.name for c in row_codec.table_of(Company).columns if c.name != "name_ja_folded"]
        self.assert_same(browser, "companies", columns=",".join(names))
        rows = self.assert_same(browser, "companies", columns="industry,name_ja,listing_status")
        sector = {"ja": "その他製品", "en": "Other Products"}
        assert [f"{code} {sector[language]}", "任天堂", {"ja": "上場", "en": "Listed"}[language]] in rows

    @pytest.mark.parametrize("language", ["ja", "en"])
    def test_prices_filings_and_moments_read_as_on_screen(self, app: Flask, language: str) -> None:
        factories.price(turnover=123_456_789, volume=1000)
        factories.filing(submitted_at=datetime(2025, 6, 27, 15, 30, 59, 999999, tzinfo=UTC))
        browser = Browser(app, "admin", language=language)
        for path in ("prices", "filings", "users"):
            self.assert_same(browser, path)

    @pytest.mark.parametrize("kind", ["csv", AS_STORED])
    def test_code_and_name_of_what_a_row_refers_to_have_a_column_each(self, app: Flask, kind: str) -> None:
        code = factories.industry(name_ja="その他製品").code
        owner = factories.company(
            ticker_symbol="7974", name_ja="任天堂", listing_status="listed", industry_code=code
        )
        factories.statement(company_id=owner.id)
        browser = Browser(app, language="ja")
        (row,) = table(browser, "companies", kind, columns="industry,name_ja")
        assert (row["33業種コード"], row["33業種"]) == (code, "その他製品")
        (row,) = table(browser, "statements", kind)
        assert (row["企業コード"], row["企業"]) == ("7974", "任天堂")

    @pytest.mark.parametrize("language", ["ja", "en"])
    def test_special_cells_are_those_of_the_list(self, app: Flask, language: str) -> None:
        factories.company()
        factories.company()
        rows = self.assert_same(Browser(app, language=language), "change-sets")
        assert {"ja": "新規 1", "en": "Created 1"}[language] in rows[0]

    def test_a_special_cell_is_taken_for_no_formula(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        factories.company()
        cell = SpecialCell(Label("件数", "Counts"), lambda _row, _speech: "=1", ())
        plans.alter(monkeypatch, ChangeSet, special={**plans.of(ChangeSet).special, "counts": cell})
        (row,) = table(Browser(app), "change-sets", "csv")
        assert row["Counts"] == "'=1"

    def test_money_is_in_the_unit_that_was_chosen_last(self, app: Flask) -> None:
        factories.statement(revenue=1_999_999_999)
        browser = Browser(app, language="ja")
        browser.get("/admin/statements/", unit="million")
        assert table(browser, "statements", "csv")[0]["売上高（百万円）"] == "1999"


class TestRefusal:
    """A file is never wider than what was asked for."""

    @pytest.mark.parametrize("kind", ["csv", "all"])
    @pytest.mark.parametrize(
        ("conditions", "sentence"),
        [
            ({"flt0_market_divsion_is": "PRIME"}, "This list has no filter “market_divsion_is”."),
            ({"flt0_market_division_is": "PRIMEE"}, "does not understand “PRIMEE”"),
            ({"flt0.a_capital_stock_from": "many"}, "does not understand “many”"),
            ({"fltx_market_division_is": "PRIME"}, "This list has no filter “fltx_market_division_is”."),
            ({"ftl0_market_division_is": "PRIME"}, "This list has no filter “ftl0_market_division_is”."),
            ({"market_division": "PRIME"}, "This list has no filter “market_division”."),
            ({"search": "a b c d e f g h i"}, "The search took only the first 8 words"),
        ],
    )
    def test_a_file_with_a_condition_that_was_not_understood_is_refused(
        self, app: Flask, kind: str, conditions: dict[str, str], sentence: str
    ) -> None:
        factories.company(market_division="PRIME")
        answer = Browser(app).get(f"/admin/companies/export/{kind}/", **conditions)
        assert answer.status_code == 400
        assert sentence in answer.text
        assert "attachment" not in answer.headers.get("Content-Disposition", "")

    def test_the_list_says_the_same_sentence_and_its_own_file_is_refused_with_it(self, app: Flask) -> None:
        browser, asked = Browser(app), {"flt0_market_division_is": "PRIMEE"}
        page = browser.get("/admin/companies/", **asked)
        sentence = "The filter “Market division” does not understand “PRIMEE”."
        assert sentence in page.text
        (address,) = re.findall(r'href="([^"]*/export/csv/[^"]*)"', page.text)
        answer = browser.client.get(html.unescape(address), headers={"Accept-Language": "en"})
        assert (answer.status_code, sentence in answer.text) == (400, True)

    def test_a_saved_view_with_a_condition_that_a_release_no_longer_knows_gives_no_file(
        self, app: Flask
    ) -> None:
        browser = Browser(app)
        kept = SavedView(
            owner_id=browser.user_id, screen="companies", name="古い", query="flt0_old_name_is=1&search=x"
        )
        db.session.add(kept)
        db.session.flush()
        opened = browser.client.get(browser.get(f"/admin/views/{kept.id}/").location)
        (address,) = re.findall(r'href="([^"]*/export/all/[^"]*)"', opened.text)
        assert browser.client.get(html.unescape(address)).status_code == 400

    def test_what_was_not_understood_stays_in_a_view_that_is_saved(self, app: Flask) -> None:
        answer = Browser(app).post("/admin/views/save/companies/", {"name": "x"}, flt0_nonsense_is="1")
        assert "flt0_nonsense_is=1" in answer.location

    def test_what_no_condition_is_like_is_ignored(self, app: Flask) -> None:
        factories.company()
        for name in ("id", "utm_source", "x"):
            answer = Browser(app).get("/admin/companies/export/csv/", **{name: "1"})
            assert answer.status_code == 200
            answer.close()

    def test_a_program_is_told_in_json(self, app: Flask) -> None:
        browser = Browser(app)
        answer = browser.client.get(
            "/admin/companies/export/csv/?flt0_x=1",
            headers={"Accept": "application/json", "Accept-Language": "en"},
        )
        assert answer.get_json()["error"]["message"] == "This list has no filter “x”."

    def test_what_was_not_understood_is_taken_away_by_its_chip(self, app: Flask) -> None:
        page = Browser(app).get("/admin/companies/", flt0_nonsense_is="1", search="x")
        assert 'class="chip bad" href="/admin/companies/?search=x"' in page.text


class TestNames:
    """Records are called the same as everywhere."""

    def test_names_are_word_for_word_what_pages_say(self, app: Flask) -> None:
        owner = factories.company(ticker_symbol="7974", name_ja="任天堂", listing_status="listed")
        bare = factories.company(edinet_code=None, name_ja="無番号")
        for one in (owner, bare, factories.company()):
            factories.statement(company_id=one.id)
        db.session.commit()
        # Statements have theirs from the change that wrote them.
        indicators = db.session.scalars(select(FinancialIndicator)).all()
        assert len(indicators) == 3
        expected = {
            tuple(record_names.of(named, ENGLISH) for named in (one.company, one.statement))
            for one in indicators
        }
        assert ("7974 任天堂", "7974 任天堂 FY2025/3, full year, consolidated") in expected
        rows = table(Browser(app), "indicators")
        names = (" ".join(filter(None, (row["Code of Company"], row["Company"]))) for row in rows)
        assert set(zip(names, (row["Statement"] for row in rows), strict=True)) == expected

    def test_authors_and_undone_change_sets_are_named(self, app: Flask) -> None:
        author = people.user("steward", name="鈴木").id
        factories.company()
        factories.company()
        first, second = db.session.scalars(select(ChangeSet).order_by(ChangeSet.id))
        first.author_id, second.undoes_id, number = author, first.id, first.id
        db.session.commit()
        _head, newest, oldest = lines(Browser(app), "change-sets", AS_STORED)
        assert "鈴木" in oldest
        assert f"#{number}" in newest

    def test_a_record_that_is_not_for_the_reader_is_told_by_its_key(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hidden = factories.company(name_ja="秘密の会社")
        number = hidden.id
        factories.statement(company_id=number)
        seen = Company.name_ja != "秘密の会社"
        plans.alter(monkeypatch, Company, visible=lambda statement: statement.where(seen))
        for kind in ("csv", AS_STORED):
            (row,) = table(Browser(app), "statements", kind)
            assert row["Company"] == str(number)


class TestParts:
    """Files of some rows, of all, and for programs."""

    @pytest.mark.parametrize("kind", ["csv", AS_STORED])
    def test_selected_rows_are_sent_alone_in_the_order_of_the_list(self, app: Flask, kind: str) -> None:
        first, second, third = (factories.company(name_ja=name).id for name in "甲乙丙")
        answer = Browser(app).post(f"/admin/companies/export/{kind}/", {"rowid": [third, first]}, order="id")
        names = [row["Name (ja)"] for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))]
        answer.close()
        assert names == ["甲", "丙"]
        assert second not in (first, third)

    def test_rows_that_nobody_has_named_are_no_file(self, app: Flask) -> None:
        assert Browser(app).post("/admin/companies/export/csv/", {}).status_code == 400

    def test_programs_get_an_object_a_line_with_numbers_and_texts_as_they_are(self, app: Flask) -> None:
        statement = factories.statement(
            operating_income=Decimal("-12345678901234567890"), eps_basic=Decimal("1.5000")
        )
        company = factories.company(name_en='=1+"1"', description="a\nb").id
        browser = Browser(app)
        answers = [browser.get(f"/admin/{path}/export/jsonl/") for path in ("statements", "companies")]
        assert {answer.mimetype for answer in answers} == {exports.JSONL_TYPE}
        figures, *others = [
            [json.loads(line, parse_float=Decimal) for line in answer.data.splitlines()] for answer in answers
        ]
        for answer in answers:
            answer.close()
        assert figures[0]["operating_income"] == -12345678901234567890
        assert str(figures[0]["eps_basic"]) == "1.5000"
        assert figures[0].keys() == {column.name for column in row_codec.table_of(type(statement)).columns}
        (row,) = [row for row in others[0] if row["id"] == company]
        assert (row["name_en"], row["description"], row["listed_on"]) == ('=1+"1"', "a\nb", None)
        assert "name_ja_folded" not in row

    def test_who_took_what_away_is_logged_without_a_word_of_it(
        self, app: Flask, caplog: pytest.LogCaptureFixture
    ) -> None:
        factories.company()
        browser = Browser(app)
        with caplog.at_level("INFO", "webapp.exports"):
            lines(browser, "companies", search="秘密")
        (record,) = [record for record in caplog.records if record.name == "webapp.exports"]
        facts = vars(record)
        assert (facts["user_id"], facts["screen"], facts["kind"]) == (browser.user_id, "companies", "csv")
        assert facts["is_narrowed"]
        assert facts["bytes"] > 0
        assert "秘密" not in str(facts)
