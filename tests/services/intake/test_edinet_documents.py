"""Days of EDINET's register over the stored filings."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, select

from tests import factories
from tests.factories import AUTHOR
from tests.files.register import CLOSED, DOCUMENT, WITHDRAWAL, day, document, listed_again
from tests.services.intake.lists import take
from webapp import db
from webapp.files import archives
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.rules import change
from webapp.services.changes import applying, proposing
from webapp.services.changes.proposals import Wish
from webapp.services.intake import importing
from webapp.services.intake.importing import Preview, Request

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture(autouse=True)
def filer(connection: Connection) -> Company:
    company: Company = factories.company(edinet_code=DOCUMENT["edinetCode"])
    return company


def look(*rows: dict[str, str]) -> Preview:
    return importing.preview(Request("edinet-documents", "2025-07-03.csv", day(*rows), AUTHOR))


def days(**content: bytes) -> Preview:
    packed = archives.packed({f"{name}.csv": bytes_of_day for name, bytes_of_day in content.items()})
    return importing.preview(Request("edinet-documents", "days", packed, AUTHOR))


def filing() -> Filing:
    db.session.expire_all()
    return db.session.get_one(Filing, DOCUMENT["docID"])


def counted(preview: Preview) -> tuple[int, int, int, int]:
    counts = preview.counts
    return counts["created"], counts["updated"], counts["unchanged"], counts["rejected"]


def test_a_listed_document_becomes_a_filing_of_its_filer(filer: Company) -> None:
    change_set = take(look(document()))
    assert change_set is not None
    assert change_set.source == "出典：EDINET閲覧（提出）サイト 書類一覧 (2025-07-03)"
    stored = filing()
    assert (stored.company_id, stored.ordinance_code, stored.form_code) == (filer.id, "010", "030000")
    assert (stored.description, stored.submission_no) == (DOCUMENT["docDescription"], 1)
    assert (stored.edited_at, stored.disclosure_status) == (None, "0")
    assert (stored.has_xbrl, stored.has_pdf, stored.has_csv) == (True, True, True)


def test_the_same_day_again_changes_nothing() -> None:
    take(look(document()))
    again = look(document())
    assert counted(again) == (0, 0, 1, 0)
    assert take(again) is None


def test_a_filer_that_is_not_known_is_counted_and_never_made() -> None:
    preview = look(document(edinetCode="E99999"))
    assert counted(preview) == (0, 0, 0, 0)
    assert preview.left_alone == {"unknown_filer": 1}
    assert take(preview) is None
    assert len(db.session.scalars(select(Company)).all()) == 1


def test_an_amendment_may_come_before_what_it_amends() -> None:
    amendment = document(docID="S100W4ZZ", docTypeCode="130", parentDocID=DOCUMENT["docID"])
    take(look(amendment))
    assert db.session.get_one(Filing, "S100W4ZZ").parent_doc_id == DOCUMENT["docID"]
    take(look(document()))
    assert filing().document_type == "120"


def test_a_document_listed_again_is_an_update_that_keeps_its_number_of_its_day() -> None:
    take(look(document()))
    again = look(listed_again(parentDocID="S100W000"))
    assert counted(again) == (0, 1, 0, 0)
    take(again)
    stored = filing()
    assert (stored.period_end_on, stored.parent_doc_id) == (date(2025, 3, 20), "S100W000")
    assert (stored.amendment_status, stored.submission_no) == ("1", 1)
    assert stored.edited_at == datetime(2025, 7, 3, 4, 39, tzinfo=UTC)


def test_an_earlier_row_does_not_take_back_what_the_office_edited() -> None:
    take(look(listed_again()))
    earlier = look(document())
    assert earlier.left_alone == {"earlier_than_what_is_stored": 1}
    assert take(earlier) is None
    assert filing().period_end_on == date(2025, 3, 20)


def test_a_withdrawal_marks_the_document_withdrawn_for_good() -> None:
    take(look(document()))
    withdrawn = look(WITHDRAWAL)
    assert counted(withdrawn) == (0, 1, 0, 0)
    take(withdrawn)
    assert filing().withdrawal_status == "2"
    assert take(look(document(), WITHDRAWAL)) is None
    take(look(listed_again()))
    assert (filing().withdrawal_status, filing().amendment_status) == ("2", "1")


def test_a_withdrawal_is_taken_after_a_later_edit_too() -> None:
    take(look(document(), listed_again()))
    take(look(WITHDRAWAL))
    assert filing().withdrawal_status == "2"


def test_what_is_closed_to_the_public_and_opened_again_says_so() -> None:
    take(look(document()))
    take(look(CLOSED))
    assert filing().disclosure_status == "1"
    assert filing().description == DOCUMENT["docDescription"]
    take(look({**CLOSED, "opeDateTime": "2025-07-03 09:00", "disclosureStatus": "3"}))
    assert filing().disclosure_status == "3"


def test_what_became_of_a_document_that_is_not_stored_is_counted() -> None:
    preview = look(WITHDRAWAL, CLOSED)
    assert (counted(preview), preview.left_alone) == (
        (0, 0, 0, 0),
        {"about_a_document_not_stored": 2},
    )


def test_several_days_are_one_change_set_in_which_a_document_is_one_row() -> None:
    # In whatever order the files come.
    later, first = day(listed_again(), WITHDRAWAL), day(document(), document(docID="S100W4NU"))
    preview = days(a=later, b=first)
    assert counted(preview) == (2, 0, 0, 0)
    assert preview.repeated == {"listed_again": 1, "withdrawn_or_closed_to_the_public": 1}
    take(preview)
    assert (filing().withdrawal_status, filing().amendment_status) == ("2", "1")
    again = days(a=later, b=first)
    assert counted(again) == (0, 0, 2, 0)
    assert take(again) is None


def test_a_refused_row_of_several_days_names_its_file_in_the_report_and_in_the_change_set() -> None:
    backwards = document(docID="S100W4NV", periodEnd="2024-01-01")
    preview = days(a=day(document(), document(docID="S100W4NU"), document(docID="x")), b=day(backwards))
    rejected = preview.report(None, "dry_run")["rejected"]
    assert [(row["file"], row["line"], row["column"]) for row in rejected] == [
        ("a.csv", 4, "docID"),
        ("b.csv", 2, "period_end_on"),
    ]
    change_set = take(preview)
    assert change_set is not None
    assert [(finding["record"], finding["line"]) for finding in change_set.findings[:1]] == [("a.csv", 4)]


def test_an_older_day_is_taken_after_a_later_one() -> None:
    take(look(document(submitDateTime="2025-07-03 09:00")))
    content = day(document(docID="S100W000", submitDateTime="2025-01-06 09:00"))
    older = importing.preview(Request("edinet-documents", "2025-01-06.csv", content, AUTHOR))
    assert take(older) is not None


def test_what_a_steward_set_is_kept_and_the_difference_reported() -> None:
    take(look(document()))
    corrected = [Wish(Filing, change.UPDATE, {"period_end_on": date(2025, 3, 30)}, (DOCUMENT["docID"],))]
    applying.carry_out(proposing.propose(corrected, factories.intent("edit")))
    again = days(a=day(document()), b=day(listed_again()))
    assert [(finding.field, finding.line) for finding in again.findings] == [("period_end_on", 2)]
    take(again)
    assert filing().period_end_on == date(2025, 3, 30)
