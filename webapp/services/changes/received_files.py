"""Receive files: store bytes and hash, know again what came before, and forget bytes that may not stay."""

import hashlib
from datetime import UTC, date, datetime

from sqlalchemy import exists, func, select

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import ImportFile
from webapp.services.changes.proposals import Author

# Master lists hold natural persons beside companies, so their bytes go when their change set has ended.
# Filings keep theirs: they are the evidence for figures.
MASTER_LISTS = frozenset({"edinet-codes", "jpx-list"})


def sha256_of(content: bytes) -> str:
    """The hash by which a file is known, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def store(kind: str, name: str, content: bytes, *, author: Author, as_of_on: date | None) -> ImportFile:
    """The stored file of these bytes; a file that was received before is the same row again."""
    digest = sha256_of(content)
    file = db.session.scalar(select(ImportFile).where(ImportFile.sha256 == digest).with_for_update())
    if file is None:
        file = ImportFile(
            kind=kind,
            name=name[-255:],
            sha256=digest,
            size_bytes=len(content),
            as_of_on=as_of_on,
            received_by_id=author.user_id,
        )
        db.session.add(file)
    file.content = content
    file.bytes_dropped_at = None
    db.session.flush()
    return file


def forget(file: ImportFile) -> None:
    """Drop the bytes of a master list; its hash, name and size stay."""
    if file.kind in MASTER_LISTS and file.bytes_dropped_at is None:
        file.content = None
        file.bytes_dropped_at = datetime.now(UTC)
        db.session.flush()


def ended(change_set: ChangeSet) -> None:
    """What becomes of a change set's file once it is applied or rejected."""
    if change_set.import_file is not None:
        forget(change_set.import_file)


def newest_list(kind: str) -> date | None:
    """The day of the newest list of this kind that is in the tables; None before the first."""
    refused = exists().where(ChangeSet.import_file_id == ImportFile.id, ChangeSet.status != "applied")
    applied = exists().where(ChangeSet.import_file_id == ImportFile.id, ChangeSet.status == "applied")
    return db.session.scalar(
        select(func.max(ImportFile.as_of_on)).where(ImportFile.kind == kind, applied | ~refused)
    )
