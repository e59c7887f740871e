"""Files of lists that come back: unchanged they change nothing, and only what somebody typed becomes an item."""

import csv
import io
import itertools
import re
import time
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from tests import factories, plans
from webapp import db
from webapp.files import archives, workbooks
from webapp.files.rows import WrongFile
from webapp.lists import file, headings, query, workbook
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.columns import Curated
from webapp.models.company import Company
from webapp.models.company_name import CompanyName
from webapp.models.financial_statement import FinancialStatement
from webapp.models.industry import Industry
from webapp.models.stock_price import StockPrice
from webapp.rules import calendar
from webapp.services.changes import door, row_codec
from webapp.services.changes.proposals import Author, Wish
from webapp.services.intake import importing
from webapp.services.intake.importing import Preview, Request
from webapp.words import units
from webapp.words.speech import LANGUAGES, of_language

pytestmark = pytest.mark.usefixtures("app", "connection")

STEWARD = Author("a steward")
LATE = time.monotonic() + 1e6
MILLION = units.UNITS["million"]
FIGURES: dict[str, Any] = {
    "revenue": Decimal("1164922123456"),
    "operating_income": Decimal("-999"),
    "ordinary_income": Decimal("-1234567"),
    "extraordinary_income": Decimal(0),
    "eps_basic": Decimal("12.3456"),
    "equity_ratio_reported": Decimal("0.10473333"),
    "per_reported": Decimal("12.34567891"),
    "employees": 1234,
    "sources": {"revenue": {"doc": "S100W6TG", "要素": "売上高"}},
}
PROFILE: dict[str, Any] = {
    "ticker_symbol": "7974",
    "corporate_number": "1130001011420",
    "listing_status": "listed",
    "market_division": "PRIME",
    "name_en": '=Nintendo, "Co."',
    "description": '一行目\n二行目, "引用"\n-三行目',
    "capital_stock": Decimal("10065400999"),
    "has_consolidated": True,
    "listed_on": date(1962, 1, 5),
    "established_on": date(1889, 9, 23),
    "fiscal_year_end_month": 3,
    "fiscal_year_end_day": 31,
}


def make_rows() -> None:
    """Rows of every curated table, with what files do not show exactly."""
    sector = factories.industry()
    company = factories.company(industry_code=sector.code, **PROFILE)
    filing = factories.filing(
        company_id=company.id, submitted_at=datetime(2025, 6, 27, 6, 30, 15, 123456, tzinfo=UTC)
    )
    factories.statement(company_id=company.id, filing_doc_id=filing.doc_id, **FIGURES)
    factories.statement(company_id=company.id, accounting_standard="IFRS", **FIGURES)
    factories.price(company_id=company.id, adjusted_close=Decimal("123.4567"), volume=12345)
    for model, changes in factories.CHANGES.items():
        factories.MAKERS[model](**changes)
    db.session.flush()


def written(model: type[db.Base], kind: str, language: str, unit: Any = units.YEN, asked: str = "") -> bytes:
    """A list as a file that can come back."""
    plan, speech, content = plans.of(model), of_language(language), io.BytesIO()
    listed = query.parse(plan, asked)
    if "xlsx" in kind:
        typed = workbook.stored(listed, speech) if "all" in kind else workbook.shown(listed, speech, unit)
        typed += workbook.record(listed, speech)
        workbook.write(content, typed, listed, title="list", until=LATE)
    else:
        columns = file.stored(listed, speech) if "all" in kind else file.shown(listed, speech, unit)
        file.write(content, columns + file.record(listed, speech), listed)
    return content.getvalue()


