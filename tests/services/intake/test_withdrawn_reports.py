"""What is laid over a withdrawn report leaves the current view with it, and comes back with it, in any order."""

from datetime import date

import pytest
from sqlalchemy import select

from tests import factories
from tests.factories import AUTHOR
from tests.files.edinet.filings import flow, stock
from tests.files.register import WITHDRAWAL, day
from tests.services.intake import reports
from tests.services.intake.amended import (
    AMENDMENT,
    LATER,
    ORIGINAL,
    AfterAnAmendment,
    amendment,
    later,
    original,
)
from tests.services.intake.reports import annual, before, current, edit, figures, rows, take
from webapp import db
from webapp.files.rows import WrongFile
from webapp.lists import knowledge, returning
from webapp.lists.knowledge import Known
from webapp.models.change_set import ChangeSet
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.steward_value import StewardValue
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Refused
from webapp.services.changes.undoing import CannotUndo, Overtaken
from webapp.services.intake import importing
from webapp.services.intake.importing import Request
from webapp.services.intake.looking import feeding

pytestmark = pytest.mark.usefixtures("connection")

ISSUED = "jpcrp_cor:TotalNumberOfIssuedSharesSummaryOfBusinessResults"
WITHDRAWN_ON = "2025-09-01 11:00"


def withdraw(doc_id: str) -> ChangeSet:
    """As the register tells of it."""
    row = WITHDRAWAL | {"parentDocID": doc_id, "submitDateTime": WITHDRAWN_ON}
    return take(importing.preview(Request("edinet-documents", "2025-09-01.csv", day(row), AUTHOR)))


def told() -> list[tuple[str, int | None, int | None, bool]]:
    """Of each revision of the year its document, sales, assets, and whether it is current."""
    return [(row.filing_doc_id, row.revenue, row.total_assets, row.is_current) for row in rows(2024)]


def known_on(*days: date) -> list[tuple[str, int, int]]:
    """The document, sales and assets of the year that were known at the end of each day."""
    own = FinancialStatement
    found = []
    for one in days:
        known = knowledge.of_statements(Known(one)), own.fiscal_year_end_on == date(2024, 3, 31)
        asked = select(own.filing_doc_id, own.revenue, own.total_assets).where(*known)
        found += [(doc_id, int(sales), int(assets)) for doc_id, sales, assets in db.session.execute(asked)]
    return found


BOTH_WAYS = pytest.mark.parametrize("is_register", [True, False], ids=["by the register", "by hand"])


def gone(doc_id: str, *, is_register: bool) -> int:
    if is_register:
        return withdraw(doc_id).id
    return edit(db.session.get_one(Filing, doc_id), withdrawal_status="2")


@BOTH_WAYS
def test_what_restates_a_withdrawn_original_leaves_the_current_view_with_it(is_register: bool) -> None:
    reports.company()
    take(original())
    take(later())
    assert told() == [(ORIGINAL, 100, 90, False), (LATER, 97, 90, True)]
    number = gone(ORIGINAL, is_register=is_register)
    assert told() == [(ORIGINAL, 100, 90, False), (LATER, 97, 90, False)]
    assert current(2025).revenue == 120
    assert later().proposal.is_empty
    assert isinstance(door.undo(number, AUTHOR, "it stands"), Applied)
    assert told() == [(ORIGINAL, 100, 90, False), (LATER, 97, 90, True)]


def test_a_comparative_of_what_was_withdrawn_before_it_came_makes_no_statement() -> None:
    reports.company()
    take(original())
    withdraw(ORIGINAL)
    take(later())
    assert told() == [(ORIGINAL, 100, 90, False)]
    with pytest.raises(WrongFile, match="which was withdrawn"):
        original()


def test_until_the_withdrawal_was_known_what_had_been_laid_over_the_original_counts() -> None:
    reports.company()
    take(original())
    take(later())
    withdraw(ORIGINAL)
    days = (date(2024, 7, 1), date(2025, 7, 1), date(2025, 8, 31))
    assert known_on(*days) == [(ORIGINAL, 100, 90), (LATER, 97, 90), (LATER, 97, 90)]
    assert known_on(date(2025, 9, 1)) == []


def test_whichever_comes_first_the_same_statement_is_current() -> None:
    reports.company()
    take(original())
    take(amendment())
    withdraw(AMENDMENT)
    take(later())
    assert told() == [(ORIGINAL, 100, 90, False), (AMENDMENT, 99, 95, False), (LATER, 97, 90, True)]


def stands_again(doc_id: str) -> int:
    return edit(db.session.get_one(Filing, doc_id), withdrawal_status="0")


@BOTH_WAYS
def test_what_agreed_with_an_amendment_restates_the_original_once_that_is_withdrawn(
    is_register: bool,
) -> None:
    reports.company()
    take(original())
    take(amendment(97))
    take(later(97))
    number = gone(AMENDMENT, is_register=is_register)
    assert told() == [(ORIGINAL, 100, 90, False), (AMENDMENT, 97, 95, False), (LATER, 97, 90, True)]
    assert isinstance(door.undo(number, AUTHOR, "it stands"), Applied)
    assert told() == [(ORIGINAL, 100, 90, False), (AMENDMENT, 97, 95, True)]


