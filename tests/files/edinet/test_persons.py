"""A list of filers that waits for a decision says of natural persons that they are some, and nothing else."""

import csv
from collections.abc import Callable

import pytest

from tests.files import builders, workbook_builders
from tests.files.builders import PERSON, PERSON_NAME, company, edinet_text
from webapp.files import edinet_codes, encodings, list_records
from webapp.files.edinet import persons
from webapp.files.rows import WrongFile

NAME, CODE, TYPE = "提出者名", "ＥＤＩＮＥＴコード", "提出者種別"
# What stands in the rows below and names somebody, or might.
NAMES = (PERSON_NAME, "コウノ", "丙川", "E00999")
ROWS = (
    company(),
    PERSON,
    PERSON | {TYPE: "個人", "所在地": "丙川町"},
    # Cells that have moved, and what nobody can tell: company or person.
    PERSON | {CODE: "E00005", TYPE: "丙川三郎"},
    company(code="E00006") | {"提出者業種": "個人（組合発行者を除く）", NAME: "丙川三郎"},
    company(code="E00007") | {"資本金": "1x"},
)
# A comma too many, blanks at the end, and quotation marks that do not match.
ODD = (
    "E00008,個人,,,,,丙川三郎,,,東京都,1-1,,,,9\r\n"
    "E00009,個人,,,,,丙川三郎,,,,,,,,\r\n"
    "E00010,丙川三郎,,,,,,,,,,,,,\r\n"
    ",,\r\n"
)
TEXT = edinet_text(*ROWS, count=len(ROWS) + 3) + ODD
UNMATCHED = edinet_text(*ROWS, count=len(ROWS) + 1) + 'E00011,個人,"丙川"三郎,"\r\n'


def in_utf_16(text: str) -> bytes:
    return "\n".join("\t".join(cells) for cells in csv.reader(text.splitlines())).encode("utf-16")


def zipped(text: str) -> bytes:
    return builders.zipped({"EdinetcodeDlInfo.csv": text.encode("cp932")})


def as_workbook(text: str) -> bytes:
    return workbook_builders.xlsx(list(csv.reader(text.splitlines())))


def read_again(content: bytes) -> str:
    if list_records.is_workbook(content):
        return str(list_records.of_sheet(content))
    return encodings.decode(content)[0]


@pytest.mark.parametrize(
    "whole",
    [
        TEXT.encode("cp932"),
        TEXT.encode("utf-8-sig"),
        in_utf_16(TEXT),
        zipped(TEXT),
        as_workbook(TEXT),
        UNMATCHED.encode("cp932"),
        as_workbook(edinet_text(PERSON | {NAME: "丙川" * 300, CODE: "E00012"})),
    ],
    ids=["cp932", "utf-8", "utf-16", "zip", "workbook", "unmatched", "far too long"],
)
def test_what_is_kept_of_a_list_names_no_person_and_is_read_as_the_list_is(whole: bytes) -> None:
    kept = persons.without(whole).content
    assert edinet_codes.read(kept) == edinet_codes.read(whole)
    assert not [name for name in NAMES if name in read_again(kept)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.partition("\r\n")[2],
        lambda text: "丙川三郎の控え\r\n" + text,
        lambda text: text.replace(TYPE, "種別", 1),
        lambda text: text.replace(",".join(edinet_codes.HEADINGS) + "\r\n", ""),
    ],
    ids=["no title", "a line above", "another heading", "no headings"],
)
def test_a_list_that_is_refused_as_a_whole_is_refused_alike_and_names_no_person(
    spoil: Callable[[str], str],
) -> None:
    whole = spoil(TEXT).encode("cp932")
    kept = persons.without(whole).content
    refusals = []
    for content in (whole, kept):
        with pytest.raises(WrongFile) as refused:
            edinet_codes.read(content)
        refusals.append(refused.value.found % refused.value.values)
        assert not [name for name in NAMES if name in str(refused.value.values)]
    assert refusals[0] == refusals[1]
    assert not [name for name in NAMES if name in read_again(kept)]


def test_what_cannot_be_read_cannot_be_kept() -> None:
    with pytest.raises(WrongFile):
        persons.without(TEXT.encode("cp932") + b"\x81")
