"""What a steward corrected in a row that falls with a withdrawn report: carried over, or said not to be."""

from typing import Any

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AUTHOR
from tests.services.intake import reports
from tests.services.intake.amended import AMENDMENT, LATER, AfterAnAmendment, amendment, later, original
from tests.services.intake.reports import annual, before, current, edit, figures, rows, take
from tests.services.intake.test_withdrawn_reports import gone, stands_again
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import change
from webapp.rules.findings import params_from
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.following import steward_values
from webapp.services.changes.proposals import Wish
from webapp.services.intake.tracing import figure_traces
from webapp.words import speech

pytestmark = pytest.mark.usefixtures("connection")
KEPT, LOST = "kept the value entered by hand in the row that falls", "is not carried over"


def remarks(number: int) -> list[tuple[str, Any, Any]]:
    """Of each remark on a correction in a change set: whether it was carried, the correction, and what stands."""
    change_set = db.session.get_one(ChangeSet, number, populate_existing=True)
    about = [one for one in change_set.findings if KEPT in one["message"] or LOST in one["message"]]
    said = [(one["message"], params_from(one["params"])) for one in about]
    return [
        ("kept" if KEPT in message else "lost", params["value"], params["filed"]) for message, params in said
    ]


def newest() -> int:
    return db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc()).limit(1)).one()


@pytest.fixture(params=[True, False], ids=["by the register", "by hand"])
def withdrawn(request: pytest.FixtureRequest) -> Any:
    """Withdraws a document; the change set's number."""
    return lambda doc_id: gone(doc_id, is_register=request.param)


def test_a_correction_is_told_not_to_be_carried_where_nothing_is_laid_over_what_stands(
    withdrawn: Any,
) -> None:
    reports.company()
    take(original())
    take(amendment())
    take(later(100))
    assert current(2024).filing_doc_id == LATER
    edit(current(2024), revenue=101)
    number = withdrawn(AMENDMENT)
    assert (current(2024).filing_doc_id, current(2024).revenue) == ("S100AAAA", 100)
    assert remarks(number) == [("lost", "101", "100")]


def test_a_correction_is_told_not_to_be_carried_where_nothing_stands(withdrawn: Any) -> None:
    reports.company()
    take(original())
    take(later())
    edit(current(2024), revenue=96)
    number = withdrawn("S100AAAA")
    assert not any(row.is_current for row in rows(2024))
    assert remarks(number) == [("lost", "96", "—")]


def test_undone_after_others_have_come_a_correction_in_the_row_that_stays_stays() -> None:
    reports.company()
    take(original())
    take(amendment())
    number = gone(AMENDMENT, is_register=False)
    take(later())
    edit(current(2024), total_assets=92)
    undoing = door.undo(number, AUTHOR, "it stands", leaves_touched=True)
    assert isinstance(undoing, Applied)
    assert (current(2024).filing_doc_id, current(2024).total_assets) == (LATER, 92)


def test_a_correction_of_a_restated_figure_stands_where_the_next_amendment_repeats_the_figure() -> None:
    reports.company()
    take(original())
    take(later())
    edit(current(2024), revenue=98)
    again = [line for line in before(figures(97)) if line[0] != reports.ASSETS]
    take(annual(2025, "S100DDDD", *figures(121), *again, day="2025-08-01", amends=LATER))
    assert current(2024).revenue == 98


def release(row: Any, name: str) -> None:
    """A person hands a field back to its source."""
    values = {name: getattr(row, name)}
    wish = Wish(FinancialStatement, change.RELEASE, values, (row.id,), row.version)
    assert isinstance(door.carry([wish], factories.intent()), Applied)


def words_of_stewards(row: Any) -> dict[str, int]:
    """The fields of a statement that are a steward's word, and the change sets in which they were set."""
    return dict(steward_values.set_by(FinancialStatement, [(row.id,)]).get((row.id,), {}))


def test_a_figure_that_an_amendment_repeats_is_the_stewards_word_in_the_amendments_row_too() -> None:
    reports.company()
    take(original())
    number = edit(current(2024), revenue=98)
    take(amendment(100))
    assert (current(2024).filing_doc_id, current(2024).revenue) == (AMENDMENT, 98)
    assert words_of_stewards(current(2024)) == {"revenue": number}


def test_a_figure_that_is_released_in_the_amendments_row_is_the_amendments_again() -> None:
    reports.company()
    take(original())
    edit(current(2024), revenue=98)
    take(amendment(100))
    release(current(2024), "revenue")
    take(later(100))
    take(annual(2024, AMENDMENT, *figures(100), day="2024-09-02", amends="S100AAAA"))
    assert (current(2024).filing_doc_id, current(2024).revenue) == (AMENDMENT, 100)
    assert words_of_stewards(current(2024)) == {}


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("ja", "変更セット #7 で手入力された値を引き継いでいます"),
        ("en", "was set by hand in change set #7, and is carried over from there"),
    ],
)
def test_a_change_set_says_beside_the_row_from_which_one_a_value_is_carried(language: str, told: str) -> None:
    (remark,) = steward_values.remarks_on({"revenue": 7})
    assert (remark.field, speech.of_language(language).sentence(remark)) == ("revenue", told)


