"""Saved views: whose they are, who sees them, and what becomes of those who begin with one."""

import pytest
from sqlalchemy import select

from tests import factories, people
from webapp import db
from webapp.models.saved_view import SavedView
from webapp.models.user import User
from webapp.rules.people import view as rules
from webapp.services.lists import saved_views
from webapp.services.lists.saved_views import Asker, NewView, NoSuchView, NotTheirs, ViewError

pytestmark = pytest.mark.usefixtures("connection")
SCREENS = ("companies", "prices")


def somebody(role: str = "steward") -> Asker:
    return Asker(people.user(role).id, role)


def wanted(name: str = "プライム", **values: object) -> NewView:
    facts = {"screen": "companies", "query": "search=7974", "is_shared": False}
    return NewView(name=name, **(facts | values))  # type: ignore[arg-type]  # the tests' own words


def names(asker: Asker) -> list[str]:
    return [view.name for view in saved_views.of_screens(asker, SCREENS)]


def start_of(asker: Asker) -> int | None:
    return db.session.scalar(select(User.start_view_id).where(User.id == asker.id))


def test_a_view_is_kept_under_its_name_for_its_owner_alone() -> None:
    owner, other = somebody(), somebody("admin")
    kept = saved_views.save(owner, wanted("  プライム "))
    assert (kept.name, kept.screen, kept.query, kept.is_shared) == (
        "プライム",
        "companies",
        "search=7974",
        False,
    )
    assert saved_views.seen(owner, kept.id) is kept
    assert names(other) == []
    with pytest.raises(NoSuchView):
        saved_views.seen(other, kept.id)


def test_a_shared_view_is_seen_by_all_after_their_own() -> None:
    owner, other = somebody(), somebody("viewer")
    saved_views.save(owner, wanted("a", is_shared=True))
    saved_views.save(other, wanted("z"))
    assert names(other) == ["z", "a"]
    assert names(owner) == ["a"]
    assert saved_views.of_screens(other, ["prices"]) == []


def test_views_are_found_by_any_part_of_their_name_in_any_width() -> None:
    owner = somebody()
    saved_views.save(owner, wanted("ﾌﾟﾗｲﾑ ABC"))
    saved_views.save(owner, wanted("グロース"))
    assert [view.name for view in saved_views.find(owner, SCREENS, "プライム ａｂｃ")] == ["ﾌﾟﾗｲﾑ ABC"]
    assert saved_views.find(owner, SCREENS, " ") == []
    assert saved_views.find(somebody(), SCREENS, "abc") == []


@pytest.mark.parametrize("name", ["", " \u3000", "a\x00b", "a\nb", "長" * (rules.NAME.longest + 1)])
def test_a_bad_name_is_refused_at_its_entry(name: str) -> None:
    with pytest.raises(ViewError) as refused:
        saved_views.save(somebody(), wanted(name))
    assert refused.value.field == "name"


def test_a_name_is_unique_for_a_person_and_a_screen() -> None:
    owner = somebody()
    saved_views.save(owner, wanted("a"))
    saved_views.save(owner, wanted("a", screen="prices"))
    saved_views.save(somebody(), wanted("a"))
    second = saved_views.save(owner, wanted("b"))
    with pytest.raises(ViewError, match="already a view") as refused:
        saved_views.save(owner, wanted("a"))
    assert refused.value.field == "name"
    with pytest.raises(ViewError, match="already a view"):
        saved_views.rename(owner, second.id, "a")
    assert saved_views.rename(owner, second.id, "b").version == 1


def test_a_query_that_is_too_long_is_refused_and_the_longest_is_kept() -> None:
    longest = "a" * rules.LONGEST_QUERY
    assert saved_views.save(somebody(), wanted(query=longest)).query == longest
    for query in (longest + "a", "a\x00"):
        with pytest.raises(ViewError, match="too long"):
            saved_views.save(somebody(), wanted(query=query))


