"""Uploads: files that people bring in the browser; received, compared with what is stored, decided on, forgotten."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import IO

from sqlalchemy import delete, select

from webapp import db
from webapp.files import archives, looking
from webapp.files.apart import calling
from webapp.files.looking import Look
from webapp.files.rows import WrongFile
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import ImportFile
from webapp.models.upload import Upload
from webapp.rules import change
from webapp.rules.fields import CONTROL, LOST, UNSEEN, shows_nothing
from webapp.rules.findings import Finding
from webapp.rules.people import upload as rules
from webapp.services.changes import file_bytes, row_writing
from webapp.services.changes.approving import NotPending
from webapp.services.changes.proposals import Author, Refused
from webapp.services.intake import importing, kinds, received_files
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.importing import OnRows, Request
from webapp.services.intake.received_files import Seen
from webapp.services.intake.uploading import preview_remarks
from webapp.services.queueing import long_changes

MEBIBYTE = 1024 * 1024
LARGEST = 256 * MEBIBYTE
# A file of so many bytes is looked at as a whole, as a zip has to be; of a larger one only the start is.
LARGEST_LOOKED_AT = 64 * MEBIBYTE
# Larger ones take longer to compare than anybody waits for a page: a worker does so.
LARGEST_AT_ONCE = 16 * MEBIBYTE
LONGEST_NAME = 255
NAMELESS = "file"
# Nobody may ever answer: files and previews stay no longer.
KEPT = timedelta(days=1)
MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Taken:
    """As what a file is to be taken: its kind, whether nothing is missing, whose it is, and what else is asked for."""

    kind: str
    is_whole: bool = False
    code: str | None = None
    asked: frozenset[str] = frozenset()


def receive(stream: IO[bytes], name: str, by_id: int) -> Upload:
    """See what a file is and store its bytes in parts; the same file of the same person is one upload.

    Of a list of filers nothing is stored that it says of natural persons. Raises WrongFile where it is empty, too
    large, not safe to look into, or a list whose persons cannot be told apart.
    """
    sha256, size = _measured(stream)
    upload = _waiting(sha256, by_id)
    if upload is not None:
        return upload
    upload = Upload(name=called(name), sha256=sha256, size_bytes=size, uploaded_by_id=by_id)
    stream.seek(0)
    look = _look(stream, size, upload.name)
    kind = kinds.recognised(look)
    upload.kind = upload.recognised_as = None if kind is None else kind.name
    upload.encoding = look.encoding
    db.session.add(upload)
    db.session.flush()
    stream.seek(0)
    file_bytes.keep(sha256, _kept(stream, kind))
    return upload


def _kept(stream: IO[bytes], kind: ImportKind | None) -> Iterator[bytes]:
    """What may wait of a file, in parts."""
    if kind is None or kind.without_persons is None:
        return _parts(stream)
    # No list is longer, and its reader refuses one that is.
    content = stream.read(LARGEST_LOOKED_AT)
    return received_files.in_parts(calling.read(kind.without_persons, content).content)


def _look(stream: IO[bytes], size: int, name: str) -> Look:
    """How the file begins; of a zip that is too large to be looked at nothing is told, and somebody has to say it."""
    is_whole = size <= LARGEST_LOOKED_AT
    start = stream.read(LARGEST_LOOKED_AT if is_whole else MEBIBYTE)
    if not is_whole and archives.is_zip(start):
        return Look(name)
    return calling.read(looking.look, start, name)


def called(name: str) -> str:
    """What a browser says that a file is called, without folders and without what nobody sees."""
    last = PurePosixPath(name.replace("\\", "/")).name
    seen = UNSEEN.sub("", CONTROL.sub("", last)).replace(LOST, "")
    name = seen[-LONGEST_NAME:].strip(" \u3000")
    return NAMELESS if shows_nothing(name) else name


def _measured(stream: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for part in _parts(stream):
        digest.update(part)
        size += len(part)
        if size > LARGEST:
            raise WrongFile(
                expected="a file of at most %(most)s MB", found="a larger one", most=LARGEST // MEBIBYTE
            )
    if not size:
        raise WrongFile(expected="a file with something in it", found="an empty one")
    return digest.hexdigest(), size


def _parts(stream: IO[bytes]) -> Iterator[bytes]:
    while part := stream.read(file_bytes.PART_BYTES):
        yield part


def _waiting(sha256: str, by_id: int) -> Upload | None:
    of_person = select(Upload).outerjoin(Upload.change_set).where(Upload.uploaded_by_id == by_id)
    waiting = of_person.where(Upload.sha256 == sha256, file_bytes.waiting()).order_by(Upload.id.desc())
    return db.session.scalars(waiting.limit(1)).first()


def imported_as(upload: Upload) -> ChangeSet | None:
    """The change set by which the very same bytes are in the tables already."""
    of_bytes = (
        select(ChangeSet)
        .join(ImportFile, ImportFile.id == ChangeSet.import_file_id)
        .where(ImportFile.sha256 == upload.sha256, ChangeSet.status == "applied")
        .where(ChangeSet.undoes_id.is_(None), ~ChangeSet.undone_by.has(ChangeSet.status == "applied"))
    )
    return db.session.scalars(of_bytes.order_by(ChangeSet.id.desc()).limit(1)).first()


def of_person(by_id: int) -> list[Upload]:
    """Somebody's uploads, newest first."""
    theirs = select(Upload).where(Upload.uploaded_by_id == by_id).order_by(Upload.id.desc())
    return list(db.session.scalars(theirs.limit(MOST_LISTED)))


