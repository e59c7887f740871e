"""Proposing: what would change, field by field, and what happened meanwhile."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from tests import factories
from tests.factories import intent
from webapp import db
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import applying, proposing
from webapp.services.changes.proposals import Moved, Proposal, Refused, Wish

pytestmark = pytest.mark.usefixtures("connection")


def propose(**wanted: object) -> Proposal:
    return proposing.propose([Wish(Company, **wanted)], intent())  # type: ignore[arg-type]  # test words


def test_only_the_fields_that_differ_are_proposed() -> None:
    row = factories.company(name_en="Old", name_kana="シケン")
    proposal = propose(action="update", values={"name_en": "New", "name_kana": "シケン"}, key=(row.id,))
    (item,) = proposal.counted
    assert (dict(item.before), dict(item.after)) == ({"name_en": "Old"}, {"name_en": "New"})
    assert proposal.counts == {"created": 0, "updated": 1, "closed": 0, "deleted": 0, "unchanged": 0}
    assert proposal.fields == {"name_en": 1}


def test_a_name_carries_its_search_key_along() -> None:
    row = factories.company(name_ja="試験株式会社")
    (item,) = propose(action="update", values={"name_ja": "ＴＥＳＴ（株）"}, key=(row.id,)).counted
    assert item.after["name_ja_folded"] == "test"


def test_writing_the_same_values_changes_nothing() -> None:
    row = factories.company(capital_stock=Decimal("100"))
    proposal = propose(action="update", values={"capital_stock": Decimal("100.0")}, key=(row.id,))
    assert proposal.is_empty
    assert proposal.counts["unchanged"] == 1


def test_missing_is_not_zero() -> None:
    row = factories.company()
    (item,) = propose(action="update", values={"capital_stock": Decimal(0)}, key=(row.id,)).items
    assert (item.before["capital_stock"], item.after["capital_stock"]) == (None, 0)


def test_the_second_editor_is_told_field_by_field_what_changed_meanwhile() -> None:
    row = factories.company(name_en="Seen", name_kana="ミタ", head_office_address="京都市")
    seen = row.version
    theirs = {"name_en": "Theirs", "head_office_address": "東京都"}
    applying.carry_out(propose(action="update", values=theirs, key=(row.id,)))
    with pytest.raises(Moved) as moved:
        propose(
            action="update",
            values={"name_en": "Mine", "name_kana": "ワタシ", "head_office_address": "京都市"},
            key=(row.id,),
            base_version=seen,
        )
    conflicts = {conflict.field: conflict for conflict in moved.value.conflicts}
    assert set(conflicts) == {"name_en", "head_office_address"}
    name, address = conflicts["name_en"], conflicts["head_office_address"]
    assert (name.base, name.theirs, name.yours) == ("Seen", "Theirs", "Mine")
    assert (address.base, address.theirs, address.yours) == ("京都市", "東京都", "京都市")
    assert (moved.value.version, moved.value.changed_by) == (seen + 1, "a test")


def test_a_change_from_outside_is_a_conflict_too() -> None:
    row = factories.company(name_en="Seen")
    db.session.execute(text("UPDATE companies SET name_en = 'by psql'"))
    with pytest.raises(Moved) as moved:
        propose(action="update", values={"name_en": "Mine"}, key=(row.id,), base_version=1)
    assert moved.value.changed_by is None
    assert [c.theirs for c in moved.value.conflicts] == ["by psql"]


def test_a_change_that_this_code_cannot_see_is_no_conflict() -> None:
    row = factories.company(name_en="Seen")
    seen = row.version
    db.session.execute(text("ALTER TABLE companies ADD COLUMN nickname text"))
    db.session.execute(text("UPDATE companies SET nickname = 'filled by a release'"))
    wanted = {"action": "update", "values": {"name_en": "Mine"}, "key": (row.id,), "base_version": seen}
    (item,) = propose(**wanted).counted
    assert (item.base_version, dict(item.after)) == (seen + 1, {"name_en": "Mine"})


def test_two_editors_who_agree_are_no_conflict() -> None:
    row = factories.company(name_en="Seen")
    seen = row.version
    applying.carry_out(propose(action="update", values={"name_en": "Agreed"}, key=(row.id,)))
    mine = {"name_en": "Agreed", "name_kana": "ワタシ"}
    (item,) = propose(action="update", values=mine, key=(row.id,), base_version=seen).items
    assert dict(item.after) == {"name_kana": "ワタシ"}


def test_rows_are_kept_from_others_until_they_are_written() -> None:
    row, other = factories.company(name_ja="甲株式会社"), factories.company(name_ja="乙株式会社")
    nobody = "SELECT count(*) FROM companies WHERE xmax <> '0'"
    assert db.session.scalar(text(nobody)) == 0
    propose(action="update", values={"name_en": "Mine"}, key=(row.id,), base_version=row.version)
    locked = db.session.scalars(text("SELECT id FROM companies WHERE xmax <> '0' ORDER BY id")).all()
    assert (row.id in locked, other.id in locked) == (True, False)


def test_a_row_that_is_gone_is_said_to_be_gone() -> None:
    with pytest.raises(Moved, match="gone") as moved:
        propose(action="update", values={"name_en": "Mine"}, key=(987654321,), base_version=1)
    assert moved.value.version is None


def test_the_key_of_a_row_cannot_be_changed() -> None:
    row = factories.industry()
    wanted = [Wish(type(row), "update", {"code": "9999"}, (row.code,))]
    with pytest.raises(Refused) as refusal:
        proposing.propose(wanted, intent())
    assert [finding.field for finding in refusal.value.findings] == ["code"]


def test_a_warning_is_kept_with_its_row_and_does_not_block() -> None:
    row = factories.statement(
        total_assets=Decimal(100), total_liabilities=Decimal(30), net_assets=Decimal(60)
    )
    wanted = [Wish(FinancialStatement, "update", {"net_assets": Decimal(61)}, (row.id,))]
    proposal = proposing.propose(wanted, intent())
    (finding,) = proposal.findings
    assert (finding.field, finding.is_blocking) == ("total_assets", False)
    assert (finding.rule, finding.params["difference"]) == ("B2", 9)


def test_what_is_typed_against_a_grave_rule_of_accounting_is_refused_and_what_a_file_states_is_not() -> None:
    row = factories.statement(total_assets=Decimal(100), liabilities_and_net_assets=Decimal(100))
    wanted = [Wish(FinancialStatement, "update", {"total_assets": Decimal(90)}, (row.id,))]
    with pytest.raises(Refused) as refusal:
        proposing.propose(wanted, intent())
    assert [finding.rule for finding in refusal.value.findings] == ["B1"]
    (finding,) = proposing.propose(wanted, intent(kind="import")).findings
    assert (finding.rule, finding.is_blocking) == ("B1", False)


def test_who_types_another_figure_is_not_refused_for_what_stood_there() -> None:
    row = factories.statement(total_assets=Decimal(100), liabilities_and_net_assets=Decimal(100))
    as_filed = [Wish(FinancialStatement, "update", {"total_assets": Decimal(90)}, (row.id,))]
    applying.carry_out(proposing.propose(as_filed, intent(kind="import")))
    wanted = [Wish(FinancialStatement, "update", {"employees": 7}, (row.id,))]
    (finding,) = proposing.propose(wanted, intent()).findings
    assert (finding.rule, finding.is_blocking) == ("B1", False)


def test_a_row_of_a_company_is_labelled_with_the_company() -> None:
    company = factories.company(ticker_symbol="7974", name_ja="任天堂株式会社")
    row = factories.price(company_id=company.id, traded_on=date(2025, 6, 27))
    wanted = [Wish(type(row), "update", {"volume": 5}, (row.company_id, row.traded_on))]
    (item,) = proposing.propose(wanted, intent()).items
    assert item.label == "7974 任天堂株式会社 2025/06/27"


def test_a_reason_that_is_too_long_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        proposing.propose([], intent(reason="x" * 1001))
    assert [finding.field for finding in refusal.value.findings] == ["change_reason"]
