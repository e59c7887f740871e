import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files import builders, workbook_builders
from tests.files.builders import company, edinet_csv, edinet_text
from webapp.files import cells, edinet_codes
from webapp.files.edinet_codes import EdinetFiler
from webapp.files.rows import BadRow, MasterList, WrongFile
from webapp.rules.company import check_digit
from webapp.rules.fields import unseen

FILER = EdinetFiler(
    line=3,
    edinet_code="E00004",
    filer_type="内国法人・組合",
    is_listed=True,
    has_consolidated=True,
    capital_stock=Decimal(1_491_000_000),
    fiscal_year_end_month=5,
    fiscal_year_end_day=31,
    name_ja="試験種苗株式会社",
    name_en="SHIKEN SEEDS CO., LTD.",
    name_kana="シケンシュビョウカブシキガイシャ",
    head_office_address="前橋市古市町一丁目５０番地１２",
    edinet_industry="水産・農林業",
    ticker_symbol="1376",
    corporate_number="5070001000715",
)
BLANK = dict.fromkeys(edinet_codes.HEADINGS, "") | {
    "ＥＤＩＮＥＴコード": "E00005",
    "提出者種別": "外国政府等",
    "提出者名": "試験国",
}


def only_bad_row(column: str, value: str) -> BadRow:
    """The refusal of a row that lies between two good ones."""
    neighbours = company(code="E00001"), company(code="E00003")
    found = edinet_codes.read(edinet_csv(neighbours[0], company({column: value}), neighbours[1]))
    assert [filer.edinet_code for filer in found.rows] == ["E00001", "E00003"]
    (bad,) = found.bad_rows
    assert bad.line == 4
    return bad


def test_the_official_zip_is_read() -> None:
    found = edinet_codes.read(builders.edinet_zip(builders.COMPANY, builders.PERSON))
    named = frozenset(["E00004"])
    assert found == MasterList(date(2023, 10, 31), (FILER,), (), {"natural_person": 1}, 2, "cp932", named)


@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig", "utf-8", "utf-16"])
def test_its_csv_alone_is_read_in_any_encoding(encoding: str) -> None:
    found = edinet_codes.read(edinet_text(builders.COMPANY).encode(encoding))
    assert list(found.rows) == [FILER]


def test_a_csv_that_a_spreadsheet_saved_again_is_read() -> None:
    # Its padding: as many commas in the first line as there are headings, and no quotation marks.
    text = edinet_text(company({"提出者名（英字）": "SEEDS"})).replace('"', "")
    text = text.replace("1件", "1件" + "," * 9) + "," * 12 + "\r\n"
    (filer,) = edinet_codes.read(text.encode("utf-8-sig")).rows
    assert filer.name_en == "SEEDS"


@pytest.mark.parametrize("kind", edinet_codes.FILER_TYPES.values())
def test_a_kind_of_filer_is_the_same_in_every_width(kind: str) -> None:
    row = company({"提出者種別": kind.translate(str.maketrans("（）・", "()･"))})
    (filer,) = edinet_codes.read(edinet_text(row).encode()).rows
    assert filer.filer_type == kind


def test_a_natural_person_is_one_in_every_width() -> None:
    person = {"提出者種別": "個人(組合発行者を除く)", "提出者業種": "個人(組合発行者を除く)"}
    found = edinet_codes.read(edinet_text(company(person)).encode())
    assert (found.rows, found.bad_rows, found.left_out) == ((), (), {"natural_person": 1})


def test_a_spreadsheets_unicode_text_is_read() -> None:
    text = edinet_text(company({"提出者名（英字）": "SEEDS, LTD."})).replace('","', '"\t"')
    title, _line, rest = text.partition("\n")
    headings, _line, rows = rest.partition("\n")
    text = "\n".join((title.replace(",", "\t"), headings.replace(",", "\t"), rows))
    found = edinet_codes.read(text.encode("utf-16"))
    assert ([filer.name_en for filer in found.rows], found.encoding) == (["SEEDS, LTD."], "utf-16")


