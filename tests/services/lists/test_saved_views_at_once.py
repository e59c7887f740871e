"""Saved views of one person that are named in the same moment: the second is told, as if it had come later."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from tests import people
from tests.services import at_once
from webapp import db
from webapp.models.saved_view import SavedView
from webapp.services.lists import saved_views
from webapp.services.lists.saved_views import Asker, NewView, ViewError


@pytest.fixture
def owner(committed: Engine) -> Asker:
    return Asker(people.committed("steward").id, "steward")


def kept(owner: Asker, name: str) -> int:
    with db.transaction():
        return saved_views.save(owner, NewView("companies", name, "")).id


def renaming(owner: Asker, number: int) -> Callable[[], SavedView]:
    return lambda: saved_views.rename(owner, number, "c")


def names() -> list[str]:
    return list(db.session.scalars(select(SavedView.name).order_by(SavedView.name)))


def test_of_two_views_that_get_one_name_in_the_same_moment_the_second_is_told_at_its_name(
    committed: Engine, owner: Asker
) -> None:
    first, second = kept(owner, "a"), kept(owner, "b")
    refused = at_once.second_of(committed, renaming(owner, first), renaming(owner, second))
    assert isinstance(refused, ViewError), refused
    assert refused.field == "name"
    assert names() == ["b", "c"]


def test_a_view_that_is_saved_under_the_name_that_another_gets_in_the_same_moment_is_told_too(
    committed: Engine, owner: Asker
) -> None:
    number = kept(owner, "a")
    new = NewView("companies", "c", "")
    refused = at_once.second_of(committed, renaming(owner, number), lambda: saved_views.save(owner, new))
    assert isinstance(refused, ViewError), refused
    assert refused.field == "name"
    assert names() == ["c"]


def test_one_view_that_is_renamed_twice_in_the_same_moment_has_the_name_and_nobody_is_refused(
    committed: Engine, owner: Asker
) -> None:
    number = kept(owner, "a")
    again = at_once.second_of(committed, renaming(owner, number), renaming(owner, number))
    assert isinstance(again, SavedView), again
    assert names() == ["c"]
