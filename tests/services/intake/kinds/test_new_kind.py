"""A new import kind needs its reader and its record: a fictional list of sectors goes all the way with nothing else."""

import csv
import dataclasses
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from tests.factories import AUTHOR, intent
from webapp import db
from webapp.cli import import_report
from webapp.files.apart import calling
from webapp.files.rows import BadRow, MasterList, WrongFile
from webapp.label import Label
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import ImportFile
from webapp.models.industry import Industry
from webapp.rules import change
from webapp.services.changes import applying, proposing
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.intake import importing, received_files
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.importing import Preview, Request
from webapp.services.intake.kinds import KINDS
from webapp.services.intake.merging import Merge
from webapp.words.speech import Speech

pytestmark = pytest.mark.usefixtures("connection")

FIELDS = ("code", "name_ja", "name_en", "sector17_code", "sector17_name_ja", "sector17_name_en")
FISHERY = "0050,水産・農林業,Fishery,1,食品,Foods"
MINING = "1050,鉱業,Mining,2,エネルギー資源,Energy"
HALF = "9999,途中まで"


@dataclasses.dataclass(frozen=True, slots=True)
class Sector:
    """A sector as the fictional list has it."""

    line: int
    values: dict[str, str]


def read(content: bytes, _name: str) -> MasterList[Sector]:
    """Line 1 is `sectors,DAY`; each other line is a sector, or the word `total`."""
    lines = list(csv.reader(content.decode("utf-8", "replace").splitlines()))
    if not lines or lines[0][:1] != ["sectors"]:
        raise WrongFile(expected="a list of sectors", found="something else")
    numbered = list(enumerate(lines[1:], start=2))
    return MasterList(
        as_of_on=date.fromisoformat(lines[0][1]),
        rows=[Sector(n, dict(zip(FIELDS, cells, strict=True))) for n, cells in numbered if len(cells) == 6],
        bad_rows=[BadRow(n, None, None, "The value is missing.") for n, cells in numbered if len(cells) == 2],
        left_out={"total": sum(cells == ["total"] for _, cells in numbered)},
        total_rows=len(numbered),
    )


def merge(listing: MasterList[Sector], stored: Stored) -> Merge:
    """Sectors by their code; nothing is ended by silence."""
    merging = Merge()
    for sector in listing.rows:
        key = (sector.values["code"],)
        if key in stored:
            merging.wishes.append(Wish(Industry, change.UPDATE, sector.values, key, line=sector.line))
        else:
            merging.wishes.append(Wish(Industry, change.CREATE, sector.values, line=sector.line))
    return merging


SECTORS = ImportKind(
    name="sectors",
    label=Label("業種一覧", "List of sectors"),
    source="架空取引所 業種一覧",
    model=Industry,
    recognises=lambda look: look.first[:1] == ["sectors"],
    read=read,
    merge=merge,
    words={"total": Label("合計行", "line of totals")},
)


