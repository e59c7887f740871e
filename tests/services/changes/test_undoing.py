"""Undoing: the inverse of a change set, all of it or nothing, and only while nobody has changed the rows since."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, event, select, text

from tests import factories
from tests.factories import intent
from tests.screens.browsing import statements
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.models.row_version import RowVersion
from webapp.models.stock_price import StockPrice
from webapp.rules import company as company_rules
from webapp.services.changes import applying, approving, proposing, row_codec, undoing
from webapp.services.changes.proposals import Author, KeyOf, Moved, Proposal, Refused, Wish

pytestmark = pytest.mark.usefixtures("connection")
UNDOER = Author("an undoer")


def change(*wanted: Wish, kind: str = "edit") -> ChangeSet:
    return carried(proposing.propose(wanted, intent(kind)))


def carried(proposal: Proposal) -> ChangeSet:
    change_set = applying.carry_out(proposal)
    assert change_set is not None
    return change_set


def edit(row: Any, **values: Any) -> ChangeSet:
    return change(Wish(type(row), "update", values, (row.id,)))


def undo(change_set: ChangeSet) -> ChangeSet:
    return undoing.carry_out(change_set.id, UNDOER, "a mistake")


def whole_table() -> list[tuple[Any, ...]]:
    """Every company as it is, without what counts its changes."""
    columns = [c for c in row_codec.table_of(Company).columns if c.name not in row_codec.STAMPS]
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(Company.id))]


def stored(model: type[db.Base], *key: Any) -> dict[str, Any] | None:
    """The row as it is, without what counts its changes."""
    row = proposing.fetch(model, [key]).get(key)
    return None if row is None else {n: v for n, v in row.items() if n not in row_codec.STAMPS}


def of_creation(row: Any) -> ChangeSet:
    return db.session.get_one(ChangeSet, row.change_set_id)


def test_an_edit_is_undone_to_the_old_values_in_a_change_set_of_its_own() -> None:
    row = factories.company(name_ja="前の株式会社", name_en="Before")
    before = stored(Company, row.id)
    edited = edit(row, name_ja="後の株式会社", name_en="After", capital_stock=Decimal(5))
    done = undo(edited)
    assert stored(Company, row.id) == before
    assert (done.kind, done.status, done.undoes_id) == ("undo", "applied", edited.id)
    assert (done.author_name, done.reason, done.counts["updated"]) == ("an undoer", "a mistake", 1)
    db.session.refresh(row)
    # Nothing is forgotten: the edit and its undoing are versions like any other.
    assert (row.version, row.change_set_id) == (3, done.id)
    of_companies = RowVersion.table_name == "companies"
    kept = select(RowVersion.row_data["name_en"].astext).where(of_companies).order_by(RowVersion.id)
    assert db.session.scalars(kept).all() == ["Before", "After"]


def test_a_created_row_goes_and_a_redo_brings_it_back_under_its_number() -> None:
    row = factories.company(name_en="New")
    number, made = row.id, of_creation(row)
    whole = stored(Company, number)
    gone = undo(made)
    assert stored(Company, number) is None
    assert gone.counts["deleted"] == 1
    undo(gone)
    assert stored(Company, number) == whole


def test_a_deleted_row_comes_back_whole_under_its_number_and_can_be_referred_to() -> None:
    row = factories.statement(revenue=Decimal(7), sources={"revenue": {"doc": "S100W6TG"}})
    number, company = row.id, row.company_id
    whole = stored(FinancialStatement, number)
    deleted = change(Wish(FinancialStatement, "delete", key=(number,)), kind="delete")
    undo(deleted)
    assert stored(FinancialStatement, number) == whole
    of_company = change(Wish(FinancialStatement, "delete", key=(number,)), kind="delete")
    bare = change(Wish(Company, "delete", key=(company,)), kind="delete")
    undo(bare)
    undo(of_company)
    assert stored(FinancialStatement, number) == whole
    # The next new row does not take a number that came back.
    assert factories.statement(company_id=company, period_type="Q1").id > number


def test_where_figures_stand_is_no_later_change_that_keeps_an_undoing_away() -> None:
    row = factories.statement(revenue=Decimal(7), sources={"revenue": {"filing": "S100W6TG"}})
    number = row.id
    made = change(Wish(FinancialStatement, "update", {"revenue": Decimal(8), "sources": {}}, (number,)))
    change(Wish(FinancialStatement, "update", {"sources": {"profit": {}}}, (number,)), kind="import")
    undo(made)
    assert stored(FinancialStatement, number)["revenue"] == 7


def test_a_row_that_comes_back_has_a_version_that_it_never_had() -> None:
    row = factories.company(name_en="Seen")
    number = row.id
    edit(row, name_en="Changed")
    undo(change(Wish(Company, "delete", key=(number,)), kind="delete"))
    assert db.session.get_one(Company, number).version == 3
    # A form from the row's first life does not pass for one of its second.
    stale = Wish(Company, "update", {"name_en": "Mine", "name_kana": "ミタ"}, (number,), base_version=1)
    with pytest.raises(Moved) as moved:
        proposing.propose([stale], intent())
    assert [(one.field, one.base, one.theirs) for one in moved.value.conflicts] == [
        ("name_en", "Seen", "Changed")
    ]
    assert factories.company().version == 1


def test_a_row_with_a_composite_key_is_undone() -> None:
    row = factories.price(volume=1)
    key = (row.company_id, row.traded_on)
    whole = stored(StockPrice, *key)
    undo(change(Wish(StockPrice, "update", {"volume": None, "adjusted_close": Decimal("12.5")}, key)))
    assert stored(StockPrice, *key) == whole
    undo(change(Wish(StockPrice, "delete", key=key)))
    assert stored(StockPrice, *key) == whole


def test_a_code_goes_back_to_the_company_that_was_closed() -> None:
    old = factories.company(ticker_symbol="7974", listing_status="listed")
    new = factories.company()
    others = [factories.company(ticker_symbol=code, listing_status="listed") for code in ("1301", "1332")]
    whole = [stored(Company, row.id) for row in (old, new, *others)]
    moved = change(
        Wish(Company, "close", {"listing_status": "delisted"}, (old.id,)),
        *(Wish(Company, "close", {"listing_status": "delisted"}, (row.id,)) for row in others),
        Wish(Company, "update", {"ticker_symbol": "7974", "listing_status": "listed"}, (new.id,)),
        kind="import",
    )
    after = [stored(Company, row.id) for row in (old, new, *others)]
    back = undo(moved)
    assert [stored(Company, row.id) for row in (old, new, *others)] == whole
    undo(back)
    assert [stored(Company, row.id) for row in (old, new, *others)] == after


def test_a_change_set_is_undone_once_and_whoever_tries_again_learns_who_did_it() -> None:
    edited = edit(factories.company(), name_en="After")
    done = undo(edited)
    with pytest.raises(undoing.UndoneAlready) as refusal:
        undo(edited)
    assert refusal.value.by.id == done.id


def test_two_undoings_of_one_change_set_are_refused_by_the_database_too() -> None:
    edited = edit(factories.company(name_en="Before"), name_en="After")
    first, second = (approving.head_of(intent("undo", undoes_id=edited.id), ["companies"]) for _ in range(2))
    approving.begin(first, is_let_through=False)
    with pytest.raises(Exception, match="ix_change_sets_undoes_id"):
        approving.begin(second, is_let_through=False)


def test_an_undoing_is_undone() -> None:
    row = factories.company(name_en="Before")
    after = edit(row, name_en="After")
    whole = stored(Company, row.id)
    undo(undo(after))
    assert stored(Company, row.id) == whole


def test_a_field_that_somebody_changed_since_stays_and_is_told_with_their_name() -> None:
    row = factories.company(name_en="Before", name_kana="マエ")
    edited = edit(row, name_en="After", name_kana="アト")
    wanted = [Wish(Company, "update", {"name_en": "Theirs"}, (row.id,))]
    theirs = applying.carry_out(proposing.propose(wanted, intent(author=Author("somebody else"))))
    assert theirs is not None
    edit(row, website_url="https://example.jp/")
    with pytest.raises(undoing.Overtaken) as refusal:
        undo(edited)
    (told,) = refusal.value.rows
    assert (told.fields, told.changed_by, told.change_set_id) == (("name_en",), "somebody else", theirs.id)
    assert stored(Company, row.id)["name_kana"] == "アト"  # type: ignore[index]  # it is there


def test_a_change_of_other_fields_is_no_hindrance_and_is_kept() -> None:
    row = factories.company(name_en="Before")
    edited = edit(row, name_en="After")
    edit(row, name_kana="ノチ")
    undo(edited)
    db.session.refresh(row)
    assert (row.name_en, row.name_kana) == ("Before", "ノチ")


def test_a_change_from_outside_is_told_without_a_name() -> None:
    row = factories.company(name_en="Before")
    edited = edit(row, name_en="After")
    db.session.execute(text("UPDATE companies SET name_en = 'by psql'"))
    with pytest.raises(undoing.Overtaken) as refusal:
        undo(edited)
    (told,) = refusal.value.rows
    assert (told.fields, told.changed_by, told.change_set_id) == (("name_en",), None, None)


def test_however_many_rows_are_told_their_table_is_asked_once() -> None:
    def asked_of(number: int) -> int:
        rows = factories.companies(*[{"name_en": "Before"}] * number)
        edited = change(*(Wish(Company, "update", {"name_en": "After"}, (row.id,)) for row in rows))
        db.session.execute(text("UPDATE companies SET name_en = 'by psql'"))
        with statements() as seen, pytest.raises(undoing.Overtaken) as refusal:
            undo(edited)
        assert [one.fields for one in refusal.value.rows] == [("name_en",)] * number
        return len(seen)

    assert asked_of(1) == asked_of(5)


def test_a_row_that_is_gone_or_edited_since_it_was_made_is_told() -> None:
    row = factories.company()
    made = of_creation(row)
    edited = edit(row, name_en="After")
    with pytest.raises(undoing.Overtaken):
        undo(made)
    deleted = change(Wish(Company, "delete", key=(row.id,)), kind="delete")
    with pytest.raises(undoing.Overtaken) as refusal:
        undo(edited)
    (told,) = refusal.value.rows
    assert (told.fields, told.change_set_id) == ((), deleted.id)


def test_a_row_that_is_there_again_is_told() -> None:
    row = factories.industry(code="9990")
    deleted = change(Wish(type(row), "delete", key=("9990",)), kind="delete")
    factories.industry(code="9990")
    with pytest.raises(undoing.Overtaken, match="1 rows have changed"):
        undo(deleted)


def test_what_others_refer_to_is_not_undone_away_and_is_told_by_its_name() -> None:
    row = factories.company(name_ja="親の株式会社")
    made = of_creation(row)
    factories.price(company_id=row.id)
    with pytest.raises(undoing.Overtaken) as refusal:
        undo(made)
    (told,) = refusal.value.rows
    assert (told.is_referred_to, told.label) == (True, f"{row.edinet_code} 親の株式会社")
    assert stored(Company, row.id) is not None


def test_several_rows_are_undone_together_or_not_at_all() -> None:
    rows = factories.companies(*[{"name_en": "Before"}] * 3)
    wishes = [Wish(Company, "update", {"name_en": "After"}, (row.id,)) for row in rows]
    edited = change(*wishes)
    edit(rows[1], name_en="Theirs")
    with pytest.raises(undoing.Overtaken):
        undo(edited)
    names = select(Company.name_en).where(Company.id.in_([row.id for row in rows])).order_by(Company.id)
    assert db.session.scalars(names).all() == ["After", "Theirs", "After"]
    edit(rows[1], name_en="After")
    undo(edited)
    assert db.session.scalars(names).all() == ["Before"] * 3


def test_a_list_of_four_thousand_companies_is_undone_in_sets(connection: Connection) -> None:
    """Most of them new, in more than one part, and others changed, among them codes that pass from one to the next."""
    db.session.execute(
        text(
            "INSERT INTO companies (edinet_code, name_ja, name_ja_folded, listing_status, ticker_symbol)"
            " SELECT 'E' || lpad(n::text, 5, '0'), '会社' || n, '会社' || n, 'listed', 1000 + n"
            " FROM generate_series(1, 1400) n"
        )
    )
    before = whole_table()
    numbers = db.session.scalars(select(Company.id).order_by(Company.id)).all()
    wishes = [Wish(Company, "close", {"listing_status": "delisted"}, (numbers[0],))]
    wishes += [Wish(Company, "update", {"name_ja": f"別{n}"}, (n,)) for n in numbers[1:]]
    wishes[1] = Wish(Company, "update", {"ticker_symbol": "1001", "name_ja": "別"}, (numbers[1],))
    new = [
        {"name_ja": f"新{n}", "edinet_code": f"E{n}", "capital_stock": Decimal(n)}
        for n in range(50000, 52600)
    ]
    imported = change(*wishes, *(Wish(Company, "create", values) for values in new), kind="import")
    sent: list[str] = []

    def hear(_on: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(connection, "before_cursor_execute", hear)
    gone = undo(imported)
    event.remove(connection, "before_cursor_execute", hear)
    assert whole_table() == before
    assert gone.counts == {"created": 0, "updated": 1400, "closed": 0, "deleted": 2600, "unchanged": 0}
    # 63; row by row it would be 4,000 at least.
    assert len(sent) < 100


def test_of_a_list_that_somebody_worked_on_the_touched_rows_are_told_and_the_others_can_go_back() -> None:
    rows = factories.companies(*[{"name_en": "Before"}] * 4)
    imported = change(
        *(Wish(Company, "update", {"name_en": "Wrong"}, (row.id,)) for row in rows), kind="import"
    )
    theirs = edit(rows[2], name_en="Theirs")
    with pytest.raises(undoing.Overtaken) as refusal:
        undo(imported)
    assert (refusal.value.number, refusal.value.others) == (1, 3)
    assert [(told.label, told.change_set_id) for told in refusal.value.rows] == [(str(rows[2]), theirs.id)]
    done = undoing.carry_out(imported.id, UNDOER, "a mistake", leaves_touched=True)
    names = select(Company.name_en).where(Company.id.in_([row.id for row in rows])).order_by(Company.id)
    assert db.session.scalars(names).all() == ["Before", "Before", "Theirs", "Before"]
    assert [finding["params"]["record"] for finding in done.findings] == [str(rows[2])]
    assert done.counts["updated"] == 3


def test_a_company_stays_where_a_statement_of_it_stays() -> None:
    company = Wish(Company, "create", {"name_ja": "残る株式会社"})
    other = Wish(Company, "create", {"name_ja": "消える株式会社"})
    statement = Wish(FinancialStatement, "create", {**factories.STATEMENT, "company_id": KeyOf(company)})
    made = change(company, other, statement)
    (row,) = db.session.scalars(select(FinancialStatement))
    edit(row, revenue=Decimal(1))
    undoing.carry_out(made.id, UNDOER, "a mistake", leaves_touched=True)
    assert db.session.scalars(select(Company.name_ja)).all() == ["残る株式会社"]


def test_where_every_row_has_been_touched_there_is_nothing_to_undo() -> None:
    row = factories.company(name_en="Before")
    edited = edit(row, name_en="After")
    edit(row, name_en="Theirs")
    with pytest.raises(undoing.CannotUndo, match="every record"):
        undoing.carry_out(edited.id, UNDOER, "a mistake", leaves_touched=True)


def test_a_row_with_other_changes_beside_is_held_against_the_rules() -> None:
    row = factories.company(fiscal_year_end_month=2, fiscal_year_end_day=28)
    edited = edit(row, fiscal_year_end_month=3)
    edit(row, fiscal_year_end_day=30)
    with pytest.raises(Refused, match="month 2 has no day 30"):
        undo(edited)


def test_a_search_key_that_a_release_works_out_otherwise_is_no_change_and_comes_back_as_of_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = factories.company(name_ja="前の株式会社")
    edited = edit(row, name_ja="後の株式会社")
    monkeypatch.setattr(company_rules, "fold_name", lambda name: f"新{name}")
    db.session.execute(text("UPDATE companies SET name_ja_folded = '新' || name_ja"))
    undo(edited)
    db.session.refresh(row)
    assert (row.name_ja, row.name_ja_folded) == ("前の株式会社", "新前の株式会社")


def test_exact_figures_come_back_to_the_last_digit() -> None:
    row = factories.statement(eps_basic=Decimal("98765432101234.5678"), total_assets=Decimal("9" * 20))
    whole = stored(FinancialStatement, row.id)
    undo(undo(of_creation(row)))
    assert stored(FinancialStatement, row.id) == whole
    kept = select(ChangeSetItem.before["eps_basic"].astext).where(ChangeSetItem.action == "delete")
    assert db.session.scalars(kept).one() == "98765432101234.5678"


def test_only_what_was_applied_and_holds_items_is_undone() -> None:
    row = factories.company()
    waiting = approving.submit(
        proposing.propose([Wish(Company, "update", {"name_en": "X"}, (row.id,))], intent())
    )
    with pytest.raises(undoing.CannotUndo, match="that was applied"):
        undo(waiting)
    bulk = edit(row, name_en="Bulk")
    db.session.execute(text("DELETE FROM change_set_items WHERE change_set_id = :id"), {"id": bulk.id})
    with pytest.raises(undoing.CannotUndo, match="no items"):
        undo(bulk)
    with pytest.raises(LookupError):
        undoing.carry_out(987654321, UNDOER, "a mistake")


names = st.none() | st.text("abcアイウ会社", min_size=1, max_size=5)
edits = st.fixed_dictionaries(
    {},
    optional={
        "name_ja": st.text("東西南北社", min_size=1, max_size=5),
        "name_en": names,
        "name_kana": names,
        "capital_stock": st.none() | st.integers(0, 10**15).map(Decimal),
        "has_consolidated": st.none() | st.booleans(),
        "listed_on": st.none() | st.dates(date(1949, 1, 1), date(2030, 1, 1)),
        "fiscal_year_end_month": st.just(3),
    },
).filter(bool)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(edits, min_size=1, max_size=4))
def test_whatever_was_edited_undoing_it_step_by_step_gives_exactly_the_old_row(
    steps: list[dict[str, Any]],
) -> None:
    row = factories.company(fiscal_year_end_month=3, fiscal_year_end_day=31)
    states, made = [stored(Company, row.id)], []
    for values in steps:
        proposal = proposing.propose([Wish(Company, "update", values, (row.id,))], intent())
        if (change_set := applying.carry_out(proposal)) is not None:
            made.append(change_set)
            states.append(stored(Company, row.id))
    made.append(change(Wish(Company, "delete", key=(row.id,)), kind="delete"))
    for change_set in reversed(made):
        undo(change_set)
        assert stored(Company, row.id) == states.pop()
    assert not states
