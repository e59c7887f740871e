"""The real lists, one after another over the seed, as a steward would take them over the years."""

import csv
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, and_, func, or_, select, text
from sqlalchemy.orm import aliased

from tests.databases import inside, taken_back, taken_back_within
from tests.factories import AUTHOR, intent
from webapp import db
from webapp.files import archives, edinet_documents
from webapp.models.company import Company
from webapp.models.row_version import RowVersion
from webapp.rules import masters, names
from webapp.services.changes import applying, proposing
from webapp.services.changes.proposals import Wish
from webapp.services.intake import importing, seeding
from webapp.services.intake.importing import Preview, Request

pytestmark = [pytest.mark.real_data, pytest.mark.long]

FOLDER = Path(os.environ.get("STOCKCODE_REAL_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
FIRST, LATER, JPX_2024, JPX = (
    "edinet_codes/Edinetcode_20231031.zip",
    "edinet_codes/Edinetcode_20260226.zip",
    "jpx/data_j_20240628.csv",
    "jpx/data_j_20250530.xls",
)


def take(kind: str, name: str) -> Preview:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"needs the real file {name} (STOCKCODE_REAL_DATA)")
    preview = importing.preview(Request(kind, path.name, path.read_bytes(), AUTHOR))
    change_set = importing.submit(preview)
    if change_set is not None:
        importing.confirm(change_set.id, AUTHOR)
    return preview


def stored() -> Counter[str]:
    query = select(Company.listing_status, func.count()).where(Company.edinet_code.is_not(None))
    rows = db.session.execute(query.group_by(Company.listing_status))
    return Counter(dict(rows.all()))


class TestOverTheSeed:
    """What begins with the seed and the first list, read once for both tests."""

    @pytest.fixture(scope="class")
    @classmethod
    def listed(cls, engine: Engine) -> Iterator[tuple[Connection, Preview]]:
        """Of a transaction that is rolled back in the end, and what was shown of the first list."""
        with taken_back(engine) as connection:
            with inside(connection, engine):
                seeding.load()
                first = take("edinet-codes", FIRST)
                db.session.commit()
            yield connection, first

    @pytest.fixture
    def first(self, listed: tuple[Connection, Preview], engine: Engine) -> Iterator[Preview]:
        connection, first = listed
        with taken_back_within(connection, engine):
            yield first

    def test_the_next_lists_fill_in_and_close_and_blank_nothing(self, first: Preview) -> None:
        assert (first.listing.total_rows, first.listing.left_out) == (10669, {"natural_person": 2994})
        assert first.counts["created"] == 7669
        assert first.counts["updated"] + first.counts["unchanged"] == 6
        assert sum(stored().values()) == 7675
        assert first.refused == []

        again = take("edinet-codes", FIRST)
        assert again.proposal.is_empty

        filled = _filled()
        later = take("edinet-codes", LATER)
        assert later.counts["created"] == 1041
        assert later.closed == {"delisted": 241, "ceased": 693}
        assert later.proposal.fields["name_ja"] > 200
        assert {"ticker_symbol", "head_office_address", "capital_stock"} <= set(later.proposal.fields)
        assert sum(stored().values()) == 7675 + 1041
        # Nothing is blanked: every field that was filled in is filled in still.
        assert all(now >= then for now, then in zip(_filled(), filled, strict=True))
        closed = select(func.count()).where(
            Company.listing_status == "delisted", Company.ticker_symbol.is_not(None)
        )
        assert db.session.scalar(closed) == 241
        deleted = select(func.count()).where(RowVersion.operation == "DELETE")
        assert db.session.scalar(deleted) == 0

        jpx = take("jpx-list", JPX)
        assert jpx.refused == []
        assert jpx.left_alone["not_on_newer_edinet_list"] == 4
        nintendo = db.session.scalars(select(Company).where(Company.ticker_symbol == "7974")).one()
        assert (nintendo.market_division, nintendo.industry_code) == ("PRIME", "3800")
        assert stored()["delisted"] == 241

    def test_each_company_that_lists_in_their_order_of_time_left_as_two_rows_is_one(
        self, first: Preview, capsys: pytest.CaptureFixture[str]
    ) -> None:
        lists = (JPX_2024, JPX, LATER)
        previews = [first, *(take("jpx-list" if "jpx" in name else "edinet-codes", name) for name in lists)]
        assert [preview.refused for preview in previews] == [[]] * 4
        assert (previews[3].counts["created"], previews[3].counts["deleted"]) == (907, 10)
        # Two of the 693 filers who have gone are listed on the TOKYO PRO Market all the same.
        assert previews[3].closed == {"delisted": 158, "ceased": 691}
        assert sum(stored().values()) == 7675 + 1041
        twice = FOLDER / "reference" / "two_rows.csv"
        with twice.open(encoding="utf-8-sig", newline="") as file:
            for company in csv.DictReader(file):
                same = or_(
                    Company.ticker_symbol == company["ticker_symbol"],
                    Company.edinet_code == company["edinet_code"],
                    Company.name_ja_folded == names.key(company["name_ja"]),
                )
                row = db.session.scalars(select(Company).where(same)).one()
                known_as = {name: getattr(row, name) for name in ("ticker_symbol", "edinet_code")}
                assert known_as == {name: company[name] for name in known_as}
        # Its filer was called otherwise on the older list: a name by itself makes no two rows one.
        assert set(_standing_twice()) <= {("6168", "E36785")}
        # Numbers that two filers share, names beside other addresses, and what JPX calls by another name than EDINET.
        found = {"M-number": 28, "M-name": 105, "M-sources": 18, "M-edinet": 0, "M-gone": 0, "M-year-end": 0}
        assert _count_rules(capsys) == found


def _count_rules(capsys: pytest.CaptureFixture[str]) -> dict[str, int]:
    """How many companies break each rule of companies, printed beside how many there are."""
    broken = Counter(row.rule for row in db.session.execute(text(masters.broken())))
    companies = db.session.scalar(select(func.count()).select_from(Company))
    with capsys.disabled():
        table = (f"  {rule:14}broken {broken[rule]:5}  of {companies} companies" for rule in masters.BY_ID)
        sys.stdout.write("\n".join(("", *table, "")))
    return {rule: broken[rule] for rule in masters.BY_ID}


def _standing_twice() -> list[tuple[str, str]]:
    """Rows of a code and no EDINET code beside a filer of that name, whom no other filer shares it with."""
    other = aliased(Company)
    query = (
        select(Company.ticker_symbol, func.max(other.edinet_code))
        .join(other, and_(other.name_ja_folded == Company.name_ja_folded, other.id != Company.id))
        .where(Company.edinet_code.is_(None), Company.ticker_symbol.is_not(None))
        .group_by(Company.ticker_symbol)
    )
    return [tuple(row) for row in db.session.execute(query)]


def _filled() -> list[int]:
    columns = [func.count(column) for column in Company.__table__.columns]
    return list(db.session.execute(select(*columns)).one())


@pytest.mark.usefixtures("connection")
def test_a_real_month_of_the_register_and_the_same_once_more() -> None:
    month = sorted(FOLDER.glob("edinet_register/year_2025/2025-02-*.csv"))
    if not month:
        pytest.skip("needs the real days of 2025-02 (STOCKCODE_REAL_DATA)")
    content = archives.packed({path.name: path.read_bytes() for path in month})
    filers = {entry.edinet_code for entry in edinet_documents.read(content, "month").rows if entry.is_listing}
    companies = [Wish(Company, "create", {"edinet_code": code, "name_ja": code}) for code in filers]
    applying.carry_out(proposing.propose(companies, intent("create")))
    assert len(filers) == 278

    first = _take_days(content)
    assert (first.listing.total_rows, first.refused) == (5_574, [])
    assert first.listing.left_out["fund"] == 907
    assert (first.counts["created"], first.repeated) == (357, {"listed_again": 14})
    assert first.left_alone == {"about_a_document_not_stored": 3}

    again = _take_days(content)
    assert again.proposal.is_empty
    assert again.counts["unchanged"] == 357


def _take_days(content: bytes) -> Preview:
    preview = importing.preview(Request("edinet-documents", "2025-02", content, AUTHOR))
    change_set = importing.submit(preview)
    if change_set is not None:
        importing.confirm(change_set.id, AUTHOR)
    return preview
