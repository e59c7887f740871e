"""What a steward corrected in a row that falls with a withdrawn report: carried over, or said not to be."""

from typing import Any

import pytest
from sqlalchemy import select

from tests.factories import AUTHOR
from tests.services.intake import reports
from tests.services.intake.reports import annual, before, current, edit, figures, rows, take
from tests.services.intake.test_withdrawn_reports import (
    AMENDMENT,
    LATER,
    amendment,
    gone,
    later,
    original,
    stands_again,
)
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.rules.findings import params_from
from webapp.services.changes import door
from webapp.services.changes.door import Applied

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


def restated() -> Any:
    """The year as the next one's report restates it, laid over the amendment."""
    reports.company()
    take(original())
    take(amendment())
    take(later())
    return current(2024)


def test_a_correction_of_what_the_report_itself_restates_is_carried_over(withdrawn: Any) -> None:
    edit(restated(), revenue=96)
    number = withdrawn(AMENDMENT)
    assert (current(2024).filing_doc_id, current(2024).revenue, current(2024).total_assets) == (LATER, 96, 90)
    assert "revenue" not in current(2024).sources
    assert remarks(number) == [("kept", "96", "97")]
    # Whatever comes again finds it so.
    assert later().proposal.is_empty
    assert isinstance(door.undo(number, AUTHOR, "it stands"), Applied)
    assert (current(2024).revenue, current(2024).total_assets) == (96, 95)


def test_a_correction_of_what_both_rows_below_say_is_carried_over(withdrawn: Any) -> None:
    edit(restated(), profit=6)
    number = withdrawn(AMENDMENT)
    assert (current(2024).filing_doc_id, current(2024).revenue, current(2024).profit) == (LATER, 97, 6)
    assert remarks(number) == [("kept", "6", "5")]


def test_a_correction_of_what_the_withdrawn_report_alone_said_is_told_not_to_be_carried(
    withdrawn: Any,
) -> None:
    edit(restated(), total_assets=93)
    number = withdrawn(AMENDMENT)
    assert (current(2024).filing_doc_id, current(2024).total_assets) == (LATER, 90)
    assert remarks(number) == [("lost", "93", "90")]
    # It is said where it happens, and not with whatever comes later.
    take(annual(2025, "S100EEEE", *figures(121), day="2025-08-01", amends=LATER))
    assert remarks(newest()) == []


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


def test_what_is_laid_over_the_row_that_takes_its_place_has_the_correction_too(withdrawn: Any) -> None:
    edit(restated(), profit=6)
    again = [line for line in before(figures(96)) if line[0] not in (reports.ASSETS, reports.PROFIT)]
    take(annual(2025, "S100DDDD", *figures(121), *again, day="2025-08-01", amends=LATER))
    assert (current(2024).filing_doc_id, current(2024).profit) == ("S100DDDD", 6)
    withdrawn(AMENDMENT)
    assert (current(2024).filing_doc_id, current(2024).revenue, current(2024).profit) == ("S100DDDD", 96, 6)


def test_what_is_typed_in_the_row_that_took_its_place_goes_before(withdrawn: Any) -> None:
    edit(restated(), revenue=96)
    withdrawn(AMENDMENT)
    edit(current(2024), revenue=94)
    assert later().proposal.is_empty
    take(annual(2025, "S100EEEE", *figures(121), day="2025-08-01", amends=LATER))
    assert current(2024).revenue == 94


def test_a_correction_in_a_row_that_goes_as_its_base_stands_again_is_carried_over() -> None:
    restated()
    gone(AMENDMENT, is_register=False)
    edit(current(2024), revenue=96)
    number = stands_again(AMENDMENT)
    assert (current(2024).filing_doc_id, current(2024).total_assets) == (LATER, 95)
    assert (current(2024).revenue, remarks(number)) == (96, [("kept", "96", "97")])


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