def cells_of(content: bytes) -> list[list[Any]]:
    """The rows of a file, of which a test changes some."""
    if workbooks.is_workbook(content):
        return workbooks.typed_sheet(content)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_csv(rows: list[list[Any]], encoding: str = "utf-8-sig", separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def as_xlsx(rows: list[list[Any]], *, formula: str | None = None, merged: str | None = None) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                put = sheet.write_string if isinstance(cell, str) else sheet.write
                put(line, place, cell)
        if formula is not None:
            sheet.write_formula(formula, "=1+1")
        if merged is not None:
            sheet.merge_range(merged, "one")
    return content.getvalue()


def returned(content: bytes, *asked: str) -> Preview:
    return importing.preview(Request("table", "list.csv", content, STEWARD, "edited", asked=frozenset(asked)))


def import_(content: bytes, *asked: str) -> int:
    change_set = importing.submit(returned(content, *asked))
    assert change_set is not None
    importing.confirm(change_set.id, STEWARD)
    return change_set.id


def edited(content: bytes, record: str, **cells: Any) -> list[list[Any]]:
    """The rows of a file, with other cells under these headings in the row of a record."""
    head, *rows = cells_of(content)
    place = next(place for place, text in enumerate(head) if headings.record_of(text))
    for row in rows:
        if row[place].startswith(f"{record}@"):
            for heading, cell in cells.items():
                row[head.index(heading)] = cell
    return [head, *rows]


def sentences(preview: Preview) -> list[str]:
    return [bad.reason % bad.params for bad in preview.refused]


@pytest.mark.parametrize("kind", ["csv", "csv-all", "xlsx", "xlsx-all"])
def test_a_file_of_any_list_in_any_language_and_unit_comes_back_with_0_changes(kind: str) -> None:
    make_rows()
    tables: list[Any] = [model for model in factories.MAKERS if issubclass(model, Curated)]
    for model, language in itertools.product(tables, LANGUAGES):
        all_columns = "columns=" + ",".join(plans.of(model).offered)
        choices = [("", units.YEN)] if "all" in kind else [(all_columns, units.YEN), (all_columns, MILLION)]
        for asked, unit in choices:
            content = written(model, kind, language, unit, asked)
            preview = returned(content)
            assert sentences(preview) == []
            assert preview.proposal.is_empty, preview.proposal.fields
            assert preview.proposal.unchanged == len(cells_of(content)) - 1 > 0
            assert preview.model is model
            assert preview.remarks == []


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ","), ("cp932", ","), ("utf-16", "\t"), ("utf-8", ";")],
)
def test_it_comes_back_as_spreadsheets_save_it(encoding: str, separator: str) -> None:
    make_rows()
    rows = cells_of(written(Company, "csv", "ja"))
    days = [[cell.replace("/0", "/") for cell in row] for row in rows]
    assert returned(as_csv(days, encoding, separator)).proposal.is_empty


def test_a_comma_that_may_be_a_decimal_one_refuses_the_file_with_its_place() -> None:
    company = factories.company(capital_stock=Decimal(1_000_000))
    content = written(Company, "csv", "ja", MILLION, "columns=name_ja,capital_stock")
    rows = edited(content, company.id, **{"資本金（百万円）": "12,345"})
    assert not returned(as_csv(rows)).proposal.is_empty
    with pytest.raises(WrongFile, match=r"found “12,345” in line \d+, column B"):
        returned(as_csv(rows, separator=";"))


def test_what_cp932_has_not_stays_where_a_spreadsheet_saves_in_it() -> None:
    company = factories.company(name_ja="𠮷野家〜", name_en="Old")
    content = written(Company, "csv", "ja", asked="columns=name_ja,name_en")
    rows = edited(content, company.id, 商号="?野家～", 英文商号="New")
    preview = returned(as_csv(rows, "cp932"))
    assert preview.proposal.items[0].after == {"name_en": "New"}
    assert [remark.field for remark in preview.remarks] == ["商号"]


def test_only_the_cells_that_somebody_changed_become_items() -> None:
    make_rows()
    first, second = factories.company(), factories.company(capital_stock=Decimal(1_234_567))
    name = second.name_ja
    content = written(Company, "csv", "ja", MILLION, "columns=name_ja,capital_stock,listing_status,listed_on")
    head, *rows = cells_of(content)
    assert head[:2] == ["商号", "資本金（百万円）"]
    for row in rows:
        if row[-1].startswith(f"{first.id}@"):
            row[1], row[3] = "1,234", "2025/4/1"
        if row[-1].startswith(f"{second.id}@"):
            row[0] = "新しい商号"
    number = import_(as_csv([head, *rows]))
    items = db.session.query(ChangeSetItem).filter_by(change_set_id=number).order_by("position").all()
    of_people = [
        {name: value for name, value in item.after.items() if "folded" not in name} for item in items
    ]
    assert of_people == [
        {"capital_stock": "1234000000", "listed_on": "2025-04-01"},
        {"name_ja": "新しい商号"},
        # The name that passes is kept in the same change set.
        {
            "company_id": second.id,
            "kind": "name_ja",
            "value": name,
            "valid_from": None,
            "valid_until": calendar.today().isoformat(),
            "source": items[0].change_set.source,
        },
    ]
    # What the file shows of the other one in millions is less than is stored, and stays.
    assert db.session.get_one(Company, second.id).capital_stock == 1_234_567
    assert items[0].change_set.kind == "edit"


