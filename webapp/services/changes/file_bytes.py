"""Forget the bytes of a received file once nobody needs them; its hash, name and size stay."""

from datetime import UTC, datetime

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import ImportFile


def forget(file: ImportFile) -> None:
    """Drop the bytes of a file, unless its row says that they may stay."""
    if not file.keeps_bytes and file.bytes_dropped_at is None:
        file.content = None
        file.bytes_dropped_at = datetime.now(UTC)
        db.session.flush()


def forget_of(change_set: ChangeSet) -> None:
    """Drop the bytes of the file of a change set that has been applied or rejected."""
    if change_set.import_file is not None:
        forget(change_set.import_file)
