"""One change set, rows of several tables: written in the order that their references need, or not at all."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, text

from tests import factories
from tests.factories import intent
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.industry import Industry
from webapp.models.stock_price import StockPrice
from webapp.services.changes import applying, approving, door, proposing, references, row_codec, row_writing
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import KeyOf, Refused, Wish
from webapp.services.changes.taking_back.overtaking import Overtaken

pytestmark = pytest.mark.usefixtures("connection")

TABLES = (Company, Filing, FinancialStatement)


def filed(**values: Any) -> list[Wish]:
    """A company, its filing and the statement of it, all new; the statement comes first on purpose."""
    company = Wish(Company, "create", {"name_ja": "三表株式会社", "edinet_code": "E90001"})
    filing = Wish(Filing, "create", {"company_id": KeyOf(company), **factories.FILING, "doc_id": "S1000001"})
    figures = {**factories.STATEMENT, "revenue": Decimal(7), **values}
    references = {"company_id": KeyOf(company), "filing_doc_id": KeyOf(filing)}
    return [Wish(FinancialStatement, "create", references | figures), filing, company]


def carried(*wishes: Wish, kind: str = "edit") -> ChangeSet:
    outcome = door.carry(wishes, intent(kind))
    assert isinstance(outcome, Applied), outcome
    return db.session.get_one(ChangeSet, outcome.number)


def undone(change_set: ChangeSet) -> ChangeSet:
    outcome = door.undo(change_set.id, factories.AUTHOR, "a mistake")
    assert isinstance(outcome, Applied), outcome
    return db.session.get_one(ChangeSet, outcome.number)


def stored(*models: type[db.Base]) -> dict[str, list[Mapping[str, Any]]]:
    """Every row of these tables, without what counts its changes."""
    found = {}
    for model in models or TABLES:
        table = row_codec.table_of(model)
        rows = db.session.execute(select(table).order_by(*table.primary_key)).mappings()
        found[table.name] = [{str(n): v for n, v in row.items() if n not in row_codec.STAMPS} for row in rows]
    return found


def test_the_order_of_the_tables_is_read_from_their_foreign_keys() -> None:
    order = references.curated()
    for model in order:
        for key in row_codec.table_of(model).foreign_keys:
            owners = [other for other in order if row_codec.table_of(other) is key.column.table]
            assert [other for other in owners if order.index(other) > order.index(model)] == []
    assert (
        order.index(Industry) < order.index(Company) < order.index(Filing) < order.index(FinancialStatement)
    )


def test_a_company_its_filing_and_its_statement_are_made_by_one_change_set() -> None:
    made = carried(*filed())
    (company,), (filing,), (statement,) = stored().values()
    assert filing["company_id"] == statement["company_id"] == company["id"]
    assert statement["filing_doc_id"] == filing["doc_id"]
    assert made.tables == ("companies", "filings", "financial_statements")
    assert [(item.table_name, item.action) for item in made.items] == [
        (name, "create") for name in made.tables
    ]
    assert made.counts["created"] == 3
    assert [item.label_text for item in made.items] == [
        "E90001 三表株式会社",
        "E90001 三表株式会社 S1000001",
        "E90001 三表株式会社 2025年3月期 通期 連結",
    ]


def test_what_items_in_hand_say_of_their_tables_is_what_is_stored_of_them() -> None:
    wishes = filed()
    carried(*wishes)
    company = db.session.scalars(select(Company)).one()
    statement = db.session.scalars(select(FinancialStatement)).one()
    proposal = proposing.propose(
        [
            *filed()[2:],
            Wish(Company, "update", {"name_en": "Three"}, (company.id,)),
            Wish(Company, "close", {"listing_status": "unlisted"}, (company.id,)),
            Wish(FinancialStatement, "delete", {}, (statement.id,)),
        ],
        intent("import"),
    )
    change_set = approving.submit(proposal)
    assert row_writing.tables_of(change_set.id, proposal.items) == row_writing.tables(change_set.id)


def test_items_refer_to_new_rows_by_plain_keys_before_anything_is_written() -> None:
    change_set = approving.submit(proposing.propose(filed(), intent()))
    company, filing, statement = change_set.items
    assert int(company.row_key or 0) == filing.after["company_id"] == statement.after["company_id"]
    assert statement.row_key is not None
    assert (filing.row_key, statement.after["filing_doc_id"]) == ("S1000001", "S1000001")
    assert db.session.scalar(select(func.count(Company.id))) == 0
    approving.approve(change_set, factories.AUTHOR)
    applying.apply(change_set)
    assert [row["id"] for row in stored()["companies"]] == [int(company.row_key or 0)]


def test_undoing_takes_all_of_it_back_and_undoing_that_brings_it_all_back() -> None:
    made = carried(*filed())
    whole = stored()
    gone = undone(made)
    assert stored() == {name: [] for name in whole}
    back = undone(gone)
    assert stored() == whole
    assert (gone.tables, back.tables) == (made.tables, made.tables)
    undone(back)
    assert stored() == {name: [] for name in whole}


def test_rows_that_come_back_count_on_from_their_versions_in_every_table() -> None:
    back = undone(undone(carried(*filed())))
    for model in TABLES:
        row = db.session.scalars(select(model)).one()
        assert (row.version, row.change_set_id) == (2, back.id)  # type: ignore[attr-defined]  # curated


@pytest.mark.parametrize(
    "failing",
    [
        {"fiscal_year_end_on": date(2020, 3, 31)},  # before its beginning: a CHECK, or a rule
        {"scope": "group"},
    ],
)
def test_a_failing_item_leaves_nothing(failing: dict[str, Any]) -> None:
    outcome = door.carry(filed(**failing), intent())
    assert isinstance(outcome, Refused)
    assert stored() == {"companies": [], "filings": [], "financial_statements": []}
    assert db.session.scalar(select(func.count(ChangeSet.id))) == 0


def test_an_item_that_only_the_database_refuses_leaves_nothing_of_the_other_tables() -> None:
    rival = str(factories.filing(doc_id="S1000001"))
    db.session.commit()
    before, change_sets = stored(), db.session.scalar(select(func.count(ChangeSet.id)))
    outcome = door.carry(filed(), intent())
    assert isinstance(outcome, Refused)
    (finding,) = outcome.findings
    assert str(finding) == f"“{rival}” has this value already"
    assert stored() == before
    assert db.session.scalar(select(func.count(ChangeSet.id))) == change_sets


def test_what_hangs_on_a_refused_row_is_left_out_with_it() -> None:
    statement, filing, company = filed()
    bad = Wish(Company, "create", {"name_ja": None})
    of_bad = Wish(Filing, "create", {**filing.values, "company_id": KeyOf(bad), "doc_id": "S1000002"})
    proposal = proposing.propose([statement, filing, company, bad, of_bad], intent(), is_partial=True)
    assert [item.wish for item in proposal.items] == [company, filing, statement]
    assert [wish for wish, _findings in proposal.refused] == [bad, of_bad]


def test_rows_are_deleted_after_those_that_refer_to_them() -> None:
    made = carried(*filed())
    keys = [
        row_codec.key_from(row_codec.model_of(item.table_name), item.row_key or "") for item in made.items
    ]
    wishes = [Wish(model, "delete", {}, key) for model, key in zip(TABLES, keys, strict=True)]
    whole = stored()
    gone = carried(*wishes, kind="delete")
    assert stored() == {name: [] for name in whole}
    undone(gone)
    assert stored() == whole


def test_a_row_moves_to_an_owner_that_the_same_change_set_makes_and_back_and_there_again() -> None:
    old = factories.company()
    filing = factories.filing(company_id=old.id)
    company = Wish(Company, "create", {"name_ja": "新設会社", "edinet_code": "E90009"})
    wishes = [Wish(Filing, "update", {"company_id": KeyOf(company)}, (filing.doc_id,), 1), company]
    before = stored(Company, Filing)
    made = carried(*wishes)
    after = stored(Company, Filing)
    assert [row["company_id"] for row in after["filings"]] != [old.id]
    back = undone(made)
    assert stored(Company, Filing) == before
    again = undone(back)
    assert stored(Company, Filing) == after
    undone(again)
    assert stored(Company, Filing) == before


def test_a_new_row_may_have_the_number_of_another_new_row_in_its_key() -> None:
    company = Wish(Company, "create", {"name_ja": "値付き株式会社"})
    prices = dict.fromkeys(factories.OHLC, Decimal(1000)) | {"data_source": "a test"}
    price = Wish(
        StockPrice, "create", {"company_id": KeyOf(company), "traded_on": date(2025, 6, 27), **prices}
    )
    made = carried(price, company)
    (row,) = stored(Company)["companies"]
    assert [item.row_key for item in made.items] == [str(row["id"]), f"{row['id']},2025-06-27"]
    whole = stored(Company, StockPrice)
    undone(undone(made))
    assert stored(Company, StockPrice) == whole


def test_a_wish_may_refer_to_a_row_that_has_its_key_already() -> None:
    company = factories.company(name_en="Before")
    wish = Wish(Company, "update", {"name_en": "Before"}, (company.id,), 1)
    filing = Wish(Filing, "create", {**factories.FILING, "doc_id": "S1000001", "company_id": KeyOf(wish)})
    made = carried(wish, filing)
    # The company is as wanted, so nothing of it is in the change set.
    assert (made.tables, stored()["filings"][0]["company_id"]) == (("filings",), company.id)


def test_what_others_have_added_to_one_of_the_rows_stands_in_the_way_of_undoing() -> None:
    made = carried(*filed())
    (row,) = stored()["companies"]
    factories.price(company_id=row["id"])
    db.session.commit()
    outcome = door.undo(made.id, factories.AUTHOR, "a mistake")
    assert isinstance(outcome, Overtaken)
    assert [(told.table_name, told.is_referred_to) for told in outcome.rows] == [("companies", True)]
    assert len(stored()["financial_statements"]) == 1


def test_a_row_that_somebody_changed_since_is_told_by_its_table() -> None:
    made = carried(*filed())
    (row,) = stored()["financial_statements"]
    carried(Wish(FinancialStatement, "update", {"revenue": Decimal(8)}, (row["id"],)))
    outcome = door.undo(made.id, factories.AUTHOR, "a mistake")
    assert [(row.table_name, row.fields) for row in outcome.rows] == [  # type: ignore[union-attr]  # Overtaken
        ("financial_statements", ("revenue",))
    ]


def test_a_change_set_that_was_stored_without_numbers_gets_them_when_it_is_applied() -> None:
    change_set = approving.submit(proposing.propose([filed()[2]], intent()))
    # As code of before stored it.
    db.session.execute(text("UPDATE change_set_items SET row_key = NULL"))
    approving.approve(change_set, factories.AUTHOR)
    applying.apply(change_set)
    (row,) = stored()["companies"]
    assert [item.row_key for item in change_set.items] == [str(row["id"])]