def test_nobody_keeps_more_than_a_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_views, "MOST_OF_A_PERSON", 2)
    owner = somebody()
    saved_views.save(owner, wanted("a"))
    saved_views.save(owner, wanted("b"))
    with pytest.raises(ViewError, match="already 2 views"):
        saved_views.save(owner, wanted("c"))
    saved_views.save(somebody(), wanted("c"))


def test_the_owner_renames_and_overwrites_and_each_change_counts() -> None:
    owner = somebody()
    kept = saved_views.save(owner, wanted())
    saved_views.rename(owner, kept.id, "新しい名前")
    saved_views.overwrite(owner, kept.id, "search=6758")
    saved_views.overwrite(owner, kept.id, "search=6758")
    assert (kept.name, kept.query, kept.version) == ("新しい名前", "search=6758", 3)


@pytest.mark.parametrize("role", ["viewer", "steward", "approver", "admin"])
def test_nobody_changes_what_somebody_else_shares(role: str) -> None:
    kept = saved_views.save(somebody(), wanted(is_shared=True))
    other = somebody(role)
    with pytest.raises(NotTheirs):
        saved_views.rename(other, kept.id, "mine now")
    with pytest.raises(NotTheirs):
        saved_views.overwrite(other, kept.id, "")
    with pytest.raises(NotTheirs):
        saved_views.share(other, kept.id, is_shared=True)
    assert (kept.name, kept.query) == ("プライム", "search=7974")


@pytest.mark.parametrize("role", ["viewer", "steward", "approver"])
def test_only_administrators_tend_the_shared_views_of_others(role: str) -> None:
    kept = saved_views.save(somebody(), wanted(is_shared=True))
    with pytest.raises(NotTheirs):
        saved_views.delete(somebody(role), kept.id)
    with pytest.raises(NotTheirs):
        saved_views.share(somebody(role), kept.id, is_shared=False)
    admin = somebody("admin")
    saved_views.share(admin, kept.id, is_shared=False)
    with pytest.raises(NoSuchView):
        saved_views.delete(admin, kept.id)  # it is its owner's own again


def test_an_administrator_deletes_what_is_shared() -> None:
    kept = saved_views.save(somebody(), wanted(is_shared=True))
    saved_views.delete(somebody("admin"), kept.id)
    assert db.session.get(SavedView, kept.id) is None


def test_a_private_view_of_somebody_else_is_as_good_as_none() -> None:
    kept = saved_views.save(somebody(), wanted())
    for number in (kept.id, 0, 2**62):
        with pytest.raises(NoSuchView):
            saved_views.delete(somebody("admin"), number)
        with pytest.raises(NoSuchView):
            saved_views.begin_with(somebody(), number)


def test_a_start_page_is_ones_own_choice_and_can_be_given_up() -> None:
    owner, other = somebody(), somebody()
    kept = saved_views.save(owner, wanted(is_shared=True))
    saved_views.begin_with(other, kept.id)
    assert (start_of(owner), start_of(other)) == (None, kept.id)
    saved_views.begin_with(other, None)
    assert start_of(other) is None


def test_a_view_that_is_shared_no_more_is_nobody_elses_start_page() -> None:
    owner, other = somebody(), somebody()
    kept = saved_views.save(owner, wanted(is_shared=True))
    for asker in (owner, other):
        saved_views.begin_with(asker, kept.id)
    saved_views.share(owner, kept.id, is_shared=False)
    assert (start_of(owner), start_of(other)) == (kept.id, None)


def test_deleting_a_view_or_its_owner_leads_back_to_home() -> None:
    owner, other = somebody(), somebody()
    kept = saved_views.save(owner, wanted(is_shared=True))
    number = kept.id
    saved_views.begin_with(other, number)
    saved_views.delete(owner, number)
    assert start_of(other) is None
    kept = factories.saved_view(owner_id=owner.id, is_shared=True)
    saved_views.begin_with(other, kept.id)
    db.session.delete(db.session.get_one(User, owner.id))
    db.session.flush()
    db.session.expire_all()
    assert start_of(other) is None
