"""Files that are brought in the browser: what each would do, what is refused, and what is written."""

import hashlib
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse
from xlsxwriter import Workbook

from tests import people
from tests.factories import AUTHOR, company
from tests.files.builders import PERSON, PERSON_NAME, edinet_text
from tests.files.builders import company as filer
from tests.files.register import day, document
from tests.screens.browsing import Browser
from tests.services.intake import reports
from tests.services.intake.lists import UNLISTED
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.models.import_file import FilePart, ImportFile
from webapp.models.upload import Upload
from webapp.services.intake import importing
from webapp.services.intake.importing import Request
from webapp.services.intake.uploading import uploads as service
from webapp.services.queueing import long_changes, watching
from webapp.web import request_limits

pytestmark = pytest.mark.usefixtures("connection")

NEW = "/admin/imports/new/"


def a_list(*rows: dict[str, str]) -> bytes:
    return edinet_text(*rows or (filer(UNLISTED),)).encode("cp932")


def bring(browser: Browser, *files: tuple[bytes, str], **more: Any) -> TestResponse:
    sent = [(io.BytesIO(content), name) for content, name in files]
    return browser.post(NEW, {"files": sent, **more})


def brought(browser: Browser, content: bytes, name: str = "EdinetcodeDlInfo.csv") -> Upload:
    answer = bring(browser, (content, name))
    assert answer.status_code == 303, answer.text
    number = re.search(r"id=([0-9]+)", answer.location)
    assert number is not None, answer.location
    return db.session.get_one(Upload, int(number[1]))


def decide(browser: Browser, upload: Upload, decision: str = "write", **more: str) -> TestResponse:
    page = browser.get(f"{NEW}preview/", id=upload.id).text
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', page)
    assert digest is not None
    sent = {"id": upload.id, "decision": decision, "digest": digest[1], **more}
    return browser.post(f"{NEW}decide/", sent)


def companies() -> int:
    return int(db.session.scalar(select(func.count()).select_from(Company)) or 0)


def test_a_list_is_previewed_confirmed_with_a_reason_and_undone(app: Flask) -> None:
    browser, before = Browser(app), companies()
    upload = brought(browser, a_list())
    page = browser.get(f"{NEW}preview/", id=upload.id).text
    for told in ("EDINET code list", "cp932", "Write these changes?", "Created"):
        assert told in page
    assert companies() == before
    assert decide(browser, upload, reason="monthly list").status_code == 303
    assert companies() == before + 1
    change_set = db.session.get_one(ChangeSet, upload.change_set_id)
    assert (change_set.status, change_set.reason) == ("applied", "monthly list")
    page = browser.get(f"{NEW}preview/", id=upload.id).text
    assert "was written" in page
    assert "Undo this change" in page
    assert browser.post("/admin/change-sets/undo/", {"id": change_set.id}).status_code == 302
    assert companies() == before


def test_the_menu_counts_ones_own_files_that_wait_for_a_decision(app: Flask) -> None:
    browser, other = Browser(app), Browser(app, "approver")

    def waiting(somebody: Browser) -> bool:
        side = somebody.get("/admin/industries/").text.split('<nav class="side"')[1].split("</nav>")[0]
        return any(f'"{NEW}"' in link and "1 waiting" in link for link in side.split("<a "))

    assert not waiting(browser)
    upload = brought(browser, a_list())
    assert (waiting(browser), waiting(other)) == (True, False)
    decide(browser, upload, "decline")
    assert not waiting(browser)


def test_what_takes_longer_than_a_page_is_left_to_a_worker(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_changes, "MOST_IN_A_REQUEST", 0)
    browser, before = Browser(app), companies()
    upload = brought(browser, a_list())
    digest = db.session.get_one(ChangeSet, upload.change_set_id).digest
    for said in ("is written by a worker", "A worker is to write this import already."):
        sent = {"id": upload.id, "decision": "write", "digest": digest, "reason": "monthly list"}
        assert browser.post(f"{NEW}decide/", sent).status_code == 303
        assert said in browser.get("/admin/").text
    page = browser.get(f"{NEW}preview/", id=upload.id).text
    assert "data-job=" in page
    assert "Write these changes?" not in page
    job = watching.of_change_set(upload.change_set_id or 0)
    assert job is not None
    assert (job.status, job.asked_by, companies()) == ("todo", browser.user_name, before)


