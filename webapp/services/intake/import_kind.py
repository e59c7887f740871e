"""An import kind: everything that is known about one kind of file, in one record."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, Protocol

from webapp import db
from webapp.files.edinet.hiding import Kept
from webapp.files.looking import Look
from webapp.files.rows import BadRow, MasterList, RefusedRow
from webapp.files.scanning import Scan
from webapp.label import Label
from webapp.rules.findings import Finding
from webapp.services.changes.feeds.plan import FeedPlan
from webapp.services.changes.proposing import Stored
from webapp.services.intake.merging import Merge

# Bytes and file name in, and the code that came with them where the kind takes one; rows, or WrongFile. A function of
# webapp/files: it runs in a process of its own, which has loaded nothing else.
Reader = Callable[..., MasterList[Any]]
# The stored rows of the kind's table that a file may be about, by key.
Fetching = Callable[[MasterList[Any]], Stored]
# What a reader has read, by what is known here and not to readers; raises WrongFile.
Understanding = Callable[[MasterList[Any]], MasterList[Any]]
# The table of the rows that a file is about, where that is for the file to say.
TableOf = Callable[[MasterList[Any]], type[db.Base] | None]
# The rows of a file and the stored rows of the kind's table, by key; raises WrongFile where they cannot be of one list.
Merging = Callable[[MasterList[Any], Stored], Merge]
# Which of a file's first records has its headings; None where it has none.
HeadingsAt = Callable[[Sequence[Sequence[str]]], int | None]
# Whether a raw row may be kept and shown, given as cells by heading.
MayShow = Callable[[Mapping[str, str]], bool]
# A file without its natural persons, read alike by the kind's reader; of webapp/files, as that is. Raises WrongFile.
WithoutPersons = Callable[[bytes], Kept]
# Whether a file that begins so is of the kind, whatever it is called.
Recognising = Callable[[Look], bool]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file within a file, which is stored by itself: its name, its bytes and the day that it is of."""

    name: str
    content: bytes
    as_of_on: date


# The files within a file that could be read.
Enclosing = Callable[[MasterList[Any]], Iterator[Enclosure]]


class RowStream(Protocol):
    """A long file that is read row after row, and what has been read of it so far."""

    total_rows: int
    refused: int
    last: date | None
    bad_rows: list[BadRow]
    left_out: Counter[str]

    @property
    def encoding(self) -> str: ...

    @property
    def source(self) -> str: ...

    def refuse(self, bad: BadRow, rows: int = 1) -> None:
        """Count rows that cannot be taken, and keep the first of them."""

    def close(self) -> None:
        """Let go of the file."""

    def require_some(self) -> None:
        """Raise WrongFile where no row could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedKind:
    """How large files of a kind are taken, as feeds.

    `reader` names the reader with its version: what waits for a decision is written only by the reader that was
    confirmed. `may_be`: whether a file that begins so can be read row after row. `open` takes the file, what is known
    of it as a whole, the code that came with it and what else is asked for; nothing comes of a file that is to be read
    whole after all. `rows` are those of ours as COPY takes them, in the order of the plan; once it is called it asks
    nothing more of the database. `look` is the second look at what is classified: what is left alone, and remarks; it
    counts the rows that are as they are stored and yet left. `remarks` are those on the rows that are written.
    `repeated` is why the same row again is left out, `otherwise` the refusal of one that differs.
    """

    reader: str
    open: Callable[[BinaryIO, Scan, str | None, frozenset[str]], Any]
    plan: Callable[[Any], FeedPlan]
    rows: Callable[[Any, Merge], Iterator[bytes | Sequence[str]]]
    look: Callable[[FeedPlan, Any, Merge], int]
    repeated: str
    otherwise: Callable[[], RefusedRow]
    remarks: Callable[[], Iterator[Finding]] = lambda: iter(())
    may_be: Callable[[bytes], bool] = bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportKind:
    """How one kind of file is read, merged, named and kept.

    `name` is what operators type and what import_files.kind holds. `source` names where such files come from, as
    their terms ask to be named. `model` is the table whose rows the file is about; where each file says that itself,
    `model_of` knows it. `words` are what people read for
    the reasons by which the reader and the merge count rows.

    `understand` goes over what the reader has read, where that asks for more than a reader knows.

    `stored` fetches the rows that a file may be about, where it is not about the whole table. `is_list`: a file tells
    of everything on its day, so that a later one keeps earlier ones out. `takes_code`: whoever brings a file may say
    whose it is.

    Bytes may hold natural persons, so they are dropped once the change set of a file has ended, unless a kind says
    with `keeps_bytes` that they are evidence and may stay. Of a kind `without_persons` only what that leaves of them
    waits for a decision.

    `is_by_hand`: its files hold what a person has typed into them. It counts as what stewards set by hand, is written
    over what they have set before, and each row that is refused is shown, however many there are.

    `beside`: its files lie in folders, and the other files there are days of that kind, taken before them.

    `is_of_days`: its files add to one another, a day each, instead of telling everything anew. Several of them or a
    folder are one import, packed as a zip.

    `feed`: how its files of more than `feeding.MOST_ITEMS` rows are taken, where they may be so large.

    `encloses`: its files hold others of that kind; those that `enclosed` names are stored as such, as if each had come
    by itself.

    `headings_at`: where the headings of its lines are, so that a line can be shown as it stands in the file; without it
    none is. `may_show` is asked first, where rows may be natural persons'.
    """

    name: str
    label: Label
    source: str
    recognises: Recognising
    read: Reader
    merge: Merging
    model: type[db.Base] | None = None
    model_of: TableOf | None = None
    understand: Understanding | None = None
    stored: Fetching | None = None
    words: Mapping[str, Label] = field(default_factory=dict)
    is_list: bool = True
    keeps_bytes: bool = False
    without_persons: WithoutPersons | None = None
    takes_code: bool = False
    is_of_days: bool = False
    beside: str | None = None
    is_by_hand: bool = False
    feed: FeedKind | None = None
    encloses: str | None = None
    enclosed: Enclosing | None = None
    headings_at: HeadingsAt | None = None
    may_show: MayShow | None = None

    @property
    def origin(self) -> str:
        """As whose word findings file what its files say: of several files together, as that of each of them."""
        return self.encloses or self.name

    def table_of(self, listing: MasterList[Any]) -> type[db.Base]:
        """The table whose rows a file is about."""
        model = self.model if self.model_of is None else self.model_of(listing)
        assert model is not None, self.name
        return model

    def word(self, reason: str) -> Label:
        """What people read for a reason by which rows are counted; one without words is said as it is."""
        plain = reason.replace("_", " ")
        return self.words.get(reason, Label(plain, plain))