def test_codes_of_what_a_row_refers_to_are_read_back_and_names_beside_them_are_not() -> None:
    old, new = factories.industry(name_ja="旧業種"), factories.industry(name_ja="新業種")
    company = factories.company(industry_code=old.code)
    content = written(Company, "csv", "ja")
    by_code = edited(content, company.id, **{"33業種コード": new.code})
    (item,) = returned(as_csv(by_code)).proposal.items
    assert item.after == {"industry_code": new.code}
    by_name = returned(as_csv(edited(content, company.id, **{"33業種": "新業種"})))
    assert by_name.proposal.is_empty
    assert [str(remark) for remark in by_name.remarks] == [
        "1 cell beside a code says another name; names are not read here, change the code"
    ]
    unknown = returned(as_csv(edited(content, company.id, **{"33業種コード": "9999x"})))
    assert sentences(unknown) == ["is the code of no record"]


def test_a_row_that_moved_is_a_conflict_only_where_both_changed_one_field() -> None:
    company = factories.company(name_en="Old", website_url="https://old.example/")
    content = written(Company, "csv-all", "en")
    later = Wish(Company, "update", {"name_en": "Theirs"}, (company.id,), 1)
    assert isinstance(door.carry([later], factories.intent()), door.Applied)
    other_field = returned(as_csv(edited(content, company.id, Website="https://new.example/")))
    (item,) = other_field.proposal.items
    assert item.after == {"website_url": "https://new.example/"}
    same_field = returned(as_csv(edited(content, company.id, **{"Name (en)": "Ours"})))
    assert same_field.proposal.is_empty
    (bad,) = same_field.refused
    assert (bad.column, bad.record) == ("Name (en)", f"{company.edinet_code} {company.name_ja}")
    assert sentences(same_field) == [
        "has been changed meanwhile: it was “Old” when the file was exported and is “Theirs” now; the file says “Ours”"
    ]
    assert returned(as_csv(edited(content, company.id, **{"Name (en)": "Theirs"}))).refused == []


def test_new_rows_and_deletions_are_taken_only_where_they_are_asked_for() -> None:
    kept, to_go = factories.industry(), factories.industry()
    head, *rows = cells_of(written(Industry, "csv", "ja", asked="columns=code,name_ja,name_en"))
    new = ["9999", "新しい業種", "New sector", *[""] * (len(head) - 3)]
    marked = [[*row, "削除" if row[0] == to_go.code else ""] for row in rows]
    content = as_csv([[*head, "削除"], *marked, [*new, ""]])
    assert sorted(sentences(returned(content))) == [
        "is marked as to be deleted, and deletions were not asked for",
        "says of no record that it is, and new rows were not asked for",
    ]
    asked = returned(content, "new", "delete")
    assert sentences(asked) == ["is needed"] * 3  # the sectors of 17, which the file does not hold
    assert [(item.action, item.key) for item in asked.proposal.items] == [("delete", (to_go.code,))]
    assert db.session.get(Industry, kept.code) is not None


def test_a_new_row_takes_its_references_by_their_codes() -> None:
    company = factories.company(ticker_symbol="7203", listing_status="listed")
    factories.price(company_id=company.id)
    head, row = cells_of(written(StockPrice, "csv", "en"))
    new = [*row]
    new[head.index("Traded on")], new[-1] = "2025-06-30", ""
    (item,) = returned(as_csv([head, row, new]), "new").proposal.items
    assert item.action == "create"
    assert item.after["company_id"] == company.id
    assert item.after["traded_on"] == date(2025, 6, 30)


def test_a_figure_keeps_its_column_by_the_standard_after_which_its_heading_is_called() -> None:
    factories.statement(accounting_standard="IFRS", **FIGURES)
    content = written(FinancialStatement, "csv", "ja", asked="flt0_accounting_standard_is=IFRS")
    head, _row = cells_of(content)
    assert "売上収益（円）" in head
    assert head[-1] == "レコード（financial_statements IFRS any）"
    assert returned(content).proposal.is_empty