def parts() -> int:
    return int(db.session.scalar(select(func.count()).select_from(FilePart)) or 0)


def again(upload: Upload) -> Upload:
    """The upload as it is by now."""
    return db.session.get_one(Upload, upload.id)


def uploads() -> list[Upload]:
    return list(db.session.scalars(select(Upload).order_by(Upload.id)))


def test_what_was_brought_and_what_the_command_line_reads_is_one_report(app: Flask) -> None:
    content = a_list(filer(UNLISTED), filer({"ＥＤＩＮＥＴコード": "E00002", "資本金": "1x"}))
    request = Request("edinet-codes", "EdinetcodeDlInfo.csv", content, AUTHOR)
    there = importing.preview(request).report(None, "proposed")
    browser = Browser(app)
    upload = brought(browser, content)
    here = browser.get(f"{NEW}report/", id=upload.id).get_json()
    assert here | {"change_set": None} == there


def test_several_files_have_a_preview_each_and_a_page_that_lists_them(app: Flask) -> None:
    browser = Browser(app)
    other = filer(UNLISTED | {"ＥＤＩＮＥＴコード": "E00009"})
    answer = bring(browser, (a_list(), "one.csv"), (a_list(other), "two.csv"), (b"hello", "three.txt"))
    assert (answer.status_code, answer.location) == (303, NEW)
    page = browser.get(NEW).text
    for told in ("one.csv", "two.csv", "three.txt", "Not recognised", "Waiting for approval"):
        assert told in page
    assert len({upload.change_set_id for upload in uploads()}) == 3


def test_reports_that_are_dropped_together_have_one_preview_and_are_undone_as_one(app: Flask) -> None:
    browser = Browser(app)
    company(edinet_code="E00004")
    db.session.commit()
    zips = {
        "S100AAAA.zip": reports.zipped_annual(2024, *reports.figures(100)),
        "S100BBBB.zip": reports.zipped_annual(
            2025, *reports.figures(120), *reports.before(reports.figures(97))
        ),
        "S100CCCC.zip": b"PK",
    }
    answer = bring(browser, *((content, name) for name, content in zips.items()))
    (upload,) = uploads()
    assert (upload.kind, upload.name) == ("edinet-filings", "S100AAAA.zip–S100CCCC.zip (3)")
    assert answer.location.endswith(f"?id={upload.id}")
    page = browser.get(f"{NEW}preview/", id=upload.id).text
    for told in ("Several reports together", "S100CCCC.zip", "found no zip", "Write these changes?"):
        assert told in page
    # What is refused is read before a long table.
    assert page.index("found no zip") < page.index("Indicators that it would move")
    would_move = page[page.index("Indicators that it would move") :]
    assert "Computed for the first time: 2 periods." in would_move
    assert "Figures missing" not in would_move
    assert decide(browser, upload, reason="two years").status_code == 303
    page = browser.get(f"{NEW}preview/", id=upload.id).text
    assert "Indicators that it moved" in page
    assert "Computed for the first time: 2 periods." in page
    assert "Taken away: those of 2 periods." in page
    written = select(FinancialStatement.filing_doc_id, FinancialStatement.revenue).order_by("revenue")
    assert db.session.execute(written).all() == [("S100BBBB", 97), ("S100AAAA", 100), ("S100BBBB", 120)]
    assert browser.post("/admin/change-sets/undo/", {"id": again(upload).change_set_id}).status_code == 302
    assert db.session.execute(written).all() == []


def test_other_files_that_are_dropped_with_reports_are_uploads_of_their_own_and_come_first(
    app: Flask,
) -> None:
    browser = Browser(app)
    company(edinet_code="E00004")
    db.session.commit()
    zips = [(reports.zipped_annual(year, *reports.figures(year)), "S100AAAA.zip") for year in (2024, 2025)]
    bring(browser, *zips, (day(document(docID="S100AAAA")), "2025-06-25.csv"))
    assert [one.kind for one in uploads()] == ["edinet-documents", "edinet-filings"]
    assert "S100AAAA twice" in browser.get(f"{NEW}preview/", id=uploads()[1].id).text


