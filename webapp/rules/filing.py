"""What makes a filing acceptable."""

from collections.abc import Iterator, Mapping
from typing import Any

from webapp.rules.fields import Between, OneOf, Pattern, Text
from webapp.rules.findings import Finding

# EDINET API 仕様書, 書類種別コード: three digits, 120 有価証券報告書 to 380; 訂正 is the base plus 10.
DOCUMENT_TYPE = Pattern("[0-9]{3}", "a document type of three digits such as 120")
# 取下区分: 0 not withdrawn, 1 the withdrawal, 2 withdrawn. 書類情報修正区分: 0 none, 1 the amendment, 2 amended.
WITHDRAWAL_STATUS = OneOf(("0", "1", "2"))
STANDING = "0"
AMENDMENT_STATUS = OneOf(("0", "1", "2"))
# 開示不開示区分: 0 none, 1 non-disclosure began, 2 not disclosed, 3 non-disclosure was lifted.
DISCLOSURE_STATUS = OneOf(("0", "1", "2", "3"))
# 府令コード and 様式コード: 010 and 043A00 a half-year report of 企業内容等の開示に関する内閣府令.
ORDINANCE_CODE = Pattern("[0-9]{3}", "an ordinance of three digits such as 010")
FORM_CODE = Pattern("[0-9A-Z]{6}", "a form of six letters and digits such as 030000")
DESCRIPTION = Text(200)
# 連番: the place of a document among those of its day, from 1.
SUBMISSION_NO = Between(1, 999_999)
SHA256 = Pattern("[0-9a-f]{64}", "64 hexadecimal digits")


def check(row: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong between the fields of one filing."""
    start, end = row.get("period_start_on"), row.get("period_end_on")
    if start and end and start > end:
        yield Finding("period_end_on", "must not be before the start of the period")
    if row.get("parent_doc_id") and row.get("parent_doc_id") == row.get("doc_id"):
        yield Finding("parent_doc_id", "a document is not its own parent")
