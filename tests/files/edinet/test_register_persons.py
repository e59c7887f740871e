"""Daily lists that wait for a decision say of documents that are not kept here that there were some, and when."""

import json

import pytest

from tests.files import register
from webapp.files import archives, edinet_documents
from webapp.files.edinet import register_persons
from webapp.files.rows import WrongFile

NAME = "2025-06-25.csv"
SOMEBODY = "丙川三郎"
OF_A_PERSON = register.document(
    docID="S100HELD",
    docTypeCode="350",
    edinetCode="E09999",
    filerName=SOMEBODY,
    docDescription=f"{SOMEBODY}の報告",
)
ROWS = (
    register.document(),
    OF_A_PERSON,
    register.document(docID="S100FUND", ordinanceCode="030", filerName="試験投信株式会社"),
    register.CLOSED | {"filerName": SOMEBODY},
    register.WITHDRAWAL,
    register.document(docID="S100BAD1", submitDateTime=""),
)
DAY = register.day(*ROWS)
ODD = f"9,S100WIDE,E09999,,,{SOMEBODY},,010,,350,,,,,,,,,,,,,,,,,,,,,9\n" + f'10,"S100"X,"{SOMEBODY}\n'


def answered(*rows: dict[str, str]) -> bytes:
    """The day as EDINET's interface answers it."""
    metadata = {"parameter": {"date": "2025-06-25"}, "status": "200", "processDateTime": "2025-06-26 00:00"}
    filled = [{name: row.get(name) for name in edinet_documents.HEADINGS} for row in rows]
    return json.dumps({"metadata": metadata, "results": filled}).encode()


@pytest.mark.parametrize(
    "whole",
    [
        DAY + ODD.encode(),
        DAY.decode("utf-8-sig").encode("cp932"),
        register.EMPTY,
        answered(*ROWS),
        archives.packed({NAME: DAY, "2025-06-26.csv": register.EMPTY, "2025-06-27.json": answered(*ROWS)}),
    ],
    ids=["csv", "cp932", "empty", "json", "zip"],
)
def test_what_is_kept_of_a_day_names_no_person_and_is_read_as_the_day_is(whole: bytes) -> None:
    kept = register_persons.without(whole).content
    assert edinet_documents.read(kept, NAME) == edinet_documents.read(whole, NAME)
    for written in ("utf-8", "cp932", "unicode_escape"):
        assert SOMEBODY.encode(written) not in kept
    assert b"E09999" not in kept


@pytest.mark.parametrize(
    "whole",
    [
        DAY.partition(b"\n")[2],
        b'{"StatusCode": 401}',
        b'{"results": ["' + SOMEBODY.encode() + b'"]}',
        b'{"results": ',
    ],
    ids=["no headings", "refusal", "other JSON", "half of it"],
)
def test_what_is_refused_as_a_whole_names_no_person_either(whole: bytes) -> None:
    with pytest.raises(WrongFile):
        edinet_documents.read(register_persons.without(whole).content, NAME)