def test_a_program_that_asks_for_json_is_told_where_the_previews_are(app: Flask) -> None:
    browser = Browser(app)
    token = people.csrf_token(browser.client)
    sent = {"csrf_token": token, "files": (io.BytesIO(a_list()), "list.csv")}
    answer = browser.client.post(NEW, data=sent, headers={"Accept": "application/json"})
    assert answer.get_json() == {"urls": [f"{NEW}preview/?id={uploads()[0].id}"]}


def test_a_file_of_no_known_kind_can_be_called_one_and_is_then_refused_for_what_it_is(app: Flask) -> None:
    browser = Browser(app)
    upload = brought(browser, b"hello, world\n", "notes.txt")
    assert "Not compared yet" in browser.get(f"{NEW}preview/", id=upload.id).text
    assert browser.post(f"{NEW}compare/", {"id": upload.id, "kind": "jpx-list"}).status_code == 303
    page = browser.get(f"{NEW}preview/", id=upload.id).text
    assert "Expected the 10 columns" in page
    assert "Write these changes?" not in page
    assert browser.post(f"{NEW}compare/", {"id": upload.id, "kind": "nonsense"}).status_code == 303
    assert again(upload).status == "refused"


def test_the_kind_that_was_recognised_can_be_corrected_and_what_was_proposed_before_is_declined(
    app: Flask,
) -> None:
    browser = Browser(app)
    upload = brought(browser, a_list())
    before = upload.change_set_id
    browser.post(f"{NEW}compare/", {"id": upload.id, "kind": "edinet-documents"})
    refused = again(upload)
    assert (refused.status, refused.change_set_id) == ("refused", None)
    assert db.session.get_one(ChangeSet, before).status == "rejected"
    browser.post(f"{NEW}compare/", {"id": upload.id, "kind": "edinet-codes", "is_whole": "1"})
    taken = again(upload)
    assert (taken.status, taken.is_whole, taken.refusal) == ("compared", True, None)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "a file with something in it"),
        (b"PK\x03\x04 damaged", "an intact zip"),
        (b"x" * 1001, "a file of at most"),
        (a_list() + b"\x81", "a text in UTF-8, UTF-16 or Shift_JIS"),
    ],
    ids=["empty", "damaged", "too large", "a list in no encoding"],
)
def test_a_file_that_cannot_be_taken_is_refused_with_one_sentence_and_leaves_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, content: bytes, told: str
) -> None:
    monkeypatch.setattr(service, "LARGEST", 1000)
    browser = Browser(app)
    assert bring(browser, (content, "list.csv")).location == NEW
    assert f"list.csv: Expected {told}" in browser.get(NEW).text
    assert (uploads(), parts()) == ([], 0)


def test_a_body_that_is_larger_than_any_file_is_refused_before_it_is_read(app: Flask) -> None:
    browser = Browser(app)
    answer = browser.client.post(
        NEW,
        headers={"X-CSRFToken": people.csrf_token(browser.client)},
        content_type="multipart/form-data; boundary=edge",
        environ_overrides={"CONTENT_LENGTH": str(request_limits.LARGEST_UPLOAD + 1)},
        input_stream=io.BytesIO(b"--edge"),
    )
    assert answer.status_code == 413


def test_half_a_request_stores_nothing(app: Flask) -> None:
    browser = Browser(app)
    token = people.csrf_token(browser.client)
    head = '--edge\r\nContent-Disposition: form-data; name="files"; filename="list.csv"\r\n\r\n'
    body = head.encode() + a_list()[:100]
    answer = browser.client.post(
        NEW,
        headers={"X-CSRFToken": token},
        content_type="multipart/form-data; boundary=edge",
        environ_overrides={"CONTENT_LENGTH": str(len(body) + 5000)},
        input_stream=io.BytesIO(body),
    )
    assert answer.status_code == 400
    assert (uploads(), parts()) == ([], 0)