def test_a_report_that_stands_again_restates_what_came_while_it_was_withdrawn() -> None:
    reports.company()
    take(later())
    gone(LATER, is_register=False)
    take(original())
    assert told() == [(ORIGINAL, 100, 90, True)]
    stands_again(LATER)
    assert told() == [(ORIGINAL, 100, 90, False), (LATER, 97, 90, True)]


def test_undone_after_others_have_come_they_are_laid_over_what_stands_again() -> None:
    reports.company()
    take(original())
    take(amendment())
    number = gone(AMENDMENT, is_register=False)
    take(later())
    assert (current(2024).filing_doc_id, current(2024).total_assets) == (LATER, 90)
    undoing = door.undo(number, AUTHOR, "it stands", leaves_touched=True)
    assert isinstance(undoing, Applied)
    assert told() == [(ORIGINAL, 100, 90, False), (AMENDMENT, 99, 95, False), (LATER, 97, 95, True)]
    assert isinstance(door.undo(undoing.number, AUTHOR, "it does not"), Applied)
    assert told() == [(ORIGINAL, 100, 90, False), (AMENDMENT, 99, 95, False), (LATER, 97, 90, True)]


def test_undone_though_it_moved_no_statement_the_report_counts_again() -> None:
    reports.company()
    take(original())
    take(amendment())
    number = gone(ORIGINAL, is_register=False)
    assert told() == [(ORIGINAL, 100, 90, False), (AMENDMENT, 99, 95, True)]
    gone(AMENDMENT, is_register=False)
    assert told() == [(ORIGINAL, 100, 90, False), (AMENDMENT, 99, 95, False)]
    undoing = door.undo(number, AUTHOR, "it stands")
    assert isinstance(undoing, Applied)
    assert told() == [(ORIGINAL, 100, 90, True), (AMENDMENT, 99, 95, False)]
    assert db.session.get_one(ChangeSet, undoing.number).tables == ("filings", "financial_statements")


def test_what_follows_from_a_withdrawal_by_hand_is_no_word_of_a_steward() -> None:
    reports.company()
    shares = [stock(ISSUED, 1000, "CurrentYearInstant_NonConsolidatedMember", "shares")]
    fewer = [stock(ISSUED, 900, "CurrentYearInstant_NonConsolidatedMember", "shares")]
    take(annual(2024, ORIGINAL, *figures(100), *shares))
    take(annual(2024, AMENDMENT, *figures(99, assets=95), *fewer, day="2024-08-01", amends=ORIGINAL))
    take(later())
    number = gone(AMENDMENT, is_register=False)
    by_hand = select(StewardValue.table_name, StewardValue.field).where(
        StewardValue.table_name != "companies"
    )
    assert db.session.execute(by_hand).all() == [("filings", "withdrawal_status")]
    assert isinstance(door.undo(number, AUTHOR, "it stands"), Applied)
    assert db.session.execute(by_hand).all() == []


def test_a_figure_that_a_steward_corrected_in_what_stands_is_laid_below() -> None:
    reports.company()
    take(original())
    edit(rows(2024)[0], total_assets=91)
    take(amendment())
    take(later())
    number = gone(AMENDMENT, is_register=False)
    assert (current(2024).revenue, current(2024).total_assets) == (97, 91)
    assert isinstance(door.undo(number, AUTHOR, "it stands"), Applied)
    assert (current(2024).revenue, current(2024).total_assets) == (97, 95)


def test_what_restates_a_restatement_falls_with_what_is_below_both() -> None:
    reports.company()
    take(original())
    take(later())
    again = [line for line in before(figures(96)) if line[0] != reports.ASSETS]
    take(annual(2025, "S100DDDD", *figures(121), *again, day="2025-08-01", amends=LATER))
    assert (current(2024).revenue, current(2024).total_assets) == (96, 90)
    withdraw(ORIGINAL)
    assert not any(row.is_current for row in rows(2024))
    assert known_on(date(2025, 8, 31)) == [("S100DDDD", 96, 90)]
    assert known_on(date(2025, 9, 1)) == []


def test_a_first_row_in_another_standard_holds_its_own_figures_alone_and_stays() -> None:
    reports.company()
    take(original())
    own = [flow("jpigp_cor:RevenueIFRS", 118), stock("jpigp_cor:AssetsIFRS", 95)]
    in_ifrs = before([flow("jpigp_cor:RevenueIFRS", 98), stock("jpigp_cor:AssetsIFRS", 91)])
    report = {"AccountingStandardsDEI": "IFRS"}
    take(annual(2025, LATER, *own, *in_ifrs, **report))
    withdraw(ORIGINAL)
    assert told() == [(ORIGINAL, 100, 90, False), (LATER, 98, 91, True)]
    assert annual(2025, LATER, *own, *in_ifrs, **report).proposal.is_empty


