"""A worker undoes a change set once, as whoever asked for it may, and says why where it cannot."""

import pytest
from sqlalchemy import select

from tests import people
from tests.jobs.conftest import AUTHOR, Queue
from webapp import db
from webapp.jobs import child
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.services.changes import door
from webapp.services.changes.proposals import Author, Intent, Wish
from webapp.services.intake import importing
from webapp.services.queueing import deferring, long_changes


def imported(queue: Queue) -> int:
    """A change set that made one company."""
    number = queue.import_()
    door.settle(lambda: importing.confirm(number, AUTHOR))
    return number


def deferred(number: int, by: Author = AUTHOR, *, leaves_touched: bool = False) -> int:
    with db.transaction():
        return long_changes.undo_later(number, by, leaves_touched=leaves_touched)


def edit() -> None:
    """Somebody works on the company that was imported."""
    number = db.session.scalars(select(Company.id)).one()
    wish = Wish(Company, "update", {"name_en": "Edited"}, (number,))
    door.carry([wish], Intent("edit", AUTHOR, "a test"))


def test_a_change_set_is_undone_once_however_often_the_queue_hands_it_out(queue: Queue) -> None:
    number = imported(queue)
    job = deferred(number)
    assert child.do(job, long_changes.UNDO) == {"state": "done"}
    assert child.do(job, long_changes.UNDO) == {"state": "done"}
    assert queue.names() == []
    told, undone_by = queue.job(job), db.session.get_one(ChangeSet, number).undone_by
    assert list(told.outcome) == []
    assert undone_by is not None
    assert undone_by.reason == f"Undoes change set #{number}"


def test_what_stands_in_the_way_is_told_by_name_and_where_that_is_all_of_it_nothing_is_undone(
    queue: Queue,
) -> None:
    number = imported(queue)
    edit()
    job = deferred(number)
    assert child.do(job, long_changes.UNDO) == {"state": "refused"}
    first, last = (one["message"] % one["params"] for one in queue.job(job).outcome)
    assert "has been changed or referred to since" in first
    assert last == "changed or referred to since: 1; untouched: 0"
    with db.transaction():
        deferring.cancel(job)
    again = deferred(number, leaves_touched=True)
    assert child.do(again, long_changes.UNDO) == {"state": "refused"}
    assert [one["message"] for one in queue.job(again).outcome] == [
        "every record of it has been changed since"
    ]
    assert queue.names() == ["新しい会社"]


@pytest.mark.parametrize(("role", "state", "left"), [("steward", "done", 0), ("viewer", "refused", 1)])
def test_what_counts_is_what_the_person_may_when_it_is_undone(
    queue: Queue, role: str, state: str, left: int
) -> None:
    number, person = imported(queue), people.committed("steward")
    job = deferred(number, Author(person.name, person.id, person.role))
    person.role = role
    db.session.commit()
    assert child.do(job, long_changes.UNDO)["state"] == state
    assert len(queue.names()) == left


def test_one_that_was_never_applied_is_refused_with_the_reason(queue: Queue) -> None:
    job = deferred(queue.import_())
    assert child.do(job, long_changes.UNDO) == {"state": "refused"}
    assert [one["message"] for one in queue.job(job).outcome] == [
        "only a change set that was applied can be undone"
    ]
