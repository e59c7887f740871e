"""A change set that waited: what somebody did meanwhile to other fields of its rows stays, and is no hindrance."""

from typing import Any

import pytest

from tests import factories
from tests.factories import intent
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.services.changes import applying, door, proposing
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Moved, Refused, Wish

pytestmark = pytest.mark.usefixtures("connection")


def waiting(*wishes: Wish, kind: str = "edit") -> int:
    number = door.store(proposing.propose(wishes, intent(kind))).id
    db.session.commit()
    return number


def meanwhile(row: Any, **values: Any) -> None:
    applying.carry_out(proposing.propose([Wish(Company, "update", values, (row.id,))], intent()))
    db.session.commit()


def decided(number: int) -> Any:
    return door.settle(lambda: door.decide(number, factories.AUTHOR))


def test_a_change_of_other_fields_is_kept_and_the_change_set_is_applied() -> None:
    row = factories.company(name_en="Before")
    number = waiting(Wish(Company, "update", {"name_en": "After"}, (row.id,)))
    meanwhile(row, website_url="https://example.jp/")
    assert isinstance(decided(number), Applied)
    db.session.refresh(row)
    assert (row.name_en, row.website_url, row.version) == ("After", "https://example.jp/", 3)


def test_a_change_of_the_same_field_refuses_the_whole_and_leaves_it_waiting() -> None:
    row = factories.company(name_en="Before")
    number = waiting(Wish(Company, "update", {"name_en": "After"}, (row.id,)))
    meanwhile(row, name_en="Theirs")
    assert isinstance(decided(number), Moved)
    assert db.session.get_one(Company, row.id).name_en == "Theirs"
    assert db.session.get_one(ChangeSet, number).status == "proposed"


def test_what_somebody_has_done_already_needs_no_doing() -> None:
    row, other = factories.company(name_en="Before"), factories.company(name_en="Before")
    number = waiting(*(Wish(Company, "update", {"name_en": "After"}, (one.id,)) for one in (row, other)))
    meanwhile(row, name_en="After")
    assert isinstance(decided(number), Applied)
    change_set = db.session.get_one(ChangeSet, number)
    of_companies = [item for item in change_set.items if item.table_name == "companies"]
    assert [item.row_key for item in of_companies] == [str(other.id)]
    assert (change_set.counts["updated"], change_set.counts["unchanged"]) == (1, 1)


def test_a_row_that_is_to_go_and_has_changed_stays() -> None:
    row = factories.company(name_en="Before")
    key = (row.id,)
    number = waiting(Wish(Company, "delete", {}, key), kind="delete")
    meanwhile(row, name_en="Theirs")
    assert isinstance(decided(number), Moved)
    meanwhile(row, name_en="Before")
    assert isinstance(decided(number), Applied)
    assert proposing.fetch(Company, [key]) == {}


def test_what_both_changes_make_of_a_row_is_held_against_the_rules() -> None:
    row = factories.company(fiscal_year_end_month=3, fiscal_year_end_day=28)
    number = waiting(Wish(Company, "update", {"fiscal_year_end_month": 2}, (row.id,)))
    meanwhile(row, fiscal_year_end_day=30)
    outcome = decided(number)
    assert isinstance(outcome, Refused)
    assert "month 2 has no day 30" in str(outcome)