def test_nobody_without_the_right_brings_looks_or_decides(app: Flask) -> None:
    steward, viewer = Browser(app), Browser(app, "viewer")
    upload = brought(steward, a_list())
    assert bring(viewer, (a_list(), "list.csv")).status_code == 403
    for path in ("", "preview/", "report/"):
        assert viewer.get(f"{NEW}{path}", id=upload.id).status_code == 403
    for path in ("compare/", "decide/", "cancel/", "remove/"):
        sent = {"id": upload.id, "decision": "write", "kind": "edinet-codes"}
        assert viewer.post(f"{NEW}{path}", sent).status_code == 403
    assert NEW not in viewer.get("/admin/imports/").text
    assert NEW in steward.get("/admin/imports/").text
    page = viewer.get("/admin/change-sets/details/", id=upload.change_set_id)
    assert page.status_code == 200
    assert "Write these changes" not in page.text


def test_a_forged_token_brings_nothing(app: Flask) -> None:
    browser = Browser(app)
    assert bring(browser, (a_list(), "list.csv"), csrf_token="forged").status_code == 400
    assert uploads() == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("<script>alert(1)</script>.csv", "script>.csv"),
        ("li\u202est\u200b.csv", "list.csv"),
        ("長" * 400 + ".csv", "長" * 251 + ".csv"),
        ("\u3000 \u3000", "file"),
    ],
)
def test_a_hostile_name_is_only_a_name(app: Flask, sent: str, kept: str) -> None:
    browser = Browser(app)
    upload = brought(browser, a_list(), sent)
    assert upload.name == kept
    assert "<script>alert" not in browser.get(NEW).text


def test_of_persons_on_a_list_nothing_waits_though_the_file_is_known_by_its_own_hash(app: Flask) -> None:
    browser, content = Browser(app), a_list(filer(UNLISTED), PERSON)
    upload = brought(browser, content)
    kept = b"".join(db.session.scalars(select(FilePart.content))).decode("cp932")
    assert (PERSON_NAME in kept, filer()["提出者名"] in kept) == (False, True)
    browser.post(f"{NEW}compare/", {"id": upload.id, "kind": "edinet-codes", "is_whole": "1"})
    report = browser.get(f"{NEW}report/", id=upload.id).get_json()
    assert (report["rows"], report["left_out"]) == (2, {"natural_person": 1})
    assert report["sha256"] == hashlib.sha256(content).hexdigest()
    decide(browser, upload)
    file = db.session.scalars(select(ImportFile)).one()
    assert (file.sha256, file.size_bytes) == (report["sha256"], len(content))


def test_the_same_file_again_is_the_same_upload_and_once_it_is_written_says_so(app: Flask) -> None:
    browser = Browser(app)
    first = brought(browser, a_list())
    assert brought(browser, a_list(), "again.csv").id == first.id
    decide(browser, first)
    second = brought(browser, a_list(), "again.csv")
    assert (second.id != first.id, second.status, second.change_set_id) == (True, "received", None)
    page = browser.get(f"{NEW}preview/", id=second.id).text
    assert "This very file has been imported already" in page
    link = f'<a href="/admin/change-sets/details/?id={first.change_set_id}">#{first.change_set_id}</a>'
    assert f"as change set {link}." in page
    in_japanese = Browser(app, language="ja").get(f"{NEW}preview/", id=second.id).text
    assert f"このファイルはすでに取込済みです（変更セット {link}）。" in in_japanese
    browser.post(f"{NEW}compare/", {"id": second.id, "kind": "edinet-codes"})
    assert "Nothing to change." in browser.get(f"{NEW}preview/", id=second.id).text


def test_a_confirmation_of_what_was_shown_before_the_last_comparison_is_refused(app: Flask) -> None:
    browser, before = Browser(app), companies()
    upload = brought(browser, a_list())
    sent = {"id": upload.id, "decision": "write", "digest": "0" * 64}
    browser.post(f"{NEW}decide/", sent)
    page = browser.get(f"{NEW}preview/", id=upload.id).text
    assert "has been compared again since this page was shown" in page
    assert companies() == before


