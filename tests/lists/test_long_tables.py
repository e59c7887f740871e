"""Long lists of statements that come back are feeds; where few rows differ, they are what somebody has edited."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests import plans
from tests.factories import AUTHOR, STATEMENT, company, filing, intent
from webapp import db
from webapp.lists import file, query
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.finding import FiledFinding
from webapp.rules import change
from webapp.services.changes import applying, door, proposing
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Wish
from webapp.services.intake import importing
from webapp.services.intake.importing import Preview, Request
from webapp.services.intake.looking import feeding
from webapp.words.speech import of_language
from webapp.words.watched import finding_sentences

pytestmark = pytest.mark.usefixtures("app", "connection")

RECORD, REVENUE, ENDS, STARTS = (
    "レコード（financial_statements）",
    "売上高",
    "事業年度（至）",
    "事業年度（自）",
)
REVISION, CURRENT, ANNOUNCED, FILING = "訂正番号", "最新", "公表日", "書類管理番号"
Rows = list[dict[str, str]]


@pytest.fixture(autouse=True)
def everything_is_a_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "MOST_ITEMS", 0)


@pytest.fixture
def toyota() -> Any:
    return company(ticker_symbol="7203", listing_status="listed")


def filed(**values: Any) -> Any:
    """A statement that no steward has set."""
    wishes = [Wish(FinancialStatement, change.CREATE, STATEMENT | values)]
    change_set = applying.carry_out(proposing.propose(wishes, intent("import")))
    assert change_set is not None
    (item,) = change_set.items
    return db.session.get(FinancialStatement, int(item.row_key or ""))


def exported() -> Rows:
    """The list of statements as its export has it, every column as it is stored."""
    speech, content = of_language("ja"), io.BytesIO()
    listed = query.parse(plans.of(FinancialStatement), "")
    file.write(content, file.stored(listed, speech) + file.record(listed, speech), listed)
    return list(csv.DictReader(io.StringIO(content.getvalue().decode("utf-8-sig"), newline="")))


def as_csv(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def look(rows: Rows, *asked: str) -> Preview:
    return importing.preview(Request("table", "list.csv", as_csv(rows), AUTHOR, asked=frozenset(asked)))


def take(rows: Rows, *asked: str) -> ChangeSet:
    change_set = importing.carry_out(look(rows, *asked))
    assert change_set is not None
    return change_set


def new(row: dict[str, str], **cells: str) -> dict[str, str]:
    """A row that says of no record that it is, with other cells under these headings."""
    return {**row, RECORD: "", "番号": "", **cells}


def stored(*names: str) -> list[tuple[Any, ...]]:
    columns = [getattr(FinancialStatement, name) for name in names]
    order = (FinancialStatement.fiscal_year_end_on, FinancialStatement.revision_no)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(*order))]


def edit(row: Any, **values: Any) -> None:
    wishes = [Wish(FinancialStatement, change.UPDATE, values, (row.id,))]
    applying.carry_out(proposing.propose(wishes, intent("edit")))


def undone(number: int) -> ChangeSet:
    outcome = door.undo(number, AUTHOR, "a mistake")
    assert isinstance(outcome, Applied), outcome
    return db.session.get_one(ChangeSet, outcome.number)


FIGURES: dict[str, Any] = {
    "revenue": Decimal("1164922123456"),
    "ordinary_income": Decimal(-999),
    "eps_basic": Decimal("12.3456"),
    "equity_ratio_reported": Decimal("0.10473333"),
    "employees": 1234,
    "announced_on": date(2025, 5, 8),
}


def test_new_statements_of_a_long_table_are_what_items_would_make_of_them(
    toyota: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = filing(company_id=toyota.id)
    first = filed(company_id=toyota.id, filing_doc_id=document.doc_id, **FIGURES)
    (row,) = exported()
    years = [
        new(row, **{ENDS: f"{year}/3/31", STARTS: f"{year - 1}-04-01"} | _period(year))
        for year in (2021, 2022)
    ]

    def outcome(most: int) -> Any:
        monkeypatch.setattr(feeding, "MOST_ITEMS", most)
        with db.session.begin_nested() as nested:
            change_set = take(years, "new")
            columns = [c.name for c in FinancialStatement.__table__.columns]
            rows = stored(*(name for name in columns if name not in ("id", "changed_at", "change_set_id")))
            counts = {
                name: change_set.counts[name] for name in ("created", "updated", "unchanged", "rejected")
            }
            is_feed = change_set.feed is not None
            nested.rollback()
        return counts, rows, is_feed

    as_feed, as_items = outcome(0), outcome(10_000)
    assert as_feed[:2] == as_items[:2]
    assert (as_feed[0]["created"], as_feed[2], as_items[2]) == (2, True, False)
    assert first.id


def _period(year: int) -> dict[str, str]:
    return {"会計期間（自）": f"{year - 1}-04-01", "会計期間（至）": f"{year}-03-31"}


def test_the_same_long_table_again_changes_nothing(toyota: Any) -> None:
    filed(company_id=toyota.id, **FIGURES)
    (row,) = exported()
    again = [row, new(row, **{ENDS: "2021-03-31", STARTS: "2020-04-01"} | _period(2021))]
    assert take(again, "new").counts["created"] == 1
    assert look(again, "new").is_empty
    assert look(exported()).counts["unchanged"] == 2


def test_what_a_steward_set_is_kept_and_the_rest_of_the_row_is_written(toyota: Any) -> None:
    row = filed(company_id=toyota.id, **FIGURES)
    edit(row, revenue=Decimal(7))
    (line,) = exported()
    change_set = take([{**line, REVENUE: "8", "従業員数": "", "経常利益": "5"}])
    assert stored("revenue", "employees", "ordinary_income") == [(7, None, 5)]
    assert (change_set.counts["updated"], change_set.counts["kept"], change_set.kind) == (1, 1, "import")
    assert change_set.feed is not None
    assert change_set.feed["fields"] == {"employees": 1, "ordinary_income": 1}
    assert change_set.feed["samples"][0]["row_key"] == str(row.id)


def test_what_a_long_table_says_against_a_steward_or_a_rule_stands_in_the_queue(toyota: Any) -> None:
    edit(filed(company_id=toyota.id, **FIGURES), revenue=Decimal(7), mapping_version=3)
    (line,) = exported()
    bad = new(line, **{ENDS: "2021-03-31", STARTS: "2020-04-01", "従業員数": "-1"} | _period(2021))
    take([{**line, REVENUE: "8", "科目対応表の版": "999999999999", "経常利益": "5"}, bad], "new")
    asked = select(FiledFinding).where(FiledFinding.origin == "table").order_by(FiledFinding.field)
    told = [finding_sentences.sentence(one, of_language("ja")) for one in db.session.scalars(asked)]
    of_rule = "従業員数：出典の値がこの項目の規則に合わないため取り込みませんでした（登録値 —、出典 ▲1 人）"
    of_steward = "売上高：担当者が決めた値が出典の値と異なります（登録値 7 円、出典 8 円）"
    called = f"7203 {toyota.name_ja}"
    assert told == [
        f"{called} 2021年3月期 通期 連結 {of_rule}",
        f"{called} 2025年3月期 通期 連結 {of_steward}",
    ]


def test_of_a_row_that_has_moved_only_what_both_changed_is_a_conflict(toyota: Any) -> None:
    rows = [filed(company_id=toyota.id, **FIGURES | _year(year)) for year in (2023, 2024)]
    first, second = sorted(exported(), key=lambda line: line[ENDS])
    edit(rows[0], ordinary_income=Decimal(3))
    edit(rows[1], bps=Decimal(3))
    typed = look([{**first, "経常利益": "4"}, {**second, REVENUE: "9"}])
    assert (typed.counts["updated"], typed.counts["rejected"], typed.fields) == (1, 1, {"revenue": 1})
    importing.carry_out(typed)
    assert stored("ordinary_income", "revenue", "bps")[1] == (-999, 9, 3)


def _year(year: int) -> dict[str, Any]:
    start, end = date(year - 1, 4, 1), date(year, 3, 31)
    return {
        "fiscal_year_start_on": start,
        "fiscal_year_end_on": end,
        "period_start_on": start,
        "period_end_on": end,
    }


def test_a_later_revision_lets_the_one_before_go_and_its_undoing_brings_it_back(toyota: Any) -> None:
    filed(company_id=toyota.id, **FIGURES)
    (line,) = exported()
    later = new(line, **{REVISION: "1", ANNOUNCED: "2025-06-20", "公表日時": "", REVENUE: "5"})
    earlier = new(line, **{REVISION: "2", ANNOUNCED: "2025-01-01", "公表日時": ""})
    change_set = take([later, earlier], "new")
    assert (change_set.counts["created"], change_set.counts["updated"]) == (2, 1)
    assert stored("revision_no", "is_current") == [(0, False), (1, True), (2, False)]
    undoing = undone(change_set.id)
    assert stored("revision_no", "is_current") == [(0, True)]
    undone(undoing.id)
    assert stored("revision_no", "is_current") == [(0, False), (1, True), (2, False)]


def test_a_row_made_current_lets_the_current_one_go_before_it_is_written(toyota: Any) -> None:
    filed(company_id=toyota.id, **FIGURES)
    filed(company_id=toyota.id, revision_no=1, is_current=False, **FIGURES)
    rows = {line[REVISION]: line for line in exported()}
    change_set = take([{**rows["1"], CURRENT: "TRUE"}])
    assert change_set.counts["updated"] == 2
    assert stored("revision_no", "is_current") == [(0, False), (1, True)]
    undone(change_set.id)
    assert stored("revision_no", "is_current") == [(0, True), (1, False)]


def test_what_was_withdrawn_is_never_current_though_a_long_table_says_so(toyota: Any) -> None:
    document = filing(company_id=toyota.id, withdrawal_status="1")
    filed(company_id=toyota.id, **FIGURES)
    (line,) = exported()
    take(
        [new(line, **{REVISION: "1", ANNOUNCED: "2025-06-20", "公表日時": "", FILING: document.doc_id})],
        "new",
    )
    assert stored("revision_no", "is_current") == [(0, True), (1, False)]


def test_nor_is_what_is_laid_over_what_was_withdrawn(toyota: Any) -> None:
    document = filing(company_id=toyota.id, withdrawal_status="1")
    row = filed(company_id=toyota.id, filing_doc_id=document.doc_id, is_current=False, **FIGURES)
    for number in (1, 2):
        laid = {"revision_no": number, "based_on_id": row.id, "is_current": False}
        row = filed(company_id=toyota.id, **FIGURES | laid)
    lines = {line[REVISION]: line for line in exported()}
    assert look([{**lines["2"], CURRENT: "TRUE"}]).is_empty
    assert stored("revision_no", "is_current") == [(0, False), (1, False), (2, False)]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({REVENUE: "-1"}, "must be at least 0"),
        ({REVENUE: "1" * 30}, "is too large"),
        ({REVENUE: "x"}, "is not a number"),
        ({STARTS: "2026-04-01"}, "must not be before the start of the fiscal year"),
        ({ENDS: "2025-02-30"}, "is not a date"),
        ({"企業コード": "9999"}, "is the code of no record"),
        ({"通貨": ""}, "is needed"),
        ({FILING: "S100ZZZZ"}, "refers to a record that there is not"),
        ({REVENUE: "1"}, "stands already"),
    ],
)
def test_a_row_is_refused_by_the_rules_of_its_columns_and_the_others_are_taken(
    toyota: Any, cells: dict[str, str], reason: str
) -> None:
    filed(company_id=toyota.id, **FIGURES)
    (line,) = exported()
    good = [new(line, **{ENDS: f"{y}-03-31", STARTS: f"{y - 1}-04-01"} | _period(y)) for y in (2021, 2022)]
    bad = new(line, **({REVISION: "1"} if REVENUE not in cells or cells[REVENUE] != "1" else {}) | cells)
    preview = look([*good, bad], "new")
    assert (preview.counts["created"], preview.counts["rejected"]) == (2, 1)
    first = preview.refused[0]
    assert (first.line, reason in first.reason % first.params) == (4, True)


def test_new_rows_are_taken_only_where_they_are_asked_for(toyota: Any) -> None:
    filed(company_id=toyota.id, **FIGURES)
    (line,) = exported()
    preview = look([{**line, REVENUE: "3"}, new(line, **{REVISION: "1"})])
    assert (preview.counts["updated"], preview.counts["created"], preview.counts["rejected"]) == (1, 0, 1)


def test_few_rows_that_differ_in_a_long_list_are_what_somebody_has_edited(
    toyota: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = [filed(company_id=toyota.id, **FIGURES | _year(year)) for year in (2021, 2022, 2023)]
    edit(rows[0], revenue=Decimal(7))
    lines = sorted(exported(), key=lambda line: line[ENDS])
    monkeypatch.setattr(feeding, "MOST_ITEMS", 2)
    path = tmp_path / "list.csv"
    path.write_bytes(as_csv([{**lines[0], REVENUE: "8"}, *lines[1:]]))
    change_set = importing.carry_out(importing.preview(Request("table", "list.csv", path, AUTHOR)))
    assert change_set is not None
    assert (change_set.kind, change_set.feed) == ("edit", None)
    assert (change_set.counts["updated"], change_set.counts["unchanged"]) == (1, 2)
    items = select(ChangeSetItem.row_key, ChangeSetItem.after).where(
        ChangeSetItem.change_set_id == change_set.id
    )
    assert [tuple(row) for row in db.session.execute(items)] == [(str(rows[0].id), {"revenue": "8"})]


def test_a_long_table_that_waits_is_written_beside_what_others_have_changed_meanwhile(toyota: Any) -> None:
    row = filed(company_id=toyota.id, **FIGURES)
    (line,) = exported()
    waiting = importing.submit(look([{**line, REVENUE: "8", "従業員数": ""}]))
    assert waiting is not None
    edit(row, bps=Decimal(3))
    importing.confirm(waiting.id, AUTHOR)
    assert stored("revenue", "employees", "bps") == [(8, None, 3)]
