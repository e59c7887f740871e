"""The rules of the list of companies: filed with the change that breaks one, closed with the one that mends it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine, select, text
from sqlalchemy.engine import URL

from tests import factories
from tests.factories import intent
from tests.files import builders
from tests.services.intake import lists
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.findings.finding import FiledFinding
from webapp.models.import_file import ImportFile
from webapp.rules import masters
from webapp.services.changes import applying, door, proposing
from webapp.services.changes.proposals import Wish
from webapp.services.checking import catching_up

pytestmark = pytest.mark.usefixtures("connection")


def filed(status: str = "open") -> set[tuple[str, str]]:
    """Rule and company of what is filed, read anew."""
    rows = db.session.execute(
        select(FiledFinding.rule, FiledFinding.row_key).where(FiledFinding.status == status)
    )
    return {(rule, key) for rule, key in rows}


def one(rule: str) -> FiledFinding:
    db.session.expire_all()
    return db.session.scalars(select(FiledFinding).where(FiledFinding.rule == rule)).one()


def change(row: Any, action: str = "update", **values: Any) -> Any:
    wish = Wish(Company, action, values, (row.id,))
    return applying.carry_out(proposing.propose([wish], intent("delete" if action == "delete" else "edit")))


def valid_number(base: str) -> str:
    weighted = sum(int(digit) * (1 if n % 2 else 2) for n, digit in enumerate(reversed(base), start=1))
    return f"{9 - weighted % 9}{base}"


def test_a_corporate_number_that_two_companies_have_stands_with_both_until_one_gives_it_up() -> None:
    number, another = valid_number("010401089234"), valid_number("010401067252")
    first, second = factories.company(corporate_number=number), factories.company()
    assert filed() == set()
    change(second, corporate_number=number)
    assert filed() == {("M-number", str(first.id)), ("M-number", str(second.id))}
    changed = change(second, corporate_number=another)
    assert filed() == set()
    door.undo(changed.id, factories.AUTHOR, None)
    assert len(filed()) == 2
    change(first, "delete")
    assert filed() == set()
    assert filed("closed") == {("M-number", str(second.id))}


def test_names_that_differ_by_their_legal_form_alone_are_the_same_but_for_companies_that_ended() -> None:
    first = factories.company(name_ja="株式会社東和")
    second = factories.company(name_ja="東和（株）", edinet_code="E99998")
    assert filed() == {("M-name", str(first.id)), ("M-name", str(second.id))}
    told = db.session.scalars(select(FiledFinding).where(FiledFinding.row_key == str(first.id))).one()
    assert told.params == {"others": "E99998 東和（株）"}
    change(second, listing_status="ceased")
    assert filed() == set()


def test_who_is_listed_has_an_edinet_code_but_on_the_market_for_professionals() -> None:
    own = {"ticker_symbol": "7203", "listing_status": "listed", "edinet_code": None}
    row = factories.company(**own, market_division="TOKYO_PRO")
    assert filed() == set()
    change(row, market_division="PRIME")
    assert filed() == {("M-edinet", str(row.id))}
    change(row, edinet_code="E02144")
    assert filed() == set()
    change(row, edinet_code=None)
    assert filed() == {("M-gone", str(row.id))}, "it had one, so that it is gone from EDINET"


def test_a_company_off_edinets_list_that_the_exchange_lists_again_is_gone_until_edinet_is_heard_again() -> (
    None
):
    row = factories.company(ticker_symbol="7203", listing_status="ceased")

    def imported(kind: str, **values: Any) -> None:
        file = ImportFile(kind=kind, name="list", sha256=f"{len(kind):064x}", size_bytes=1, keeps_bytes=False)
        file.bytes_dropped_at = datetime.now(UTC)
        db.session.add(file)
        db.session.flush()
        wish = Wish(Company, "update", values, (row.id,))
        applying.carry_out(proposing.propose([wish], intent("import", import_file_id=file.id)))

    imported("jpx-list", listing_status="listed")
    assert filed() == {("M-gone", str(row.id))}
    imported("edinet-codes", name_kana="トヨタジドウシャ")
    assert filed() == set()


def test_a_name_of_edinets_that_jpx_writes_otherwise_stands_until_one_follows_the_other() -> None:
    lists.take(lists.edinet(builders.company(lists.LISTED)))
    row = db.session.scalars(select(Company)).one()

    def listed(name: str) -> None:
        lists.take(lists.jpx(builders.issue({"銘柄名": name}, code="1376")))

    listed("（株）試験種苗")
    assert filed() == set(), "the legal form alone is no difference"
    listed("サカタ")
    assert filed() == {("M-sources", str(row.id))}
    found = one("M-sources")
    assert (found.params["value"], found.observed, found.expected) == ("サカタ", "試験種苗株式会社", "サカタ")
    listed("試験種苗")
    assert filed() == set(), "a list that changes nothing has said so all the same"
    listed("サカタ")
    change(row, name_ja="サカタ種苗")
    assert filed() == set(), "a steward has decided"
    listed("サカタ")
    assert filed() == {("steward_against_source", str(row.id))}
    listed("サカタ種苗")
    assert filed() == set()


def test_a_name_that_a_list_gave_a_company_is_taken_back_with_it_and_one_given_before_stands_again() -> None:
    lists.take(lists.edinet(builders.company(lists.LISTED)))

    def listed(name: str, market: str) -> int | None:
        row = builders.issue({"銘柄名": name, "市場・商品区分": market}, code="1376")
        change_set = lists.take(lists.jpx(row))
        return None if change_set is None else change_set.id

    def undone(number: int | None) -> int:
        assert number is not None
        outcome = door.undo(number, factories.AUTHOR, "the wrong list")
        assert isinstance(outcome, door.Applied), outcome
        return outcome.number

    def differing() -> list[str]:
        return list(db.session.scalars(select(FiledFinding.expected).where(FiledFinding.status == "open")))

    first, second = listed("サカタ", "プライム（内国株式）"), listed("サカヤ", "スタンダード（内国株式）")
    assert differing() == ["サカヤ"]
    of_second = undone(second)
    assert differing() == ["サカタ"]
    of_first = undone(first)
    assert differing() == []
    undone(of_first)
    undone(of_second)
    assert differing() == ["サカヤ"]
    assert listed("サカサ", "スタンダード（内国株式）") is None, "a list that changes nothing"
    undone(db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first())
    assert differing() == ["サカサ"]


@pytest.mark.parametrize(
    ("month", "day", "is_found"), [(3, 31, False), (3, 30, True), (12, 31, True), (None, None, False)]
)
def test_the_years_end_is_that_of_the_latest_annual_statement(month: Any, day: Any, is_found: bool) -> None:
    row = factories.company(fiscal_year_end_month=month, fiscal_year_end_day=day)
    factories.statement(company_id=row.id)
    assert filed() == ({("M-year-end", str(row.id))} if is_found else set())
    if is_found:
        assert one("M-year-end").params == {"month": str(month), "day": str(day), "date": "2025-03-31"}
        change(row, fiscal_year_end_month=3, fiscal_year_end_day=31)
        assert filed() == set()


def test_what_is_written_from_outside_is_repaired_at_night() -> None:
    row = factories.company(fiscal_year_end_month=3, fiscal_year_end_day=31)
    factories.statement(company_id=row.id, fiscal_year_end_on=date(2025, 3, 31))
    outside = "UPDATE companies SET fiscal_year_end_month = 12 WHERE id = :id"
    db.session.execute(text(outside), {"id": row.id})
    db.session.execute(
        text("UPDATE financial_statements SET total_assets = 5, liabilities_and_net_assets = 6")
    )
    assert filed() == set()
    catching_up.everything()
    assert {rule for rule, _key in filed()} == {"M-year-end", "B1"}
    db.session.execute(text("UPDATE financial_statements SET total_assets = 6"))
    catching_up.everything()
    assert {rule for rule, _key in filed()} == {"M-year-end"}
    assert db.session.scalar(select(ChangeSet.id).where(ChangeSet.table_name == "findings")) is None


@pytest.mark.parametrize("rule", ["M-number", "M-name"])
def test_companies_that_share_something_are_found_by_it_while_the_planner_believes_that_there_are_none(
    migrated_database: Callable[[], URL], rule: str
) -> None:
    """Such as when a list is imported, and statistics are taken before its end."""
    engine, elsewhere = (create_engine(url, poolclass=NullPool) for url in [migrated_database()] * 2)
    many = (
        "INSERT INTO companies (name_ja, name_ja_folded, listing_status, corporate_number)"
        " SELECT n, n, 'unlisted', {number} FROM (SELECT g, 'company ' || g AS n FROM generate_series(1, 2000) g) s"
    )
    number = "(9 - (SELECT sum(substr(lpad(g::text, 12, '0'), 13 - k, 1)::int * CASE WHEN k % 2 = 1 THEN 1 ELSE 2 END)"
    number += " FROM generate_series(1, 12) k) % 9)::text || lpad(g::text, 12, '0')"
    with engine.connect() as connection:
        connection.execute(text(many.format(number=number)))
        with elsewhere.connect().execution_options(isolation_level="AUTOCOMMIT") as other:
            other.execute(text("ANALYZE companies"))
        plan = connection.scalars(text(f"EXPLAIN {masters.broken([masters.BY_ID[rule]])}")).all()
        connection.rollback()
    [sought] = [line for line in plan if "companies o" in line]
    assert "pk_companies" not in sought, plan
    assert "Index" in sought, plan
