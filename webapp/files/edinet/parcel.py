"""Several filings that come together: a zip in which each is a zip by itself, as EDINET gives it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from webapp.files import archives
from webapp.files.edinet import filing
from webapp.files.edinet.filing import NAMED, Filing
from webapp.files.edinet.statements import Statement
from webapp.files.looking import Look
from webapp.files.rows import MasterList, WrongFile

ENDING = ".zip"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One filing of several, with the bytes of its own zip. Lines are counted through all filings of the parcel."""

    name: str
    content: bytes
    report: Filing


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file of several that is no filing that can be read: why, as a WrongFile says it, and its line of the parcel."""

    line: int
    expected: str
    found: str
    values: Mapping[str, str]

    @property
    def error(self) -> WrongFile:
        """As a file by itself would be refused."""
        return WrongFile(expected=self.expected, found=self.found, **self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel(MasterList[Enclosed]):
    """The filings that could be read, and why others could not."""

    refusals: Sequence[Refusal]


def is_in(look: Look) -> bool:
    """Whether a file is a zip of zips whose names begin with document ids."""
    return any(map(is_called_so, look.entries))


def is_called_so(entry: str) -> bool:
    """Whether a name is that of a zip of a document."""
    name = PurePosixPath(entry).name
    return name.lower().endswith(ENDING) and NAMED.match(name) is not None


def refusal(line: int, error: WrongFile) -> Refusal:
    """The refusal of the file that begins in this line."""
    return Refusal(
        line, error.expected, error.found, {key: str(value) for key, value in error.values.items()}
    )


def read(content: bytes, _name: str) -> Parcel:
    """The filings of a zip of zips; raises WrongFile where none of them can be read."""
    zips = archives.zips(content) if archives.is_zip(content) else {}
    if not zips:
        raise WrongFile(expected="a zip with reports of EDINET in it, each a zip by itself", found="none")
    reading = _Reading()
    for name, zipped in zips.items():
        reading.take(PurePosixPath(name).name, zipped)
    if not reading.filings:
        raise reading.errors[0]
    return Parcel(
        as_of_on=max(one.report.as_of_on for one in reading.filings),
        rows=tuple(reading.filings),
        bad_rows=(),
        left_out={},
        total_rows=len(zips),
        encoding=reading.filings[0].report.encoding,
        parts=tuple(reading.parts),
        refusals=tuple(reading.refusals),
    )


class _Reading:
    """What has been read so far, and how many lines that is."""

    def __init__(self) -> None:
        self.filings: list[Enclosed] = []
        self.refusals: list[Refusal] = []
        self.errors: list[WrongFile] = []
        self.parts: list[tuple[int, str]] = []
        self.lines = 0

    def take(self, name: str, zipped: bytes) -> None:
        """Read one zip; what is refused takes one line."""
        self.parts.append((self.lines, name))
        try:
            report = self._read(name, zipped)
        except WrongFile as error:
            error.part = name
            self.errors.append(error)
            self.lines += 1
            self.refusals.append(refusal(self.lines, error))
        else:
            self.filings.append(Enclosed(name, zipped, _moved(report, self.lines)))
            self.lines += report.lines

    def _read(self, name: str, zipped: bytes) -> Filing:
        report = filing.read(zipped, name)
        if any(report.doc_id == other.report.doc_id for other in self.filings):
            raise WrongFile(expected="files of different names", found="%(name)s twice", name=report.doc_id)
        return report


def _moved(report: Filing, lines: int) -> Filing:
    """The report behind so many lines of others."""

    def behind(statements: Sequence[Statement]) -> Iterator[Statement]:
        return (replace(one, line=one.line + lines) for one in statements)

    return replace(report, rows=tuple(behind(report.rows)), before=tuple(behind(report.before)))