def test_what_is_declined_or_removed_is_not_written_and_its_bytes_go(app: Flask) -> None:
    browser, before = Browser(app), companies()
    upload = brought(browser, a_list())
    assert parts() == 1
    decide(browser, upload, "decline")
    assert db.session.get_one(ChangeSet, upload.change_set_id).status == "rejected"
    assert parts() == 0
    other = brought(browser, a_list(filer(UNLISTED | {"資本金": "7"})))
    assert browser.post(f"{NEW}remove/", {"id": other.id}).location == NEW
    assert "The file was removed" in browser.get(NEW).text
    assert (companies(), parts(), len(uploads())) == (before, 0, 1)


def test_what_is_decided_on_cannot_be_decided_on_or_removed_again(app: Flask) -> None:
    browser = Browser(app)
    upload = brought(browser, a_list())
    digest = upload.change_set.digest if upload.change_set else ""
    decide(browser, upload)
    for path, sent in (("decide/", {"decision": "write", "digest": digest}), ("remove/", {})):
        browser.post(f"{NEW}{path}", {"id": upload.id, **sent})
        assert "somebody has decided on this import already" in browser.get(NEW).text
    assert len(uploads()) == 1


def test_a_day_later_an_upload_is_forgotten(app: Flask) -> None:
    upload = again(brought(Browser(app), a_list()))
    assert service.forget_old() == 0
    upload.uploaded_at = datetime.now(UTC) - timedelta(days=2)
    db.session.commit()
    assert service.forget_old() == 1
    assert uploads() == []


BAD = filer(UNLISTED | {"ＥＤＩＮＥＴコード": "E00007", "資本金": "1x", "提出者名": "試験誤記株式会社"})


def refused_rows(browser: Browser, upload: Upload, ending: str) -> bytes:
    with browser.get(f"{NEW}refused/{ending}/", id=upload.id) as answer:
        assert answer.status_code == 200
        assert f".{ending}" in answer.headers["Content-Disposition"]
        return answer.data


def test_a_refused_row_is_shown_as_it_stands_with_its_place_counted_from_one(app: Flask) -> None:
    browser = Browser(app)
    upload = brought(browser, a_list(filer(UNLISTED), BAD))
    page = browser.get(f"{NEW}preview/", id=upload.id).text
    for told in ("line 4", "column 5", "<dd>1x</dd>", "試験誤記株式会社"):
        assert told in page
    assert "試験誤記株式会社" in browser.get(f"{NEW}preview/", id=upload.id, about="refused").text
    assert "試験誤記株式会社" not in browser.get(f"{NEW}preview/", id=upload.id, about="kept").text


def test_a_remark_on_a_row_has_our_reading_beside_what_is_stored(app: Flask) -> None:
    browser = Browser(app)
    decide(browser, brought(browser, a_list(filer(UNLISTED | {"提出者名": "旧商号株式会社"}))))
    number = db.session.scalars(select(Company.id).where(Company.name_ja == "旧商号株式会社")).one()
    browser.save("/admin/companies/edit/", {"name_ja": "担当者株式会社"}, id=number)
    upload = brought(browser, a_list(filer(UNLISTED | {"提出者名": "新商号株式会社", "資本金": "7"})))
    page = browser.get(f"{NEW}preview/", id=upload.id).text
    assert "Values entered by hand, kept" in page
    assert "新商号株式会社" in page


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_refused_rows_are_taken_away_mended_and_brought_again_as_the_same_kind(
    app: Flask, ending: str, language: str
) -> None:
    browser, before = Browser(app, language=language), companies()
    upload = brought(browser, a_list(filer(UNLISTED), BAD))
    decide(browser, upload)
    content = refused_rows(browser, upload, ending)
    mended = content.replace(b"1x", b"12") if ending == "csv" else mend_workbook(content, "1x", "12")
    second = brought(browser, mended, f"refused.{ending}")
    assert (second.kind, second.status) == ("edinet-codes", "compared")
    counts = browser.get(f"{NEW}report/", id=second.id).get_json()["counts"]
    assert (counts["created"], counts["closed"], counts["rejected"]) == (1, 0, 0)
    decide(browser, second)
    assert companies() == before + 2
    capital = select(Company.capital_stock).where(Company.edinet_code == "E00007")
    assert db.session.scalar(capital) == 12_000_000


