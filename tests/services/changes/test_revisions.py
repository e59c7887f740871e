"""Corrections of statements: one revision is current, and what takes its place lets it go in the same change set."""

from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import intent
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import applying, proposing, undoing
from webapp.services.changes.proposals import Author, KeyOf, Wish

pytestmark = pytest.mark.usefixtures("connection")


def carried(*wishes: Wish, kind: str = "edit") -> ChangeSet:
    change_set = applying.carry_out(proposing.propose(wishes, intent(kind)))
    assert change_set is not None
    return change_set


def correction(of: Any, number: int = 1, **values: Any) -> Wish:
    facts = {"company_id": of.company_id, "revision_no": number, "revision_type": "COR"}
    return Wish(FinancialStatement, "create", {**factories.STATEMENT, **facts, **values})


def update(row: Any, **values: Any) -> Wish:
    return Wish(FinancialStatement, "update", values, (row.id,))


def current() -> list[int]:
    """The revision numbers that are current."""
    rows = select(FinancialStatement.revision_no).where(FinancialStatement.is_current)
    return list(db.session.scalars(rows.order_by(FinancialStatement.revision_no)))


def revision(number: int) -> Any:
    return db.session.scalars(
        select(FinancialStatement).where(FinancialStatement.revision_no == number)
    ).one()


def undo(change_set: ChangeSet) -> ChangeSet:
    return undoing.carry_out(change_set.id, Author("an undoer"), "a mistake")


@pytest.mark.parametrize("kind", ["create", "import"])
def test_a_correction_takes_the_place_of_the_statement_before_in_the_same_change_set(kind: str) -> None:
    original = factories.statement()
    made = carried(correction(original), kind=kind)
    assert current() == [1]
    assert [(item.action, item.after["is_current"]) for item in made.items] == [
        ("update", False),
        ("create", True),
    ]
    assert made.counts["updated"] == 1


def test_what_is_corrected_and_has_its_own_figures_read_anew_changes_by_one_item() -> None:
    original = factories.statement()
    made = carried(update(original, revenue=7), correction(original), kind="import")
    assert [(item.action, item.after["is_current"]) for item in made.items] == [
        ("update", False),
        ("create", True),
    ]
    assert (current(), revision(0).revenue) == ([1], 7)
    undo(made)
    assert (current(), revision(0).revenue) == ([0], factories.STATEMENT.get("revenue"))


def test_undoing_of_figures_alone_may_bring_a_statement_back_too() -> None:
    original = factories.statement()
    carried(correction(original))
    made = carried(update(revision(0), revenue=7), correction(original, 2), kind="import")
    carried(Wish(FinancialStatement, "delete", {}, (revision(1).id,)))
    assert current() == [2]
    undoing.carry_out(made.id, Author("an undoer"), "a mistake", leaves_touched=True)
    assert (current(), revision(0).revenue) == ([0], factories.STATEMENT.get("revenue"))


def test_a_correction_is_called_by_the_name_that_it_shares_with_the_statement_before() -> None:
    proposal = proposing.propose([correction(factories.statement())], intent("create"))
    assert len(proposal.items) == 2
    assert proposal.record == proposal.items[1].name


def test_undoing_a_correction_makes_the_one_before_current_again_and_redoing_it_the_other() -> None:
    made = carried(correction(factories.statement()))
    gone = undo(made)
    assert current() == [0]
    undo(gone)
    assert current() == [1]


def test_an_earlier_revision_that_is_added_later_does_not_take_the_place() -> None:
    late = factories.statement(revision_no=1)
    proposal = proposing.propose([correction(late, 0, is_current=True)], intent())
    assert [finding.message for finding in proposal.findings] == ["another revision is the current one"]
    applying.carry_out(proposal)
    assert current() == [1]


def test_a_report_that_comes_with_its_restatement_is_remarked_on_by_nobody() -> None:
    first = Wish(FinancialStatement, "create", {**factories.STATEMENT, "company_id": factories.company().id})
    restated = Wish(FinancialStatement, "create", {**first.values, "revision_no": 1, "revision_type": "RES"})
    proposal = proposing.propose([first, restated], intent("import"))
    assert proposal.findings == []
    applying.carry_out(proposal)
    assert current() == [1]


def test_whichever_a_steward_ticks_becomes_current() -> None:
    original = factories.statement()
    carried(correction(original))
    ticked = carried(update(original, is_current=True))
    assert current() == [0]
    undo(ticked)
    assert current() == [1]


def test_where_the_current_one_is_deleted_the_latest_of_the_others_takes_its_place() -> None:
    original = factories.statement()
    carried(correction(original), correction(original, 2))
    assert current() == [2]
    gone = carried(Wish(FinancialStatement, "delete", {}, (revision(2).id,)), kind="delete")
    assert current() == [1]
    undo(gone)
    assert current() == [2]


def test_one_that_comes_back_beside_a_later_one_is_not_current() -> None:
    original = factories.statement()
    later = correction(original)
    gone = carried(Wish(FinancialStatement, "delete", {}, (original.id,)), kind="delete")
    carried(later)
    undo(gone)
    assert current() == [1]
    assert not revision(0).is_current


def test_one_that_turns_out_to_be_of_another_scope_hands_over_there_and_takes_its_place_here() -> None:
    original = factories.statement()
    carried(correction(original))
    carried(update(revision(1), scope="non_consolidated"))
    assert current() == [0, 1]


def test_two_revisions_of_a_new_company_in_one_change_set_leave_one_current() -> None:
    company = Wish(factories.Company, "create", {"name_ja": "新しい会社"})
    facts = {**factories.STATEMENT, "company_id": KeyOf(company)}
    carried(company, *(Wish(FinancialStatement, "create", {**facts, "revision_no": n}) for n in (1, 0)))
    assert current() == [1]


def test_a_statement_that_is_alone_and_not_current_stays_so() -> None:
    factories.statement(is_current=False)
    assert current() == []