def as_a_sheet(*rows: dict[str, str]) -> list[list[str | float]]:
    """As a spreadsheet holds the list that it has opened: what looks like a number or a day of the year is one."""
    day_of_year = {"5月31日": 46173.0}
    cells = [[day_of_year.get(cell) or number_or(cell) for cell in list_row(row)] for row in rows]
    title = ["ダウンロード実行日", "2023年10月31日現在", "件数", f"{len(rows)}件"]
    return [title, list(edinet_codes.HEADINGS), *cells]


def list_row(row: dict[str, str]) -> list[str]:
    return [row.get(heading, "") for heading in edinet_codes.HEADINGS]


def number_or(cell: str) -> str | float:
    return float(cell) if cell.isascii() and cell.isdigit() else cell


@pytest.mark.parametrize(
    ("build", "name"),
    [(workbook_builders.xls, "Edinetcode.xls"), (workbook_builders.xlsx, "EDINETCODE.XLSX")],
)
def test_a_workbook_is_read_as_its_csv_would_be(build: Any, name: str) -> None:
    found = edinet_codes.read(build(as_a_sheet(builders.COMPANY, builders.PERSON)), name)
    named = frozenset(["E00004"])
    assert found == MasterList(date(2023, 10, 31), (FILER,), (), {"natural_person": 1}, 2, "workbook", named)


def test_a_row_of_a_workbook_is_refused_by_the_number_that_the_sheet_shows() -> None:
    title, headings, good, bad = as_a_sheet(company(), company({"上場区分": "廃止"}, code="E00005"))
    sheet = workbook_builders.xlsx([title, headings, [""] * 13, good, bad])
    assert edinet_codes.read(sheet).bad_rows == (
        BadRow(5, "上場区分", "廃止", "The value is neither 上場 nor 非上場 nor blank."),
    )


def test_a_workbooks_name_with_another_content_changes_nothing() -> None:
    with pytest.raises(WrongFile, match="an Excel workbook, as the file's name says; found something else"):
        edinet_codes.read(b"<!DOCTYPE html>", "Edinetcode.xlsx")


def test_blank_cells_are_none() -> None:
    (filer,) = edinet_codes.read(edinet_csv(BLANK)).rows
    given_up = {name for name, value in dataclasses.asdict(filer).items() if value is None}
    assert given_up == set(EdinetFiler.__dataclass_fields__) - {
        "line",
        "edinet_code",
        "filer_type",
        "name_ja",
    }


@pytest.mark.parametrize(
    ("written", "month", "day"),
    [
        ("3月31日", 3, 31),
        ("3/31", 3, 31),
        ("3月末日", 3, 31),
        ("2月末日", 2, 31),
        ("2月28日", 2, 28),
        ("2月29日", 2, 29),
        ("12月20日", 12, 20),
        ("5月15日", 5, 15),
        ("5月11日", 5, 11),
        ("１２月３１日", 12, 31),
        # A spreadsheet made days of the year in which it was opened of them.
        ("46112", 3, 31),
        ("2026/3/31", 3, 31),
        ("2026-12-20 00:00:00", 12, 20),
    ],
)
def test_the_fiscal_year_end_is_kept_to_the_day(written: str, month: int, day: int) -> None:
    (filer,) = edinet_codes.read(edinet_csv(company({"決算日": written}))).rows
    assert (filer.fiscal_year_end_month, filer.fiscal_year_end_day) == (month, day)


@pytest.mark.parametrize(
    ("written", "yen"), [("0", 0), ("", None), ("1", 1_000_000), ("10,065", 10_065_000_000)]
)
def test_capital_is_in_whole_yen_and_zero_is_not_blank(written: str, yen: int | None) -> None:
    (filer,) = edinet_codes.read(edinet_csv(company({"資本金": written}))).rows
    assert filer.capital_stock == yen
    assert yen is None or isinstance(filer.capital_stock, Decimal)


