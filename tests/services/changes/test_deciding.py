"""Storing first and deciding later, and rehearsing: what an import needs of the door."""

from typing import Any

import pytest
from sqlalchemy import func, select

from tests import factories, people
from tests.factories import intent
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.services.changes import door, policy, proposing
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Author, Refused, Wish

pytestmark = pytest.mark.usefixtures("connection")

NEW = Wish(Company, "create", {"name_ja": "新しい会社", "edinet_code": "E90001"})


def company(**values: Any) -> Company:
    """A company that is there for good: what is refused later takes nothing else back with it."""
    row: Company = factories.company(**values)
    db.session.commit()
    return row


def names() -> list[str | None]:
    db.session.expire_all()
    return list(db.session.scalars(select(Company.name_en).order_by(Company.id)))


def stored(row: Any) -> int:
    number = door.settle(
        lambda: door.store(
            proposing.propose([Wish(Company, "update", {"name_en": "After"}, (row.id,))], intent())
        ).id
    )
    assert isinstance(number, int)
    return number


def test_what_is_stored_is_written_when_its_author_confirms_and_the_policy_lets_it() -> None:
    row = company(name_en="Before")
    number = stored(row)
    assert names() == ["Before"]
    assert door.settle(lambda: door.decide(number, factories.AUTHOR)) == Applied(number)
    assert names() == ["After"]
    decided = db.session.get_one(ChangeSet, number)
    assert (decided.decided_how, decided.decided_by_id) == ("policy", None)


def test_what_somebody_else_decides_bears_their_name() -> None:
    approver = people.user("approver")
    row = company(name_en="Before")
    number = stored(row)
    door.settle(lambda: door.decide(number, Author(approver.name, approver.id, approver.role)))
    decided = db.session.get_one(ChangeSet, number)
    assert (decided.status, decided.decided_how, decided.decided_by_id) == ("applied", "person", approver.id)


def test_nobody_approves_their_own_where_the_policy_asks_for_somebody_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = stored(company(name_en="Before"))
    monkeypatch.setattr(policy, "lets_through", lambda _author, _kind: False)
    refusal = door.settle(lambda: door.decide(number, factories.AUTHOR))
    assert isinstance(refusal, door.NotYours)
    assert (db.session.get_one(ChangeSet, number).status, names()) == ("proposed", ["Before"])


def test_what_is_declined_is_never_written_and_what_is_decided_is_decided_once() -> None:
    number = stored(company(name_en="Before"))
    assert door.settle(lambda: door.decline(number, factories.AUTHOR)) is None
    assert (db.session.get_one(ChangeSet, number).status, names()) == ("rejected", ["Before"])
    assert isinstance(door.settle(lambda: door.decide(number, factories.AUTHOR)), door.NotPending)


def test_a_rehearsal_meets_what_the_database_refuses_and_writes_nothing() -> None:
    company(edinet_code="E90002")
    before = db.session.scalar(select(func.count(ChangeSet.id)))

    def rehearsed(wish: Wish) -> Any:
        return door.settle(lambda: door.write(proposing.propose([wish], intent("create"))), is_rehearsal=True)

    assert isinstance(rehearsed(NEW), Applied)
    assert isinstance(rehearsed(Wish(Company, "create", {"name_ja": "x", "edinet_code": "E90002"})), Refused)
    assert db.session.scalar(select(func.count(ChangeSet.id))) == before
    assert len(names()) == 1
