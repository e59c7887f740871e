"""Uploads that are too large to be compared while somebody waits for a page: they are left to a worker."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from webapp import db
from webapp.models.upload import Upload
from webapp.services.changes import file_bytes
from webapp.services.changes.proposals import Author
from webapp.services.intake.importing import OnRows
from webapp.services.intake.uploading import uploads
from webapp.services.intake.uploading.uploads import Taken
from webapp.services.queueing import deferring

# The job that compares an upload.
COMPARE = "compare upload"


def takes_long(number: int) -> bool:
    """Whether comparing the upload takes longer than anybody waits for a page."""
    return db.session.get_one(Upload, number).size_bytes > uploads.LARGEST_AT_ONCE


def leave(number: int, by: Author, taken: Taken) -> int:
    """Let a worker compare the upload once this transaction is committed; the job's number.

    What an earlier comparison had proposed is declined, and one that waits or runs is ended. Inside the transaction
    of `door.settle`; raises NotPending where somebody has decided on it.
    """
    deferring.cancel_of_upload(number)
    uploads.begin_anew(number, by, taken)
    arguments = {
        "kind": taken.kind,
        "is_whole": taken.is_whole,
        "code": taken.code,
        "asked": sorted(taken.asked),
    }
    return deferring.defer(COMPARE, by, arguments, upload_id=number)


def taken_of(arguments: Mapping[str, Any]) -> Taken:
    """As what a job is to take its upload."""
    return Taken(arguments["kind"], arguments["is_whole"], arguments["code"], frozenset(arguments["asked"]))


def compare(number: int, by: Author, taken: Taken, on_rows: OnRows) -> None:
    """Do what `uploads.compare` does, with the bytes on a disk of this machine, so that no process holds them whole."""
    sha256 = db.session.get_one(Upload, number).sha256
    with _on_disk(file_bytes.parts_of(sha256)) as path:
        uploads.compare(number, by, taken, path, on_rows)


def cancel(upload: Upload) -> bool:
    """End the job that compares, writes or undoes an upload; False where there is none that has not ended."""
    is_heeded = [deferring.cancel_of_upload(upload.id)]
    if upload.change_set_id is not None:
        is_heeded.append(deferring.cancel_of(upload.change_set_id))
    return any(is_heeded)


@contextmanager
def _on_disk(parts: Iterable[bytes]) -> Iterator[Path]:
    """A file without a name, which goes with this process however that ends; the path leads to it from here alone."""
    with TemporaryFile() as file:
        for part in parts:
            file.write(part)
        file.flush()
        yield Path(f"/dev/fd/{file.fileno()}")
