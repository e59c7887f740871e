import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given

from tests.files import builders
from tests.files.register import CLOSED, DOCUMENT, EMPTY, WITHDRAWAL, day, document, listed_again
from webapp.files import archives, delimited, edinet_documents, looking
from webapp.files.edinet_documents import RegisterEntry
from webapp.files.rows import BadRow, MasterList, WrongFile

PERSON = document(docTypeCode="350", ordinanceCode="060", filerName="甲野　乙太郎")
LIST = day(document(), WITHDRAWAL, PERSON)


def entry(row: dict[str, str]) -> RegisterEntry:
    (only,) = edinet_documents.read(day(row), "2025-07-02.csv").rows
    return only


def refusal(row: dict[str, str]) -> BadRow:
    (only,) = edinet_documents.read(day(row, document(docTypeCode="180")), "list.csv").bad_rows
    return only


def test_a_document_is_read_with_all_that_the_register_says_of_it() -> None:
    listed = entry(document())
    assert (listed.is_listing, listed.edinet_code, listed.line) == (True, "E00004", 2)
    assert listed.values == {
        "doc_id": "S100W4NT",
        "document_type": "120",
        "submitted_at": datetime(2025, 6, 25, 0, 0, tzinfo=UTC),
        "period_start_on": date(2024, 4, 1),
        "period_end_on": date(2025, 3, 31),
        "ordinance_code": "010",
        "form_code": "030000",
        "description": DOCUMENT["docDescription"],
        "submission_no": 1,
        "withdrawal_status": "0",
        "amendment_status": "0",
        "disclosure_status": "0",
        "has_xbrl": True,
        "has_pdf": True,
        "has_csv": True,
    }


def test_a_list_of_2022_has_27_columns_and_does_not_say_whether_there_is_a_csv() -> None:
    content = day(document(), headings=edinet_documents.HEADINGS_OF_2022)
    (listed,) = edinet_documents.read(content, "2022.csv").rows
    assert "has_csv" not in listed.values
    assert listed.values["has_pdf"] is True


def test_what_is_listed_again_tells_when_it_was_edited_and_has_no_number_of_its_own_day() -> None:
    listed = entry(listed_again())
    edited_at = datetime(2025, 7, 3, 4, 39, tzinfo=UTC)
    assert (listed.told_at, listed.values["edited_at"]) == (edited_at, edited_at)
    assert listed.values["amendment_status"] == "1"
    assert "submission_no" not in listed.values


def test_a_withdrawal_is_about_the_document_that_it_withdraws() -> None:
    withdrawal = entry(WITHDRAWAL)
    assert (withdrawal.doc_id, withdrawal.is_listing) == ("S100W4NT", False)
    told_at = datetime(2025, 7, 1, 2, tzinfo=UTC)
    assert withdrawal.values == {"withdrawal_status": "2", "withdrawn_at": told_at}


def test_a_document_closed_to_the_public_has_nothing_but_its_state() -> None:
    closed = entry(CLOSED)
    assert (closed.doc_id, closed.is_listing) == ("S100W4NT", False)
    assert closed.values == {
        "disclosure_status": "1",
        "edited_at": datetime(2025, 7, 2, 1, 30, tzinfo=UTC),
    }


def test_without_a_moment_a_state_is_of_the_day_of_its_list() -> None:
    closed = entry({"docID": "S100W4NT", "disclosureStatus": "2"})
    assert closed.told_at == datetime(2025, 7, 1, 15, tzinfo=UTC)
    assert refusal({"docID": "S100W4NT", "disclosureStatus": "2"}).column == "submitDateTime"


