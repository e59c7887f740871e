"""Files of EDINET in a folder: each whole or not there, nothing asked for twice, going on where it stopped."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.services.intake.fetching import edinet_server
from tests.services.intake.fetching.edinet_server import KEY, Answers
from webapp.services.intake.fetching import asking, folders
from webapp.services.intake.fetching.asking import Edinet
from webapp.services.intake.fetching.folders import FETCHED, KEPT, NOT_FETCHED, Wanted, WrongWish

FIRST, SECOND, TODAY = date(2025, 6, 24), date(2025, 6, 25), date(2026, 11, 29)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    with edinet_server.running() as answers:
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        monkeypatch.setattr(asking, "API", f"{answers.address}/api/v2")
        monkeypatch.setattr(asking, "CODE_LIST", f"{answers.address}/codelist/Edinetcode.zip")
        yield answers


def fetch(folder: Path, *wanted: Wanted, key: str = KEY, is_anew: bool = False) -> list[tuple[str, str]]:
    edinet = Edinet(key, pause=0, sleep=lambda _seconds: None)
    outcomes = folders.into(folder, wanted, edinet, is_anew=is_anew)
    return [(outcome.path.name, outcome.status) for outcome in outcomes]


def test_days_are_fetched_once_and_kept(server: Answers, tmp_path: Path) -> None:
    wanted = folders.days(FIRST, SECOND, TODAY)
    assert fetch(tmp_path / "new", *wanted) == [("2025-06-24.json", FETCHED), ("2025-06-25.json", FETCHED)]
    assert (tmp_path / "new" / "2025-06-24.json").read_bytes() == edinet_server.listed("2025-06-24", ())
    assert fetch(tmp_path / "new", *wanted) == [("2025-06-24.json", KEPT), ("2025-06-25.json", KEPT)]
    assert len(server.asked) == 2
    assert fetch(tmp_path / "new", *wanted, is_anew=True) == [
        ("2025-06-24.json", FETCHED),
        ("2025-06-25.json", FETCHED),
    ]


@pytest.mark.parametrize("made_at", ["2025-06-25 12:00", "", "yesterday"])
def test_a_day_that_was_not_over_when_it_was_fetched_is_fetched_again(
    server: Answers, tmp_path: Path, made_at: str
) -> None:
    wanted = folders.days(SECOND, SECOND, TODAY)
    server.made_at = made_at
    fetch(tmp_path, *wanted)
    server.made_at = "2025-06-26 00:01"
    assert fetch(tmp_path, *wanted) == [("2025-06-25.json", FETCHED)]
    assert fetch(tmp_path, *wanted) == [("2025-06-25.json", KEPT)]


def test_what_was_cut_off_or_is_something_else_is_fetched_again(server: Answers, tmp_path: Path) -> None:
    (tmp_path / "2025-06-24.json").write_bytes(edinet_server.listed("2025-06-24", ())[:-5])
    (tmp_path / "2025-06-25.json").write_bytes(edinet_server.packed({"StatusCode": 401}))
    wanted = folders.days(FIRST, SECOND, TODAY)
    assert {status for _name, status in fetch(tmp_path, *wanted)} == {FETCHED}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2025-06-24.json", "2025-06-25.json"]


def test_a_bad_key_ends_the_asking_and_what_is_there_stays(server: Answers, tmp_path: Path) -> None:
    fetch(tmp_path, *folders.days(SECOND, SECOND, TODAY))
    outcomes = fetch(tmp_path, *folders.days(date(2025, 6, 23), SECOND, TODAY), key="bad")
    assert [status for _name, status in outcomes] == [NOT_FETCHED, NOT_FETCHED, KEPT]
    assert len(server.asked) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["2025-06-25.json"]


def test_one_document_that_is_not_there_does_not_keep_the_others_away(
    server: Answers, tmp_path: Path
) -> None:
    server.files["S100TEST"] = b"PK\x03\x04..."
    server.files["S100PDF0"] = b"%PDF"
    wanted = folders.filings(["S100NONE", "S100TEST", "S100TEST", "S100PDF0"])
    assert fetch(tmp_path, *wanted) == [
        ("S100NONE.zip", NOT_FETCHED),
        ("S100TEST.zip", FETCHED),
        ("S100PDF0.zip", NOT_FETCHED),
    ]


def test_the_code_list_has_the_day_in_its_name(server: Answers, tmp_path: Path) -> None:
    server.files["codes"] = b"PK\x03\x04"
    assert fetch(tmp_path, *folders.code_list(TODAY)) == [("Edinetcode_20261129.zip", FETCHED)]


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (SECOND, FIRST, "the last day is before the first"),
        (FIRST, date(2026, 11, 30), "2026-11-30 is still to come"),
        (date(2016, 11, 1), TODAY, "more than 3,660 days"),
    ],
)
def test_days_that_make_no_sense_are_refused(first: date, last: date, why: str) -> None:
    with pytest.raises(WrongWish, match=why):
        folders.days(first, last, TODAY)


def test_what_is_no_number_of_a_document_is_refused() -> None:
    with pytest.raises(WrongWish, match="is no document's number"):
        folders.filings(["../../etc"])
