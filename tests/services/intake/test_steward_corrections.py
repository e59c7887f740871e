"""What a steward set by hand: what they changed, blanks included, and nothing that a form began with."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event

from tests import factories
from tests.factories import intent
from tests.services.intake import reports
from webapp import db
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import applying, proposing, undoing
from webapp.services.changes.following import stewards_words
from webapp.services.changes.proposals import Author, Wish
from webapp.words import remarks, speech

pytestmark = pytest.mark.usefixtures("connection")


def by_hand(row: Any, kind: str = "edit", **values: Any) -> int:
    change_set = applying.carry_out(
        proposing.propose([Wish(Company, "update", values, (row.id,))], intent(kind))
    )
    assert change_set is not None
    return change_set.id


def undo(number: int) -> int:
    return undoing.carry_out(number, Author("a steward"), "a mistake").id


def imported(**values: Any) -> Any:
    """A company that a list has brought."""
    wish = Wish(Company, "create", {"name_ja": "一覧の株式会社", "edinet_code": "E90001", **values})
    applying.carry_out(proposing.propose([wish], intent("import")))
    return db.session.query(Company).filter_by(edinet_code="E90001").one()


def respected(row: Any, **values: Any) -> dict[str, Any]:
    """What is left of the wish of a list for this row."""
    stored = proposing.fetch(Company, [(row.id,)])
    ((wish, _remarks),) = stewards_words.respect(
        Company, [Wish(Company, "update", values, (row.id,))], stored
    )
    return dict(wish.values)


def test_what_a_form_began_with_is_no_decision_and_what_was_typed_is() -> None:
    row = factories.company(name_en="Typed", listing_status="unlisted", has_consolidated=None)
    listed = {"listing_status": "listed", "ticker_symbol": "1376", "has_consolidated": True}
    assert respected(row, name_en="Listed", **listed) == listed


def test_whoever_made_a_company_with_another_listing_than_the_usual_one_meant_it() -> None:
    row = factories.company(listing_status="delisted", ticker_symbol="1376")
    assert respected(row, listing_status="listed", name_en="Listed") == {"name_en": "Listed"}


def test_a_value_that_a_steward_cleared_is_not_filled_again() -> None:
    row = imported(name_en="Wrong", name_kana="ヨミ")
    by_hand(row, name_en=None)
    assert respected(row, name_en="Wrong", name_kana="ベツ") == {"name_kana": "ベツ"}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ja", "手入力の値を維持しました。報告書では 100 円 です"),
        ("en", "kept the value entered by hand; the report says 100 yen"),
    ],
)
def test_of_a_figure_that_a_report_says_otherwise_the_remark_names_the_report_and_no_list(
    language: str, told: str
) -> None:
    reports.company()
    reports.take(reports.annual(2025, "S100AAAA", *reports.figures(100)))
    reports.edit(reports.current(2025), revenue=96)
    stored = proposing.fetch(FinancialStatement, [(reports.current(2025).id,)])
    wish = Wish(FinancialStatement, "update", {"revenue": Decimal(100)}, next(iter(stored)))
    ((left, (remark,)),) = stewards_words.respect(FinancialStatement, [wish], stored)
    assert dict(left.values) == {}
    assert (
        remarks.sentence(remark, FinancialStatement.__table__.columns, speech.of_language(language)) == told
    )
    # Of a company lists say it.
    row = imported(name_en="Of the list")
    by_hand(row, name_en="Ours")
    of_list = Wish(Company, "update", {"name_en": "Later"}, (row.id,))
    ((_left, (remark,)),) = stewards_words.respect(Company, [of_list], proposing.fetch(Company, [(row.id,)]))
    assert remark.message == "kept the value entered by hand; the list says %(value)s"


def test_a_value_set_back_to_the_usual_one_by_hand_is_kept() -> None:
    row = imported(listing_status="listed", ticker_symbol="1376")
    by_hand(row, listing_status="unlisted")
    assert respected(row, listing_status="listed") == {}


def test_what_was_undone_is_nobodys_decision_and_what_was_done_again_is() -> None:
    row = imported(name_en="Of the list")
    edited = by_hand(row, name_en=None)
    undone = undo(edited)
    assert respected(row, name_en="Later") == {"name_en": "Later"}
    undo(undone)
    assert respected(row, name_en="Later") == {}


def test_an_undoing_leads_back_to_what_the_steward_had_set_before() -> None:
    row = imported(name_en="Of the list")
    by_hand(row, name_en="First")
    undo(by_hand(row, name_en="Second"))
    assert respected(row, name_en="Later") == {}


def test_an_undone_import_leaves_nothing_to_the_steward() -> None:
    row = imported(name_en="Of the list")
    undo(by_hand(row, kind="import", name_en="Later"))
    assert respected(row, name_en="Later") == {"name_en": "Later"}


def test_a_row_that_was_deleted_and_came_back_keeps_what_was_set() -> None:
    row = imported(name_en="Of the list", name_kana="ヨミ")
    by_hand(row, name_en=None)
    gone = applying.carry_out(proposing.propose([Wish(Company, "delete", {}, (row.id,))], intent("delete")))
    assert gone is not None
    undo(gone.id)
    assert respected(row, name_en="Of the list", name_kana="ベツ") == {"name_kana": "ベツ"}


def test_only_the_keys_at_hand_are_asked_for() -> None:
    """Of a thousand rows that say what is stored already, and one that does not, one is asked for."""
    rows = [factories.company(name_en="Same") for _ in range(3)]
    stored = proposing.fetch(Company, [(row.id,) for row in rows])
    wishes = [Wish(Company, "update", {"name_en": "Same"}, (row.id,)) for row in rows]
    asked: list[Any] = []

    def note(_connection: Any, _cursor: Any, _statement: str, parameters: Any, *_more: Any) -> None:
        asked.append(parameters)

    engine = db.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        list(stewards_words.respect(Company, wishes, stored))
        assert asked == []
        other = Wish(Company, "update", {"name_en": "Other"}, (rows[0].id,))
        list(stewards_words.respect(Company, [*wishes[1:], other], stored))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    (parameters,) = asked
    assert str(rows[0].id) in parameters.values()
    assert {str(row.id) for row in rows[1:]}.isdisjoint(map(str, parameters.values()))
