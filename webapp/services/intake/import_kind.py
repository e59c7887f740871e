"""An import kind: everything that is known about one kind of file, in one record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp import db
from webapp.files.rows import MasterList
from webapp.label import Label
from webapp.services.changes.proposing import Stored
from webapp.services.intake.merging import Merge

# Bytes and file name in; rows, or WrongFile.
Reader = Callable[[bytes, str], MasterList[Any]]
# The rows of a file and the stored rows of the kind's table, by key; raises WrongFile where they cannot be of one list.
Merging = Callable[[MasterList[Any], Stored], Merge]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportKind:
    """How one kind of file is read, merged, named and kept.

    `name` is what operators type and what import_files.kind holds. `source` names where such files come from, as
    their terms ask to be named. `model` is the table whose rows the file is about. `words` are what people read for
    the reasons by which the reader and the merge count rows.

    Bytes may hold natural persons, so they are dropped once the change set of a file has ended, unless a kind says
    with `keeps_bytes` that they are evidence and may stay.
    """

    name: str
    label: Label
    source: str
    model: type[db.Base]
    read: Reader
    merge: Merging
    words: Mapping[str, Label] = field(default_factory=dict)
    keeps_bytes: bool = False

    def word(self, reason: str) -> Label:
        """What people read for a reason by which rows are counted; one without words is said as it is."""
        plain = reason.replace("_", " ")
        return self.words.get(reason, Label(plain, plain))
