"""The bytes of received files once a change set has ended."""

import pytest

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import ImportFile
from webapp.services.changes import file_bytes

pytestmark = pytest.mark.usefixtures("connection")


def a_file(**more: bool) -> ImportFile:
    file = ImportFile(kind="any", name="any.csv", sha256="a" * 64, size_bytes=3, content=b"any", **more)
    db.session.add(file)
    db.session.flush()
    return file


def a_change_set(file: ImportFile | None) -> ChangeSet:
    change_set = ChangeSet(kind="import", table_name="any", author_name="a test", digest="", import_file=file)
    db.session.add(change_set)
    db.session.flush()
    return change_set


def test_bytes_go_and_the_hash_stays_where_nobody_said_that_they_may_stay() -> None:
    file = a_file()
    file_bytes.forget_of(a_change_set(file))
    assert (file.content, file.bytes_dropped_at is None) == (None, False)
    dropped_at = file.bytes_dropped_at
    file_bytes.forget(file)
    assert (file.bytes_dropped_at, file.sha256) == (dropped_at, "a" * 64)


def test_bytes_that_may_stay_stay() -> None:
    file = a_file(keeps_bytes=True)
    file_bytes.forget_of(a_change_set(file))
    assert (file.content, file.bytes_dropped_at) == (b"any", None)


def test_a_change_set_without_a_file_has_nothing_to_forget() -> None:
    file = a_file()
    file_bytes.forget_of(a_change_set(None))
    assert file.content == b"any"