def test_codes_whose_noughts_a_spreadsheet_has_taken_are_what_they_were() -> None:
    saved = entry(document(ordinanceCode="10", formCode="30000.0", docTypeCode="120.0"))
    assert saved == entry(document())


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (document(ordinanceCode="030"), "fund"),
        (document(ordinanceCode="30"), "fund"),
        (document(docTypeCode="180"), "other_document"),
        (PERSON, "other_document"),
        ({"docID": "S100W4NT", "legalStatus": "0"}, "row_without_content"),
    ],
)
def test_what_is_out_of_scope_is_counted_by_reason_and_not_kept(row: dict[str, str], reason: str) -> None:
    listing = edinet_documents.read(day(row), "2025-06-25.csv")
    assert (listing.rows, listing.bad_rows, listing.total_rows) == ((), (), 1)
    assert {kind: number for kind, number in listing.left_out.items() if number} == {reason: 1}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (document(docID="X100"), "docID"),
        (document(edinetCode=""), "edinetCode"),
        (document(docTypeCode=""), "docTypeCode"),
        (document(ordinanceCode=""), "ordinanceCode"),
        (document(submitDateTime=""), "submitDateTime"),
        (document(submitDateTime="2025-06-31 09:00"), "submitDateTime"),
        (document(opeDateTime="soon"), "opeDateTime"),
        (document(periodEnd="2025-13-01"), "periodEnd"),
        (document(withdrawalStatus="9"), "withdrawalStatus"),
        (document(disclosureStatus="x"), "disclosureStatus"),
        (document(pdfFlag="yes"), "pdfFlag"),
        (document(docDescription="a\u200bb"), "docDescription"),
        ({**WITHDRAWAL, "parentDocID": ""}, "parentDocID"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_with_its_column(row: dict[str, str], column: str) -> None:
    assert refusal(row).column == column


def test_an_empty_day_is_a_byte_order_mark_only_and_has_its_day_in_its_name() -> None:
    listing = edinet_documents.read(EMPTY, "documents_2026-01-01.csv")
    assert (listing.as_of_on, listing.total_rows) == (date(2026, 1, 1), 0)
    assert edinet_documents.read(day(), "20260102.csv").as_of_on == date(2026, 1, 2)
    for name in ("empty.csv", "2026-02-31.csv"):
        with pytest.raises(WrongFile, match="day in its name; found none"):
            edinet_documents.read(EMPTY, name)


def test_several_days_are_one_list_and_each_line_knows_its_file() -> None:
    files = {
        "2025-07-02.csv": day(document(docID="X"), document(docID="S100W4NU")),
        "2025-07-01.csv": EMPTY,
        "2025-06-25.csv": day(document(docID=""), document()),
    }
    listing = edinet_documents.read(archives.packed(files), "days.zip")
    assert (listing.as_of_on, listing.total_rows, len(listing.rows)) == (date(2025, 7, 2), 4, 2)
    places = [(bad.file, bad.line) for bad in map(listing.placed, listing.bad_rows)]
    assert places == [("2025-06-25.csv", 2), ("2025-07-02.csv", 2)]
    assert [listing.place(row.line) for row in listing.rows] == [("2025-06-25.csv", 3), ("2025-07-02.csv", 3)]


def test_of_several_days_the_wrong_one_is_named() -> None:
    content = archives.packed({"2025-06-25.csv": LIST, "codes.csv": b"docTypeCode,label\n120,x\n"})
    with pytest.raises(WrongFile) as refused:
        edinet_documents.read(content, "days.zip")
    assert refused.value.part == "codes.csv"


def read_or_refusal(content: bytes) -> MasterList[RegisterEntry] | str:
    try:
        return edinet_documents.read(content, "2025-06-25.csv")
    except WrongFile as wrong:
        return str(wrong)


@given(builders.spoiled(LIST) | builders.spoiled(archives.packed({"2025-06-25.csv": LIST})))
def test_a_spoiled_list_is_refused_or_every_row_is_accounted_for(content: bytes) -> None:
    listing = read_or_refusal(content)
    if isinstance(listing, str):
        assert "\n" not in listing
    else:
        kept = len(listing.rows) + len(listing.bad_rows) + sum(listing.left_out.values())
        assert kept == listing.total_rows
    assert "甲野" not in repr(listing)


def answer(*rows: dict[str, object], **metadata: object) -> bytes:
    """A day's list as EDINET's interface gives it."""
    about = {"parameter": {"date": "2025-06-25", "type": "2"}, "status": "200", **metadata}
    return json.dumps({"metadata": about, "results": list(rows)}).encode()


def test_the_interfaces_own_json_is_a_list_like_its_csv() -> None:
    row = {**DOCUMENT, "seqNumber": 1, "secCode": None, "opeDateTime": None}
    (entry,) = edinet_documents.read(answer(row), "x.json").rows
    (same,) = edinet_documents.read(day(DOCUMENT), "x.csv").rows
    assert entry == same


def test_a_day_of_json_without_documents_has_its_day() -> None:
    listing = edinet_documents.read(answer(), "x.json")
    assert (listing.as_of_on, listing.total_rows, listing.rows) == (date(2025, 6, 25), 0, ())


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'{"StatusCode": 401, "message": "Access denied"}', "its refusal, 401"),
        (answer(status="404"), "its refusal, 404"),
        (b'{"results": 1}', "other JSON"),
        (b'{"results": [1]}', "other JSON"),
        (b"{", "JSON that cannot be read"),
        (b'{"metadata": {"parameter": {"date": "soon"}}, "results": []}', "none"),
    ],
)
def test_json_that_is_no_list_of_a_day_is_refused(content: bytes, found: str) -> None:
    with pytest.raises(WrongFile, match=found):
        edinet_documents.read(content, "x.json")


def test_more_rows_of_json_than_a_list_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MAX_RECORDS", 1)
    with pytest.raises(WrongFile, match="at most 1 rows"):
        edinet_documents.read(answer({}, {}), "x.json")


def test_the_interfaces_json_is_known_by_its_beginning() -> None:
    assert edinet_documents.is_begun_by(looking.look(answer(processDateTime="2025-06-26 00:01"), "x.json"))
    assert not edinet_documents.is_begun_by(looking.look(b'{"daily_quotes": []}', "x.json"))
