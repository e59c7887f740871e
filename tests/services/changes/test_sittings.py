"""Cells edited by one person in one sitting: one entry in lists, each still a change set that can be undone."""

from typing import Any

import pytest
from sqlalchemy import select, text

from tests import factories, people
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.industry import Industry
from webapp.services.changes import door, sittings
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Author, Intent, Wish
from webapp.services.changes.undoing import CannotUndo, Overtaken

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture
def steward() -> Author:
    person = people.user("steward")
    return Author(person.name, person.id, person.role)


def edited(
    author: Author, row: Any, is_of_cell: bool = True, reason: str | None = None, **values: Any
) -> int:
    wish = Wish(type(row), "update", values, (row.id if isinstance(row, Company) else row.code,), row.version)
    outcome = door.carry([wish], Intent("edit", author, reason, is_of_cell=is_of_cell))
    assert isinstance(outcome, Applied), outcome
    db.session.refresh(row)
    return outcome.number


def entries() -> list[int]:
    of_cells = (
        select(ChangeSet.id).where(sittings.is_entry(), ChangeSet.kind == "edit").order_by(ChangeSet.id)
    )
    return list(db.session.scalars(of_cells))


def test_five_cells_in_a_row_are_one_entry_that_knows_all_of_them(steward: Author) -> None:
    rows = [factories.company() for _ in range(3)]
    numbers = [edited(steward, row, name_en=f"{number}") for number, row in enumerate([*rows, *rows[:2]])]
    assert entries() == numbers[:1]
    first = db.session.get_one(ChangeSet, numbers[0], populate_existing=True)
    assert (first.sitting_size, list(sittings.of(first))) == (5, numbers)
    assert list(sittings.of(db.session.get_one(ChangeSet, numbers[3]))) == numbers


def test_each_of_them_is_undone_by_itself(steward: Author) -> None:
    row = factories.company(name_en="before", name_kana="マエ")
    edited(steward, row, name_en="after")
    second = edited(steward, row, name_kana="アト")
    assert isinstance(door.undo(second, steward, "a mistake"), Applied)
    db.session.refresh(row)
    assert (row.name_en, row.name_kana) == ("after", "マエ")


def test_what_lies_between_does_not_end_a_sitting_and_a_form_is_an_entry_of_its_own(steward: Author) -> None:
    row = factories.company()
    first = edited(steward, row, name_en="1")
    form = edited(steward, row, is_of_cell=False, name_en="2")
    further = edited(steward, row, name_en="3")
    door.undo(further, steward, "a mistake")
    db.session.refresh(row)
    edited(steward, row, name_en="4")
    assert entries() == [first, form]


def test_somebody_else_another_table_another_reason_and_a_pause_begin_a_new_one(steward: Author) -> None:
    row, industry = factories.company(), factories.industry()
    person = people.user("steward")
    first = edited(steward, row, name_en="1")
    others = edited(Author(person.name, person.id, person.role), row, name_en="2")
    elsewhere = edited(steward, industry, name_en="3")
    with_reason = edited(steward, row, reason="a list", name_en="4")
    db.session.execute(text("UPDATE change_sets SET created_at = now() - interval '31 minutes'"))
    later = edited(steward, row, name_en="5")
    assert entries() == [first, others, elsewhere, with_reason, later]
    assert isinstance(industry, Industry)


def test_all_of_them_are_undone_at_once_and_so_are_their_undoings(steward: Author) -> None:
    row, other = factories.company(name_en="before"), factories.company(name_en="first")
    numbers = [
        edited(steward, row, name_en="after"),
        edited(steward, other, name_en="second"),
        edited(steward, row, name_en="last"),
    ]
    for names in (("before", "first"), ("last", "second")):
        outcome = door.undo_sitting(numbers[0], steward, "Undoes change set #{}".format)
        assert isinstance(outcome, Applied), outcome
        assert (
            tuple(db.session.get_one(Company, one.id, populate_existing=True).name_en for one in (row, other))
            == names
        )
        undoing = db.session.get_one(ChangeSet, outcome.number, populate_existing=True)
        assert (undoing.kind, undoing.sitting_size) == ("undo", 3)
        numbers = list(sittings.of(undoing))
    reasons = db.session.scalars(select(ChangeSet.reason).where(ChangeSet.id.in_(numbers)))
    assert all(str(reason).startswith("Undoes change set #") for reason in reasons)


def test_one_that_somebody_has_changed_since_keeps_all_of_them_as_they_are(steward: Author) -> None:
    row, other = factories.company(name_en="before"), factories.company(name_en="first")
    first = edited(steward, row, name_en="after")
    edited(steward, other, name_en="second")
    visitor = people.user("steward")
    edited(Author(visitor.name, visitor.id, visitor.role), row, name_en="theirs")
    assert isinstance(door.undo_sitting(first, steward, str), Overtaken)
    assert [db.session.get_one(Company, one.id, populate_existing=True).name_en for one in (row, other)] == [
        "theirs",
        "second",
    ]


def test_what_was_undone_by_itself_stays_so_when_the_others_are_undone(steward: Author) -> None:
    row = factories.company(name_en="before", name_kana="マエ")
    first, second = edited(steward, row, name_en="after"), edited(steward, row, name_kana="アト")
    door.undo(second, steward, "a mistake")
    assert isinstance(door.undo_sitting(first, steward, str), Applied)
    assert isinstance(door.undo_sitting(first, steward, str), CannotUndo)
    db.session.refresh(row)
    assert (row.name_en, row.name_kana) == ("before", "マエ")
