"""Refused rows that come back, as their kind writes them."""

import csv

from tests.files.builders import company, edinet_text
from webapp.files import mended


def test_mended_rows_lose_our_columns_keep_their_lines_and_count_themselves_anew() -> None:
    title, headings, *rows = edinet_text(company(), company({"ＥＤＩＮＥＴコード": "E00002"})).splitlines()
    lines = [
        f"{title}",
        f"{headings},{mended.PLACE.ja},{mended.REASON.ja}",
        f"{rows[0]},4,why",
        f"{',' * 12},5,why",
    ]
    text = mended.read("\n".join(lines).encode()).text
    assert text is not None
    assert next(csv.reader([text.splitlines()[2]])) == next(csv.reader([rows[0]]))
    assert "1件" in text.splitlines()[0]
    assert mended.REASON.ja not in text


def test_any_other_file_is_none_of_mended_rows() -> None:
    assert not mended.may_be(edinet_text(company()).encode("cp932"))
    assert mended.read(edinet_text(company()).encode("cp932")).text is None
