"""Verify and release: no row changes, history and imports know; both are undone like anything else."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.factories import intent
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.steward_value import StewardValue
from webapp.services.changes import applying, door, proposing
from webapp.services.changes.door import Applied, Unchanged
from webapp.services.changes.following import stewards_words
from webapp.services.changes.proposals import Author, Wish

pytestmark = pytest.mark.usefixtures("connection")


def imported(**values: Any) -> Any:
    wish = Wish(Company, "create", {"name_ja": "一覧の株式会社", "edinet_code": "E90001", **values})
    applying.carry_out(proposing.propose([wish], intent("import")))
    return db.session.query(Company).filter_by(edinet_code="E90001").one()


def vouched(row: Any, action: str, *names: str, version: int | None = None) -> Any:
    values = {name: getattr(row, name) for name in names}
    return door.carry([Wish(Company, action, values, (row.id,), version)], intent(reason="looked it up"))


def words(row: Any) -> dict[str, str]:
    stored = select(StewardValue).where(
        StewardValue.table_name == "companies", StewardValue.row_key == str(row.id)
    )
    return {value.field: value.how for value in db.session.scalars(stored)}


def respected(row: Any, **values: Any) -> dict[str, Any]:
    stored = proposing.fetch(Company, [(row.id,)])
    wishes = [Wish(Company, "update", values, (row.id,))]
    ((wish, _remarks),) = stewards_words.respect(Company, wishes, stored)
    return dict(wish.values)


def test_a_verified_field_is_kept_by_imports_and_its_row_does_not_change() -> None:
    row = imported(name_en="Right", name_kana=None)
    version, changed_at = row.version, row.changed_at
    outcome = vouched(row, "verify", "name_en", "name_kana", version=version)
    assert isinstance(outcome, Applied)
    db.session.refresh(row)
    assert (row.version, row.changed_at) == (version, changed_at)
    assert words(row) == {"name_en": "verified", "name_kana": "verified"}
    assert respected(row, name_en="Wrong", name_kana="ヨミ", website_url=None) == {"website_url": None}
    change_set = db.session.get_one(ChangeSet, outcome.number)
    assert change_set.counts["verified"] == 1
    assert (change_set.reason, change_set.items[0].after) == (
        "looked it up",
        {"name_en": "Right", "name_kana": None},
    )


def test_a_released_field_is_the_sources_again_and_that_can_be_undone() -> None:
    row = imported(name_en="Of the list")
    door.carry([Wish(Company, "update", {"name_en": "By hand"}, (row.id,))], intent())
    db.session.refresh(row)
    released = vouched(row, "release", "name_en")
    assert isinstance(released, Applied)
    assert words(row) == {}
    assert respected(row, name_en="Later") == {"name_en": "Later"}
    undoing = door.undo(released.number, Author("a steward"), "a mistake")
    assert isinstance(undoing, Applied)
    assert words(row) == {"name_en": "set"}
    assert db.session.get_one(ChangeSet, undoing.number).items[0].action == "verify"


def test_a_verification_that_is_undone_leaves_what_was_before() -> None:
    row = imported(name_en="Of the list")
    first = vouched(row, "verify", "name_en")
    door.carry([Wish(Company, "update", {"name_en": "By hand"}, (row.id,))], intent())
    db.session.refresh(row)
    second = vouched(row, "verify", "name_en")
    assert isinstance(second, Applied)
    assert isinstance(door.undo(second.number, Author("a steward"), "a mistake"), Applied)
    assert words(row) == {"name_en": "set"}
    assert isinstance(first, Applied)
    assert isinstance(door.undo(first.number, Author("a steward"), "a mistake"), door.Overtaken)


def test_there_is_nothing_to_release_where_nobody_has_set_anything() -> None:
    row = imported(name_en="Of the list")
    assert isinstance(vouched(row, "release", "name_en"), Unchanged)


def test_what_somebody_changed_meanwhile_is_not_verified_by_who_saw_it_before() -> None:
    row = imported(name_en="Of the list", name_kana="ヨミ")
    version = row.version
    wish = Wish(Company, "verify", {"name_en": "Of the list", "name_kana": "ヨミ"}, (row.id,), version)
    door.carry([Wish(Company, "update", {"name_en": "Meanwhile"}, (row.id,))], intent("import"))
    outcome = door.carry([wish], intent())
    assert isinstance(outcome, Applied)
    assert [conflict.field for conflict in outcome.meanwhile] == ["name_en"]
    assert words(row) == {"name_kana": "verified"}
