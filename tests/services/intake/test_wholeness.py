"""What a list may end is measured against what it covers; one that is not whole ends nobody and says so."""

import pytest

from tests.files.builders import company as filer
from tests.files.builders import issue
from tests.services.intake.lists import LISTED, UNLISTED, edinet, jpx, status, take
from webapp.files.rows import WrongFile
from webapp.services.intake.importing import Preview

pytestmark = pytest.mark.usefixtures("connection")

LATER = "2026年2月26日"
NEXT = {"日付": "20260130"}
GROWTH = {"市場・商品区分": "グロース（内国株式）"}
FOREIGN = {"提出者種別": "外国法人・組合"}


def remarks(preview: Preview) -> list[str]:
    return [str(finding) for finding in preview.findings if not finding.is_blocking]


def unlisted(*numbers: int) -> list[dict[str, str]]:
    return [filer(UNLISTED, code=f"E{number:05d}") for number in numbers]


def issues(*codes: str, changes: dict[str, str]) -> list[dict[str, str]]:
    return [issue(changes, code=code) for code in codes]


def test_a_list_without_a_whole_market_ends_nobody_and_says_so() -> None:
    prime = ("1301", "1302", "1303", "1304", "1305", "1306", "1307", "1308", "1309", "1310")
    take(jpx(*issues(*prime, changes={}), *issues("4001", "4002", changes=GROWTH)))
    later = jpx(*issues(*prime[:9], changes=NEXT))
    take(later)
    assert later.counts["closed"] == 0
    assert {status(code) for code in ("1310", "4001", "4002")} == {"listed"}
    assert later.left_alone["ended_by_a_list_that_is_not_whole"] == 3
    assert any("0 of 2 companies of “Growth”" in remark for remark in remarks(later))


def test_a_market_that_shrinks_far_more_than_markets_do_is_not_whole() -> None:
    growth = [f"40{number:02d}" for number in range(10)]
    prime = [f"13{number:02d}" for number in range(30)]
    take(jpx(*issues(*prime, changes={}), *issues(*growth, changes=GROWTH)))
    later = jpx(*issues(*prime, changes=NEXT), *issues(*growth[:6], changes=GROWTH | NEXT))
    take(later)
    assert (later.counts["closed"], status(growth[9])) == (0, "listed")


def test_a_list_that_ends_before_the_last_codes_ends_nobody() -> None:
    early = [f"{number}" for number in range(1301, 1361)]
    take(jpx(*issues(*early, "9001", "9002", "9003", changes={})))
    later = jpx(*issues(*early, changes=NEXT))
    take(later)
    assert (later.counts["closed"], status("9003")) == (0, "listed")
    assert any("0 of 3 companies of “codes from 9000 on”" in remark for remark in remarks(later))


def test_a_list_that_lacks_a_tenth_of_the_listed_companies_ends_nobody() -> None:
    listed = [f"{number}01" for number in range(13, 99)]
    take(jpx(*issues(*listed, changes={})))
    left = [code for place, code in enumerate(listed) if place % 9]
    later = jpx(*issues(*left, changes=NEXT))
    take(later)
    assert (later.counts["closed"], later.left_alone["ended_by_a_list_that_is_not_whole"]) == (0, 10)


def test_a_list_without_foreign_shares_ends_nobody() -> None:
    foreign = LISTED | FOREIGN | {"証券コード": "47730"}
    take(edinet(filer(foreign, code="E00099"), *unlisted(1), day="2025年4月30日"))
    take(jpx(*issues("1301", "1302", "4773", changes={})))
    later = jpx(*issues("1301", "1302", changes=NEXT))
    take(later)
    assert (later.counts["closed"], status("4773")) == (0, "listed")
    assert any("0 of 1 companies of “foreign shares”" in remark for remark in remarks(later))


def test_whoever_knows_that_a_list_is_whole_may_say_so() -> None:
    take(jpx(*issues("1301", "1302", changes={}), *issues("4001", changes=GROWTH)))
    later = jpx(*issues("1301", "1302", changes=NEXT), is_whole=True)
    take(later)
    assert (status("4001"), remarks(later)) == ("delisted", [])


def test_a_list_without_a_kind_of_filer_ends_nobody() -> None:
    take(edinet(*unlisted(*range(1, 11)), filer(UNLISTED | FOREIGN, code="E00099")))
    later = edinet(*unlisted(*range(1, 10)), day=LATER)
    take(later)
    assert (later.counts["closed"], status("E00010"), status("E00099")) == (0, "unlisted", "unlisted")
    assert any("0 of 1 companies of “外国法人・組合”" in remark for remark in remarks(later))


def test_a_list_that_lacks_a_fifth_of_the_companies_ends_nobody() -> None:
    take(edinet(*unlisted(*range(1, 82))))
    later = edinet(*unlisted(*range(1, 61)), day=LATER)
    take(later)
    assert (later.counts["closed"], later.left_alone) == (0, {"ended_by_a_list_that_is_not_whole": 21})


def test_a_list_of_strangers_only_ends_nobody_and_creates_them() -> None:
    take(edinet(*unlisted(1)))
    later = edinet(*unlisted(2), day=LATER)
    take(later)
    assert (status("E00001"), status("E00002")) == ("unlisted", "unlisted")


def test_rows_that_cannot_be_read_count_as_lacking() -> None:
    take(edinet(*unlisted(*range(1, 21))))
    spoiled = [{**row, "決算日": "13月"} for row in unlisted(*range(15, 20))]
    later = edinet(*unlisted(*range(1, 15)), *spoiled, day=LATER)
    take(later)
    assert (later.counts["closed"], later.counts["rejected"], status("E00020")) == (0, 5, "unlisted")


def test_a_list_whose_own_rows_take_the_listing_from_many_ends_nobody() -> None:
    listed = [LISTED | {"証券コード": f"13{number:02d}0"} for number in range(10)]
    codes = [f"E{number:05d}" for number in range(10)]
    take(edinet(*(filer(changes, code=code) for changes, code in zip(listed, codes, strict=True))))
    later = edinet(
        *(filer(UNLISTED, code=code) for code in codes[:3]),
        *(filer(changes, code=code) for changes, code in zip(listed[3:], codes[3:], strict=True)),
        day=LATER,
    )
    take(later)
    assert (later.counts["closed"], status(codes[0])) == (0, "listed")
    assert any("3 of 10 listed companies" in remark for remark in remarks(later))


def test_a_list_of_which_most_rows_are_refused_is_refused() -> None:
    rounded = {"提出者法人番号": "1.01E+12"}
    take(edinet(*unlisted(1, 2, 3, 4)))
    rows = [*unlisted(1), *(filer(UNLISTED | rounded, code=f"E0000{number}") for number in (2, 3))]
    with pytest.raises(WrongFile, match="2 of 3 are refused") as refusal:
        edinet(*rows, day=LATER)
    assert [bad.line for bad in refusal.value.bad_rows] == [4, 5]
    assert "rounded the corporate number" in refusal.value.bad_rows[0].reason
    assert status("E00004") == "unlisted"


def test_persons_are_no_rows_that_could_be_taken() -> None:
    person = {"提出者種別": "個人（組合発行者を除く）"}
    with pytest.raises(WrongFile, match="1 of 1 are refused"):
        edinet(*(filer(person, code=f"E0001{n}") for n in range(3)), filer({"決算日": "13月"}))
