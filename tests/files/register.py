"""Small daily lists as EDINET would write them, for tests to spoil."""

import csv
import io
from collections.abc import Mapping, Sequence

from webapp.files import edinet_documents

DOCUMENT = {
    "docID": "S100W4NT",
    "edinetCode": "E00004",
    "filerName": "試験種苗株式会社",
    "ordinanceCode": "010",
    "formCode": "030000",
    "docTypeCode": "120",
    "periodStart": "2024-04-01",
    "periodEnd": "2025-03-31",
    "submitDateTime": "2025-06-25 09:00",
    "docDescription": "有価証券報告書－第164期(2024/04/01－2025/03/31)",
    "withdrawalStatus": "0",
    "docInfoEditStatus": "0",
    "disclosureStatus": "0",
    "xbrlFlag": "1",
    "pdfFlag": "1",
    "csvFlag": "1",
    "legalStatus": "1",
}
# The office began to close the document to the public; nothing else stands in its row.
CLOSED = {"docID": "S100W4NT", "opeDateTime": "2025-07-02 10:30", "disclosureStatus": "1"}
WITHDRAWAL = {
    "docID": "S100WD00",
    "parentDocID": "S100W4NT",
    "submitDateTime": "2025-07-01 11:00",
    "withdrawalStatus": "1",
    "docInfoEditStatus": "0",
    "disclosureStatus": "0",
    "xbrlFlag": "0",
    "pdfFlag": "0",
    "csvFlag": "0",
    "legalStatus": "0",
}
EMPTY = b"\xef\xbb\xbf\n"


def document(**changes: str) -> dict[str, str]:
    """A document's row with `changes` of its cells by heading."""
    return {**DOCUMENT, **changes}


def listed_again(**changes: str) -> dict[str, str]:
    """The same document once the office has edited what is said of it, a week later."""
    edited = {"opeDateTime": "2025-07-03 13:39", "docInfoEditStatus": "1", "periodEnd": "2025-03-20"}
    return document(**edited, docDescription="有価証券報告書－第164期(2024/04/01－2025/03/20)", **changes)


def day(*rows: Mapping[str, str], headings: Sequence[str] = edinet_documents.HEADINGS) -> bytes:
    """A day's list of these rows, numbered from 1."""
    text = io.StringIO()
    writer = csv.DictWriter(text, headings, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({"seqNumber": str(number), **row} for number, row in enumerate(rows, start=1))
    return text.getvalue().encode("utf-8-sig")
