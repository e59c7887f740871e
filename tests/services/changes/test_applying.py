"""Applying: PostgreSQL writes what was proposed, keeps what was, and refuses what has moved."""

from decimal import Decimal

import pytest
from sqlalchemy import Connection, select, text

from tests import factories, people
from tests.factories import intent
from webapp import db
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.models.row_version import RowVersion
from webapp.services.changes import applying, approving, proposing, row_writing
from webapp.services.changes.applying import NotApproved
from webapp.services.changes.proposals import Author, Moved, Refused, Wish

pytestmark = pytest.mark.usefixtures("connection")


def edit(
    model: type[db.Base], key: tuple[object, ...], base_version: int | None = None, **values: object
) -> None:
    wanted = [Wish(model, "update", values, key, base_version)]
    applying.carry_out(proposing.propose(wanted, intent(reason="a reason", source="a source")))


def test_a_created_row_is_there_with_its_change_set() -> None:
    row = factories.company(name_ja="任天堂株式会社", capital_stock=Decimal(10065000000))
    assert row.capital_stock == Decimal(10065000000)
    assert row.name_ja_folded == "任天堂"
    assert (row.version, row.listing_status) == (1, "unlisted")
    item = db.session.scalars(select(ChangeSetItem)).one()
    assert (item.change_set_id, item.row_key, item.action) == (row.change_set_id, str(row.id), "create")
    assert item.change_set.status == "applied"


def test_an_edit_keeps_the_old_row_and_what_changed() -> None:
    row = factories.company(name_en="Nintendo")
    edit(Company, (row.id,), row.version, name_en="Nintendo Co., Ltd.")
    db.session.refresh(row)
    assert (row.name_en, row.version) == ("Nintendo Co., Ltd.", 2)
    old = db.session.scalars(select(RowVersion).where(RowVersion.table_name == "companies")).one()
    assert (old.row_data["name_en"], old.version, old.ended_by_change_set_id) == (
        "Nintendo",
        1,
        row.change_set_id,
    )
    item = db.session.scalars(select(ChangeSetItem).where(ChangeSetItem.action == "update")).one()
    assert (item.before, item.after) == ({"name_en": "Nintendo"}, {"name_en": "Nintendo Co., Ltd."})
    assert (item.change_set.reason, item.change_set.source) == ("a reason", "a source")


def test_every_curated_table_is_created_edited_and_deleted_through_the_door() -> None:
    for model, maker in factories.MAKERS.items():
        row = maker()
        key = tuple(
            getattr(row, column.name) for column in db.Base.metadata.tables[row.__tablename__].primary_key
        )
        edit(model, key, 1, **factories.CHANGES[model])
        db.session.refresh(row)
        for name, value in factories.CHANGES[model].items():
            assert getattr(row, name) == value
        proposal = proposing.propose([Wish(model, "delete", key=key, base_version=2)], intent("delete"))
        applying.carry_out(proposal)
        assert db.session.get(model, key if len(key) > 1 else key[0]) is None
        kept = (
            select(RowVersion.version)
            .where(RowVersion.table_name == row.__tablename__)
            .order_by(RowVersion.id)
        )
        assert db.session.scalars(kept).all() == [1, 2]


def test_a_row_that_moved_after_the_proposal_is_refused() -> None:
    row = factories.company(name_en="Before")
    proposal = proposing.propose([Wish(Company, "update", {"name_en": "Mine"}, (row.id,))], intent())
    edit(Company, (row.id,), name_en="Theirs")
    with pytest.raises(Moved):
        applying.carry_out(proposal)


def test_a_row_deleted_after_the_proposal_is_refused() -> None:
    row = factories.company()
    proposal = proposing.propose([Wish(Company, "delete", key=(row.id,))], intent("delete"))
    db.session.execute(text("DELETE FROM companies"))
    with pytest.raises(Moved):
        applying.carry_out(proposal)


def test_a_change_set_is_applied_only_when_approved_and_only_once() -> None:
    row = factories.company()
    proposal = proposing.propose([Wish(Company, "update", {"name_en": "X"}, (row.id,))], intent())
    change_set = approving.submit(proposal)
    with pytest.raises(NotApproved):
        applying.apply(change_set)
    approving.approve(change_set, factories.AUTHOR)
    applying.apply(change_set)
    with pytest.raises(NotApproved):
        applying.apply(change_set)


def test_of_many_new_rows_it_is_told_part_by_part_how_far_they_have_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(row_writing, "PART", 2)
    names = [f"試験{number}" for number in range(5)]
    wishes = [Wish(Company, "create", {"name_ja": name}) for name in names]
    change_set = approving.submit(proposing.propose(wishes, intent()))
    approving.approve(change_set, factories.AUTHOR)
    told: list[tuple[int, int]] = []
    applying.apply(change_set, lambda done, total: told.append((done, total)))
    assert list(dict.fromkeys(told)) == [(0, 5), (2, 5), (4, 5), (5, 5)]
    assert db.session.scalars(select(Company.name_ja).order_by(Company.id)).all() == names


