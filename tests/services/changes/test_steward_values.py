"""What stewards have set is what was done by hand says, whatever was edited, imported, undone and deleted."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from tests import factories
from tests.factories import intent
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.company import Company
from webapp.models.steward_value import StewardValue
from webapp.models.stock_price import StockPrice
from webapp.rules import change
from webapp.services.changes import door, row_codec
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Author, Wish

pytestmark = pytest.mark.usefixtures("connection")

FILLED_BY = "e5b80d3f6a17"
MIGRATIONS = Path(__file__).parents[3] / "migrations"
NAMES = ("name_en", "name_kana", "listing_status")
VALUES: dict[str, tuple[Any, ...]] = {
    "name_en": (None, "One", "Two"),
    "name_kana": (None, "ヨミ"),
    "listing_status": ("unlisted", "ceased"),
}
Line = tuple[str, str, str]


def said_by_hand(model: type[db.Base]) -> dict[Line, int]:
    """By table, key and field the change set that set it: what was done by hand, read again from the first to the last.

    Written apart from what is tested: item after item, with a copy of the state in front of each change set.
    """
    table = row_codec.table_of(model)
    state: dict[Line, int] = {}
    before: dict[int, dict[Line, int]] = {}
    of_table = (
        select(ChangeSetItem, ChangeSet)
        .join(ChangeSet)
        .where(ChangeSetItem.table_name == table.name, ChangeSet.status == "applied")
        .order_by(ChangeSet.applied_at, ChangeSet.id)
    )
    for item, change_set in db.session.execute(of_table):
        before.setdefault(change_set.id, dict(state))
        lines = {name: (table.name, str(item.row_key), name) for name in {**item.before, **item.after}}
        if change_set.kind == "undo":
            earlier = before[change_set.undoes_id] if is_by_hand(change_set.undoes) else {}
            for line in lines.values():
                state.pop(line, None)
                if line in earlier:
                    state[line] = earlier[line]
        elif item.action == change.DELETE:
            state = {line: number for line, number in state.items() if line not in lines.values()}
        elif change_set.kind in change.SETTING:
            begins = {c.name: row_codec.to_json(row_codec.default_of(c)) for c in table.columns}
            for name in item.after:
                if item.action != change.CREATE or item.after[name] != begins[name]:
                    state[lines[name]] = change_set.id
    derived = row_codec.derived_names(model)
    return {line: number for line, number in state.items() if line[2] not in derived}


def is_by_hand(change_set: ChangeSet) -> bool:
    return change_set.kind in change.BY_HAND


def noted(table: str = "companies") -> dict[Line, int]:
    values = db.session.scalars(select(StewardValue).where(StewardValue.table_name == table))
    return {(value.table_name, value.row_key, value.field): value.change_set_id for value in values}


def filled_by_the_release(table: str = "companies") -> dict[Line, int]:
    """What the revision makes of the same items."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    revision = ScriptDirectory.from_config(config).get_revision(FILLED_BY)
    with db.session.begin_nested() as savepoint:
        db.session.execute(text("DELETE FROM steward_values"))
        db.session.execute(text(revision.module.FILLING.replace(":", r"\:")))
        db.session.expire_all()
        values = noted(table)
        savepoint.rollback()
    return values


def carried(wish: Wish, kind: str) -> int | None:
    outcome = door.carry([wish], intent(kind))
    return outcome.number if isinstance(outcome, Applied) else None


def undone(number: int) -> int | None:
    outcome = door.undo(number, Author("a steward"), "a mistake")
    return outcome.number if isinstance(outcome, Applied) else None


def lived(rng: random.Random, steps: int) -> Iterator[int]:
    """A life of some companies: edited, imported, deleted, undone, and that undone again."""
    numbers: list[int] = []
    for _step in range(steps):
        keys = list(db.session.scalars(select(Company.id).order_by(Company.id)))
        values = {name: rng.choice(VALUES[name]) for name in rng.sample(NAMES, rng.randint(1, 3))}
        what = rng.choices(("create", "edit", "import", "delete", "undo"), (1, 5, 3, 1, 5))[0]
        if what == "undo" and numbers:
            number = undone(rng.choice(numbers))
        elif what == "create" or not keys:
            kind = rng.choice(("create", "import"))
            number = carried(Wish(Company, "create", {"name_ja": "試験株式会社", **values}), kind)
        elif what == "delete":
            number = carried(Wish(Company, "delete", {}, (rng.choice(keys),)), "delete")
        else:
            kind = "import" if what == "import" else "edit"
            key = (rng.choice(keys),)
            if kind == "import":
                kept = {field for _table, row_key, field in noted() if row_key == str(key[0])}
                values = {name: value for name, value in values.items() if name not in kept}
            number = carried(Wish(Company, "update", values, key), kind)
        if number is not None:
            numbers.append(number)
            yield number


@pytest.mark.parametrize("seed", [1, 3])
def test_after_any_life_of_the_rows_the_table_is_what_the_items_say(seed: int) -> None:
    kinds = set()
    for number in lived(random.Random(seed), 45):
        kinds.add(db.session.get_one(ChangeSet, number).kind)
        assert noted() == said_by_hand(Company), f"after change set {number}"
    assert kinds == {"create", "edit", "import", "delete", "undo"}
    assert filled_by_the_release() == noted()


def test_a_price_that_is_deleted_and_made_anew_is_nobodys_word_on_the_old_one() -> None:
    row = factories.price(volume=1)
    key = row_codec.key_of(StockPrice, {"company_id": row.company_id, "traded_on": row.traded_on})
    before = noted("stock_prices")
    assert {field for _table, _key, field in before} >= {"volume", "close"}
    names = ("company_id", "traded_on", "data_source", *factories.OHLC)
    values = {name: getattr(row, name) for name in names}
    gone = carried(Wish(StockPrice, "delete", {}, key), "delete")
    assert noted("stock_prices") == {}
    assert gone is not None
    brought = carried(Wish(StockPrice, "create", values), "import")
    assert brought is not None
    assert noted("stock_prices") == {}
    assert undone(brought) is not None
    assert undone(gone) is not None
    assert noted("stock_prices") == before


def test_a_sitting_that_is_undone_leaves_nothing_to_the_steward() -> None:
    row = factories.company(name_en="Typed")
    before = noted()
    user = Author("a steward", None)
    cells = [
        door.carry([Wish(Company, "update", {name: value}, (row.id,))], intent(author=user, is_of_cell=True))
        for name, value in (("name_kana", "ヨミ"), ("name_en", None), ("name_en", "Again"))
    ]
    assert all(isinstance(cell, Applied) for cell in cells)
    for cell in reversed(cells):
        assert isinstance(cell, Applied)
        assert undone(cell.number) is not None
    assert noted() == before


def test_a_change_set_that_only_waits_sets_nothing() -> None:
    row = factories.company()
    viewer = Author("somebody", None, "viewer")
    before = noted()
    outcome = door.settle(
        lambda: door.store(
            door.proposing.propose(
                [Wish(Company, "update", {"name_en": "X"}, (row.id,))], intent(author=viewer)
            )
        )
    )
    assert isinstance(outcome, ChangeSet)
    assert noted() == before
