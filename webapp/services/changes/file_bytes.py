"""The bytes of received files, in parts under their hash: kept, read again, and forgotten once nobody needs them.

An upload and an import file that hold the same bytes share them; the last one that needs them lets them go.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CursorResult,
    Delete,
    bindparam,
    delete,
    exists,
    insert,
    select,
    text,
)

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import FilePart, ImportFile
from webapp.models.upload import Upload

PART_BYTES = 1024 * 1024
# Whoever keeps and whoever forgets the same bytes take turns, so that none go from under the other.
TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:sha256, 4119))")


def keep(sha256: str, parts: Iterable[bytes]) -> None:
    """Store what may be kept of the file of this hash, in parts of at most PART_BYTES, unless it is stored already."""
    db.session.execute(TURN, {"sha256": sha256})
    if is_kept(sha256):
        return
    for position, content in enumerate(parts):
        part = {"sha256": sha256, "position": position, "content": content}
        db.session.execute(insert(FilePart), part)


def is_kept(sha256: str) -> bool:
    """Whether the bytes of this hash are stored in parts."""
    return bool(db.session.scalar(select(exists().where(FilePart.sha256 == sha256))))


def parts_of(sha256: str) -> Iterator[bytes]:
    """The parts of these bytes in order, fetched one by one; none where they are not stored."""
    position = 0
    while (content := db.session.scalar(_part(sha256, position))) is not None:
        yield content
        position += 1


def _part(sha256: str, position: int) -> Any:
    of_part = (FilePart.sha256 == sha256) & (FilePart.position == position)
    return select(FilePart.content).where(of_part)


def content_of(file: ImportFile) -> bytes | None:
    """The bytes of a file that was received, wherever they stand; None where they are gone."""
    if file.bytes_dropped_at is not None:
        return None
    return b"".join(parts_of(file.sha256)) or file.content


def waiting() -> ColumnElement[bool]:
    """The condition that nobody has decided on an upload yet, beside its change set where it has one."""
    return ChangeSet.id.is_(None) | (ChangeSet.status == "proposed")


def forget(file: ImportFile) -> None:
    """Drop the bytes of a file, unless its row says that they may stay."""
    if not file.keeps_bytes and file.bytes_dropped_at is None:
        file.content = None
        file.bytes_dropped_at = datetime.now(UTC)
        db.session.flush()
    forget_unneeded(file.sha256)


def forget_of(change_set: ChangeSet) -> None:
    """Drop the bytes of the file of a change set that has been applied or rejected."""
    if change_set.import_file is not None:
        forget(change_set.import_file)


def forget_unneeded(sha256: str) -> int:
    """Drop the parts of these bytes where no import file may keep them and no upload waits; how many they were."""
    db.session.execute(TURN, {"sha256": sha256})
    return cast("CursorResult[Any]", db.session.execute(_unneeded(), {"sha256": sha256})).rowcount


@cache
def _unneeded() -> Delete:
    """Put together once, as each import that is written asks; a session holds no parts that would have to be told."""
    same: BindParameter[str] = bindparam("sha256")
    waits = select(Upload.id).outerjoin(Upload.change_set).where(Upload.sha256 == same, waiting()).exists()
    stays = exists().where(ImportFile.sha256 == same, ImportFile.bytes_dropped_at.is_(None))
    unneeded = delete(FilePart).where(FilePart.sha256 == same, ~waits, ~stays)
    return unneeded.execution_options(synchronize_session=False)
