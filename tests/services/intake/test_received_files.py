"""Which lists count, and what is stored of a file: a list's own day is not trusted, and no bytes of a master list."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select, text

from tests.factories import AUTHOR
from tests.files.builders import company as filer
from tests.files.builders import issue
from tests.services.intake.lists import LISTED, UNLISTED, edinet, jpx, status, take
from webapp import db
from webapp.files.rows import WrongFile
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import ImportFile
from webapp.rules import calendar
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Refused
from webapp.services.intake import importing, received_files
from webapp.services.intake.importing import AnotherImport
from webapp.services.intake.kinds import KINDS

pytestmark = pytest.mark.usefixtures("connection")

EDINET = "edinet-codes"


def undo(number: int) -> int:
    outcome = door.undo(number, AUTHOR, "a mistake")
    assert isinstance(outcome, Applied), outcome
    return outcome.number


def test_a_list_of_tomorrow_is_refused_and_one_of_today_in_japan_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(calendar, "today", lambda: date(2025, 5, 29))
    with pytest.raises(WrongFile, match="a file of 2025-05-29 or earlier; found one of 2025-05-30"):
        jpx(issue())
    monkeypatch.setattr(calendar, "today", lambda: date(2025, 5, 30))
    take(jpx(issue()))


def test_a_list_from_the_future_that_was_taken_once_blocks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = calendar.today() + timedelta(days=1)
    with monkeypatch.context() as later:
        later.setattr(calendar, "today", lambda: tomorrow)
        take(jpx(issue({"日付": f"{tomorrow:%Y%m%d}"})))
    take(jpx(issue(code="1302")))


def test_a_list_that_was_undone_does_not_block_earlier_ones_unless_that_is_undone_too() -> None:
    change_set = take(edinet(filer(LISTED), day="2026年2月26日"))
    assert change_set is not None
    undoing = undo(change_set.id)
    assert received_files.newest_list(EDINET) is None
    undo(undoing)
    assert received_files.newest_list(EDINET) == date(2026, 2, 26)


def test_a_list_that_changed_nothing_does_not_block_earlier_ones() -> None:
    take(edinet(filer(LISTED)))
    assert take(edinet(filer(LISTED), day="2026年2月26日")) is None
    assert received_files.newest_list(EDINET) == date(2023, 10, 31)


def test_a_list_that_was_withdrawn_does_not_block_until_it_comes_again() -> None:
    take(edinet(filer(LISTED), day="2026年2月26日"))
    file = db.session.scalars(select(ImportFile)).one()
    received_files.withdraw(file, AUTHOR)
    assert received_files.newest_list(EDINET) is None
    assert (file.withdrawn_by_name, file.withdrawn_at is not None) == (AUTHOR.name, True)
    take(edinet(filer(LISTED), filer(UNLISTED, code="E00005"), day="2025年2月26日"))
    importing.submit(edinet(filer(LISTED), day="2026年2月26日"))
    assert file.withdrawn_at is None


def test_the_bytes_of_a_list_that_nobody_has_decided_on_are_not_stored() -> None:
    importing.submit(edinet(filer(LISTED)))
    file = db.session.scalars(select(ImportFile)).one()
    assert (file.content, len(file.sha256), file.bytes_dropped_at is not None) == (None, 64, True)


def test_a_waiting_list_is_not_written_once_a_later_one_is() -> None:
    waiting = importing.submit(edinet(filer(LISTED)))
    take(edinet(filer(LISTED | {"資本金": "1500"}), filer(UNLISTED, code="E00005"), day="2026年2月26日"))
    assert waiting is not None
    with pytest.raises(Refused, match="a later list, of 2026-02-26"):
        importing.confirm(waiting.id, AUTHOR)
    assert status("E00004") == "listed"


def test_of_two_who_are_asked_about_the_same_file_the_second_is_told() -> None:
    first, second = (importing.submit(edinet(filer(LISTED))) for _ in range(2))
    assert first is not None
    assert second is not None
    second.created_at = first.created_at
    importing.confirm(first.id, AUTHOR)
    with pytest.raises(Refused, match=f"imported since, as change set {first.id}"):
        importing.confirm(second.id, AUTHOR)
    assert db.session.get_one(ChangeSet, second.id).status == "proposed"


def test_two_imports_of_one_table_at_once_are_one_after_another(engine: Engine) -> None:
    with engine.connect() as somebody:
        somebody.execute(importing.TURN, {"table": "companies"})
        with pytest.raises(AnotherImport):
            edinet(filer(LISTED))
    edinet(filer(LISTED))


def test_bytes_that_somebody_else_stored_in_the_same_moment_are_the_same_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind = KINDS[EDINET]
    first = received_files.store(kind, "a", b"one", author=AUTHOR, as_of_on=None)
    looks = iter((None, first))
    monkeypatch.setattr(received_files, "_with_hash", lambda _digest: next(looks))
    assert received_files.store(kind, "b", b"one", author=AUTHOR, as_of_on=None) is first
    assert db.session.scalar(text("SELECT count(*) FROM import_files")) == 1