def test_what_is_restated_is_not_undone_below_what_restates_it() -> None:
    reports.company()
    number = take(original()).id
    restating = take(later()).id
    assert isinstance(door.undo(restating, AUTHOR, "first"), Applied)
    assert isinstance(door.undo(number, AUTHOR, "then"), Applied)
    assert rows(2024) == []
    number = take(annual(2024, ORIGINAL, *figures(101))).id
    take(annual(2025, LATER, *figures(121), *before(figures(97))))
    assert isinstance(door.undo(number, AUTHOR, "below"), CannotUndo | Overtaken | Refused)


def test_a_correction_by_hand_and_what_restates_it_stay_where_the_original_is_withdrawn() -> None:
    reports.company()
    take(original())
    filed = rows(2024)[0]
    names = ("company_id", "fiscal_year_end_on", "period_type", "scope", "accounting_standard")
    copied = (*names, "fiscal_year_start_on", "period_start_on", "period_end_on", "total_assets", "profit")
    values = {name: getattr(filed, name) for name in copied}
    factories.statement(
        **values,
        revenue=98,
        revision_no=1,
        revision_type="STEWARD",
        announced_on=date(2024, 9, 1),
        is_current=False,
    )
    take(later())
    withdraw(ORIGINAL)
    assert told() == [(ORIGINAL, 100, 90, False), (None, 98, 90, False), (LATER, 97, 90, True)]


class TestOverAnAmendment(AfterAnAmendment):
    """What the next year's report restates, laid over the amendment."""

    def test_what_restates_stays_where_the_original_goes_and_its_amendment_stands(self) -> None:
        withdraw(ORIGINAL)
        assert told() == [(ORIGINAL, 100, 90, False), (AMENDMENT, 99, 95, False), (LATER, 97, 95, True)]

    def test_what_restates_a_withdrawn_amendment_is_laid_over_the_original_instead(self) -> None:
        assert current(2024).total_assets == 95
        number = withdraw(AMENDMENT).id
        assert (current(2024).revenue, current(2024).total_assets, current(2024).filing_doc_id) == (
            97,
            90,
            LATER,
        )
        assert current(2024).based_on_id == rows(2024)[0].id
        days = (date(2024, 7, 1), date(2024, 9, 1), date(2025, 7, 1), date(2025, 9, 1))
        assert known_on(*days) == [(ORIGINAL, 100, 90), (AMENDMENT, 99, 95), (LATER, 97, 95), (LATER, 97, 90)]
        assert later().proposal.is_empty
        assert isinstance(door.undo(number, AUTHOR, "it stands"), Applied)
        assert told() == [(ORIGINAL, 100, 90, False), (AMENDMENT, 99, 95, False), (LATER, 97, 95, True)]

    @BOTH_WAYS
    def test_what_a_later_report_says_is_laid_over_what_stands_in_the_same_change_set(
        self, is_register: bool
    ) -> None:
        number = gone(AMENDMENT, is_register=is_register)
        assert (current(2024).filing_doc_id, current(2024).revenue, current(2024).total_assets) == (
            LATER,
            97,
            90,
        )
        of_set = db.session.get_one(ChangeSet, number).items
        assert {item.table_name for item in of_set} == {"filings", "financial_statements"}
        assert later(SecurityCodeDEI="13761").proposal.counts["updated"] == 1  # the zip's own hash
        stands_again(AMENDMENT)
        assert (current(2024).filing_doc_id, current(2024).total_assets) == (LATER, 95)

    @pytest.mark.parametrize("most_items", [feeding.MOST_ITEMS, 0], ids=["a short list", "a long one"])
    def test_an_import_of_an_edited_list_of_filings_withdraws_like_a_form(
        self, monkeypatch: pytest.MonkeyPatch, most_items: int
    ) -> None:
        # However long: a feed writes one table, and statements would not follow it.
        monkeypatch.setattr(feeding, "MOST_ITEMS", most_items)
        returning.declare()
        sheet = f"取下区分,レコード (filings)\n2,{AMENDMENT}@1\n".encode()
        take(importing.preview(Request("table", "filings.csv", sheet, AUTHOR)))
        assert (current(2024).filing_doc_id, current(2024).total_assets) == (LATER, 90)

    def test_undone_what_restated_and_is_to_restate_otherwise_is_written_once(self) -> None:
        number = gone(AMENDMENT, is_register=False)
        again = [line for line in before(figures(96)) if line[0] != reports.ASSETS]
        take(annual(2025, "S100DDDD", *figures(121), *again, day="2025-08-01", amends=LATER))
        assert (current(2024).revenue, current(2024).total_assets) == (96, 90)
        assert isinstance(door.undo(number, AUTHOR, "it stands", leaves_touched=True), Applied)
        assert (current(2024).filing_doc_id, current(2024).total_assets) == ("S100DDDD", 95)
        assert [row.total_assets for row in rows(2024)] == [90, 95, 95, 95]