@pytest.mark.parametrize(
    ("heading", "cell", "sentence"),
    [
        ("資本金（円）", "多い", "is not a number"),
        ("更新日時", "2020/01/01 00:00", "is written by the system and cannot be changed in a file"),
        ("法人番号", "1.13000E+12", "is a number that a spreadsheet has rounded"),
        ("商号", "", "is needed"),
    ],
)
def test_a_cell_that_cannot_be_taken_refuses_its_row_with_its_place(
    heading: str, cell: str, sentence: str
) -> None:
    company = factories.company()
    factories.company()
    content = written(
        Company,
        "csv",
        "ja",
        asked="columns=name_ja,capital_stock,changed_at,corporate_number&order=changed_at",
    )
    preview = returned(as_csv(edited(content, company.id, **{heading: cell})))
    assert preview.proposal.is_empty
    (bad,) = preview.refused
    assert bad.reason % bad.params == sentence
    assert bad.line in (2, 3)


def test_codes_whose_noughts_a_spreadsheet_has_taken_are_left_as_they_were() -> None:
    company = factories.company(industry_code=factories.industry(code="0051").code, **PROFILE)
    content = written(Company, "csv", "ja", asked="columns=name_ja,industry,corporate_number")
    rows = edited(content, company.id, **{"33業種コード": "51", "法人番号": "1.13000E+12", "商号": "新商号"})
    preview = returned(as_csv(rows))
    item, passing = preview.proposal.items
    assert item.after.keys() == {"name_ja", "name_ja_folded"}
    assert (passing.model, passing.after["value"]) == (CompanyName, company.name_ja)
    assert {remark.field for remark in preview.remarks} == {"33業種コード", "法人番号"}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([["商号"], ["任天堂"]], "found 0 such columns"),
        ([["商号", "Record (users)"], ["任天堂", "1@1"]], "found 0 such columns"),
        ([["商号", "得意先", "レコード（companies）"], ["任天堂", "", "1@1"]], "found “得意先” in column B"),
        ([["商号", "商号", "Record (companies)"], ["a", "b", "1@1"]], "found “商号” in column B"),
        ([], "found an empty file"),
    ],
)
def test_a_file_whose_headings_are_not_those_of_an_export_is_refused_whole(
    rows: list[list[str]], found: str
) -> None:
    with pytest.raises(WrongFile, match=found):
        returned(as_csv(rows))


def test_a_workbook_with_a_formula_or_merged_cells_is_refused_with_the_place() -> None:
    factories.company()
    rows = cells_of(written(Company, "xlsx", "ja"))
    assert returned(as_xlsx(rows)).proposal.is_empty
    with pytest.raises(WrongFile, match="found a formula in cell C2"):
        returned(as_xlsx(rows, formula="C2"))
    with pytest.raises(WrongFile, match="found merged cells A2:B2"):
        returned(as_xlsx(rows, merged="A2:B2"))


def test_an_error_in_a_workbook_empties_no_field() -> None:
    factories.company()
    content = as_xlsx(cells_of(written(Company, "xlsx", "ja")), formula="C2")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(
        rb'<c r="C2">.*?</c>', b'<c r="C2" t="e"><v>#N/A</v></c>', parts[sheet], flags=re.DOTALL
    )
    with pytest.raises(WrongFile, match="found an error in cell C2"):
        returned(archives.packed(parts))


def test_rows_that_are_none_of_the_table_or_stand_there_twice_are_refused_with_their_line() -> None:
    head, row = cells_of(written(Company, "csv", "ja", asked=f"search={factories.company().edinet_code}"))
    content = as_csv([head, row, row, [*row[:-1], "x@1"], [*row[:-1], "99999999@1"], row[:3]])
    preview = returned(content)
    assert [(bad.line, bad.reason % bad.params) for bad in preview.refused] == [
        (3, "is the record of line 2 as well"),
        (4, "is no record of this table as an export has it"),
        (6, "The row does not have as many columns as the headings."),
        (5, "has been deleted since the file was exported"),
    ]


def test_no_heading_means_two_columns_of_a_table() -> None:
    tables: list[Any] = [model for model in factories.MAKERS if issubclass(model, Curated)]
    for model in tables:
        for column in row_codec.table_of(model).columns:
            for language in LANGUAGES:
                text = headings.of_stored(column, of_language(language))
                meaning = headings.meaning(model, headings.NO_BASIS, text)
                assert meaning is not None, (column, text)
                assert meaning.column is column


def test_columns_are_told_as_a_spreadsheet_calls_them() -> None:
    assert [workbooks.letters(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
