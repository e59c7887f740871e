"""The rules of accounting watch what is stored: a finding opens with what breaks a rule, and closes by itself."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text

from tests import factories
from tests.factories import AUTHOR, intent
from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.finding import FiledFinding
from webapp.models.market.corporate_action import CorporateAction
from webapp.rules import calendar
from webapp.services.changes import applying, door, proposing
from webapp.services.changes.following import accounting_findings
from webapp.services.changes.proposals import Refused, Wish
from webapp.services.checking import deciding, typed

pytestmark = pytest.mark.usefixtures("connection")
BROKEN = {"total_assets": Decimal(100), "total_liabilities": Decimal(30), "net_assets": Decimal(60)}


def findings() -> dict[str, FiledFinding]:
    """What is filed, by rule, read anew."""
    db.session.expire_all()
    return {one.rule: one for one in db.session.scalars(select(FiledFinding))}


def change(row: Any, **values: Any) -> Any:
    wish = Wish(FinancialStatement, "update", values, (row.id,))
    return applying.carry_out(proposing.propose([wish], intent()))


def test_a_broken_rule_is_filed_with_the_change_and_closes_itself_when_it_holds_again() -> None:
    row = factories.statement(**BROKEN)
    (found,) = findings().values()
    assert (found.rule, found.field, found.row_key, found.status) == (
        "B2",
        "total_assets",
        str(row.id),
        "open",
    )
    assert (found.observed, found.expected, found.severity) == ("100", "90", "review")
    assert found.params["parts"] == "+total_liabilities +net_assets"
    first_seen = found.first_seen_at
    mended = change(row, net_assets=Decimal(70))
    assert findings()["B2"].status == "closed"
    door.undo(mended.id, AUTHOR, None)
    assert (findings()["B2"].status, findings()["B2"].first_seen_at) == ("open", first_seen)


def test_a_figure_that_changes_leaves_the_findings_of_rules_that_do_not_read_it() -> None:
    row = factories.statement(
        **BROKEN, cost_of_revenue=Decimal(80), gross_profit=Decimal(50), revenue=Decimal(100)
    )
    assert {rule: one.status for rule, one in findings().items()} == {"B2": "open", "P1": "open"}
    change(row, gross_profit=Decimal(20))
    assert {rule: one.status for rule, one in findings().items()} == {"B2": "open", "P1": "closed"}
    change(row, net_assets=Decimal(70), gross_profit=Decimal(50))
    assert {rule: one.status for rule, one in findings().items()} == {"B2": "closed", "P1": "open"}
    change(row, industry_format="BNK")
    assert {rule: one.status for rule, one in findings().items()} == {"B2": "closed", "P1": "closed"}


def test_what_a_change_breaks_in_the_next_year_is_filed_too() -> None:
    prior = factories.statement(
        fiscal_year_start_on=date(2023, 4, 1),
        fiscal_year_end_on=date(2024, 3, 31),
        period_start_on=date(2023, 4, 1),
        period_end_on=date(2024, 3, 31),
        revenue=Decimal(900),
    )
    now = factories.statement(company_id=prior.company_id, revenue=Decimal(1000))
    assert findings() == {}
    change(prior, revenue=Decimal(200))
    found = findings()["Y-revenue"]
    assert (found.row_key, found.params["figure"], found.params["before"]) == (str(now.id), 1000, 200)


def test_a_statement_that_goes_takes_its_findings_along() -> None:
    row = factories.statement(**BROKEN)
    applying.carry_out(
        proposing.propose([Wish(FinancialStatement, "delete", {}, (row.id,))], intent("delete"))
    )
    assert findings() == {}


def test_what_was_written_from_outside_is_found_when_all_is_looked_at() -> None:
    row = factories.statement(total_assets=Decimal(100))
    outside = "UPDATE financial_statements SET total_liabilities = 30, net_assets = 60 WHERE id = :id"
    db.session.execute(text(outside), {"id": row.id})
    assert findings() == {}
    accounting_findings.look_at_all()
    assert list(findings()) == ["B2"]
    accounting_findings.look_at_all()
    assert findings()["B2"].status == "open"


def years(**figures: tuple[Any, Any]) -> Any:
    """A year and the one before it, of one company, with these figures of each."""
    before = {name: value for name, (value, _now) in figures.items()}
    days = {"fiscal_year_start_on": date(2023, 4, 1), "fiscal_year_end_on": date(2024, 3, 31)}
    months = {"period_start_on": date(2023, 4, 1), "period_end_on": date(2024, 3, 31)}
    prior = factories.statement(**days, **months, **before)
    own = {**factories.STATEMENT, "company_id": prior.company_id}
    own |= {name: now for name, (_before, now) in figures.items()}
    filed = proposing.propose([Wish(FinancialStatement, "create", own)], intent("import"))
    applying.carry_out(filed)
    db.session.commit()
    return db.session.scalars(select(FinancialStatement).order_by(FinancialStatement.id.desc())).first()


def test_shares_that_leap_are_a_finding_until_the_corporate_action_is_recorded() -> None:
    row = years(shares_issued=(1_000_000, 3_000_000))
    assert {rule: one.status for rule, one in findings().items()} == {"X-split": "open", "X-issued": "open"}
    split = factories.corporate_action(
        company_id=row.company_id, ex_on=date(2024, 9, 27), ratio_from=Decimal(1), ratio_to=Decimal(3)
    )
    assert {one.status for one in findings().values()} == {"closed"}
    wish = Wish(CorporateAction, "update", {"ratio_to": Decimal("1.2")}, (split.id,))
    applying.carry_out(proposing.propose([wish], intent()))
    assert {rule for rule, one in findings().items() if one.status == "open"} == {"X-issued"}
    applying.carry_out(
        proposing.propose([Wish(CorporateAction, "delete", {}, (split.id,))], intent("delete"))
    )
    assert {one.status for one in findings().values()} == {"open"}


def test_what_a_later_report_gives_per_share_after_a_split_is_held_against_the_shares_of_its_day() -> None:
    per_share = {"bps": (Decimal(11_000), Decimal(11_500)), "shares_issued": (100_000, 100_000)}
    equity = {"equity_attributable_to_owners": (Decimal(1_100_000_000), Decimal(1_150_000_000))}
    row = years(**per_share, **equity, treasury_share_count=(0, 0))
    change(row, announced_on=date(2025, 6, 20))
    factories.corporate_action(company_id=row.company_id, ex_on=date(2025, 9, 29))
    assert findings() == {}
    restated = {
        **factories.STATEMENT,
        "company_id": row.company_id,
        "based_on_id": row.id,
        "revision_no": 1,
        "revision_type": "SPL",
        "announced_on": date(2026, 6, 25),
        **{name: now for name, (_before, now) in (per_share | equity).items()},
        "treasury_share_count": 0,
        "bps": Decimal(1_150),
    }
    applying.carry_out(proposing.propose([Wish(FinancialStatement, "create", restated)], intent("import")))
    assert findings() == {}
    # And so it is while somebody types another figure of it.
    stored = db.session.scalars(select(FinancialStatement).filter_by(revision_type="SPL")).one()
    whole = {column.name: getattr(stored, column.name) for column in FinancialStatement.__table__.columns}
    assert typed.remarks(FinancialStatement, {"bps": Decimal(1_151)}, whole) == []


def test_what_another_standard_tells_of_the_year_before_is_told_after_a_split_as_well() -> None:
    """TDK: a split in October, and in June both years by IFRS, per share of the new ones (S100ODQV)."""
    equity = (Decimal(958_929_000_000), Decimal(1_300_317_000_000))
    row = years(
        bps=(Decimal("2530.37"), Decimal("3430.69")),
        equity_attributable_to_owners=equity,
        accounting_standard=("IFRS", "IFRS"),
        revision_type=("STD", "ORG"),
        announced_on=(date(2025, 6, 24), date(2025, 6, 24)),
    )
    factories.corporate_action(
        company_id=row.company_id, ex_on=date(2024, 9, 27), ratio_from=Decimal(1), ratio_to=Decimal(3)
    )
    assert "X-bps" not in {rule for rule, one in findings().items() if one.status == "open"}


def test_what_is_typed_is_held_against_the_year_before_and_what_a_source_states_is_filed() -> None:
    row = years(revenue=(Decimal(5_000_000), Decimal(5_100_000)))
    wish = Wish(FinancialStatement, "update", {"revenue": Decimal(5_000_000_000)}, (row.id,))
    outcome = door.carry([wish], intent())
    assert isinstance(outcome, Refused)
    assert [one.rule for one in outcome.findings if one.is_blocking] == ["U-revenue"]
    applying.carry_out(proposing.propose([wish], intent("import")))
    assert findings()["U-revenue"].status == "open"


def test_a_steward_who_types_it_is_told_of_what_is_only_worth_a_look() -> None:
    row = years(total_assets=(Decimal(100), Decimal(120)))
    outcome = door.carry(
        [Wish(FinancialStatement, "update", {"total_assets": Decimal(300)}, (row.id,))], intent()
    )
    assert isinstance(outcome, door.Applied)
    assert [(one.rule, one.params["before"]) for one in outcome.findings] == [("Y-assets", Decimal(100))]


def test_what_is_accepted_comes_back_when_the_figures_change() -> None:
    row = factories.statement(**BROKEN)
    one = findings()["B2"]
    until = calendar.today() + timedelta(days=30)
    deciding.decide([one.id], {"waived_until": until, "reason": "as filed"}, intent())
    assert findings()["B2"].status == "waived"
    change(row, revenue=Decimal(7))
    assert (
        findings()["B2"].status == "waived"
    ), "the same figures are accepted however often they are looked at"
    change(row, net_assets=Decimal(50))
    assert (findings()["B2"].status, findings()["B2"].waived_until) == ("open", None)
    change(row, net_assets=Decimal(60))
    assert findings()["B2"].status == "waived"