def mend_workbook(content: bytes, wrong: str, right: str) -> bytes:
    """The workbook as somebody saves it who has changed one cell."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    saved = io.BytesIO()
    with Workbook(saved) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [right if cell == wrong else cell for cell in row])
    return saved.getvalue()


def test_mended_rows_end_nobody_whatever_is_said_of_them(app: Flask) -> None:
    browser = Browser(app)
    decide(
        browser,
        brought(
            browser, a_list(*(filer({"ＥＤＩＮＥＴコード": f"E0000{n}"} | UNLISTED) for n in range(1, 7)))
        ),
    )
    upload = brought(browser, a_list(filer(UNLISTED), BAD))
    second = brought(browser, refused_rows(browser, upload, "csv").replace(b"1x", b"12"), "refused.csv")
    browser.post(f"{NEW}compare/", {"id": second.id, "kind": "edinet-codes", "is_whole": "1"})
    page = browser.get(f"{NEW}preview/", id=second.id).text
    assert "it ends nobody" in page
    assert browser.get(f"{NEW}report/", id=second.id).get_json()["counts"]["closed"] == 0


def test_a_row_that_may_be_a_persons_is_neither_shown_nor_taken_away(app: Flask) -> None:
    browser = Browser(app)
    person = filer(UNLISTED | {"提出者種別": "個入", "提出者名": "試験 太郎", "ＥＤＩＮＥＴコード": "E00008"})
    upload = brought(browser, a_list(filer(UNLISTED), person))
    page = browser.get(f"{NEW}preview/", id=upload.id).text
    assert "natural person cannot be told" in page
    for shown in (page, refused_rows(browser, upload, "csv").decode()):
        assert "太郎" not in shown
    assert "太郎" not in str(db.session.get_one(Upload, upload.id).remarks)


def test_the_values_that_would_be_written_are_counted_before_and_after(app: Flask) -> None:
    browser = Browser(app)
    rows = [filer(UNLISTED | {"ＥＤＩＮＥＴコード": f"E0000{n}", "資本金": str(n)}) for n in (1, 2, 3)]
    decide(browser, brought(browser, a_list(*rows)))
    rows[0] |= {"上場区分": "上場", "証券コード": "13010", "資本金": "9"}
    rows[1] |= {"資本金": "8"}
    page = browser.get(f"{NEW}preview/", id=brought(browser, a_list(*rows)).id).text
    spread = page.partition("Distribution of the values")[2].partition('id="items"')[0]
    for told in ("Unlisted", "Listed", "9,000,000", "Median"):
        assert told in spread


def test_an_export_of_ours_comes_back_with_the_cells_that_somebody_has_changed(app: Flask) -> None:
    numbers = [company(website_url="https://old.example/").id for _number in range(3)]
    browser = Browser(app, language="en")
    # The list of filers begins so, too.
    answer = browser.get("/admin/companies/export/csv-back/", columns="edinet_code,name_ja,website_url")
    content = answer.data.replace(b"https://old.example/", b"https://new.example/")
    answer.close()
    upload = brought(browser, content, "companies.csv")
    assert upload.kind == "table"
    page = browser.get(f"{NEW}preview/", id=upload.id).text
    assert "Website <b>3</b>" in page
    assert decide(browser, upload).status_code == 303
    db.session.expire_all()
    assert {db.session.get_one(Company, number).website_url for number in numbers} == {"https://new.example/"}


def test_a_list_of_ours_comes_back_and_makes_records_only_where_that_is_asked_for(app: Flask) -> None:
    browser, made = Browser(app), company()
    db.session.commit()
    with browser.get(
        "/admin/companies/export/csv-back/", search=made.edinet_code, columns="name_ja"
    ) as answer:
        content = answer.data + "新しい会社,\r\n".encode()
    upload = brought(browser, content, "companies.csv")
    assert upload.kind == "table"
    counts = browser.get(f"{NEW}report/", id=upload.id).get_json()["counts"]
    assert (counts["created"], counts["rejected"]) == (0, 1)
    assert "new rows were not asked for" in browser.get(f"{NEW}preview/", id=upload.id).text
    browser.post(f"{NEW}compare/", {"id": upload.id, "kind": "table", "asked": "new"})
    counts = browser.get(f"{NEW}report/", id=upload.id).get_json()["counts"]
    assert (counts["created"], counts["rejected"]) == (1, 0)