def compare(
    number: int,
    by: Author,
    taken: Taken,
    content: Path | None = None,
    on_rows: OnRows = row_writing.in_silence,
) -> None:
    """Compare an upload with what is stored, and store what differs as a proposed change set.

    `content`: where its bytes lie on a disk, if they do. Inside the transaction of `door.settle`. What an earlier
    comparison had proposed is declined. Raises WrongFile, AnotherImport, and NotPending where somebody has decided.
    """
    upload = _open(number, by)
    preview = importing.preview(_request(upload, by, taken, content), on_rows)
    change_set = importing.submit(preview)
    status = "unchanged" if change_set is None else "proposed"
    _take(upload, taken, rules.COMPARED)
    upload.encoding = preview.listing.encoding
    upload.report = preview.report(change_set, status)
    upload.remarks = preview_remarks.of(preview)
    upload.change_set_id = None if change_set is None else change_set.id
    upload.refusal = None
    db.session.flush()


def begin_anew(number: int, by: Author, taken: Taken) -> None:
    """Forget what an earlier comparison came to, as another one is to come; inside the transaction of `door.settle`."""
    upload = _open(number, by)
    _take(upload, taken, rules.RECEIVED)
    upload.report, upload.remarks, upload.refusal = None, [], None
    db.session.flush()


def refuse(number: int, by: Author, taken: Taken | None, error: WrongFile) -> None:
    """Note why an upload is not taken, inside the transaction of `door.settle`."""
    upload = _open(number, by)
    _take(upload, taken, rules.REFUSED)
    kind = None if upload.kind is None else kinds.KINDS.get(upload.kind)
    content = b"".join(file_bytes.parts_of(upload.sha256)) if error.bad_rows else b""
    upload.report, upload.remarks = None, preview_remarks.of_refusal(kind, content, error.bad_rows)
    values = {name: value if isinstance(value, int) else str(value) for name, value in error.values.items()}
    said = {"expected": error.expected, "found": error.found, "values": values}
    upload.refusal = said | ({"part": error.part} if error.part else {})
    db.session.flush()


def confirm(number: int, by: Author, digest: str, reason: str) -> int:
    """Write what was shown, and nothing else, or let a worker write it; the number of its change set.

    `digest` is that of the change set that the page showed. Inside the transaction of `door.settle`; raises what
    `importing.confirm` and `confirm_later` do.
    """
    upload, change_set = _decided_on(number, digest)
    given = reason.strip() or None
    saying = None if given is None else change.REASON.broken_by(given)
    if saying is not None:
        raise Refused([Finding("reason", saying.message, saying.params)])
    change_set.reason = given
    if long_changes.takes_long(change_set):
        importing.confirm_later(change_set.id, by)
    else:
        importing.confirm(change_set.id, by)
    assert upload.change_set_id is not None
    return upload.change_set_id


def remove(number: int, by: Author) -> None:
    """Forget an upload and decline what it would change, inside the transaction of `door.settle`."""
    upload = _open(number, by)
    db.session.delete(upload)
    db.session.flush()
    file_bytes.forget_unneeded(upload.sha256)


def forget_old() -> int:
    """Forget uploads of which a day has passed; how many they were. Their change sets are declined by themselves."""
    old = delete(Upload).where(Upload.uploaded_at < datetime.now(UTC) - KEPT).returning(Upload.sha256)
    hashes = db.session.scalars(old).all()
    for sha256 in set(hashes):
        file_bytes.forget_unneeded(sha256)
    return len(hashes)


def _open(number: int, by: Author) -> Upload:
    """The upload, kept from others, without what was proposed for it; raises NotPending where that is decided."""
    upload = db.session.get_one(Upload, number)
    db.lock(upload)
    change_set, upload.change_set_id = upload.change_set, None
    if change_set is not None:
        if change_set.status != "proposed":
            raise NotPending(f"change set {change_set.id} is {change_set.status}")
        # First away from it: bytes of which nobody waits any more would go with what is declined.
        db.session.flush()
        importing.decline(change_set.id, by)
    return upload


def _decided_on(number: int, digest: str) -> tuple[Upload, ChangeSet]:
    upload = db.session.get_one(Upload, number)
    db.lock(upload)
    change_set = upload.change_set
    if change_set is None or change_set.digest != digest:
        raise Refused([Finding(None, "the file has been compared again since this page was shown")])
    return upload, change_set


def _take(upload: Upload, taken: Taken | None, status: str) -> None:
    upload.status = status
    if taken is not None:
        upload.kind, upload.is_whole, upload.code = taken.kind, taken.is_whole, taken.code


def _request(upload: Upload, by: Author, taken: Taken, content: Path | None) -> Request:
    """The import of an upload; raises WrongFile where its bytes are gone."""
    if not file_bytes.is_kept(upload.sha256):
        raise WrongFile(
            expected="a file that waits for a decision", found="one that is decided on; bring it again"
        )
    whole = content or b"".join(file_bytes.parts_of(upload.sha256))
    # What is evidence is kept as it came; of anything else the bytes may be without persons.
    brought = None if kinds.named(taken.kind).keeps_bytes else Seen(upload.sha256, upload.size_bytes)
    return Request(taken.kind, upload.name, whole, by, None, taken.is_whole, taken.code, taken.asked, brought)
