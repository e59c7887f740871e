"""Import kinds: each is whole, and none keeps a file's bytes unless it says so."""

import dataclasses
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from tests.files import builders
from tests.files.edinet import filings
from webapp.cli import import_kinds
from webapp.cli.commands import import_files
from webapp.files.apart import wire
from webapp.files.rows import MasterList, WrongFile
from webapp.label import Label
from webapp.lists import returning
from webapp.models.columns import Curated
from webapp.models.company import Company
from webapp.models.import_file import ImportFile
from webapp.models.user import User
from webapp.rules import change
from webapp.services.changes import row_codec
from webapp.services.intake import kinds
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.kinds import KINDS
from webapp.services.intake.merging import Merge

RUBBISH = (
    b"",
    b"not a list",
    b"PK\x03\x04 cut off",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<!DOCTYPE html>",
    b"\xff",
)
NOTHING: MasterList[Any] = MasterList(date(2025, 5, 30), (), (), {}, 0)


@pytest.fixture(autouse=True)
def understood_headings() -> None:
    returning.declare()


def gaps(kind: ImportKind) -> Iterator[str]:
    """What a kind lacks."""
    longest = row_codec.table_of(ImportFile).c.kind.type.length
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", kind.name) or len(kind.name) > longest:
        yield "name"
    if not all(label.ja.strip() and label.en.strip() for label in (kind.label, *kind.words.values())):
        yield "words in both languages"
    if not kind.source or change.SOURCE.broken_by(f"{kind.source} (2025-05-30)"):
        yield "source"
    if kind.model_of is None and not issubclass(kind.model or User, Curated):
        yield "curated table"
    if kind.merge(NOTHING, {}) != Merge():
        yield "merge that wants nothing of nothing"
    if not all(_is_refused(kind, content) for content in RUBBISH):
        yield "reader that refuses what it cannot read"
    if not kind.read.__module__.startswith(wire.ROOM):
        yield "reader that runs apart"


def _refuse(content: bytes, _name: str) -> MasterList[Any]:
    raise WrongFile(expected="a reader of webapp/files", found="this one")


def _take(content: bytes, _name: str) -> MasterList[Any]:
    return NOTHING


_take.__module__ = f"{wire.ROOM}taking"


def _is_refused(kind: ImportKind, content: bytes) -> bool:
    try:
        listing = kind.read(content, "rubbish.csv")
        if kind.understand is not None:
            kind.understand(listing)
    except WrongFile:
        return True
    return False


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_is_whole(name: str) -> None:
    assert list(gaps(KINDS[name])) == []


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize(
    ("gap", "changes"),
    [
        ("name", {"name": "EDINET_codes"}),
        ("name", {"name": "x" * 41}),
        ("words in both languages", {"label": Label("一覧", "")}),
        ("words in both languages", {"words": {"natural_person": Label("", "natural person")}}),
        ("source", {"source": ""}),
        ("source", {"source": "長" * 500}),
        ("curated table", {"model": User}),
        ("merge that wants nothing of nothing", {"merge": lambda _listing, _stored: Merge(refused=[None])}),
        ("reader that refuses what it cannot read", {"read": _take}),
        ("reader that runs apart", {"read": _refuse}),
    ],
)
def test_a_kind_that_is_not_whole_is_found(gap: str, changes: dict[str, Any]) -> None:
    assert list(gaps(dataclasses.replace(KINDS["edinet-codes"], **changes))) == [gap]


def test_each_kind_is_called_as_its_file_and_the_command_line_lists_it() -> None:
    assert tuple(sorted(KINDS)) == import_kinds.NAMES
    # A terminal breaks lines, also at a name's hyphen.
    explained = "".join(CliRunner().invoke(import_files.command, ["--help"]).stdout.split())
    for name in KINDS:
        assert name in explained


def test_a_kind_that_says_nothing_keeps_no_bytes() -> None:
    said = {"name": "x", "label": Label("x", "x"), "source": "x", "model": Company}
    nothing = {"recognises": lambda _look: False, "read": lambda _content, _name: NOTHING}
    silent = ImportKind(**said, **nothing, merge=lambda _listing, _stored: Merge())
    assert silent.keeps_bytes is False


def test_a_kind_that_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(kinds.UnknownKind, match=f"there are {', '.join(sorted(kinds.KINDS))}$"):
        kinds.named("nothing")


def test_a_reason_without_words_is_said_as_it_is() -> None:
    kind = KINDS["jpx-list"]
    assert kind.word("etf_etn").in_language("en") == "ETF or ETN"
    assert kind.word("something_new").in_language("ja") == "something new"


@pytest.mark.parametrize(
    ("kind", "name", "content", "as_of_on"),
    [
        ("edinet-codes", "Edinetcode.zip", builders.edinet_zip(builders.COMPANY), date(2023, 10, 31)),
        ("jpx-list", "data_j.csv", builders.jpx_csv(builders.ISSUE), date(2025, 5, 30)),
        ("edinet-filing", "S100TEST.zip", filings.zipped(filings.ASSETS), date(2025, 6, 27)),
        ("prices", "quotes.csv", b"Date,Code,O,H,L,C,Vo\n2025-05-30,72030,1,1,1,1,1\n", date(2025, 5, 30)),
    ],
)
def test_each_kind_has_its_reader_and_words_for_what_it_leaves_out(
    kind: str, name: str, content: bytes, as_of_on: date
) -> None:
    listing = KINDS[kind].read(content, name)
    assert (listing.as_of_on, len(listing.rows)) == (as_of_on, 1)
    assert set(listing.left_out) <= set(KINDS[kind].words)