class TestOfWhatTheNextReportRestates(AfterAnAmendment):
    """The year as the next one's report restates it, laid over the amendment."""

    def test_a_correction_of_what_the_report_itself_restates_is_carried_over(self, withdrawn: Any) -> None:
        edit(current(2024), revenue=96)
        number = withdrawn(AMENDMENT)
        assert (current(2024).filing_doc_id, current(2024).revenue, current(2024).total_assets) == (
            LATER,
            96,
            90,
        )
        assert "revenue" not in current(2024).sources
        assert remarks(number) == [("kept", "96", "97")]
        # Whatever comes again finds it so.
        assert later().proposal.is_empty
        assert isinstance(door.undo(number, AUTHOR, "it stands"), Applied)
        assert (current(2024).revenue, current(2024).total_assets) == (96, 95)

    def test_a_correction_of_what_both_rows_below_say_is_carried_over(self, withdrawn: Any) -> None:
        edit(current(2024), profit=6)
        number = withdrawn(AMENDMENT)
        assert (current(2024).filing_doc_id, current(2024).revenue, current(2024).profit) == (LATER, 97, 6)
        assert remarks(number) == [("kept", "6", "5")]

    def test_a_correction_of_what_the_withdrawn_report_alone_said_is_told_not_to_be_carried(
        self,
        withdrawn: Any,
    ) -> None:
        edit(current(2024), total_assets=93)
        number = withdrawn(AMENDMENT)
        assert (current(2024).filing_doc_id, current(2024).total_assets) == (LATER, 90)
        assert remarks(number) == [("lost", "93", "90")]
        # It is said where it happens, and not with whatever comes later.
        take(annual(2025, "S100EEEE", *figures(121), day="2025-08-01", amends=LATER))
        assert remarks(newest()) == []

    def test_what_is_laid_over_the_row_that_takes_its_place_has_the_correction_too(
        self, withdrawn: Any
    ) -> None:
        edit(current(2024), profit=6)
        again = [line for line in before(figures(96)) if line[0] not in (reports.ASSETS, reports.PROFIT)]
        take(annual(2025, "S100DDDD", *figures(121), *again, day="2025-08-01", amends=LATER))
        assert (current(2024).filing_doc_id, current(2024).profit) == ("S100DDDD", 6)
        withdrawn(AMENDMENT)
        assert (current(2024).filing_doc_id, current(2024).revenue, current(2024).profit) == (
            "S100DDDD",
            96,
            6,
        )

    def test_what_is_typed_in_the_row_that_took_its_place_goes_before(self, withdrawn: Any) -> None:
        edit(current(2024), revenue=96)
        withdrawn(AMENDMENT)
        edit(current(2024), revenue=94)
        assert later().proposal.is_empty
        take(annual(2025, "S100EEEE", *figures(121), day="2025-08-01", amends=LATER))
        assert current(2024).revenue == 94

    def test_what_is_released_in_the_row_that_took_its_place_is_the_reports_again(
        self, withdrawn: Any
    ) -> None:
        edit(current(2024), revenue=96)
        withdrawn(AMENDMENT)
        stands = current(2024)
        release(stands, "revenue")
        again = [line for line in before(figures(97)) if line[0] != reports.ASSETS]
        take(annual(2025, LATER, *figures(121), *again))
        assert (current(2024).id, current(2024).revenue) == (stands.id, 97)
        assert words_of_stewards(current(2024)) == {}

    def test_a_correction_in_a_row_that_goes_as_its_base_stands_again_is_carried_over(self) -> None:
        gone(AMENDMENT, is_register=False)
        edit(current(2024), revenue=96)
        number = stands_again(AMENDMENT)
        assert (current(2024).filing_doc_id, current(2024).total_assets) == (LATER, 95)
        assert (current(2024).revenue, remarks(number)) == (96, [("kept", "96", "97")])

    def test_what_is_carried_over_is_the_stewards_word_in_its_new_row_too_by_whoever_set_it(
        self,
        withdrawn: Any,
    ) -> None:
        number = edit(current(2024), revenue=96, profit=6)
        before = current(2024).id
        withdrawn(AMENDMENT)
        assert current(2024).id != before
        assert words_of_stewards(current(2024)) == {"revenue": number, "profit": number}
        by = figure_traces.of(current(2024), "revenue").trace
        assert (by.how, by.by and by.by.change_set_id) == (figure_traces.BY_HAND, number)

    def test_it_is_nobodys_once_that_is_undone_and_the_stewards_again_where_the_undoing_is(
        self,
        withdrawn: Any,
    ) -> None:
        number = edit(current(2024), revenue=96)
        gone_with = withdrawn(AMENDMENT)
        laid = current(2024).id
        undoing = door.undo(gone_with, AUTHOR, "it stands")
        assert isinstance(undoing, Applied)
        assert steward_values.set_by(FinancialStatement, [(laid,)]) == {}
        assert isinstance(door.undo(undoing.number, AUTHOR, "it fell after all"), Applied)
        assert (current(2024).id, current(2024).revenue) == (laid, 96)
        assert words_of_stewards(current(2024)) == {"revenue": number}

    def test_typed_over_in_the_new_row_and_undone_it_is_the_first_stewards_word_again(
        self, withdrawn: Any
    ) -> None:
        number = edit(current(2024), revenue=96)
        withdrawn(AMENDMENT)
        later_on = edit(current(2024), revenue=94)
        assert words_of_stewards(current(2024)) == {"revenue": later_on}
        assert isinstance(door.undo(later_on, AUTHOR, "the first was right"), Applied)
        assert (current(2024).revenue, words_of_stewards(current(2024))) == (96, {"revenue": number})

    def test_carried_over_from_a_row_that_went_it_outlives_the_report_that_comes_again(self) -> None:
        gone(AMENDMENT, is_register=False)
        number = edit(current(2024), revenue=96)
        stands_again(AMENDMENT)
        assert words_of_stewards(current(2024)) == {"revenue": number}
        again = later()
        assert again.proposal.is_empty
        assert [remark.params["value"] for remark in again.kept] == [97]
        assert current(2024).revenue == 96