@pytest.mark.parametrize(("written", "meaning"), [("上場", True), ("非上場", False), ("", None)])
def test_a_filer_is_listed_unlisted_or_neither(written: str, meaning: bool | None) -> None:
    (filer,) = edinet_codes.read(edinet_csv(company({"上場区分": written}))).rows
    assert filer.is_listed is meaning


@pytest.mark.parametrize(("written", "meaning"), [("有", True), ("無", False), ("", None)])
def test_a_filer_consolidates_does_not_or_does_not_say(written: str, meaning: bool | None) -> None:
    (filer,) = edinet_codes.read(edinet_csv(company({"連結の有無": written}))).rows
    assert filer.has_consolidated is meaning


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("ＥＤＩＮＥＴコード", "", "The value is missing."),
        ("ＥＤＩＮＥＴコード", "G12345", "This is a fund's code, not a company's."),
        ("ＥＤＩＮＥＴコード", "E1234", "An EDINET code is E and five digits."),
        ("ＥＤＩＮＥＴコード", "E00001", "An earlier row of the file has the same code."),
        ("上場区分", "廃止", "The value is neither 上場 nor 非上場 nor blank."),
        ("連結の有無", "○", "The value is neither 有 nor 無 nor blank."),
        ("資本金", "△1", "This is not a whole number from zero up."),
        ("決算日", "31-May", "A fiscal year's end is written as 3月31日 or 3月末日."),
        ("決算日", "13月31日", "A fiscal year's end is written as 3月31日 or 3月末日."),
        ("決算日", "2月30日", "There is no such day."),
        ("決算日", "4月0日", "There is no such day."),
        ("提出者名", "", "The value is missing."),
        (
            "証券コード",
            "25935",
            "The securities code belongs to another class of share: its last character is not 0.",
        ),
        ("証券コード", "1376", "A securities code has 5 characters here."),
        ("提出者法人番号", "6070001000715", "The check digit of the corporate number is wrong."),
    ],
)
def test_a_bad_row_is_refused_by_line_column_value_and_reason(column: str, value: str, reason: str) -> None:
    assert only_bad_row(column, value) == BadRow(4, column, value, reason)


def test_a_control_character_is_refused_and_shown_as_a_space() -> None:
    assert only_bad_row("所在地", "前橋\x01市") == BadRow(
        4, "所在地", "前橋 市", "The text holds a control character or another invisible one."
    )


def test_a_refused_row_still_says_that_its_company_is_on_the_list() -> None:
    text = edinet_text(*(company({"決算日": "13月"}, code=f"E0000{n}") for n in range(5)))
    text = (
        text.replace('"E00001"', '"E00001')
        .replace('"E00002","', '"E00002","",')
        .replace('"E00003"', '"Ｅ00003"')
    )
    found = edinet_codes.read(text.encode())
    assert (found.rows, len(found.bad_rows)) == ((), 5)
    assert found.named == {"E00000", "E00001", "E00002", "E00003", "E00004"}


def test_every_later_row_with_the_same_securities_code_is_refused() -> None:
    rows = [company({"証券コード": "13760"}, code=f"E0000{n}") for n in range(3)]
    found = edinet_codes.read(edinet_csv(*rows))
    assert [filer.edinet_code for filer in found.rows] == ["E00000"]
    assert [(bad.line, bad.column, bad.value) for bad in found.bad_rows] == [
        (4, "証券コード", "1376"),
        (5, "証券コード", "1376"),
    ]


def test_a_row_of_another_width_is_refused() -> None:
    text = edinet_text(company(), company(code="E00005"))
    found = edinet_codes.read(text.replace('"E00004",', "", 1).encode())
    assert found.bad_rows == (
        BadRow(3, None, "12 columns", "The row does not have as many columns as the headings."),
    )
    assert len(found.rows) == 1


