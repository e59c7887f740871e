"""Receive files: store bytes and hash, and know again what came before."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Select, exists, func, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import ImportFile
from webapp.rules import calendar
from webapp.services.changes import file_bytes
from webapp.services.changes.proposals import Author
from webapp.services.intake.import_kind import ImportKind


def sha256_of(content: bytes) -> str:
    """The hash by which a file is known, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def in_parts(content: bytes) -> Iterator[bytes]:
    """The bytes in the parts in which they are stored."""
    for start in range(0, len(content), file_bytes.PART_BYTES):
        yield content[start : start + file_bytes.PART_BYTES]


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that has been read: its hash and size, and its bytes where they were held."""

    sha256: str
    size_bytes: int
    content: bytes | None = None


def store(
    kind: ImportKind, name: str, content: bytes | Seen, *, author: Author, as_of_on: date | None
) -> ImportFile:
    """The stored file of these bytes; a file that was received before is the same row again, and no longer withdrawn.

    Bytes are stored only where their kind keeps them: a list may hold natural persons, and whoever is asked about it
    may never answer; in the browser it waits without them, as an upload, for a day at most. Bytes that came once as a
    kind which drops them are never kept, whatever they come as later.
    """
    file_seen = content if isinstance(content, Seen) else Seen(sha256_of(content), len(content), content)
    file = _with_hash(file_seen.sha256)
    if file is None:
        new = ImportFile(
            kind=kind.name,
            name=name[-255:],
            sha256=file_seen.sha256,
            size_bytes=file_seen.size_bytes,
            keeps_bytes=kind.keeps_bytes,
            bytes_dropped_at=datetime.now(UTC),
            as_of_on=as_of_on,
            received_by_id=author.user_id,
        )
        file = _added(new)
    file.keeps_bytes = file.keeps_bytes and kind.keeps_bytes
    if file.keeps_bytes:
        assert file_seen.content is not None, kind.name
        file_bytes.keep(file_seen.sha256, in_parts(file_seen.content))
        file.content, file.bytes_dropped_at = b"", None
    else:
        file_bytes.forget(file)
    file.withdrawn_at = file.withdrawn_by_name = None
    db.session.flush()
    return file


def _with_hash(digest: str) -> ImportFile | None:
    return db.session.scalar(select(ImportFile).where(ImportFile.sha256 == digest).with_for_update())


def _added(new: ImportFile) -> ImportFile:
    """The new row, or that of whoever stored the same bytes in the same moment."""
    try:
        with db.session.begin_nested():
            db.session.add(new)
    except IntegrityError:
        same = _with_hash(new.sha256)
        if same is None:
            raise
        return same
    return new


def newest_list(kind_name: str) -> date | None:
    """The day of the newest list of this kind that is in the tables; None before the first.

    What was undone, withdrawn, or changed nothing does not count, and no day that is still to come: a list's own date
    is not to be trusted so far that it keeps all later ones out.
    """
    return db.session.scalar(
        select(func.max(ImportFile.as_of_on)).where(
            ImportFile.kind == kind_name,
            ImportFile.as_of_on <= calendar.today(),
            ImportFile.withdrawn_at.is_(None),
            ImportFile.id.in_(_in_force(kind_name)),
        )
    )


def is_in_force(file: ImportFile) -> bool:
    """Whether a change set of this file is in the tables and was not undone."""
    return (
        db.session.scalar(select(ImportFile.id.in_(_in_force(file.kind))).where(ImportFile.id == file.id))
        or False
    )


def withdraw(file: ImportFile, by: Author) -> None:
    """Let a list no longer keep earlier ones out; the rows that it wrote stay until its change set is undone."""
    db.lock(file)
    if file.withdrawn_at is None:
        file.withdrawn_at, file.withdrawn_by_name = datetime.now(UTC), by.name
        db.session.flush()


def _in_force(kind_name: str) -> Select[tuple[int]]:
    """The numbers of the files of a kind whose change set is applied and not undone; what undid it may be undone."""
    first = (
        select(ImportFile.id.label("file_id"), ChangeSet.id.label("id"), literal(0).label("undoings"))
        .join(ChangeSet, ChangeSet.import_file_id == ImportFile.id)
        .where(ImportFile.kind == kind_name, ChangeSet.status == "applied", ChangeSet.undoes_id.is_(None))
        .cte("undone", recursive=True)
    )
    undoing = aliased(ChangeSet)
    chain = first.union_all(
        select(first.c.file_id, undoing.id, first.c.undoings + 1)
        .join(undoing, undoing.undoes_id == first.c.id)
        .where(undoing.status == "applied")
    )
    last = ~exists().where(ChangeSet.undoes_id == chain.c.id, ChangeSet.status == "applied")
    return select(chain.c.file_id).where(last, chain.c.undoings % 2 == 0)