@pytest.fixture(autouse=True, params=[False, True], ids=["dropping its bytes", "keeping its bytes"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ImportKind:
    """The kind, known while the test runs."""
    record = dataclasses.replace(SECTORS, keeps_bytes=request.param)
    # Its reader stands in this file and not among those that the process of readers has loaded.
    monkeypatch.setattr(calling, "read", lambda reader, *given: reader(*given))
    monkeypatch.setitem(KINDS, record.name, record)
    return record


def look(*lines: str, day: str = "2026-04-01") -> Preview:
    content = "\n".join((f"sectors,{day}", *lines)).encode()
    return importing.preview(Request("sectors", "sectors.csv", content, AUTHOR))


def take(*lines: str, day: str = "2026-04-01") -> ChangeSet:
    change_set = importing.submit(look(*lines, day=day))
    assert change_set is not None
    importing.confirm(change_set.id, AUTHOR)
    return change_set


def names() -> dict[str, str]:
    rows = db.session.execute(select(Industry.code, Industry.name_en))
    return dict(rows.all())


def test_its_rows_are_shown_stored_and_written(kind: ImportKind) -> None:
    preview = look(FISHERY, HALF, "total")
    assert preview.counts | {"created": 1, "rejected": 1} == preview.counts
    assert names() == {}
    change_set = importing.submit(preview)
    assert change_set is not None
    file = db.session.scalars(select(ImportFile)).one()
    assert (file.kind, file.content is not None) == ("sectors", kind.keeps_bytes)
    importing.confirm(change_set.id, AUTHOR)
    assert names() == {"0050": "Fishery"}
    assert (change_set.table_name, change_set.source) == ("industries", f"{kind.source} (2026-04-01)")
    assert (file.content is not None) == kind.keeps_bytes


def test_declining_it_writes_nothing_and_treats_its_bytes_as_its_kind_says(kind: ImportKind) -> None:
    change_set = importing.submit(look(FISHERY))
    assert change_set is not None
    importing.decline(change_set.id, AUTHOR)
    assert names() == {}
    assert (db.session.scalars(select(ImportFile)).one().content is not None) == kind.keeps_bytes


def test_a_later_list_changes_what_differs_and_the_same_one_nothing(kind: ImportKind) -> None:
    take(FISHERY, MINING)
    assert importing.submit(look(FISHERY, MINING)) is None
    assert (db.session.scalars(select(ImportFile)).one().content is not None) == kind.keeps_bytes
    take(FISHERY.replace("Fishery", "Fishery & Agriculture"), MINING, day="2026-05-01")
    assert names() == {"0050": "Fishery & Agriculture", "1050": "Mining"}
    with pytest.raises(WrongFile, match="2026-05-01 or later"):
        look(FISHERY)


def test_what_a_steward_corrected_in_its_table_is_kept() -> None:
    take(FISHERY)
    corrected = [Wish(Industry, change.UPDATE, {"name_en": "Fishing"}, ("0050",))]
    applying.carry_out(proposing.propose(corrected, intent("edit")))
    again = look(FISHERY)
    assert again.proposal.is_empty
    assert [(finding.field, finding.params) for finding in again.kept] == [("name_en", {"value": "Fishery"})]


def test_a_row_that_breaks_a_rule_of_its_table_is_refused_and_the_rest_goes_on() -> None:
    preview = look(FISHERY.replace("0050", "50"), MINING)
    assert [(bad.line, bad.column) for bad in preview.refused] == [(2, "code")]
    assert [item.key for item in preview.proposal.items] == [("1050",)]


@pytest.mark.parametrize(
    ("language", "told"),
    [("ja", ("合計行", "33業種区分（英）")), ("en", ("line of totals", "Sector (en)"))],
)
def test_the_report_speaks_its_words_and_its_tables(language: str, told: tuple[str, ...]) -> None:
    take(MINING)
    lines = "\n".join(_report(look(MINING.replace("Mining", "Mines"), "total"), language))
    for words in told:
        assert words in lines


def _report(preview: Preview, language: str) -> Iterator[str]:
    return import_report.lines(preview, preview.report(None, "dry_run"), Speech(language))


def test_bytes_that_came_as_a_kind_that_drops_them_are_never_kept(kind: ImportKind) -> None:
    dropping = dataclasses.replace(kind, keeps_bytes=False)
    keeping = dataclasses.replace(kind, keeps_bytes=True)
    first = [received_files.store(dropping, "a", b"one", author=AUTHOR, as_of_on=None) for _ in range(2)]
    assert [file.keeps_bytes for file in first] == [False, False]
    assert received_files.store(keeping, "a", b"one", author=AUTHOR, as_of_on=None).keeps_bytes is False
    assert received_files.store(keeping, "b", b"two", author=AUTHOR, as_of_on=None).keeps_bytes is True
    assert received_files.store(dropping, "b", b"two", author=AUTHOR, as_of_on=None).keeps_bytes is False