def test_an_unclosed_quotation_mark_costs_one_row() -> None:
    rows = [company(code=f"E0000{n}") for n in range(3)]
    spoiled = edinet_text(*rows).replace('"E00001"', '"E00001')
    found = edinet_codes.read(spoiled.encode())
    assert [filer.edinet_code for filer in found.rows] == ["E00000", "E00002"]
    assert [(bad.line, bad.column, bad.value) for bad in found.bad_rows] == [(4, None, None)]


def test_a_run_of_accents_costs_one_row_and_no_time() -> None:
    accents = "e" + "\u0301\u0327" * 60_000
    text = edinet_text(company({"提出者名": accents}), company(code="E00005"))
    found = edinet_codes.read(text.encode())
    assert [filer.edinet_code for filer in found.rows] == ["E00005"]
    assert [(bad.line, bad.value) for bad in found.bad_rows] == [(3, None)]


@pytest.mark.parametrize(
    "changes",
    [
        {"ＥＤＩＮＥＴコード": ""},
        {"ＥＤＩＮＥＴコード": "G12345"},
        {"提出者名": "甲野\x00"},
        {"決算日": "13月"},
        {"証券コード": "25935"},
        {"提出者種別": "個人（非居住者）（組合発行者を除く）"},
        {"提出者種別": "　個人"},
    ],
)
def test_a_natural_person_is_counted_whatever_else_the_row_holds(changes: dict[str, str]) -> None:
    found = edinet_codes.read(edinet_csv({**builders.PERSON, **changes}))
    assert (found.rows, found.bad_rows, found.left_out) == ((), (), {"natural_person": 1})


@pytest.mark.parametrize("kind", ["", "内国法人・組合", "自然人", builders.PERSON_NAME])
def test_a_row_that_may_be_a_persons_is_refused_and_not_quoted(kind: str) -> None:
    found = edinet_codes.read(edinet_csv({**builders.PERSON, "提出者種別": kind}))
    assert found.bad_rows == (
        BadRow(3, "提出者種別", None, "Whether this is a company or a natural person cannot be told."),
    )


def test_other_rows_than_the_first_line_says_change_nothing() -> None:
    for count in (1, 3):
        with pytest.raises(
            WrongFile, match=f"Expected as many rows as the first line says, {count}; found 2"
        ):
            edinet_codes.read(edinet_csv(company(), builders.PERSON, count=count))


def test_a_csv_that_is_cut_off_changes_nothing() -> None:
    content = edinet_csv(company(), company(code="E00005"))
    with pytest.raises(WrongFile, match="Expected as many rows as the first line says, 2;"):
        edinet_codes.read(content[: content.rindex(b'"E00005"')])


@pytest.mark.parametrize(
    ("first_line", "found"),
    [
        (",".join(edinet_codes.HEADINGS), "the headings in the first line"),
        ("<!DOCTYPE html>", "a web page"),
        ("日付,コード", "another first line"),
        (f"E00999,個人（組合発行者を除く）,,{builders.PERSON_NAME}", "another first line"),
        ("ダウンロード実行日,2023年10月31日現在,件数,約1件", "another first line"),
        ("ダウンロード実行日,昨日,件数,1件", "another first line"),
        ('"ダウンロード実行日', "another first line"),
    ],
)
def test_another_first_line_changes_nothing(first_line: str, found: str) -> None:
    text = first_line + "\r\n" + edinet_text(company()).partition("\r\n")[2]
    with pytest.raises(WrongFile) as wrong:
        edinet_codes.read(text.encode())
    assert str(wrong.value) == (
        f"Expected a first line ダウンロード実行日,…年…月…日現在,件数,…件; found {found}."
    )


@pytest.mark.parametrize(
    ("day", "count"), [("2023年13月31日", "1"), ("2023年2月29日", "1"), ("2023年10月31日", "1,1")]
)
def test_a_first_line_that_cannot_be_true_changes_nothing(day: str, count: str) -> None:
    text = edinet_text(company(), day=day).replace("件数,1件", f'件数,"{count}件"')
    with pytest.raises(WrongFile, match="a real day and number in the first line"):
        edinet_codes.read(text.encode())