def test_of_many_rows_that_change_it_is_told_part_by_part_too(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [factories.company() for _number in range(5)]
    monkeypatch.setattr(row_writing, "PART", 2)
    wishes = [
        Wish(Company, "update", {"name_en": f"No. {place}"}, (row.id,)) for place, row in enumerate(rows)
    ]
    change_set = approving.submit(proposing.propose(wishes, intent()))
    approving.approve(change_set, factories.AUTHOR)
    told: list[tuple[int, int]] = []
    applying.apply(change_set, lambda done, total: told.append((done, total)))
    assert list(dict.fromkeys(told)) == [(0, 5), (2, 5), (4, 5), (5, 5)]
    assert db.session.scalars(select(Company.name_en).order_by(Company.id)).all() == [
        f"No. {n}" for n in range(5)
    ]


def test_a_change_that_is_carried_out_at_once_says_that_the_policy_decided_and_when() -> None:
    row, steward = factories.company(), people.user()
    author = Author(steward.name, steward.id, steward.role)
    wanted = [Wish(Company, "update", {"name_en": "X"}, (row.id,), row.version)]
    change_set = applying.carry_out(proposing.propose(wanted, intent(author=author)))
    assert change_set is not None
    stored = db.session.execute(
        text(
            "SELECT status, decided_by_id, decided_how, decided_at <= applied_at FROM change_sets WHERE id = :id"
        ),
        {"id": change_set.id},
    ).one()
    assert stored == ("applied", None, "policy", True)


def test_rows_and_items_read_before_are_read_again_after_a_change() -> None:
    row = factories.company(name_en="Before")
    proposal = proposing.propose([Wish(Company, "update", {"name_en": "After"}, (row.id,))], intent())
    change_set = approving.submit(proposal)
    approving.approve(change_set, factories.AUTHOR)
    assert (row.name_en, [item.action for item in change_set.items]) == ("Before", ["update", "create"])
    applying.apply(change_set)
    assert row.name_en == "After"


def test_a_change_of_one_companys_rows_and_of_twos_bear_the_companies_names() -> None:
    one, two = factories.company(edinet_code="E00001"), factories.company(edinet_code="E00002")
    rows = [factories.statement(company_id=company.id) for company in (one, two)]
    for number in (1, 2):
        wanted = [Wish(FinancialStatement, "delete", key=(row.id,)) for row in rows[:number]]
        items = proposing.propose(wanted, intent("delete", reason="why")).items
        assert [item.label[:6] for item in items] == ["E00001", "E00002"][:number]


def test_nothing_to_change_leaves_no_change_set() -> None:
    row = factories.company(name_en="Same")
    proposal = proposing.propose([Wish(Company, "update", {"name_en": "Same"}, (row.id,))], intent())
    assert applying.carry_out(proposal) is None


def test_a_second_listed_company_of_one_code_is_refused_at_the_code() -> None:
    listed = {"ticker_symbol": "7974", "listing_status": "listed"}
    factories.company(**listed)
    with pytest.raises(Refused) as refusal:
        factories.company(**listed)
    assert [finding.field for finding in refusal.value.findings] == ["ticker_symbol"]


def test_a_company_with_statements_is_not_deleted() -> None:
    statement = factories.statement()
    proposal = proposing.propose([Wish(Company, "delete", key=(statement.company_id,))], intent("delete"))
    with pytest.raises(Refused, match="other rows refer to this one"):
        applying.carry_out(proposal)


def test_a_code_moves_from_a_closed_company_to_a_listed_one_in_one_change_set() -> None:
    old = factories.company(ticker_symbol="7974", listing_status="listed")
    new = factories.company()
    wanted = [
        Wish(Company, "update", {"ticker_symbol": "7974", "listing_status": "listed"}, (new.id,)),
        Wish(Company, "close", {"listing_status": "delisted"}, (old.id,)),
    ]
    applying.carry_out(proposing.propose(wanted, intent()))
    db.session.refresh(old)
    db.session.refresh(new)
    assert (old.listing_status, old.ticker_symbol) == ("delisted", "7974")
    assert (new.listing_status, new.ticker_symbol) == ("listed", "7974")


def test_a_write_from_outside_keeps_its_history_without_a_change_set(connection: Connection) -> None:
    row = factories.company(name_en="Before")
    connection.execute(text("UPDATE companies SET name_en = 'by psql'"))
    db.session.refresh(row)
    assert (row.version, row.change_set_id) == (2, None)
    old = db.session.scalars(select(RowVersion)).one()
    assert (old.ended_by_change_set_id, old.row_data["name_en"]) == (None, "Before")


def test_truncate_is_refused_because_it_leaves_no_history(connection: Connection) -> None:
    with pytest.raises(Exception, match="would lose its history"):
        connection.execute(text("TRUNCATE stock_prices"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"edinet_code": "E1"}, "edinet_code"),
        ({"name_ja": None}, "name_ja"),
        ({"name_en": "tab\there"}, "name_en"),
        ({"capital_stock": Decimal("NaN")}, "capital_stock"),
        ({"capital_stock": Decimal("0.5")}, "capital_stock"),
        ({"capital_stock": Decimal(-1)}, "capital_stock"),
        ({"industry_code": "9998"}, "industry_code"),
        ({"corporate_number": "1130001011421"}, "corporate_number"),
        ({"fiscal_year_end_month": 2, "fiscal_year_end_day": 30}, "fiscal_year_end_day"),
        ({"listing_status": "listed"}, "ticker_symbol"),
    ],
)
def test_a_broken_value_is_refused_at_its_field(values: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        factories.company(**values)
    assert field in [finding.field for finding in refusal.value.findings]
