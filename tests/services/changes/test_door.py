"""The door: one way in, and every end that a change can have comes back as a value."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from psycopg import errors as postgres
from sqlalchemy import Engine, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from tests import factories, people
from tests.factories import intent
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.services.changes import applying, door, policy, row_conflicts
from webapp.services.changes.door import Applied, DatabaseRefused, SentBefore, Unchanged, Waiting
from webapp.services.changes.proposals import Author, KeyOf, Moved, Refused, Wish
from webapp.services.changes.undoing import CannotUndo, Overtaken, UndoneAlready

TOKEN = "0123456789abcdef" * 2
NEW = Wish(Company, "create", {"name_ja": "新しい会社", "edinet_code": "E90001"})


def company(**values: Any) -> Company:
    """A company that is there for good: what is refused later takes nothing else back with it."""
    row: Company = factories.company(**values)
    db.session.commit()
    return row


def edit(row: Any, **values: Any) -> Wish:
    return Wish(Company, "update", values, (row.id,), row.version)


def carried(*wishes: Wish, **more: Any) -> Applied:
    outcome = door.carry(wishes, intent(**more))
    assert isinstance(outcome, Applied), outcome
    return outcome


def names() -> list[str | None]:
    db.session.expire_all()
    return list(db.session.scalars(select(Company.name_en).order_by(Company.id)))


# ---- What came of it ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("connection")
def test_what_is_applied_has_a_number_and_the_keys_of_new_rows() -> None:
    outcome = carried(NEW)
    row = db.session.scalars(select(Company)).one()
    assert outcome.created == (str(row.id),)
    assert row.change_set_id == outcome.number
    assert carried(edit(row, name_en="After")).created == ()


@pytest.mark.usefixtures("connection")
def test_what_is_remarked_on_an_applied_change_comes_along() -> None:
    outcome = carried(Wish(Company, "create", {"name_ja": "番号なし"}))
    assert [finding.is_blocking for finding in outcome.findings] == [False]


@pytest.mark.usefixtures("connection")
def test_what_is_there_already_stores_nothing() -> None:
    row = company(name_en="Same")
    before = db.session.scalar(select(func.count(ChangeSet.id)))
    assert door.carry([edit(row, name_en="Same")], intent()) == Unchanged()
    assert db.session.scalar(select(func.count(ChangeSet.id))) == before


@pytest.mark.usefixtures("connection")
def test_what_the_policy_does_not_let_through_waits_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = company(name_en="Before")
    monkeypatch.setattr(policy, "lets_through", lambda _author, kind: kind != "edit")
    outcome = door.carry([edit(row, name_en="After")], intent())
    assert isinstance(outcome, Waiting)
    waiting = db.session.get_one(ChangeSet, outcome.number)
    assert (waiting.status, waiting.decided_how, names()) == ("proposed", None, ["Before"])


@pytest.mark.usefixtures("connection")
def test_broken_rules_are_told_and_leave_nothing() -> None:
    row = company(name_en="Before")
    before = db.session.scalar(select(func.count(ChangeSet.id)))
    wishes = [edit(row, name_en="After"), Wish(Company, "create", {"name_ja": None})]
    outcome = door.carry(wishes, intent())
    assert isinstance(outcome, Refused)
    assert [finding.field for finding in outcome.findings if finding.is_blocking] == [
        "name_ja",
        "name_ja_folded",
    ]
    assert (names(), db.session.scalar(select(func.count(ChangeSet.id)))) == (["Before"], before)


@pytest.mark.usefixtures("connection")
def test_what_the_databases_constraints_refuse_is_told_at_its_field_and_leaves_nothing() -> None:
    company(edinet_code="E90001")
    outcome = door.carry([Wish(Company, "create", {"name_ja": "別"}), NEW], intent("create"))
    assert isinstance(outcome, Refused)
    assert [finding.field for finding in outcome.findings] == ["edinet_code"]
    assert len(names()) == 1


@pytest.mark.usefixtures("connection")
def test_a_database_that_is_out_of_order_is_no_exception_to_whoever_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_proposal: Any) -> None:
        raise OperationalError("INSERT", {}, postgres.DiskFull("full"))

    monkeypatch.setattr(applying, "carry_out", fail)
    outcome = door.carry([NEW], intent())
    assert isinstance(outcome, DatabaseRefused)
    assert isinstance(outcome.error.orig, postgres.DiskFull)  # type: ignore[attr-defined]  # an OperationalError


@pytest.mark.usefixtures("connection")
def test_a_mistake_in_the_code_stays_an_exception_and_leaves_nothing() -> None:
    unknown = KeyOf(Wish(Company, "create", {"name_ja": "ほかの変更の会社"}))
    with pytest.raises(ValueError, match="not in its change set"):
        door.carry([Wish(Filing, "create", {"company_id": unknown})], intent())
    assert names() == []


# ---- Somebody else was there -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("connection")
def test_a_row_that_moved_is_explained_field_by_field() -> None:
    row = company(name_en="Seen")
    mine = edit(row, name_en="Mine")
    theirs = carried(edit(row, name_en="Theirs"), author=Author("somebody else"))
    outcome = door.carry([mine], intent())
    assert isinstance(outcome, Moved)
    assert [(one.field, one.base, one.theirs, one.yours) for one in outcome.conflicts] == [
        ("name_en", "Seen", "Theirs", "Mine")
    ]
    assert (outcome.version, outcome.changed_by) == (2, "somebody else")
    assert theirs.number


@pytest.mark.usefixtures("connection")
def test_a_row_that_is_gone_has_no_version() -> None:
    row = company()
    mine = edit(row, name_en="Mine")
    carried(Wish(Company, "delete", {}, (row.id,)), kind="delete")
    outcome = door.carry([mine], intent())
    assert isinstance(outcome, Moved)
    assert outcome.version is None


@pytest.mark.usefixtures("connection")
def test_two_people_who_change_two_fields_of_a_row_both_have_their_way_and_the_second_learns_of_the_first() -> (
    None
):
    row = company(name_en="Seen", name_kana="ミタ", website_url="https://example.jp/")
    whole_form = edit(
        row, name_en="Mine", name_kana="ミタ", website_url="https://example.jp/", capital_stock=None
    )
    first = Author("first")
    carried(edit(row, name_kana="ノチ", capital_stock=Decimal(5)), author=first)
    db.session.refresh(row)
    carried(edit(row, capital_stock=Decimal(6)), author=Author("second"))
    outcome = door.carry([whole_form], intent())
    assert isinstance(outcome, Applied)
    assert [(one.field, one.theirs, one.by) for one in outcome.meanwhile] == [
        ("name_kana", "ノチ", "first"),
        ("capital_stock", 6, "second"),
    ]
    db.session.refresh(row)
    assert (row.name_en, row.name_kana, row.capital_stock) == ("Mine", "ノチ", 6)


@pytest.mark.usefixtures("connection")
def test_the_very_field_has_moved_and_that_alone_is_a_conflict_of_both() -> None:
    row = company(name_en="Seen", name_kana="ミタ")
    mine = edit(row, name_en="Mine", name_kana="ミタ")
    carried(edit(row, name_en="Theirs", name_kana="ノチ"), author=Author("first"))
    outcome = door.carry([mine], intent())
    assert isinstance(outcome, Moved)
    assert [(one.field, one.is_of_both, one.by) for one in outcome.conflicts] == [
        ("name_en", True, "first"),
        ("name_kana", False, "first"),
    ]


@pytest.mark.usefixtures("connection")
def test_what_both_made_the_same_is_no_conflict() -> None:
    row = company(name_en="Seen", name_kana="ミタ")
    mine = edit(row, name_en="Same", name_kana="ワタシ")
    carried(edit(row, name_en="Same"))
    outcome = door.carry([mine], intent())
    assert isinstance(outcome, Applied)
    assert outcome.meanwhile == ()


@pytest.mark.usefixtures("connection")
def test_of_a_version_that_nobody_knows_nothing_is_taken_for_somebody_elses() -> None:
    row = company(name_en="Seen", name_kana="ミタ")
    outcome = door.carry([replace(edit(row, name_en="Mine", name_kana="ミタ"), base_version=77)], intent())
    assert isinstance(outcome, Moved)
    assert [one.field for one in outcome.conflicts if one.is_of_both] == ["name_en"]


@pytest.mark.usefixtures("connection")
def test_a_row_that_is_to_go_and_has_changed_in_any_field_is_a_conflict() -> None:
    row = company(name_en="Seen")
    deletion = Wish(Company, "delete", {}, (row.id,), row.version)
    carried(edit(row, name_en="Theirs"))
    assert isinstance(door.carry([deletion], intent("delete")), Moved)


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize(("kind", "action"), [("edit", "update"), ("delete", "delete")])
def test_what_a_person_wants_of_a_row_without_saying_which_version_they_saw_is_refused(
    kind: str, action: str
) -> None:
    row = company(name_en="Before")
    person = people.user("steward")
    blind = Wish(Company, action, {"name_en": "x"} if action == "update" else {}, (row.id,))
    outcome = door.carry([blind], intent(kind, author=Author(person.name, person.id, "steward")))
    assert isinstance(outcome, Refused)
    assert "form is incomplete" in str(outcome)
    assert names() == ["Before"]


@pytest.mark.usefixtures("connection")
def test_of_several_rows_the_one_that_moved_is_explained_where_the_database_only_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [company(name_en="Seen") for _ in range(3)]
    wishes = [Wish(Company, "delete", {}, (row.id,), row.version) for row in rows]
    carried(edit(rows[1], name_en="Theirs"))

    def only_counted(_proposal: Any) -> None:
        raise Moved

    monkeypatch.setattr(row_conflicts, "beside", lambda wish, _row: (wish, []))
    monkeypatch.setattr(applying, "carry_out", only_counted)
    outcome = door.carry(wishes, intent("delete"))
    assert isinstance(outcome, Moved)
    assert ([one.field for one in outcome.conflicts], outcome.version) == (["name_en"], 2)


# ---- The same form once more -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("wanted_again", ["the same", "something else"])
def test_a_form_that_comes_again_finds_what_it_made(wanted_again: str) -> None:
    made = carried(NEW, save_token=TOKEN)
    wish = NEW if wanted_again == "the same" else replace(NEW, values=NEW.values | {"name_ja": "別の会社"})
    outcome = door.carry([wish], intent(save_token=TOKEN))
    assert isinstance(outcome, SentBefore)
    assert (outcome.change_set.id, outcome.is_same) == (made.number, wanted_again == "the same")
    assert len(names()) == 1


@pytest.mark.usefixtures("connection")
def test_an_edit_that_comes_again_is_neither_unchanged_nor_a_conflict() -> None:
    row = company(name_en="Before", name_kana="マエ")
    wish = edit(row, name_en="After", name_kana="マエ")
    carried(wish, save_token=TOKEN)
    assert isinstance(door.carry([wish], intent(save_token=TOKEN)), SentBefore)
    # Also when somebody else has changed the row since.
    carried(Wish(Company, "update", {"name_kana": "ノチ"}, (row.id,)))
    outcome = door.carry([wish], intent(save_token=TOKEN))
    assert isinstance(outcome, SentBefore)
    assert outcome.is_same


@pytest.mark.usefixtures("connection")
def test_a_form_that_left_others_changes_as_they_were_and_comes_again_is_the_same() -> None:
    row = company(name_en="Before", name_kana="マエ")
    wish = edit(row, name_en="After", name_kana="マエ")
    carried(edit(row, name_kana="ノチ"))
    carried(wish, save_token=TOKEN)
    outcome = door.carry([wish], intent(save_token=TOKEN))
    assert isinstance(outcome, SentBefore)
    assert outcome.is_same
    # What was its own and is typed back is something else.
    assert not door.sent_before(
        [replace(wish, values={"name_en": "Before", "name_kana": "マエ"})], intent(save_token=TOKEN)
    ).is_same  # type: ignore[union-attr]  # it was sent


@pytest.mark.usefixtures("connection")
def test_a_form_of_several_tables_that_comes_again_finds_what_it_made() -> None:
    new = replace(NEW, values=dict(NEW.values))
    filing = Wish(Filing, "create", {"company_id": KeyOf(new), "doc_id": "S1000001", **factories.FILING})
    carried(new, filing, save_token=TOKEN)
    outcome = door.carry([new, filing], intent(save_token=TOKEN))
    assert isinstance(outcome, SentBefore)
    assert outcome.is_same
    other = replace(filing, values=filing.values | {"document_type": "130"})
    outcome = door.carry([new, other], intent(save_token=TOKEN))
    assert isinstance(outcome, SentBefore)
    assert not outcome.is_same


@pytest.mark.usefixtures("connection")
def test_a_token_of_another_change_is_no_excuse_for_a_conflict() -> None:
    first, second = company(), company(name_en="Seen")
    carried(edit(first, name_en="x"), save_token=TOKEN)
    mine = edit(second, name_en="Mine")
    carried(edit(second, name_en="Theirs"))
    assert isinstance(door.carry([mine], intent(save_token=TOKEN)), Moved)


# ---- Undoing -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("connection")
def test_undoing_goes_through_the_same_door() -> None:
    row = company(name_en="Before")
    made = carried(edit(row, name_en="After"))
    outcome = door.undo(made.number, factories.AUTHOR, "a mistake")
    assert isinstance(outcome, Applied)
    undone = db.session.get_one(ChangeSet, outcome.number)
    assert (undone.undoes_id, undone.decided_how, names()) == (made.number, "policy", ["Before"])
    again = door.undo(made.number, factories.AUTHOR, "a mistake")
    assert isinstance(again, UndoneAlready)
    assert again.by.id == outcome.number


@pytest.mark.usefixtures("connection")
def test_why_something_is_not_undone_comes_back_as_a_value() -> None:
    row = company(name_en="Before")
    made = carried(edit(row, name_en="After"))
    db.session.refresh(row)
    carried(edit(row, name_en="Theirs"))
    assert isinstance(door.undo(made.number, factories.AUTHOR, "a mistake"), Overtaken)
    db.session.execute(text("DELETE FROM change_set_items"))
    assert isinstance(door.undo(made.number, factories.AUTHOR, "a mistake"), CannotUndo)
    with pytest.raises(LookupError):
        door.undo(987654321, factories.AUTHOR, "a mistake")


# ---- At the same moment ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def committed(migrated_database: Callable[[], URL]) -> Iterator[Engine]:
    """A database of its own, for what is committed."""
    engine = db.make_engine(migrated_database())
    yield engine
    engine.dispose()


def test_of_four_forms_with_one_token_in_the_same_moment_one_makes_it_and_the_others_find_it(
    committed: Engine, engine: Engine
) -> None:
    outcomes: list[Any] = []
    start = threading.Barrier(4)

    def one() -> None:
        start.wait()
        outcome = door.carry([NEW], intent("create", save_token=TOKEN))
        outcomes.append((type(outcome), getattr(outcome, "is_same", None)))
        db.session.remove()

    db.bind(committed)
    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count((SentBefore, True)) == 3
    assert outcomes.count((Applied, None)) == 1
    assert db.session.scalar(select(func.count(Company.id))) == 1
    db.session.remove()
    db.bind(engine)