def test_a_file_of_blank_rows_changes_nothing() -> None:
    with pytest.raises(WrongFile, match="found another first line"):
        edinet_codes.read(b",,,\r\n,,,\r\n")


def test_other_headings_change_nothing() -> None:
    renamed = edinet_text(company()).replace("上場区分", "上場の有無")
    with pytest.raises(WrongFile, match="found 上場の有無 instead of 上場区分"):
        edinet_codes.read(renamed.encode())
    with pytest.raises(WrongFile, match="found no heading line"):
        edinet_codes.read(edinet_text(count=0).partition("\r\n")[0].encode())


def test_a_zip_of_something_else_changes_nothing() -> None:
    with pytest.raises(WrongFile, match="a zip with one CSV in it"):
        edinet_codes.read(builders.zipped({"readme.txt": b"nothing"}))
    with pytest.raises(WrongFile, match="an Excel workbook; found one that is damaged or of an unknown kind"):
        edinet_codes.read(builders.zipped({"xl/workbook.xml": b"<workbook/>"}))
    with pytest.raises(WrongFile, match="a first line"):
        edinet_codes.read(builders.zipped({"jpx.csv": builders.jpx_csv(builders.ISSUE)}))


words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1).filter(
    lambda word: unseen(word) is None
)


@given(
    codes=st.lists(st.from_regex(edinet_codes.EDINET_CODE, fullmatch=True), unique=True, max_size=6),
    name=words,
    millions=st.none() | st.integers(0, 10**13),
    base=st.none() | st.from_regex("[0-9]{12}", fullmatch=True),
    persons=st.integers(0, 3),
)
def test_what_is_written_is_read(
    codes: list[str], name: str, millions: int | None, base: str | None, persons: int
) -> None:
    number = base and f"{check_digit(base)}{base}"
    rows = [
        company(
            {
                "提出者名": name,
                "資本金": "" if millions is None else f"{millions:,}",
                "提出者法人番号": number or "",
            },
            code=code,
        )
        for code in codes
    ]
    found = edinet_codes.read(edinet_text(*rows, *[builders.PERSON] * persons).encode())
    assert found.bad_rows == ()
    assert found.left_out == {"natural_person": persons}
    assert [filer.edinet_code for filer in found.rows] == codes
    for line, filer in enumerate(found.rows, start=3):
        assert filer.line == line
        assert filer.name_ja == cells.text(name)
        assert filer.capital_stock == (None if millions is None else millions * 1_000_000)
        assert filer.corporate_number == number


SOUND = edinet_csv(builders.COMPANY, builders.PERSON, builders.PERSON)
PERSON_LINE = edinet_csv(builders.PERSON).split(b"\r\n")[2]


def read_or_refusal(content: bytes) -> MasterList[EdinetFiler] | str:
    try:
        return edinet_codes.read(content)
    except WrongFile as wrong:
        return str(wrong)


@given(builders.spoiled(SOUND) | builders.spoiled(builders.edinet_zip(builders.COMPANY, builders.PERSON)))
def test_a_spoiled_list_is_refused_or_every_row_is_accounted_for(content: bytes) -> None:
    found = read_or_refusal(content)
    if isinstance(found, str):
        assert "\n" not in found
    else:
        assert found.total_rows == len(found.rows) + len(found.bad_rows) + sum(found.left_out.values())
    assert not any(name in repr(found) for name in ("甲野", "コウノ"))


@given(builders.spoiled(PERSON_LINE), builders.spoiled(PERSON_LINE))
def test_a_spoiled_persons_row_never_shows_the_person(one: bytes, other: bytes) -> None:
    lines = [line.replace(b"\r", b"").replace(b"\n", b"") for line in (one, other)]
    content = edinet_csv(count=2) + b"\r\n".join(lines)
    found = read_or_refusal(content)
    assert isinstance(found, str) or not found.rows
    assert not any(name in repr(found) for name in ("甲野", "コウノ"))
