"""A form that is sent twice: one change set, whoever comes second and whatever happened in between."""

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.engine import URL

from tests import factories
from tests.factories import intent
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.industry import Industry
from webapp.services.changes import applying, approving, proposing, resubmission, undoing
from webapp.services.changes.approving import SavedAlready
from webapp.services.changes.proposals import Moved, Wish

TOKEN = "0123456789abcdef" * 2


def save(wanted: Wish, token: str | None = TOKEN) -> ChangeSet:
    kind = {"create": "create", "update": "edit", "delete": "delete"}[wanted.action]
    change_set = applying.carry_out(proposing.propose([wanted], intent(kind, save_token=token)))
    assert change_set is not None
    return change_set


def is_same(made: ChangeSet, *wanted: Wish) -> bool:
    return resubmission.is_same(made, wanted)


@pytest.mark.usefixtures("connection")
def test_a_token_leads_to_the_change_set_that_it_made() -> None:
    made = save(Wish(Company, "create", {"name_ja": "会社", "edinet_code": "E90001"}))
    assert resubmission.earlier(TOKEN) is made
    assert resubmission.earlier("f" * 32) is None
    assert resubmission.earlier(None) is None


@pytest.mark.usefixtures("connection")
def test_a_second_change_set_with_a_token_is_refused() -> None:
    save(Wish(Company, "create", {"name_ja": "会社", "edinet_code": "E90001"}))
    with pytest.raises(SavedAlready):
        save(Wish(Company, "create", {"name_ja": "会社", "edinet_code": "E90001"}))


@pytest.mark.usefixtures("connection")
def test_without_a_token_everything_is_saved_as_often_as_it_comes() -> None:
    for _ in range(2):
        save(Wish(Company, "create", {"name_ja": "会社"}), None)


@pytest.mark.usefixtures("connection")
def test_only_the_same_row_with_the_same_values_is_the_same_again() -> None:
    values = {"name_ja": "会社", "capital_stock": Decimal(5), "name_en": None}
    made = save(Wish(Company, "create", values))
    assert is_same(made, Wish(Company, "create", values))
    assert is_same(made, Wish(Company, "create", {"name_ja": "会社", "capital_stock": Decimal("5.0")}))
    assert not is_same(made, Wish(Company, "create", values | {"capital_stock": Decimal(6)}))
    assert not is_same(made, Wish(Company, "create", values), Wish(Company, "create", values))
    assert not is_same(made, Wish(Industry, "create", values))
    (item,) = made.items
    assert not is_same(made, Wish(Company, "delete", key=(int(item.row_key or 0),)))


@pytest.mark.usefixtures("connection")
def test_an_edit_is_the_same_again_whatever_others_have_saved_since() -> None:
    row = factories.company(name_en="Before", name_kana="カイシャ")
    form = {"name_en": "After", "name_kana": "カイシャ"}
    made = save(Wish(Company, "update", form, (row.id,), row.version))
    save(Wish(Company, "update", {"name_kana": "ベツ"}, (row.id,)), None)
    assert is_same(made, Wish(Company, "update", form, (row.id,), 1))
    assert not is_same(made, Wish(Company, "update", form | {"name_kana": "ベツ"}, (row.id,), 1))
    assert not is_same(made, Wish(Company, "update", form, (row.id + 1,), 1))


@pytest.mark.usefixtures("connection")
def test_deleting_is_the_same_again_for_the_same_rows_only() -> None:
    rows = [(factories.company().id,) for _ in range(3)]
    wanted = [Wish(Company, "delete", key=key) for key in rows[:2]]
    made = applying.carry_out(proposing.propose(wanted, intent("delete", save_token=TOKEN)))
    assert made is not None
    assert is_same(made, *wanted)
    assert is_same(made, *reversed(wanted))
    assert not is_same(made, wanted[0])
    assert not is_same(made, wanted[0], Wish(Company, "delete", key=rows[2]))


@pytest.fixture(scope="module")
def committed(migrated_database: Callable[[], URL]) -> Iterator[Engine]:
    """A database of its own, for what is committed."""
    engine = db.make_engine(migrated_database())
    yield engine
    engine.dispose()


@pytest.fixture
def together(committed: Engine, engine: Engine) -> Iterator[Callable[[Callable[[], Any]], list[str]]]:
    """Runs the same thing in four threads, each with a transaction of its own; how each of them ended."""

    def run(what: Callable[[], Any]) -> list[str]:
        outcomes: list[str] = []
        start = threading.Barrier(4)

        def one() -> None:
            start.wait()
            try:
                with db.transaction():
                    what()
                outcomes.append("done")
            except Exception as error:
                outcomes.append(type(error).__name__)
            finally:
                db.session.remove()

        threads = [threading.Thread(target=one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(outcomes)

    db.bind(committed)
    yield run
    db.session.remove()
    db.bind(engine)


def new_company() -> tuple[int, int]:
    with db.transaction():
        row = factories.company(name_en="Before")
        return row.id, row.version


def test_of_four_new_records_of_one_form_in_the_same_moment_one_is_made(together: Any) -> None:
    ended = together(lambda: save(Wish(Company, "create", {"name_ja": "同時株式会社"})))
    assert ended == ["SavedAlready"] * 3 + ["done"]
    assert db.session.scalar(select(func.count()).where(Company.name_ja == "同時株式会社")) == 1


def test_of_four_edits_of_one_form_in_the_same_moment_one_is_made_and_the_others_can_tell(
    together: Any,
) -> None:
    number, version = new_company()
    wanted = Wish(Company, "update", {"name_en": "After", "name_kana": None}, (number,), version)
    ended = together(lambda: applying.carry_out(proposing.propose([wanted], intent(save_token="e" * 32))))
    # The others wait for the row, find it as they want it, and change nothing.
    assert ended == ["done"] * 4
    made = resubmission.earlier("e" * 32)
    assert made is not None
    assert is_same(made, wanted)
    assert (
        db.session.scalar(text("SELECT version FROM companies WHERE id = :id"), {"id": number}) == version + 1
    )


def test_of_four_deletions_of_one_page_in_the_same_moment_one_is_made(together: Any) -> None:
    number, version = new_company()
    wanted = Wish(Company, "delete", key=(number,), base_version=version)
    ended = together(lambda: save(wanted, "d" * 32))
    assert ended == [Moved.__name__] * 3 + ["done"]


def test_of_four_who_undo_the_same_in_the_same_moment_one_does(together: Any) -> None:
    number, version = new_company()
    with db.transaction():
        made = save(Wish(Company, "update", {"name_en": "After"}, (number,), version), None).id
    ended = together(lambda: undoing.carry_out(made, factories.AUTHOR, "a mistake"))
    assert ended == ["UndoneAlready"] * 3 + ["done"]
    assert db.session.get_one(Company, number).name_en == "Before"


@pytest.mark.usefixtures("connection")
def test_another_refusal_of_the_database_is_no_repetition() -> None:
    row = factories.company()
    proposal = proposing.propose(
        [Wish(Company, "update", {"name_en": "x"}, (row.id,))], intent(undoes_id=987654321)
    )
    with pytest.raises(Exception, match="fk_change_sets_undoes_id"):
        approving.submit(proposal)
