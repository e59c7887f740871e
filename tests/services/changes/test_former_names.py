"""Names and codes that pass stay with their company, in the change set that took them away."""

from datetime import date

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.factories import AUTHOR, intent
from tests.files.builders import company as filer
from tests.services.intake.lists import edinet
from webapp import db
from webapp.lists import best_first, search
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.company_name import CompanyName
from webapp.rules import calendar
from webapp.screens.masters.company import CompanyView
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Wish
from webapp.services.changes.taking_back.overtaking import Overtaken
from webapp.services.intake import importing

pytestmark = pytest.mark.usefixtures("connection")


def change(row: Company, **values: object) -> Applied:
    wish = Wish(Company, "update", values, (row.id,), row.version)
    outcome = door.carry([wish], intent("edit", source="登記"))
    assert isinstance(outcome, Applied)
    return outcome


def former() -> list[tuple[str, str, date | None, date | None]]:
    columns = (CompanyName.kind, CompanyName.value, CompanyName.valid_from, CompanyName.valid_until)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(CompanyName.id))]


def found_by(term: str) -> set[str]:
    return {*db.session.scalars(select(Company.name_ja).where(search.company(term)))}


@pytest.fixture
def company() -> Company:
    row: Company = factories.company(
        name_ja="株式会社旧社", ticker_symbol="1376", listing_status="listed", edinet_code="E99904"
    )
    return row


def test_a_name_that_passes_stays_with_the_company_in_the_same_change_set(company: Company) -> None:
    number = change(company, name_ja="新社株式会社").number
    assert former() == [("name_ja", "株式会社旧社", None, calendar.today())]
    change_set = db.session.get_one(ChangeSet, number)
    assert (change_set.counts["updated"], change_set.counts["created"]) == (1, 0)
    assert {item.table_name for item in change_set.items} == {"companies", "company_names"}
    assert found_by("旧社") == found_by("新社") == {"新社株式会社"}


def test_undoing_takes_the_old_name_away_again(company: Company) -> None:
    number = change(company, name_ja="新社株式会社").number
    assert isinstance(door.undo(number, AUTHOR, "wrong"), Applied)
    assert former() == []
    assert (company.name_ja, found_by("新社")) == ("株式会社旧社", set())


def test_another_way_to_write_a_name_is_no_other_name(company: Company) -> None:
    change(company, name_ja="(株)旧社")
    assert former() == []


def test_a_code_that_passes_finds_its_company_while_nobody_else_has_it(company: Company) -> None:
    change(company, ticker_symbol="1377")
    assert former() == [("ticker_symbol", "1376", None, calendar.today())]
    assert found_by("1376") == {"株式会社旧社"}
    named = select(Company.id).where(search.company_named("1376"))
    assert db.session.scalars(named).all() == [company.id]
    other = factories.company(ticker_symbol="1376", listing_status="listed")
    assert db.session.scalars(named).all() == [other.id]


def test_a_name_that_passes_twice_is_one_entry_and_the_next_begins_where_it_ended(company: Company) -> None:
    change(company, name_ja="二社")
    change(company, name_ja="株式会社旧社")
    change(company, name_ja="三社")
    today = calendar.today()
    assert former() == [("name_ja", "株式会社旧社", None, today), ("name_ja", "二社", today, today)]


def test_a_company_that_goes_takes_its_old_names_along_and_brings_them_back(company: Company) -> None:
    change(company, name_ja="新社株式会社")
    wish = Wish(Company, "delete", {}, (company.id,), company.version)
    outcome = door.carry([wish], intent("delete"))
    assert isinstance(outcome, Applied)
    assert db.session.scalar(select(func.count()).select_from(CompanyName)) == 0
    door.undo(outcome.number, AUTHOR, "wrong")
    assert [row[:2] for row in former()] == [("name_ja", "株式会社旧社")]


def test_who_has_a_name_comes_before_who_had_it(company: Company) -> None:
    change(company, name_ja="新社株式会社")
    factories.company(name_ja="旧社ホールディングス", ticker_symbol="1400", listing_status="listed")
    exact = factories.company(name_ja="旧社", ticker_symbol="1500", listing_status="listed")
    plan = CompanyView.plan
    ranked = select(Company.id).where(search.company("旧社")).order_by(*best_first.ranks(plan, "旧社"))
    assert list(db.session.scalars(ranked))[:2] == [exact.id, company.id]


def test_a_name_that_a_waiting_list_takes_away_stays_where_the_company_keeps_it_after_all(
    company: Company,
) -> None:
    preview = edinet(
        filer({"上場区分": "上場", "証券コード": "13760", "提出者名": "新社株式会社"}, code="E99904")
    )
    change_set = importing.submit(preview)
    assert change_set is not None
    change(company, name_ja="別社株式会社")
    importing.confirm(change_set.id, AUTHOR)
    assert company.name_ja == "別社株式会社"
    assert [row[:2] for row in former()] == [("name_ja", "株式会社旧社")]


def test_undoing_leaves_the_old_name_of_a_company_that_stays_renamed(company: Company) -> None:
    other = factories.company(name_ja="他社旧名")
    wishes = [
        Wish(Company, "update", {"name_ja": name}, (row.id,))
        for row, name in ((company, "新社"), (other, "他社新名"))
    ]
    outcome = door.carry(wishes, intent("import"))
    assert isinstance(outcome, Applied)
    change(company, name_ja="別社")
    overtaken = door.undo(outcome.number, AUTHOR, "wrong")
    assert isinstance(overtaken, Overtaken)
    assert (overtaken.number, overtaken.others) == (1, 1)
    assert isinstance(door.undo(outcome.number, AUTHOR, "wrong", leaves_touched=True), Applied)
    assert [row[1] for row in former()] == ["株式会社旧社", "新社"]
    assert (other.name_ja, company.name_ja) == ("他社旧名", "別社")
