"""Receive files: store bytes and hash, and know again what came before."""

import hashlib
from datetime import date

from sqlalchemy import exists, func, select

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import ImportFile
from webapp.services.changes.proposals import Author
from webapp.services.intake.import_kind import ImportKind


def sha256_of(content: bytes) -> str:
    """The hash by which a file is known, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def store(
    kind: ImportKind, name: str, content: bytes, *, author: Author, as_of_on: date | None
) -> ImportFile:
    """The stored file of these bytes; a file that was received before is the same row again.

    Bytes that came once as a kind whose bytes are dropped are never kept, whatever they come as later.
    """
    digest = sha256_of(content)
    file = db.session.scalar(select(ImportFile).where(ImportFile.sha256 == digest).with_for_update())
    if file is None:
        file = ImportFile(
            kind=kind.name,
            name=name[-255:],
            sha256=digest,
            size_bytes=len(content),
            keeps_bytes=kind.keeps_bytes,
            as_of_on=as_of_on,
            received_by_id=author.user_id,
        )
        db.session.add(file)
    file.keeps_bytes = file.keeps_bytes and kind.keeps_bytes
    file.content = content
    file.bytes_dropped_at = None
    db.session.flush()
    return file


def newest_list(kind_name: str) -> date | None:
    """The day of the newest list of this kind that is in the tables; None before the first."""
    refused = exists().where(ChangeSet.import_file_id == ImportFile.id, ChangeSet.status != "applied")
    applied = exists().where(ChangeSet.import_file_id == ImportFile.id, ChangeSet.status == "applied")
    return db.session.scalar(
        select(func.max(ImportFile.as_of_on)).where(ImportFile.kind == kind_name, applied | ~refused)
    )
