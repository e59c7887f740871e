"""As which kind a file is recognised by how it begins, whatever it is called."""

import os
from pathlib import Path

import pytest

from tests.files import workbook_builders
from tests.files.builders import company, edinet_text, issue, jpx_csv
from tests.files.edinet import filings
from webapp.files import archives, looking
from webapp.files.rows import WrongFile
from webapp.services.intake import kinds
from webapp.services.intake.kinds import KINDS

REAL_DATA = Path(
    os.environ.get("STOCKCODE_REAL_DATA") or Path(__file__).parents[4].parent / "shared" / "data"
)
EDINET = edinet_text(company())
PRICES = "日付,始値,高値,安値,終値,出来高\n2025/06/27,1,2,1,2,100\n"
QUOTES = '{"data": [{"Date": "2025-06-27", "Code": "72030", "O": 1, "H": 2, "L": 1, "C": 2, "Vo": 3}]}'
DAY = "seqNumber,docID,edinetCode\n1,S1000001,E00001\n"


def kind_of(content: bytes, name: str = "file") -> str | None:
    kind = kinds.recognised(looking.look(content, name))
    return None if kind is None else kind.name


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (EDINET.encode("cp932"), "edinet-codes"),
        (EDINET.encode("utf-8-sig"), "edinet-codes"),
        (EDINET.replace(",", "\t").encode("utf-16"), "edinet-codes"),
        (archives.packed({"EdinetcodeDlInfo.csv": EDINET.encode("cp932")}), "edinet-codes"),
        (workbook_builders.xlsx([line.split(",") for line in EDINET.splitlines()]), "edinet-codes"),
        (("控え\n" + EDINET).encode("cp932"), "edinet-codes"),
        (EDINET.partition("\r\n")[2].encode("cp932"), "edinet-codes"),
        ("EDINETコード,提出者種別\nE00001,内国法人・組合\n".encode("cp932"), None),
        (jpx_csv(issue()), "jpx-list"),
        (archives.packed({"data_j.csv": jpx_csv(issue())}), "jpx-list"),
        (DAY.encode(), "edinet-documents"),
        (
            archives.packed({"2025-06-01.csv": b"\xef\xbb\xbf", "2025-06-02.csv": DAY.encode()}),
            "edinet-documents",
        ),
        (filings.zipped(), "edinet-filing"),
        (archives.packed({"2025/S100TEST.zip": filings.zipped()}), "edinet-filings"),
        (PRICES.encode("cp932"), "prices"),
        (("株価時系列\n\n" + PRICES).encode("cp932"), "prices"),
        (PRICES.replace(",", ";").encode(), "prices"),
        (QUOTES.encode(), "prices"),
        (b"hello, world\n", None),
        (b"\x89PNG\r\n\x1a\n\x00\x00", None),
        (b"{}", None),
    ],
)
def test_a_file_is_recognised_by_what_is_in_it(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


def test_a_day_without_documents_is_known_by_its_name_alone() -> None:
    assert kind_of(b"\xef\xbb\xbf", "2025-06-01.csv") == "edinet-documents"
    assert kind_of(b"\xef\xbb\xbf", "empty.csv") is None


def test_a_look_is_as_good_where_it_ends_within_a_character() -> None:
    long = EDINET + "あ" * looking.MOST_BYTES
    for cut in range(3):
        assert kind_of(("x" * cut + long).encode()[cut:]) == "edinet-codes"


def test_a_zip_that_is_not_safe_is_refused_by_a_look() -> None:
    with pytest.raises(WrongFile, match="stay inside the zip"):
        looking.look(archives.packed({"../x.csv": b"1"}), "x.zip")


@pytest.mark.real_data
def test_every_real_file_is_recognised_as_what_it_is() -> None:
    folders = {"edinet_codes": "edinet-codes", "jpx": "jpx-list", "prices": "prices"}
    seen = set()
    for folder, kind in folders.items():
        for path in sorted((REAL_DATA / folder).glob("*")):
            found = kind_of(path.read_bytes(), path.name) if path.is_file() else None
            if found is not None:
                assert found == kind, path
                seen.add(found)
    assert seen == set(folders.values())


def test_every_kind_knows_a_file_of_its_own() -> None:
    assert all(callable(kind.recognises) for kind in KINDS.values())
